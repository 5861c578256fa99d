import Foundation
import Materials

/// What crossed polarizers let pass of a read beam that goes through a birefringent crystal.
///
///     P/P₀ = sin²(2ψ) sin²(π (Δn − Δn_dark) d/λ + φ₀),   Δn = Δn_o (1 − X) + (dΔn/dT) T
///
/// A retarder between crossed polarizers (Born & Wolf, *Principles of Optics*, ch. 15); physics (8.30). φ₀ is the phase in the
/// dark, which a compensator sets: the crystal's own of many turns is part of it. Whether light adds to the signal or takes
/// from it is the sign of sin 2φ₀ times that of the change of Δn.
public struct BirefringenceReadout: Hashable, Sendable {
  /// λ, m.
  public var wavelength: Double
  /// d, m.
  public var path: Double
  /// ψ, between the polarizer and the crystal's axis, rad.
  public var polarizerAngle: Double
  /// φ₀, rad.
  public var bias: Double
  /// Δn_o.
  public var birefringence: Double
  /// dΔn/dT, 1/K.
  public var thermalBirefringence: Double

  public init(
    wavelength: Double, path: Double, polarizerAngle: Double, bias: Double, birefringence: Double,
    thermalBirefringence: Double
  ) {
    self.wavelength = wavelength
    self.path = path
    self.polarizerAngle = polarizerAngle
    self.bias = bias
    self.birefringence = birefringence
    self.thermalBirefringence = thermalBirefringence
  }

  /// P/P₀ at a share X of the other phase and a mean temperature rise, K.
  public func transmission(share: Double, rise: Double) -> Double {
    let change = thermalBirefringence * rise - birefringence * share
    let axis = sin(2 * polarizerAngle)
    let wave = sin(Double.pi * change * path / wavelength + bias)
    return axis * axis * wave * wave
  }
}
