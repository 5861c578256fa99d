import Foundation
import NumericalMethods
import Testing

struct EmpiricalDistributionTests {
  private let stream = RandomStream(rawValue: 203)
  private let values = [1.12, 0.84, 1.95, 1.41, 0.57, 1.66, 1.30, 2.21, 0.98, 1.49, 1.05, 1.77]

  @Test func pointsStandAtMedianRanks() throws {
    let distribution = try EmpiricalDistribution(values)
    #expect(distribution.points.map(\.value) == values.sorted())
    for (index, point) in distribution.points.enumerated() {
      #expect(abs(point.probability - (Double(index) + 0.7) / 12.4) < 1e-15)
      // Benard's rank is close to the median of the beta law, 0.0011 off at the worst of twelve.
      let median = SpecialFunctions.betaQuantile(0.5, Double(index + 1), Double(12 - index))
      #expect(abs(point.probability - median) < 1.2e-3)
      #expect(point.lower < point.probability && point.probability < point.upper)
    }
    #expect(abs(distribution.points[0].lower - (1 - pow(0.95, 1 / 12.0))) < 1e-13)
    #expect(abs(distribution.points[11].upper - pow(0.95, 1 / 12.0)) < 1e-13)
    #expect(distribution.cumulative(0.5) == 0)
    #expect(distribution.cumulative(1.12) == 5 / 12.0)
    #expect(distribution.cumulative(9) == 1)
  }

  @Test func theBandHoldsTheTrueShareAsOftenAsItSays() throws {
    var source = RandomSource(seed: 21, stream: stream)
    var inside = [Int](repeating: 0, count: 15)
    let replications = 4000
    for _ in 0..<replications {
      let points = try EmpiricalDistribution((0..<15).map { _ in source.exponential() }).points
      for (index, point) in points.enumerated() {
        let share = -expm1(-point.value)
        if share > point.lower && share < point.upper { inside[index] += 1 }
      }
    }
    // 3.5 standard errors of a share of 0.9.
    for count in inside { #expect(abs(Double(count) / Double(replications) - 0.9) < 0.0166) }
  }

  /// Reference values from SciPy's `ecdf` of right-censored samples, log-log interval.
  @Test func theSurvivalCurveMatchesAReference() throws {
    let marks = values.map { [1.95, 2.21, 1.49].contains($0) }
    let curve = try SurvivalCurve(CensoredSample(values, censored: marks))
    let survival = [
      0.91666667, 0.83333333, 0.75, 0.66666667, 0.58333333, 0.5, 0.41666667, 0.3125, 0.20833333,
    ]
    let low = [
      0.6370069, 0.55747769, 0.47423674, 0.39531602, 0.32147363, 0.25281671, 0.18953087, 0.11200208, 0.05182438,
    ]
    let high = [
      0.9833521, 0.94470047, 0.89499924, 0.83765919, 0.77414316, 0.70511289, 0.63076312, 0.53902858, 0.43548344,
    ]
    #expect(curve.steps.map(\.value) == [0.57, 0.84, 0.98, 1.05, 1.12, 1.3, 1.41, 1.66, 1.77])
    for (index, step) in curve.steps.enumerated() {
      let band = try #require(step.band)
      #expect(abs(step.survival - survival[index]) < 1e-8)
      #expect(abs(band.lowerBound - low[index]) < 1e-8)
      #expect(abs(band.upperBound - high[index]) < 1e-8)
    }
    #expect(try curve.quantile(0.5) == 1.3)
    #expect(try curve.quantile(0.9) == nil)
    #expect(curve.survival(at: 0.1) == 1)
    #expect(curve.survival(at: 1.3) == curve.steps[5].survival)
    #expect(curve.survival(at: 3) == nil)
  }

  @Test func withoutCensoringTheCurveIsTheEmpiricalOne() throws {
    let curve = try SurvivalCurve(CensoredSample(values))
    let distribution = try EmpiricalDistribution(values)
    for step in curve.steps { #expect(abs(step.survival + distribution.cumulative(step.value) - 1) < 1e-14) }
    #expect(curve.steps.last?.band == nil)
    #expect(curve.survival(at: 5) == 0)
  }

  @Test func testsThatAllStoppedEarlySayOnlyThatTheySurvived() throws {
    let curve = try SurvivalCurve(CensoredSample([400, 400, 400], censored: [true, true, true]))
    #expect(curve.steps.isEmpty)
    #expect(curve.survival(at: 400) == 1)
    #expect(curve.survival(at: 401) == nil)
    #expect(try curve.quantile(0.5) == nil)
  }

  @Test func aTestStoppedAtAnEventsValueCountsAsAtRisk() throws {
    let curve = try SurvivalCurve(CensoredSample([2, 2, 3], censored: [true, false, false]))
    #expect(curve.steps[0].atRisk == 3)
    #expect(abs(curve.steps[0].survival - 2 / 3.0) < 1e-15)
  }

  @Test func unusableSamplesAreNamed() {
    #expect(throws: SampleError.tooFew(what: "values", found: 0, needed: 1)) { try EmpiricalDistribution([]) }
    #expect(throws: SampleError.notAProbability("1.0")) { try EmpiricalDistribution([1], confidence: 1) }
    #expect(throws: SampleError.notFinite(index: 0, value: "nan")) { try CensoredSample([.nan]) }
    #expect(throws: SampleError.unequalCounts(what: "values and censoring marks", first: 2, second: 1)) {
      try CensoredSample([1, 2], censored: [true])
    }
  }
}
