import Foundation
import NumericalMethods
import Testing

struct VarianceComponentsTests {
  private let stream = RandomStream(rawValue: 204)

  private func cycles(
    counts: [Int], between: Double, within: Double, source: inout RandomSource
  ) -> [[Double]] {
    counts.map { count in
      let device = 3 + between * source.normal()
      return (0..<count).map { _ in device + within * source.normal() }
    }
  }

  /// Reference values by hand from the sums of squares.
  @Test func anUnbalancedTableMatchesTheHandCalculation() throws {
    let parts = try VarianceComponents(cycles: [
      [1.1, 1.4, 0.9], [2.0, 2.3], [], [1.6, 1.5, 1.9, 1.2], [0.7], [2.6, 2.2, 2.9],
    ])
    #expect(parts.deviceCount == 5 && parts.cycleCount == 13)
    #expect(abs(parts.mean - 1.71538461538462) < 1e-14)
    #expect(abs(parts.deviceToDevice - 0.437442307692308) < 1e-14)
    #expect(abs(parts.cycleToCycle - 0.0835416666666666) < 1e-14)
    #expect(!parts.isClipped)
  }

  @Test func errorsOfABalancedTableHaveTheirClosedForm() throws {
    var source = RandomSource(seed: 30, stream: stream)
    let parts = try VarianceComponents(
      cycles: cycles(counts: [Int](repeating: 6, count: 9), between: 0.4, within: 0.3, source: &source))
    let betweenSquare = 6 * parts.deviceToDevice + parts.cycleToCycle
    let expected = (2 / 36.0 * (betweenSquare * betweenSquare / 8 + parts.cycleToCycle * parts.cycleToCycle / 45))
    #expect(abs(parts.deviceToDeviceError - expected.squareRoot()) < 1e-14)
    #expect(abs(parts.cycleToCycleError - parts.cycleToCycle * (2 / 45.0).squareRoot()) < 1e-15)
  }

  @Test func knownPartsAreRecovered() throws {
    var source = RandomSource(seed: 31, stream: stream)
    let counts = (0..<200).map { 20 + $0 % 31 }
    let parts = try VarianceComponents(cycles: cycles(counts: counts, between: 0.2, within: 0.5, source: &source))
    #expect(abs(parts.deviceToDevice - 0.04) < 3 * parts.deviceToDeviceError)
    #expect(abs(parts.cycleToCycle - 0.25) < 3 * parts.cycleToCycleError)
    #expect(abs(parts.deviceShare - 0.04 / 0.29) < 0.05)
  }

  @Test func quotedErrorsMatchTheSpreadOverReplications() throws {
    var source = RandomSource(seed: 32, stream: stream)
    let counts = (0..<40).map { 1 + $0 % 7 }
    var between: [Double] = []
    var within: [Double] = []
    var betweenErrors = 0.0
    var withinErrors = 0.0
    let replications = 400
    for _ in 0..<replications {
      let parts = try VarianceComponents(cycles: cycles(counts: counts, between: 0.5, within: 0.5, source: &source))
      between.append(parts.deviceToDeviceUnclipped)
      within.append(parts.cycleToCycle)
      betweenErrors += parts.deviceToDeviceError / Double(replications)
      withinErrors += parts.cycleToCycleError / Double(replications)
    }
    let betweenSummary = try SampleSummary(between)
    let withinSummary = try SampleSummary(within)
    let betweenSpread = try #require(betweenSummary.sd)
    let withinSpread = try #require(withinSummary.sd)
    #expect(abs(betweenErrors / betweenSpread - 1) < 0.15)
    #expect(abs(withinErrors / withinSpread - 1) < 0.15)
    #expect(abs(betweenSummary.mean - 0.25) < 3 * betweenSpread / Double(replications).squareRoot())
    #expect(abs(withinSummary.mean - 0.25) < 3 * withinSpread / Double(replications).squareRoot())
  }

  @Test func aNegativeEstimateIsClippedAndSaysSo() throws {
    let parts = try VarianceComponents(cycles: [[1, 5], [5, 1.1], [1, 5.1]])
    #expect(parts.isClipped)
    #expect(parts.deviceToDevice == 0 && parts.deviceToDeviceUnclipped < 0)
    #expect(parts.deviceShare == 0)
    #expect(parts.deviceToDeviceError > 0)
  }

  @Test func theBootstrapIntervalCoversTheTruth() throws {
    var source = RandomSource(seed: 33, stream: stream)
    let counts = [Int](repeating: 5, count: 60)
    var deviceHits = 0
    var cycleHits = 0
    let replications = 300
    for replication in 0..<replications {
      let parts = try VarianceComponents(cycles: cycles(counts: counts, between: 0.3, within: 0.4, source: &source))
      let interval = try parts.bootstrapInterval(
        replications: 300, source: RandomSource(seed: 34, device: replication, stream: stream))
      if interval.deviceToDevice.contains(0.09) { deviceHits += 1 }
      if interval.cycleToCycle.contains(0.16) { cycleHits += 1 }
    }
    // Nominal 0.9; the percentile bootstrap of a variance is known to fall a little short.
    #expect((0.83...0.95).contains(Double(deviceHits) / Double(replications)))
    #expect((0.83...0.95).contains(Double(cycleHits) / Double(replications)))
  }

  @Test func theBootstrapRepeatsItself() throws {
    let parts = try VarianceComponents(cycles: [[1, 2, 3], [4, 5], [3, 3.5], [9]])
    let source = RandomSource(seed: 1, stream: stream)
    #expect(try parts.bootstrapInterval(source: source) == parts.bootstrapInterval(source: source))
  }

  @Test func tablesThatCannotBeSplitAreNamed() {
    #expect(throws: SampleError.tooFew(what: "devices with a cycle", found: 1, needed: 2)) {
      try VarianceComponents(cycles: [[1, 2, 3], []])
    }
    #expect(throws: SampleError.tooFew(what: "cycles of 3 devices", found: 3, needed: 4)) {
      try VarianceComponents(cycles: [[1], [2], [3]])
    }
    #expect(throws: SampleError.notFinite(index: 1, value: "nan")) {
      try VarianceComponents(cycles: [[1, 2], [3, .nan]])
    }
  }
}
