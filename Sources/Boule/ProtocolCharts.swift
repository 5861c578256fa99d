import Foundation
import NumericalMethods
import Quantities
import Reporting
import Specimens

/// Charts of pulses, endurance, levels, synapses, small signals and stays: one for each protocol that the test has.
extension Forecast {
  var protocolCharts: [LineChart] {
    [
      retentionChart, pulseChart, enduranceChart, potentiationChart, pairedPulseChart, spikeTimingChart, impedanceChart,
    ].compactMap { $0 } + levelCharts
  }

  /// Median of all devices as a line, 5 % to 95 % of them as a band.
  ///
  /// - Parameter rows: of each device, one value per x; nil where it has none.
  func spread(
    _ name: String, color: Int, x: [Double], rows: [[Double?]]
  ) -> (curve: LineChart.Curve, band: LineChart.Band) {
    var place: [Double] = []
    var (low, middle, high): ([Double], [Double], [Double]) = ([], [], [])
    for (index, x) in x.enumerated() {
      guard let summary = try? SampleSummary(rows.compactMap { index < $0.count ? $0[index] : nil }) else { continue }
      place.append(x)
      low.append(summary.p05)
      middle.append(summary.median)
      high.append(summary.p95)
    }
    return (
      LineChart.Curve("\(name), median", x: place, y: middle, color: .series(color)),
      LineChart.Band("\(name), 5 % to 95 % of devices", x: place, low: low, high: high, color: .series(color))
    )
  }

  /// A chart with one spread for each protocol of a kind; nil where there is none.
  private func chart<Result>(
    _ title: String, caption: String, horizontal: ReportAxis, vertical: ReportAxis,
    of results: (SwitchingTrace) -> [Result], named name: (Result) -> String,
    _ points: (Result) -> (x: [Double], y: [Double?])
  ) -> LineChart? {
    let all = ensemble.traces.map { results($0.trace) }
    let count = all.map(\.count).max() ?? 0
    let spreads = (0..<count).compactMap { index -> (curve: LineChart.Curve, band: LineChart.Band)? in
      let here = all.filter { $0.count > index }.map { $0[index] }
      let read = here.map(points)
      guard let longest = read.map(\.x).max(by: { $0.count < $1.count }) else { return nil }
      return spread(name(here[0]), color: index % 6, x: longest, rows: read.map(\.y))
    }.filter { !$0.curve.x.isEmpty }
    guard !spreads.isEmpty else { return nil }
    return LineChart(
      title, caption: caption, horizontal: horizontal, vertical: vertical, curves: spreads.map(\.curve),
      bands: spreads.map(\.band))
  }

  private static let siemens = ReportUnit(symbol: "S", takesPrefix: true)

  private func written(_ value: Double, _ unit: String) -> String { QuantityText.number(value, digits: 3) + " " + unit }

  private var pulseChart: LineChart? {
    chart(
      "Conductance under pulses", caption: "Read at the end of the interval after each pulse; 0 is before the first.",
      horizontal: ReportAxis("pulse", unit: .one),
      vertical: ReportAxis("conductance", unit: Self.siemens, scale: .logarithmic), of: \.pulseTrains,
      named: { self.written($0.amplitude, "V") }
    ) { train in
      ((0...train.conductances.count).map(Double.init), [train.startConductance] + train.conductances)
    }
  }

  private var enduranceChart: LineChart? {
    let states: [(String, (SwitchingTrace.Endurance.Window) -> Double)] = [
      ("LRS", { $0.lowResistance }), ("HRS", { $0.highResistance }),
    ]
    let tests = ensemble.traces.flatMap(\.trace.endurances)
    guard !tests.isEmpty else { return nil }
    let shown = tests.prefix(16)
    let ended = tests.count { !$0.isCensored }
    let curves = states.enumerated().map { color, state in
      LineChart.Curve(
        state.0, x: shown.flatMap { $0.windows.map { Double($0.cycle) } },
        y: shown.flatMap { $0.windows.map(state.1) }, style: .points, color: .series(color))
    }
    return LineChart(
      "Endurance",
      caption: "\(ended) of \(tests.count) tests ended with the window; the others with the recipe's cycles. "
        + "\(shown.count) of them are shown, some ten cycles per decade.",
      horizontal: ReportAxis("cycle", unit: .one, scale: .logarithmic),
      vertical: ReportAxis("resistance", unit: .ohm, scale: .logarithmic), curves: curves)
  }

  private var levelCharts: [LineChart] {
    let kinds: [(SwitchingTrace.Multilevel.Control, String, ReportAxis)] = [
      (.compliance, "Levels by compliance", ReportAxis("compliance", unit: .ampere, scale: .logarithmic)),
      (.stopVoltage, "Levels by stop voltage", ReportAxis("stop voltage", unit: .volt)),
    ]
    return kinds.compactMap { control, title, axis in
      chart(
        title, caption: "Median of the repeats, over all devices.", horizontal: axis,
        vertical: ReportAxis("resistance", unit: .ohm, scale: .logarithmic),
        of: { $0.multilevels.filter { $0.control == control } }, named: { _ in "level" }
      ) { test in
        let levels = test.levels.sorted { $0.setting < $1.setting }
        return (levels.map(\.setting), levels.map(\.resistance))
      }
    }
  }

  private var pairedPulseChart: LineChart? {
    chart(
      "Paired-pulse facilitation", caption: "A₂/A₁ − 1 of the peak currents.",
      horizontal: ReportAxis("interval", unit: .second, scale: .logarithmic),
      vertical: ReportAxis("facilitation", unit: .percent), of: \.pairedPulses, named: { _ in "all devices" }
    ) { test in
      let pairs = test.pairs.filter { $0.interval > 0 }.sorted { $0.interval < $1.interval }
      return (pairs.map(\.interval), pairs.map(\.facilitation))
    }
  }

  private var potentiationChart: LineChart? {
    chart(
      "Potentiation and depression", caption: "Conductance after each pulse; 0 is before the first.",
      horizontal: ReportAxis("pulse", unit: .one),
      vertical: ReportAxis("conductance", unit: Self.siemens), of: \.potentiations, named: { _ in "all devices" }
    ) { test in
      let all = [test.startConductance] + test.potentiated + test.depressed
      return (all.indices.map(Double.init), all)
    }
  }

  private var spikeTimingChart: LineChart? {
    chart(
      "Spike timing", caption: "Above zero, the spike behind the device comes last.",
      horizontal: ReportAxis("delay", unit: .second), vertical: ReportAxis("ΔG/G", unit: .percent),
      of: \.spikeTimings, named: { _ in "all devices" }
    ) { test in
      let points = test.points.sorted { $0.delay < $1.delay }
      return (points.map(\.delay), points.map(\.change))
    }
  }

  private var impedanceChart: LineChart? {
    guard let scans = ensemble.traces.first(where: { !$0.trace.impedances.isEmpty })?.trace.impedances else {
      return nil
    }
    let curves = scans.enumerated().flatMap { index, scan in
      [
        LineChart.Curve(
          "Re Z at \(written(scan.bias, "V"))", x: scan.points.map(\.frequency), y: scan.points.map(\.real),
          color: .series(2 * index % 6)),
        LineChart.Curve(
          "Im Z at \(written(scan.bias, "V"))", x: scan.points.map(\.frequency), y: scan.points.map(\.imaginary),
          color: .series((2 * index + 1) % 6)),
      ]
    }
    return LineChart(
      "Impedance of the first device", caption: "Sizes; Im Z is above zero where the contact acts as an inductor.",
      horizontal: ReportAxis("frequency", unit: ReportUnit(symbol: "Hz", takesPrefix: true), scale: .logarithmic),
      vertical: ReportAxis("|Z|", unit: .ohm, scale: .logarithmicMagnitude), curves: curves)
  }

  private var retentionChart: LineChart? {
    let stays = ensemble.traces.flatMap(\.trace.retentions)
    let lost = stays.filter { ($0.time ?? 0) > 0 }
    guard lost.count >= 2, Set(lost.map(\.temperature)).count >= 2 else { return nil }
    let kept = stays.count { $0.isWritten && $0.time == nil }
    var caption = "Each point is a state that was lost; \(kept) outlasted their stay."
    if let activation = retentionActivation {
      let energies = [activation.energy] + activation.interval
      let shown = energies.map { QuantityText.number($0.si / Constants.elementaryCharge, digits: 3) }
      caption += " Activation energy \(shown[0]) eV, 90 % interval \(shown[1]) to \(shown[2]) eV."
    }
    return LineChart(
      "Retention against temperature", caption: caption, horizontal: ReportAxis("temperature", unit: .celsius),
      vertical: ReportAxis("retention", unit: .second, scale: .logarithmic),
      curves: [
        LineChart.Curve(
          "states lost", x: lost.map(\.temperature), y: lost.compactMap(\.time), style: .points, color: .series(0))
      ])
  }
}
