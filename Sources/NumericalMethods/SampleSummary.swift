import Foundation

/// Count, mean, spread and quantiles of a complete sample.
///
/// Sums run in the order of the given values, so that equal samples give equal bytes.
public struct SampleSummary: Hashable, Sendable {
  /// The name of the quantile rule, for reports.
  public static let quantileRule = "Hyndman-Fan type 7"

  /// The values in ascending order.
  public let sorted: [Double]
  /// The arithmetic mean.
  public let mean: Double
  /// The standard deviation with n - 1 in the denominator; nil for a single value.
  public let sd: Double?

  /// Summarizes a sample.
  ///
  /// - Throws: `SampleError.tooFew` for an empty sample, `.notFinite` for NaN and infinities, `.overflow`.
  public init(_ values: [Double]) throws(SampleError) {
    guard !values.isEmpty else { throw .tooFew(what: "values", found: 0, needed: 1) }
    try SampleError.requireFinite(values)
    sorted = values.sorted()
    let count = Double(values.count)
    // A running mean cannot overflow; the second pass removes its rounding.
    var center = 0.0
    for (index, value) in values.enumerated() { center += (value - center) / Double(index + 1) }
    var rest = 0.0
    for value in values { rest += value - center }
    mean = center + rest / count
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    sd = values.count > 1 ? (squares / (count - 1)).squareRoot() : nil
    guard mean.isFinite, squares.isFinite else { throw .overflow(what: "the values") }
  }

  /// Summarizes the decadic logarithms of a sample of positive values: its `sd` is the spread in decades.
  ///
  /// - Throws: `SampleError.notPositive` for zero and below, else as `init(_:)`.
  public init(decadesOf values: [Double]) throws(SampleError) {
    try SampleError.requirePositive(values)
    try self.init(values.map { log10($0) })
  }

  /// How many values the sample holds.
  public var count: Int { sorted.count }
  /// The smallest value.
  public var minimum: Double { sorted[0] }
  /// The largest value.
  public var maximum: Double { sorted[sorted.count - 1] }
  /// The value in the middle.
  public var median: Double { Self.quantile(0.5, ofSorted: sorted) }
  /// The 5 % quantile.
  public var p05: Double { Self.quantile(0.05, ofSorted: sorted) }
  /// The 95 % quantile.
  public var p95: Double { Self.quantile(0.95, ofSorted: sorted) }

  /// The value below which a share `p` of the sample lies, 0 <= p <= 1.
  ///
  /// Type 7 of Hyndman and Fan (*Am. Stat.* 50 (1996) 361): linear between the order statistics, the i-th of n at
  /// (i - 1)/(n - 1).
  ///
  /// - Throws: `SampleError.notAProbability` outside [0, 1].
  public func quantile(_ p: Double) throws(SampleError) -> Double {
    guard p >= 0, p <= 1 else { throw .notAProbability("\(p)") }
    return Self.quantile(p, ofSorted: sorted)
  }

  static func quantile(_ p: Double, ofSorted sorted: [Double]) -> Double {
    let position = p * Double(sorted.count - 1)
    let below = min(Int(position), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    let share = position - Double(below)
    return share == 0 ? sorted[below] : sorted[below] * (1 - share) + sorted[above] * share
  }
}
