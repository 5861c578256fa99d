import Foundation
import Materials
import Quantities

/// Evaporation from a crucible until its charge is gone.
public enum Evaporation {
  /// J = α p / √(2π m k T), molecules per area and time: Hertz and Knudsen, physics (3.2).
  ///
  /// Into a vacuum; a collision-free vapor, so p of some Pa at most.
  /// - Parameters:
  ///   - pressure: of the vapor in equilibrium, Pa.
  ///   - moleculeMass: kg.
  ///   - coefficient: α.
  public static func flux(
    pressure: Double, moleculeMass: Double, temperature: Temperature, coefficient: Double = 1
  ) -> Double {
    coefficient * pressure / (2 * Double.pi * moleculeMass * Constants.boltzmann * temperature.si).squareRoot()
  }

  /// J of a pure salt with its own α, molecules per area and time.
  public static func flux(of salt: VaporSource, at temperature: Temperature) -> Double {
    salt.evaporationCoefficient.si * saturatedFlux(of: salt, at: temperature)
  }

  /// What hits a wall from the vapor in equilibrium with a pure salt, molecules per area and time.
  public static func saturatedFlux(of salt: VaporSource, at temperature: Temperature) -> Double {
    flux(pressure: salt.vaporPressure(at: temperature), moleculeMass: salt.moleculeMass, temperature: temperature)
  }

  /// ln a of each salt in a mixture, a = p/p°.
  ///
  ///     ln a_i = ln x_i + (Ω/kT)[(1 − x_i) − Σ_{j<k} x_j x_k],  Ω Σ_{j<k} x_j x_k Σν = −E at the compound
  ///
  /// A regular solution with one Ω for all pairs: it obeys Gibbs and Duhem, and at the compound's ratio ν it holds the
  /// energy E that a formula unit gains from its salts. A powder of two phases is taken as one mixture.
  /// - Parameters:
  ///   - shares: x, summing to 1.
  ///   - counts: ν of the compound.
  ///   - formationEnergy: E over kT.
  static func logActivities(shares: [Double], counts: [Double], formationEnergy: Double) -> [Double] {
    let pairs = { (x: [Double]) -> Double in 0.5 * (1 - x.reduce(0) { $0 + $1 * $1 }) }
    let total = counts.reduce(0, +)
    let atCompound = pairs(counts.map { $0 / total })
    let interaction = atCompound > 0 ? -formationEnergy / (total * atCompound) : 0
    let mixed = pairs(shares)
    return shares.map { log($0) + interaction * ((1 - $0) - mixed) }
  }
}

/// A crucible and what is left in it.
struct Crucible {
  /// One salt of the charge.
  struct Part {
    /// Number of the salt among those of the compound.
    var salt: Int
    /// Molecules left.
    var amount: Double
    /// α p° A/√(2π m k T), molecules per time from the pure salt.
    var pureRate: Double
    /// ν of the compound.
    var count: Double
  }

  private(set) var parts: [Part]
  /// E/kT that a formula unit gains from its salts.
  let formationEnergy: Double
  /// Molecules at the start.
  let charge: Double

  init(_ parts: [Part], formationEnergy: Double) {
    self.parts = parts
    self.formationEnergy = formationEnergy
    charge = parts.reduce(0) { $0 + $1.amount }
  }

  var left: Double { parts.reduce(0) { $0 + $1.amount } }

  /// Share of the charge that leaves with the step that all but empties the crucible.
  private static let residue = 1e-6
  /// Share of the charge, and of what is left of one salt, that leaves in a step.
  private static let largestStep = (charge: 0.01, salt: 0.1)

  /// Molecules per time that each part gives off now.
  var rates: [Double] {
    guard parts.count > 1 else { return parts.map { $0.amount > 0 ? $0.pureRate : 0 } }
    let total = left
    guard total > 0 else { return parts.map { _ in 0 } }
    let activities = Evaporation.logActivities(
      shares: parts.map { $0.amount / total }, counts: parts.map(\.count), formationEnergy: formationEnergy)
    return zip(parts, activities).map { $0.amount > 0 ? $0.pureRate * exp($1) : 0 }
  }

  /// Longest step over which the rates hardly change, s; infinite for an empty crucible.
  var step: Double {
    let rates = rates
    let total = rates.reduce(0, +)
    guard total > 0 else { return .infinity }
    guard parts.count > 1 else { return parts[0].amount / total }
    let left = left
    var step = Self.largestStep.charge * charge / total
    for (part, rate) in zip(parts, rates) where part.amount > 1e-3 * left && rate > 0 {
      step = min(step, Self.largestStep.salt * part.amount / rate)
    }
    return max(step, Self.residue * charge / total)
  }

  /// Molecules of each part that leave within a time of one step at most.
  mutating func evaporate(for time: Double) -> [Double] {
    let rates = rates
    var gone = [Double](repeating: 0, count: parts.count)
    for index in parts.indices where rates[index] > 0 {
      let amount = parts[index].amount
      // A pure salt empties at a steady rate, a share of a mixture ever more slowly.
      gone[index] =
        parts.count == 1
        ? min(amount, rates[index] * time) : -amount * expm1(-rates[index] * time / amount)
    }
    if left - gone.reduce(0, +) <= Self.residue * charge { gone = parts.map(\.amount) }
    for index in parts.indices {
      parts[index].amount = gone[index] == parts[index].amount ? 0 : parts[index].amount - gone[index]
    }
    return gone
  }
}
