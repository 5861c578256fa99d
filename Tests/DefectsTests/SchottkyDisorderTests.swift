import Defects
import Foundation
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
}
