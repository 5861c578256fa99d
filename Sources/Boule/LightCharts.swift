import Foundation
import Reporting
import Specimens

/// Charts of optical synapses: what a train of light leaves behind.
extension Forecast {
  /// One chart a train: every device's weight against time, the first device in front.
  var lightCharts: [LineChart] {
    let traces = ensemble.traces.map(\.trace)
    guard let first = traces.first else { return [] }
    return first.lights.indices.compactMap { train in
      var curves: [LineChart.Curve] = []
      for (index, trace) in traces.prefix(16).enumerated() where trace.lights.indices.contains(train) {
        let response = trace.lights[train]
        guard let last = response.peaks.last, last != 0 else { continue }
        let stride = max(1, response.points.count / 240)
        let kept = response.points.indices.filter { $0 % stride == 0 }
        curves.append(
          LineChart.Curve(
            index == 0 ? "first device" : "device \(index + 1)", x: kept.map { response.points[$0].time },
            y: kept.map { (response.points[$0].transmission - response.baseline) / abs(last) },
            color: index == 0 ? .series(0) : .muted))
      }
      guard !curves.isEmpty else { return nil }
      return LineChart(
        "Weight in light, train \(train + 1)",
        caption: "Change of the transmitted signal over that of the last pulse; below zero where light takes from it.",
        horizontal: ReportAxis("time", unit: .second), vertical: ReportAxis("weight", unit: .percent),
        curves: curves.reversed())
    }
  }
}
