import Foundation
import NumericalMethods
import Testing

@Suite struct GaussianProcessTests {
  static let points = (1...40).map { SobolSequence(dimensions: 2).point($0) }

  static func wave(_ x: [Double]) -> Double { sin(3 * x[0]) + 0.5 * x[1] * x[1] }

  @Test func itPassesThroughExactData() throws {
    let values = Self.points.map(Self.wave)
    let process = try #require(
      GaussianProcess(inputs: Self.points, outputs: values, shape: .init(lengths: [1, 1], noise: 1e-10)))
    for (point, value) in zip(Self.points, values) {
      let (mean, variance) = process.prediction(at: point)
      #expect(abs(mean - value) < 1e-6)
      #expect(variance < 1e-6 * process.variance)
    }
  }

  @Test func farAwayItReturnsToItsMeanAndVariance() throws {
    let process = try #require(
      GaussianProcess(
        inputs: Self.points, outputs: Self.points.map(Self.wave), shape: .init(lengths: [0.5, 0.5], noise: 1e-8)))
    let (mean, variance) = process.prediction(at: [100, -100])
    #expect(abs(mean - process.mean) < 1e-9)
    #expect(abs(variance / process.variance - 1) < 1e-9)
  }

  @Test func leavingOneOutIsWhatAProcessWithoutItSays() throws {
    let values = Self.points.map(Self.wave)
    let shape = GaussianProcess.Shape(lengths: [0.8, 1.2], noise: 1e-3)
    // The shortcut keeps the mean of all, which one point moves little.
    let process = try #require(GaussianProcess(inputs: Self.points, outputs: values, shape: shape))
    let short = process.leaveOneOut
    for i in [0, 7, 23] {
      var (inputs, outputs) = (Self.points, values)
      inputs.remove(at: i)
      outputs.remove(at: i)
      let without = try #require(GaussianProcess(inputs: inputs, outputs: outputs, shape: shape))
      let expected = without.prediction(at: Self.points[i]).mean
      #expect(abs(short[i] - expected) < 0.02)
    }
  }

  @Test func theLikelihoodFindsWhichInputCounts() throws {
    let values = Self.points.map { sin(5 * $0[0]) }
    let process = try #require(GaussianProcess(fitting: values, at: Self.points))
    #expect(process.shape.lengths[1] > 3 * process.shape.lengths[0])
    #expect(GaussianProcess.predictivity(of: process.leaveOneOut, for: values) > 0.99)
    let unseen = (41...80).map { SobolSequence(dimensions: 2).point($0) }
    let predictions = unseen.map { process.prediction(at: $0).mean }
    #expect(GaussianProcess.predictivity(of: predictions, for: unseen.map { sin(5 * $0[0]) }) > 0.99)
  }

  @Test func noiseIsFoundAsNoise() throws {
    var random = RandomSource(seed: 3, stream: .growth)
    let points = (1...120).map { SobolSequence(dimensions: 1).point($0) }
    let values = points.map { 2 * $0[0] + 0.1 * random.normal() }
    let process = try #require(GaussianProcess(fitting: values, at: points))
    let noise = (process.shape.noise * process.variance).squareRoot()
    #expect(noise > 0.07 && noise < 0.14)
  }

  @Test func theDeterminantIsThatOfAKnownMatrix() throws {
    let factor = try #require(CholeskyFactor([4, 2, 2, 3], count: 2))
    #expect(abs(factor.logDeterminant - log(8)) < 1e-14)
  }

  @Test func theSimplexFindsTheBottomOfACurvedValley() {
    let found = SimplexSearch.minimum(from: [-1.2, 1], step: 0.5, evaluations: 2000, tolerance: 1e-16) { p in
      100 * pow(p[1] - p[0] * p[0], 2) + pow(1 - p[0], 2)
    }
    #expect(abs(found[0] - 1) < 1e-4 && abs(found[1] - 1) < 1e-4)
  }
}
