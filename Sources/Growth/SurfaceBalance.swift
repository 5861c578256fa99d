import Foundation
import Materials
import Quantities

/// Salts that land on a growing film, react there, and leave again.
///
///     dn_i/dt = F_i − n_i/τ_i − ν_i r − c_i,  N₀/τ_i = J_i(T),  r = ω N₀ [Π θ_i^ν_i − exp(−E/kT)]
///     θ_i = n_i/N₀ ≤ 1
///
/// Physics (3.4). J_i is what the solid salt gives off at the substrate's temperature by Hertz and Knudsen: a surface
/// that a salt covers is in equilibrium with the vapor of that salt, so τ_i is no constant of its own. All that lands sticks, and so J_i is that of α = 1: an α below it is what a
/// crucible's salt loses on its way apart. Such a surface
/// takes no more of the salt: the rest, c_i, condenses as that salt. So the salt that is the more volatile leaves a hot
/// surface where it is in excess, and the other one sets the speed of growth; on a cold surface everything stays. E is
/// what a formula unit gains from its salts: a surface so bare that the compound would fall apart does not grow. The
/// balance settles within τ_i or a monolayer's time, so its steady state serves.
struct SurfaceBalance {
  /// Four salts at most; a lane without a salt has ν = 0.
  typealias Salts = SIMD4<Double>

  /// ν.
  let counts: Salts
  /// N₀, 1/m².
  let sites: Double
  /// J: what a full surface gives off, 1/(m² s).
  let fullDesorption: Salts
  /// ω N₀, 1/(m² s).
  let reaction: Double
  /// ω N₀ exp(−E/kT), 1/(m² s). Curvature multiplies it (Gibbs & Thomson).
  var dissociation: Double
  private let used: [Int]

  /// What a moment on the surface does, molecules per area and time.
  struct Rates {
    /// r, formula units.
    var growth: Double
    var desorbed: Salts
    /// c.
    var condensed: Salts
    /// θ.
    var coverage: Salts
  }

  init(salts: [VaporSource], law: Sublimation, sites: Double, temperature: Temperature) {
    var counts = Salts.zero
    var desorption = Salts.zero
    for (lane, salt) in salts.enumerated() {
      counts[lane] = Double(law.salts[salt.name]!.formulaUnits)
      desorption[lane] = Evaporation.saturatedFlux(of: salt, at: temperature)
    }
    self.counts = counts
    self.sites = sites
    fullDesorption = desorption
    reaction = law.reactionFrequency.si * sites
    dissociation = reaction * exp(-law.formationEnergy.si / (Constants.boltzmann * temperature.si))
    used = Array(salts.indices)
  }

  /// The steady state under fluxes F, 1/(m² s).
  ///
  /// The unknown is y = r_max − r with r_max = min F_i/ν_i, so that the scarce salt's coverage keeps its digits where
  /// nearly all of it reacts: ln(ω N₀ Π θ_i^ν_i) − ln(r_max − y + ω N₀ e^{−E/kT}) rises with ln y. Newton's method within
  /// a bracket, or from a guess that is near.
  /// - Parameter root: ln(y/r_max) of a balance alike; that of this one afterward.
  func rates(_ fluxes: Salts, near root: inout Double) -> Rates {
    let limit = used.reduce(Double.infinity) { min($0, fluxes[$1] / counts[$1]) }
    guard limit > 0 else { return rates(fluxes, spare: fluxes) }
    var excess = Salts.zero
    for lane in used {
      let rest = fluxes[lane] - counts[lane] * limit
      // Rounding must not make an excess of what sets the limit.
      excess[lane] = rest > 4 * Double.ulpOfOne * fluxes[lane] ? rest : 0
    }
    func value(_ z: Double) -> (value: Double, slope: Double) {
      let y = limit * exp(z)
      let forward = max(limit - y, 0) + dissociation
      var value = log(reaction) - log(max(forward, 1e-300))
      var slope = y / max(forward, 1e-300)
      for lane in used {
        let spare = excess[lane] + counts[lane] * y
        guard spare < fullDesorption[lane] else { continue }
        value += counts[lane] * log(spare / fullDesorption[lane])
        slope += counts[lane] * counts[lane] * y / spare
      }
      return (value, slope)
    }
    let bounds = (-400.0, -1e-12)
    var z = root
    var isFound = false
    for _ in 0..<8 where z > bounds.0 && z < bounds.1 {
      let now = value(z)
      isFound = abs(now.value) < 1e-12
      guard !isFound, now.slope > 0 else { break }
      z -= now.value / now.slope
    }
    if !isFound { z = bracketed(bounds, value) }
    root = z
    let y = limit * exp(z)
    var spare = excess
    for lane in used { spare[lane] += counts[lane] * y }
    return rates(fluxes, spare: spare)
  }

  func rates(_ fluxes: Salts) -> Rates {
    var root = -1.0
    return rates(fluxes, near: &root)
  }

  /// The root of what rises from low to high; the end that is nearer to one, where there is none.
  private func bracketed(_ bounds: (Double, Double), _ value: (Double) -> (value: Double, slope: Double)) -> Double {
    var (low, high) = bounds
    // Where even full surfaces react more slowly than salts arrive, all salts condense.
    if value(low).value >= 0 { return low }
    if value(high).value <= 0 { return high }
    var z = -1.0
    for _ in 0..<200 {
      let now = value(z)
      if now.value > 0 { high = z } else { low = z }
      let step = now.slope > 0 ? -now.value / now.slope : 0
      let next = z + step
      z = step != 0 && next > low && next < high ? next : 0.5 * (low + high)
      if abs(now.value) < 1e-12 || high - low < 1e-12 * max(1, abs(z)) { break }
    }
    return z
  }

  /// What becomes of salts that do not react.
  private func rates(_ fluxes: Salts, spare: Salts) -> Rates {
    var rates = Rates(growth: 0, desorbed: .zero, condensed: .zero, coverage: Salts(repeating: 1))
    var growth = Double.infinity
    for lane in used {
      rates.desorbed[lane] = min(spare[lane], fullDesorption[lane])
      rates.condensed[lane] = spare[lane] - rates.desorbed[lane]
      rates.coverage[lane] = rates.desorbed[lane] / fullDesorption[lane]
      growth = min(growth, (fluxes[lane] - spare[lane]) / counts[lane])
    }
    rates.growth = max(0, growth)
    return rates
  }
}
