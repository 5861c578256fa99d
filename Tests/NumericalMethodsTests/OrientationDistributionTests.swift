import Foundation
import NumericalMethods
import Testing

@Suite struct FibreDistributionTests {
  /// The law of cos θ: (e^{κc} − e^{−κ})/(e^{κ} − e^{−κ}).
  @Test(arguments: [0, 1e-3, 2, 50, 1e4]) func tiltsFollowVonMisesAndFisher(concentration: Double) throws {
    let fibre = FibreDistribution(of: SIMD3(1, 1, 0), about: SIMD3(0.2, 0, 1), concentration: concentration)
    var random = RotationTests.source(11)
    let turns = (0..<20_000).map { _ in fibre.sample(random: &random) }
    let cosines = turns.map { $0(fibre.crystalAxis).dot(fibre.normal) }
    let law = { (c: Double) -> Double in
      concentration == 0
        ? (1 + c) / 2 : (exp(concentration * (c - 1)) - exp(-2 * concentration)) / -expm1(-2 * concentration)
    }
    #expect(try KolmogorovSmirnovTest(cosines) { max(0, min(1, law(max(-1, min(1, $0))))) }.pValue > 0.01)
    // The mean lies within three of its standard errors, whose square is known from the two moments.
    let mean = cosines.reduce(0, +) / Double(cosines.count)
    let spread = max(0, fibre.meanSquareCosine - fibre.meanCosine * fibre.meanCosine) / Double(cosines.count)
    #expect(abs(mean - fibre.meanCosine) < 3 * spread.squareRoot() + 1e-15)
  }

  @Test func theCrystalTurnsFreelyAboutTheFibre() throws {
    let fibre = FibreDistribution(of: SIMD3(0, 0, 1), about: SIMD3(0, 0, 1), concentration: 1e6)
    var random = RotationTests.source(12)
    let azimuths = (0..<10_000).map { _ in
      let image = fibre.sample(random: &random)(SIMD3(1, 0, 0))
      return atan2(image.y, image.x) / (2 * Double.pi) + 0.5
    }
    #expect(try KolmogorovSmirnovTest(azimuths) { max(0, min(1, $0)) }.pValue > 0.01)
  }

  @Test func momentsAreThoseOfTheDensity() {
    for concentration in [5e-3, 0.02, 1, 30] {
      let fibre = FibreDistribution(of: SIMD3(0, 0, 1), about: SIMD3(0, 0, 1), concentration: concentration)
      let count = 20_000
      var (weight, first, second) = (0.0, 0.0, 0.0)
      for i in 0..<count {
        let c = -1 + 2 * (Double(i) + 0.5) / Double(count)
        let density = exp(concentration * (c - 1))
        weight += density
        first += c * density
        second += c * c * density
      }
      #expect(abs(fibre.meanCosine - first / weight) < 1e-7 && abs(fibre.meanSquareCosine - second / weight) < 1e-7)
    }
  }
}

@Suite struct BinghamDistributionTests {
  /// Squares of the vector part, in the law's own axes, over the draws.
  private static func meanSquares(_ law: BinghamDistribution, seed: UInt64, count: Int) -> SIMD3<Double> {
    var random = RotationTests.source(seed)
    var sum = SIMD3<Double>.zero
    for _ in 0..<count {
      let q = (law.axes.inverse * law.mode.inverse * law.sample(random: &random) * law.axes).quaternion
      let v = SIMD3(q.y, q.z, q.w)
      sum += v * v
    }
    return sum / Double(count)
  }

  @Test func noConcentrationIsTheUniformLaw() throws {
    var random = RotationTests.source(13)
    let law = BinghamDistribution(mode: .uniform(random: &random), concentrations: .zero)
    let angles = (0..<20_000).map { _ in law.sample(random: &random).angle }
    #expect(try KolmogorovSmirnovTest(angles) { ($0 - sin($0)) / Double.pi }.pValue > 0.01)
  }

  /// On the sphere of quaternions s = δ_x² + δ_y² is uniform, so with λ about x and y alone ⟨s⟩ = 1/λ − 1/(e^λ − 1).
  @Test(arguments: [0.5, 5, 80]) func twoEqualConcentrationsHaveTheirClosedForm(lambda: Double) {
    let law = BinghamDistribution(
      mode: Rotation(axis: SIMD3(1, 2, 3), angle: 1.1), concentrations: SIMD3(lambda, lambda, 0),
      axes: Rotation(axis: SIMD3(0, 1, 1), angle: 0.7))
    let count = 40_000
    let squares = Self.meanSquares(law, seed: 14, count: count)
    let mean = 1 / lambda - 1 / expm1(lambda)
    #expect(abs(squares.x + squares.y - mean) < 3 * mean / Double(count).squareRoot())
    #expect(abs(squares.x - squares.y) < 3 * 1.5 * mean / Double(count).squareRoot())
  }

  /// Sharp laws are normal about each axis: δ_i² = 1/(2λ_i), the angle's variance 2/λ_i.
  @Test func sharpLawsAreNormalAboutEachAxis() {
    let lambda = SIMD3(2e3, 8e3, 5e4)
    let law = BinghamDistribution(mode: Rotation(axis: SIMD3(1, 0, 1), angle: 0.3), concentrations: lambda)
    let squares = Self.meanSquares(law, seed: 15, count: 40_000)
    for axis in 0..<3 { #expect(abs(squares[axis] * 2 * lambda[axis] - 1) < 0.03) }
  }
}

@Suite struct MarchDollaseTests {
  @Test(arguments: [0.2, 0.7, 1, 1.8]) func theDensityIntegratesToOneAndGivesTheMean(r: Double) {
    let law = MarchDollase(r: r)
    let count = 400_000
    var (weight, second) = (0.0, 0.0)
    for i in 0..<count {
      let c = (Double(i) + 0.5) / Double(count)
      weight += law.density(cosine: c) / Double(count)
      second += c * c * law.density(cosine: c) / Double(count)
    }
    #expect(abs(weight - 1) < 1e-7 && abs(second - law.meanSquareCosine) < 1e-7)
  }

  @Test func theMeanGivesRBack() throws {
    for r in [0.05, 0.5, 0.99999, 1.0001, 3] {
      let law = try MarchDollase(meanSquareCosine: MarchDollase(r: r).meanSquareCosine)
      #expect(abs(law.r / r - 1) < 1e-7)
    }
    #expect(throws: SampleError.self) { try MarchDollase(meanSquareCosine: 1.2) }
  }

  /// The law is a stretch of a random set: its distribution of cos α is k c/√(1 − (1 − k²) c²) turned about.
  @Test(arguments: [0.3, 1, 2]) func drawsFollowTheDensity(r: Double) throws {
    let law = MarchDollase(r: r)
    var random = RotationTests.source(16)
    let cosines = (0..<20_000).map { _ in law.sample(random: &random) }
    let k = pow(r, 1.5)
    #expect(
      try KolmogorovSmirnovTest(cosines) { c in min(1, k * c / (1 - (1 - k * k) * c * c).squareRoot()) }.pValue > 0.01)
  }
}
