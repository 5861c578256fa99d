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
    /// Without a voltage slow losses count, and there is no balance.
    let isRest: Bool
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
      compliance: compliance, temperature: temperature, isRest: start == 0 && end == 0)
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
    if let voltage = nucleus.voltage {
      let applied = run.applied(after: nucleus.wait)
      let orientation: Double = applied < 0 ? -1 : 1
      // What is left on the other electrode stays, unless that one grows the filament now.
      let stub = orientation == state.wait.orientation ? state.atoms : []
      state.wait.isNucleated = true
      state.wait.orientation = orientation
      state.atoms = Array(Set(stub + sites(ofNucleusAt: voltage))).sorted()
      if record.nucleation == nil { record.nucleation = applied }
    }
    record.add(nucleus.first, during: 0.5 * nucleus.wait)
    record.add(nucleus.last, during: 0.5 * nucleus.wait)
    run.elapsed += nucleus.wait
  }

  /// The sites of the lowest plane nearest to the axis, as many as a nucleus needs to live.
  private func sites(ofNucleusAt voltage: Double) -> [Int] {
    let count = max(Self.smallestNucleus, Int(cell.nucleusSize(voltage: voltage).rounded(.up)))
    let middle = 0.5 * Double(width - 1)
    func distance(_ column: Int) -> Double {
      let (x, y) = (Double(column % width) - middle, Double(column / width) - middle)
      return x * x + y * y
    }
    let inside = rings.indices.filter { rings[$0] >= 0 }
    return Array(inside.sorted { (distance($0), $0) < (distance($1), $1) }.prefix(count))
  }

  /// Net atoms within which the potential and the current are taken to stay.
  private func change(_ body: FilamentBody, atoms: Int) -> Int {
    let usual = max(Self.largestChange, Int(Self.largestShare * Double(atoms)))
    if body.isBridge { return min(usual, max(4, body.lower.min()! / 4)) }
    guard body.lowerTop > 0, body.upperBottom - body.lowerTop <= Self.narrowGap else { return usual }
    return min(usual, max(4, body.lower[body.lowerTop - 1] / 4))
  }

  /// Follows the atoms until the step ends or none is left on the filament's electrode.
  private func follow(
    _ state: inout State, _ run: inout Run, _ record: inout StepRecord, random: inout RandomSource
  ) throws {
    var lattice = FilamentLattice(frame, metal: metal, startsOnElectrode: false, atoms: state.atoms)
    let plane = width * width
    var guess: IonFlow?
    var body = FilamentBody(lattice)
    var conduction = conduction(body)
    var (recent, updates, former) = (0, 0, lattice.atomCount)
    while !run.isOver, body.lowerTop > 0 {
      let left = run.left
      let applied = run.applied(after: 0.5 * left)
      let point = try cell.operate(applied, compliance: run.compliance, conductance: conduction.conductance)
      // The contact at the thinnest place takes the power.
      let heated =
        body.isBridge
        ? cell.temperature(
          power: point.voltage * point.voltage * conduction.conductance, 1 / conduction.conductance,
          radius: conduction.neck) - cell.parameters.temperature + run.temperature : run.temperature
      if recent >= Self.balanceEvents || updates >= Self.balanceUpdates {
        let net = Double(lattice.atomCount - former)
        let isBalanced = !run.isRest && net * net < 4 * Double(recent)
        if isBalanced || run.events >= Self.eventLimit {
          // As many come as go, or more than is followed: the shape is taken to stay for the rest of the step.
          record.isAveraged = record.isAveraged || !isBalanced
          record.add(point, during: left)
          run.elapsed = run.time
          break
        }
        (recent, updates, former) = (0, 0, lattice.atomCount)
      }
      let exchange = try exchange(
        body, conduction, voltage: state.wait.orientation * point.voltage, temperature: heated, guess: &guess)
      lattice.setRates { site in
        let ring = rings[site % plane]
        guard ring >= 0 else { return (0, 0) }
        let index = site / plane * reach + ring
        return (exchange.attach[index], exchange.kink[index])
      }
      let before = lattice.time
      let change = change(body, atoms: lattice.atomCount)
      // Stops with the last atom: the rest of the step waits for a nucleus.
      let made = lattice.advance(
        until: before + left, eventLimit: max(Self.eventsPerUpdate, 8 * change),
        atomChange: min(change, lattice.atomCount),
        random: &random)
      run.events += made
      recent += made
      updates += 1
      let passed = min(left, lattice.time - before)
      record.add(point, during: passed)
      run.elapsed += passed
      let wasBridge = body.isBridge
      body = FilamentBody(lattice)
      conduction = self.conduction(body)
      let now = run.applied(after: 0)
      let after = try cell.operate(now, compliance: run.compliance, conductance: conduction.conductance)
      let isFedBack =
        conduction.conductance * abs(after.voltage) > 1e-3 * abs(after.current)
        && (after.isLimited || cell.parameters.seriesResistance * conduction.conductance > 1e-3)
      let turns =
        body.isBridge && !wasBridge || isFedBack && (after.isLimited || abs(after.voltage) < 0.5 * abs(now))
      if record.turnOn == nil, run.compliance > 0, turns {
        record.turnOn = now
        record.delay = run.elapsed
      }
    }
    state.atoms = lattice.atomSites
    state.conductance = conduction.conductance
    if body.lowerTop == 0 {
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
