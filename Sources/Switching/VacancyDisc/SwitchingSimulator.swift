import Foundation
import NumericalMethods
import Quantities
import Specimens

/// Runs a device through a test, voltage step by voltage step.
///
/// Three states: the sheet charge of the double layer (relaxed exactly over each step), the vacancies in the disc (Poisson and
/// binomial counts, physics (8.33), (8.34)), and where the disc is. SET is a first passage whose place within a step is exact, so
/// the step only sets how finely the curve is drawn.
public struct SwitchingSimulator: Sendable {
  public let device: Device
  /// Voltage between two points of a curve, V.
  public var voltageStep = 0.01
  /// V; where resistances are read.
  public var readVoltage = 0.1
  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> = []

  public init(_ device: Device) { self.device = device }

  /// The state of a device between steps.
  struct State {
    var time = 0.0
    /// Sheet charge of the double layer, C/m².
    var charge = 0.0
    var vacancies = 0
    var site: NucleationLandscape.Site?
    /// Whether the cluster has closed since vacancies were last pushed out.
    var isSet = false
    /// Exp(1) draw that the hazard has to reach, less what it has collected.
    var patience = 0.0
  }

  /// One half-sweep 0 → amplitude → 0.
  struct HalfSweep {
    var points: [SwitchingTrace.Point] = []
    /// Voltage of the SET event, V.
    var event: Double?
    /// J.
    var energy = 0.0
    /// Shortest kinetic time of the contact on the way, s.
    var fastest = Double.infinity
  }

  /// The device's answer to the protocols, in order.
  ///
  /// - Parameters:
  ///   - member: the draw of uncertain parameters, 0 for the nominal ones.
  ///   - number: the device's number; with the seed it fixes every random number.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  public func run(
    _ protocols: [TestProtocol], seed: UInt64, member: Int = 0, device number: Int = 0
  ) throws -> SwitchingTrace {
    var state = State()
    var trace = SwitchingTrace(
      forming: nil, cycles: [], curves: [:], readVoltage: readVoltage, warnings: device.warnings)
    var half = HalfSweep()
    var cycle = 0
    var largestVoltage = 0.0
    for step in protocols {
      var random = RandomSource(seed: seed, member: member, device: number, cycle: cycle, stream: .switching)
      switch step {
      case .forming(let ramp):
        let pristine = try resistance(state)
        let before = device.contact.kineticTime(charge: state.charge)
        state.patience = random.exponential()
        try sweep(ramp, to: ramp.amplitude.si, state: &state, into: &half, random: &random)
        trace.forming = SwitchingTrace.Forming(
          voltage: half.event, pristineResistance: pristine, formedResistance: try resistance(state),
          kineticTimeBefore: before, kineticTimeAfter: half.fastest)
        if half.event == nil { trace.warnings.append(Self.unformed(ramp)) }
        if keptCycles.contains(0) { trace.curves[0] = half.points }
        largestVoltage = max(largestVoltage, abs(ramp.amplitude.si))
        cycle += 1
      case .retention(let ramp, let rest):
        let pristine = try resistance(State())
        state.patience = random.exponential()
        try sweep(ramp, to: ramp.amplitude.si, state: &state, into: &half, random: &random)
        trace.retentions.append(try keep(&state, for: rest, pristine: pristine, random: &random))
        largestVoltage = max(largestVoltage, abs(ramp.amplitude.si))
        cycle += 1
      case .sweep(let ramp, let cycles):
        cycle = max(cycle, 1)
        largestVoltage = max(largestVoltage, abs(ramp.amplitude.si))
        for _ in 0..<cycles {
          random = RandomSource(seed: seed, member: member, device: number, cycle: cycle, stream: .switching)
          trace.cycles.append(
            try self.cycle(cycle, ramp: ramp, state: &state, half: &half, random: &random, curves: &trace.curves))
          cycle += 1
        }
      }
    }
    trace.warnings += limits(largestVoltage: largestVoltage, protocols: protocols)
    return trace
  }

  private func cycle(
    _ number: Int, ramp: TestProtocol.Ramp, state: inout State, half: inout HalfSweep, random: inout RandomSource,
    curves: inout [Int: [SwitchingTrace.Point]]
  ) throws -> SwitchingTrace.Cycle {
    var result = SwitchingTrace.Cycle(
      number: number, setVoltage: nil, resetVoltage: nil, lowResistance: 0, highResistance: 0, vacanciesOn: 0,
      vacanciesOff: 0, setEnergy: 0)
    state.patience = random.exponential()
    var curve: [SwitchingTrace.Point] = []
    for ramp in ramp.halves {
      let amplitude = ramp.amplitude.si
      let began = state.vacancies
      try sweep(ramp, to: amplitude, state: &state, into: &half, random: &random)
      if keptCycles.contains(number) { curve += half.points }
      if amplitude < 0 {
        result.setVoltage = VirtualMeasurement.setVoltage(half.points, readVoltage: readVoltage)
        result.setIsIdle = result.setVoltage == nil && state.vacancies > device.halfFull
        result.lowResistance = try resistance(state)
        result.vacanciesOn = state.vacancies
        result.setEnergy = half.energy
      } else {
        result.resetVoltage = VirtualMeasurement.resetVoltage(half.points)
        result.resetIsIdle = result.resetVoltage == nil && began <= device.halfFull
        result.highResistance = try resistance(state)
        result.vacanciesOff = state.vacancies
      }
    }
    if keptCycles.contains(number) { curves[number] = curve }
    return result
  }

  /// Ohm at the read voltage, without disturbing the state.
  func resistance(_ state: State) throws -> Double {
    let current = device.current(voltage: readVoltage, charge: state.charge, vacancies: state.vacancies)
    guard current.isFinite, current > 0 else {
      throw SwitchingError.notFinite(what: "the read current", at: readVoltage)
    }
    return readVoltage / current
  }

  /// Ramps to an amplitude and back.
  private func sweep(
    _ ramp: TestProtocol.Ramp, to amplitude: Double, state: inout State, into half: inout HalfSweep,
    random: inout RandomSource
  ) throws {
    half.points.removeAll(keepingCapacity: true)
    half.event = nil
    half.energy = 0
    half.fastest = device.contact.kineticTime(charge: state.charge)
    let steps = max(1, Int((abs(amplitude) / voltageStep).rounded(.up)))
    let stride = amplitude / Double(steps)
    let duration = abs(stride) / ramp.rate.si
    half.points.append(SwitchingTrace.Point(time: state.time, voltage: 0, current: 0))
    var across = 0.0
    for index in 1...(2 * steps) {
      let applied = stride * Double(index <= steps ? index : 2 * steps - index)
      let before = across
      across = try operate(applied, compliance: ramp.compliance.si, state: state).voltage
      let event = advance(&state, from: before, to: across, during: duration, random: &random)
      if let event, half.event == nil { half.event = event }
      // The point of the curve belongs to the state that the step leaves.
      let current: Double
      (current, across) = try operate(applied, compliance: ramp.compliance.si, state: state)
      half.fastest = min(half.fastest, device.contact.kineticTime(charge: state.charge))
      state.time += duration
      half.energy += abs(current * across) * duration
      half.points.append(SwitchingTrace.Point(time: state.time, voltage: applied, current: current))
    }
  }

  /// Current and crystal voltage at an applied voltage: leads in series, the source limits the current.
  ///
  ///     V_app = I R_s + V_d,  |I| ≤ I_cc   (physics 8.31)
  private func operate(
    _ applied: Double, compliance: Double, state: State
  ) throws -> (current: Double, voltage: Double) {
    let device = self.device
    let read = { (voltage: Double) -> Double in
      device.current(voltage: voltage, charge: state.charge, vacancies: state.vacancies)
    }
    var voltage = applied
    var current = read(voltage)
    guard current.isFinite else { throw SwitchingError.notFinite(what: "the current", at: applied) }
    if abs(current) * device.seriesResistance > 1e-9 * abs(applied) {
      // Monotone in the voltage between 0 and the applied one.
      voltage = try Roots.brent(min(0, applied), max(0, applied), tolerance: 1e-12 * abs(applied)) {
        $0 + read($0) * device.seriesResistance - applied
      }
      current = read(voltage)
    }
    if abs(current) > compliance {
      let limit = applied > 0 ? compliance : -compliance
      voltage =
        compliance == 0
        ? 0 : try Roots.brent(min(0, voltage), max(0, voltage), tolerance: 1e-12 * abs(voltage)) { read($0) - limit }
      current = limit
    }
    return (current, voltage)
  }

  /// Carries the state over one voltage step; returns the voltage of a SET event.
  private func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, random: inout RandomSource
  ) -> Double? {
    let pull = -0.5 * (start + end)
    let relaxation = device.contact.kineticTime(charge: state.charge)
    if relaxation < .infinity {
      let target = device.contact.equilibriumCharge(voltage: pull)
      state.charge = target + (state.charge - target) * exp(-time / relaxation)
    }
    if pull < 0 { state.isSet = false }
    var event: Double?
    if pull > 0, !state.isSet {
      event = nucleate(&state, from: -start, to: -end, during: time, random: &random)
    }
    if state.vacancies > 0 {
      let rate = device.detachmentRate * exp(-pull / device.detachmentScale)
      state.vacancies -= random.binomial(trials: state.vacancies, probability: -expm1(-rate * time))
    }
    return event
  }

  /// Collects the hazard of all sites; at the event the disc fills.
  private func nucleate(
    _ state: inout State, from start: Double, to end: Double, during time: Double, random: inout RandomSource
  ) -> Double? {
    let share = Double(state.vacancies) / device.discCapacity
    let old = state.site.map { $0.rate(remaining: share) } ?? 0
    var passage = device.landscape.pristine
    passage.rate += old
    let hazard = passage.rate > 0 ? passage.hazard(from: start, to: end, during: time) : 0
    if hazard < state.patience {
      state.patience -= hazard
      return nil
    }
    let part = passage.share(reaching: state.patience, from: start, to: end, during: time)
    if state.site == nil || random.uniform() * passage.rate >= old {
      // A new place wins; what is left of the old disc no longer counts: one disc at a time.
      state.site = device.landscape.site(random: &random)
    }
    state.vacancies = max(1, random.poisson(mean: device.discCapacity))
    state.isSet = true
    return -(start + part * (end - start))
  }

  private static func unformed(_ ramp: TestProtocol.Ramp) -> ValidityWarning {
    ValidityWarning(
      stage: "switching", code: "notFormed",
      message: ramp.amplitude.si > 0
        ? "forming with \(ramp.amplitude.si) V drives vacancies away from the switching contact (top); use a negative amplitude"
        : "no filament formed up to \(ramp.amplitude.si) V; use a larger amplitude or a slower ramp")
  }

  private func limits(largestVoltage: Double, protocols: [TestProtocol]) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    let field = 0.5 * largestVoltage / device.layerThickness
    if field > Device.fieldLimit {
      found.append(
        ValidityWarning(
          stage: "switching", code: "fieldTooHigh",
          message: "the contact layer sees up to \(Device.rounded(field / 1e9)) V/nm; rates are trusted up to 0.5 V/nm")
      )
    }
    for step in protocols {
      guard case .sweep(let ramp, _) = step else { continue }
      let time = 4 * abs(ramp.amplitude.si) / ramp.rate.si
      let charging = device.contact.kineticTime(charge: 0) * ramp.rate.si
      if charging > device.landscape.voltageScale, device.contact.bulkDensity > 0 {
        found.append(
          ValidityWarning(
            stage: "switching", code: "rampTooFast",
            message:
              "the voltage moves by \(Device.rounded(charging)) V while the double layer charges; nucleation is taken to follow at once, which needs less than \(Device.rounded(device.landscape.voltageScale)) V"
          ))
      }
      let crossings = device.crossings(duringSweep: time, voltage: ramp.amplitude.si)
      if crossings < 1, device.contact.bulkDensity > 0 {
        found.append(
          ValidityWarning(
            stage: "switching", code: "ionsTooSlow",
            message:
              "an ion crosses \(Device.rounded(crossings)) of the crystal during a sweep; below 1 the lumped double layer is doubtful"
          ))
      }
    }
    return found
  }
}
