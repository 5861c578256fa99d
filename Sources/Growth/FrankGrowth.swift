import Foundation
import NumericalMethods

/// Diffusion-limited growth of an isolated disc or sphere from a supersaturated surrounding.
///
///     disc:   Ω = λ² e^{λ²} E₁(λ²),                       radius = 2 λ √(D t)
///     sphere: Ω = 2 λ² [1 − √π λ e^{λ²} erfc λ]
///     Ω = (c_∞ − c_i) / (ρ_c − c_i),   dr/dt = 2 λ² D / r
///
/// F. C. Frank, *Proc. R. Soc. A* 201 (1950) 586; physics (2.4). Exact while no other crystal or wall is felt.
public enum FrankGrowth {
  /// Ω that a disc needs for λ² = `square`.
  public static func discSupersaturation(square: Double) -> Double {
    square <= 0 ? 0 : square * SpecialFunctions.scaledExponentialIntegral(square)
  }

  /// Ω that a sphere needs for λ² = `square`.
  public static func sphereSupersaturation(square: Double) -> Double {
    guard square > 0 else { return 0 }
    let lambda = square.squareRoot()
    return 2 * square * (1 - Double.pi.squareRoot() * lambda * SpecialFunctions.scaledComplementaryError(lambda))
  }

  /// λ of a disc at Ω between 0 and 1.
  public static func discCoefficient(supersaturation: Double) throws -> Double {
    try Roots.brent(1e-12, 1e3, tolerance: 1e-15) { discSupersaturation(square: $0 * $0) - supersaturation }
  }

  /// λ of a sphere at Ω between 0 and 1.
  public static func sphereCoefficient(supersaturation: Double) throws -> Double {
    try Roots.brent(1e-12, 1e3, tolerance: 1e-15) { sphereSupersaturation(square: $0 * $0) - supersaturation }
  }
}
