import Quantities
import Reporting
import Specimens

extension Figure {
  /// Of pulses, endurance, levels, synapses and small signals: each is there where the test has the protocol.
  static let protocolFigures: [Figure] = [
    results(
      "pulseSetTime", "Delay of SET under pulses", unit: "s", shown: .second, spread: .factor, of: \.pulseTrains
    ) { Reading($0.setTime, isMissed: !$0.isIdle) },
    results(
      "pulseEnergy", "Energy of a pulse, mean of a train", unit: "J", shown: .joule, spread: .factor, of: \.pulseTrains
    ) { $0.energies.isEmpty ? nil : .value($0.energies.reduce(0, +) / Double($0.energies.count)) },
    results(
      "pulseGain", "Conductance gained in a train", unit: "1", shown: .one, spread: .factor, of: \.pulseTrains
    ) { train in train.conductances.last.map { .value($0 / train.startConductance) } },
    results(
      "enduranceCycles", "Cycles until the window is gone", unit: "1", shown: .count, spread: .factor, of: \.endurances
    ) { $0.isCensored ? .atLeast(Double($0.cycles)) : .value(Double($0.cycles)) },
    levelRange("complianceLevelRange", "Largest over smallest level by compliance", of: .compliance),
    levelRange("stopLevelRange", "Largest over smallest level by stop voltage", of: .stopVoltage),
    results(
      "pairedPulseFacilitation", "Paired-pulse facilitation, first interval", unit: "1", shown: .percent,
      of: \.pairedPulses
    ) { Reading($0.pairs.first?.facilitation) },
    results(
      "potentiationNonlinearity", "Nonlinearity of potentiation", unit: "1", shown: .one, of: \.potentiations
    ) { Reading($0.nonlinearity.up) },
    results(
      "depressionNonlinearity", "Nonlinearity of depression", unit: "1", shown: .one, of: \.potentiations
    ) { Reading($0.nonlinearity.down) },
    results(
      "potentiationAsymmetry", "Asymmetry of potentiation and depression", unit: "1", shown: .one, of: \.potentiations
    ) { Reading($0.asymmetry) },
    results(
      "spikeTimingGain", "Largest relative change by spikes", unit: "1", shown: .one, of: \.spikeTimings
    ) { Reading($0.points.map(\.change).max(by: { abs($0) < abs($1) })) },
    results(
      "smallSignalTime", "Kinetic time of the small signal", unit: "s", shown: .second, spread: .factor,
      of: \.impedances
    ) { Reading($0.kineticTime) },
  ]

  /// A figure of one protocol's results.
  static func results<Result>(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    of results: @escaping @Sendable (SwitchingTrace) -> [Result],
    _ read: @escaping @Sendable (Result) -> Reading?
  ) -> Figure {
    device(key, label, unit: unit, shown: shown, spread: spread) { results($0).compactMap(read) }
  }

  private static func levelRange(
    _ key: String, _ label: String, of control: SwitchingTrace.Multilevel.Control
  ) -> Figure {
    results(
      key, label, unit: "1", shown: .one, spread: .factor, of: { $0.multilevels.filter { $0.control == control } }
    ) { .value($0.range) }
  }
}
