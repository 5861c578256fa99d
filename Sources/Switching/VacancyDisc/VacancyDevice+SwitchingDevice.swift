import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The device through time.
///
/// The states: the sheet charge of the double layer and the slow states of the bulk (relaxed exactly over each step), the
/// vacancies in the disc (Poisson and binomial counts, physics (8.33), (8.34)), where the disc is, and the clusters that are
/// left there. SET is a first passage whose place within a step is exact, so the step only sets how finely the curve is drawn.
extension VacancyDevice: SwitchingDevice {
  /// The state of a device between steps.
  public struct State: Hashable, Sendable {
    /// Sheet charge of the double layer, C/m².
    var charge = 0.0
    var vacancies = 0
    /// Vacancies of the disc when it last closed.
    var closedCount = 0
    var site: NucleationLandscape.Site?
    var bulk = BulkConduction.State()
    /// Vacancies of clusters that earlier discs have left, physics (8.41); they do not conduct.
    var residue = 0.0
    /// Whether the cluster has closed since vacancies were last pushed out.
    var isClosed = false
    /// Exp(1) draw that the hazard has to reach, less what it has collected.
    var patience = 0.0
    /// What was applied at the end of the last step, V, and what of it lay on the crystal.
    var applied = 0.0
    var across = 0.0
  }

  public var pristine: State { State() }
  public var setPolarity: Double { -1 }

  public func begin(_ state: inout State, random: inout RandomSource) { state.patience = random.exponential() }

  public func isOn(_ state: State, at readVoltage: Double) -> Bool { state.vacancies > state.closedCount / 2 }

  public func count(_ state: State) -> Int { state.vacancies }

  public func kineticTime(_ state: State) -> Double { contact.kineticTime(charge: state.charge) }

  public func resistance(_ state: State, at voltage: Double) throws -> Double {
    let current = current(voltage: voltage, charge: state.charge, vacancies: state.vacancies, bulk: state.bulk)
    guard current.isFinite, current > 0 else {
      throw SwitchingError.notFinite(what: "the read current", at: voltage)
    }
    return voltage / current
  }

  public func operate(_ applied: Double, compliance: Double, state: State) throws -> OperatingPoint {
    try OperatingPoint(applied: applied, compliance: compliance, seriesResistance: seriesResistance) {
      current(voltage: $0, charge: state.charge, vacancies: state.vacancies, bulk: state.bulk)
    }
  }

  public func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double,
    random: inout RandomSource
  ) throws -> StepRecord {
    var record = StepRecord()
    let before =
      start == state.applied ? state.across : try operate(start, compliance: compliance, state: state).voltage
    let unchanged = try operate(end, compliance: compliance, state: state)
    try relax(
      &state, from: before, to: unchanged.voltage, during: time, applied: end, compliance: compliance, record: &record,
      random: &random)
    record.end = try operate(end, compliance: compliance, state: state)
    let wait = record.delay ?? 0
    record.add(unchanged, during: wait)
    record.add(record.end, during: time - wait)
    state.applied = end
    state.across = record.end.voltage
    return record
  }

  /// Carries the state over a step of the voltage on the crystal.
  private func relax(
    _ state: inout State, from start: Double, to end: Double, during time: Double, applied: Double,
    compliance: Double, record: inout StepRecord, random: inout RandomSource
  ) throws {
    let pull = -0.5 * (start + end)
    let relaxation = contact.kineticTime(charge: state.charge)
    if relaxation < .infinity {
      let target = contact.equilibriumCharge(voltage: pull)
      state.charge = target + (state.charge - target) * exp(-time / relaxation)
    }
    let wasFilled = state.bulk.filled > 0.5
    bulk.relax(&state.bulk, voltage: -pull, during: time)
    if !wasFilled, state.bulk.filled > 0.5 { record.filling = 0.5 * (start + end) }
    if state.residue > 0 { state.residue *= exp(-recoveryRate * time) }
    if pull < 0 { state.isClosed = false }
    if pull > 0, !state.isClosed, let share = nucleate(&state, from: -start, to: -end, during: time, random: &random) {
      record.turnOn = start + share * (end - start)
      record.nucleation = record.turnOn
      // The rate's exponential law knows no end; nothing happens faster than an ion tries.
      record.delay = max(share * time, min(time, 1 / attemptFrequency))
      state.closedCount = max(1, random.poisson(mean: try closure(of: state, applied: applied, compliance: compliance)))
      state.vacancies = state.closedCount
      if residue > 0 { state.residue += Double(random.poisson(mean: residue)) }
      state.patience = random.exponential()
    }
    if state.vacancies > 0 {
      let rate = detachmentRate * exp(-pull / detachmentScale)
      state.vacancies -= random.binomial(trials: state.vacancies, probability: -expm1(-rate * time))
    }
    if state.vacancies == 0 { state.isClosed = false }
  }

  /// Vacancies that a closing disc takes: as many as it holds, or so many that the source limits the current.
  ///
  /// Closure: they arrive fast against the ramp, and no more of them once the source takes the voltage away.
  private func closure(of state: State, applied: Double, compliance: Double) throws -> Double {
    var full = state
    func isLimited(_ count: Int) throws -> Bool {
      full.vacancies = count
      return try operate(applied, compliance: compliance, state: full).isLimited
    }
    var high = max(1, Int(discCapacity))
    guard try isLimited(high) else { return discCapacity }
    var low = 0
    while high - low > 1 {
      let middle = (low + high) / 2
      if try isLimited(middle) { high = middle } else { low = middle }
    }
    return Double(high)
  }

  /// Collects the hazard of all sites; what earlier discs have left spares each its share of the work, so that V_SET falls by
  /// V₀ w n for n left clusters over a disc's vacancies. Goes on until the event, whose share of the step it returns.
  private func nucleate(
    _ state: inout State, from start: Double, to end: Double, during time: Double, random: inout RandomSource
  ) -> Double? {
    let share = Double(state.vacancies) / max(1, Double(state.closedCount))
    let old = state.site.map { $0.rate(remaining: share) } ?? 0
    let passages = landscape.passages(old: old, at: state.site)
    let help = state.residue > 0 ? exp(landscape.work * min(1, state.residue / discCapacity)) : 1
    let hazard = help * passages.hazard(from: start, to: end, during: time)
    if hazard < state.patience {
      state.patience -= hazard
      return nil
    }
    let part = passages.share(reaching: state.patience / help, from: start, to: end, during: time)
    if let site = landscape.winner(old: old, at: state.site, voltage: start + part * (end - start), random: &random) {
      // A new place wins; what is left of the old disc no longer counts: one disc at a time.
      state.site = site
    }
    state.isClosed = true
    return part
  }

  /// The double layer follows the voltage; the disc's vacancies come and go far more rarely.
  public func smallSignal(_ state: State, at bias: Double) throws -> ChemicalInductor {
    let steady = { (voltage: Double) -> Double in
      current(
        voltage: voltage, charge: contact.equilibriumCharge(voltage: -voltage), vacancies: state.vacancies,
        bulk: state.bulk)
    }
    let voltage =
      bias == 0
      ? 0
      : try Roots.brent(min(0, bias), max(0, bias), tolerance: 1e-12 * abs(bias)) {
        $0 + steady($0) * seriesResistance - bias
      }
    let charge = contact.equilibriumCharge(voltage: -voltage)
    let nudge = 1e-3 * thermalVoltage
    func slope(_ f: (Double) -> Double) -> Double { (f(voltage + nudge) - f(voltage - nudge)) / (2 * nudge) }
    let electrons = slope { current(voltage: $0, charge: charge, vacancies: state.vacancies, bulk: state.bulk) }
    let all = slope(steady)
    guard electrons.isFinite, all.isFinite else {
      throw SwitchingError.notFinite(what: "the conductance", at: bias)
    }
    return ChemicalInductor(
      bulkResistance: 1 / electrons, capacitance: staticPermittivity * area / thickness,
      branchResistance: 1 / (all - electrons), kineticTime: contact.kineticTime(charge: charge))
  }

  /// The double layer is gone long before the first vacancy leaves, and the ions have gone back.
  public func settle(_ state: inout State) {
    state.charge = 0
    state.bulk.screening = 0
  }

  /// Vacancies leave the disc one by one and independently, each after an exponential time, so the time between two that leave
  /// is exponential with the rate of all that are left: exact, without steps.
  public func rest(
    _ state: inout State, for duration: Double, at temperature: Double, random: inout RandomSource,
    isLost: (State) throws -> Bool
  ) throws -> Double? {
    let rate = detachmentRate(at: temperature)
    var elapsed = 0.0
    var lost: Double?
    while state.vacancies > 0 {
      let wait = rate > 0 ? random.exponential() / (rate * Double(state.vacancies)) : .infinity
      guard elapsed + wait <= duration else { break }
      elapsed += wait
      state.vacancies -= 1
      if lost == nil, try isLost(state) { lost = elapsed }
    }
    state.isClosed = state.isClosed && state.vacancies > 0
    bulk.relax(&state.bulk, voltage: 0, during: duration)
    state.residue *= exp(-recoveryRate * duration)
    return lost
  }

  public func obstacle(toForming amplitude: Double) -> String? {
    amplitude > 0
      ? "forming with \(amplitude) V drives vacancies away from the switching contact (top); use a negative amplitude"
      : nil
  }

  public func warnings(for protocols: [TestProtocol]) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    let field = 0.5 * (protocols.map(\.largestVoltage).max() ?? 0) / layerThickness
    if field > Self.fieldLimit {
      found.append(
        ValidityWarning(
          stage: "switching", code: "fieldTooHigh",
          message: "the contact layer sees up to \(Self.rounded(field / 1e9)) V/nm; rates are trusted up to 0.5 V/nm"))
    }
    let wanted = contact.layerCapacitance * 0.5 * (protocols.map(\.largestVoltage).max() ?? 0)
    if contact.bulkDensity > 0, contact.supply < wanted {
      found.append(
        ValidityWarning(
          stage: "switching", code: "tooFewIons",
          message:
            "the contact layer would need \(Self.rounded(wanted / contact.supply)) times the crystal's mobile ions to take half of the voltage, as it is taken to"
        ))
    }
    let design = ContactEmulator.rampRate
    if isEmulated,
      let ramp = protocols.flatMap(\.ramps).first(where: { !(design / 3...design * 3).contains($0.rate.si) })
    {
      found.append(
        ValidityWarning(
          stage: "switching", code: "rampUnlikeEmulator",
          message:
            "the ramp of \(Self.rounded(ramp.rate.si)) V/s is far from the \(design) V/s at which the contact was resolved; how far the ions lag behind it is that of the slower or faster ramp"
        ))
    }
    for case .sweep(let ramp, _) in protocols {
      let time = 4 * abs(ramp.amplitude.si) / ramp.rate.si
      let charging = contact.kineticTime(charge: 0) * ramp.rate.si
      if charging > landscape.voltageScale, contact.bulkDensity > 0 {
        found.append(
          ValidityWarning(
            stage: "switching", code: "rampTooFast",
            message:
              "the voltage moves by \(Self.rounded(charging)) V while the double layer charges; nucleation is taken to follow at once, which needs less than \(Self.rounded(landscape.voltageScale)) V"
          ))
      }
      let crossings = crossings(duringSweep: time, voltage: ramp.amplitude.si)
      if crossings < 1, contact.bulkDensity > 0 {
        found.append(
          ValidityWarning(
            stage: "switching", code: "ionsTooSlow",
            message:
              "an ion crosses \(Self.rounded(crossings)) of the crystal during a sweep; below 1 the lumped double layer is doubtful"
          ))
      }
    }
    return found
  }
}
