/// How far counts in bins lie from the expected ones, and how likely chance alone takes them that far.
public struct ChiSquaredTest: Hashable, Sendable {
  /// Σ (observed - expected)²/expected over the bins kept.
  public let statistic: Double
  /// Bins kept, less one, less the parameters fitted.
  public let degreesOfFreedom: Int
  /// The probability of a statistic at least as large if the expectation holds.
  public let pValue: Double

  /// Compares counts with their expectation; neighboring bins are pooled from the first one on until each expects at
  /// least 5, and what is left over at the end joins the last pool.
  ///
  /// - Parameters:
  ///   - expected: counts, one per bin, adding up to those observed.
  ///   - fittedParameters: how many parameters of the law were fitted to these counts.
  /// - Throws: `SampleError.unequalCounts`, `.notFinite`, `.tooFew` if less than one degree of freedom is left.
  public init(observed: [Int], expected: [Double], fittedParameters: Int = 0) throws(SampleError) {
    guard observed.count == expected.count else {
      throw .unequalCounts(what: "observed and expected counts", first: observed.count, second: expected.count)
    }
    try SampleError.requireFinite(expected)
    var pools: [(observed: Double, expected: Double)] = []
    var open = (observed: 0.0, expected: 0.0)
    for (count, expectation) in zip(observed, expected) {
      open.observed += Double(count)
      open.expected += expectation
      if open.expected >= 5 {
        pools.append(open)
        open = (0, 0)
      }
    }
    guard pools.count - 1 - fittedParameters >= 1 else {
      throw .tooFew(what: "bins that expect 5 counts", found: pools.count, needed: fittedParameters + 2)
    }
    pools[pools.count - 1].observed += open.observed
    pools[pools.count - 1].expected += open.expected
    var sum = 0.0
    for pool in pools { sum += (pool.observed - pool.expected) * (pool.observed - pool.expected) / pool.expected }
    statistic = sum
    degreesOfFreedom = pools.count - 1 - fittedParameters
    pValue = Self.survival(sum, degreesOfFreedom: degreesOfFreedom)
  }

  /// The share of the chi-squared law above `x`.
  public static func survival(_ x: Double, degreesOfFreedom: Int) -> Double {
    SpecialFunctions.upperGammaShare(0.5 * Double(degreesOfFreedom), 0.5 * max(0, x))
  }
}
