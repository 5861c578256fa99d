import Foundation
import Quantities

/// Metal ions on their way through the crystal to a filament, on a mesh around its axis.
///
///     ∇·j = 0,   j = j_h sinh(a z e |E|/2kT) along E = −∇φ,   Butler & Volmer's law at every face of metal
///
/// φ, V, is the potential that drives ions. Physics (8.8), (8.10): as `IonPath`, but with the field's lines as they run to a tip,
/// not straight. Finite volumes; faces carry the law of hops along one axis each, which is exact where the field follows it or
/// is small. The bare electrode under the filament takes no ions, and far from the axis none cross. Newton's method.
public struct IonFlow: Sendable {
  /// Faces of the cells, m: from the axis out, and from the filament's electrode up.
  public let radialFaces: [Double]
  public let heightFaces: [Double]
  public let path: IonPath
  /// The metal's potential in each cell, V; nil where there is crystal. Radius fastest.
  public private(set) var metal: [Double?]
  /// φ of the crystal's cells, V.
  public private(set) var potential: [Double]
  /// That of the electrode that dissolves, V.
  public private(set) var electrode = 0.0

  public var radialCount: Int { radialFaces.count - 1 }
  public var heightCount: Int { heightFaces.count - 1 }

  /// A face between the cells a and b, b further out or up; ways from their middles to it, m.
  private struct Face {
    let a: Int
    let b: Int
    /// m².
    let area: Double
    let first: Double
    let second: Double
  }

  /// A face between cells of crystal: I = `current` sinh((φ_a − φ_b)/`scale`).
  private struct Hop {
    let a: Int
    let b: Int
    let current: Double
    let scale: Double
  }

  /// A face of a cell of crystal to metal or to the electrode that dissolves.
  private struct Contact {
    let cell: Int
    let path: IonPath
    var potential: Double
    let isFilament: Bool
  }

  private var faces: [Face] = []
  /// To the electrode that dissolves; their b is none.
  private var electrodeFaces: [Face] = []
  private var hops: [Hop] = []
  private var contacts: [Contact] = []
  private var matrix: BandedCholesky
  private var residual: [Double]
  private var diagonal: [Double]

  /// - Parameter path: whose densities and hop distance hold; areas and gap are those of each face.
  public init(radialFaces: [Double], heightFaces: [Double], path: IonPath) {
    self.radialFaces = radialFaces
    self.heightFaces = heightFaces
    self.path = path
    let (rings, rows) = (radialFaces.count - 1, heightFaces.count - 1)
    let count = rings * rows
    metal = [Double?](repeating: nil, count: count)
    potential = [Double](repeating: 0, count: count)
    matrix = BandedCholesky(count: count, width: rings)
    residual = potential
    diagonal = potential
    for k in 0..<rows {
      let thickness = heightFaces[k + 1] - heightFaces[k]
      for i in 0..<rings {
        let (index, radius, next) = (k * rings + i, radialFaces[i], radialFaces[i + 1])
        if i + 1 < rings {
          // Ways of a current from a line.
          faces.append(
            Face(
              a: index, b: index + 1, area: 2 * Double.pi * next * thickness,
              first: next * log(2 * next / (radius + next)),
              second: next * log((next + radialFaces[i + 2]) / (2 * next))))
        }
        let area = Double.pi * (next * next - radius * radius)
        if k + 1 < rows {
          faces.append(
            Face(
              a: index, b: index + rings, area: area, first: 0.5 * thickness,
              second: 0.5 * (heightFaces[k + 2] - heightFaces[k + 1])))
        } else {
          electrodeFaces.append(Face(a: index, b: index, area: area, first: 0.5 * thickness, second: 0))
        }
      }
    }
  }

  func cell(_ radial: Int, _ height: Int) -> Int { height * radialCount + radial }

  /// Solves for φ.
  /// - Parameters:
  ///   - metal: as the property.
  ///   - electrode: potential of the electrode that dissolves, V.
  ///   - guess: φ of each cell.
  /// - Throws: `SwitchingError.notConverged`.
  public mutating func solve(metal: [Double?], electrode: Double, guess: [Double]) throws {
    self.metal = metal
    self.electrode = electrode
    potential = guess
    for (index, value) in metal.enumerated() { if let value { potential[index] = value } }
    meet(metal, electrode: electrode)
    if newton() { return }
    // From small voltages, at which all laws are straight lines, up to the whole one.
    var share = 1.0
    let largest = metal.reduce(abs(electrode)) { max($0, abs($1 ?? 0)) }
    while share * largest > path.transfer.voltageScale { share *= 0.7 }
    potential = potential.map { _ in 0 }
    let whole = contacts.map(\.potential)
    var last = share
    while true {
      for index in potential.indices {
        potential[index] = metal[index].map { $0 * share } ?? potential[index] * share / last
      }
      for index in contacts.indices { contacts[index].potential = whole[index] * share }
      guard newton() else {
        throw SwitchingError.notConverged(what: "the flow of ions to the filament", at: electrode)
      }
      if share == 1 { break }
      last = share
      share = min(1, share / 0.7)
    }
  }

  /// Sorts the faces by what they divide.
  private mutating func meet(_ metal: [Double?], electrode: Double) {
    hops.removeAll(keepingCapacity: true)
    contacts.removeAll(keepingCapacity: true)
    func contact(_ cell: Int, _ potential: Double, _ face: Face, way: Double, isFilament: Bool) {
      var path = path
      path.tipArea = face.area
      path.activeArea = .infinity
      path.gap = way
      contacts.append(Contact(cell: cell, path: path, potential: potential, isFilament: isFilament))
    }
    for face in faces {
      switch (metal[face.a], metal[face.b]) {
      case (nil, nil):
        hops.append(
          Hop(
            a: face.a, b: face.b, current: face.area * path.hopDensity,
            scale: 2 * (face.first + face.second) / path.hopDistance * path.transfer.voltageScale))
      case (nil, let value?): contact(face.a, value, face, way: face.first, isFilament: true)
      case (let value?, nil): contact(face.b, value, face, way: face.second, isFilament: true)
      case (_?, _?): break
      }
    }
    for face in electrodeFaces where metal[face.a] == nil {
      contact(face.a, electrode, face, way: face.first, isFilament: false)
    }
  }

  /// Currents grow with voltages, so φ is the minimum of a convex function, whose slope along a step tells how far to go.
  private mutating func newton() -> Bool {
    let unit = path.transfer.voltageScale
    assemble()
    for _ in 0..<80 {
      var change = residual
      guard matrix.solve(&change) else { return false }
      let largest = change.reduce(0) { max($0, abs($1)) }
      guard largest.isFinite else { return false }
      let slope = zip(residual, change).reduce(0) { $0 + $1.0 * $1.1 }
      let former = potential
      var share = min(1, 40 * unit / max(largest, 1e-300))
      for _ in 0..<30 {
        for index in potential.indices { potential[index] = former[index] + share * change[index] }
        // Newton's steps square: the next would be below 1e-8 of the unit.
        if largest < 1e-4 * unit { return true }
        assemble()
        let next = zip(residual, change).reduce(0) { $0 + $1.0 * $1.1 }
        if abs(next) <= 0.9 * slope { break }
        share *= 0.5
      }
    }
    return false
  }

  /// The matrix and the residual at the present potential.
  private mutating func assemble() {
    matrix.clear()
    for index in residual.indices { (residual[index], diagonal[index]) = (0, 0) }
    for hop in hops {
      let x = min(max((potential[hop.a] - potential[hop.b]) / hop.scale, -200), 200)
      let sine = sinh(x)
      let current = hop.current * sine
      let slope = hop.current / hop.scale * (1 + sine * sine).squareRoot()
      residual[hop.a] -= current
      residual[hop.b] += current
      diagonal[hop.a] += slope
      diagonal[hop.b] += slope
      matrix.add(-slope, row: hop.b, column: hop.a)
    }
    for index in contacts.indices {
      let cell = contacts[index].cell
      let (current, slope) = contacts[index].path.response(driving: potential[cell] - contacts[index].potential)
      residual[cell] -= current
      diagonal[cell] += slope
    }
    for (index, value) in diagonal.enumerated() {
      // Of metal, and of crystal that metal encloses, nothing is asked.
      matrix.add(value == 0 ? 1 : value, row: index, column: index)
    }
  }

  /// Ions that the electrode gives, A; what the metal takes in equilibrium of the flow.
  public func supply() -> Double { -current { !$0.isFilament } }

  /// Ions that metal inside the mesh takes, A.
  public func uptake() -> Double { current { $0.isFilament } }

  private func current(where isMeant: (Contact) -> Bool) -> Double {
    contacts.reduce(0) {
      $0 + (isMeant($1) ? $1.path.current(driving: potential[$1.cell] - $1.potential) : 0)
    }
  }
}
