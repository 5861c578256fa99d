import Specimens

extension Table {
  /// One row per cycle and resistive state of every device: `device`, `cycle`, `state` (`low`, then `high`), the
  /// `voltage` that led to the state (censored where the device did not switch), `resistance`, `vacancies`, `idle`
  /// where there was nothing to switch, and `bound` where the resistance is the largest that the meter tells.
  ///
  /// - Parameter traces: each with its device's number, in the order of the rows.
  public static func states(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(of: traces).flatMap { device, cycle in
      [
        (
          device, cycle.number, "low", cycle.setVoltage, cycle.lowResistance, cycle.vacanciesOn, cycle.setIsIdle, false
        ),
        (
          device, cycle.number, "high", cycle.resetVoltage, cycle.highResistance, cycle.vacanciesOff,
          cycle.resetIsIdle, cycle.highIsBound
        ),
      ]
    }
    return Table(
      name: "states", description: "Resistive states of every device: one row per cycle and state",
      rowOrder: "device, cycle, state (low before high)", creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.0))),
        Column(
          name: "cycle", units: "1", longName: "cycle", description: "Number of the sweep cycle; forming is cycle 0",
          values: .integer(rows.map(\.1))),
        Column(
          name: "state", units: "text", longName: "resistive state", description: "low after SET, high after RESET",
          values: .text(rows.map(\.2))),
        Column(
          name: "voltage", units: "V", longName: "switching voltage",
          description: "SET voltage for a low state, RESET voltage for a high one", values: .censored(rows.map(\.3))),
        Column(
          name: "resistance", units: "ohm", longName: "resistance", description: "Resistance at the read voltage",
          values: .real(rows.map(\.4))),
        Column(
          name: "vacancies", units: "1", longName: "vacancies or atoms that conduct",
          description: "Vacancies in the disc, or metal atoms of the filament, that sets the conduction",
          values: .integer(rows.map(\.5))),
        Column(
          name: "idle", units: "1", longName: "nothing to switch",
          description: "1 where the device was in the state already: the missing voltage is no censored one",
          values: .flag(rows.map(\.6))),
        Column(
          name: "bound", units: "1", longName: "resistance is a bound",
          description: "1 where the meter tells no higher resistance: the true one is as large or larger",
          values: .flag(rows.map(\.7))),
      ])
  }

  /// One row per cycle of every device: `device`, `cycle`, `setEnergy`, and `volatile` where it forgot its SET.
  public static func cycles(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = rows(of: traces)
    return Table(
      name: "cycles", description: "Cycles of every device", rowOrder: "device, cycle", creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.device))),
        Column(
          name: "cycle", units: "1", longName: "cycle", description: "Number of the sweep cycle; forming is cycle 0",
          values: .integer(rows.map(\.cycle.number))),
        Column(
          name: "setEnergy", units: "J", longName: "switching energy",
          description: "Energy spent in the device during SET", values: .real(rows.map(\.cycle.setEnergy))),
        Column(
          name: "volatile", units: "1", longName: "SET was forgotten",
          description: "1 where the device set and was off again without a voltage, at once or within ten seconds",
          values: .flag(rows.map(\.cycle.isVolatile))),
      ])
  }

  /// One row per device that was formed: `device`, `voltage` (censored where forming failed), resistances and kinetic
  /// times of the contact before and after.
  public static func formings(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = traces.compactMap { entry in entry.trace.forming.map { (device: entry.device, forming: $0) } }
    func real(
      _ name: String, _ units: String, _ longName: String, _ description: String,
      _ value: (SwitchingTrace.Forming) -> Double
    ) -> Column {
      Column(name, units, longName, description, real: rows.map { value($0.forming) })
    }
    func time(
      _ name: String, _ longName: String, _ description: String, _ value: (SwitchingTrace.Forming) -> Double
    ) -> Column {
      Column(
        name: name, units: "s", longName: longName, description: description,
        values: .censored(rows.map { value($0.forming) }.map { $0.isFinite ? $0 : nil }))
    }
    return Table(
      name: "formings", description: "Forming of every device that was formed", rowOrder: "device",
      creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.device))),
        Column(
          name: "voltage", units: "V", longName: "forming voltage", description: "Voltage at which the device formed",
          values: .censored(rows.map(\.forming.voltage))),
        real("pristineResistance", "ohm", "pristine resistance", "Resistance at the read voltage before forming") {
          $0.pristineResistance
        },
        real("formedResistance", "ohm", "formed resistance", "Resistance at the read voltage after forming") {
          $0.formedResistance
        },
        time(
          "kineticTimeBefore", "kinetic time before", "Kinetic time of the contact before forming; missing without one"
        ) {
          $0.kineticTimeBefore
        },
        time("kineticTimeAfter", "kinetic time after", "Kinetic time of the contact after forming; missing without one")
        {
          $0.kineticTimeAfter
        },
      ])
  }

  /// One row per stay without a voltage of every device: `device`, `time` (censored where the state outlasted it),
  /// `duration`, `temperature`, resistances and whether there was a state to keep.
  public static func retentions(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    let rows = traces.flatMap { entry in entry.trace.retentions.map { (device: entry.device, stay: $0) } }
    func real(
      _ name: String, _ units: String, _ longName: String, _ description: String,
      _ value: (SwitchingTrace.Retention) -> Double
    ) -> Column {
      Column(name, units, longName, description, real: rows.map { value($0.stay) })
    }
    return Table(
      name: "retentions", description: "Stays of every device without a voltage", rowOrder: "device, stay",
      creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.device))),
        Column(
          name: "time", units: "s", longName: "retention",
          description: "Time until ln R had left a tenth of the way to the pristine state",
          values: .censored(rows.map(\.stay.time))),
        real("duration", "s", "duration", "How long the device was watched") { $0.duration },
        real("temperature", "K", "temperature", "Temperature of the stay") { $0.temperature },
        real("startResistance", "ohm", "resistance before", "Resistance at the read voltage before the stay") {
          $0.startResistance
        },
        real("endResistance", "ohm", "resistance after", "Resistance at the read voltage after the stay") {
          $0.endResistance
        },
        Column(
          name: "written", units: "1", longName: "state written",
          description: "1 where the ramp left a state to keep: else the missing time is no censored one",
          values: .flag(rows.map(\.stay.isWritten))),
      ])
  }

  private static func rows(
    of traces: [(device: Int, trace: SwitchingTrace)]
  ) -> [(device: Int, cycle: SwitchingTrace.Cycle)] {
    traces.flatMap { entry in entry.trace.cycles.map { (entry.device, $0) } }
  }
}

extension Table.Column {
  fileprivate init(_ name: String, _ units: String, _ longName: String, _ description: String, real: [Double]) {
    self.init(name: name, units: units, longName: longName, description: description, values: .real(real))
  }
}
