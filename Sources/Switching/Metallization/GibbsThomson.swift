import Quantities

/// What a curved surface costs an atom, as a voltage that dissolves it.
///
///     V_GT = 2 γ Ω/(z e r) for a tip,   γ Ω/(z e r) for the wall of a cylinder
///
/// Physics (8.11): 0.27 V for a silver tip of 1 nm. Isotropic surface energy; a continuum law, formal below 1 nm.
public struct GibbsThomson: Hashable, Sendable {
  /// γ, J/m².
  public var surfaceEnergy: Double
  /// Ω, m³.
  public var atomicVolume: Double
  /// z.
  public var charge: Double

  public init(surfaceEnergy: Double, atomicVolume: Double, charge: Double) {
    self.surfaceEnergy = surfaceEnergy
    self.atomicVolume = atomicVolume
    self.charge = charge
  }

  /// γΩ/(z e), V m: the voltage of a wall times its radius.
  @inlinable
  public var wallProduct: Double { surfaceEnergy * atomicVolume / (charge * Constants.elementaryCharge) }

  /// V of a spherical tip of a radius in m.
  @inlinable
  public func tip(radius: Double) -> Double { 2 * wallProduct / radius }

  /// V of a cylinder's wall of a radius in m.
  @inlinable
  public func wall(radius: Double) -> Double { wallProduct / radius }
}
