import Defects
import Foundation
import Materials
import Quantities
import Testing

@Suite struct DefectEquilibriumTests {
  static let sites = NumberDensity(si: 4e27)
  static let gap = 2.3 * Constants.elementaryCharge
  static let bands = CarrierBands(gap: Energy(si: gap), electronMass: 0.2, holeMass: 0.3)

  func electronvolts(_ value: Double) -> Energy { Energy(si: value * Constants.elementaryCharge) }

  /// Twenty charge states of nine species, free, frozen and on shared sites.
  func mixture() throws -> DefectEquilibrium {
    let ev = electronvolts
    var species = [
      DefectSpecies("V_X", siteDensity: Self.sites, neutralEnergy: ev(2.6), donorLevels: [ev(2.1)]),
      DefectSpecies("V_A", siteDensity: Self.sites, neutralEnergy: ev(0.9), acceptorLevels: [ev(0.1)]),
      DefectSpecies("V_B", siteDensity: Self.sites, neutralEnergy: ev(1.1), acceptorLevels: [ev(0.2), ev(0.3)]),
      DefectSpecies(
        "X_i", siteDensity: Self.sites, neutralEnergy: ev(0.9), donorLevels: [ev(0.3)], acceptorLevels: [ev(0.5)]),
      DefectSpecies("A_i", siteDensity: Self.sites, neutralEnergy: ev(3.1), donorLevels: [ev(2.2)]),
      DefectSpecies(
        "B_i", siteDensity: Self.sites, neutralEnergy: ev(4.2), donorLevels: [ev(2), ev(1.8)],
        amount: .frozen(NumberDensity(si: 1e20))),
    ]
    for site in [0, 1] {
      species.append(
        DefectSpecies(
          "shared \(site)", siteDensity: Self.sites, neutralEnergy: ev(1.2), donorLevels: [ev(0.8)],
          sublattice: 1))
    }
    species.append(DefectSpecies("dopant", charge: 1, total: NumberDensity(si: 3e21)))
    return try DefectEquilibrium(species, bands: Self.bands)
  }

  @Test(arguments: [250.0, 300, 353, 450, 600])
  func chargesOfTwentyStatesBalance(temperature: Double) throws {
    var equilibrium = try mixture()
    #expect(equilibrium.species.reduce(0) { $0 + $1.states.count } == 20)
    let found = try equilibrium.solve(at: .kelvin(temperature))
    var positive = found.holes
    var negative = found.electrons
    for (index, species) in equilibrium.species.enumerated() {
      for (state, one) in species.states.enumerated() {
        let charge = Double(one.charge) * equilibrium.density(of: index, state: state)
        if charge > 0 { positive += charge } else { negative -= charge }
      }
    }
    #expect(positive > 0)
    #expect(abs(positive - negative) < 1e-12 * (positive + negative))
    #expect(abs(found.neutralityResidual) < 1e-12)
  }

  /// The occupation of each state relative to the first is Boltzmann's at the Fermi level that was found.
  @Test func statesPopulateAsBoltzmannAsksAtTheFermiLevel() throws {
    var equilibrium = try mixture()
    let kT = Constants.boltzmann * 350
    let found = try equilibrium.solve(at: .kelvin(350))
    for (index, species) in equilibrium.species.enumerated() {
      let energy = { (s: DefectSpecies.State) -> Double in s.energy.si + Double(s.charge) * found.fermiLevel }
      for (state, one) in species.states.enumerated() {
        let ratio = equilibrium.density(of: index, state: state) / equilibrium.density(of: index, state: 0)
        #expect(abs(ratio / exp(-(energy(one) - energy(species.states[0])) / kT) - 1) < 1e-9)
      }
      if case .free = species.amount, species.sublattice == nil {
        let expected = species.siteDensity.si * exp(-energy(species.states[0]) / kT)
        #expect(abs(equilibrium.density(of: index, state: 0) / expected - 1) < 1e-9)
      }
    }
    #expect(
      abs(found.electrons * found.holes / pow(Self.bands.intrinsicDensity(at: 350), 2) - 1) < 1e-9)
  }

  /// A deep donor with its level at the Fermi level is half ionized, counted with degeneracy: f = 1/(1 + g exp((E_F − ε)/kT)).
  @Test(arguments: [0.8, 1.1, 1.4])
  func aFrozenDonorIsIonizedAsFermiAndDiracSay(level: Double) throws {
    let total = 1e21
    let species = DefectSpecies(
      "donor", siteDensity: Self.sites,
      states: [
        .init(charge: 1, energy: Energy(si: 0)),
        .init(charge: 0, energy: electronvolts(level), degeneracy: 2),
      ], amount: .frozen(NumberDensity(si: total)))
    let acceptor = DefectSpecies("acceptor", charge: -1, total: NumberDensity(si: 0.3 * total))
    var equilibrium = try DefectEquilibrium([species, acceptor], bands: Self.bands)
    let found = try equilibrium.solve(at: .kelvin(400))
    let occupied = 2 * exp((found.fermiLevel - electronvolts(level).si) / (Constants.boltzmann * 400))
    #expect(abs(equilibrium.density(of: 0, state: 0) / (total / (1 + occupied)) - 1) < 1e-9)
    #expect(abs(equilibrium.density(of: 0) / total - 1) < 1e-12)
    // Three tenths are ionized to feed the acceptor, beside the few carriers.
    #expect(
      abs(equilibrium.density(of: 0, state: 0) - 0.3 * total - found.electrons + found.holes) < 1e-9 * total)
  }

  @Test func aCrystalWithoutDefectsIsIntrinsic() throws {
    var equilibrium = try DefectEquilibrium([], bands: Self.bands)
    for temperature in [250.0, 300, 600] {
      let found = try equilibrium.solve(at: .kelvin(temperature))
      let intrinsic = Self.bands.intrinsicDensity(at: temperature)
      #expect(abs(found.electrons / intrinsic - 1) < 1e-9 && abs(found.holes / intrinsic - 1) < 1e-9)
      #expect(abs(found.fermiLevel - Self.bands.intrinsicLevel(at: temperature)) < 1e-12 * Self.gap)
    }
  }

  /// Divalent ions on A and halide sites: +1 and −1.
  @Test(arguments: [1, -1])
  func aShallowDopantOfEitherSiteGivesItsCarriers(charge: Int) throws {
    let total = 1e20
    let dopant = DefectSpecies(charge > 0 ? "Sr on A" : "S on X", charge: charge, total: NumberDensity(si: total))
    var equilibrium = try DefectEquilibrium([dopant], bands: Self.bands)
    let found = try equilibrium.solve(at: .kelvin(300))
    let (majority, minority) =
      charge > 0 ? (found.electrons, found.holes) : (found.holes, found.electrons)
    let intrinsic = Self.bands.intrinsicDensity(at: 300)
    #expect(abs(majority / total - 1) < 1e-9)
    #expect(abs(minority / (intrinsic * intrinsic / total) - 1) < 1e-9)
  }

  /// Where ions move, they and not carriers compensate: a donor drives out halide vacancies and draws in cation vacancies.
  @Test func ionsCompensateADopantWhereTheyAreFree() throws {
    let plain = try SchottkyDisorder(temperature: 350, productAX: 1e46, productBX2: 3e68, intrinsicCarriers: 1e8)
    let pure = try plain.densities()
    let donor = try plain.densities(frozen: .init(dopantCharge: 1e25))
    let acceptor = try plain.densities(frozen: .init(dopantCharge: -1e25))
    let ions = { (d: SchottkyDisorder.Densities) in d.cationVacancies + 2 * d.leadVacancies }
    #expect(donor.halideVacancies < 0.1 * pure.halideVacancies)
    #expect(abs(ions(donor) / 1e25 - 1) < 0.01 && donor.electrons < 1e-6 * 1e25)
    #expect(abs(acceptor.halideVacancies / 1e25 - 1) < 0.01)
    #expect(acceptor.cationVacancies < 0.1 * pure.cationVacancies)
    for d in [donor, acceptor] { #expect(abs(d.halideVacancies * d.cationVacancies / 1e46 - 1) < 1e-9) }
  }

  @Test func frozenTotalsStayToRounding() throws {
    let ev = electronvolts
    for (index, total) in [1e10, 1e17, 1e24].enumerated() {
      var species = try mixture().species
      for i in 0..<6 { species[i].amount = .frozen(NumberDensity(si: total * Double(i + 1))) }
      species[6].siteDensity = NumberDensity(si: 1e26 + Double(index))
      species[7].siteDensity = species[6].siteDensity
      var equilibrium = try DefectEquilibrium(species, bands: CarrierBands(gap: ev(1.6), electronMass: 1, holeMass: 1))
      for temperature in [250.0, 300, 600] {
        let found = try equilibrium.solve(at: .kelvin(temperature))
        #expect(abs(found.neutralityResidual) < 1e-12)
        for i in 0..<6 {
          #expect(abs(equilibrium.density(of: i) / (total * Double(i + 1)) - 1) < 1e-12)
        }
      }
    }
  }

  /// On shared sites the occupation is Langmuir's, and never more than the sites there are.
  @Test func speciesOfOneSublatticeCompeteForItsSites() throws {
    let ev = electronvolts
    let weights = [-0.3, -0.25, 0.1]
    let species = weights.enumerated().map { index, energy in
      DefectSpecies(
        "guest \(index)", siteDensity: Self.sites, states: [.init(charge: 0, energy: ev(energy))], sublattice: 4)
    }
    var equilibrium = try DefectEquilibrium(species, bands: Self.bands)
    _ = try equilibrium.solve(at: .kelvin(400))
    let boltzmann = weights.map { exp(-ev($0).si / (Constants.boltzmann * 400)) }
    let sum = 1 + boltzmann.reduce(0, +)
    for (index, weight) in boltzmann.enumerated() {
      #expect(abs(equilibrium.density(of: index) / (Self.sites.si * weight / sum) - 1) < 1e-12)
    }
  }

  @Test(arguments: [10.0, 250, 600, 2000], [-1.5, -0.1, 0, 3, 40])
  func extremeEnergiesStayFinite(temperature: Double, energy: Double) throws {
    let ev = electronvolts
    let species = [
      DefectSpecies(
        "donor", siteDensity: Self.sites, neutralEnergy: ev(energy), donorLevels: [ev(1.9), ev(1.5)], sublattice: 0),
      DefectSpecies(
        "acceptor", siteDensity: Self.sites, neutralEnergy: ev(energy), acceptorLevels: [ev(0.2), ev(0.4)],
        sublattice: 1),
      DefectSpecies("dopant", charge: -1, total: NumberDensity(si: 1e15)),
    ]
    var equilibrium = try DefectEquilibrium(species, bands: Self.bands)
    let found = try equilibrium.solve(at: .kelvin(temperature))
    #expect(abs(found.neutralityResidual) < 1e-12)
    for index in species.indices {
      let density = equilibrium.density(of: index)
      #expect(density.isFinite && density >= 0 && density <= Self.sites.si * (1 + 1e-12))
    }
  }

  @Test func whatCannotBalanceIsNamed() throws {
    let donor = DefectSpecies("donor", charge: 1, total: NumberDensity(si: 1e20))
    var alone = try DefectEquilibrium([donor], bands: nil)
    #expect(throws: DefectError.oneSignOnly(positive: true)) { try alone.solve(at: .kelvin(300)) }
    #expect(throws: DefectError.emptySpecies(name: "none")) {
      try DefectEquilibrium([DefectSpecies("none", siteDensity: Self.sites, states: [])], bands: Self.bands)
    }
    var intrinsic = try DefectEquilibrium([], bands: Self.bands)
    #expect(throws: DefectError.badTemperature(0)) { try intrinsic.solve(at: .kelvin(0)) }
    let bad = DefectSpecies("bad", charge: 1, total: NumberDensity(si: -1))
    #expect(throws: DefectError.self) { try DefectEquilibrium([bad], bands: Self.bands) }
    let boundless = DefectSpecies("boundless", siteDensity: Self.sites, neutralEnergy: electronvolts(-500))
    var endless = try DefectEquilibrium([boundless], bands: Self.bands)
    #expect(throws: DefectError.notFinite(species: "boundless")) { try endless.solve(at: .kelvin(300)) }
  }

  /// A closed pair recombines by mass action and keeps its difference, whichever of the two is more.
  @Test(arguments: [-1e24, -1e10, 0, 1e10, 1e24])
  func aClosedSublatticeKeepsVacanciesLessInterstitials(difference: Double) throws {
    let ev = electronvolts
    let species = [
      DefectSpecies("V", siteDensity: Self.sites, states: [.init(charge: 1, energy: ev(0.1))]),
      DefectSpecies("I", siteDensity: Self.sites, states: [.init(charge: -1, energy: ev(0.3))]),
      DefectSpecies("fixed", charge: difference > 0 ? -1 : 1, total: NumberDensity(si: abs(difference))),
    ]
    var equilibrium = try DefectEquilibrium(
      species, bands: Self.bands, closed: [ClosedSublattice(vacancy: 0, interstitial: 1, difference: difference)])
    let found = try equilibrium.solve(at: .kelvin(350))
    let (v, i) = (equilibrium.density(of: 0), equilibrium.density(of: 1))
    let product = Self.sites.si * Self.sites.si * exp(-ev(0.4).si / (Constants.boltzmann * 350))
    #expect(abs(v * i / product - 1) < 1e-9)
    #expect(abs(v - i - difference) < 1e-12 * (v + i))
    #expect(abs(found.neutralityResidual) < 1e-12)
  }

  /// The figure of the package: 0.1 ms for 20 charge states on one core.
  @Test func twentyChargeStatesTakeLessThanATenthOfAMillisecond() throws {
    var equilibrium = try mixture()
    var best = Double.infinity
    var evaluations = 0
    for round in 0..<40 {
      let time = try ContinuousClock().measure {
        for step in 0..<20 {
          evaluations = try equilibrium.solve(at: .kelvin(280 + 10 * Double(step) + Double(round))).evaluations
        }
      }
      best = min(best, Double(time.components.attoseconds) * 1e-18 / 20)
    }
    #expect(best < 1e-4)
    #expect(evaluations < 30)
  }
}
