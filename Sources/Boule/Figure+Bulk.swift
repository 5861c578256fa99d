import NumericalMethods
import Reporting
import Specimens

/// Figures of the bulk's slow states: traps that fill, ions that screen, clusters that stay.
extension Figure {
  static let bulkFigures: [Figure] = [
    bulk("fillingVoltage", "Voltage at which traps are half filled", unit: "V", shown: .volt) { trace in
      trace.cycles.compactMap(\.fillingVoltage)
    },
    bulk("fillingOverSet", "Filling voltage over V_SET", unit: "1", shown: .percent) { trace in
      for cycle in trace.cycles {
        if let filling = cycle.fillingVoltage, let set = cycle.setVoltage { return [filling / set] }
      }
      return []
    },
    bulk("peakVoltage", "Voltage of the current's peak, without sign", unit: "V", shown: .volt) { trace in
      trace.cycles.compactMap { $0.peakVoltage.map { abs($0) } }
    },
    peakShare,
    bulk("loopShare", "Hysteresis: area of the loop over that below it", unit: "1", shown: .percent) { trace in
      trace.cycles.map(\.loopShare)
    },
    bulk("setVoltageDrift", "V_SET of the last third of cycles over the first", unit: "1", shown: .percent) { trace in
      let third = trace.cycles.count / 3
      let sizes = { (cycles: ArraySlice<SwitchingTrace.Cycle>) in cycles.compactMap { $0.setVoltage.map { abs($0) } } }
      guard let early = try? SampleSummary(sizes(trace.cycles.prefix(third))).median,
        let late = try? SampleSummary(sizes(trace.cycles.suffix(third))).median
      else { return [] }
      return [late / early]
    },
    bulk("setVoltageVariation", "V_SET from cycle to cycle, σ/µ of a device", unit: "1", shown: .percent) { trace in
      guard let summary = try? SampleSummary(trace.cycles.compactMap { $0.setVoltage.map { abs($0) } }),
        let sd = summary.sd
      else { return [] }
      return [sd / summary.mean]
    },
  ]

  /// Over all cycles; one that set has no peak.
  private static let peakShare: Figure = {
    var figure = bulk("peakShare", "Sweeps with a peak of the current", unit: "1", shown: .percent) { trace in
      trace.cycles.map { $0.peakVoltage == nil ? 0 : 1 }
    }
    figure.isShare = true
    return figure
  }()

  private static func bulk(
    _ key: String, _ label: String, unit: String, shown: ReportUnit,
    _ values: @escaping @Sendable (SwitchingTrace) -> [Double]
  ) -> Figure {
    device(key, label, unit: unit, shown: shown) { values($0).map { .value($0) } }
  }
}
