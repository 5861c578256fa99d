import Foundation
import NumericalMethods
import Switching
import Testing

@Suite struct CellDiffusionTests {
  /// 8³ cells between walls along z, a step of counts and a tilt of the energies along z.
  static func start(capacity: Double = .infinity, tilt: Double = 0.25) -> CellDiffusion {
    let lattice = HopLattice.simpleCubic(SIMD3(8, 8, 8), edge: 1e-9, periodic: [.x, .y])
    let planes = (0..<lattice.siteCount).map { lattice.cell(of: $0).cell.z }
    return CellDiffusion(
      lattice, diffusivity: 1e-18, energies: planes.map { tilt * Double($0) }, counts: planes.map { $0 < 4 ? 10 : 30 },
      capacity: capacity)
  }

  /// Mean and variance of a cell's count in each plane, over runs and the 64 cells of the plane.
  static func moments(runs: Int, _ run: (Int) -> [Int]) -> (means: [Double], variances: [Double]) {
    var sums = [Double](repeating: 0, count: 8)
    var squares = sums
    for index in 0..<runs {
      for (cell, count) in run(index).enumerated() {
        sums[cell / 64] += Double(count)
        squares[cell / 64] += Double(count * count)
      }
    }
    let n = Double(64 * runs)
    return (sums.map { $0 / n }, (0..<8).map { squares[$0] / n - sums[$0] * sums[$0] / (n * n) })
  }

  @Test(arguments: [Double.infinity, 40]) func leapsKeepTheMeanAndTheVarianceOfSingleHops(capacity: Double) {
    let start = Self.start(capacity: capacity)
    let exact = Self.moments(runs: 200) { index in
      var cells = start
      var random = RandomSource(seed: 31, cycle: index, stream: .switching)
      cells.advanceExactly(for: 1, random: &random)
      return cells.counts
    }
    let leaps = Self.moments(runs: 200) { index in
      var cells = start
      var random = RandomSource(seed: 32, cycle: index, stream: .switching)
      cells.leap(for: 1, random: &random)
      return cells.counts
    }
    // V47: 3 % and 6 %; 12 800 cells give each variance to 1.3 %, their ratio to 1.8 %.
    for plane in 0..<8 {
      #expect(abs(leaps.means[plane] / exact.means[plane] - 1) < 0.03)
      #expect(abs(leaps.variances[plane] / exact.variances[plane] - 1) < 0.06)
    }
  }

  @Test func ionsAreNeitherMadeNorLost() {
    var cells = Self.start()
    let ions = cells.counts.reduce(0, +)
    var random = RandomSource(seed: 33, stream: .switching)
    for _ in 0..<5 {
      cells.leap(for: 0.3, random: &random)
      #expect(cells.counts.allSatisfy { $0 >= 0 })
      #expect(cells.counts.reduce(0, +) == ions)
      cells.advanceExactly(for: 0.1, random: &random)
      #expect(cells.counts.reduce(0, +) == ions)
    }
    #expect(abs(cells.time - 2) < 1e-12)
  }

  @Test func leapsEndInTheBikermanProfile() {
    let capacity = 40.0
    var cells = Self.start(capacity: capacity, tilt: 0.5)
    var random = RandomSource(seed: 34, stream: .switching)
    cells.leap(for: 30, random: &random)
    var means = [Double](repeating: 0, count: 8)
    let samples = 100
    for _ in 0..<samples {
      cells.leap(for: 0.5, random: &random)
      for (cell, count) in cells.counts.enumerated() { means[cell / 64] += Double(count) / Double(64 * samples) }
    }
    // N/(N_max - N) = e^{μ - ψ}: a straight line of slope -0.5 per plane.
    let chemical = means.enumerated().map { log($1 / (capacity - $1)) + 0.5 * Double($0) }
    let mean = chemical.reduce(0, +) / 8
    for value in chemical { #expect(abs(value - mean) < 0.05) }
  }

  @Test func theMeanFluxIsThatOfScharfetterAndGummel() {
    // One leap of three cells in a row: what leaves the middle one goes by the weights of (8.5).
    let lattice = HopLattice.simpleCubic(SIMD3(1, 1, 3), edge: 1e-9, periodic: [])
    var ends = [0.0, 0.0, 0.0]
    let count = 1_000_000
    for index in 0..<20 {
      var cells = CellDiffusion(lattice, diffusivity: 1e-18, energies: [1.2, 0, -0.7], counts: [0, count, 0])
      var random = RandomSource(seed: 35, cycle: index, stream: .switching)
      cells.leap(for: 0.01, random: &random)
      for cell in 0..<3 { ends[cell] += Double(cells.counts[cell]) / Double(20 * count) }
    }
    let up = 1.2 / (exp(1.2) - 1)
    let down = -0.7 / (exp(-0.7) - 1)
    #expect(abs(ends[0] / (0.01 * up) - 1) < 0.03)
    #expect(abs(ends[2] / (0.01 * down) - 1) < 0.03)
  }
}
