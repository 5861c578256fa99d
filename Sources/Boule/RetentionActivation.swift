import Foundation
import NumericalMethods
import Quantities
import Specimens

/// What raises the rate at which states are lost: an energy from stays at three temperatures or more.
///
///     ln t = a + E/kT + s ε,   ε normal
///
/// Log-normal times about Arrhenius' law, all devices in one fit; states that outlasted the stay count as longer than it.
public struct RetentionActivation: Hashable, Sendable {
  /// E.
  public var energy: Energy
  /// 90 %, low and high.
  public var interval: [Energy]
  /// Stays in which the state was lost, and in which it was not.
  public var events: Int
  public var censored: Int

  /// nil below three temperatures, or where the times do not tell.
  public init?(_ stays: [SwitchingTrace.Retention]) {
    let written = stays.filter { $0.isWritten && ($0.time ?? $0.duration) > 0 }
    guard Set(written.map(\.temperature)).count >= 3 else { return nil }
    let line = try? CensoredLine(
      x: written.map { 1 / (Constants.boltzmann * $0.temperature) }, y: written.map { log($0.time ?? $0.duration) },
      isCensored: written.map { $0.time == nil })
    guard let line, line.slopeError.isFinite else { return nil }
    let half = NormalDistribution.quantile(0.95) * line.slopeError
    energy = Energy(si: line.slope)
    interval = [Energy(si: line.slope - half), Energy(si: line.slope + half)]
    censored = written.count { $0.time == nil }
    events = written.count - censored
  }
}

extension Forecast {
  /// Of all devices' stays; nil unless they were at three temperatures or more.
  public var retentionActivation: RetentionActivation? {
    RetentionActivation(ensemble.traces.flatMap(\.trace.retentions))
  }
}
