import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The device through time: atoms come and go one by one, and every few of them the ions' potential and the current are found
/// anew.
extension ResolvedMetallizationDevice: SwitchingDevice {
  public var pristine: State { State() }
  public var setPolarity: Double { compact.setPolarity }
  public var temperature: Double { compact.temperature }
  public var seriesResistance: Double { compact.seriesResistance }
  public var warnings: [ValidityWarning] { compact.warnings }

  public func begin(_ state: inout State, random: inout RandomSource) { state.wait.patience = random.exponential() }

  public func operate(_ applied: Double, compliance: Double, state: State) throws -> OperatingPoint {
    var point = try cell.operate(setPolarity * applied, compliance: compliance, conductance: state.conductance)
    point.current *= setPolarity
    point.voltage *= setPolarity
    return point
  }

  public func resistance(_ state: State, at voltage: Double) throws -> Double {
    let current = cell.background(setPolarity * voltage) + state.conductance * setPolarity * voltage
    guard current.isFinite else { throw SwitchingError.notFinite(what: "the read current", at: voltage) }
    return current == 0 ? .infinity : setPolarity * voltage / current
  }

  public func isOn(_ state: State, at readVoltage: Double) -> Bool {
    let current = state.conductance * readVoltage
    return current > 0 && current >= 10 * abs(cell.background(setPolarity * readVoltage))
  }

  /// Real atoms.
  public func count(_ state: State) -> Int { Int(Double(state.atoms.count) * atomsPerSite) }

  /// - Throws: `SwitchingError.noSmallSignal`: a filament has as many times as atoms.
  public func smallSignal(_ state: State, at bias: Double) throws -> ChemicalInductor {
    throw SwitchingError.noSmallSignal
  }

  public func obstacle(toForming amplitude: Double) -> String? { compact.obstacle(toForming: amplitude) }
  public func warnings(for protocols: [TestProtocol]) -> [ValidityWarning] { compact.warnings(for: protocols) }

  /// Where a step stands, its voltages those of the electrode that dissolves.
  private struct Run {
    let start: Double
    let slope: Double
    let time: Double
    let compliance: Double
    let temperature: Double
    var elapsed = 0.0
    var events = 0
    var left: Double { time - elapsed }
    var isOver: Bool { elapsed >= time * (1 - 1e-12) }

    func applied(after wait: Double) -> Double { start + slope * (elapsed + wait) }
  }

  public func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double,
    random: inout RandomSource
  ) throws -> StepRecord {
    try advance(
      &state, from: start, to: end, during: time, compliance: compliance, temperature: temperature, random: &random)
  }

  private func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double,
    temperature: Double, random: inout RandomSource
  ) throws -> StepRecord {
    var record = StepRecord()
    var run = Run(
      start: setPolarity * start, slope: setPolarity * (end - start) / max(time, .leastNormalMagnitude), time: time,
      compliance: compliance, temperature: temperature)
    while !run.isOver {
      if state.wait.isNucleated {
        try follow(&state, &run, &record, random: &random)
      } else {
        try awaitNucleus(&state, &run, &record)
      }
    }
    record.turnOn = record.turnOn.map { setPolarity * $0 }
    record.nucleation = record.nucleation.map { setPolarity * $0 }
    record.end = try operate(end, compliance: compliance, state: state)
    return record
  }

  private func awaitNucleus(_ state: inout State, _ run: inout Run, _ record: inout StepRecord) throws {
    let nucleus = try cell.nucleus(
      from: run.applied(after: 0), to: run.applied(after: run.left), during: run.left, compliance: run.compliance,
      state: &state.wait)
    if nucleus.voltage != nil {
      let applied = run.applied(after: nucleus.wait)
      state.wait.isNucleated = true
      state.wait.orientation = applied < 0 ? -1 : 1
      let middle = width / 2
      state.atoms = Self.nucleus.map { (middle + $0.1) * width + middle + $0.0 }.sorted()
      if record.nucleation == nil { record.nucleation = applied }
    }
    record.add(nucleus.first, during: 0.5 * nucleus.wait)
    record.add(nucleus.last, during: 0.5 * nucleus.wait)
    run.elapsed += nucleus.wait
  }

  /// Follows the atoms until the step ends or none is left.
  private func follow(
    _ state: inout State, _ run: inout Run, _ record: inout StepRecord, random: inout RandomSource
  ) throws {
    var lattice = FilamentLattice(frame, metal: metal, startsOnElectrode: false, atoms: state.atoms)
    let plane = width * width
    var guess: IonFlow?
    var body = FilamentBody(lattice)
    var conduction = conduction(body)
    while !run.isOver, lattice.atomCount > 0 {
      let left = run.left
      let applied = run.applied(after: 0.5 * left)
      let point = try cell.operate(applied, compliance: run.compliance, conductance: conduction.conductance)
      // The contact at the thinnest place takes the power.
      let heated =
        body.isBridge
        ? cell.temperature(
          power: point.voltage * point.voltage * conduction.conductance, 1 / conduction.conductance,
          radius: conduction.neck) - cell.parameters.temperature + run.temperature : run.temperature
      let exchange = try exchange(
        body, conduction, voltage: state.wait.orientation * point.voltage, temperature: heated, guess: &guess)
      lattice.setRates { site in
        let ring = rings[site % plane]
        guard ring >= 0 else { return (0, 0) }
        let index = site / plane * reach + ring
        return (exchange.attach[index], exchange.kink[index])
      }
      let net = Double(lattice.atomCount - state.atoms.count)
      let isBalanced = run.events >= Self.balanceEvents && net * net < 4 * Double(run.events)
      if isBalanced || run.events >= Self.eventLimit {
        // As many come as go, or more than is followed: the shape is taken to stay for the rest of the step.
        record.isAveraged = record.isAveraged || !isBalanced
        record.add(point, during: left)
        run.elapsed = run.time
        break
      }
      let before = lattice.time
      run.events += lattice.advance(
        until: before + left, eventLimit: Self.eventLimit - run.events,
        atomChange: max(Self.largestChange, Int(Self.largestShare * Double(lattice.atomCount))), random: &random)
      let passed = min(left, lattice.time - before)
      record.add(point, during: passed)
      let wasBridge = body.isBridge
      body = FilamentBody(lattice)
      conduction = self.conduction(body)
      let isFedBack =
        conduction.conductance * abs(point.voltage) > 1e-3 * abs(point.current)
        && (point.isLimited || cell.parameters.seriesResistance * conduction.conductance > 1e-3)
      let turns =
        body.isBridge && !wasBridge
        || isFedBack && (point.isLimited || abs(point.voltage) < 0.5 * abs(applied))
      if record.turnOn == nil, run.compliance > 0, turns, !state.isBridge || !wasBridge {
        record.turnOn = run.applied(after: passed)
        record.delay = run.elapsed + passed
      }
      run.elapsed += passed
    }
    state.atoms = lattice.atomSites
    state.conductance = conduction.conductance
    state.isBridge = body.isBridge
    if lattice.atomCount == 0 {
      state.wait.isNucleated = false
      state.wait.patience = random.exponential()
    }
  }

  public func rest(
    _ state: inout State, for duration: Double, at temperature: Double, random: inout RandomSource,
    isLost: (State) throws -> Bool
  ) throws -> Double? {
    var (elapsed, lost) = (0.0, Double?.none)
    for next in MetallizationDevice.looks(upTo: duration) {
      guard state.wait.isNucleated else { return lost }
      _ = try advance(
        &state, from: 0, to: 0, during: next - elapsed, compliance: .infinity, temperature: temperature,
        random: &random)
      elapsed = next
      if lost == nil, try isLost(state) { lost = elapsed }
    }
    return lost
  }
}
