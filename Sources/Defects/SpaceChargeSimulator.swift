import Foundation
import Quantities

/// Drift and diffusion of carriers and ions between two contacts, with traps: currents at given voltages.
///
/// Physics (6.1), (6.2), (6.4), (6.6). Newton's method on the coupled equations, the voltage raised in steps that halve
/// where it fails. First order in the spacing where the field is strong (kT/q per spacing), second where it is weak.
public struct SpaceChargeSimulator: Sendable {
  /// What the ions do while the current is measured.
  public enum IonMotion: Hashable, Sendable {
    /// They stay where they are: a pulse too short for them.
    case frozen
    /// They reach their equilibrium: a sweep too slow to notice them.
    case equilibrated
  }

  public let device: SpaceChargeDevice
  let system: SpaceChargeSystem
  let scale: SpaceChargeState.Scale
  let nodes: [Double]

  /// - Parameter nodes: contacts included, at least 16.
  /// - Throws: `SpaceChargeError.invalid` for a device that cannot exist.
  public init(_ device: SpaceChargeDevice, nodes count: Int = 200) throws {
    try Self.check(device)
    self.device = device
    let build = SpaceChargeBuild(device, nodes: max(16, count))
    system = build.system
    scale = build.scale
    nodes = build.grid.nodes
  }

  private static func check(_ device: SpaceChargeDevice) throws {
    let positive = [
      ("thickness", device.thickness.si), ("temperature", device.temperature.si),
      ("permittivity", device.permittivity.si), ("electronMobility", device.electronMobility.si),
      ("holeMobility", device.holeMobility.si), ("bandGap", device.bandGap.si),
      ("conductionStates", device.conductionStates.si), ("valenceStates", device.valenceStates.si),
    ]
    for (name, value) in positive where !(value > 0 && value.isFinite) {
      throw SpaceChargeError.invalid(quantity: name, value: value)
    }
    for contact in [device.bottom, device.top] {
      guard case .ohmic(let density) = contact else { continue }
      guard density.si > 0, density.si.isFinite else {
        throw SpaceChargeError.invalid(quantity: "contact density", value: density.si)
      }
    }
    guard device.ions.si >= 0, device.ions.si.isFinite else {
      throw SpaceChargeError.invalid(quantity: "ions", value: device.ions.si)
    }
    if device.pooleFrenkelPermittivity != nil, device.carriers == .both {
      throw SpaceChargeError.fieldEmissionWithBothCarriers
    }
  }

  /// The device without a voltage, ions at rest.
  /// - Throws: `SpaceChargeError.notConverged`.
  public func equilibrium() throws -> SpaceChargeState {
    guard let start = system.equilibrium() else { throw SpaceChargeError.notConverged(voltage: 0) }
    var unknowns = start
    guard
      let steps = system.solve(&unknowns, known: start, inverseStep: 0, voltage: 0, motion: .equilibrated)
    else { throw SpaceChargeError.notConverged(voltage: 0) }
    return state(unknowns, voltage: 0, steps: steps)
  }

  /// The steady state at a voltage, reached from another one.
  /// - Throws: `SpaceChargeError.notConverged`.
  public func steady(at voltage: Voltage, from start: SpaceChargeState, ions: IonMotion = .equilibrated) throws
    -> SpaceChargeState
  {
    let (unknowns, steps) = try continued(
      to: voltage.si / scale.thermalVoltage, from: start.unknowns,
      at: start.voltage.si / scale.thermalVoltage, before: nil, motion: ions == .frozen ? .frozen : .equilibrated)
    return state(unknowns, voltage: voltage.si, steps: steps)
  }

  /// The steady state at a voltage between those of two others.
  /// - Throws: `SpaceChargeError.notConverged`.
  func steady(
    at voltage: Voltage, between start: SpaceChargeState, and end: SpaceChargeState, ions: IonMotion
  ) throws -> SpaceChargeState {
    let (unknowns, steps) = try continued(
      to: voltage.si / scale.thermalVoltage, from: start.unknowns, at: start.voltage.si / scale.thermalVoltage,
      before: (end.unknowns, end.voltage.si / scale.thermalVoltage), motion: ions == .frozen ? .frozen : .equilibrated)
    return state(unknowns, voltage: voltage.si, steps: steps)
  }

  /// Steady states at rising or falling voltages, one from the other.
  /// - Throws: `SpaceChargeError.notConverged`.
  public func steady(
    at voltages: [Voltage], from start: SpaceChargeState, ions: IonMotion = .equilibrated
  ) throws -> [SpaceChargeState] {
    var found: [SpaceChargeState] = []
    var last = (unknowns: start.unknowns, voltage: start.voltage.si / scale.thermalVoltage)
    var before: (unknowns: SpaceChargeUnknowns, voltage: Double)?
    for voltage in voltages {
      let target = voltage.si / scale.thermalVoltage
      let (unknowns, steps) = try continued(
        to: target, from: last.unknowns, at: last.voltage, before: before,
        motion: ions == .frozen ? .frozen : .equilibrated)
      before = last
      last = (unknowns, target)
      found.append(state(unknowns, voltage: voltage.si, steps: steps))
    }
    return found
  }

  /// Smallest step of the voltage before a solve is given up, kT/q.
  static let smallestStep = 1e-3

  /// Raises the voltage in steps that halve on failure and double on success.
  private func continued(
    to target: Double, from start: SpaceChargeUnknowns, at voltage: Double,
    before: (unknowns: SpaceChargeUnknowns, voltage: Double)?, motion: SpaceChargeSystem.Ions
  ) throws -> (SpaceChargeUnknowns, Int) {
    var current = start
    var reached = voltage
    var earlier = before
    var step = target - voltage
    var total = 0
    repeat {
      let next = abs(step) >= abs(target - reached) ? target : reached + step
      var solution: SpaceChargeUnknowns?
      // A guess along the last change is good on smooth curves, the last state itself safer at a kink.
      if let earlier, reached != earlier.voltage {
        var guess = extrapolated(earlier, (current, reached), to: next)
        if let steps = system.solve(&guess, known: current, inverseStep: 0, voltage: next, motion: motion) {
          total += steps
          solution = guess
        }
      }
      if solution == nil {
        var guess = tilted(current, from: reached, to: next)
        if let steps = system.solve(&guess, known: current, inverseStep: 0, voltage: next, motion: motion) {
          total += steps
          solution = guess
        }
      }
      if let solution {
        earlier = (current, reached)
        (current, reached) = (solution, next)
        step *= 2
      } else {
        step *= 0.5
        guard abs(step) > Self.smallestStep else {
          throw SpaceChargeError.notConverged(voltage: next * scale.thermalVoltage)
        }
      }
    } while reached != target
    return (current, total)
  }

  /// The line through two states, in the potential and in the logarithms of the densities.
  private func extrapolated(
    _ a: (unknowns: SpaceChargeUnknowns, voltage: Double), _ b: (unknowns: SpaceChargeUnknowns, voltage: Double),
    to voltage: Double
  ) -> SpaceChargeUnknowns {
    // Power laws of the voltage, once it is well above kT/q.
    let power = min(abs(a.voltage), abs(b.voltage), abs(voltage)) > 4 && a.voltage * voltage > 0
    let share =
      power
      ? log(voltage / b.voltage) / log(b.voltage / a.voltage) : (voltage - b.voltage) / (b.voltage - a.voltage)
    let linear = (voltage - b.voltage) / (b.voltage - a.voltage)
    var guess = b.unknowns
    for i in guess.potential.indices {
      guess.potential[i] += linear * (b.unknowns.potential[i] - a.unknowns.potential[i])
    }
    for i in guess.densities.indices {
      let ratio = b.unknowns.densities[i] / a.unknowns.densities[i]
      guard ratio > 0, ratio.isFinite else { continue }
      guess.densities[i] = max(1e-250, guess.densities[i] * exp(max(-20, min(20, share * log(ratio)))))
    }
    return guess
  }

  /// A state with the change of the voltage laid evenly over the layer.
  private func tilted(_ start: SpaceChargeUnknowns, from voltage: Double, to next: Double) -> SpaceChargeUnknowns {
    var guess = start
    for i in guess.potential.indices { guess.potential[i] += (next - voltage) * nodes[i] }
    return guess
  }

  /// A steady state in SI.
  func state(_ unknowns: SpaceChargeUnknowns, voltage: Double, steps: Int) -> SpaceChargeState {
    let (profile, current) = system.current(unknowns)
    return SpaceChargeState(
      unknowns: unknowns, scale: scale, nodes: nodes, electronIndex: system.electrons, holeIndex: system.holes,
      ionIndex: system.ions, voltage: Voltage(si: voltage), currentDensity: current * scale.current,
      currentProfile: profile.map { $0 * scale.current }, steps: steps)
  }
}
