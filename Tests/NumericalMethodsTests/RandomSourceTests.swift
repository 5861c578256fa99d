import Foundation
import NumericalMethods
import Testing

struct RandomSourceTests {
  private let stream = RandomStream(rawValue: 201)

  /// The known-answer vectors of Random123 for philox4x32-10.
  @Test func philoxGivesThePublishedAnswers() {
    let zero = RandomSource.philox((0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    let full = RandomSource.philox((ones, ones, ones, ones), key: (ones, ones))
    #expect(full == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = RandomSource.philox(
      (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func uniformNumbersNeverReachZeroOrOne() {
    #expect(RandomSource.uniform(bits: 0) > 0)
    #expect(RandomSource.uniform(bits: .max) < 1)
    #expect(RandomSource.uniform(bits: 1 << 63) == 0.5 + 0x1p-53)
  }

  @Test func anAddressRepeatsItsNumbers() {
    var a = RandomSource(seed: 9, member: 2, device: 5, cycle: 11, stream: stream)
    var b = RandomSource(seed: 9, member: 2, device: 5, cycle: 11, stream: stream)
    for _ in 0..<1000 { #expect(a.next() == b.next()) }
  }

  @Test func addressesThatDifferInOnePartAreUncorrelated() throws {
    let count = 40_000
    func numbers(_ source: RandomSource) -> [Double] {
      var source = source
      return (0..<count).map { _ in source.uniform() - 0.5 }
    }
    let all = [
      RandomSource(seed: 9, stream: stream), RandomSource(seed: 10, stream: stream),
      RandomSource(seed: 9 + 1 << 32, stream: stream), RandomSource(seed: 9, member: 1, stream: stream),
      RandomSource(seed: 9, device: 1, stream: stream), RandomSource(seed: 9, cycle: 1, stream: stream),
      RandomSource(seed: 9, stream: RandomStream(rawValue: 202)),
    ].map(numbers)
    // 21 pairs at lags 0 and 1: chance alone passes 4 standard deviations once in 400 runs of other seeds.
    for i in all.indices {
      for j in all.indices where j > i {
        for lag in 0...1 {
          var sum = 0.0
          for k in 0..<count - lag { sum += all[i][k] * all[j][k + lag] }
          #expect(abs(sum * 12 / Double(count).squareRoot()) < 4, "pair \(i), \(j), lag \(lag)")
        }
      }
      let test = try KolmogorovSmirnovTest(all[i]) { $0 + 0.5 }
      #expect(test.pValue > 0.01)
    }
  }

  @Test func normalNumbersFollowTheirLaw() throws {
    var source = RandomSource(seed: 3, stream: stream)
    let values = (0..<50_000).map { _ in source.normal() }
    try expectMoments(values, mean: 0, variance: 1, fourthMoment: 3)
    #expect(try KolmogorovSmirnovTest(values, cumulative: NormalDistribution.cumulative).pValue > 0.01)
  }

  @Test func waitingTimesFollowTheirLaw() throws {
    var source = RandomSource(seed: 4, stream: stream)
    let values = (0..<50_000).map { _ in source.exponential() }
    try expectMoments(values, mean: 1, variance: 1, fourthMoment: 9)
    #expect(try KolmogorovSmirnovTest(values) { -expm1(-$0) }.pValue > 0.01)
  }

  @Test(arguments: [0.3, 5, 40, 2e3])
  func poissonCountsFollowTheirLaw(mean: Double) throws {
    var source = RandomSource(seed: 5, stream: stream)
    let values = (0..<1_000_000).map { _ in source.poisson(mean: mean) }
    try expectMoments(values.map(Double.init), mean: mean, variance: mean, fourthMoment: mean + 3 * mean * mean)
    try expectLaw(values) { exp($0 * log(mean) - mean - SpecialFunctions.logGamma($0 + 1)) }
  }

  @Test func hugePoissonMeansKeepMeanAndVariance() throws {
    var source = RandomSource(seed: 6, stream: stream)
    let values = (0..<20_000).map { _ in Double(source.poisson(mean: 4e9)) }
    try expectMoments(values, mean: 4e9, variance: 4e9, fourthMoment: 3 * 16e18)
    #expect(source.poisson(mean: 0) == 0)
    #expect(source.poisson(mean: -1) == 0)
  }

  @Test(arguments: [(12, 0.05), (12, 0.9), (2000, 0.01), (200, 0.3), (5000, 0.5), (40_000, 0.8), (1_000_000, 4e-4)])
  func binomialCountsFollowTheirLaw(trials: Int, probability: Double) throws {
    var source = RandomSource(seed: 7, stream: stream)
    let values = (0..<1_000_000).map { _ in source.binomial(trials: trials, probability: probability) }
    let n = Double(trials)
    let variance = n * probability * (1 - probability)
    let fourth = variance * (1 + 3 * (n - 2) * probability * (1 - probability))
    try expectMoments(values.map(Double.init), mean: n * probability, variance: variance, fourthMoment: fourth)
    let total = SpecialFunctions.logGamma(n + 1)
    try expectLaw(values) {
      exp(
        total - SpecialFunctions.logGamma($0 + 1) - SpecialFunctions.logGamma(n - $0 + 1) + $0 * log(probability)
          + (n - $0) * log1p(-probability))
    }
  }

  @Test func certainAndImpossibleTrialsNeedNoLuck() {
    var source = RandomSource(seed: 8, stream: stream)
    #expect(source.binomial(trials: 7, probability: 0) == 0)
    #expect(source.binomial(trials: 7, probability: 1) == 7)
    #expect(source.binomial(trials: 0, probability: 0.5) == 0)
  }

  /// Mean and variance within 3.5 standard errors.
  private func expectMoments(_ values: [Double], mean: Double, variance: Double, fourthMoment: Double) throws {
    let summary = try SampleSummary(values)
    let root = Double(values.count).squareRoot()
    #expect(abs(summary.mean - mean) < 3.5 * variance.squareRoot() / root)
    let sd = try #require(summary.sd)
    #expect(abs(sd * sd - variance) < 3.5 * (fourthMoment - variance * variance).squareRoot() / root)
  }

  /// A chi-squared test of every count against its probability.
  private func expectLaw(_ values: [Int], probability: (Double) -> Double) throws {
    let low = try #require(values.min())
    let high = try #require(values.max())
    var observed = [Int](repeating: 0, count: high - low + 1)
    for value in values { observed[value - low] += 1 }
    var expected = (low...high).map { Double(values.count) * probability(Double($0)) }
    // What lies outside the counts seen belongs to the outermost bins.
    let rest = Double(values.count) - expected.reduce(0, +)
    expected[0] += 0.5 * rest
    expected[expected.count - 1] += 0.5 * rest
    let test = try ChiSquaredTest(observed: observed, expected: expected)
    #expect(test.pValue > 0.01, "chi-squared \(test.statistic) with \(test.degreesOfFreedom) degrees of freedom")
  }
}
