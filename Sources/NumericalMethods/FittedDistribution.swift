import Foundation

/// A distribution with the parameters that make a sample most likely, and how well it fits.
public struct FittedDistribution: Hashable, Sendable {
  /// A fitted parameter and its standard error from the observed information.
  public struct Parameter: Hashable, Sendable {
    public let name: String
    public let value: Double
    public let standardError: Double
  }

  /// The family.
  public let family: DistributionFamily
  /// Weibull: `scale`, `shape`. Log-normal: `logMean`, `logSD` (of ln x). Gumbel: `location`, `scale`.
  public let parameters: [Parameter]
  /// ln L, with the density in the unit of the sample: comparable between families.
  public let logLikelihood: Double
  /// A² between the sample and the fitted law; nil for censored samples, where it is not defined.
  public let andersonDarling: Double?
  /// How many tests were fitted.
  public let count: Int
  /// How many of them ended with the event.
  public let eventCount: Int

  /// Location and scale of the value, or of its logarithm where the family is positive.
  private let location: Double
  private let scale: Double

  /// Akaike's criterion 2 · 2 - 2 ln L: the lower, the better the family describes the sample.
  public var akaike: Double { 4 - 2 * logLikelihood }

  /// Fits a family by maximum likelihood; censored tests count with their survival.
  ///
  /// The extreme-value families by Newton's method on the profile likelihood of the shape, the log-normal in closed
  /// form or, with censoring, by Newton's method in Olsen's concave coordinates (*Econometrica* 46 (1978) 1211).
  ///
  /// - Throws: `SampleError.tooFew` below two events, `.noSpread`, `.notPositive`, `.noConvergence`.
  public init(_ family: DistributionFamily, of sample: CensoredSample) throws(SampleError) {
    guard sample.eventCount >= 2 else {
      throw .tooFew(what: "events", found: sample.eventCount, needed: 2)
    }
    let raw = sample.observations.map(\.value)
    if family.isPositive { try SampleError.requirePositive(raw) }
    // With every event at the largest value the likelihood grows without bound as the scale shrinks.
    let largest = raw[raw.count - 1]
    guard sample.observations.contains(where: { !$0.isCensored && $0.value < largest }) else {
      throw .noSpread(value: largest)
    }
    let y = family.isPositive ? raw.map { log($0) } : raw
    let marks = sample.observations.map(\.isCensored)
    let standard = try LocationScaleFit(family.law, y, isCensored: marks)
    location = standard.location
    scale = standard.scale
    self.family = family
    count = sample.count
    eventCount = sample.eventCount

    var logLikelihood = 0.0
    for (value, isCensored) in zip(y, marks) {
      let z = (value - location) / scale
      if isCensored {
        logLikelihood += family.law.logSurvival(z)
      } else {
        logLikelihood += family.law.logDensity(z) - log(scale) - (family.isPositive ? value : 0)
      }
    }
    self.logLikelihood = logLikelihood
    parameters =
      switch family {
      case .weibull:
        [
          Parameter(name: "scale", value: exp(location), standardError: exp(location) * standard.locationError),
          Parameter(name: "shape", value: 1 / scale, standardError: standard.scaleError / (scale * scale)),
        ]
      case .logNormal:
        [
          Parameter(name: "logMean", value: location, standardError: standard.locationError),
          Parameter(name: "logSD", value: scale, standardError: standard.scaleError),
        ]
      case .smallestExtremeValue:
        [
          Parameter(name: "location", value: location, standardError: standard.locationError),
          Parameter(name: "scale", value: scale, standardError: standard.scaleError),
        ]
      }
    andersonDarling =
      sample.censoredCount > 0 ? nil : Self.andersonDarling(y.map { ($0 - standard.location) / standard.scale }, family)
    for value in [logLikelihood, andersonDarling ?? 0] + parameters.flatMap({ [$0.value, $0.standardError] }) {
      guard value.isFinite else { throw .overflow(what: "the values in a \(family.displayName) fit") }
    }
  }

  /// Fits every family to a sample, in the order of the families.
  ///
  /// - Throws: as the single fit.
  public static func all(of sample: CensoredSample) throws(SampleError) -> [FittedDistribution] {
    var fits: [FittedDistribution] = []
    for family in DistributionFamily.allCases { fits.append(try FittedDistribution(family, of: sample)) }
    return fits
  }

  /// The parameter of that name, nil if the family has none.
  public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

  /// The Weibull shape without the bias that maximum likelihood has in small samples; nil for the other families,
  /// for censored samples and below three tests.
  ///
  /// Ross, *IEEE Trans. Dielectr. Electr. Insul.* 1 (1994) 247: shape (n - 2)/(n - 0.68).
  public var unbiasedShape: Double? {
    guard family == .weibull, eventCount == count, count > 2 else { return nil }
    return (Double(count) - 2) / (Double(count) - 0.68) / scale
  }

  /// The share of the law below `x`.
  public func cumulative(_ x: Double) -> Double {
    guard let z = standardized(x) else { return 0 }
    return exp(family.law.logCumulative(z))
  }

  /// The share of the law above `x`, exact in the far tail.
  public func survival(_ x: Double) -> Double {
    guard let z = standardized(x) else { return 1 }
    return exp(family.law.logSurvival(z))
  }

  /// The probability per unit of `x`.
  public func density(_ x: Double) -> Double {
    guard let z = standardized(x) else { return 0 }
    return exp(family.law.logDensity(z)) / (scale * (family.isPositive ? x : 1))
  }

  /// The value below which a share `p` of the law lies.
  ///
  /// - Throws: `SampleError.notAProbability` outside (0, 1).
  public func quantile(_ p: Double) throws(SampleError) -> Double {
    try SampleError.requireProbability(p)
    let y = location + scale * family.law.quantile(p)
    return family.isPositive ? exp(y) : y
  }

  private func standardized(_ x: Double) -> Double? {
    if family.isPositive && x <= 0 { return nil }
    return ((family.isPositive ? log(x) : x) - location) / scale
  }

  /// A² = -n - (1/n) Σ (2i - 1) (ln F(z_i) + ln S(z_{n+1-i})) over ascending z.
  private static func andersonDarling(_ z: [Double], _ family: DistributionFamily) -> Double {
    var sum = 0.0
    for i in z.indices {
      let weight = Double(2 * i + 1)
      sum += weight * (family.law.logCumulative(z[i]) + family.law.logSurvival(z[z.count - 1 - i]))
    }
    return -Double(z.count) - sum / Double(z.count)
  }
}
