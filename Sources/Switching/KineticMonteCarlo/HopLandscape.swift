import Quantities

/// What makes the sites of a lattice differ for a hopping ion; an empty list stands for zero everywhere.
public struct HopLandscape: Sendable {
  /// U of each site, J.
  public var energies: [Double]
  /// φ at each site, V, beside that of the uniform field.
  public var potentials: [Double]
  /// What each site adds to the barrier of hops to or from it, J: a hop takes the mean of its two sites.
  public var barriers: [Double]

  public init(energies: [Double] = [], potentials: [Double] = [], barriers: [Double] = []) {
    self.energies = energies
    self.potentials = potentials
    self.barriers = barriers
  }

  /// Nothing differs: the rates depend on the direction alone.
  public static let level = HopLandscape()

  var isLevel: Bool {
    [energies, potentials, barriers].allSatisfy { list in list.allSatisfy { $0 == list[0] } }
      && barriers.first ?? 0 == 0
  }

  /// U + z q φ of each site, J.
  func siteEnergies(_ count: Int, charge: Double) -> [Double] {
    for list in [energies, potentials, barriers] {
      precondition(list.isEmpty || list.count == count, "a landscape has one value per site")
    }
    let q = charge * Constants.elementaryCharge
    return (0..<count).map { (energies.isEmpty ? 0 : energies[$0]) + (potentials.isEmpty ? 0 : q * potentials[$0]) }
  }
}
