/// A chart of a report.
public enum ReportChart: Sendable {
  case lines(LineChart)
  case distribution(DistributionChart)
  case map(MapChart)
  case bars(BarChart)

  public var title: String {
    switch self {
    case .lines(let chart): chart.title
    case .distribution(let chart): chart.title
    case .map(let chart): chart.title
    case .bars(let chart): chart.title
    }
  }

  /// What the reader should see in it.
  public var caption: String {
    switch self {
    case .lines(let chart): chart.caption
    case .distribution(let chart): chart.fullCaption
    case .map(let chart): chart.caption
    case .bars(let chart): chart.caption
    }
  }

  /// What the page's script draws. Throws `ReportError` that names the chart.
  func json() throws -> JSONText {
    switch self {
    case .lines(let chart): try chart.json()
    case .distribution(let chart): try chart.json()
    case .map(let chart): try chart.json()
    case .bars(let chart): try chart.json()
    }
  }
}

/// The color of a curve or a bar.
public enum ReportColor: Hashable, Sendable {
  /// One of eight colors that color-blind readers tell apart; they repeat.
  case series(Int)
  /// A place from 0 to 1 on the sequential color map, for many curves in an order.
  case shade(Double)
  /// Gray, for what stands in the background.
  case muted

  var json: JSONText {
    switch self {
    case .series(let number): .number(Double(number))
    case .shade(let place): .object(["shade": .number(min(1, max(0, place)))])
    case .muted: .text("muted")
    }
  }
}
