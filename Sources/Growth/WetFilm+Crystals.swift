import Foundation
import Materials
import NumericalMethods
import Quantities

/// How crystals are born and grow in it.
extension WetFilm {
  func sigma(_ concentration: Double, _ s: State) -> Double {
    concentration > 0 ? log(concentration / saturation(s)) : -50
  }

  /// Face speed of a crystal of an edge, m/s.
  func speed(_ sigma: Double, edge: Double, capillary: Double, temperature: Double) -> Double {
    setting.growth.integrationSpeed(supersaturation: sigma - 2 * capillary / edge, temperature: temperature)
  }

  /// One step: the liquid dries, nuclei appear, crystals take solute. The concentration is that of the step's end.
  func advance(_ next: inout State, from s: borrowing State, by step: Double, nextIdentity: Int) throws {
    next.become(s)
    dry(&next, by: step)
    let temperature = temperature(at: s.time)
    let capillary = setting.nucleation.capillaryLength(at: temperature)
    let before = sigma(next.solute / next.liquid, next)
    if before > 0 {
      let depth = height(next)
      let rates = setting.nucleation.rates(
        before, concentration: next.solute / depth, saturation: saturation(next), temperature: temperature,
        diffusivity: setting.liquor.diffusivity(at: temperature), depth: depth)
      let edge = Self.nucleusRatio * capillary / before
      let room = exp(-s.cohorts.reduce(0) { $0 + $1.density * ($1.edge + edge) * ($1.edge + edge) })
      // Those born in the step keep each other away as well: dn/dt = J e^{−(2L*)² n}.
      let own = 4 * edge * edge
      let born = log1p(own * (rates.solution + rates.substrate) * room * step) / own
      // Fewer than one on the plate are none.
      if born * plateArea > 1e-3 {
        add(
          born, edge: edge,
          substrate: rates.substrate / (rates.solution + rates.substrate),
          nextIdentity, to: &next)
      }
    }
    guard !next.cohorts.isEmpty else { return }
    let extended = next.extendedCoverage
    let covered = next.coverage
    let weight = 0.5 * (2 * (1 - covered) + (extended > 0 ? covered / extended : 1)) / 3
    let molarDensity = setting.molarDensity
    let liquid = next.liquid
    let solute = next.solute
    func grown(_ edge: Double, _ sigma: Double) -> Double {
      max(0, edge + 2 * step * speed(sigma, edge: edge, capillary: capillary, temperature: temperature))
    }
    let reference = saturation(next)
    func gain(_ sigma: Double) -> Double {
      let sum = next.cohorts.reduce(0) {
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
  }

  /// Nuclei join the youngest crystals while these are about as small.
  func add(_ born: Double, edge: Double, substrate: Double, _ identity: Int, to s: inout State) {
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
}
