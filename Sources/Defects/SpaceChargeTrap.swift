import Quantities

/// A trap level and where it sits.
public struct SpaceChargeTrap: Hashable, Sendable {
  /// Places that hold traps.
  public enum Place: Hashable, Sendable {
    /// The whole layer, evenly.
    case bulk(NumberDensity)
    /// A sheet at a distance from the bottom contact.
    case sheet(ArealDensity, at: Length)
  }

  public var place: Place
  /// Above the valence band edge.
  public var energy: Energy
  public var electronCrossSection: Area
  public var holeCrossSection: Area
  /// Charge without the electron, in elementary charges: 0 for an electron trap, +1 for a hole trap.
  public var emptyCharge: Double

  public init(
    _ place: Place, energy: Energy, electronCrossSection: Area, holeCrossSection: Area, emptyCharge: Double = 0
  ) {
    self.place = place
    self.energy = energy
    self.electronCrossSection = electronCrossSection
    self.holeCrossSection = holeCrossSection
    self.emptyCharge = emptyCharge
  }
}
