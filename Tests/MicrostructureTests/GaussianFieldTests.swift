import Fields
import Foundation
import Microstructure
import NumericalMethods
import Quantities
import Testing

/// Check V28 of the physics design.
@Suite struct GaussianFieldTests {
  private static let grid = Grid(nx: 16, ny: 16, nz: 16, spacing: SIMD3(2e-9, 2e-9, 1e-9))

  private func model(_ covariance: Covariance, deviation: Double = 0.8) throws -> GaussianFieldModel {
    try GaussianFieldModel(
      Self.grid, covariance: covariance, deviation: deviation, correlationLengths: SIMD3(repeating: 3e-9), periodicity: .lateral)
  }

  /// Mean and standard error of one number per draw.
  private func estimate(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean, (variance / n).squareRoot())
  }

  @Test(arguments: Covariance.allCases)
  func drawnFieldsHaveTheCovarianceOfTheLaw(_ covariance: Covariance) throws {
    let model = try model(covariance)
    let grid = Self.grid
    let lags = [(0, 0, 0), (1, 0, 0), (0, 2, 0), (0, 0, 3), (2, 1, 4), (15, 0, 1), (0, 0, 12)]
    var products = [[Double]](repeating: [], count: lags.count)
    for draw in 0..<300 {
      var random = RandomSource(seed: 11, device: draw, stream: .fields)
      let field = model.sample(random: &random)
      for (index, lag) in lags.enumerated() {
        var sum = 0.0
        for k in 0..<(grid.nz - lag.2) {
          for j in 0..<grid.ny {
            for i in 0..<grid.nx {
              sum += field[i, j, k] * field[(i + lag.0) % grid.nx, (j + lag.1) % grid.ny, k + lag.2]
            }
          }
        }
        products[index].append(sum / Double((grid.nz - lag.2) * grid.planeCount))
      }
    }
    for (lag, product) in zip(lags, products) {
      let steps = SIMD3(Double(min(lag.0, 16 - lag.0)), Double(lag.1), Double(lag.2)) * grid.spacing / 3e-9
      let target = 0.64 * covariance.value(at: (steps * steps).sum().squareRoot())
      let (mean, error) = estimate(product)
      #expect(abs(mean - target) < 3.5 * error + 2 * model.clippedFraction, "lag \(lag): \(mean) against \(target)")
      // The test has power: a tenth of the variance would be seen.
      #expect(error < 0.016)
    }
  }

  @Test(arguments: Covariance.allCases)
  func theWrappedVarianceIsExact(_ covariance: Covariance) throws {
    let model = try model(covariance)
    #expect(abs(model.covariance(atLag: 0, 0, 0) / 0.64 - 1) < 1e-12)
    // Also where a long correlation makes the embedding clip.
    let clipped = try GaussianFieldModel(
      Self.grid, covariance: covariance, deviation: 0.8, correlationLengths: SIMD3(repeating: 3e-8), periodicity: .lateral)
    #expect(clipped.clippedFraction > 1e-3)
    #expect(abs(clipped.covariance(atLag: 0, 0, 0) / 0.64 - 1) < 1e-12)
  }

  @Test func withoutClippingEveryLagIsExact() throws {
    let model = try GaussianFieldModel(
      Self.grid, covariance: .exponential, deviation: 0.8, correlationLengths: SIMD3(repeating: 2e-9), periodicity: .none)
    #expect(model.clippedFraction < 1e-12)
    for lag in [(1, 0, 0), (3, 2, 1), (0, 9, 5)] {
      let steps = SIMD3(Double(lag.0), Double(lag.1), Double(lag.2)) * Self.grid.spacing / 2e-9
      let target = 0.64 * Covariance.exponential.value(at: (steps * steps).sum().squareRoot())
      #expect(abs(model.covariance(atLag: lag.0, lag.1, lag.2) - target) < 1e-12)
    }
  }

  @Test func theLogNormalFieldHasMeanOne() throws {
    let model = try model(.matern32)
    let means = (0..<300).map { draw in
      var random = RandomSource(seed: 12, device: draw, stream: .fields)
      return model.sample(random: &random).values.reduce(0) { $0 + exp($1 - 0.32) } / Double(Self.grid.count)
    }
    let (mean, error) = estimate(means)
    #expect(abs(mean - 1) < 3.5 * error)
    #expect(error < 0.01)
  }

  /// var/mean of a count is 1 + mean (e^{s²} − 1).
  @Test func countsScatterAsACoxProcess() throws {
    let deviation = 0.6
    let model = try FieldModel(
      Fixture.resolution(width: 16, height: 16, deviation: deviation, steps: 0),
      of: try Fixture.compound(relaxationVolume: 0), on: try Fixture.glass(), electrode: Fixture.electrode)
    let expected = 2.0
    let crystal = Fixture.crystal(density: expected / 6.4e-26)
    var firsts: [Double] = []
    var seconds: [Double] = []
    for device in 0..<400 {
      var random = RandomSource(seed: 13, device: device, stream: .fields)
      let counts = try model.resolve(crystal, random: &random).vacancyCount.values
      firsts.append(counts.reduce(0, +) / Double(counts.count))
      seconds.append(counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / Double(counts.count) / expected)
    }
    let mean = estimate(firsts)
    let index = estimate(seconds)
    #expect(abs(mean.mean - expected) < 3.5 * mean.error)
    #expect(abs(index.mean - (1 + expected * expm1(deviation * deviation))) < 3.5 * index.error)
    #expect(index.error < 0.06)
  }
}
