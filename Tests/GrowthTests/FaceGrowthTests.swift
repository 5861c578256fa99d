import Foundation
import Growth
import Materials
import Quantities
import Testing

@Suite struct FaceGrowthTests {
  /// A growth law of MAPbBr3 with another integration prefactor.
  func law(prefactor: Double) throws -> FaceGrowth {
    var compound = try Fixture.library().material("MAPbBr3")
    compound.growthKinetics.integrationPrefactor = Velocity(si: prefactor)
    return FaceGrowth(of: compound)
  }

  @Test func instantIntegrationGivesTheSherwoodRate() throws {
    let law = try law(prefactor: 1e12)
    let kd = FaceGrowth.stillSherwood(rayleigh: 1e8) * 5e-10 / 5e-3
    for (c, saturation) in [(800.0, 700.0), (1200, 600)] {
      let speed = try law.speed(concentration: c, saturation: saturation, temperature: 353, transport: .coefficient(kd))
      // (ρ − c*) R = k_d (c − c*)
      let limit = kd * (c - saturation) / (law.crystalDensity - saturation)
      #expect(abs(speed / limit - 1) < 1e-3)
    }
  }

  @Test func instantTransportGivesTheSpiralLawWithSlopesTwoThenOne() throws {
    let law = try law(prefactor: 1e3)
    func speed(_ sigma: Double) throws -> Double {
      // Moles per solvent volume carry the activity: c/(1 − c/ρ).
      let solvent = 600 / (1 - 600 / law.crystalDensity) * exp(sigma)
      return try law.speed(
        concentration: solvent / (1 + solvent / law.crystalDensity), saturation: 600, temperature: 353,
        transport: .coefficient(1e6))
    }
    func slope(_ sigma: Double) throws -> Double { log(try speed(sigma * 1.01) / speed(sigma)) / log(1.01) }
    for sigma in [1e-3, 0.1, 0.8] {
      #expect(abs(try speed(sigma) / law.integrationSpeed(supersaturation: sigma, temperature: 353) - 1) < 1e-3)
    }
    #expect(abs(try slope(1e-4) - 2) < 0.01)
    // Far above σ₁ the law is linear: checked on the integration law, whose σ has no ceiling.
    let high =
      log(
        law.integrationSpeed(supersaturation: 40.4, temperature: 353)
          / law.integrationSpeed(supersaturation: 40, temperature: 353)) / log(1.01)
    #expect(abs(high - 1) < 0.01)
  }

  @Test func aSaturatedSolutionNeitherGrowsNorDissolvesACrystal() throws {
    let law = try law(prefactor: 1e3)
    let still = try law.speed(concentration: 600, saturation: 600, temperature: 353, transport: .coefficient(1e-6))
    #expect(still == 0)
    let dissolving = try law.speed(concentration: 500, saturation: 600, temperature: 353, transport: .coefficient(1e-6))
    #expect(dissolving < 0)
  }

  /// R takes what comes: c_i = (k_d c − ρ R)/(k_d − R) gives R again by integration, whichever of both limits.
  @Test(arguments: [1e-9, 1e-7, 1e-5, 1e-3], [1e-3, 1.0, 1e3])
  func theFaceTakesWhatTransportBrings(coefficient: Double, prefactor: Double) throws {
    let law = try law(prefactor: prefactor)
    let saturation = 600.0
    for c in [200.0, 590, 601, 700, 1500] {
      let speed = try law.speed(
        concentration: c, saturation: saturation, temperature: 353, transport: .coefficient(coefficient))
      let atFace = (coefficient * c - law.crystalDensity * speed) / (coefficient - speed)
      let activity = { (c: Double) -> Double in c / (1 - c / law.crystalDensity) }
      let sigma = log(activity(atFace) / activity(saturation))
      // Where transport limits, c_i stands close to c* and keeps few digits of the difference.
      let digits = 1e-12 * saturation / abs(atFace - saturation)
      let again = law.integrationSpeed(supersaturation: sigma, temperature: 353)
      #expect(abs(speed / again - 1) < 1e-5 + 10 * digits, "c = \(c)")
    }
  }

  @Test func stirringAndBuoyancyOnlyAddToDiffusion() {
    #expect(FaceGrowth.stillSherwood(rayleigh: 0) == 2)
    #expect(FaceGrowth.stirredSherwood(reynolds: 0, schmidt: 1000) == 2)
    #expect(abs(FaceGrowth.stillSherwood(rayleigh: 1e8) - 60.9) < 0.1)
  }

  @Test func frankCoefficientsMatchTheirTable() throws {
    let table = [(0.05, 0.11438, 0.18496), (0.1, 0.18462, 0.28263), (0.2, 0.31432, 0.45415)]
    for (omega, disc, sphere) in table {
      #expect(abs(try FrankGrowth.discCoefficient(supersaturation: omega) - disc) < 1e-5)
      #expect(abs(try FrankGrowth.sphereCoefficient(supersaturation: omega) - sphere) < 1e-5)
    }
  }

  @Test func aLargeCrystalInTheGapFollowsFranksDisc() throws {
    let law = try law(prefactor: 1e12)
    let c = 900.0
    let saturation = 600.0
    let omega = (c - saturation) / (law.crystalDensity - saturation)
    let lambda = try FrankGrowth.discCoefficient(supersaturation: omega)
    let edge = 2e-3
    let speed = try law.speed(
      concentration: c, saturation: saturation, temperature: 353,
      transport: .confined(diffusivity: 5e-10, edge: edge, gap: 1e-9))
    // The disc of the same area grows by dr/dt = 2 λ² D/r, the square's face by half its edge: R = (√π/2) dr/dt.
    let radius = edge / Double.pi.squareRoot()
    let expected = 0.5 * Double.pi.squareRoot() * 2 * lambda * lambda * 5e-10 / radius
    #expect(abs(speed / expected - 1) < 1e-3)
  }

  @Test func anOpenCrystalIsFedByDiffusionBuoyancyOrStirring() throws {
    let law = try law(prefactor: 1e12)
    let (c, saturation, diffusivity, edge) = (800.0, 700.0, 1e-9, 1e-3)
    for (buoyancy, forced) in [(0.0, 0.0), (1e15, 0), (0, 40)] {
      for excess in [c - saturation, saturation - c] {
        let speed = try law.speed(
          concentration: saturation + excess, saturation: saturation, temperature: 353,
          transport: .open(diffusivity: diffusivity, edge: edge, buoyancy: buoyancy, forced: forced))
        let rayleigh = buoyancy * abs(excess) * edge * edge * edge
        let sherwood = max(2 + 0.589 * pow(rayleigh, 0.25), forced)
        let limit = sherwood * diffusivity / edge * excess / (law.crystalDensity - saturation)
        #expect(abs(speed / limit - 1) < 1e-3)
      }
    }
  }

  @Test func growthByLayersFollowsTheLawOfItsNuclei() throws {
    var compound = try Fixture.library().material("MAPbBr3")
    compound.growthKinetics.layerNucleationBarrier = Ratio(si: 0.3)
    let law = FaceGrowth(of: compound)
    func reduced(_ sigma: Double) -> Double {
      log(law.integrationSpeed(supersaturation: sigma, temperature: 353) / pow(sigma, 5.0 / 6))
    }
    #expect(abs((reduced(0.05) - reduced(0.1)) / (1 / 0.05 - 1 / 0.1) + 0.3) < 1e-9)
    // Below saturation steps retreat from the edges, no nucleus is needed.
    #expect(law.integrationSpeed(supersaturation: -0.05, temperature: 353) < 0)
    // A face so slow that nobody starves.
    let speed = try law.speed(
      concentration: 601, saturation: 600, temperature: 353,
      transport: .open(diffusivity: 1e-9, edge: 1e-3, buoyancy: 1e10, forced: 0))
    #expect(speed >= 0 && speed < 1e-15)
  }
}
