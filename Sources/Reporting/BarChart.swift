/// Horizontal bars, one row per category: shares of a variance, sensitivities.
public struct BarChart: Sendable {
  /// One color of bars over all categories.
  public struct Series: Sendable {
    public var name: String
    /// One value per category, in SI (a share as 0.4).
    public var values: [Double]
    /// 90 % intervals, drawn as whiskers where bars are not stacked; empty for none.
    public var intervals: [ClosedRange<Double>?]
    public var color: ReportColor

    public init(_ name: String, values: [Double], intervals: [ClosedRange<Double>?] = [], color: ReportColor) {
      self.name = name
      self.values = values
      self.intervals = intervals
      self.color = color
    }
  }

  public var title: String
  public var caption: String
  public var axis: ReportAxis
  public var categories: [String]
  public var series: [Series]
  /// Whether the series of a category stand one after the other, as shares do.
  public var isStacked: Bool

  public init(
    _ title: String, caption: String = "", axis: ReportAxis, categories: [String], series: [Series], isStacked: Bool
  ) {
    self.title = title
    self.caption = caption
    self.axis = axis
    self.categories = categories
    self.series = series
    self.isStacked = isStacked
  }

  func json() throws -> JSONText {
    for part in series {
      guard part.values.count == categories.count,
        part.intervals.isEmpty || part.intervals.count == categories.count
      else {
        throw ReportError.malformed(
          place: title, reason: "series \"\(part.name)\" needs one value for each of \(categories.count) categories")
      }
    }
    guard axis.scale == .linear else {
      throw ReportError.malformed(place: title, reason: "bars have a length only on a linear axis")
    }
    let ends = series.flatMap(\.intervals).compactMap { $0 }.flatMap { [$0.lowerBound, $0.upperBound] }
    let sums = isStacked ? categories.indices.map { row in series.reduce(0) { $0 + $1.values[row] } } : []
    let x = try axis.fitted(to: series.flatMap(\.values) + ends + sums + [0], margin: nil, place: title)
    return .object([
      "kind": .text("bars"), "x": x.json, "stacked": .flag(isStacked),
      "categories": .array(categories.map { .text($0) }),
      "series": .array(
        series.map { part in
          .object([
            "name": .text(part.name), "color": part.color.json, "values": .numbers(part.values.map(x.shown)),
            "intervals": .array(
              part.intervals.map { interval in
                interval.map { .numbers([x.shown($0.lowerBound), x.shown($0.upperBound)]) } ?? .null
              }),
          ])
        }),
    ])
  }
}
