import Foundation
import NumericalMethods
import Quantities
import Specimens

/// Puts a device through a test, voltage step by voltage step, whatever switches it.
public struct TestBench<Tested: SwitchingDevice>: Sendable {
  public let device: Tested
  /// Voltage between two points of a curve, V.
  public var voltageStep = 0.01
  /// V; where resistances are read.
  public var readVoltage = 0.1
  /// A; smaller read currents are told as this one.
  public var meterFloor = 0.0
  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> = []

  public init(_ device: Tested) { self.device = device }

  /// What is read off a run beside the trace.
  public struct Outcome: Hashable, Sendable {
    public var trace: SwitchingTrace
    /// State at the end.
    public var state: Tested.State
    /// Voltage at each half-sweep's first nucleus and turn-on, by cycle; forming is 0.
    public var nucleations: [Int: Double] = [:]
    public var turnOns: [Int: Double] = [:]
    /// Energy spent in the device under ramps and pulses, J.
    public var energy = 0.0
  }

  /// One half-sweep 0 → amplitude → 0.
  struct HalfSweep {
    var points: [SwitchingTrace.Point] = []
    var record = StepRecord()
    /// Whether the device was on when it began.
    var beganOn = false
    /// Shortest kinetic time of the contact on the way, s.
    var fastest = Double.infinity
  }

  /// A run in progress.
  struct Run {
    let seed: UInt64
    let member: Int
    let number: Int
    var state: Tested.State
    var random: RandomSource
    /// Of the next cycle.
    var cycle = 0
    /// s.
    var time = 0.0
    var half = HalfSweep()
    var isAveraged = false
    var outcome: Outcome
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
    try outcome(of: protocols, seed: seed, member: member, device: number).trace
  }

  /// As `run`, with what a trace has no place for.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  public func outcome(
    of protocols: [TestProtocol], seed: UInt64, member: Int = 0, device number: Int = 0
  ) throws -> Outcome {
    let trace = SwitchingTrace(
      forming: nil, cycles: [], curves: [:], readVoltage: readVoltage, warnings: device.warnings)
    var run = Run(
      seed: seed, member: member, number: number, state: device.pristine,
      random: RandomSource(seed: seed, stream: .switching), outcome: Outcome(trace: trace, state: device.pristine))
    for step in protocols {
      switch step {
      case .forming(let ramp): try form(ramp, &run)
      case .retention(let ramp, let rest): try retain(ramp, rest, &run)
      case .sweep(let ramp, let cycles):
        run.cycle = max(run.cycle, 1)
        for _ in 0..<cycles { try self.cycle(ramp, &run) }
      case .light: throw SwitchingError.lightOnElectrodes
      case .pulses(let train): try pulses(train, &run)
      case .endurance(let ramp, let test): try endure(ramp, test, &run)
      case .multilevel(let ramp, let test): try setLevels(ramp, test, &run)
      case .pairedPulse(let test): try pairPulses(test, &run)
      case .potentiation(let test): try potentiate(test, &run)
      case .spikeTiming(let test): try timeSpikes(test, &run)
      case .impedance(let scan): try scanImpedance(scan, &run)
      }
    }
    run.outcome.trace.warnings += device.warnings(for: protocols)
    if run.isAveraged {
      run.outcome.trace.warnings.append(
        ValidityWarning(
          stage: "switching", code: "flickering",
          message: "the filament broke and formed again faster than a voltage step; its average is shown"))
    }
    if let unread = unread(run.outcome.trace) { run.outcome.trace.warnings.append(unread) }
    run.outcome.state = run.state
    return run.outcome
  }

  /// Begins a cycle, with random numbers of its own.
  func begin(_ run: inout Run) {
    run.random = RandomSource(
      seed: run.seed, member: run.member, device: run.number, cycle: run.cycle, stream: .switching)
    device.begin(&run.state, random: &run.random)
  }

  private func form(_ ramp: TestProtocol.Ramp, _ run: inout Run) throws {
    begin(&run)
    let pristine = try resistance(run.state)
    let before = device.kineticTime(run.state)
    try sweep(ramp, &run)
    let voltage = run.half.beganOn ? nil : run.half.record.turnOn
    let formed = try resistance(run.state)
    var forming = SwitchingTrace.Forming(
      voltage: voltage, pristineResistance: pristine, formedResistance: formed, kineticTimeBefore: before,
      kineticTimeAfter: run.half.fastest)
    forming.pristineIsBound = pristine >= largestResistance(at: readVoltage)
    run.outcome.trace.forming = forming
    if voltage == nil {
      run.outcome.trace.warnings.append(
        ValidityWarning(
          stage: "switching", code: "notFormed",
          message: device.obstacle(toForming: ramp.amplitude.si)
            ?? "no filament formed up to \(ramp.amplitude.si) V; use a larger amplitude or a slower ramp"))
    } else if device.isOn(run.state, at: readVoltage), formed > 0.9 * pristine {
      run.outcome.trace.warnings.append(
        ValidityWarning(
          stage: "switching", code: "formingUnseen",
          message: "the filament formed, but what flows beside it hides its current at \(readVoltage) V"))
    }
    if keptCycles.contains(run.cycle) { run.outcome.trace.curves[run.cycle] = run.half.points }
    run.cycle += 1
  }

  private func cycle(_ ramp: TestProtocol.Ramp, _ run: inout Run) throws {
    begin(&run)
    let number = run.cycle
    var result = SwitchingTrace.Cycle(
      number: number, setVoltage: nil, resetVoltage: nil, lowResistance: 0, highResistance: 0, vacanciesOn: 0,
      vacanciesOff: 0, setEnergy: 0)
    let isKept = keptCycles.contains(number)
    var curve: [SwitchingTrace.Point] = []
    var area = (between: 0.0, below: 0.0)
    // Whether the device is off after the half-sweep that sets, and after a rest where it was set again.
    var (isOff, isOffRested) = (false, Bool?.none)
    for ramp in ramp.halves {
      try sweep(ramp, &run)
      if isKept { curve += run.half.points }
      let loop = VirtualMeasurement.loop(run.half.points)
      area.between += loop.between
      area.below += loop.below
      let isOn = device.isOn(run.state, at: readVoltage)
      if device.sets(ramp.amplitude.si) {
        result.setVoltage = VirtualMeasurement.setVoltage(run.half.points, readVoltage: readVoltage)
        result.setIsIdle = result.setVoltage == nil && (run.half.beganOn || isOn)
        result.lowResistance = try resistance(run.state)
        result.vacanciesOn = device.count(run.state)
        result.setEnergy = run.half.record.energy
        result.fillingVoltage = run.half.record.filling
        // A half-sweep that sets may fall by chance later on; RESET belongs to the other sign.
        if result.setVoltage == nil { result.peakVoltage = VirtualMeasurement.peakVoltage(run.half.points) }
        isOff = !isOn
      } else {
        var state = run.state
        if run.half.record.turnOn != nil {
          result.reverseSetVoltage = VirtualMeasurement.setVoltage(run.half.points, readVoltage: readVoltage)
        }
        let isSetAgain = result.reverseSetVoltage != nil
        if isSetAgain, isOn {
          // What the device goes back to, it goes back to by itself.
          state = try rested(run)
          isOffRested = !device.isOn(state, at: readVoltage)
        }
        // A half-sweep that sets a device that was off is no RESET, though its current may fall.
        let mayReset = run.half.beganOn || !isSetAgain
        result.resetVoltage = mayReset ? VirtualMeasurement.resetVoltage(run.half.points) : nil
        result.resetIsIdle = result.resetVoltage == nil && (!run.half.beganOn || isSetAgain)
        result.highResistance = try resistance(state)
        result.highIsBound = result.highResistance >= largestResistance(at: readVoltage)
        result.vacanciesOff = device.count(state)
      }
    }
    result.isVolatile = result.setVoltage != nil && (isOffRested ?? isOff)
    result.loopShare = area.below > 0 ? area.between / area.below : 0
    run.outcome.trace.cycles.append(result)
    if isKept { run.outcome.trace.curves[number] = curve }
    run.cycle += 1
  }

  /// What a device that forgets has forgotten by then, s: physics 8.3c.
  private static var forgetting: Double { 10 }

  /// The state after a stay without a voltage; the run goes on from before it.
  private func rested(_ run: Run) throws -> Tested.State {
    var (state, random) = (run.state, run.random)
    _ = try device.rest(
      &state, for: Self.forgetting, at: device.temperature, random: &random, isLost: { _ in false })
    return state
  }

  /// Ramps to an amplitude and back, and notes the half-sweep.
  func sweep(_ ramp: TestProtocol.Ramp, _ run: inout Run) throws {
    let amplitude = ramp.amplitude.si
    let compliance = ramp.compliance.si
    let steps = max(1, Int((abs(amplitude) / voltageStep).rounded(.up)))
    let stride = amplitude / Double(steps)
    let duration = abs(stride) / ramp.rate.si
    run.half.points.removeAll(keepingCapacity: true)
    run.half.points.reserveCapacity(2 * steps + 1)
    run.half.record = StepRecord()
    run.half.beganOn = device.isOn(run.state, at: readVoltage)
    run.half.fastest = device.kineticTime(run.state)
    run.half.points.append(SwitchingTrace.Point(time: run.time, voltage: 0, current: 0))
    var before = 0.0
    for index in 1...(2 * steps) {
      let applied = stride * Double(index <= steps ? index : 2 * steps - index)
      let step = try device.advance(
        &run.state, from: before, to: applied, during: duration, compliance: compliance, random: &run.random)
      run.half.record.add(step, after: duration * Double(index - 1))
      run.half.fastest = min(run.half.fastest, device.kineticTime(run.state))
      run.time += duration
      // The point of the curve belongs to the state that the step leaves.
      run.half.points.append(SwitchingTrace.Point(time: run.time, voltage: applied, current: step.end.current))
      before = applied
    }
    note(run.half.record, &run)
  }

  /// Keeps what the whole run is asked for; a half-sweep that began on does not turn on.
  private func note(_ record: StepRecord, _ run: inout Run) {
    run.outcome.energy += record.energy
    run.isAveraged = run.isAveraged || record.isAveraged
    if let voltage = record.nucleation, run.outcome.nucleations[run.cycle] == nil {
      run.outcome.nucleations[run.cycle] = voltage
    }
    if let voltage = record.turnOn, !run.half.beganOn, run.outcome.turnOns[run.cycle] == nil {
      run.outcome.turnOns[run.cycle] = voltage
    }
  }

  /// Ohm at the read voltage, leads included, without disturbing the state.
  ///
  /// The voltage stands on the device. Beyond the meter's reach it is the bound that the meter tells.
  func resistance(_ state: Tested.State) throws -> Double { try resistance(state, at: readVoltage) }

  /// As `resistance`, at a voltage of its own, V.
  func resistance(_ state: Tested.State, at voltage: Double) throws -> Double {
    min(try device.resistance(state, at: voltage) + device.seriesResistance, largestResistance(at: voltage))
  }

  private func largestResistance(at voltage: Double) -> Double {
    meterFloor > 0 ? abs(voltage) / meterFloor : .infinity
  }

  private func unread(_ trace: SwitchingTrace) -> ValidityWarning? {
    guard trace.cycles.contains(where: \.highIsBound) || trace.forming?.pristineIsBound == true else { return nil }
    return ValidityWarning(
      stage: "switching", code: "belowMeter",
      message:
        "the high state's current is below the meter's \(meterFloor) A; resistance and ratio are told as lower bounds"
    )
  }
}
