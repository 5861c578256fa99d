import Foundation
import Quantities
import Specimens

/// Cycling: how long the window lasts, and how finely it is divided.
extension TestBench {
  /// Drives one half of a cycle: a ramp, or a rectangular pulse where a width is given.
  private func half(_ ramp: TestProtocol.Ramp, width: TimeSpan?, _ run: inout Run) throws {
    if let width {
      try pulse(ramp.amplitude.si, width: width.si, compliance: ramp.compliance.si, &run)
    } else {
      try sweep(ramp, &run)
    }
  }

  /// Cycles until the window R_HRS/R_LRS is too small, be it that SET or RESET failed; physics (8.42), 8.3c.
  func endure(_ cycle: TestProtocol.Ramp, _ test: TestProtocol.Endurance, _ run: inout Run) throws {
    var windows: [SwitchingTrace.Endurance.Window] = []
    var survived = 0
    var nextKept = 1.0
    for number in 1...test.cycles {
      begin(&run)
      var (low, high) = (0.0, 0.0)
      for ramp in cycle.halves {
        try half(ramp, width: test.width, &run)
        if device.sets(ramp.amplitude.si) {
          low = try resistance(run.state)
        } else {
          high = try resistance(run.state)
        }
      }
      run.cycle += 1
      let window = SwitchingTrace.Endurance.Window(cycle: number, lowResistance: low, highResistance: high)
      let isAlive = window.ratio >= test.window.si
      if !isAlive || number == test.cycles || Double(number) >= nextKept {
        windows.append(window)
        nextKept = max(Double(number + 1), nextKept * pow(10, 0.1))
      }
      guard isAlive else { break }
      survived = number
    }
    run.outcome.trace.endurances.append(
      SwitchingTrace.Endurance(cycles: survived, isCensored: survived == test.cycles, windows: windows))
  }

  /// Levels by compliance are read after the half that sets, levels by stop voltage after the one that resets.
  func setLevels(_ shared: TestProtocol.Ramp, _ test: TestProtocol.Multilevel, _ run: inout Run) throws {
    let control: SwitchingTrace.Multilevel.Control = test.compliances == nil ? .stopVoltage : .compliance
    let settings = test.compliances?.map(\.si) ?? test.stopVoltages?.map(\.si) ?? []
    var levels = settings.map { SwitchingTrace.Multilevel.Level(setting: $0, resistances: []) }
    for (index, ramp) in test.ramps(of: shared).enumerated() {
      for _ in 0..<test.repeats {
        begin(&run)
        for half in ramp.halves {
          try sweep(half, &run)
          if device.sets(half.amplitude.si) == (control == .compliance) {
            levels[index].resistances.append(try resistance(run.state))
          }
        }
        run.cycle += 1
      }
    }
    run.outcome.trace.multilevels.append(SwitchingTrace.Multilevel(control: control, levels: levels))
  }
}
