import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A film of solution on a turning plate: it thins, dries, and crystals grow in it.
///
///     dh/dt = −2 ρ ω² h³/(3 η) − e,   e = k_g (p/RT) V_m x
///     k_g = Sh(Sc) D_g (ω/ν_g)^{1/2}
///     η = η_s (1 − φ/0.64)^{−1.6}
///
/// Emslie, Bonner & Peck, *J. Appl. Phys.* 29 (1958) 858, with evaporation (Meyerhofer, *J. Appl. Phys.* 49 (1978)
/// 3993); k_g of a disc turning in still air (`SpinningDisk`), the same all over the plate, which is why the film is even; at rest, diffusion through `stillLayer` of air. x is the mole fraction of the solvent
/// beside antisolvent and ions (Raoult). Viscosity by Krieger and Dougherty, the solute counting as particles of its
/// own volume. Solvents of a mixture leave in the proportion in which they stand there; heat of evaporation is left
/// out.
///
/// An antisolvent dripped on changes places with solvent, volume for volume, until it has its share of the liquid: the
/// two interdiffuse through the film, and the stream above, thrown off at once, takes the solvent along. It does not
/// dissolve the solute, which stays. Afterward the antisolvent leaves as vapor. Crystals are born by `FilmNucleation`
/// where there is room for a nucleus as a whole, e^{−Σ n (L + L*)²} of the substrate, and grow by the
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
    /// Solvent that left with the flow, as vapor and with the drip, m.
    var solventSpunOff = 0.0
    var solventVapor = 0.0
    var washedOff = 0.0
    /// Volume of crystal per area, m.
    var crystal = 0.0
    var cohorts: [Cohort] = []

    var liquid: Double { solvent + antisolvent }
    /// Σ n L².
    var extendedCoverage: Double { cohorts.reduce(0) { $0 + $1.density * $1.edge * $1.edge } }
    var coverage: Double { -expm1(-extendedCoverage) }

    /// The same as another, kept where this one was: steps allocate nothing.
    mutating func become(_ other: borrowing State) {
      var storage: [Cohort] = []
      swap(&storage, &cohorts)
      self = copy other
      cohorts = storage
      cohorts.removeAll(keepingCapacity: true)
      cohorts.append(contentsOf: other.cohorts)
    }
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
  let initialSolvent: Double
  private(set) var firstBirth: (time: Double, temperature: Double)?
  private(set) var largestRatio = 0.0
  /// When the last liquid had gone.
  private(set) var dryTime: Double?
  private(set) var fronts: [[FrontHistory.Moment]] = []
  private(set) var record: [GrowthRecord] = []
  private var liquidAtBirth = 0.0
  let plateArea: Double

  /// - Parameters:
  ///   - height: of the solution laid on, m.
  ///   - concentration: mol/m³ of solvent.
  init(_ setting: Setting, height: Double, concentration: Double, plateArea: Double) {
    self.setting = setting
    self.plateArea = plateArea
    let solvent = height / (1 + concentration / setting.molarDensity)
    state = State(solvent: solvent, solute: solvent * concentration)
    initialSolute = state.solute
    initialSolvent = solvent
  }

  // MARK: The run

  /// Until the film is dry, or to the end of the time.
  /// - Throws: `GrowthError.integration`.
  mutating func run() throws {
    var step = 1e-6
    var next = state
    note()
    while state.time < setting.end, dryTime == nil {
      let vapor = evaporation(state)
      let liquidLoss = (vapor.solvent + vapor.antisolvent) / max(state.liquid, 1e-300)
      var length = min(step, 0.2 / max(flow(state), 1e-300), 0.03 / max(liquidLoss, 1e-300))
      for mark in [setting.spinTime, setting.drip?.start, setting.drip.map { $0.start + $0.duration }, setting.end] {
        if let mark, mark > state.time { length = min(length, mark - state.time) }
      }
      let before = sigma(state.solute / state.liquid, state)
      try advance(&next, from: state, by: length, nextIdentity: fronts.count)
      let after = sigma(next.solute / next.liquid, next)
      let change = roughness(from: state, to: next, before, after)
      if change > 1, length > 1e-9 {
        step = 0.5 * length
        continue
      }
      swap(&state, &next)
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
  private func roughness(
    from s: borrowing State, to next: borrowing State, _ before: Double, _ after: Double
  ) -> Double {
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
    state.solventVapor += state.solvent
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
}
