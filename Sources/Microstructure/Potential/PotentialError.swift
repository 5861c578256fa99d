import Fields
import Foundation

/// Why a potential could not be found.
public enum PotentialError: Error, Hashable, CustomStringConvertible {
  /// A conductivity is negative or not a number; the cell is (x, y, z).
  case badConductivity(Double, cell: SIMD3<Int>)
  /// A sink is negative or not a finite number; the cell is (x, y, z).
  case badSink(Double, cell: SIMD3<Int>)
  /// A value of a source, a charge or a guess is not a finite number; the cell is (x, y, z).
  case badValue(of: String, Double, cell: SIMD3<Int>)
  /// An electrode's potential is not a finite number.
  case badPotential(Double, electrode: Int)
  /// A field or a list has another size than the grid or the boundary.
  case shapeMismatch(of: String, found: Int, expected: Int)
  /// A cell of a face names an electrode below 0.
  case badElectrode(Int)
  /// No cell conducts.
  case noConductor
  /// No electrode takes up what the sources give: the problem is singular.
  case unbalancedSource(net: Double)
  /// The iteration's limit was reached first.
  case notConverged(iterations: Int, currentMismatch: Double, residual: Double)
  /// A charge lies outside the grid.
  case outsideGrid(position: SIMD3<Double>)

  public var description: String {
    switch self {
    case .badConductivity(let value, let cell):
      "the conductivity is \(value) in cell \(Self.text(cell)); it must be a finite number, 0 or more"
    case .badSink(let value, let cell):
      "the sink is \(value) in cell \(Self.text(cell)); it must be a finite number, 0 or more"
    case .badValue(let what, let value, let cell):
      "\(what) is \(value) in cell \(Self.text(cell)); it must be a finite number"
    case .badPotential(let value, let electrode):
      "the potential of electrode \(electrode) is \(value); it must be a finite number"
    case .shapeMismatch(let what, let found, let expected):
      "\(what) has \(found) values and the problem \(expected); make them equal"
    case .badElectrode(let number): "a cell of a face names electrode \(number); electrodes count from 0"
    case .noConductor: "the conductivity is 0 in every cell; at least one must conduct"
    case .unbalancedSource(let net):
      "no electrode takes up the net source of \(net); add an electrode or make the sources add up to 0"
    case .notConverged(let iterations, let mismatch, let residual):
      "after \(iterations) iterations the currents in and out still differ by a share of \(Self.text(mismatch)) and the "
        + "residual is \(Self.text(residual)); allow more iterations or a larger tolerance"
    case .outsideGrid(let position):
      "a charge at (\(position.x), \(position.y), \(position.z)) m lies outside the grid; move it in"
    }
  }

  static func text(_ share: Double) -> String { String(format: "%.2g", share) }

  private static func text(_ cell: SIMD3<Int>) -> String { "(\(cell.x), \(cell.y), \(cell.z))" }
}
