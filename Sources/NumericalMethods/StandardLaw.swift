import Foundation

/// A law with location 0 and scale 1, of which all fitted families are shifts, stretches and exponentials.
enum StandardLaw: Hashable, Sendable {
  /// Survival exp(-eᶻ): the smallest of many.
  case smallestExtreme
  /// The normal law.
  case normal

  func logDensity(_ z: Double) -> Double {
    switch self {
    case .smallestExtreme: z - exp(z)
    case .normal: -0.5 * z * z - 0.5 * log(2 * Double.pi)
    }
  }

  /// ln S(z), exact in the far upper tail.
  func logSurvival(_ z: Double) -> Double {
    switch self {
    case .smallestExtreme: -exp(z)
    case .normal: Self.logNormalTail(z)
    }
  }

  /// ln F(z), exact in the far lower tail.
  func logCumulative(_ z: Double) -> Double {
    switch self {
    case .smallestExtreme:
      // ln(1 - e^-u) with u = eᶻ, by whichever form keeps its digits.
      exp(z) < 0.5 ? log(-expm1(-exp(z))) : log1p(-exp(-exp(z)))
    case .normal: Self.logNormalTail(-z)
    }
  }

  func quantile(_ p: Double) -> Double {
    switch self {
    case .smallestExtreme: log(-log1p(-p))
    case .normal: NormalDistribution.quantile(p)
    }
  }

  /// d ln L/dz and -d² ln L/dz² of one observation.
  @inline(__always)
  func slopeAndCurvature(_ z: Double, isCensored: Bool) -> (slope: Double, curvature: Double) {
    switch self {
    case .smallestExtreme:
      let hazard = exp(z)
      return (isCensored ? -hazard : 1 - hazard, hazard)
    case .normal:
      guard isCensored else { return (-z, 1) }
      let hazard = Self.normalHazard(z)
      return (-hazard, hazard * (hazard - z))
    }
  }

  /// The inverse Mills ratio φ(z)/(1 - Φ(z)).
  static func normalHazard(_ z: Double) -> Double {
    if z < 0 { return NormalDistribution.density(z) / NormalDistribution.cumulative(-z) }
    return (2 / Double.pi).squareRoot() / SpecialFunctions.scaledComplementaryError(z * 0.5.squareRoot())
  }

  private static func logNormalTail(_ z: Double) -> Double {
    if z < -1 { return log1p(-0.5 * erfc(-z * 0.5.squareRoot())) }
    if z < 1 { return log(0.5 * erfc(z * 0.5.squareRoot())) }
    return log(0.5 * SpecialFunctions.scaledComplementaryError(z * 0.5.squareRoot())) - 0.5 * z * z
  }
}
