/// A sample in which some tests stopped before the event: of those only a lower bound is known.
public struct CensoredSample: Hashable, Sendable {
  /// One test.
  public struct Observation: Hashable, Sendable {
    /// The value at the event, or where the test stopped.
    public var value: Double
    /// Whether the test stopped before the event (right-censoring).
    public var isCensored: Bool
  }

  /// The tests in ascending order; at equal values events come before censored tests.
  public let observations: [Observation]
  /// How many tests ended with the event.
  public let eventCount: Int

  /// A sample with a mark for each value that is only a lower bound.
  ///
  /// - Throws: `SampleError.tooFew` for an empty sample, `.unequalCounts`, `.notFinite`.
  public init(_ values: [Double], censored: [Bool]) throws(SampleError) {
    guard values.count == censored.count else {
      throw .unequalCounts(what: "values and censoring marks", first: values.count, second: censored.count)
    }
    guard !values.isEmpty else { throw .tooFew(what: "values", found: 0, needed: 1) }
    try SampleError.requireFinite(values)
    observations = zip(values, censored).map { Observation(value: $0, isCensored: $1) }.sorted {
      $0.value != $1.value ? $0.value < $1.value : !$0.isCensored && $1.isCensored
    }
    eventCount = censored.count { !$0 }
  }

  /// A complete sample.
  ///
  /// - Throws: `SampleError.tooFew` for an empty sample, `.notFinite`.
  public init(_ values: [Double]) throws(SampleError) {
    try self.init(values, censored: [Bool](repeating: false, count: values.count))
  }

  /// How many tests were made.
  public var count: Int { observations.count }
  /// How many tests stopped before the event.
  public var censoredCount: Int { count - eventCount }
}
