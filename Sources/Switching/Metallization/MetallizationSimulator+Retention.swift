import Foundation
import Quantities
import Specimens

extension MetallizationSimulator {
  /// Steps per decade of time in which a resting filament is looked at.
  private static let looksPerDecade = 20.0
  /// First look at a resting filament, s.
  private static let firstLook = 1e-6

  /// Lets the cell rest without a voltage and tells how long its state lasted, to a twentieth of a decade.
  ///
  /// At another temperature its rates are those of that temperature; resistances are read at the crystal's.
  func keep(for rest: TestProtocol.Rest, pristine: Double, _ progress: inout Progress) throws {
    let temperature = rest.temperature?.si ?? cell.parameters.temperature
    var parameters = cell.parameters
    parameters.temperature = temperature
    let resting = MetallizationCell(parameters, background: cell.background)
    let written = try resistance(progress.state)
    let limit = log(written) + SwitchingSimulator.retainedWindow * (log(pristine) - log(written))
    let isWritten = pristine > 2 * written
    let duration = rest.duration.si
    var (elapsed, next) = (0.0, min(duration, Self.firstLook))
    var time: Double?
    while elapsed < duration {
      try resting.rest(&progress.state, for: next - elapsed, random: &progress.random)
      elapsed = next
      if isWritten, time == nil, log(try resistance(progress.state)) > limit { time = elapsed }
      next = min(duration, elapsed * pow(10, 1 / Self.looksPerDecade))
    }
    progress.time += duration
    progress.outcome.trace.retentions.append(
      SwitchingTrace.Retention(
        time: time, isWritten: isWritten, duration: duration, temperature: temperature, startResistance: written,
        endResistance: try resistance(progress.state)))
  }
}
