import Foundation
import Materials

/// The share X of a phase that light makes, each share easing the next.
///
///     dX/dt = [k₀ + k₁ X] (X_m − X) − k₋ X
///
/// Nucleation, growth on what is there, and the way back; physics (8.30). k₀ and k₁ go with the intensity, so that X only
/// falls in the dark. Closure: none of the rates depends on temperature or depth; X is the mean along the read beam.
public struct PhotoPhaseKinetics: Hashable, Sendable {
  /// k₀ and k₁ per intensity, m²/J.
  public var nucleation: Double
  public var growth: Double
  /// k₋, 1/s.
  public var reversion: Double
  /// X_m.
  public var saturation: Double

  public init(nucleation: Double, growth: Double, reversion: Double, saturation: Double) {
    self.nucleation = nucleation
    self.growth = growth
    self.reversion = reversion
    self.saturation = saturation
  }

  public init(_ phase: PhotoPhase) {
    self.init(
      nucleation: phase.nucleation.si, growth: phase.growth.si, reversion: phase.reversion.si,
      saturation: phase.saturation.si)
  }

  /// X after a time under a steady intensity, W/m², exactly.
  ///
  ///     X(t) = X₀ + 2 f u/(s − (b − 2cX₀) u),   f = a + bX₀ − cX₀²,   s² = b² + 4ac,   u = tanh(st/2)
  ///     a = k₀ X_m,   b = k₁ X_m − k₀ − k₋,   c = k₁
  ///
  /// Riccati's equation with constant coefficients; one form for any k₁, 0 included. X₀ in [0, X_m] stays there.
  public func share(after time: Double, from start: Double, intensity: Double) -> Double {
    let k0 = nucleation * intensity
    let k1 = growth * intensity
    let a = k0 * saturation
    let b = k1 * saturation - k0 - reversion
    let root = (b * b + 4 * a * k1).squareRoot()
    // tanh(st/2)/s, smooth through s = 0.
    let ratio = root * time < 1e-8 ? 0.5 * time : tanh(0.5 * root * time) / root
    let slope = a + b * start - k1 * start * start
    let share = start + 2 * slope * ratio / (1 - (b - 2 * k1 * start) * ratio)
    return min(saturation, max(0, share))
  }
}
