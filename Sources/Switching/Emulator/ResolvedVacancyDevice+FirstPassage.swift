import Foundation
import NumericalMethods

/// The hazard of a first cluster that a ramp has collected, voltage by voltage.
public struct FirstPassageCurve: Sendable {
  /// V, without sign, and the hazard up to there.
  public internal(set) var points: [(voltage: Double, hazard: Double)] = []

  /// Where the hazard reaches a value, V; nil if the ramp ended before. Its logarithm runs linearly between points.
  public func voltage(at hazard: Double) -> Double? {
    guard let after = points.firstIndex(where: { $0.hazard >= hazard }) else { return nil }
    guard after > 0, points[after - 1].hazard > 0 else { return points[after].voltage }
    let (a, b) = (points[after - 1], points[after])
    return a.voltage + (b.voltage - a.voltage) * log(hazard / a.hazard) / log(b.hazard / a.hazard)
  }

  /// The exponential passage closest to the curve between hazards of 0.05 and 3.5, by least squares in the voltage; nil if the
  /// ramp ended before.
  public func exponential(rampRate: Double) -> (voltageOfHazardOne: Double, voltageScale: Double)? {
    let levels = [0.05, 0.1, 0.2, 0.35, 0.7, 1, 1.5, 2.3, 3.5]
    let voltages = levels.compactMap(voltage(at:))
    guard voltages.count == levels.count else { return nil }
    let logs = levels.map { log($0) }
    let (meanLog, meanVoltage) = (
      logs.reduce(0, +) / Double(logs.count), voltages.reduce(0, +) / Double(voltages.count)
    )
    var (cross, square) = (0.0, 0.0)
    for (x, v) in zip(logs, voltages) {
      cross += (x - meanLog) * (v - meanVoltage)
      square += (x - meanLog) * (x - meanLog)
    }
    let scale = cross / square
    return (meanVoltage - scale * meanLog, scale)
  }
}

extension ResolvedVacancyDevice {
  /// How the pristine device's hazard of a first cluster grows under a ramp that sets it, until it is all but certain.
  /// - Parameters:
  ///   - rampRate: V/s.
  ///   - largest: V, where the ramp ends at the latest.
  /// - Throws: `SwitchingError`.
  public func firstPassage(rampRate: Double, upTo largest: Double, step: Double = 0.01) throws -> FirstPassageCurve {
    var state = pristine
    var curve = FirstPassageCurve()
    var hazard = 0.0
    var rate = state.totalRate
    var index = 0
    while hazard < 6, Double(index) * step < largest {
      index += 1
      let voltage = Double(index) * step
      try carry(&state, to: -voltage, during: step / rampRate)
      let passage = RampFirstPassage(rate: 1, voltageScale: 1)
      hazard += passage.hazard(
        from: max(log(rate), log(state.totalRate) - 50), to: log(state.totalRate), during: step / rampRate)
      rate = state.totalRate
      curve.points.append((voltage, hazard))
    }
    return curve
  }
}
