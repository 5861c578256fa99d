/// Unknowns of a device in numbers without units, node after node.
struct SpaceChargeUnknowns: Hashable, Sendable {
  var potential: [Double]
  /// Species after species.
  var densities: [Double]
  /// Level after level.
  var occupancies: [Double]
}

extension SpaceChargeUnknowns {
  func scaled(by factor: Double) -> Self {
    Self(
      potential: potential.map { $0 * factor }, densities: densities.map { $0 * factor },
      occupancies: occupancies.map { $0 * factor })
  }

  /// self × a + other × b.
  func combined(_ a: Double, _ other: Self, _ b: Double) -> Self {
    func sum(_ x: [Double], _ y: [Double]) -> [Double] {
      var result = x
      for i in x.indices { result[i] = a * x[i] + b * y[i] }
      return result
    }
    return Self(
      potential: sum(potential, other.potential), densities: sum(densities, other.densities),
      occupancies: sum(occupancies, other.occupancies))
  }

  /// Sets one species to 0.
  mutating func still(species: Int, count: Int) {
    for i in 0..<count { densities[species * count + i] = 0 }
  }
}
