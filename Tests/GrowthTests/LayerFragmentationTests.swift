import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Testing

/// How stacks of layers come apart, and sheets tear.
@Suite struct LayerFragmentationTests {
  func source(_ seed: UInt64) -> RandomSource { RandomSource(seed: seed, stream: .growth) }

  /// Fragments between the sizes a and b of one stack of length 1 at time t, the unbroken one apart.
  func fragments(_ a: Double, _ b: Double, _ t: Double) -> Double {
    // Antiderivative of e^(−xt) [2t + t² (1 − x)].
    let whole = { (x: Double) in exp(-x * t) * (t * x - 1 - t) }
    return whole(b) - whole(a)
  }

  @Test(arguments: [1.0, 5.0, 20.0]) func theMasterEquationFollowsTheExactScission(time: Double) {
    let count = 20_000
    let width = 1 / Double(count)
    var population = LayerPopulation(pivots: (1...count).map { Double($0) * width })
    population.advance(by: time)
    for i in stride(from: 0, to: count - 1, by: 97) {
      let x = population.pivots[i]
      let exact = exp(-x * time) * (2 * time + time * time * (1 - x))
      #expect(abs(population.numbers[i] / width / exact - 1) < 3e-3, "x = \(x)")
    }
    #expect(abs(population.numbers[count - 1] / exp(-time) - 1) < 3e-3)
    let substance = zip(population.pivots, population.numbers).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(substance - 1) < 1e-10)
  }

  @Test(arguments: [1.0, 5.0, 20.0]) func randomSplittingFollowsTheExactScission(time: Double) {
    let (layers, parents, bins) = (20_000, 3000, 20)
    let cleavage = LayerFragmentation(probability: -expm1(-time / Double(layers)))
    var random = source(3)
    var sums = [Double](repeating: 0, count: bins)
    var squares = sums
    var unbroken = 0
    for _ in 0..<parents {
      let pieces = cleavage.pieces(of: layers, random: &random)
      #expect(pieces.reduce(0, +) == layers)
      var counts = [Double](repeating: 0, count: bins)
      if pieces.count == 1 { unbroken += 1 } else { for n in pieces { counts[(n - 1) * bins / layers] += 1 } }
      for bin in 0..<bins {
        sums[bin] += counts[bin]
        squares[bin] += counts[bin] * counts[bin]
      }
    }
    for bin in 0..<bins {
      let exact = fragments(Double(bin) / Double(bins), Double(bin + 1) / Double(bins), time)
      let mean = sums[bin] / Double(parents)
      let variance = max(squares[bin] / Double(parents) - mean * mean, exact)
      #expect(abs(mean - exact) < 4.5 * (variance / Double(parents)).squareRoot() + 2e-3 * exact, "bin \(bin)")
    }
    let survival = exp(-time)
    let error = (survival * (1 - survival) / Double(parents)).squareRoot()
    #expect(abs(Double(unbroken) / Double(parents) - survival) < 4.5 * error + 1e-3 * survival)
  }

  @Test func theMasterEquationOnWholeLayersIsIndependentCleavage() {
    let layers = 60
    for time in [0.01, 0.1, 0.5] {
      var population = LayerPopulation(layers: layers)
      population.advance(by: time)
      let p = -expm1(-time)
      for n in 1..<layers {
        let exact = pow(1 - p, Double(n - 1)) * (2 * p + Double(layers - n - 1) * p * p)
        #expect(abs(population.numbers[n - 1] - exact) < 1e-6 * max(exact, 1e-3), "\(n) layers")
      }
      #expect(abs(population.numbers[layers - 1] - exp(-Double(layers - 1) * time)) < 1e-6)
    }
  }

  @Test func cleavedLayersFollowTheGeometricLaw() throws {
    // One peel, and five that leave the same.
    for (peels, p) in [(1, 0.05), (5, 1 - pow(0.95, 0.2))] {
      var random = source(11)
      var pieces = [1_000_000]
      for _ in 0..<peels {
        pieces = pieces.flatMap { LayerFragmentation(probability: p).pieces(of: $0, random: &random) }
      }
      pieces.removeLast()
      var observed = [Int](repeating: 0, count: 300)
      for n in pieces { observed[min(n, 300) - 1] += 1 }
      let total = Double(pieces.count)
      let expected = (1...300).map { n in
        total * (n < 300 ? 0.05 * pow(0.95, Double(n - 1)) : pow(0.95, 299))
      }
      let test = try ChiSquaredTest(observed: observed, expected: expected)
      #expect(test.pValue > 0.01, "\(peels) peels: χ² \(test.statistic) of \(test.degreesOfFreedom)")
      #expect(abs(total / 1_000_000 / 0.05 - 1) < 0.02)
    }
  }

  @Test func aPieceAroundARandomLayerIsSizeBiased() {
    // Mean of n P(n) n over the mean of n P(n): (2 − p)/p of a long stack.
    let cleavage = LayerFragmentation(probability: 0.1)
    var random = source(5)
    let draws = 40_000
    let mean =
      (0..<draws).reduce(0) { sum, _ in sum + cleavage.pieceAroundRandomLayer(of: 100_000, random: &random) }
    #expect(abs(Double(mean) / Double(draws) - 19) < 0.3)
    let tearing = AreaTearing(density: 2)
    let area =
      (0..<draws).reduce(0.0) { sum, _ in sum + tearing.pieceAroundRandomPoint(of: 1e4, random: &random) }
    #expect(abs(area / Double(draws) - 1) < 0.02)
  }
}
