import Foundation
import NumericalMethods
import Quantities
import Reporting
import Specimens
import Switching

/// Charts of the devices: curves, distributions, cycles, and where the spread sits.
extension Forecast {
  func switchingBlocks() throws -> [ReportSection.Block] {
    var blocks: [ReportSection.Block] = []
    if let chart = curves { blocks.append(.lines(chart, width: .half)) }
    if let chart = resistances { blocks.append(.lines(chart, width: .half)) }
    var fits: [[String]] = []
    for voltage in Self.voltages {
      guard let (chart, rows) = try distribution(of: voltage) else { continue }
      blocks.append(.distribution(chart, width: .half))
      fits += rows
    }
    if !fits.isEmpty {
      blocks.append(
        .table(
          ReportTable(
            "Fitted families",
            caption:
              "Maximum likelihood on the voltages' size, all cycles; cycles that did not switch within the sweep are right-censored at its end. Standard errors take all cycles as independent. Lowest AIC first.",
            columns: [
              .init("Voltage"), .init("Family"), .init("Parameters"), .init("AIC", isNumeric: true),
              .init("Anderson-Darling", isNumeric: true),
            ], rows: fits)))
    }
    for (title, paper, color, value) in Self.states {
      if let chart = try stateDistribution(title, paper, color, value) {
        blocks.append(.distribution(chart, width: .half))
      }
    }
    if let chart = varianceShares { blocks.append(.bars(chart, width: .half)) }
    return blocks + (protocolCharts + lightCharts).map { .lines($0, width: .half) }
  }

  /// A switching voltage of the cycles, and which cycles had nothing to switch.
  private struct SwitchingVoltage: Sendable {
    var name: String
    var value: @Sendable (SwitchingTrace.Cycle) -> Double?
    var isIdle: @Sendable (SwitchingTrace.Cycle) -> Bool
  }

  private static let voltages = [
    SwitchingVoltage(name: "V_SET", value: { $0.setVoltage }, isIdle: { $0.setIsIdle }),
    SwitchingVoltage(name: "V_RESET", value: { $0.resetVoltage }, isIdle: { $0.resetIsIdle }),
  ]

  private static let states: [(String, DistributionChart.Paper, Int, @Sendable (SwitchingTrace.Cycle) -> Double)] = [
    ("Low resistance", .normal, 0, { $0.lowResistance }), ("High resistance", .logNormal, 1, { $0.highResistance }),
  ]

  /// Current-voltage curves of one device, the cycles in an order of shades.
  private var curves: LineChart? {
    guard let trace = ensemble.traces.first(where: { !$0.trace.curves.isEmpty })?.trace else { return nil }
    let numbers = trace.curves.keys.sorted()
    let chosen = numbers.count > 16 ? (0..<16).map { numbers[$0 * (numbers.count - 1) / 15] } : numbers
    let curves = chosen.map { number in
      let points = trace.curves[number]!
      let stride = max(1, points.count / 240)
      let kept = points.indices.filter { $0 % stride == 0 && points[$0].voltage != 0 }
      return LineChart.Curve(
        number == 0 ? "forming" : "cycle \(number)", x: kept.map { points[$0].voltage },
        y: kept.map { points[$0].current },
        color: number == 0 ? .muted : .shade(Double(number) / Double(max(1, numbers.last!))))
    }
    return LineChart(
      "Current against voltage", caption: "First device: forming in gray, then cycles from dark to bright.",
      horizontal: ReportAxis("voltage", unit: .volt),
      vertical: ReportAxis("|current|", unit: .ampere, scale: .logarithmicMagnitude), curves: curves,
      shading: LineChart.Shading("cycle", from: "1", to: "\(numbers.last!)"))
  }

  /// Resistances against the number of the cycle: all devices as median and band, one device as a line.
  private var resistances: LineChart? {
    let traces = ensemble.traces.map(\.trace)
    let count = traces.map(\.cycles.count).max() ?? 0
    guard count > 1 else { return nil }
    var curves: [LineChart.Curve] = []
    var bands: [LineChart.Band] = []
    let states: [(String, Int, (SwitchingTrace.Cycle) -> Double)] = [
      ("LRS", 0, { $0.lowResistance }), ("HRS", 1, { $0.highResistance }),
    ]
    for (name, color, value) in states {
      let all = spread(
        name, color: color, x: (1...count).map(Double.init), rows: traces.map { $0.cycles.map(value) })
      bands.append(all.band)
      curves.append(all.curve)
      if let first = traces.first {
        curves.append(
          LineChart.Curve(
            "\(name), first device", x: first.cycles.map { Double($0.number) }, y: first.cycles.map(value),
            style: .points, color: .series(color)))
      }
    }
    return LineChart(
      "Resistance at 0.1 V, cycle by cycle", caption: "All \(traces.count) devices.",
      horizontal: ReportAxis("cycle", unit: .one),
      vertical: ReportAxis("resistance", unit: .ohm, scale: .logarithmic), curves: curves, bands: bands)
  }

  private func distribution(of voltage: SwitchingVoltage) throws -> (DistributionChart, [[String]])? {
    let traces = ensemble.traces.map(\.trace)
    let cycles = traces.flatMap(\.cycles)
    let sizes = traces.map { $0.cycles.compactMap(voltage.value).map(abs) }
    let pooled = sizes.flatMap { $0 }.sorted()
    guard pooled.count >= 20 else { return nil }
    let idle = cycles.count { voltage.value($0) == nil && voltage.isIdle($0) }
    let beyond = sweepReach == nil ? 0 : cycles.count - pooled.count - idle
    // Cycles beyond the sweep hold the ranks above all that were seen.
    let ranks = Array(MedianRank.all(pooled.count + beyond).prefix(pooled.count))
    var samples = [
      DistributionChart.Sample(
        "all cycles (n = \(pooled.count))", values: pooled.thinned(to: 200), probabilities: ranks.thinned(to: 200),
        color: .series(0))
    ]
    let medians = sizes.filter { !$0.isEmpty }.compactMap { try? SampleSummary($0).median }
    if medians.count >= 20 {
      let ranks = try EmpiricalDistribution(medians)
      samples.append(
        DistributionChart.Sample(
          "device medians (n = \(medians.count)), 90 % band", values: ranks.points.map(\.value),
          probabilities: ranks.points.map(\.probability), low: ranks.points.map(\.lower),
          high: ranks.points.map(\.upper), color: .series(1)))
    }
    let observed = pooled + [Double](repeating: sweepReach ?? 0, count: beyond)
    let flags = observed.indices.map { $0 >= pooled.count }
    // Voltages that are all alike have no distribution to fit.
    let fitted =
      pooled.first == pooled.last
      ? []
      : try FittedDistribution.all(of: CensoredSample(observed, censored: flags)).sorted { $0.akaike < $1.akaike }
    let curves = fitted.enumerated().map { index, fit in
      let span = pooled.last! - pooled[0]
      let x = (0...120).map { pooled[0] - 0.05 * span + 1.1 * span * Double($0) / 120 }.filter { $0 > 0 }
      return DistributionChart.Fit(
        fit.family.displayName, values: x, probabilities: x.map(fit.cumulative), color: .series(2 + index))
    }
    let rows = fitted.map { fit in
      [
        voltage.name, fit.family.displayName,
        fit.parameters.map { String(format: "%@ = %.4g ± %.2g", $0.name, $0.value, $0.standardError) }
          .joined(separator: ", "),
        String(format: "%.1f", fit.akaike), fit.andersonDarling.map { String(format: "%.2f", $0) } ?? "censored",
      ]
    }
    let chart = DistributionChart(
      "Distribution of \(voltage.name)",
      caption: beyond + idle == 0
        ? "Every cycle switched."
        : "\(beyond) cycles did not switch within the sweep; \(idle) had nothing to switch.",
      label: "|\(voltage.name)|", unit: .volt,
      paper: .plain, plottingRule: EmpiricalDistribution.plottingRule + "; band " + EmpiricalDistribution.bandRule,
      samples: samples, fits: curves)
    return (chart, rows)
  }

  private func stateDistribution(
    _ title: String, _ paper: DistributionChart.Paper, _ color: Int, _ value: (SwitchingTrace.Cycle) -> Double
  ) throws -> DistributionChart? {
    let pooled = ensemble.traces.flatMap { $0.trace.cycles.map(value) }.sorted()
    guard pooled.count >= 20 else { return nil }
    return DistributionChart(
      "\(title) at 0.1 V", caption: paper == .normal ? "Straight if normal." : "Straight if log-normal.",
      label: "resistance", unit: .ohm, paper: paper, plottingRule: EmpiricalDistribution.plottingRule,
      samples: [
        DistributionChart.Sample(
          "all cycles (n = \(pooled.count))", values: pooled.thinned(to: 300),
          probabilities: MedianRank.all(pooled.count).thinned(to: 300), color: .series(color))
      ])
  }

  private var varianceShares: BarChart? {
    let names = [
      "setVoltage": "V_SET", "resetVoltage": "V_RESET", "logLowResistance": "log LRS", "logHighResistance": "log HRS",
    ]
    let parts = Spread.all.compactMap { entry in variance(entry.value).map { (names[entry.key]!, $0) } }
    guard !parts.isEmpty else { return nil }
    return BarChart(
      "Where the spread sits", caption: "Share of the variance between devices and between cycles of one device.",
      axis: ReportAxis("share of variance", unit: .percent, range: 0...1), categories: parts.map(\.0),
      series: [
        BarChart.Series("device to device", values: parts.map { $0.1.deviceShare }, color: .series(0)),
        BarChart.Series("cycle to cycle", values: parts.map { 1 - $0.1.deviceShare }, color: .series(1)),
      ], isStacked: true)
  }

  /// The largest voltage of the sweeps, V.
  private var sweepReach: Double? {
    recipe.test.compactMap { step -> Double? in
      if case .sweep(let ramp, _) = step { abs(ramp.amplitude.si) } else { nil }
    }.max()
  }
}
