/// Why a report cannot be written.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A number is NaN or infinite.
  case notFinite(place: String, value: Double)
  /// The parts of a chart or a table do not fit together.
  case malformed(place: String, reason: String)
  /// The chart library cannot be put into the page.
  case unusableChartLibrary(reason: String)

  public var description: String {
    switch self {
    case .notFinite(let place, let value):
      "\(place) is \(value); a report shows finite numbers only: leave the row out or say why it has no value"
    case .malformed(let place, let reason):
      "\(place): \(reason)"
    case .unusableChartLibrary(let reason):
      "the chart library cannot be put into the report: \(reason); pass the text of chart.min.js of Chart.js 3"
    }
  }
}
