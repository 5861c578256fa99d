/// The distribution of one number over crystals, devices or cycles.
///
/// The spread (`sd`, `p05`, `p95`) is chance; the interval is ignorance: the 5 % and 95 % points of the median
/// over draws of the uncertain parameters.
public struct Statistic: Hashable, Sendable, Codable {
  public var unit: String
  /// Tests that came to the event.
  public var count: Int
  public var mean: Double
  public var sd: Double
  public var median: Double
  public var p05: Double
  public var p95: Double
  /// How many tests stopped before the event; those whose bound is known stand in the distribution with it.
  public var censored: Int?
  /// True where the median is a bound, being no smaller; nil else.
  public var isBound: Bool?
  /// 90 % interval of the median from parameter uncertainty.
  public var interval: [Double]?

  public init(
    unit: String, count: Int, mean: Double, sd: Double, median: Double, p05: Double, p95: Double, censored: Int? = nil,
    isBound: Bool? = nil, interval: [Double]? = nil
  ) {
    self.unit = unit
    self.count = count
    self.mean = mean
    self.sd = sd
    self.median = median
    self.p05 = p05
    self.p95 = p95
    self.censored = censored
    self.isBound = isBound
    self.interval = interval
  }
}
