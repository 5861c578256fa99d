import Foundation
import Quantities
import Switching
import Testing

/// The closed forms that the metallization cell is made of.
@Suite struct MetallizationLawTests {
  static let q = Constants.elementaryCharge
  static let kT = Constants.boltzmann * 300
  static let nanometer = 1e-9

  // MARK: tunneling

  @Test(arguments: [0.5, 1.0, 2.0])
  func theGapDecaysWithTheRootOfItsBarrier(electronvolts: Double) {
    let gap = TunnelGap(barrier: electronvolts * Self.q)
    let reduced = { (g: Double) in log(g * gap.conductance(gap: g) / (1 - 1 / (gap.decay * g))) }
    let slope = reduced(2 * Self.nanometer) - reduced(1 * Self.nanometer)
    #expect(abs(-slope / (10.25 * electronvolts.squareRoot()) - 1) < 0.01)
  }

  @Test func theConductanceQuantumIsThatOfNature() {
    #expect(abs(TunnelGap.conductanceQuantum / 77.5e-6 - 1) < 1e-3)
  }

  @Test func theTunnelCurrentIsOddAndItsSlopeIsTheConductance() {
    let gap = TunnelGap(barrier: Self.q)
    for g in [0.6, 1.0, 3.0].map({ $0 * Self.nanometer }) {
      for voltage in [0.01, 0.3, 0.9] {
        let forth = gap.currentDensity(voltage: voltage, gap: g)
        let back = gap.currentDensity(voltage: -voltage, gap: g)
        #expect(abs(forth + back) <= 1e-10 * abs(forth))
      }
      let slope = gap.currentDensity(voltage: 1e-4, gap: g) / 1e-4
      #expect(abs(slope / gap.conductance(gap: g) - 1) < 1e-6)
    }
  }

  @Test func nearContactTheConductanceGoesOnSmoothlyAndStaysFinite() {
    let gap = TunnelGap(barrier: Self.q)
    let edge = 2 / gap.decay
    let step = 1e-6 * edge
    let (below, at, above) = (
      gap.conductance(gap: edge - step), gap.conductance(gap: edge), gap.conductance(gap: edge + step)
    )
    #expect(abs((below - at) / (at - above) - 1) < 1e-4)
    #expect(gap.conductance(gap: 0) > at && gap.conductance(gap: 0).isFinite)
  }

  // MARK: filament

  @Test func theFilamentIsAWireWhenLongAndASharvinContactWhenSmall() {
    let silver = MetalFilament(resistivity: 5e-8, meanFreePath: 20e-9)
    let wire = silver.resistance(radius: 5e-9, length: 1e-3) / (5e-8 * 1e-3 / (Double.pi * 25e-18))
    #expect(abs(wire - 1) < 1e-4)
    let sharvin = 4 * 5e-8 * 20e-9 / (3 * Double.pi * 1e-24)
    #expect(abs(silver.resistance(radius: 1e-12, length: 0) / sharvin - 1) < 1e-3)
    #expect(abs(silver.resistance(radius: 1e-3, length: 0) / (5e-8 / 2e-3) - 1) < 1e-4)
  }

  @Test func theLifetimeGoesWithTheFourthPowerExactly() {
    let law = FilamentLifetime(
      surfaceDiffusivity: 1e-16, surfaceEnergy: 1.25, surfaceDensity: 1.4e19, atomicVolume: 1.7e-29, temperature: 300)
    let one = law.lifetime(radius: 1e-9)
    for factor in [2.0, 5.0, 0.5] {
      #expect(abs(law.lifetime(radius: factor * 1e-9) / one / pow(factor, 4) - 1) < 1e-13)
    }
    // physics (8.25): 33 ms at 1 nm, 0.53 s at 2 nm, 21 s at 5 nm.
    #expect(abs(one / 0.033 - 1) < 0.05)
    // r⁴ falls at a constant rate, so the thinning uses up the lifetime.
    let steps = 20_000
    var radius = 1e-9
    for _ in 0..<steps / 2 {
      let half = radius - 0.5 * one / Double(steps) * law.thinning(radius: radius)
      radius -= one / Double(steps) * law.thinning(radius: half)
    }
    #expect(abs(pow(radius / 1e-9, 4) - 0.5) < 1e-4)
  }

  @Test func aSharperTipDissolvesSooner() {
    let law = GibbsThomson(surfaceEnergy: 1.25, atomicVolume: 1.7e-29, charge: 1)
    #expect(abs(law.tip(radius: 1e-9) / 0.27 - 1) < 0.02)
    #expect(abs(law.tip(radius: 5e-9) / 0.053 - 1) < 0.02)
    #expect(law.wall(radius: 2e-9) == 0.5 * law.tip(radius: 2e-9))
  }

  // MARK: ions

  @Test(arguments: [0.3, 0.5, 0.7])
  func butlerAndVolmerBalanceAndHaveTafelsSlopes(alpha: Double) {
    let law = ButlerVolmer(exchangeDensity: 2, transferCoefficient: alpha, charge: 1, temperature: 300)
    #expect(law.netDensity(overpotential: 0) == 0)
    let unit = Self.q / Self.kT
    let cathodic = log10(law.netDensity(overpotential: -0.5) / law.netDensity(overpotential: -0.4)) / 0.1
    #expect(abs(cathodic / (alpha * unit / log(10)) - 1) < 0.01)
    let anodic = log10(law.netDensity(overpotential: 0.5) / law.netDensity(overpotential: 0.4)) / 0.1
    #expect(abs(anodic / ((1 - alpha) * unit / log(10)) - 1) < 0.01)
    let η = 0.123
    #expect(
      abs(law.dissolution(overpotential: η) / law.deposition(overpotential: η) / exp(η * unit) - 1) < 1e-12)
    // In equilibrium the slope is that of one resistor, whatever α is.
    #expect(abs(law.netDensity(overpotential: 1e-6) / (2 * 1e-6 * unit) - 1) < 1e-4)
  }

  @Test(arguments: [0.2, 0.5, 0.8])
  func theOverpotentialIsTheInverseOfTheCurrent(alpha: Double) {
    let law = ButlerVolmer(exchangeDensity: 3, transferCoefficient: alpha, charge: 1, temperature: 300)
    for η in [-2, -0.3, -0.02, -1e-5, -1e-9, 0, 1e-9, 1e-5, 0.02, 0.3, 2] {
      let back = law.overpotential(netDensity: law.netDensity(overpotential: η))
      #expect(abs(back - η) <= 1e-7 * abs(η))
    }
  }

  @Test func ionsDriftAtLowFieldAndRunExponentiallyAtHigh() {
    let law = IonHopping(
      density: 1e25, distance: 0.4e-9, attemptFrequency: 2e12, barrier: 0.4 * Self.q, charge: 1, temperature: 300)
    // Nernst-Einstein: σ = c (z e)² D/kT with D = a² ν₀ e^{−E_a/kT}.
    let diffusivity = 0.16e-18 * 2e12 * exp(-0.4 * Self.q / Self.kT)
    let mobility = 1e25 * Self.q * Self.q * diffusivity / Self.kT
    #expect(abs(law.currentDensity(field: 1e4) / (mobility * 1e4) - 1) < 1e-5)
    let slope = log(law.currentDensity(field: 2e9) / law.currentDensity(field: 1.9e9)) / 1e8
    #expect(abs(slope / (0.4e-9 * Self.q / (2 * Self.kT)) - 1) < 1e-3)
  }
}
