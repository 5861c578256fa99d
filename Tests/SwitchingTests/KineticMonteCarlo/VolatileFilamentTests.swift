import Foundation
import NumericalMethods
import Switching
import Testing

@Suite struct VolatileFilamentTests {
  /// Silver at 300 K: γ 1.2 J/m², 1.2e19 sites/m², Ω 1.7e-29 m³, D_s 1e-16 m²/s.
  let coefficient = VolatileFilament.coefficient(
    surfaceDiffusivity: 1e-16, surfaceEnergy: 1.2, siteDensity: 1.2e19, atomVolume: 1.7e-29, temperature: 300)

  @Test(arguments: [0.3, 0.5, 0.7071, 0.9, 1.2]) func ripplesGrowAtMullinsRate(product: Double) {
    let radius = 2e-9
    let length = 2 * Double.pi * radius / product
    let points = Int((length / (0.12 * radius)).rounded())
    let expected = VolatileFilament.growthRate(
      waveNumber: product / radius, radius: radius, coefficient: coefficient)
    var filament = VolatileFilament(
      radii: (0..<points).map { radius * (1 + 1e-4 * cos(2 * Double.pi * Double($0) / Double(points))) },
      length: length, coefficient: coefficient)
    let first = filament.amplitude(waves: 1)
    filament.advance(until: 1 / abs(expected))
    #expect(abs(log(filament.amplitude(waves: 1) / first) / (expected * filament.time) - 1) < 0.01)
  }

  @Test func theFastestRippleHasMullinsWavelength() {
    let radius = 3e-9
    let k = 2 * Double.pi / VolatileFilament.fastestWavelength(radius: radius)
    func rate(_ k: Double) -> Double {
      VolatileFilament.growthRate(waveNumber: k, radius: radius, coefficient: coefficient)
    }
    #expect(abs(rate(k) / (coefficient / (4 * pow(radius, 4))) - 1) < 1e-12)
    #expect(rate(k) > rate(1.001 * k) && rate(k) > rate(0.999 * k))
    #expect(abs(VolatileFilament.fastestWavelength(radius: radius) / radius - 8.886) < 1e-3)
  }

  func exponent(_ radii: [Double], _ times: [Double]) -> Double {
    let x = radii.map { log($0) }
    let y = times.map { log($0) }
    let mx = x.reduce(0, +) / Double(x.count)
    let my = y.reduce(0, +) / Double(y.count)
    return zip(x, y).map { ($0 - mx) * ($1 - my) }.reduce(0, +) / x.map { ($0 - mx) * ($0 - mx) }.reduce(0, +)
  }

  @Test func lifetimesOfSimilarWiresGoWithTheFourthPowerOfTheRadius() {
    // V53: 0.1. The grids get finer with the radius, so that the law is the wire's, not that of one grid scaled.
    let radii = [1e-9, 1.5e-9, 2.2e-9, 3.3e-9, 5e-9]
    let times = zip(radii, [28, 32, 36, 44, 52]).map {
      VolatileFilament.lifetime(radius: $0, coefficient: coefficient, points: $1)
    }
    #expect(abs(exponent(radii, times) - 4) < 0.02)
  }

  @Test func thinWiresLiveShorterUnderTheFullLawOfGibbsAndThomson() {
    // (8.25): local exponent 4 + c/r, c = γΩ/kT = 5 nm.
    let length = 4.9e-9
    let radii = [4.9e-9, 5.1e-9]
    let times = radii.map {
      VolatileFilament.lifetime(radius: $0, coefficient: coefficient, capillaryLength: length, points: 32)
    }
    #expect(abs(exponent(radii, times) - 5) < 0.35)
    for radius in [1e-9, 2e-9, 5e-9] {
      let full = VolatileFilament.lifetime(
        radius: radius, coefficient: coefficient, capillaryLength: length, points: 32)
      let linear = VolatileFilament.lifetime(radius: radius, coefficient: coefficient, points: 32)
      #expect(abs(linear / full / exp(length / radius) - 1) < 0.15)
    }
  }

  @Test func smallerRipplesTakeLongerByTheTimeTheyNeedToGrow() {
    let radius = 2e-9
    let rate = coefficient / (4 * pow(radius, 4))
    let early = VolatileFilament.lifetime(radius: radius, ripple: 1e-2, coefficient: coefficient, points: 32)
    let late = VolatileFilament.lifetime(radius: radius, ripple: 1e-3, coefficient: coefficient, points: 32)
    #expect(abs((late - early) * rate / log(10) - 1) < 0.02)
  }

  @Test func atomsMovingAlongTheSurfaceKeepTheVolume() {
    var filament = VolatileFilament.rippled(radius: 2e-9, ripple: 0.02, coefficient: coefficient, points: 32)
    let volume = filament.volume
    let broke = filament.advance(until: .infinity, breakingAt: 0.5e-9)
    #expect(broke)
    #expect(abs(filament.volume / volume - 1) < 1e-10)
    // And beads have less surface than the wire.
    #expect(filament.radii.max()! > 2.5e-9)
  }

  @Test func aStraightWireRests() {
    var filament = VolatileFilament.rippled(radius: 2e-9, ripple: 0, coefficient: coefficient)
    let broke = filament.advance(until: 1e9, breakingAt: 1e-9)
    #expect(!broke && filament.time == 1e9 && filament.radii.allSatisfy { $0 == 2e-9 })
  }
}
