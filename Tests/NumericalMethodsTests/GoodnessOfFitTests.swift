import Foundation
import NumericalMethods
import Testing

struct GoodnessOfFitTests {
  private let stream = RandomStream(rawValue: 206)
  private let values = [1.12, 0.84, 1.95, 1.41, 0.57, 1.66, 1.30, 2.21, 0.98, 1.49, 1.05, 1.77]

  /// Reference values from SciPy's `kstwobign`.
  @Test(arguments: [
    (0.3, 0.999990694198665), (0.8, 0.544142411574198), (1.1, 0.177718192606401), (1.18, 0.123453809429766),
    (1.3, 0.0680922218447664), (2, 0.000670925255779695),
  ])
  func kolmogorovsLawMatchesItsReference(x: Double, reference: Double) {
    #expect(abs(KolmogorovSmirnovTest.survival(x) - reference) < 1e-12)
  }

  /// Reference values from SciPy's exact `kstest` and `ks_2samp`.
  @Test func theKolmogorovSmirnovTestsMatchAReference() throws {
    let one = try KolmogorovSmirnovTest(values) { min(1, max(0, ($0 - 0.4) / 2)) }
    #expect(abs(one.statistic - 0.148333333333333) < 1e-14)
    #expect(abs(one.pValue - 0.919856856720903) < 0.02)
    let two = try KolmogorovSmirnovTest(values, [1.0, 1.12, 2.5, 3.1, 0.84, 1.9, 2.2])
    #expect(abs(two.statistic - 0.404761904761905) < 1e-14)
    #expect(abs(two.pValue - 0.381856791299516) < 1e-13)
  }

  @Test(arguments: [8, 30, 400])
  func pValuesOfTrueLawsAreUniform(count: Int) throws {
    var source = RandomSource(seed: 70, stream: stream)
    var oneSample: [Double] = []
    var twoSamples: [Double] = []
    for _ in 0..<2000 {
      let first = (0..<count).map { _ in source.uniform() }
      let second = (0..<2 * count).map { _ in source.uniform() }
      oneSample.append(try KolmogorovSmirnovTest(first) { $0 }.pValue)
      twoSamples.append(try KolmogorovSmirnovTest(first, second).pValue)
    }
    for level in [0.01, 0.05, 0.1] {
      // 3.5 standard errors of a share out of 2000; two samples reject less often, for their distance has steps.
      let reach = 3.5 * (level * (1 - level) / 2000).squareRoot()
      #expect(abs(Double(oneSample.count { $0 < level }) / 2000 - level) < reach)
      #expect(Double(twoSamples.count { $0 < level }) / 2000 - level < reach)
    }
  }

  /// Above a product of sizes of 10⁶ the limit law takes over; next to it the exact one agrees within 10 %.
  @Test func theLimitLawContinuesTheExactOne() throws {
    var source = RandomSource(seed: 72, stream: stream)
    let first = (0..<1000).map { _ in source.uniform() }
    let second = (0..<1000).map { _ in source.uniform() + 0.03 }
    let exact = try KolmogorovSmirnovTest(first, second)
    let root = 500.0.squareRoot()
    let limit = KolmogorovSmirnovTest.survival((root + 0.12 + 0.11 / root) * exact.statistic)
    #expect(abs(limit / exact.pValue - 1) < 0.1, "\(limit) against \(exact.pValue)")
    #expect(limit != exact.pValue)
    let larger = try KolmogorovSmirnovTest(first + [1.5], second)
    #expect(abs(larger.pValue / exact.pValue - 1) < 0.1)
  }

  @Test func wrongLawsAreRejected() throws {
    var source = RandomSource(seed: 71, stream: stream)
    let drawn = (0..<2000).map { _ in source.normal() }
    #expect(try KolmogorovSmirnovTest(drawn) { NormalDistribution.cumulative($0 - 0.15) }.pValue < 1e-4)
    #expect(try KolmogorovSmirnovTest(drawn, drawn.map { 1.3 * $0 }).pValue < 1e-2)
    #expect(try KolmogorovSmirnovTest(drawn, drawn).pValue == 1)
  }

  @Test func theChiSquaredTailMatchesItsReference() {
    #expect(abs(ChiSquaredTest.survival(11.07049769351635, degreesOfFreedom: 5) - 0.05) < 1e-14)
    #expect(abs(ChiSquaredTest.survival(200, degreesOfFreedom: 100) / 1.17845007209798e-08 - 1) < 1e-12)
    #expect(ChiSquaredTest.survival(0, degreesOfFreedom: 3) == 1)
  }

  @Test func rareBinsArePooled() throws {
    // Pools: 2 + 4 (expecting 6), 9 (expecting 10), 5 + 1 (the last one joins).
    let test = try ChiSquaredTest(observed: [2, 4, 9, 5, 1], expected: [3, 3, 10, 5, 0.5])
    #expect(test.degreesOfFreedom == 2)
    #expect(abs(test.statistic - (1 / 10.0 + 0.25 / 5.5)) < 1e-14)
  }

  @Test func unusableSamplesAreNamed() {
    #expect(throws: SampleError.tooFew(what: "values", found: 0, needed: 1)) {
      try KolmogorovSmirnovTest([]) { $0 }
    }
    #expect(throws: SampleError.notFinite(index: 0, value: "nan")) { try KolmogorovSmirnovTest([.nan], [1]) }
    #expect(throws: SampleError.notAProbability("nan, the law's share below 2.0,")) {
      try KolmogorovSmirnovTest([2]) { _ in .nan }
    }
    #expect(throws: SampleError.tooFew(what: "bins that expect 5 counts", found: 2, needed: 3)) {
      try ChiSquaredTest(observed: [6, 7], expected: [6, 7], fittedParameters: 1)
    }
    #expect(throws: SampleError.unequalCounts(what: "observed and expected counts", first: 1, second: 2)) {
      try ChiSquaredTest(observed: [6], expected: [6, 7])
    }
  }
}
