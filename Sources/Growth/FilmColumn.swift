import Defects
import Foundation
import Materials
import Quantities

/// What one point of the substrate gets, keeps and gives back, and the layers that it builds.
///
/// The topmost part of the film, as deep as salts wander while it grows, is well mixed: D/R with the speed R of growth.
/// What it buries keeps its composition, so a source that drifts leaves a gradient in a cold film and none in a hot
/// one.
struct FilmColumn {
  typealias Salts = SurfaceBalance.Salts

  /// What all points of a substrate have in common.
  struct Laws {
    let balance: SurfaceBalance
    let phases: PhaseShares
    /// D of salts in the film, m²/s.
    let interdiffusivity: Double
    /// Lanes of the salts that bring the cation, and of those that bring metals.
    let cations: [Int]
    let metals: [Int]
    /// Largest |ln a_AX| that the compound stands.
    let activityLimit: Double
    /// Share of the metals among cations and metals.
    let metalShare: Double
    /// E/kT that a formula unit gains from its salts.
    let formationEnergy: Double

    init(of compound: Compound, law: Sublimation, salts: [VaporSource], temperature: Temperature) {
      let kT = Constants.boltzmann * temperature.si
      let edge = compound.latticeConstant.si
      balance = SurfaceBalance(
        salts: salts, law: law, sites: 1 / (edge * edge), temperature: temperature)
      phases = PhaseShares(of: compound, salts: salts, law: law, temperature: temperature)
      interdiffusivity = law.interdiffusivity(at: temperature)
      cations = salts.indices.filter { salts[$0].ions.cation > 0 }
      metals = salts.indices.filter { salts[$0].ions.cation == 0 }
      formationEnergy = law.formationEnergy.si / kT
      let ions = compound.ions
      let stability = compound.defects.stabilityEnergy ?? law.formationEnergy
      activityLimit = max(0, stability.si) / (2 * Double(max(1, ions.cation)) * kT)
      metalShare = Double(ions.metal) / Double(max(1, ions.metal + ions.cation))
    }

    /// ln a_AX of a surface with these coverages, within what the compound stands.
    ///
    ///     a_AX / a_BX₂ = θ_A/θ_B,  ln a_AX = n_B/(n_A + n_B) ln(θ_A/θ_B)
    ///
    /// A surface that a salt covers is in equilibrium with that salt as a solid; the middle of the window is the
    /// reference of `ChemicalEnvironment`. Physics (3.5).
    func logSaltActivity(coverage: Salts) -> Double {
      func mean(_ lanes: [Int]) -> Double {
        let weight = lanes.reduce(0) { $0 + balance.counts[$1] }
        let sum = lanes.reduce(0) { $0 + balance.counts[$1] * log(max(coverage[$1], 1e-300)) }
        return weight > 0 ? sum / weight : 0
      }
      return min(max(metalShare * (mean(cations) - mean(metals)), -activityLimit), activityLimit)
    }

    /// Saturation of the surface against the compound: Π θ^ν over its equilibrium, exp(−E/kT).
    func saturation(coverage: Salts) -> Double {
      let logarithm = (cations + metals).reduce(formationEnergy) { sum, lane in
        sum + balance.counts[lane] * log(max(coverage[lane], 1e-300))
      }
      return exp(min(logarithm, 300))
    }
  }

  let laws: Laws
  /// Share of each crucible's molecules that lands here per area, 1/m².
  let shares: [Double]
  /// Molecules per area.
  private(set) var arrived = Salts.zero
  private(set) var desorbed = Salts.zero
  private(set) var kept = Salts.zero
  /// From the substrate up, molecules per area.
  private(set) var layers: [Salts] = []
  private var zone = Salts.zero
  private var buried = 0.0
  private var weighted = 0.0
  /// Of the last balance.
  private var root = -1.0
  private var weight = 0.0
  /// m/s, of the last interval.
  private(set) var speed = 0.0
  private(set) var saturation = 0.0
  /// Formula units that land per area and time before any leave again: as far as all salts reach, or as much as stays of
  /// salts that condense by themselves.
  private(set) var supply = 0.0

  init(laws: Laws, shares: [Double]) {
    self.laws = laws
    self.shares = shares
  }

  /// - Parameter isLayered: whether to follow how the composition changes upward.
  mutating func deposit(_ emitted: [Salts], for time: Double, isLayered: Bool) {
    var fluxes = Salts.zero
    for (share, salts) in zip(shares, emitted) { fluxes += share / time * salts }
    guard fluxes.sum() > 0 else { return }
    let rates = laws.balance.rates(fluxes, near: &root)
    let gain = (fluxes - rates.desorbed) * time
    arrived += fluxes * time
    desorbed += rates.desorbed * time
    kept += gain
    weighted += rates.growth * time * laws.logSaltActivity(coverage: rates.coverage)
    weight += rates.growth * time
    guard isLayered else { return }
    saturation = laws.saturation(coverage: rates.coverage)
    speed = laws.phases.volume(gain) / time
    let reach = (laws.cations + laws.metals).reduce(.infinity) {
      min($0, fluxes[$1] / laws.balance.counts[$1])
    }
    supply = max(reach, speed / laws.phases.phases[0].volume)
    zone += gain
    let depth = laws.phases.volume(zone)
    guard depth > 0, speed > 0, depth > laws.interdiffusivity / speed else { return }
    let below = (1 - laws.interdiffusivity / speed / depth) * zone
    layers.append(below)
    buried += laws.phases.volume(below)
    zone -= below
  }

  /// m.
  var thickness: Double { buried + laws.phases.volume(zone) }

  /// Mean ln a_AX while the compound grew, formula units counting alike.
  var logSaltActivity: Double { weight > 0 ? weighted / weight : 0 }

  /// All layers, the mixed one last.
  var allLayers: [Salts] { zone.sum() > 0 ? layers + [zone] : layers }

  /// (A/ν_A − B/ν_B) over their mean in what stays: above 0 with too much AX, below with too much BX₂.
  var excess: Double { Self.excess(kept, laws) }

  static func excess(_ salts: Salts, _ laws: Laws) -> Double {
    func units(_ lanes: [Int]) -> Double {
      lanes.reduce(0) { $0 + salts[$1] } / max(1, lanes.reduce(0) { $0 + laws.balance.counts[$1] })
    }
    let (a, b) = (units(laws.cations), units(laws.metals))
    return a + b > 0 ? 2 * (a - b) / (a + b) : 0
  }

  /// Volume share of each phase of the whole film.
  var phaseShares: [String: Double] { laws.phases.shares(of: allLayers) }
}
