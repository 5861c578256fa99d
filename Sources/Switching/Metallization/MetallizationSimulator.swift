import Foundation
import NumericalMethods
import Quantities
import Specimens

/// Runs a metallization cell through a test, voltage step by voltage step, as `SwitchingSimulator` does a cell of
/// vacancies.
///
/// The trace tells what that one does, by the same definitions: voltages are those of the top electrode, counts of
/// vacancies are those of the filament's atoms, and there is no kinetic time of a contact (infinite).
public struct MetallizationSimulator: Sendable {
  public let cell: MetallizationCell
  /// Whether the electrode that dissolves is the top one: then a positive voltage sets, else a negative one.
  public let activeIsTop: Bool
  /// Voltage between two points of a curve, V.
  public var voltageStep = 0.01
  /// V; where resistances are read.
  public var readVoltage = 0.1
  /// Compliance of the half-sweeps that reset, A; nil for that of the test.
  public var resetCompliance: Double?
  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> = []
  /// Whether counts are drawn; without, the cell follows its expected counts and the seed has no effect.
  public var isStochastic = true

  public init(_ cell: MetallizationCell, activeIsTop: Bool = true) {
    self.cell = cell
    self.activeIsTop = activeIsTop
  }

  /// What is read off the run beside the trace.
  public struct Outcome: Hashable, Sendable {
    public var trace: SwitchingTrace
    /// State at the end.
    public var state: MetallizationCell.State
    /// Applied voltage (top) at each half-sweep's first nucleus and turn-on, by cycle; forming is 0.
    public var nucleations: [Int: Double]
    public var turnOns: [Int: Double]
    /// Cycles in which the filament was gone again at the end of the half-sweep that set it: threshold switching.
    public var volatileCycles: Set<Int>
    /// Energy spent in the cell, J.
    public var energy: Double
  }

  /// One half-sweep 0 → amplitude → 0.
  struct HalfSweep {
    var points: [SwitchingTrace.Point] = []
    var record = MetallizationCell.Record()
  }

  /// A run in progress.
  struct Progress {
    var state = MetallizationCell.State()
    var time = 0.0
    var random: RandomSource?
    var half = HalfSweep()
    var outcome: Outcome
    var isAveraged = false
  }

  /// The cell's answer to the protocols, in order.
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
    let trace = SwitchingTrace(forming: nil, cycles: [], curves: [:], readVoltage: readVoltage, warnings: [])
    var progress = Progress(
      outcome: Outcome(
        trace: trace, state: MetallizationCell.State(), nucleations: [:], turnOns: [:], volatileCycles: [], energy: 0))
    var cycle = 0
    for step in protocols {
      switch step {
      case .forming(let ramp):
        start(cycle, of: &progress, seed: seed, member: member, device: number)
        try form(ramp, &progress)
        cycle += 1
      case .retention(let ramp, let rest):
        start(cycle, of: &progress, seed: seed, member: member, device: number)
        let pristine = try resistance(MetallizationCell.State())
        let began = conducts(progress.state)
        try sweep(ramp, to: ramp.amplitude.si, &progress)
        keep(cycle: cycle, began: began, &progress)
        try keep(for: rest, pristine: pristine, &progress)
        cycle += 1
      case .sweep(let ramp, let cycles):
        cycle = max(cycle, 1)
        for _ in 0..<cycles {
          start(cycle, of: &progress, seed: seed, member: member, device: number)
          try self.cycle(cycle, ramp, &progress)
          cycle += 1
        }
      }
    }
    progress.outcome.trace.warnings += limits(protocols)
    if progress.isAveraged {
      progress.outcome.trace.warnings.append(
        ValidityWarning(
          stage: "switching", code: "flickering",
          message: "the filament broke and formed again faster than a voltage step; its average is shown"))
    }
    progress.outcome.state = progress.state
    return progress.outcome
  }

  private func start(_ cycle: Int, of progress: inout Progress, seed: UInt64, member: Int, device: Int) {
    guard isStochastic else {
      progress.state.patience = 1
      return
    }
    var random = RandomSource(seed: seed, member: member, device: device, cycle: cycle, stream: .switching)
    // A cycle without a nucleus yet starts to wait anew, which an exponential time does not notice.
    progress.state.patience = random.exponential()
    progress.random = random
  }

  private func form(_ ramp: TestProtocol.Ramp, _ progress: inout Progress) throws {
    let pristine = try resistance(progress.state)
    let began = conducts(progress.state)
    try sweep(ramp, to: ramp.amplitude.si, &progress)
    keep(cycle: 0, began: began, &progress)
    let voltage = began ? nil : progress.half.record.turnOn
    progress.outcome.trace.forming = SwitchingTrace.Forming(
      voltage: voltage, pristineResistance: pristine, formedResistance: try resistance(progress.state),
      kineticTimeBefore: .infinity, kineticTimeAfter: .infinity)
    if voltage == nil { progress.outcome.trace.warnings.append(unformed(ramp)) }
    if keptCycles.contains(0) { progress.outcome.trace.curves[0] = progress.half.points }
  }

  private func cycle(_ number: Int, _ ramp: TestProtocol.Ramp, _ progress: inout Progress) throws {
    var result = SwitchingTrace.Cycle(
      number: number, setVoltage: nil, resetVoltage: nil, lowResistance: 0, highResistance: 0, vacanciesOn: 0,
      vacanciesOff: 0, setEnergy: 0)
    var curve: [SwitchingTrace.Point] = []
    for ramp in ramp.halves {
      let amplitude = ramp.amplitude.si
      let began = conducts(progress.state)
      try sweep(ramp, to: amplitude, &progress)
      keep(cycle: number, began: began, &progress)
      if keptCycles.contains(number) { curve += progress.half.points }
      let atoms = Int(cell.atoms(progress.state))
      if sets(amplitude) {
        result.setVoltage = VirtualMeasurement.setVoltage(progress.half.points, readVoltage: readVoltage)
        result.setIsIdle = result.setVoltage == nil && began
        result.lowResistance = try resistance(progress.state)
        result.vacanciesOn = atoms
        result.setEnergy = progress.half.record.energy
        if result.setVoltage != nil, !conducts(progress.state) { progress.outcome.volatileCycles.insert(number) }
      } else {
        result.resetVoltage = VirtualMeasurement.resetVoltage(progress.half.points)
        result.resetIsIdle = result.resetVoltage == nil && !began
        result.highResistance = try resistance(progress.state)
        result.vacanciesOff = atoms
      }
    }
    progress.outcome.trace.cycles.append(result)
    if keptCycles.contains(number) { progress.outcome.trace.curves[number] = curve }
  }

  /// Ramps to an amplitude and back.
  private func sweep(_ ramp: TestProtocol.Ramp, to amplitude: Double, _ progress: inout Progress) throws {
    progress.half.points.removeAll(keepingCapacity: true)
    progress.half.record = MetallizationCell.Record()
    let steps = max(1, Int((abs(amplitude) / voltageStep).rounded(.up)))
    progress.half.points.reserveCapacity(2 * steps + 1)
    let stride = amplitude / Double(steps)
    let duration = abs(stride) / ramp.rate.si
    let compliance = sets(amplitude) ? ramp.compliance.si : resetCompliance ?? ramp.compliance.si
    let sign: Double = activeIsTop ? 1 : -1
    progress.half.points.append(SwitchingTrace.Point(time: progress.time, voltage: 0, current: 0))
    var before = 0.0
    for index in 1...(2 * steps) {
      let applied = stride * Double(index <= steps ? index : 2 * steps - index)
      let step = try cell.advance(
        &progress.state, from: sign * before, to: sign * applied, during: duration, compliance: compliance,
        random: &progress.random)
      progress.half.record.add(step, sign: sign)
      progress.time += duration
      let current = try cell.operate(sign * applied, compliance: compliance, state: progress.state).current
      progress.half.points.append(
        SwitchingTrace.Point(time: progress.time, voltage: applied, current: sign * current))
      before = applied
    }
  }

  /// Notes a half-sweep; one that began with a filament does not turn on.
  private func keep(cycle: Int, began: Bool, _ progress: inout Progress) {
    let record = progress.half.record
    progress.outcome.energy += record.energy
    progress.isAveraged = progress.isAveraged || record.isAveraged
    if let voltage = record.nucleation, progress.outcome.nucleations[cycle] == nil {
      progress.outcome.nucleations[cycle] = voltage
    }
    if let voltage = record.turnOn, !began, progress.outcome.turnOns[cycle] == nil {
      progress.outcome.turnOns[cycle] = voltage
    }
  }

  private func limits(_ protocols: [TestProtocol]) -> [ValidityWarning] {
    let largest =
      protocols.map { step -> Double in
        switch step {
        case .forming(let ramp), .retention(let ramp, _): abs(ramp.amplitude.si)
        case .sweep(let ramp, _): ramp.halves.reduce(0) { max($0, abs($1.amplitude.si)) }
        }
      }.max() ?? 0
    let field = largest / cell.parameters.length
    guard field > Device.fieldLimit else { return [] }
    return [
      ValidityWarning(
        stage: "switching", code: "fieldTooHigh",
        message: "the crystal sees up to \(Device.rounded(field / 1e9)) V/nm; rates are trusted up to 0.5 V/nm")
    ]
  }

  private func sets(_ amplitude: Double) -> Bool { (amplitude > 0) == activeIsTop }

  private func conducts(_ state: MetallizationCell.State) -> Bool { cell.conducts(state, at: readVoltage) }

  func resistance(_ state: MetallizationCell.State) throws -> Double {
    let value = cell.resistance(state, at: activeIsTop ? readVoltage : -readVoltage)
    guard !value.isNaN, value > 0 else { throw SwitchingError.notFinite(what: "the read current", at: readVoltage) }
    return value
  }

  private func unformed(_ ramp: TestProtocol.Ramp) -> ValidityWarning {
    let wrong = !sets(ramp.amplitude.si) && !cell.parameters.bothElectrodesActive
    let (place, sign) = activeIsTop ? ("top", "positive") : ("bottom", "negative")
    let message =
      wrong
      ? "forming with \(ramp.amplitude.si) V drives metal back into the active electrode (\(place)); "
        + "use a \(sign) amplitude"
      : "no filament formed up to \(ramp.amplitude.si) V; use a larger amplitude or a slower ramp"
    return ValidityWarning(stage: "switching", code: "notFormed", message: message)
  }
}

extension MetallizationCell.Record {
  /// Adds a step of a half-sweep; voltages become those of the top electrode.
  mutating func add(_ step: Self, sign: Double) {
    energy += step.energy
    chargePassed += step.chargePassed
    substeps += step.substeps
    isAveraged = isAveraged || step.isAveraged
    if nucleation == nil { nucleation = step.nucleation.map { sign * $0 } }
    if turnOn == nil { turnOn = step.turnOn.map { sign * $0 } }
  }
}
