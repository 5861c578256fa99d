import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Testing

/// How a flake bends while it is peeled, and what that does to it.
@Suite struct PeelStrainTests {
  /// Γ = 0.1 J/m² and E = 8 GPa of physics (4.5); the rest is round.
  var law = Exfoliability(
    layerSpacing: .nanometers(1.65), cleavageEnergy: SurfaceEnergy(si: 0.1), inPlaneModulus: Pressure(si: 8e9),
    poissonRatio: Ratio(si: 0.3), fractureStrain: Ratio(si: 0.06), weibullModulus: Ratio(si: 5),
    referenceArea: Area(si: 1e-12), vacancyVolume: Volume(si: 4e-29), edgeTrapDensity: ArealDensity(si: 1e14))

  @Test func adhesionBendsThinFlakesMore() {
    let bending = PeelStrain(of: law)
    for (thickness, told) in [(20.0, 0.058), (100, 0.026), (500, 0.012)] {
      let strain = bending.strain(thickness: .nanometers(thickness)).si
      let exact = (6 * 0.1 * (1 - 0.09) / (8e9 * thickness * 1e-9)).squareRoot()
      #expect(abs(strain / exact - 1) < 1e-6)
      #expect(abs(strain - told) < 0.0005)
      // The bending energy of the strip is the work of cleavage: E ε² t/(6 (1 − ν²)) = Γ.
      #expect(abs(8e9 * strain * strain * thickness * 1e-9 / (6 * 0.91) / 0.1 - 1) < 1e-6)
    }
    var last = Double.infinity
    for power in stride(from: -9.0, through: -3.0, by: 0.1) {
      let strain = bending.strain(thickness: Length(si: pow(10, power))).si
      #expect(strain < last)
      last = strain
    }
  }

  @Test func slipLowersTheStrainOnlyWhereTheTapeSetsTheRadius() {
    let thickness = Length.nanometers(200)
    for plies in [1.0, 2, 10, 100] {
      let slipping = Ratio(si: plies)
      let free = PeelStrain(of: law, slip: slipping)
      let still = PeelStrain(of: law)
      #expect(abs(free.strain(thickness: thickness).si / still.strain(thickness: thickness).si - 1) < 1e-6)
      #expect(abs(free.radius(thickness: thickness).si * plies / still.radius(thickness: thickness).si - 1) < 1e-6)
      let led = PeelStrain(of: law, tapeRadius: .micrometers(50), slip: slipping).strain(thickness: thickness).si
      #expect(abs(led / (200e-9 / (2 * plies * 50e-6)) - 1) < 1e-6)
    }
  }

  @Test func aFlakeSlipsOnNoMorePlanesThanItHas() {
    let d = law.layerSpacing.si
    for layers in [1.0, 2, 7, 100] {
      let thickness = Length(si: layers * d)
      for slip in [1.0, 5, 1000] {
        let bending = PeelStrain(of: law, tapeRadius: .micrometers(50), slip: Ratio(si: slip))
        #expect(bending.plies(thickness: thickness) == min(slip, layers))
        // Plies are a layer thick at least, and bend by themselves.
        let ply = max(thickness.si / slip, d)
        #expect(abs(bending.strain(thickness: thickness).si / (ply / 2 / 50e-6) - 1) < 1e-12)
      }
    }
  }

  @Test func strainedSheetsBreakByWeibullsLaw() {
    let bending = PeelStrain(of: law)
    #expect(abs(bending.fractureProbability(strain: Ratio(si: 0.06), area: Area(si: 1e-12)) - (1 - exp(-1))) < 1e-12)
    // Twice the area breaks as two sheets do, and as one strained 2^(1/m) more.
    let strain = Ratio(si: 0.04)
    let one = bending.fractureProbability(strain: strain, area: Area(si: 1e-12))
    let two = bending.fractureProbability(strain: strain, area: Area(si: 2e-12))
    let more = bending.fractureProbability(strain: Ratio(si: 0.04 * pow(2, 0.2)), area: Area(si: 1e-12))
    #expect(abs(two - (1 - (1 - one) * (1 - one))) < 1e-12 && abs(two - more) < 1e-12)
    #expect(bending.fractureProbability(strain: Ratio(si: 0), area: Area(si: 1)) == 0)
  }

  @Test func bendingMakesVacanciesAndNeverFewer() {
    let bending = PeelStrain(of: law)
    let room = Temperature.kelvin(298.15)
    var last = 1.0
    for strain in stride(from: 0.0, through: 0.1, by: 0.002) {
      let factor = bending.vacancyFactor(strain: Ratio(si: strain), at: room)
      #expect(factor >= last - 1e-12 && factor.isFinite)
      last = factor
    }
    #expect(last > 1.5)
    // Half of the pair's volume for each species; a third of σ_xx + σ_yy = (1 + ν) σ_xx.
    let stress = 8e9 * 0.01 / 0.91
    let x = 0.5 * 4e-29 * 1.3 / 3 * stress / (Constants.boltzmann * 298.15)
    #expect(abs(bending.vacancyFactor(strain: Ratio(si: 0.01), at: room) - sinh(x) / x) < 1e-9)
  }
}
