import Foundation
import NumericalMethods
import Testing

@Suite struct CensoredLineTests {
  /// Values about a line, cut at a limit.
  static func sample(_ count: Int, seed: UInt64, limit: Double) -> (x: [Double], y: [Double], isCensored: [Bool]) {
    var random = RandomSource(seed: seed, stream: .parameters)
    let x = (0..<count).map { [30.0, 35, 40][$0 % 3] }
    let y = x.map { 2 + 0.9 * $0 + 1.5 * random.normal() }
    return (x, y.map { min($0, limit) }, y.map { $0 > limit })
  }

  @Test func withoutCensoringItIsLeastSquares() throws {
    let (x, y, isCensored) = Self.sample(60, seed: 1, limit: .greatestFiniteMagnitude)
    let line = try CensoredLine(x: x, y: y, isCensored: isCensored)
    let (mx, my) = (x.reduce(0, +) / 60, y.reduce(0, +) / 60)
    let sxx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / sxx
    #expect(abs(line.slope / slope - 1) < 1e-9)
    #expect(abs(line.intercept - (my - slope * mx)) < 1e-7)
    let residual = zip(x, y).reduce(0) { $0 + pow($1.1 - line.intercept - slope * $1.0, 2) }
    #expect(abs(line.deviation / (residual / 60).squareRoot() - 1) < 1e-9)
    #expect(abs(line.slopeError / (line.deviation / sxx.squareRoot()) - 1) < 1e-9)
  }

  /// A third of the sample is cut off: what is left out of a plain fit bends it, this one not.
  @Test func censoredValuesCountWithTheirBound() throws {
    var (inside, sum) = (0, 0.0)
    for seed in 0..<200 {
      let (x, y, isCensored) = Self.sample(60, seed: UInt64(seed + 10), limit: 37)
      #expect(isCensored.contains(true))
      let line = try CensoredLine(x: x, y: y, isCensored: isCensored)
      if abs(line.slope - 0.9) < 1.645 * line.slopeError { inside += 1 }
      sum += line.slope
    }
    // 90 % of the intervals hold the truth.
    #expect(inside > 165 && inside < 195)
    #expect(abs(sum / 200 - 0.9) < 0.01)
  }

  @Test func badSamplesAreNamed() {
    #expect(throws: SampleError.tooFew(what: "events", found: 2, needed: 3)) {
      try CensoredLine(x: [1, 2, 3], y: [1, 2, 3], isCensored: [false, false, true])
    }
    #expect(throws: SampleError.noSpread(value: 1)) {
      try CensoredLine(x: [1, 1, 1], y: [1, 2, 3], isCensored: [false, false, false])
    }
  }
}
