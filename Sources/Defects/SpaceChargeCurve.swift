import Foundation
import Quantities

/// Current against voltage, and what a laboratory reads off it on logarithmic axes.
public struct SpaceChargeCurve: Hashable, Sendable {
  /// Rising, V.
  public private(set) var voltages: [Double] = []
  /// A/m².
  public private(set) var currents: [Double] = []
  /// m.
  public let thickness: Double
  /// F/m.
  public let dielectricConstant: Double

  /// Distance of neighboring voltages at the steepest place, as a logarithm.
  static let finestStep = 0.02

  /// Measures a device at voltages spaced evenly on a logarithmic axis, then closer where the current rises fastest, if
  /// that is faster than the square law.
  ///
  /// - Parameters:
  ///   - points: voltages of the first pass, at least 4.
  ///   - ions: whether each point lets the ions come to rest or finds them as they were without voltage.
  /// - Throws: `SpaceChargeError`.
  public init(
    of simulator: SpaceChargeSimulator, from lowest: Voltage, to highest: Voltage, points: Int = 32,
    ions: SpaceChargeSimulator.IonMotion = .equilibrated
  ) throws {
    thickness = simulator.device.thickness.si
    dielectricConstant = simulator.device.permittivity.si * Constants.vacuumPermittivity
    let count = max(4, points)
    let first = log(lowest.si)
    let step = (log(highest.si) - first) / Double(count - 1)
    let sweep = (0..<count).map { Voltage(si: exp(first + Double($0) * step)) }
    var states = try simulator.steady(at: sweep, from: simulator.equilibrium(), ions: ions)
    while true {
      take(states)
      let steepest = steepestInterval
      guard slope(steepest) > 2, log(voltages[steepest + 1] / voltages[steepest]) > Self.finestStep else { break }
      for i in [steepest + 1, steepest, steepest - 1] where i >= 0 && i + 1 < voltages.count {
        guard log(voltages[i + 1] / voltages[i]) > Self.finestStep else { continue }
        let middle = Voltage(si: (voltages[i] * voltages[i + 1]).squareRoot())
        let state = try simulator.steady(at: middle, between: states[i], and: states[i + 1], ions: ions)
        states.insert(state, at: i + 1)
      }
    }
  }

  /// Measures a device while the voltage rises from 0 at a finite rate, ions and traps moving as fast as they can.
  ///
  /// - Parameters:
  ///   - points: voltages at which the current is read, spaced evenly on a logarithmic axis; at least 4.
  /// - Throws: `SpaceChargeError`.
  public init(
    of simulator: SpaceChargeSimulator, from lowest: Voltage, to highest: Voltage, points: Int = 40, rate: VoltageRate
  ) throws {
    thickness = simulator.device.thickness.si
    dielectricConstant = simulator.device.permittivity.si * Constants.vacuumPermittivity
    let count = max(4, points)
    var state = try simulator.equilibrium()
    var states: [SpaceChargeState] = []
    for i in 0..<count {
      let share = Double(i) / Double(count - 1)
      let voltage = exp(log(lowest.si) * (1 - share) + log(highest.si) * share)
      state = try simulator.ramped(
        state, to: .volts(voltage), over: TimeSpan(si: (voltage - state.voltage.si) / rate.si))
      states.append(state)
    }
    take(states)
  }

  /// A measured curve.
  /// - Parameters:
  ///   - voltages: V, rising and above 0.
  ///   - currents: A/m², above 0.
  public init(voltages: [Double], currents: [Double], thickness: Length, permittivity: Ratio) {
    self.voltages = voltages
    self.currents = currents
    self.thickness = thickness.si
    dielectricConstant = permittivity.si * Constants.vacuumPermittivity
  }

  private mutating func take(_ states: [SpaceChargeState]) {
    voltages = states.map { $0.voltage.si }
    currents = states.map { max($0.currentDensity, .leastNormalMagnitude) }
  }

  /// d ln J / d ln V between point i and the next.
  func slope(_ i: Int) -> Double { log(currents[i + 1] / currents[i]) / log(voltages[i + 1] / voltages[i]) }

  private var steepestInterval: Int {
    (0..<(voltages.count - 1)).max { slope($0) < slope($1) } ?? 0
  }

  /// Largest d ln J / d ln V: 2 without traps.
  public var steepestSlope: Double { slope(steepestInterval) }

  /// ln J − 2 ln V of the square law that the upper end follows.
  ///
  /// The mean over the points of the last third of a decade; where the slope there is not 2, this is what a fit would
  /// force.
  private var squareLaw: Double {
    let top = highestVoltage
    let used = voltages.indices.filter { voltages[$0] > top / 2.2 }
    return used.reduce(0) { $0 + log(currents[$1]) - 2 * log(voltages[$1]) } / Double(used.count)
  }

  /// V.
  public var highestVoltage: Double { voltages[voltages.count - 1] }

  /// Slope at the upper end: 2 where the square law holds.
  public var upperSlope: Double { slope(voltages.count - 2) }

  /// The voltage where the steepest tangent meets the square law of the upper end, V; nil where nothing is steeper than
  /// that law, or the upper end itself is the steepest: the traps fill beyond it, if at all.
  ///
  /// Physics (6.2). With traps at midgap it reads low, by 5 % at 1e4 kT/q, 15 % at 1e3 and 20 % at 140: the current
  /// leaks over the last barrier before the traps are full. With shallow ones it reads high, since they are never full.
  public var kinkVoltage: Double? {
    let i = steepestInterval
    let s = slope(i)
    guard s > 2, i + 2 < voltages.count else { return nil }
    let voltage = exp((squareLaw - log(currents[i]) + s * log(voltages[i])) / (s - 2))
    return voltage.isFinite ? voltage : nil
  }

  /// μ = 8 J L³ / (9 ε V²) of the square law at the upper end, m²/(V s).
  public var apparentMobility: Double { 8.0 / 9 * exp(squareLaw) * pow(thickness, 3) / dielectricConstant }
}
