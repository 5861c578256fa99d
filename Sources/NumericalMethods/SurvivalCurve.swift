import Foundation

/// The share of tests that survive, from a sample with right-censoring.
///
/// Kaplan and Meier's estimate (*J. Am. Stat. Assoc.* 53 (1958) 457); its pointwise band takes Greenwood's variance on
/// the scale ln(-ln S), so that it stays between 0 and 1.
public struct SurvivalCurve: Hashable, Sendable {
  /// The name of the band, for reports.
  public static let bandRule = "pointwise, Greenwood on ln(-ln S)"

  /// The curve falls to `survival` at `value` and stays there up to the next step.
  public struct Step: Hashable, Sendable {
    public let value: Double
    /// Tests that had neither ended nor stopped before this value.
    public let atRisk: Int
    /// Events at this value.
    public let events: Int
    /// The share that survives beyond this value.
    public let survival: Double
    /// The band of that share; nil once nothing survives, where Greenwood's variance does not exist.
    public let band: ClosedRange<Double>?
  }

  /// The steps at the values of events, ascending; empty if every test was censored.
  public let steps: [Step]
  /// The largest value of the sample, event or not: nothing is known beyond it.
  public let lastValue: Double
  /// The nominal coverage of each step's band.
  public let confidence: Double

  /// - Throws: `SampleError.notAProbability` for the confidence.
  public init(_ sample: CensoredSample, confidence: Double = 0.9) throws(SampleError) {
    try SampleError.requireProbability(confidence)
    self.confidence = confidence
    let tests = sample.observations
    lastValue = tests[tests.count - 1].value
    let width = NormalDistribution.quantile(0.5 + confidence / 2)
    var steps: [Step] = []
    var survival = 1.0
    var variance = 0.0
    var index = 0
    while index < tests.count {
      let value = tests[index].value
      let atRisk = tests.count - index
      var events = 0
      while index < tests.count, tests[index].value == value {
        if !tests[index].isCensored { events += 1 }
        index += 1
      }
      guard events > 0 else { continue }
      let left = Double(atRisk - events)
      survival *= left / Double(atRisk)
      var band: ClosedRange<Double>?
      if left > 0 {
        variance += Double(events) / (Double(atRisk) * left)
        let reach = exp(width * variance.squareRoot() / -log(survival))
        band = pow(survival, reach)...pow(survival, 1 / reach)
      }
      steps.append(Step(value: value, atRisk: atRisk, events: events, survival: survival, band: band))
    }
    self.steps = steps
  }

  /// The share that survives beyond `x`; nil beyond the last value while tests still run there.
  public func survival(at x: Double) -> Double? {
    if x > lastValue, (steps.last?.survival ?? 1) > 0 { return nil }
    return steps.last { $0.value <= x }?.survival ?? 1
  }

  /// The smallest value beyond which a share of 1 - p or less survives; nil if the tests stopped before that.
  ///
  /// - Throws: `SampleError.notAProbability` outside (0, 1).
  public func quantile(_ p: Double) throws(SampleError) -> Double? {
    try SampleError.requireProbability(p)
    // A product of fractions that should give 1 - p exactly may be off by rounding.
    return steps.first { $0.survival <= 1 - p + 1e-12 }?.value
  }
}
