import Foundation
import Quantities
import Specimens

extension TestBench {
  /// Share of the way between the states, in ln R, that a state may drift before it counts as lost: physics 8.3c.
  private static var retainedWindow: Double { 0.1 }

  /// Writes a state by a ramp, lets the device rest without a voltage and tells how long the state lasted.
  ///
  /// The window is that of ln R between the written and the pristine device, read at the crystal's temperature.
  func retain(_ ramp: TestProtocol.Ramp, _ rest: TestProtocol.Rest, _ run: inout Run) throws {
    for stay in rest.stays { try retain(ramp, for: rest.duration.si, at: stay?.si ?? device.temperature, &run) }
  }

  private func retain(
    _ ramp: TestProtocol.Ramp, for duration: Double, at temperature: Double, _ run: inout Run
  ) throws {
    begin(&run)
    let pristine = try resistance(device.pristine)
    try sweep(ramp, &run)
    device.settle(&run.state)
    let written = try resistance(run.state)
    let limit = log(written) + Self.retainedWindow * (log(pristine) - log(written))
    let isWritten = pristine > 2 * written
    let time = try device.rest(&run.state, for: duration, at: temperature, random: &run.random) {
      isWritten ? log(try resistance($0)) > limit : false
    }
    run.time += duration
    run.outcome.trace.retentions.append(
      SwitchingTrace.Retention(
        time: time, isWritten: isWritten, duration: duration, temperature: temperature,
        startResistance: written, endResistance: try resistance(run.state)))
    run.cycle += 1
  }
}
