import Foundation
import NumericalMethods
import Testing

/// Reference values from arbitrary-precision arithmetic (mpmath, 30 digits).
struct SpecialFunctionsTests {
  private func agree(_ value: Double, _ reference: Double, _ tolerance: Double) -> Bool {
    abs(value - reference) <= tolerance * abs(reference)
  }

  @Test(arguments: [
    (0.01, 4.59947987804202, -100.560885457869), (0.5, 0.5723649429247, -1.96351002602142),
    (1, 0, -0.577215664901533), (1.5, -0.120782237635245, 0.0364899739785765),
    (2.5, 0.284682870472919, 0.703156640645243), (11.9, 17.2584774505955, 2.43393353688254),
    (100, 359.134205369575, 4.60016185273809), (1e6, 12815504.5691476, 13.8155100579642),
  ])
  func logGammaAndDigammaMatchTheirReference(x: Double, logGamma: Double, digamma: Double) {
    #expect(abs(SpecialFunctions.logGamma(x) - logGamma) <= 1e-14 * max(1, abs(logGamma)))
    #expect(abs(SpecialFunctions.digamma(x) - digamma) <= 1e-14 * max(1, abs(digamma)))
  }

  @Test func digammaIsTheSlopeOfLogGamma() {
    for x in [0.2, 1, 3.7, 11.99, 12.01, 80] {
      let h = 1e-4 * x
      let slope = (SpecialFunctions.logGamma(x + h) - SpecialFunctions.logGamma(x - h)) / (2 * h)
      #expect(abs(slope - SpecialFunctions.digamma(x)) < 1e-7 * (1 + 1 / x))
    }
  }

  @Test(arguments: [
    (0.001, 6.33153936413615), (0.1, 1.8229239584193906), (0.9999, 0.219420726018738), (1, 0.219383934395520),
    (1.5, 0.100019582406633), (10, 4.156968929685324e-6), (50, 3.78326402955046e-24),
  ])
  func theExponentialIntegralMatchesItsReference(x: Double, reference: Double) {
    #expect(agree(SpecialFunctions.exponentialIntegral(x), reference, 1e-13))
    #expect(agree(SpecialFunctions.scaledExponentialIntegral(x), reference * exp(x), 1e-13))
  }

  @Test(arguments: [
    (-2, 108.940904389978), (0.5, 0.615690344192926), (5, 0.110704637733069), (19.9, 0.0283155739831858),
    (20, 0.0281743487410513), (30, 0.0187958888614168), (100, 0.00564161378298943),
  ])
  func theScaledErrorFunctionHasNoSeam(x: Double, reference: Double) {
    #expect(agree(SpecialFunctions.scaledComplementaryError(x), reference, 2e-13))
  }

  @Test func theNormalQuantileInvertsTheDistribution() {
    for k in 1..<2000 {
      let p = Double(k) / 2000
      #expect(abs(NormalDistribution.cumulative(NormalDistribution.quantile(p)) - p) < 1e-14)
    }
    for exponent in 1...300 {
      let p = pow(10, -Double(exponent))
      let x = NormalDistribution.quantile(p)
      // A relative error of x moves the tail's logarithm x² times as far: x has to be good to 1e-15.
      #expect(agree(NormalDistribution.cumulative(x), p, 1e-14 + 1e-15 * x * x))
    }
  }

  @Test(arguments: [
    (1e-300, -37.0470962993612), (1e-10, -6.36134090240406), (0.01, -2.32634787404084),
    (0.075, -1.43953147093846), (0.3, -0.524400512708041),
  ])
  func theNormalQuantileMatchesItsReference(p: Double, reference: Double) {
    #expect(agree(NormalDistribution.quantile(p), reference, 1e-14))
  }

  @Test(arguments: [
    (0.5, 0.2, 0.527089256865538), (3, 2.5, 0.543813115883329), (10, 25, 0.000221476638248784),
    (150, 130, 0.953934455985104), (0.5, 40, 3.7440973842029e-19),
  ])
  func theIncompleteGammaFunctionMatchesItsReference(a: Double, x: Double, upper: Double) {
    #expect(agree(SpecialFunctions.upperGammaShare(a, x), upper, 1e-12))
    #expect(abs(SpecialFunctions.lowerGammaShare(a, x) + SpecialFunctions.upperGammaShare(a, x) - 1) < 1e-15)
  }

  @Test func theIncompleteGammaFunctionHasItsClosedForms() {
    for x in [0.01, 0.7, 1.9, 2.1, 8, 40] {
      #expect(agree(SpecialFunctions.upperGammaShare(1, x), exp(-x), 1e-13))
      #expect(agree(SpecialFunctions.lowerGammaShare(0.5, x), erf(x.squareRoot()), 1e-13))
    }
    #expect(SpecialFunctions.lowerGammaShare(2, 0) == 0)
    #expect(SpecialFunctions.upperGammaShare(2, .infinity) == 0)
  }

  @Test(arguments: [
    (0.3, 2, 5, 0.579825), (0.9, 0.5, 0.5, 0.795167235300867), (0.02, 1, 200, 0.982412053394278),
    (0.5, 1000, 1010, 0.588269827543727), (0.11, 3000, 25_000, 0.938084125260069),
  ])
  func theIncompleteBetaFunctionMatchesItsReference(x: Double, a: Double, b: Double, reference: Double) {
    #expect(agree(SpecialFunctions.betaShare(x, a, b), reference, 2e-11))
    #expect(abs(SpecialFunctions.betaShare(x, a, b) + SpecialFunctions.betaShare(1 - x, b, a) - 1) < 1e-11)
  }

  @Test(arguments: [
    (0.05, 1, 50, 0.00102533986723206), (0.95, 7, 44, 0.223169989700444), (0.05, 5000, 5001, 0.491726504403739),
    (0.95, 200, 1, 0.999743566412777),
  ])
  func betaQuantilesMatchTheirReference(p: Double, a: Double, b: Double, reference: Double) {
    #expect(agree(SpecialFunctions.betaQuantile(p, a, b), reference, 1e-12))
  }

  @Test func betaQuantilesInvertTheShare() {
    for (a, b) in [(0.5, 0.5), (1, 1), (1, 9999), (30, 2), (0.5, 5), (4000, 3)] {
      for p in [1e-6, 0.05, 0.5, 0.95, 0.999] {
        let x = SpecialFunctions.betaQuantile(p, a, b)
        #expect(abs(SpecialFunctions.betaShare(x, a, b) - p) < 1e-10, "a \(a), b \(b), p \(p)")
      }
    }
  }
}
