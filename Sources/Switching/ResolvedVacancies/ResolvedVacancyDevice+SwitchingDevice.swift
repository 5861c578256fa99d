import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The device through time, one voltage step after the other.
///
/// SET is a first passage of the nucleation rate, whose logarithm runs linearly over a step; from then on the cluster's
/// vacancies come and go one by one.
extension ResolvedVacancyDevice: SwitchingDevice {
  /// Longest step of the voltage, V.
  static let longestStep = 0.05

  public var setPolarity: Double { -1 }
  public var temperature: Double { compact.temperature }
  public var seriesResistance: Double { compact.seriesResistance }

  public func begin(_ state: inout State, random: inout RandomSource) { state.patience = random.exponential() }

  public func isOn(_ state: State, at readVoltage: Double) -> Bool { 2 * state.vacancies > cluster.capacity }

  public func count(_ state: State) -> Int { state.vacancies }

  public func kineticTime(_ state: State) -> Double {
    compact.contact.kineticTime(charge: compact.contact.layerCapacitance * state.column.layerDrop)
  }

  public func resistance(_ state: State, at voltage: Double) throws -> Double {
    let current = current(voltage, state)
    guard current.isFinite, current > 0 else {
      throw SwitchingError.notFinite(what: "the read current", at: voltage)
    }
    return voltage / current
  }

  public func operate(_ applied: Double, compliance: Double, state: State) throws -> OperatingPoint {
    try OperatingPoint(applied: applied, compliance: compliance, seriesResistance: compact.seriesResistance) {
      current($0, state)
    }
  }

  /// Current at a voltage on the crystal, A.
  func current(_ voltage: Double, _ state: State) -> Double {
    let drop = state.footprint.isEmpty ? 0 : surroundings(state).drop
    return compact.current(
      voltage: voltage, emission: state.emission, lowering: compact.barrier.imageLowering(field: fieldPerDrop * drop),
      vacancies: state.vacancies)
  }

  public func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double,
    random: inout RandomSource
  ) throws -> StepRecord {
    var record = StepRecord()
    let before =
      start == state.applied ? state.across : try operate(start, compliance: compliance, state: state).voltage
    let unchanged = try operate(end, compliance: compliance, state: state)
    let after = end == start ? before : unchanged.voltage
    var elapsed = 0.0
    var voltage = before
    for (target, duration) in pieces(from: before, to: after, during: time, state) {
      try step(&state, from: voltage, to: target, during: duration, elapsed, &record, &random)
      elapsed += duration
      voltage = target
    }
    record.end = try operate(end, compliance: compliance, state: state)
    let wait = record.delay ?? 0
    record.add(unchanged, during: wait)
    record.add(record.end, during: time - wait)
    state.applied = end
    state.across = record.end.voltage
    return record
  }

  /// A ramp in equal pieces; a stay in pieces that double, since a contact that charges is fast at first.
  private func pieces(
    from start: Double, to end: Double, during time: Double, _ state: State
  ) -> [(voltage: Double, duration: Double)] {
    guard time > 0 else { return [] }
    let jump = abs(start - state.column.contactPotential * state.column.composition.thermalVoltage)
    let isStay = abs(end - start) < 1e-12 || jump > 2 * Self.longestStep
    if isStay, state.column.hasIons {
      var found: [(Double, Double)] = []
      var duration = min(time, 0.05 * kineticTime(state))
      var left = time
      while left > duration * 1.5, found.count < 60 {
        left -= duration
        found.append((start + (end - start) * (1 - left / time), duration))
        duration *= 2
      }
      return found + [(end, left)]
    }
    let count = max(1, Int((abs(end - start) / Self.longestStep).rounded(.up)))
    return (1...count).map { (start + (end - start) * Double($0) / Double(count), time / Double(count)) }
  }

  private func step(
    _ state: inout State, from start: Double, to end: Double, during time: Double, _ elapsed: Double,
    _ record: inout StepRecord, _ random: inout RandomSource
  ) throws {
    let former = (state.totalRate, closingRate(state))
    try carry(&state, to: end, during: time)
    if !state.footprint.isEmpty, surroundings(state).drop < -1e-3 { state.isClosed = false }
    var left = time
    if !state.isClosed {
      let now = (state.totalRate, closingRate(state))
      // ln k runs linearly, so V stands for ln k, in units of 1.
      let (low, high) = (log(former.0 + former.1), log(now.0 + now.1))
      if high > -.infinity {
        let passage = RampFirstPassage(rate: 1, voltageScale: 1)
        let first = max(low, high - 50)
        let hazard = passage.hazard(from: first, to: high, during: time)
        guard hazard.isFinite else { throw SwitchingError.notFinite(what: "the nucleation rate", at: end) }
        if hazard < state.patience {
          state.patience -= hazard
        } else {
          let share = passage.share(reaching: state.patience, from: first, to: high, during: time)
          nucleate(&state, closing: now.1 / (now.0 + now.1), random: &random)
          state.patience = random.exponential()
          left = (1 - share) * time
          if record.turnOn == nil {
            record.turnOn = start + share * (end - start)
            record.nucleation = record.turnOn
            record.delay = elapsed + share * time
          }
        }
      }
    }
    guard !state.footprint.isEmpty else { return }
    let place = surroundings(state)
    let composition = state.column.composition
    let rates = cluster.rates(
      fraction: place.fraction, drop: place.drop, thermalVoltage: composition.thermalVoltage,
      thermal: Constants.boltzmann * composition.temperature)
    state.vacancies = cluster.count(
      after: left, from: state.vacancies, attach: state.isClosed ? rates.attach : 0, detach: rates.detach,
      random: &random)
  }

  /// A cluster closes: what is left of the last one, or a new one; one at a time.
  private func nucleate(_ state: inout State, closing share: Double, random: inout RandomSource) {
    if state.footprint.isEmpty || random.uniform() >= share {
      state.footprint = footprint(around: place(state, random: &random))
      state.vacancies = Int(nucleation.exponent.rounded())
    }
    state.isClosed = true
  }

  /// - Throws: `SwitchingError.noSmallSignal`: space charge in a film has no one time.
  public func smallSignal(_ state: State, at bias: Double) throws -> ChemicalInductor {
    throw SwitchingError.noSmallSignal
  }

  /// Without a voltage the double layers go within seconds to minutes, long before a cluster does.
  public func settle(_ state: inout State) {
    state.column = pristine.column
    state.regions = pristine.regions
    state.window = pristine.window
    state.applied = 0
    state.across = 0
    refresh(&state)
  }

  /// A closed cluster exchanges vacancies with the crystal, watched at times that double; an open one loses them one by one.
  public func rest(
    _ state: inout State, for duration: Double, at temperature: Double, random: inout RandomSource,
    isLost: (State) throws -> Bool
  ) throws -> Double? {
    guard !state.footprint.isEmpty else { return nil }
    let place = surroundings(state)
    let thermal = Constants.boltzmann * temperature
    let rates = cluster.rates(
      fraction: place.fraction, drop: 0, thermalVoltage: thermal / Constants.elementaryCharge, thermal: thermal)
    var elapsed = 0.0
    var lost: Double?
    if state.isClosed {
      var next = 1e-3 / max(rates.attach + rates.detach, 1e-300)
      while elapsed < duration {
        next = min(max(next, 1e-6 * duration), duration - elapsed)
        state.vacancies = cluster.count(
          after: next, from: state.vacancies, attach: rates.attach, detach: rates.detach, random: &random)
        elapsed += next
        next *= 2
        if lost == nil, try isLost(state) { lost = elapsed }
      }
      return lost
    }
    while state.vacancies > 0 {
      let wait =
        rates.detach > 0 ? random.exponential() / (rates.detach * Double(state.vacancies)) : Double.infinity
      guard elapsed + wait <= duration else { break }
      elapsed += wait
      state.vacancies -= 1
      if lost == nil, try isLost(state) { lost = elapsed }
    }
    return lost
  }

  public func obstacle(toForming amplitude: Double) -> String? { compact.obstacle(toForming: amplitude) }

  public func warnings(for protocols: [TestProtocol]) -> [ValidityWarning] {
    var found = solverWarnings
    let field = 0.5 * (protocols.map(\.largestVoltage).max() ?? 0) / compact.layerThickness
    if field > VacancyDevice.fieldLimit {
      found.append(
        ValidityWarning(
          stage: "switching", code: "fieldTooHigh",
          message:
            "the contact layer sees up to \(VacancyDevice.rounded(field / 1e9)) V/nm; rates are trusted up to 0.5 V/nm")
      )
    }
    return found
  }
}
