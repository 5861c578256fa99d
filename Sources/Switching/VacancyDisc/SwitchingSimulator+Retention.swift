import Foundation
import NumericalMethods
import Quantities
import Specimens

extension SwitchingSimulator {
  /// Share of the way between the states, in ln R, that a state may drift before it counts as lost.
  static let retainedWindow = 0.1

  /// Lets the device rest without a voltage and tells how long its state lasted.
  ///
  /// Vacancies leave the disc one by one and independently, each after an exponential time, so the time between two that
  /// leave is exponential with the rate of all that are left: exact, without steps. The window is that of ln R between the
  /// written and the pristine device, read at the crystal's temperature.
  func keep(
    _ state: inout State, for rest: TestProtocol.Rest, pristine: Double, random: inout RandomSource
  ) throws -> SwitchingTrace.Retention {
    let temperature = rest.temperature?.si ?? device.temperature
    // The double layer has gone long before the first vacancy leaves.
    state.charge = 0
    let written = try resistance(state)
    let limit = log(written) + Self.retainedWindow * (log(pristine) - log(written))
    let isWritten = state.vacancies > 0 && pristine > 2 * written
    let rate = device.detachmentRate(at: temperature)
    let end = state.time + rest.duration.si
    var time: Double?
    let began = state.time
    while state.vacancies > 0 {
      let wait = rate > 0 ? random.exponential() / (rate * Double(state.vacancies)) : .infinity
      guard state.time + wait <= end else { break }
      state.time += wait
      state.vacancies -= 1
      if isWritten, time == nil, log(try resistance(state)) > limit { time = state.time - began }
    }
    state.time = end
    state.isSet = state.isSet && state.vacancies > 0
    return SwitchingTrace.Retention(
      time: time, isWritten: isWritten, duration: rest.duration.si, temperature: temperature, startResistance: written,
      endResistance: try resistance(state))
  }
}
