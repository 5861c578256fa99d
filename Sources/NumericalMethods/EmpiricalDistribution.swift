/// The distribution function of a complete sample as points to plot, each with its confidence band.
///
/// The share below the i-th of n ordered values follows the beta law (i, n - i + 1) whatever the sample's own law:
/// Benard's rank approximates its median, and its quantiles bound it exactly (pointwise, not for all points at once).
public struct EmpiricalDistribution: Hashable, Sendable {
  /// The name of the plotting-position rule, for reports.
  public static let plottingRule = "median ranks, (i - 0.3)/(n + 0.4) (Benard)"
  /// The name of the band, for reports.
  public static let bandRule = "pointwise, exact beta ranks"

  /// One value of the sample.
  public struct Point: Hashable, Sendable {
    /// The i-th smallest value.
    public let value: Double
    /// The share of the law below it, by the plotting rule.
    public let probability: Double
    /// The lower bound of that share.
    public let lower: Double
    /// The upper bound of that share.
    public let upper: Double
  }

  /// The points, values ascending; equal values keep a point each.
  public let points: [Point]
  /// The probability with which a point's band holds the true share.
  public let confidence: Double

  /// - Throws: `SampleError.tooFew` for an empty sample, `.notFinite`, `.notAProbability` for the confidence.
  public init(_ values: [Double], confidence: Double = 0.9) throws(SampleError) {
    guard !values.isEmpty else { throw .tooFew(what: "values", found: 0, needed: 1) }
    try SampleError.requireFinite(values)
    try SampleError.requireProbability(confidence)
    self.confidence = confidence
    let tail = (1 - confidence) / 2
    let n = Double(values.count)
    var points: [Point] = []
    points.reserveCapacity(values.count)
    for (index, value) in values.sorted().enumerated() {
      let i = Double(index + 1)
      points.append(
        Point(
          value: value, probability: (i - 0.3) / (n + 0.4),
          lower: SpecialFunctions.betaQuantile(tail, i, n - i + 1),
          upper: SpecialFunctions.betaQuantile(1 - tail, i, n - i + 1)))
    }
    self.points = points
  }

  /// The share of the sample at or below `x`.
  public func cumulative(_ x: Double) -> Double {
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle].value <= x { low = middle + 1 } else { high = middle }
    }
    return Double(low) / Double(points.count)
  }
}
