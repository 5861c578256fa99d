import Foundation
import Quantities

extension SpaceChargeSimulator {
  /// Whether ions drift in a transient.
  public enum TransientIons: Hashable, Sendable {
    case frozen
    case moving
  }

  /// Largest relative error of a time step that passes without halving.
  public static let timeTolerance = 1e-4
  /// Steps that a transient may take.
  static let maximumTimeSteps = 100_000

  /// The device after a linear ramp of the voltage; a hold where the voltage stays.
  ///
  /// TR-BDF2 (Bank et al., *IEEE Trans. Electron Devices* 32 (1985) 1992): second order, damps stiff parts. With u′ = f
  /// and γ = 2 − √2, both stages have the form u = known + τ f(u), τ = γ Δt/2:
  ///
  ///     trapezoid:  known = uₙ + τ f(uₙ)
  ///     BDF2:       known = uᵧ/(γ(2 − γ)) − uₙ (1 − γ)²/(γ(2 − γ))
  ///
  /// - Parameters:
  ///   - steps: a fixed number of equal steps; without it, steps follow the error of ions, traps and carriers.
  ///   - tolerance: largest relative error of a step.
  /// - Throws: `SpaceChargeError`.
  public func ramped(
    _ start: SpaceChargeState, to voltage: Voltage, over duration: TimeSpan, ions: TransientIons = .moving,
    steps: Int? = nil, tolerance: Double = timeTolerance
  ) throws -> SpaceChargeState {
    guard duration.si > 0, duration.si.isFinite else {
      throw SpaceChargeError.invalid(quantity: "duration", value: duration.si)
    }
    let motion: SpaceChargeSystem.Ions = ions == .moving ? .moving : .frozen
    let (first, last) = (start.voltage.si / scale.thermalVoltage, voltage.si / scale.thermalVoltage)
    let total = duration.si / scale.time
    var unknowns = start.unknowns
    var rates = start.rates ?? unknowns.scaled(by: 0)
    if ions == .frozen, let index = system.ions { rates.still(species: index, count: nodes.count) }
    var time = 0.0
    var step = total / Double(steps ?? 50)
    var count = 0
    var newton = 0
    while time < total {
      if steps == nil { step = min(step, total - time) }
      count += 1
      let end = steps.map { Double(count) == Double($0) } ?? (time + step >= total * (1 - 1e-12))
      let next = end ? total : time + step
      let at = { (t: Double) -> Double in first + (last - first) * t / total }
      let attempt = system.advance(
        unknowns, rates: rates, by: next - time, from: at(time),
        middle: at(time + SpaceChargeSystem.gamma * (next - time)), to: at(next), motion: motion, nodes: nodes)
      guard count < Self.maximumTimeSteps else { throw SpaceChargeError.timeStepTooSmall(time: time * scale.time) }
      if let attempt, steps != nil || attempt.error <= tolerance {
        (unknowns, rates) = (attempt.unknowns, attempt.rates)
        newton += attempt.steps
        time = next
        if steps == nil { step *= min(4, max(0.5, 0.8 * cbrt(tolerance / max(attempt.error, 1e-30)))) }
      } else {
        guard steps == nil, step > 1e-12 * total else {
          throw SpaceChargeError.timeStepTooSmall(time: time * scale.time)
        }
        step *= attempt.map { max(0.1, 0.8 * cbrt(tolerance / $0.error)) } ?? 0.25
      }
    }
    return transientState(
      unknowns, rates: rates, voltage: voltage.si, time: start.time.si + duration.si, steps: newton,
      moving: motion == .moving)
  }

  /// A moment of a transient in SI, with the displacement current.
  private func transientState(
    _ unknowns: SpaceChargeUnknowns, rates: SpaceChargeUnknowns, voltage: Double, time: Double, steps: Int,
    moving: Bool
  ) -> SpaceChargeState {
    let (profile, current) = system.current(unknowns, rates: rates, ionsMove: moving)
    return SpaceChargeState(
      unknowns: unknowns, rates: rates, scale: scale, nodes: nodes, electronIndex: system.electrons,
      holeIndex: system.holes, ionIndex: system.ions, voltage: Voltage(si: voltage),
      currentDensity: current * scale.current, currentProfile: profile.map { $0 * scale.current },
      time: TimeSpan(si: time), steps: steps)
  }
}
