import CKernels
import Fields
import Foundation
import Microstructure
import Testing

/// Potentials in media that take something up, and faces that conduct.
@Suite struct PotentialSinkTests {
  private let tight = PotentialTolerance(currentMismatch: 1e-11, residual: 1e-12)

  /// Every method solves the same system, whatever the faces are.
  @Test(arguments: [PotentialFace.insulating, .electrode], [LateralBoundary.periodic, .insulating])
  func methodsAgree(_ bottom: PotentialFace, _ lateral: LateralBoundary) throws {
    let grid = Grid(nx: 15, ny: 13, nz: 9, spacing: SIMD3(1, 1.5, 2))
    let top = PotentialFace.electrodes((0..<(15 * 13)).map { $0 % 15 < 4 ? 0 : $0 % 15 > 9 ? 1 : nil })
    let boundary = PotentialBoundary(lateral: lateral, bottom: bottom, top: top, bottomTransfer: 0.3, topTransfer: 0.7)
    let potentials = [Double]([0.4, -0.2, 1].prefix(boundary.electrodeCount))
    let layers = (0..<9).map { 1 + Double($0 * 5 % 7) }
    let sink = Field(grid, values: (0..<grid.count).map { 0.01 * Double($0 / grid.planeCount % 4) })
    let source = Field(grid, values: PotentialFixture.noise(grid.count).map { 0.1 * ($0 - 0.4) })
    var first: PotentialSolution?
    for method in [PotentialMethod.capacitanceMatrix, .capacitanceIteration, .transform, .multigrid] {
      var solver = try PotentialSolver(
        grid, boundary: boundary, conductivity: Conductivity(grid, layers: layers), sink: sink, method: method,
        tolerance: tight)
      let solution = try solver.solve(potentials: potentials, source: source)
      let taken = zip(sink.values, solution.potential.values).reduce(0) { $0 + $1.0 * $1.1 }
      let given = source.values.reduce(0, +)
      // What enters is taken up.
      #expect(abs(solution.currents.reduce(0, +) + grid.voxelVolume * (given - taken)) < 1e-9)
      if let first { #expect(PotentialFixture.difference(solution.potential, first.potential) < 1e-9) }
      if method == .capacitanceMatrix { #expect(solution.iterations <= 2) }
      first = first ?? solution
    }
  }

  /// A screened potential between plates falls as sinh, of second order; whole electrodes make it direct.
  @Test func aScreenedPotentialFallsExponentially() throws {
    var errors: [Double] = []
    for n in [16, 32, 64] {
      let grid = PotentialFixture.cube(n)
      var solver = try PotentialSolver(
        grid, conductivity: Conductivity(grid, uniform: 2), sink: Field(grid, filledWith: 2 * 25))
      #expect(solver.method == .direct)
      let solution = try solver.solve(potentials: [1, 0])
      #expect(solution.iterations <= 2)
      let exact = PotentialFixture.field(grid) { sinh(5 * (1 - $0.z)) / sinh(5) }
      errors.append(PotentialFixture.difference(solution.potential, exact))
    }
    for n in 1..<3 { #expect(abs(log2(errors[n - 1] / errors[n]) - 2) < 0.1) }
  }

  /// A face that conducts is a layer in series.
  @Test func aTransferIsASeriesResistance() throws {
    let grid = PotentialFixture.cube(8)
    var solver = try PotentialSolver(
      grid, boundary: PotentialBoundary(bottomTransfer: 4, topTransfer: 0.5),
      conductivity: Conductivity(grid, uniform: 2))
    let solution = try solver.solve(potentials: [0, 1])
    #expect(abs(solution.currents[1] * (1 / 4.0 + 1 / 2.0 + 1 / 0.5) - 1) < 1e-9)
  }

  @Test func wrongSinksAreNamed() throws {
    let grid = PotentialFixture.cube(4)
    var sink = Field(grid)
    sink[1, 2, 3] = -1
    #expect(throws: PotentialError.badSink(-1, cell: SIMD3(1, 2, 3))) {
      try PotentialSolver(grid, conductivity: Conductivity(grid, uniform: 1), sink: sink)
    }
  }

  /// The vector loops' own exponentials and logarithms, against the library's.
  @Test func chargesOfVectorLoopsAreExact() {
    let count = 3001
    let phi = (0..<count).map { 800 * (Double($0) / Double(count - 1) - 0.5) }
    let zeros = [Double](repeating: 0, count: count)
    var (charge, gross, sinks, weights) = (zeros, zeros, zeros, zeros)
    var sums = [0.0, 0]
    ck_ions(count, 1.7, 1, 3, nil, phi, nil, &charge, &gross, &sinks, &weights, &sums)
    var (energy, worst) = (0.0, 0.0)
    for cell in 0..<count {
      let x = 1.7 - phi[cell]
      let exact = x > 0 ? 3 / (1 + exp(-x)) : 3 * exp(x) / (1 + exp(x))
      worst = max(worst, abs(charge[cell] / exact - 1))
      energy += 3 * (max(x, 0) + log1p(exp(-abs(x))))
    }
    #expect(worst < 1e-15 * 4)
    #expect(abs(sums[0] / energy - 1) < 1e-14)
    #expect(gross == charge)
    (charge, gross, sinks) = (zeros, zeros, zeros)
    let total = ck_carriers(count, 2, 0.5, nil, phi, &charge, &gross, &sinks)
    var exact = 0.0
    worst = 0
    for cell in 0..<count {
      let (n, p) = (2 * exp(phi[cell] + 0.5), 2 * exp(-phi[cell] - 0.5))
      worst = max(worst, abs(gross[cell] / (n + p) - 1), abs((charge[cell] - (p - n)) / (n + p)))
      exact += n + p
    }
    #expect(worst < 1e-15 * 4)
    #expect(abs(total / exact - 1) < 1e-14)
    // Where no site is nothing stands.
    let walls = [Double](repeating: .infinity, count: count)
    var numbers = [1.0, 1, 1]
    ck_ion_numbers(count, 1.7, 1, phi, walls, &numbers)
    #expect(numbers == [0, 0, 0])
  }
}
