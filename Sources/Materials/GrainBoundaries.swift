import Quantities

/// Boundaries between grains of a compound.
public struct GrainBoundaries: Hashable, Sendable, Codable {
  /// Deep traps per area of boundary.
  public var trapDensity: ArealDensity
  /// Energy per area of boundary.
  public var energy: SurfaceEnergy
  /// Energy per area of the film's upper face.
  public var surfaceEnergy: SurfaceEnergy
  /// k₀ of d² − d₀² = k₀ exp(−Q/kT) t.
  public var growthPrefactor: Diffusivity
  /// Q of the same law.
  public var growthEnergy: Energy
}
