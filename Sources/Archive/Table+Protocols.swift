import Specimens

/// Tables of what protocols beside sweeps give; each is there where a device has rows of it.
extension Table {
  /// Every table of a protocol that a device has results of, in the order of the protocols' names below.
  public static func protocols(of traces: [(device: Int, trace: SwitchingTrace)]) -> [Table] {
    [
      pulses(of: traces), endurances(of: traces), levels(of: traces), pairedPulses(of: traces),
      potentiations(of: traces), spikeTimings(of: traces), impedances(of: traces),
    ].filter { $0.rowCount > 0 }
  }

  /// One row per result of a protocol: the device, which of the test's protocols of the kind, and what it holds.
  private struct Row<Value> {
    var device: Int
    var run: Int
    var value: Value
  }

  private static func rows<Result, Value>(
    _ traces: [(device: Int, trace: SwitchingTrace)], _ results: (SwitchingTrace) -> [Result],
    _ values: (Result) -> [Value]
  ) -> [Row<Value>] {
    traces.flatMap { entry in
      results(entry.trace).enumerated().flatMap { run, result in
        values(result).map { Row(device: entry.device, run: run, value: $0) }
      }
    }
  }

  private static func table<Value>(
    _ name: String, _ description: String, _ rows: [Row<Value>], order: String, _ columns: [Column]
  ) -> Table {
    Table(
      name: name, description: description, rowOrder: "device, run, " + order, creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.device))),
        Column(
          name: "run", units: "1", longName: "run",
          description: "Which of the test's protocols of this kind, from 0", values: .integer(rows.map(\.run))),
      ] + columns)
  }

  /// One row per pulse of every train: `pulse`, `amplitude`, `width`, `conductance` after it, `energy`, and `setTime` of the
  /// train, repeated.
  public static func pulses(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.pulseTrains) { train in train.conductances.indices.map { (train, $0) } }
    func real(
      _ name: String, _ units: String, _ longName: String, _ description: String,
      _ value: ((SwitchingTrace.PulseTrain, Int)) -> Double
    ) -> Column {
      Column(
        name: name, units: units, longName: longName, description: description,
        values: .real(rows.map { value($0.value) }))
    }
    return table(
      "pulses", "Pulses of every train", rows, order: "pulse",
      [
        Column(
          name: "pulse", units: "1", longName: "pulse", description: "Number of the pulse, from 1",
          values: .integer(rows.map { $0.value.1 + 1 })),
        real("amplitude", "V", "amplitude", "Voltage of the pulse") { $0.0.amplitude },
        real("width", "s", "width", "Length of the pulse") { $0.0.width },
        real("conductance", "S", "conductance", "Conductance at the read voltage, at the end of the interval") {
          $0.0.conductances[$0.1]
        },
        real("energy", "J", "energy", "Energy spent in the device during the pulse") { $0.0.energies[$0.1] },
        Column(
          name: "setTime", units: "s", longName: "delay of SET",
          description: "Time under the train's pulses until the device turned on",
          values: .censored(rows.map(\.value.0.setTime))),
        Column(
          name: "idle", units: "1", longName: "nothing to switch",
          description: "1 where the device was on before the train: the missing time is no censored one",
          values: .flag(rows.map(\.value.0.isIdle))),
      ])
  }

  /// One row per cycle that was kept: `cycle`, the two resistances, and of the test how many cycles were `survived`.
  public static func endurances(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.endurances) { test in test.windows.map { (test, $0) } }
    return table(
      "endurances", "Windows on the way to the end of the cycling, some ten per decade", rows, order: "cycle",
      [
        Column(
          name: "cycle", units: "1", longName: "cycle", description: "Number of the cycle, from 1",
          values: .integer(rows.map(\.value.1.cycle))),
        Column(
          name: "lowResistance", units: "ohm", longName: "low resistance",
          description: "Resistance at the read voltage after SET", values: .real(rows.map(\.value.1.lowResistance))),
        Column(
          name: "highResistance", units: "ohm", longName: "high resistance",
          description: "Resistance at the read voltage after RESET", values: .real(rows.map(\.value.1.highResistance))),
        Column(
          name: "survived", units: "1", longName: "cycles survived",
          description: "Cycles before the first whose window was too small; censored where there was none",
          values: .censored(rows.map { $0.value.0.isCensored ? nil : Double($0.value.0.cycles) })),
      ])
  }

  /// One row per level and repeat: `control`, `setting`, `resistance`.
  public static func levels(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.multilevels) { test in
      test.levels.flatMap { level in level.resistances.map { (test.control.rawValue, level.setting, $0) } }
    }
    return table(
      "levels", "Levels of every device, each as often as it was written", rows, order: "setting as in the recipe",
      [
        Column(
          name: "control", units: "text", longName: "control", description: "What tells the levels apart",
          values: .text(rows.map(\.value.0))),
        Column(
          name: "setting", units: "1", longName: "setting",
          description: "Compliance in A, or voltage in V where RESET stops", values: .real(rows.map(\.value.1))),
        Column(
          name: "resistance", units: "ohm", longName: "resistance", description: "Resistance at the read voltage",
          values: .real(rows.map(\.value.2))),
      ])
  }

  /// One row per interval: `interval`, peak currents, `facilitation`.
  public static func pairedPulses(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.pairedPulses, \.pairs)
    return table(
      "pairedPulses", "Pairs of pulses", rows, order: "interval as in the recipe",
      [
        Column(
          name: "interval", units: "s", longName: "interval", description: "Between the two pulses",
          values: .real(rows.map(\.value.interval))),
        Column(
          name: "first", units: "A", longName: "first peak", description: "Peak current of the first pulse",
          values: .real(rows.map(\.value.first))),
        Column(
          name: "second", units: "A", longName: "second peak", description: "Peak current of the second pulse",
          values: .real(rows.map(\.value.second))),
        Column(
          name: "facilitation", units: "1", longName: "paired-pulse facilitation",
          description: "Second peak over first, less 1; missing where the first pulse gave no current",
          values: .censored(rows.map(\.value.facilitation))),
      ])
  }

  /// One row per pulse: `pulse` (0 before the first), `kind` and `conductance`.
  public static func potentiations(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.potentiations) { test in
      [("start", test.startConductance)] + test.potentiated.map { ("potentiation", $0) }
        + test.depressed.map { ("depression", $0) }
    }
    var pulse = -1
    let numbers = rows.map { row in
      pulse = row.value.0 == "start" ? 0 : pulse + 1
      return pulse
    }
    return table(
      "potentiations", "Conductance under pulses up and down", rows, order: "pulse",
      [
        Column(
          name: "pulse", units: "1", longName: "pulse", description: "Number of the pulse; 0 stands before the first",
          values: .integer(numbers)),
        Column(
          name: "kind", units: "text", longName: "kind", description: "start, potentiation or depression",
          values: .text(rows.map(\.value.0))),
        Column(
          name: "conductance", units: "S", longName: "conductance", description: "Conductance at the read voltage",
          values: .real(rows.map(\.value.1))),
      ])
  }

  /// One row per delay: `delay` and `change`.
  public static func spikeTimings(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.spikeTimings, \.points)
    return table(
      "spikeTimings", "Change of the conductance by pairs of spikes", rows, order: "delay as in the recipe",
      [
        Column(
          name: "delay", units: "s", longName: "delay",
          description: "From the spike before the device to that behind it", values: .real(rows.map(\.value.delay))),
        Column(
          name: "change", units: "1", longName: "relative change", description: "Change of the conductance over itself",
          values: .real(rows.map(\.value.change))),
      ])
  }

  /// One row per frequency: `bias`, `frequency`, `real`, `imaginary`, and `kineticTime` of the slow branch, repeated.
  public static func impedances(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(traces, \.impedances) { scan in scan.points.map { (scan, $0) } }
    return table(
      "impedances", "Small-signal impedance", rows, order: "frequency",
      [
        Column(
          name: "bias", units: "V", longName: "bias", description: "Voltage about which the signal swings",
          values: .real(rows.map(\.value.0.bias))),
        Column(
          name: "frequency", units: "Hz", longName: "frequency", description: "Frequency of the signal",
          values: .real(rows.map(\.value.1.frequency))),
        Column(
          name: "real", units: "ohm", longName: "resistance", description: "Real part of the impedance",
          values: .real(rows.map(\.value.1.real))),
        Column(
          name: "imaginary", units: "ohm", longName: "reactance", description: "Imaginary part of the impedance",
          values: .real(rows.map(\.value.1.imaginary))),
        Column(
          name: "kineticTime", units: "s", longName: "kinetic time",
          description: "L/R of the slow branch; missing without one", values: .censored(rows.map(\.value.0.kineticTime))
        ),
      ])
  }
}
