import Foundation

/// The space group of a lattice, as far as faces and reflections see it: its Laue class and its extinctions.
///
/// A key `spaceGroup` names the group by its Hermann-Mauguin symbol, with `_` before the digit of a screw: `Pm-3m`,
/// `I4/mcm`, `P2_1/c`. Without it the lattice has the symmetry of its metric and centering, and no glides. Standard settings:
/// the unique axis of a monoclinic cell is b, trigonal groups stand on hexagonal axes. International Tables A, 2.1.3.13.
public struct LatticeSymmetry: Hashable, Sendable {
  /// Operations of the Laue class on Miller indices: (hkl) goes to the row vector (hkl) W. The identity comes first.
  let operations: [IntegerMatrix]
  /// The translations of the centering, the screws and the glides.
  private let elements: [SymmetryElement]

  /// - Throws: `LatticeError` where the symbol is not understood or contradicts the cell.
  public init(of lattice: Lattice) throws(LatticeError) {
    var found = lattice.centering.translations.map { SymmetryElement(matrix: .identity, shift: $0) }
    if let symbol = lattice.spaceGroup {
      let named = try SpaceGroupSymbol(symbol).elements(in: lattice)
      operations = Self.group(of: named.map(\.matrix) + [.inversion])
      for element in named where element.shift != .zero {
        found += operations.map { turn in
          SymmetryElement(matrix: turn * element.matrix * turn.inverse, shift: turn.image(of: element.shift))
        }
      }
    } else {
      operations = Self.holohedry(of: lattice)
    }
    elements = found
  }

  /// Whether the space group extinguishes the reflection hkl: an operation maps it on itself with another phase.
  public func isExtinct(_ h: Int, _ k: Int, _ l: Int) -> Bool {
    let indices = SIMD3(h, k, l)
    return elements.contains { element in
      element.matrix.row(times: indices) == indices && (indices &* element.shift).wrappedSum() % 24 != 0
    }
  }

  /// The faces that are equivalent to (hkl), in a fixed order; (hkl) comes first.
  public func family(_ indices: SIMD3<Int>) -> [SIMD3<Int>] {
    var members: [SIMD3<Int>] = []
    for operation in operations {
      let member = operation.row(times: indices)
      if !members.contains(member) { members.append(member) }
    }
    return members
  }

  /// The smallest group with these operations.
  private static func group(of generators: [IntegerMatrix]) -> [IntegerMatrix] {
    var found = [IntegerMatrix.identity]
    var next = 0
    while next < found.count {
      for generator in generators {
        let product = found[next] * generator
        if !found.contains(product) { found.append(product) }
      }
      // No crystallographic point group is larger; elements of a cell that has no such symmetry would not close.
      precondition(found.count <= 48, "these elements make no point group")
      next += 1
    }
    return found
  }

  /// All operations that keep the metric and the centering: entries of −1, 0 and 1 suffice for conventional cells.
  private static func holohedry(of lattice: Lattice) -> [IntegerMatrix] {
    let (a, b, c) = lattice.axes
    let axes = [a, b, c]
    let dot = { (u: SIMD3<Double>, v: SIMD3<Double>) -> Double in (u * v).sum() }
    let tolerance = 1e-6 * max(dot(a, a), dot(b, b), dot(c, c))
    let vectors = (0..<27).map { SIMD3($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }
    let length = vectors.map { $0.cartesian(axes) }.map { dot($0, $0) }
    let images = axes.map { axis in vectors.indices.filter { abs(length[$0] - dot(axis, axis)) < tolerance } }
    var found = [IntegerMatrix.identity]
    for i in images[0] {
      for j in images[1] {
        let (u, v) = (vectors[i].cartesian(axes), vectors[j].cartesian(axes))
        guard abs(dot(u, v) - dot(a, b)) < tolerance else { continue }
        for k in images[2] {
          let w = vectors[k].cartesian(axes)
          guard abs(dot(u, w) - dot(a, c)) < tolerance, abs(dot(v, w) - dot(b, c)) < tolerance else { continue }
          let matrix = IntegerMatrix(columns: vectors[i], vectors[j], vectors[k])
          let centering = lattice.centering.translations
          let keeps = centering.allSatisfy { shift in
            let image = matrix.image(of: shift)
            return centering.contains { (($0 &- image) % 24) == .zero }
          }
          if keeps, !found.contains(matrix) { found.append(matrix) }
        }
      }
    }
    return found
  }
}

/// What is wrong with a lattice as written.
public enum LatticeError: Error, Hashable, CustomStringConvertible {
  case unreadableSymbol(String)
  case otherCentering(symbol: String, centering: String)
  case otherCell(symbol: String)
  case noSuchCell

  public var description: String {
    switch self {
    case .unreadableSymbol(let symbol):
      "\(symbol) is not a Hermann-Mauguin symbol that is understood; write it as `Pm-3m`, `I4/mcm` or `P2_1/c`"
    case .otherCentering(let symbol, let centering):
      "\(symbol) does not have the centering \(centering) that the lattice gives"
    case .otherCell(let symbol): "the cell's axes and angles do not have the symmetry of \(symbol)"
    case .noSuchCell: "no cell has these angles"
    }
  }
}
