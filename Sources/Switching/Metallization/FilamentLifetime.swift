import Foundation
import Quantities

/// How long a thin filament lasts before its surface pulls it apart.
///
///     B = D_s γ ν_s Ω²/kT,   τ = C r⁴/B,   dr/dt = −B/(4 C r³)
///
/// Surface diffusion after Mullins 1957, lifetime after W. Wang et al., *Nat. Commun.* 10 (2019) 81; physics (8.23),
/// (8.25). Linear in the curvature, which holds for r ≫ γΩ/kT, 5 nm for silver: below, D_s is a fitted number that
/// belongs to this law.
public struct FilamentLifetime: Hashable, Sendable {
  /// D_s, m²/s.
  public var surfaceDiffusivity: Double
  /// γ, J/m².
  public var surfaceEnergy: Double
  /// ν_s, atoms that may move per area, 1/m².
  public var surfaceDensity: Double
  /// Ω, m³.
  public var atomicVolume: Double
  /// C.
  public var prefactor: Double
  /// K.
  public var temperature: Double

  public init(
    surfaceDiffusivity: Double, surfaceEnergy: Double, surfaceDensity: Double, atomicVolume: Double,
    prefactor: Double = 4, temperature: Double
  ) {
    self.surfaceDiffusivity = surfaceDiffusivity
    self.surfaceEnergy = surfaceEnergy
    self.surfaceDensity = surfaceDensity
    self.atomicVolume = atomicVolume
    self.prefactor = prefactor
    self.temperature = temperature
  }

  /// B, m⁴/s.
  @inlinable
  public var mullins: Double {
    surfaceDiffusivity * surfaceEnergy * surfaceDensity * atomicVolume * atomicVolume
      / (Constants.boltzmann * temperature)
  }

  /// τ of a radius in m, s; infinite where nothing moves.
  @inlinable
  public func lifetime(radius: Double) -> Double {
    mullins > 0 ? prefactor * radius * radius * radius * radius / mullins : .infinity
  }

  /// −dr/dt, m/s; the radius above zero.
  @inlinable
  public func thinning(radius: Double) -> Double { mullins / (4 * prefactor * radius * radius * radius) }
}
