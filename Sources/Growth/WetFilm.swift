import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A film of solution on a turning plate: it thins, dries, and crystals grow in it.
///
///     dh/dt = −2 ρ ω² h³/(3 η) − e,   e = k_g (p/RT) V_m x
///     k_g = 0.554 D_g^{2/3} ν_g^{−1/6} ω^{1/2}/(0.893 + 0.316 Sc^{−0.36})
///     η = η_s (1 − φ/0.64)^{−1.6}
///
/// Emslie, Bonner & Peck, *J. Appl. Phys.* 29 (1958) 858, with evaporation (Meyerhofer, *J. Appl. Phys.* 49 (1978)
/// 3993); k_g of a disc turning in still air (Levich; Gregory & Riddiford for Sc near 1), the same all over the plate,
/// which is why the film is even; at rest, diffusion through `stillLayer` of air. x is the mole fraction of the solvent
/// beside antisolvent and ions (Raoult). Viscosity by Krieger and Dougherty, the solute counting as particles of its
/// own volume. Solvents of a mixture leave in the proportion in which they stand there; heat of evaporation is left
/// out.
///
/// An antisolvent dripped on relaxes toward its share of the liquid while the drip lasts, and leaves as vapor
/// afterward; the solvent that it washes away is left out. Crystals are born by `FilmNucleation` and grow by the
/// integration law of `FaceGrowth` alone: the film is too thin for transport to matter (D/h ≫ R ρ_c/c*). Half-cubes on
/// the substrate of edge L, shifted by curvature (Gibbs & Thomson), so that the small feed the large:
///
///     dL/dt = 2 R(ln S − 2ℓ/L),  dV/dt = ½ Σ n (dL³/dt) [2 (1 − X) + X/Σ n L²]/3,  X = 1 − exp(−Σ n L²)
///
/// n per area, V the volume of crystal per area, X the covered share: sides grow where they have not met (Kolmogorov
/// and Avrami), tops everywhere. All amounts are per area of plate; the solute is balanced in every step.
struct WetFilm {
  /// What stays the same during a run; SI.
  struct Setting {
    var liquor: MotherLiquor
    var nucleation: FilmNucleation
    var growth: FaceGrowth
    var molarDensity: Double
    var molarMass: Double
    var ions: Double
    /// rad/s.
    var angularSpeed: Double
    var spinTime: Double
    var temperature: Double
    /// After the spinning; the same, without a hot plate.
    var dryingTemperature: Double
    var end: Double
    var drip: Drip?
  }

  struct Drip {
    var liquid: Solvent
    var start: Double
    var duration: Double
    /// Share of the liquid's volume at its end.
    var fraction: Double
    /// −d ln c*/d[antisolvent], m³/mol.
    var solubilityFall: Double
    var diffusivity: Double
  }

  struct Cohort {
    /// Per area, 1/m².
    var density: Double
    /// L, m.
    var edge: Double
    /// Share that was born on the substrate.
    var substrateShare: Double
    /// Edge at birth, m.
    var nucleusEdge: Double
    var identity: Int
  }

  struct State {
    var time = 0.0
    /// Solvent and antisolvent, m.
    var solvent: Double
    var antisolvent = 0.0
    /// mol/m².
    var solute: Double
    var spunOff = 0.0
    /// Volume of crystal per area, m.
    var crystal = 0.0
    var cohorts: [Cohort] = []

    var liquid: Double { solvent + antisolvent }
    /// Σ n L².
    var extendedCoverage: Double { cohorts.reduce(0) { $0 + $1.density * $1.edge * $1.edge } }
    var coverage: Double { -expm1(-extendedCoverage) }
  }

  /// Thickness of still air above a plate at rest, m; assumed.
  static let stillLayer = 5e-3
  /// Kinematic viscosity of air at 298 K, m²/s.
  static let airViscosity = 1.56e-5
  /// Solids at which the solution no longer flows, by volume: random packing.
  static let packing = 0.64
  /// The film counts as dry when so little of the liquid that it had at the first nucleus is left.
  static let dryShare = 1e-3
  /// Edge of a new crystal over the radius of the critical nucleus: a little above it, so that it grows.
  static let nucleusRatio = 2.2
  /// Below this edge a crystal is gone, m.
  static let smallestEdge = 1e-9

  let setting: Setting
  private(set) var state: State
  let initialSolute: Double
  private(set) var firstBirth: (time: Double, temperature: Double)?
  private(set) var largestRatio = 0.0
  /// When the last liquid had gone.
  private(set) var dryTime: Double?
  private(set) var fronts: [[FrontHistory.Moment]] = []
  private(set) var record: [GrowthRecord] = []
  private var liquidAtBirth = 0.0
  private let plateArea: Double

  /// - Parameters:
  ///   - height: of the solution laid on, m.
  ///   - concentration: mol/m³ of solvent.
  init(_ setting: Setting, height: Double, concentration: Double, plateArea: Double) {
    self.setting = setting
    self.plateArea = plateArea
    let solvent = height / (1 + concentration / setting.molarDensity)
    state = State(solvent: solvent, solute: solvent * concentration)
    initialSolute = state.solute
  }

  // MARK: The liquid

  func temperature(at time: Double) -> Double {
    time < setting.spinTime ? setting.temperature : setting.dryingTemperature
  }

  private func height(_ s: State) -> Double { s.liquid + s.solute / setting.molarDensity }

  /// c*, mol/m³ of liquid without solute.
  func saturation(_ s: State) -> Double {
    let pure = setting.liquor.saturation(at: temperature(at: s.time))
    guard let drip = setting.drip, s.antisolvent > 0 else { return pure }
    let fraction = s.antisolvent / s.liquid
    return pure * exp(fraction * (setting.liquor.fall - drip.solubilityFall / drip.liquid.molarVolume))
  }

  /// Relative rate of radial flow, 2 ρ ω² h²/(3 η), 1/s.
  private func flow(_ s: State) -> Double {
    guard s.time < setting.spinTime else { return 0 }
    let h = height(s)
    let filled = min(0.999 * Self.packing, s.solute / setting.molarDensity / h)
    let viscosity =
      setting.liquor.viscosity(at: temperature(at: s.time)) * pow(1 - filled / Self.packing, -2.5 * Self.packing)
    let density =
      (s.solvent * setting.liquor.density + s.antisolvent * (setting.drip?.liquid.density.si ?? 0)
        + s.solute * setting.molarMass) / h
    return 2 * density * setting.angularSpeed * setting.angularSpeed * h * h / (3 * viscosity)
  }

  /// Mass transfer of a vapor to the air, m/s.
  private func transfer(_ liquid: Solvent, at time: Double) -> Double {
    let temperature = temperature(at: time)
    let warming = pow(temperature / Solvent.referenceTemperature, 1.75)
    let diffusivity = (liquid.vaporDiffusivity?.si ?? AntisolventDiffusion.usualVaporDiffusivity) * warming
    let still = diffusivity / Self.stillLayer
    guard time < setting.spinTime else { return still }
    let air = Self.airViscosity * warming
    let schmidt = air / diffusivity
    let turning =
      0.554 * pow(diffusivity, 2.0 / 3) * pow(air, -1.0 / 6) * setting.angularSpeed.squareRoot()
      / (0.8934 + 0.316 * pow(schmidt, -0.36))
    return max(still, turning)
  }

  /// m/s of a pure liquid.
  private func evaporation(_ liquid: Solvent, at time: Double) -> Double {
    let temperature = temperature(at: time)
    let pressure = min(liquid.vaporPressure(at: temperature) ?? 0, AntisolventDiffusion.airPressure)
    return transfer(liquid, at: time) * pressure * liquid.molarVolume / (Constants.gas * temperature)
  }

  /// Speeds at which solvent and antisolvent leave as vapor, m/s.
  private func evaporation(_ s: State) -> (solvent: Double, antisolvent: Double) {
    let parts = setting.liquor.parts
    let moles = parts.reduce(0) { $0 + $1.fraction / $1.solvent.molarVolume } * s.solvent
    let others = setting.drip.map { s.antisolvent / $0.liquid.molarVolume } ?? 0
    let all = moles + others + setting.ions * s.solute
    guard all > 0 else { return (0, 0) }
    let mean = parts.reduce(0) { sum, part in
      let share = part.fraction / part.solvent.molarVolume * s.solvent / max(moles, 1e-300)
      return sum + share * evaporation(part.solvent, at: s.time)
    }
    return (mean * moles / all, setting.drip.map { evaporation($0.liquid, at: s.time) * others / all } ?? 0)
  }

  /// The liquid after a time, without births and growth.
  private func dried(_ s: State, by step: Double) -> State {
    var next = s
    let keep = 1 / (1 + 2 * flow(s) * step).squareRoot()
    next.solvent *= keep
    next.antisolvent *= keep
    next.solute *= keep
    next.spunOff += s.solute - next.solute
    let vapor = evaporation(s)
    if next.solvent > 0 { next.solvent *= exp(-vapor.solvent * step / max(s.solvent, 1e-300)) }
    if let drip = setting.drip, s.time >= drip.start, s.time < drip.start + drip.duration {
      let target = drip.fraction / (1 - drip.fraction) * next.solvent
      let mixing = 4 * pow(height(s), 2) / (Double.pi * Double.pi * drip.diffusivity)
      next.antisolvent += (target - next.antisolvent) * -expm1(-step / (drip.duration / 3 + mixing))
    } else if next.antisolvent > 0 {
      next.antisolvent *= exp(-vapor.antisolvent * step / max(s.antisolvent, 1e-300))
    }
    next.time += step
    return next
  }

  // MARK: The crystals

  private func sigma(_ concentration: Double, _ s: State) -> Double {
    concentration > 0 ? log(concentration / saturation(s)) : -50
  }

  /// Face speed of a crystal of an edge, m/s.
  private func speed(_ sigma: Double, edge: Double, capillary: Double, temperature: Double) -> Double {
    setting.growth.integrationSpeed(supersaturation: sigma - 2 * capillary / edge, temperature: temperature)
  }

  /// One step: the liquid dries, nuclei appear, crystals take solute. The concentration is that of the step's end.
  private func advanced(_ s: State, by step: Double, nextIdentity: Int) throws -> State {
    var next = dried(s, by: step)
    let temperature = temperature(at: s.time)
    let capillary = setting.nucleation.capillaryLength(at: temperature)
    let before = sigma(next.solute / next.liquid, next)
    if before > 0 {
      let depth = height(next)
      let rates = setting.nucleation.rates(
        before, concentration: next.solute / depth, saturation: saturation(next), temperature: temperature,
        diffusivity: setting.liquor.diffusivity(at: temperature), depth: depth)
      let bare = (1 - s.coverage) * step
      let born = (rates.solution + rates.substrate) * bare
      // Fewer than one on the plate are none.
      if born * plateArea > 1e-3 {
        add(
          born, edge: Self.nucleusRatio * capillary / before,
          substrate: rates.substrate / (rates.solution + rates.substrate),
          nextIdentity, to: &next)
      }
    }
    guard !next.cohorts.isEmpty else { return next }
    let extended = next.extendedCoverage
    let covered = next.coverage
    let weight = 0.5 * (2 * (1 - covered) + (extended > 0 ? covered / extended : 1)) / 3
    let molarDensity = setting.molarDensity
    let liquid = next.liquid
    let (cohorts, solute) = (next.cohorts, next.solute)
    func grown(_ edge: Double, _ sigma: Double) -> Double {
      max(0, edge + 2 * step * speed(sigma, edge: edge, capillary: capillary, temperature: temperature))
    }
    let reference = saturation(next)
    func gain(_ sigma: Double) -> Double {
      let sum = cohorts.reduce(0) {
        let edge = grown($1.edge, sigma)
        return $0 + $1.density * (edge * edge * edge - $1.edge * $1.edge * $1.edge)
      }
      return max(-next.crystal, weight * sum)
    }
    // In ln S: solute left over less what the liquid holds, falling.
    func rest(_ sigma: Double) -> Double {
      (solute - molarDensity * gain(sigma) - reference * exp(sigma) * liquid) / solute
    }
    var (low, high) = (before - 1, before + 0.01)
    while rest(low) < 0, low > before - 60 { low -= 2 * (before - low) }
    while rest(high) > 0, high < before + 60 { high += 2 * (high - before) }
    let found: Double
    do { found = try Roots.brent(low, high, tolerance: 1e-9, rest) } catch {
      throw GrowthError.integration(reason: "\(error)")
    }
    let left = min(reference * exp(found) * liquid, solute + molarDensity * next.crystal)
    next.crystal += (solute - left) / molarDensity
    next.solute = left
    for i in next.cohorts.indices { next.cohorts[i].edge = grown(next.cohorts[i].edge, found) }
    next.cohorts.removeAll { $0.edge < Self.smallestEdge }
    return next
  }

  /// Nuclei join the youngest crystals while these are about as small.
  private func add(_ born: Double, edge: Double, substrate: Double, _ identity: Int, to s: inout State) {
    if let last = s.cohorts.last, last.edge < 1.3 * edge {
      let i = s.cohorts.count - 1
      let whole = last.density + born
      s.cohorts[i].edge = cbrt((last.density * pow(last.edge, 3) + born * pow(edge, 3)) / whole)
      s.cohorts[i].substrateShare = (last.density * last.substrateShare + born * substrate) / whole
      s.cohorts[i].nucleusEdge = (last.density * last.nucleusEdge + born * edge) / whole
      s.cohorts[i].density = whole
    } else {
      s.cohorts.append(
        Cohort(density: born, edge: edge, substrateShare: substrate, nucleusEdge: edge, identity: identity))
    }
  }

  // MARK: The run

  /// Until the film is dry, or to the end of the time.
  /// - Throws: `GrowthError.integration`.
  mutating func run() throws {
    var step = 1e-6
    note()
    while state.time < setting.end, dryTime == nil {
      let vapor = evaporation(state)
      let liquidLoss = (vapor.solvent + vapor.antisolvent) / max(state.liquid, 1e-300)
      var length = min(step, 0.2 / max(flow(state), 1e-300), 0.03 / max(liquidLoss, 1e-300))
      for mark in [setting.spinTime, setting.drip?.start, setting.drip.map { $0.start + $0.duration }, setting.end] {
        if let mark, mark > state.time { length = min(length, mark - state.time) }
      }
      let before = sigma(state.solute / state.liquid, state)
      let next = try advanced(state, by: length, nextIdentity: fronts.count)
      let after = sigma(next.solute / next.liquid, next)
      let change = roughness(of: state, next, before, after)
      if change > 1, length > 1e-9 {
        step = 0.5 * length
        continue
      }
      state = next
      largestRatio = max(largestRatio, exp(min(after, 500)))
      if let last = state.cohorts.last, last.identity == fronts.count { fronts.append([]) }
      if firstBirth == nil, !state.cohorts.isEmpty {
        firstBirth = (state.time, temperature(at: state.time))
        liquidAtBirth = state.liquid
      }
      note()
      step = length * (change < 0.4 ? 1.3 : 1)
      if firstBirth != nil, state.liquid < Self.dryShare * liquidAtBirth { dry() }
    }
  }

  /// How far a step goes beyond what is small, 1 at the limit.
  private func roughness(of s: State, _ next: State, _ before: Double, _ after: Double) -> Double {
    let change = abs(after - before)
    var worst = change / 0.2
    let temperature = temperature(at: next.time)
    let born = next.cohorts.reduce(0) { $0 + $1.density } - s.cohorts.reduce(0) { $0 + $1.density }
    let all = next.cohorts.reduce(0) { $0 + $1.density }
    // Where nuclei matter, their rate must not jump within a step.
    if born > 1e-3 * all, all > 0 {
      worst = max(worst, change * setting.nucleation.steepness(max(before, after), temperature: temperature) / 0.3)
    }
    let extended = next.extendedCoverage
    for (a, b) in zip(s.cohorts, next.cohorts) where a.identity == b.identity {
      guard b.density * b.edge * b.edge > 0.02 * extended else { continue }
      worst = max(worst, abs(b.edge - a.edge) / (0.25 * max(a.edge, b.edge)))
    }
    return worst
  }

  /// The last solute stays on the crystals.
  private mutating func dry() {
    state.crystal += state.solute / setting.molarDensity
    state.solute = 0
    state.solvent = 0
    state.antisolvent = 0
    dryTime = state.time
    note()
  }

  private mutating func note() {
    let temperature = temperature(at: state.time)
    let saturation = state.liquid > 0 ? saturation(state) : setting.liquor.saturation(at: temperature)
    let concentration = state.liquid > 0 ? state.solute / state.liquid : saturation
    for cohort in state.cohorts {
      fronts[cohort.identity].append(
        FrontHistory.Moment(
          time: state.time, temperature: temperature, concentration: concentration, edge: cohort.edge,
          saturation: saturation,
          remaining: setting.liquor.composition.concentration
            * (1 - state.crystal * setting.molarDensity / (initialSolute - state.spunOff))))
    }
    record.append(
      GrowthRecord(
        time: TimeSpan(si: state.time), temperature: .kelvin(temperature),
        concentration: Concentration(si: concentration), saturation: Ratio(si: concentration / saturation),
        largestSize: Length(si: state.cohorts.map(\.edge).max() ?? 0),
        crystalCount: Int(min(1e15, plateArea * state.cohorts.reduce(0) { $0 + $1.density }))))
  }

  // MARK: The result

  /// Crystals per area, 1/m².
  var density: Double { state.cohorts.reduce(0) { $0 + $1.density } }

  /// Relative error of the solute balance.
  var balanceError: Double {
    abs((state.solute + state.spunOff + state.crystal * setting.molarDensity) / initialSolute - 1)
  }

  /// Standard deviation over the crystals of how high their fronts came, m.
  var heightDeviation: Double {
    let mean = state.cohorts.reduce(0) { $0 + $1.density * $1.edge } / density
    let square = state.cohorts.reduce(0) { $0 + $1.density * ($1.edge - mean) * ($1.edge - mean) } / density
    return 0.5 * square.squareRoot()
  }

  /// Share of the crystals that were born on the substrate.
  var substrateShare: Double {
    state.cohorts.reduce(0) { $0 + $1.density * $1.substrateShare } / density
  }

  /// Mean width on the substrate of the critical nuclei that became crystals, 2 r* sin θ, m.
  func contactWidth(at contactAngle: Angle) -> Double {
    let edge = state.cohorts.reduce(0) { $0 + $1.density * $1.nucleusEdge } / density
    return 2 * edge / Self.nucleusRatio * sin(contactAngle.si)
  }

  /// The front of the median crystal, in some hundred moments.
  var medianFront: [FrontHistory.Moment] {
    var below = 0.0
    let chosen = state.cohorts.first { cohort in
      below += cohort.density
      return below >= 0.5 * density
    }
    guard let chosen else { return [] }
    let all = fronts[chosen.identity]
    let stride = max(1, all.count / 150)
    return all.indices.filter { $0 % stride == 0 || $0 == all.count - 1 }.map { all[$0] }
  }
}
