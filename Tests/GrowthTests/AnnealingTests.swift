import Defects
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// What growth, annealing and quenching leave in a crystal.
@Suite struct AnnealingTests {
  let library = try! Fixture.library()

  /// MAPbBr₃ with Frenkel pairs and foreign ions on each sublattice, for the tests alone.
  var compound: Compound {
    get throws {
      var compound = try library.material("MAPbBr3")
      compound.defects.halideFrenkelEnergy = Energy(si: 0.5 * Constants.elementaryCharge)
      compound.defects.cationFrenkelEnergy = Energy(si: 0.6 * Constants.elementaryCharge)
      compound.impurities = [
        "donorOnA": Impurity(site: .cation, charge: 1, partition: Ratio(si: 0.2)),
        "donorOnB": Impurity(site: .metal, charge: 1, partition: Ratio(si: 0.2)),
        "acceptorOnX": Impurity(site: .halide, charge: -1, partition: Ratio(si: 0.2)),
        "isovalent": Impurity(site: .cation, charge: 0, partition: Ratio(si: 3)),
      ]
      return compound
    }
  }

  /// The crystal of the shipped recipe's first step, with values replaced.
  func grown(_ overrides: String...) throws -> GrownCrystal {
    let recipe = try Recipe(
      contentsOf: Fixture.package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false),
      overrides: try overrides.map { try Override($0) })
    return try Process(steps: [recipe.process.steps[0]]).run(on: try compound, in: library, seed: 3)
  }

  func run(_ step: any ProcessModel, on crystal: GrownCrystal, of compound: Compound) throws -> GrownCrystal {
    var random = RandomSource(seed: 1, member: 0, device: 0, stream: .growth)
    return try step.run(on: crystal, of: compound, in: library, random: &random)
  }

  /// Heating and cooling too fast for anything but halides and carriers.
  func pulse(_ kelvin: Double, _ seconds: Double, halideActivity: Double? = nil) -> Annealing {
    Annealing(
      temperature: .kelvin(kelvin), duration: TimeSpan(si: seconds), heatingRate: HeatingRate(si: 1e12),
      coolingRate: HeatingRate(si: 1e12), halideActivity: halideActivity.map { Ratio(si: $0) })
  }

  func net(_ defects: DefectInventory) -> Double { defects.cationVacancies.si - defects.cationInterstitials.si }

  /// Net ionic charge without dopants is that of the excess electrons, in every ring and in the mean.
  func expectNeutral(_ crystal: GrownCrystal, dopantCharge: Double = 0) {
    let d = crystal.defects
    let positive = d.halideVacancies.si + d.cationInterstitials.si + d.holes.si
    let negative = d.cationVacancies.si + 2 * d.leadVacancies.si + d.halideInterstitials.si + d.electrons.si
    #expect(abs(positive + dopantCharge - negative) < 1e-9 * (positive + negative + abs(dopantCharge)))
  }

  @Test(arguments: [("isovalent", 0.0), ("donorOnA", 1), ("acceptorOnX", -1)])
  func aStayLongEnoughReachesTheEquilibriumOfItsTemperature(name: String, charge: Double) throws {
    let compound = try compound
    let crystal = try grown("process[0].impurity=\(name)", "process[0].impurityFraction=3e-4")
    let annealed = try run(pulse(430, 1e7), on: crystal, of: compound)
    let disorder = try SchottkyDisorder(of: compound, at: .kelvin(430))
    let cold = try SchottkyDisorder(of: compound, at: crystal.temperature)
    let interstitials = { (ring: ZoningPoint) in cold.cationInterstitials(beside: ring.cationVacancies.si) }
    for (before, after) in zip(crystal.zoning, annealed.zoning) {
      let lead = before.leadVacancies.si
      let expected = disorder.sinkEquilibrium(
        leadVacancies: lead, dopantCharge: charge * before.impurities.si, excessElectrons: before.excessElectrons)
      #expect(abs((after.cationVacancies.si - interstitials(after)) / expected - 1) < 1e-6)
      #expect(after.leadVacancies == before.leadVacancies)
    }
    #expect(annealed.temperature == crystal.temperature)
    expectNeutral(annealed, dopantCharge: charge * annealed.defects.impurities[name]!.si)
    // Twice as long changes nothing more.
    let longer = try run(pulse(430, 2e7), on: crystal, of: compound)
    #expect(abs(net(longer.defects) / net(annealed.defects) - 1) < 1e-9)
  }

  @Test func aQuenchKeepsTheTotalsAndSettlesTheCarriersAnew() throws {
    let compound = try compound
    let crystal = try grown("process[0].impurity=donorOnA", "process[0].impurityFraction=1e-4")
    let quenched = try run(Cooling(to: .kelvin(298.15), rate: HeatingRate(si: 1e12)), on: crystal, of: compound)
    let (before, after) = (crystal.defects, quenched.defects)
    #expect(abs(net(after) / net(before) - 1) < 1e-12)
    #expect(abs(after.leadVacancies.si / before.leadVacancies.si - 1) < 1e-12)
    #expect(after.impurities == before.impurities)
    #expect(after.excessElectrons == before.excessElectrons)
    #expect(after.halideInterstitials < before.halideInterstitials)
    let bands = CarrierBands(of: compound.electronicStructure)
    for crystal in [crystal, quenched] {
      expectNeutral(crystal, dopantCharge: crystal.defects.impurities["donorOnA"]!.si)
      let intrinsic = bands.intrinsicDensity(at: crystal.temperature.si)
      // The mean over rings of n p, where n − p differs from ring to ring.
      #expect(crystal.defects.electrons.si * crystal.defects.holes.si > 0.99 * intrinsic * intrinsic)
    }
    #expect(after.electrons.si + after.holes.si < before.electrons.si + before.holes.si)
  }

  @Test func slowerCoolingLeavesFewerVacanciesThatFrozeColder() throws {
    let compound = try compound
    let crystal = try grown()
    var last: GrownCrystal?
    for rate in [10.0, 1e-1, 1e-3, 1e-5] {
      let cooled = try run(Cooling(to: .kelvin(298.15), rate: HeatingRate(si: rate)), on: crystal, of: compound)
      if let last {
        #expect(cooled.defects.cationVacancies <= last.defects.cationVacancies)
        #expect(cooled.defects.freezeTemperature <= last.defects.freezeTemperature)
      }
      last = cooled
    }
    #expect(last!.defects.cationVacancies.si < 0.9 * crystal.defects.cationVacancies.si)
  }

  @Test func coolingInTwoStepsIsCoolingInOne() throws {
    let compound = try compound
    let crystal = try grown()
    let rate = HeatingRate(si: 1e-3)
    let once = try run(Cooling(to: .kelvin(298), rate: rate), on: crystal, of: compound)
    let half = try run(Cooling(to: .kelvin(320), rate: rate), on: crystal, of: compound)
    let twice = try run(Cooling(to: .kelvin(298), rate: rate), on: half, of: compound)
    #expect(abs(net(once.defects) / net(twice.defects) - 1) < 1e-4)
  }

  /// Halogen fills halide sites, takes electrons, and leaves cation sites empty in its name.
  @Test func anAtmosphereOfHalogenMakesAcceptors() throws {
    let compound = try compound
    let crystal = try grown()
    let sealed = try run(pulse(430, 1e7), on: crystal, of: compound).defects
    let rich = try run(pulse(430, 1e7, halideActivity: 1e14), on: crystal, of: compound).defects
    let poor = try run(pulse(430, 1e7, halideActivity: 1e-14), on: crystal, of: compound).defects
    #expect(rich.cationVacancies.si > 1.5 * sealed.cationVacancies.si)
    #expect(rich.halideInterstitials > sealed.halideInterstitials && rich.holes.si > 1e3 * sealed.holes.si)
    #expect(rich.halideVacancies < sealed.halideVacancies && rich.excessElectrons < 0)
    #expect(poor.halideVacancies.si > 1.5 * sealed.halideVacancies.si)
    #expect(poor.electrons.si > 1e3 * sealed.electrons.si && poor.excessElectrons > 0)
    #expect(poor.cationVacancies < sealed.cationVacancies)
    // The neutral atmosphere of the stoichiometric crystal is as good as none.
    let neutral = try run(pulse(430, 1e7, halideActivity: 1), on: crystal, of: compound).defects
    #expect(abs(neutral.cationVacancies.si / sealed.cationVacancies.si - 1) < 1e-3)
  }

  /// A foreign charge on any site is balanced by ions; donors drive out halide vacancies, acceptors draw them in.
  @Test(arguments: [("donorOnA", 1.0), ("donorOnB", 1), ("acceptorOnX", -1), ("isovalent", 0)])
  func foreignIonsJoinTheCrystalsNeutrality(name: String, charge: Double) throws {
    let pure = try grown().defects
    let doped = try grown("process[0].impurity=\(name)", "process[0].impurityFraction=1e-3")
    let total = try #require(doped.defects.impurities[name])
    let compound = try compound
    let partition = compound.impurities![name]!.partition.si
    // Growth is slow against diffusion, so the crystal takes in little more or less than equilibrium and depletion say.
    let plain = 1e-3 * partition * compound.formulaUnitDensity
    #expect(total.si > 0.4 * plain && total.si < 2.5 * plain)
    expectNeutral(doped, dopantCharge: charge * total.si)
    for ring in doped.zoning { #expect(ring.impurities.si > 0) }
    let negative = doped.defects.cationVacancies.si + 2 * doped.defects.leadVacancies.si
    if charge > 0 {
      #expect(doped.defects.halideVacancies < pure.halideVacancies)
      #expect(negative + doped.defects.halideInterstitials.si > 0.9 * total.si)
    } else if charge < 0 {
      #expect(doped.defects.halideVacancies.si > pure.halideVacancies.si)
      #expect(doped.defects.halideVacancies.si + doped.defects.cationInterstitials.si > 0.9 * total.si)
    } else {
      #expect(abs(doped.defects.halideVacancies.si / pure.halideVacancies.si - 1) < 1e-9)
    }
    // What the solution keeps it keeps: a rejected ion enriches toward the rim, a wanted one runs out.
    let (first, last) = (doped.zoning.first!.impurities.si, doped.zoning.last!.impurities.si)
    #expect(partition < 1 ? last > first : last < first)
  }

  /// A solution with more of the A salt grows crystals with fewer A vacancies and more of the metal.
  @Test func theSaltInExcessFillsItsSites() throws {
    let crystals = try (
      poor: grown("process[0].precursorRatio=0.8"), even: grown(), rich: grown("process[0].precursorRatio=1.25")
    )
    let (poor, even, rich) = (crystals.poor.defects, crystals.even.defects, crystals.rich.defects)
    // The crystal takes both alike, so what is in excess stays behind and weighs more at the rim.
    let rise = { (crystal: GrownCrystal) -> Double in
      crystal.zoning.last!.leadVacancies.si / crystal.zoning.first!.leadVacancies.si
    }
    #expect(rise(crystals.poor) < rise(crystals.even) && rise(crystals.even) < rise(crystals.rich))
    #expect(poor.cationVacancies > even.cationVacancies && even.cationVacancies > rich.cationVacancies)
    #expect(poor.leadVacancies < even.leadVacancies && even.leadVacancies < rich.leadVacancies)
  }

  /// A crystal whose growth left no rings is treated as one.
  @Test func aCrystalWithoutRingsAnnealsAsAWhole() throws {
    let compound = try compound
    var crystal = try grown("process[0].impurity=donorOnB", "process[0].impurityFraction=1e-4")
    crystal.zoning = []
    let annealed = try run(pulse(430, 3e5), on: crystal, of: compound)
    #expect(annealed.zoning.count == 1)
    #expect(
      annealed.defects.cationVacancies.si > 0 && annealed.defects.cationVacancies != crystal.defects.cationVacancies)
    // Foreign ions stay where they are, to the rounding of a mean over rings.
    let kept = annealed.defects.impurities["donorOnB"]!.si / crystal.defects.impurities["donorOnB"]!.si
    #expect(abs(kept - 1) < 1e-12)
    expectNeutral(annealed, dopantCharge: crystal.defects.impurities["donorOnB"]!.si)
  }

  @Test func annealingWhereTheCompoundFallsApartIsAConflict() throws {
    let compound = try compound
    #expect(pulse(400, 10).conflicts(of: compound, in: library).isEmpty)
    let found = pulse(600, 10).conflicts(of: compound, in: library)
    #expect(found.map(\.key) == ["temperature"])
    var unstable = compound
    unstable.defects.stabilityEnergy = Energy(si: 0.05 * Constants.elementaryCharge)
    var salty = pulse(400, 10)
    salty.saltActivity = Ratio(si: 1.5)
    #expect(salty.conflicts(of: unstable, in: library).isEmpty)
    salty.saltActivity = Ratio(si: 20)
    #expect(salty.conflicts(of: unstable, in: library).map(\.key) == ["saltActivity"])
    #expect(salty.conflicts(of: compound, in: library).isEmpty)
  }

  /// The ends of every key, with and without interstitials: finite densities, or a reason.
  @Test func theEndsOfTheRangesGiveACrystalOrAReason() throws {
    let plain = try library.material("MAPbBr3")
    let crystal = try grown()
    var crystals = 0
    for compound in [try compound, plain] {
      for temperature in [200.0, 300, 494] {
        for activity in [nil, 1e-20, 1, 1e20] {
          for salt in [0.01, 100] {
            var step = pulse(temperature, 1e8, halideActivity: activity)
            step.coolingRate = HeatingRate(si: 1e-7)
            step.saltActivity = Ratio(si: salt)
            guard let annealed = try? run(step, on: crystal, of: compound) else {
              #expect(throws: GrowthError.self) { try run(step, on: crystal, of: compound) }
              continue
            }
            crystals += 1
            expectNeutral(annealed)
            for ring in annealed.zoning {
              for density in [ring.cationVacancies.si, ring.halideVacancies.si, ring.leadVacancies.si] {
                #expect(density.isFinite && density >= 0)
              }
            }
          }
        }
      }
    }
    #expect(crystals >= 40)
  }

  @Test func anAnnealingStepReadsFromARecipe() throws {
    let path = Fixture.package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false)
    let text = try String(contentsOfFile: path, encoding: .utf8).replacing(
      "  - model: cooling",
      with: """
          - {model: annealing, temperature: 100 °C, duration: 2 h, heatingRate: 5 K/min, coolingRate: 1 K/min}
          - model: cooling
        """)
    let recipe = try Recipe(yaml: text, file: "annealed.yaml")
    let step = try #require(recipe.process.steps[1] as? Annealing)
    #expect(abs(step.temperature.si - 373.15) < 1e-9 && abs(step.duration.si - 7200) < 1e-9)
    #expect(step.halideActivity == nil && step.saltActivity == nil)
    let annealed = try recipe.process.run(on: try compound, in: library, seed: 3)
    expectNeutral(annealed)
    #expect(abs(annealed.temperature.si - 298.15) < 1e-6)
  }
}
