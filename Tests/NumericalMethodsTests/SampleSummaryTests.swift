import Foundation
import NumericalMethods
import Testing

struct SampleSummaryTests {
  private let values = [1.12, 0.84, 1.95, 1.41, 0.57, 1.66, 1.30, 2.21, 0.98, 1.49, 1.05, 1.77]

  /// Reference values from NumPy (`quantile`, `std(ddof=1)`).
  @Test func momentsAndQuantilesMatchAReference() throws {
    let summary = try SampleSummary(values)
    #expect(summary.count == 12)
    #expect(abs(summary.mean - 1.3625) < 1e-15)
    #expect(abs(try #require(summary.sd) - 0.480929497762595) < 1e-14)
    #expect(abs(summary.p05 - 0.7185) < 1e-14)
    #expect(abs(try summary.quantile(0.25) - 1.0325) < 1e-14)
    #expect(abs(summary.median - 1.355) < 1e-14)
    #expect(abs(summary.p95 - 2.067) < 1e-14)
    #expect(abs(try #require(try SampleSummary(decadesOf: values).sd) - 0.167743194026875) < 1e-14)
  }

  @Test func quantilesRunFromTheSmallestToTheLargestValue() throws {
    let summary = try SampleSummary(values)
    #expect(try summary.quantile(0) == 0.57)
    #expect(try summary.quantile(1) == 2.21)
    var last = -Double.infinity
    for k in 0...1000 {
      let value = try summary.quantile(Double(k) / 1000)
      #expect(value >= last)
      last = value
    }
    for i in 0..<12 { #expect(abs(try summary.quantile(Double(i) / 11) - summary.sorted[i]) < 1e-14) }
  }

  @Test func quantilesFollowAShiftAStretchAndAReflection() throws {
    let summary = try SampleSummary(values)
    let moved = try SampleSummary(values.map { 3 - 2 * $0 })
    for p in [0.05, 0.3, 0.5, 0.77, 0.95] {
      #expect(abs(try moved.quantile(1 - p) - (3 - 2 * (try summary.quantile(p)))) < 1e-13)
    }
  }

  @Test func aLargeOffsetCostsNoSpread() throws {
    let sd = try #require(try SampleSummary([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).sd)
    #expect(abs(sd - 30.0.squareRoot()) < 1e-12)
  }

  @Test func oneValueHasNoSpread() throws {
    let summary = try SampleSummary([4])
    #expect(summary.sd == nil)
    #expect(summary.median == 4 && summary.p05 == 4 && summary.p95 == 4)
  }

  @Test func unusableSamplesAreNamed() {
    #expect(throws: SampleError.tooFew(what: "values", found: 0, needed: 1)) { try SampleSummary([]) }
    #expect(throws: SampleError.notFinite(index: 1, value: "nan")) { try SampleSummary([1, .nan, 2]) }
    #expect(throws: SampleError.notFinite(index: 0, value: "inf")) { try SampleSummary([.infinity]) }
    #expect(throws: SampleError.notPositive(index: 1, value: 0)) { try SampleSummary(decadesOf: [1, 0]) }
    #expect(throws: SampleError.overflow(what: "the values")) { try SampleSummary([1e300, -1e300]) }
    #expect(throws: SampleError.notAProbability("1.5")) { try SampleSummary([1, 2]).quantile(1.5) }
    #expect(throws: SampleError.notAProbability("nan")) { try SampleSummary([1, 2]).quantile(.nan) }
  }
}
