import Foundation

/// A Hermann-Mauguin symbol, read into the axes and planes that it names.
struct SpaceGroupSymbol {
  /// One place of the symbol: an axis, a plane across it, or both.
  struct Place {
    /// n of an n-fold axis; 1 for none.
    var order = 1
    var isRotoinversion = false
    /// p of a screw n_p.
    var screw = 0
    /// m, or the letter of a glide plane.
    var plane: Character?
  }

  let symbol: String
  let places: [Place]

  init(_ symbol: String) throws(LatticeError) {
    self.symbol = symbol
    var rest = Substring(symbol.filter { $0 != " " })
    guard rest.count > 1 else { throw .unreadableSymbol(symbol) }
    rest.removeFirst()
    var places: [Place] = []
    let planes: Set<Character> = ["m", "a", "b", "c", "n", "d", "e"]
    while let next = rest.popFirst() {
      var place = Place()
      var digit = next
      if next == "-" {
        place.isRotoinversion = true
        guard let order = rest.popFirst() else { throw .unreadableSymbol(symbol) }
        digit = order
      }
      if let order = digit.wholeNumberValue {
        guard [1, 2, 3, 4, 6].contains(order) else { throw .unreadableSymbol(symbol) }
        place.order = order
        if rest.first == "_" {
          rest.removeFirst()
          guard let screw = rest.popFirst()?.wholeNumberValue, (1..<order).contains(screw) else {
            throw .unreadableSymbol(symbol)
          }
          place.screw = screw
        }
        if rest.first == "/" {
          rest.removeFirst()
          guard let plane = rest.popFirst(), planes.contains(plane) else { throw .unreadableSymbol(symbol) }
          place.plane = plane
        }
      } else {
        guard !place.isRotoinversion, planes.contains(next) else { throw .unreadableSymbol(symbol) }
        place.plane = next
      }
      places.append(place)
    }
    guard (1...3).contains(places.count) else { throw .unreadableSymbol(symbol) }
    self.places = places
  }

  /// The lattice direction along the axis, or across the plane, of each place.
  private var directions: [SIMD3<Int>]? {
    let (a, b, c) = (SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
    if places.count > 1, places[1].order == 3 { return [c, SIMD3(1, 1, 1), SIMD3(1, -1, 0)] }
    if [3, 4, 6].contains(places[0].order) { return [c, a, SIMD3(1, -1, 0)] }
    if places.count == 3 { return [a, b, c] }
    return places.count == 1 ? [b] : nil
  }

  /// The operations of the symbol and what they shift by, in 24ths of the axes.
  func elements(in lattice: Lattice) throws(LatticeError) -> [SymmetryElement] {
    guard symbol.first.map(String.init) == lattice.centering.rawValue else {
      throw .otherCentering(symbol: symbol, centering: lattice.centering.rawValue)
    }
    guard let directions else { throw .unreadableSymbol(symbol) }
    var found: [SymmetryElement] = []
    for (place, direction) in zip(places, directions) {
      if place.order > 1 {
        // Laue classes have the inversion, so a rotoinversion counts as the rotation.
        let turn = try rotation(2 * Double.pi / Double(place.order), about: direction, in: lattice)
        found.append(SymmetryElement(matrix: turn, shift: direction &* (24 * place.screw / place.order)))
      }
      if let plane = place.plane {
        let mirror = try rotation(Double.pi, about: direction, in: lattice) * .inversion
        found += Self.shifts(of: plane, across: direction).map { SymmetryElement(matrix: mirror, shift: $0) }
      }
    }
    return found
  }

  /// Where a glide plane across a direction shifts to.
  private static func shifts(of plane: Character, across direction: SIMD3<Int>) -> [SIMD3<Int>] {
    // The axes in the plane; a diagonal one holds a + b and c.
    let isAxis = direction.wrappedSum() == 1
    let inPlane = isAxis ? SIMD3(1, 1, 1) &- direction : SIMD3(1, 1, 1)
    switch plane {
    case "a": return [SIMD3(12, 0, 0)]
    case "b": return [SIMD3(0, 12, 0)]
    case "c": return [SIMD3(0, 0, 12)]
    case "n": return [inPlane &* 12]
    case "d": return [inPlane &* 6]
    case "e": return [SIMD3(12, 0, 0), SIMD3(0, 12, 0), SIMD3(0, 0, 12)].filter { ($0 &* inPlane) == $0 }
    default: return [.zero]
    }
  }

  /// The rotation about a lattice direction, on the lattice's own axes; the cell must allow it.
  private func rotation(
    _ angle: Double, about direction: SIMD3<Int>, in lattice: Lattice
  ) throws(LatticeError) -> IntegerMatrix {
    let (a, b, c) = lattice.axes
    let along = direction.cartesian([a, b, c])
    let axis = along / (along * along).sum().squareRoot()
    let reciprocals = [lattice.reciprocal(1, 0, 0), lattice.reciprocal(0, 1, 0), lattice.reciprocal(0, 0, 1)]
    var columns: [SIMD3<Int>] = []
    for v in [a, b, c] {
      // Rodrigues' formula.
      let normal = SIMD3(axis.y * v.z - axis.z * v.y, axis.z * v.x - axis.x * v.z, axis.x * v.y - axis.y * v.x)
      let image = cos(angle) * v + sin(angle) * normal + (1 - cos(angle)) * (axis * v).sum() * axis
      let indices = SIMD3(
        (reciprocals[0] * image).sum(), (reciprocals[1] * image).sum(), (reciprocals[2] * image).sum())
      let nearest = indices.rounded(.toNearestOrEven)
      let error = indices - nearest
      guard (error * error).sum() < 1e-10 else { throw .otherCell(symbol: symbol) }
      columns.append(SIMD3(Int(nearest.x), Int(nearest.y), Int(nearest.z)))
    }
    return IntegerMatrix(columns: columns[0], columns[1], columns[2])
  }
}
