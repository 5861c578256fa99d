import Specimens

extension Table {
  /// One row per light pulse of every device: `device`, `train`, `pulse`, and what the transmission had changed by at the
  /// pulse's end (`peak`) and at the end of the interval after it (`trough`).
  public static func lights(of traces: [(device: Int, trace: SwitchingTrace)]) -> Table {
    var rows: [(device: Int, train: Int, pulse: Int, peak: Double, trough: Double)] = []
    for entry in traces {
      for (train, response) in entry.trace.lights.enumerated() {
        for (pulse, (peak, trough)) in zip(response.peaks, response.troughs).enumerated() {
          rows.append((entry.device, train + 1, pulse + 1, peak, trough))
        }
      }
    }
    return Table(
      name: "lights", description: "Answers of every device to light: one row per pulse",
      rowOrder: "device, train, pulse", creator: "Switching",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(rows.map(\.device))),
        Column(
          name: "train", units: "1", longName: "train of pulses", description: "Number of the train in the test",
          values: .integer(rows.map(\.train))),
        Column(
          name: "pulse", units: "1", longName: "pulse", description: "Number of the pulse in its train",
          values: .integer(rows.map(\.pulse))),
        Column(
          name: "peak", units: "1", longName: "change after the pulse",
          description: "Transmission at the pulse's end less that before the train", values: .real(rows.map(\.peak))),
        Column(
          name: "trough", units: "1", longName: "change after the interval",
          description: "Transmission at the end of the dark interval less that before the train",
          values: .real(rows.map(\.trough))),
      ])
  }
}
