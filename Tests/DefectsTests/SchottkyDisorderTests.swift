import Defects
import Foundation
import Materials
import Quantities
import Testing

@Suite struct SchottkyDisorderTests {
  /// Constants of a model crystal: ionic disorder far above the electronic one.
  let disorder = try! SchottkyDisorder(temperature: 350, productAX: 1e46, productBX2: 3e68, intrinsicCarriers: 1e17)

  @Test func chargesBalanceAtEveryHalideActivity() throws {
    for power in stride(from: -14.0, through: 14, by: 0.25) {
      let found = try disorder.densities(halideActivity: pow(10, power))
      #expect(abs(found.neutralityResidual) < 1e-12)
      #expect(found.halideVacancies > 0 && found.cationVacancies > 0 && found.leadVacancies > 0)
    }
  }

  @Test func massActionHoldsAtEveryHalideActivity() throws {
    for power in stride(from: -10.0, through: 10, by: 2) {
      let d = try disorder.densities(halideActivity: pow(10, power))
      #expect(abs(d.halideVacancies * d.cationVacancies / 1e46 - 1) < 1e-9)
      #expect(abs(d.halideVacancies * d.halideVacancies * d.leadVacancies / 3e68 - 1) < 1e-9)
      #expect(abs(d.electrons * d.holes / 1e34 - 1) < 1e-9)
    }
  }

  @Test func theStoichiometricCrystalHasOneHalideVacancyPerCationChargeMissing() throws {
    let d = try disorder.densities()
    #expect(abs(d.halideVacancies / (d.cationVacancies + 2 * d.leadVacancies) - 1) < 1e-9)
    #expect(abs(d.fermiLevel) < 1e-9 * 1.6e-19)
  }

  /// Slopes of ln(density) against ln(halide activity) where one pair of charges carries neutrality.
  @Test func brouwerSlopesAreThoseOfMassAction() throws {
    func slope(_ a: Double, _ density: (SchottkyDisorder.Densities) -> Double) throws -> Double {
      let low = density(try disorder.densities(halideActivity: a))
      let high = density(try disorder.densities(halideActivity: a * 1.1))
      return log(high / low) / log(1.1)
    }
    // Little halide: [V_X] = n.
    #expect(abs(try slope(1e-16, \.halideVacancies) + 0.5) < 0.01)
    #expect(abs(try slope(1e-16, \.electrons) + 0.5) < 0.01)
    #expect(abs(try slope(1e-16, \.cationVacancies) - 0.5) < 0.01)
    // In between, ionic disorder: [V_X] fixed, carriers follow the activity.
    #expect(abs(try slope(1e-2, \.halideVacancies)) < 0.01)
    #expect(abs(try slope(1e-2, \.electrons) + 1) < 0.01)
    #expect(abs(try slope(1e2, \.holes) - 1) < 0.01)
    // Much halide with few lead vacancies: p = [V_A].
    let lead = try SchottkyDisorder(temperature: 350, productAX: 1e46, productBX2: 1e30, intrinsicCarriers: 1e17)
    let low = try lead.densities(halideActivity: 1e16)
    let high = try lead.densities(halideActivity: 1.1e16)
    #expect(abs(log(high.holes / low.holes) / log(1.1) - 0.5) < 0.01)
    #expect(abs(log(high.halideVacancies / low.halideVacancies) / log(1.1) + 0.5) < 0.01)
    // With many lead vacancies: p = 2 [V_B], so p ∝ a^{2/3}.
    let much = try disorder.densities(halideActivity: 1e16)
    let more = try disorder.densities(halideActivity: 1.1e16)
    #expect(abs(log(more.holes / much.holes) / log(1.1) - 2.0 / 3) < 0.01)
  }

  @Test func withoutDisorderOnlyCarriersRemain() throws {
    let perfect = try SchottkyDisorder(temperature: 300, productAX: 0, productBX2: 0, intrinsicCarriers: 1e12)
    let d = try perfect.densities(halideActivity: 3)
    #expect(d.halideVacancies == 0 && d.electrons == 1e12 && d.holes == 1e12)
  }

  /// Constants with Frenkel pairs on both sublattices.
  let paired = try! SchottkyDisorder(
    temperature: 350, productAX: 1e46, productBX2: 3e68, frenkelX: 4e45, frenkelA: 2e44, intrinsicCarriers: 1e12)

  func expectFrenkelProducts(_ d: SchottkyDisorder.Densities) {
    #expect(abs(d.halideVacancies * d.halideInterstitials / 4e45 - 1) < 1e-9)
    #expect(abs(d.cationVacancies * d.cationInterstitials / 2e44 - 1) < 1e-9)
  }

  @Test func interstitialsBalanceAndFollowMassAction() throws {
    for power in stride(from: -20.0, through: 20, by: 2) {
      let d = try paired.densities(halideActivity: pow(10, power))
      expectFrenkelProducts(d)
      let positive = d.halideVacancies + d.cationInterstitials + d.holes
      let negative = d.cationVacancies + 2 * d.leadVacancies + d.halideInterstitials + d.electrons
      #expect(abs(positive - negative) < 1e-12 * (positive + negative))
    }
    let d = try paired.densities()
    let negative = d.cationVacancies + 2 * d.leadVacancies + d.halideInterstitials
    #expect(abs((d.halideVacancies + d.cationInterstitials) / negative - 1) < 1e-9)
  }

  /// More halogen raises every acceptor: vacancies of both cations and halide interstitials; it drives out halide vacancies.
  @Test func halideRichSurroundingsRaiseCationVacanciesAndInterstitials() throws {
    var last = try paired.densities(halideActivity: 1e-16)
    for power in stride(from: -14.0, through: 16, by: 2) {
      let next = try paired.densities(halideActivity: pow(10, power))
      #expect(next.cationVacancies >= last.cationVacancies && next.leadVacancies >= last.leadVacancies)
      #expect(next.halideInterstitials >= last.halideInterstitials && next.holes > last.holes)
      #expect(next.halideVacancies <= last.halideVacancies && next.electrons < last.electrons)
      last = next
    }
    let poor = try paired.densities(halideActivity: 1e-16)
    #expect(last.cationVacancies > 10 * poor.cationVacancies)
  }

  /// Sealing a crystal off at the temperature where it was in equilibrium changes nothing.
  @Test(arguments: [-12.0, -6, 0, 6, 12], [-3e23, 0, 3e23])
  func aSealedCrystalStaysAsItWas(power: Double, dopantCharge: Double) throws {
    for disorder in [disorder, paired] {
      let open = try disorder.densities(halideActivity: pow(10, power), frozen: .init(dopantCharge: dopantCharge))
      let frozen = SchottkyDisorder.Frozen(
        netCationVacancies: open.cationVacancies - open.cationInterstitials, leadVacancies: open.leadVacancies,
        dopantCharge: dopantCharge)
      let sealed = try disorder.closed(frozen, excessElectrons: open.excessElectrons)
      // Far toward halogen the few vacancies are what rounding leaves of many charges.
      let charges = open.cationVacancies + 2 * open.leadVacancies + abs(dopantCharge) + open.holes
      #expect(abs(sealed.halideVacancies - open.halideVacancies) < 1e-9 * open.halideVacancies + 1e-14 * charges)
      #expect(abs(sealed.cationVacancies / open.cationVacancies - 1) < 1e-9)
      #expect(abs(sealed.electrons / open.electrons - 1) < 1e-9)
      #expect(abs(sealed.holes / open.holes - 1) < 1e-9)
      #expect(
        abs(
          sealed.halideVacancies - sealed.halideInterstitials - frozen.netCationVacancies!
            - 2 * open.leadVacancies + dopantCharge - open.excessElectrons) < 1e-12 * 1e24)
    }
  }

  /// Where pairs may leave through sinks, they leave until mass action between both vacancies holds again.
  @Test(arguments: [-4e23, -1e20, 0, 1e20, 4e23])
  func sinksRestoreMassActionOfTheSaltsVacancies(dopantCharge: Double) throws {
    for disorder in [disorder, paired] {
      for lead in [0, 3e22, 5e23] {
        for excess in [0, 1e19] {
          let net = disorder.sinkEquilibrium(leadVacancies: lead, dopantCharge: dopantCharge, excessElectrons: excess)
          let d = try disorder.closed(
            .init(netCationVacancies: net, leadVacancies: lead, dopantCharge: dopantCharge), excessElectrons: excess)
          #expect(abs(d.halideVacancies * d.cationVacancies / 1e46 - 1) < 1e-8)
          #expect(abs(d.leadVacancies - lead) <= 1e-12 * lead)
        }
      }
    }
  }

  /// [V_X⁰]/[V_X⁺] = 2 exp((E_F − ε)/kT): two spins of the electron; the excess electrons count it.
  @Test func aTransitionLevelSharesTheVacanciesBetweenTwoCharges() throws {
    let kT = Constants.boltzmann * 350
    let levels = TransitionLevels(halideVacancy: Energy(si: 12 * kT), cationVacancy: Energy(si: -14 * kT))
    let two = try SchottkyDisorder(
      temperature: 350, productAX: 1e46, productBX2: 0, intrinsicCarriers: 1e15, levels: levels)
    for power in stride(from: -16.0, through: 16, by: 4) {
      let d = try two.densities(halideActivity: pow(10, power))
      let level = d.fermiLevel / kT
      let neutralX = 2 * exp(level - 12)
      let neutralA = 2 * exp(-14 - level)
      let charged = (d.halideVacancies / (1 + neutralX), d.cationVacancies / (1 + neutralA))
      #expect(abs(charged.0 * charged.1 / 1e46 - 1) < 1e-9)
      let balance = charged.0 + d.holes - charged.1 - d.electrons
      #expect(abs(balance) < 1e-9 * (charged.0 + d.holes))
      let electrons = d.electrons - d.holes + charged.0 * neutralX - charged.1 * neutralA
      #expect(abs(d.excessElectrons - electrons) < 1e-9 * (d.halideVacancies + d.cationVacancies + d.electrons))
    }
  }

  /// Solutions richer in AX leave fewer A vacancies and more of the metal: [V_A][V_X] ∝ r^−½, [V_B][V_X]² ∝ r^½.
  @Test func moreSaltInTheSolutionFillsItsSites() throws {
    for ratio in [0.1, 0.5, 2, 10] {
      let environment = ChemicalEnvironment(precursorRatio: ratio)
      #expect(abs(environment.logSalt - 0.5 * log(ratio)) < 1e-12)
      #expect(abs(environment.logSalt + environment.logMetalHalide) < 1e-12)
    }
    // Two cations beside one metal: AX may rise by a third of the ratio.
    let layered = ChemicalEnvironment(precursorRatio: 8, cations: 2, metals: 1)
    #expect(abs(layered.logSalt - log(2)) < 1e-12 && abs(layered.logMetalHalide + 2 * log(2)) < 1e-12)
    // Between both salts: no salt's activity rises above that of the pure one.
    let energy = Energy(si: 4 * Constants.boltzmann * 350)
    let bounded = ChemicalEnvironment(precursorRatio: 1e6, halideActivity: 5, cations: 2, metals: 1).bounded(
      by: energy, at: .kelvin(350), cations: 2, metals: 1)
    #expect(abs(bounded.logSalt - 1) < 1e-12 && abs(bounded.logMetalHalide + 2) < 1e-12)
    #expect(bounded.logHalide == log(5))
    #expect(layered.bounded(by: energy, at: .kelvin(350), cations: 2, metals: 1) == layered)
    let poor = try SchottkyDisorder(temperature: 350, productAX: 1e46, productBX2: 3e68, intrinsicCarriers: 1e12)
    let rich = try SchottkyDisorder(
      temperature: 350, productAX: 1e46 / 3, productBX2: 3e68 * 3, intrinsicCarriers: 1e12)
    #expect(try rich.densities().cationVacancies < poor.densities().cationVacancies)
    #expect(try rich.densities().leadVacancies > poor.densities().leadVacancies)
  }

  /// Without interstitials more donors than all vacancies can balance is an error, not a negative density.
  @Test func moreDonorsThanVacanciesIsNamed() {
    #expect(throws: DefectError.self) {
      try disorder.closed(
        .init(netCationVacancies: 1e22, leadVacancies: 1e21, dopantCharge: 1e24), excessElectrons: 0)
    }
  }
}
