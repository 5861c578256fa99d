import Foundation
import NumericalMethods
import Quantities

/// A cell's state through time.
///
/// Steps adapt to the state, so that a voltage step only sets how finely the curve is drawn: a nucleus forms where the
/// hazard says, a gap or neck changes by at most a tenth per substep. Counts are linear noise about an exponential step
/// (Rosenbrock-Euler),
///
///     Δn = Poisson(k₊ t₂) − Poisson(k₋ t₂) + (k₊ − k₋)(t₁ − t₂),   t_i = (e^{iJt} − 1)/(iJ),   J = d(k₊ − k₋)/dn
///
/// which is Poisson counting where J t ≪ 1, physics (8.33), and has the right mean and variance where a stiff balance
/// holds.
extension MetallizationCell {
  /// Flips between gap and bridge that are followed within one step.
  private static let flipLimit = 3
  private static let substepLimit = 20_000

  /// Carries the state over one step of the applied voltage, which runs linearly.
  ///
  /// The cell turns on where its filament first bridges, meets the compliance or leaves half of the voltage to the leads.
  /// - Parameters:
  ///   - compliance: A; infinite without one.
  ///   - random: nil for the deterministic limit of expected counts.
  /// - Throws: `Roots.Failure`, `SwitchingError.notFinite`.
  public func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double = .infinity,
    random: inout RandomSource?
  ) throws -> StepRecord {
    var record = StepRecord()
    var run = Run(start: start, slope: (end - start) / time, time: time, compliance: compliance, guess: time)
    let share = ionShare(state)
    while run.elapsed < time * (1 - 1e-12) {
      run.followed += 1
      if run.flips >= Self.flipLimit || run.followed > Self.substepLimit {
        try average(&state, &run, record: &record, random: &random)
        continue
      }
      if state.isNucleated {
        try substep(&state, &run, share: share, record: &record, random: &random)
      } else {
        try awaitNucleus(&state, &run, record: &record, random: &random)
      }
    }
    if parameters.lossPerCharge > 0 {
      let mean = parameters.lossPerCharge * record.chargePassed
      state.lostAtoms = min(parameters.reservoir, state.lostAtoms + Self.count(mean, &random))
    }
    record.end = try operate(end, compliance: compliance, state: state)
    return record
  }

  /// Leaves the cell without voltage for a time in s.
  /// - Throws: as `advance`.
  public func rest(_ state: inout State, for time: Double, random: inout RandomSource?) throws {
    _ = try advance(&state, from: 0, to: 0, during: time, random: &random)
  }

  /// Where a step stands.
  private struct Run {
    let start: Double
    let slope: Double
    let time: Double
    let compliance: Double
    /// Length of the next substep, if it can be that long, s.
    var guess: Double
    var elapsed = 0.0
    var followed = 0
    var flips = 0
    var onTime = 0.0
    var offTime = 0.0
    var left: Double { time - elapsed }

    func applied(after wait: Double) -> Double { start + slope * (elapsed + wait) }
  }

  /// Waits for a nucleus until the end of the step at most.
  private func awaitNucleus(
    _ state: inout State, _ run: inout Run, record: inout StepRecord, random: inout RandomSource?
  ) throws {
    let nucleus = try nucleus(
      from: run.applied(after: 0), to: run.applied(after: run.left), during: run.left, compliance: run.compliance,
      state: &state)
    let wait = nucleus.wait
    if let voltage = nucleus.voltage {
      state.isNucleated = true
      state.tipAtoms = nucleusSize(voltage: voltage)
      state.orientation = run.applied(after: wait) < 0 ? -1 : 1
      if record.nucleation == nil { record.nucleation = run.applied(after: wait) }
    }
    record.add(nucleus.first, during: 0.5 * wait)
    record.add(nucleus.last, during: 0.5 * wait)
    if run.flips > 0 { run.offTime += wait }
    run.elapsed += wait
    run.guess = run.left
  }

  /// When a nucleus forms while the applied voltage runs linearly, s after the beginning, and the cell's voltage there; else the
  /// whole time and nil. The state's patience is used up so far.
  ///
  /// The rate's logarithm runs linearly in the voltage, exactly so in physics (8.9).
  func nucleus(
    from start: Double, to end: Double, during time: Double, compliance: Double, state: inout State
  ) throws -> (wait: Double, voltage: Double?, first: OperatingPoint, last: OperatingPoint) {
    let first = try operate(start, compliance: compliance, conductance: 0)
    let last = try operate(end, compliance: compliance, conductance: 0)
    let rates = (
      nucleationRate(voltage: first.voltage, state: state), nucleationRate(voltage: last.voltage, state: state)
    )
    let turn = rates.0 > 0 && rates.1 > 0 ? log(rates.1 / rates.0) : 0
    let passage = RampFirstPassage(rate: turn == 0 ? 0.5 * (rates.0 + rates.1) : rates.0, voltageScale: 1)
    let hazard = passage.hazard(from: 0, to: turn, during: time)
    guard hazard >= state.patience else {
      state.patience -= hazard
      return (time, nil, first, last)
    }
    let share = passage.share(reaching: state.patience, from: 0, to: turn, during: time)
    return (time * share, first.voltage + share * (last.voltage - first.voltage), first, last)
  }

  /// One exponential step of the atoms at the tip or in the neck.
  private func substep(
    _ state: inout State, _ run: inout Run, share: Double, record: inout StepRecord,
    random: inout RandomSource?
  ) throws {
    let bridged = state.isBridged
    let atoms = bridged ? state.neckAtoms : state.tipAtoms
    // To either end of a tip's way: a young nucleus must not be lost to the length of a step.
    let room = bridged ? atoms : min(fullCount - atoms, 2.5 * atoms)
    let (orientation, compliance) = (state.orientation, run.compliance)
    func flow(_ atoms: Double, _ applied: Double) throws -> Flow {
      bridged
        ? try neckFlow(
          atoms: atoms, orientation: orientation, applied: applied, compliance: compliance, share: share)
        : try tipFlow(atoms: atoms, orientation: orientation, applied: applied, compliance: compliance, share: share)
    }
    var length = min(run.left, run.guess)
    var now = try flow(atoms, run.applied(after: 0.5 * length))
    var (mean, spread) = (length, length)
    for attempt in 0..<60 {
      var limit = max(1, 0.1 * room)
      if !bridged, now.isFedBack {
        // Where electrons take the voltage away, it changes by a factor e within 0.1 nm.
        limit = max(1, min(limit, 0.03e-9 * tipArea / parameters.atomicVolume))
      }
      var stiffness = 0.0
      if now.turnover * length > 0.01 * limit {
        let nudge = 1e-3 * (room + 1)
        stiffness = (try flow(atoms + nudge, run.applied(after: 0.5 * length)).net - now.net) / nudge
      }
      mean = length * Self.growth(stiffness * length)
      spread = length * Self.growth(2 * stiffness * length)
      let excess = max(
        abs(now.net) * mean / limit, now.turnover * spread / (limit * limit), 2 * stiffness * length)
      if excess <= 1 || attempt == 59 { break }
      length *= max(0.05, min(0.9, 0.8 / excess))
      now = try flow(atoms, run.applied(after: 0.5 * length))
    }
    var change = now.net * mean
    if random != nil {
      change = Self.count(now.gain * spread, &random) - Self.count(now.loss * spread, &random)
      change += now.net * (mean - spread)
    }
    record.add(now.point, during: length)
    // The state is that of the substep's beginning.
    if record.turnOn == nil, run.compliance > 0, now.isFedBack,
      now.point.isLimited || abs(now.point.voltage) < 0.5 * abs(run.applied(after: 0.5 * length))
    {
      turnOn(run, &record)
    }
    run.elapsed += length
    run.guess = 2 * length
    if run.flips > 0 {
      if bridged { run.onTime += length } else { run.offTime += length }
    }
    if apply(atoms + change, to: &state, random: &random) {
      run.flips += 1
      run.guess = run.left
      if state.isBridged, record.turnOn == nil { turnOn(run, &record) }
    }
  }

  private func turnOn(_ run: Run, _ record: inout StepRecord) {
    record.turnOn = run.applied(after: 0)
    record.delay = run.elapsed
  }

  /// Sets the atoms; returns whether the filament bridged, broke or vanished.
  private func apply(_ atoms: Double, to state: inout State, random: inout RandomSource?) -> Bool {
    if state.isBridged {
      state.neckAtoms = atoms
      if atoms > chainCount { return false }
      breakNeck(&state, random: &random)
    } else if atoms >= fullCount {
      bridge(&state)
    } else {
      state.tipAtoms = max(0, atoms)
      if atoms > 0 { return false }
      vanish(&state, random: &random)
    }
    return true
  }

  private func bridge(_ state: inout State) {
    state.isBridged = true
    state.tipAtoms = fullCount
    state.neckAtoms = neckStart
  }

  /// The neck is gone: its length is the gap now.
  private func breakNeck(_ state: inout State, random: inout RandomSource?) {
    state.isBridged = false
    state.neckAtoms = 0
    state.tipAtoms = max(0, fullCount * (1 - parameters.neckLength / parameters.length))
    if state.tipAtoms <= 0 { vanish(&state, random: &random) }
  }

  private func vanish(_ state: inout State, random: inout RandomSource?) {
    state.isNucleated = false
    state.tipAtoms = 0
    state.patience = random?.exponential() ?? 1
  }

  /// Leaves a state that flickers as bridged as it was on average, while the voltage moves by 10 mV or for an eighth of
  /// the time.
  private func average(
    _ state: inout State, _ run: inout Run, record: inout StepRecord, random: inout RandomSource?
  ) throws {
    let share = run.onTime / max(.leastNormalMagnitude, run.onTime + run.offTime)
    if random?.uniform() ?? 0.5 < share {
      state.isNucleated = true
      if !state.isBridged { bridge(&state) }
    } else if state.isBridged {
      breakNeck(&state, random: &random)
    }
    let length = min(run.left, run.slope == 0 ? 0.125 * run.time : 0.01 / abs(run.slope))
    record.add(
      try operate(run.applied(after: 0.5 * length), compliance: run.compliance, state: state), during: length)
    record.isAveraged = true
    run.elapsed += length
    (run.followed, run.flips, run.onTime, run.offTime, run.guess) = (0, 0, 0, 0, run.left)
  }

  /// (eˣ − 1)/x; steps above x = 1 are too long anyway, so the bound keeps it finite at no cost.
  private static func growth(_ x: Double) -> Double { abs(x) < 1e-5 ? 1 + 0.5 * x : expm1(min(x, 50)) / x }

  private static func count(_ mean: Double, _ random: inout RandomSource?) -> Double {
    guard random != nil else { return mean }
    return Double(random!.poisson(mean: min(1e18, max(0, mean))))
  }
}
