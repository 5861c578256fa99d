import Foundation
import NumericalMethods
import Reporting
import Specimens

/// Charts over all growth runs: how they end, and how their outcomes scatter.
extension Forecast {
  func runBlocks(_ rows: [Row]) -> [ReportSection.Block] {
    var blocks: [ReportSection.Block] = []
    if let chart = runEnds(rows) { blocks.append(.bars(chart, width: .third)) }
    blocks += Self.runFigures.compactMap { key in
      rows.first { $0.figure.section == "crystal" && $0.figure.key == key }.flatMap { runDistribution(of: $0.figure) }
    }.map { .distribution($0, width: .third) }
    return blocks
  }

  /// The outcomes that people compare runs by.
  private static let runFigures = ["inductionTime", "lateralSize"]

  /// The probability of each class of outcome; whiskers are ignorance.
  private func runEnds(_ rows: [Row]) -> BarChart? {
    let names = ["clear": "no crystal", "powder": "powder", "small": "small crystals", "large": "large crystals"]
    let ends = RunOutcome.allCases.compactMap { outcome in
      rows.first { $0.figure.key == "outcome.\(outcome.rawValue)" }.map { (names[outcome.rawValue]!, $0.statistic) }
    }
    guard !ends.isEmpty else { return nil }
    return BarChart(
      "How runs end", caption: "Share of the runs; whiskers show what the uncertain numbers of data/ leave open.",
      axis: ReportAxis("probability", unit: .percent, range: 0...1), categories: ends.map(\.0),
      series: [
        BarChart.Series(
          "runs", values: ends.map(\.1.mean), intervals: ends.map { $0.1.interval.map { $0[0]...$0[1] } },
          color: .series(0))
      ], isStacked: false)
  }

  private func runDistribution(of figure: Figure) -> DistributionChart? {
    let values = ensemble.outcomes.flatMap(figure.values).sorted()
    guard values.count >= 20, values[0] < values[values.count - 1] else { return nil }
    return DistributionChart(
      figure.label, caption: "Chance alone: every run with the numbers of data/ as they stand.", label: "value",
      unit: figure.shown, paper: .plain, plottingRule: EmpiricalDistribution.plottingRule,
      samples: [
        DistributionChart.Sample(
          "runs (n = \(values.count))", values: values.thinned(to: 200),
          probabilities: MedianRank.all(values.count).thinned(to: 200), color: .series(0))
      ])
  }
}

/// Plotting positions F = (i − 0.3)/(n + 0.4).
enum MedianRank {
  static func all(_ n: Int) -> [Double] { (0..<n).map { (Double($0) + 0.7) / (Double(n) + 0.4) } }
}

extension [Double] {
  /// At most `limit` of the values, evenly spaced by rank, both ends among them.
  func thinned(to limit: Int) -> [Double] {
    guard count > limit else { return self }
    return (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
  }
}
