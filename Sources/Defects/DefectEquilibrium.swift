import Foundation
import Quantities

/// The charge-neutral equilibrium of any number of defects, dopants and carriers.
///
///     c_q = N g_q exp[−(E_q − Σ n_i μ_i + q E_F) / kT]                 free and dilute
///     c_q = N w_q / (1 + Σ w),  w = c_q / N of the line above           species of one sublattice
///     c_q = C w_q / Σ w                                                 frozen total C
///     Σ q c_q + p − n = 0
///
/// Physics (1.15), (1.16). The net charge falls steadily with E_F in all cases and their mixtures. Where a sublattice is closed,
/// vacancies and interstitials recombine, but their difference stays. No defect clusters; carriers as `CarrierBands` says.
///
/// A value keeps its own buffers: `solve` allocates nothing, and a copy is an independent solver.
public struct DefectEquilibrium: Sendable {
  /// Where the Fermi level settled.
  public struct Solution: Hashable, Sendable {
    /// Above the valence band edge, J.
    public var fermiLevel: Double
    /// 1/m³.
    public var electrons: Double
    public var holes: Double
    /// Net charge over the sum of all charges.
    public var neutralityResidual: Double
    /// Electrons beyond those of the defects' first states, n − p + Σ (q₁ − q) c_q, 1/m³; conserved while the crystal
    /// exchanges no halogen.
    public var excessElectrons: Double
    /// Evaluations of the net charge.
    public var evaluations: Int
  }

  public let species: [DefectSpecies]
  let bands: CarrierBands?
  /// First state of each species among the terms; one more for the end.
  let starts: [Int]
  var balance: ChargeBalance

  /// - Parameters:
  ///   - bands: without them there are no carriers, and the Fermi level is only a multiplier.
  ///   - closed: sublattices that keep their vacancies less interstitials.
  ///   - excessElectrons: of a crystal that exchanges nothing. All species must then be frozen or closed; neutrality holds
  ///     by the way their totals were counted, and the carriers do not drown in the rounding of those totals.
  /// - Throws: `DefectError`.
  public init(
    _ species: [DefectSpecies], bands: CarrierBands?, environment: ChemicalEnvironment = .reference,
    closed: [ClosedSublattice] = [], excessElectrons: Double? = nil
  ) throws {
    self.species = species
    self.bands = bands
    var starts = [0]
    for one in species {
      try one.check()
      starts.append(starts.last! + one.states.count)
    }
    self.starts = starts
    balance = try ChargeBalance(
      species, hasCarriers: bands != nil, environment: environment, closed: closed, background: excessElectrons)
  }

  /// Settles the Fermi level at a temperature.
  ///
  /// Newton's method on ln(positive charge) − ln(negative charge), guarded by bisection; sums by their largest logarithm, so
  /// that nothing over- or underflows.
  /// - Throws: `DefectError`.
  public mutating func solve(at temperature: Temperature) throws -> Solution {
    let kT = Constants.boltzmann * temperature.si
    guard kT > 0, kT.isFinite else { throw DefectError.badTemperature(temperature.si) }
    let edges = bands.map { bands in
      let (conduction, valence) = bands.logDensities(at: temperature.si)
      return (conduction - bands.gap / kT, valence)
    }
    let guess = edges.map { 0.5 * ($0.1 - $0.0) } ?? 0
    let found = try balance.solve(kT: kT, carriers: edges, guess: guess)
    let count = starts.last!
    for index in species.indices {
      for state in starts[index]..<starts[index + 1] where !balance.density(state).isFinite {
        throw DefectError.notFinite(species: species[index].name)
      }
    }
    var excess = 0.0
    for index in species.indices where species[index].states.count > 1 {
      let first = species[index].states[0].charge
      for state in starts[index]..<starts[index + 1] {
        let charge = species[index].states[state - starts[index]].charge
        if charge != first { excess += Double(first - charge) * balance.density(state) }
      }
    }
    let electrons = bands == nil ? 0 : balance.density(count)
    let holes = bands == nil ? 0 : balance.density(count + 1)
    guard electrons.isFinite, holes.isFinite else { throw DefectError.notFinite(species: "carriers") }
    return Solution(
      fermiLevel: found.level * kT, electrons: electrons, holes: holes, neutralityResidual: found.residual,
      excessElectrons: excess + electrons - holes, evaluations: found.evaluations)
  }

  /// Density of one charge state after `solve`, 1/m³.
  public func density(of index: Int, state: Int) -> Double { balance.density(starts[index] + state) }

  /// Density of a species in all its charge states after `solve`, 1/m³.
  public func density(of index: Int) -> Double {
    var sum = 0.0
    for state in starts[index]..<starts[index + 1] { sum += balance.density(state) }
    return sum
  }
}

extension DefectSpecies {
  fileprivate func check() throws {
    guard !states.isEmpty else { throw DefectError.emptySpecies(name: name) }
    guard siteDensity.si >= 0, siteDensity.si.isFinite else {
      throw DefectError.badNumber(species: name, what: "site density", value: siteDensity.si)
    }
    for state in states {
      guard state.energy.si.isFinite else {
        throw DefectError.badNumber(species: name, what: "formation energy", value: state.energy.si)
      }
      guard state.degeneracy > 0, state.degeneracy.isFinite else {
        throw DefectError.badNumber(species: name, what: "degeneracy", value: state.degeneracy)
      }
    }
    if case .frozen(let total) = amount {
      guard total.si >= 0, total.si.isFinite else {
        throw DefectError.badNumber(species: name, what: "frozen total", value: total.si)
      }
    }
  }
}
