/// A family of distributions with two parameters, fitted by maximum likelihood.
public enum DistributionFamily: String, CaseIterable, Hashable, Sendable, Codable {
  /// F(x) = 1 - exp(-(x/scale)^shape), x > 0.
  case weibull
  /// ln x is normal, x > 0.
  case logNormal
  /// The Gumbel law for minima, F(x) = 1 - exp(-exp((x - location)/scale)): the law of a weakest link whose rate
  /// grows exponentially with x, as of switching voltages under a ramp. Not the Gumbel law for maxima.
  case smallestExtremeValue

  /// Whether only positive values can be fitted: then the logarithm follows the standard law.
  public var isPositive: Bool { self != .smallestExtremeValue }

  /// The name for reports.
  public var displayName: String {
    switch self {
    case .weibull: "Weibull"
    case .logNormal: "log-normal"
    case .smallestExtremeValue: "Gumbel (minima)"
    }
  }

  var law: StandardLaw { self == .logNormal ? .normal : .smallestExtreme }
}
