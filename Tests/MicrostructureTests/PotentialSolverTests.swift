import Fields
import Foundation
import Microstructure
import Testing

/// Check V36 of the physics design, layers, percolating media, and the errors.
@Suite struct PotentialSolverTests {
  /// −div(κ grad φ) of φ = z + sin πz g(x) g(y) on the unit cube, κ = 1 + a sin πz w(x) by differentiation.
  private func orderOfError(_ lateral: LateralBoundary, amplitude a: Double) throws -> [Double] {
    let pi = Double.pi
    // Periodic: waves of one period; insulating: cosines of half a period.
    let (kx, ky) = lateral == .periodic ? (2 * pi, 2 * pi) : (pi, 2 * pi)
    let phase = lateral == .periodic ? 0.3 : 0
    var errors: [Double] = []
    for n in [16, 32, 64] {
      let grid = PotentialFixture.cube(n)
      let exact = PotentialFixture.field(grid) { $0.z + sin(pi * $0.z) * cos(kx * $0.x + phase) * cos(ky * $0.y) }
      let kappa = PotentialFixture.field(grid) { 1 + a * sin(pi * $0.z) * cos(kx * $0.x) }
      let source = PotentialFixture.field(grid) { r in
        let (s, c) = (sin(pi * r.z), cos(pi * r.z))
        let (gx, gy) = (cos(kx * r.x + phase), cos(ky * r.y))
        let k = 1 + a * s * cos(kx * r.x)
        let laplacian = -(pi * pi + kx * kx + ky * ky) * s * gx * gy
        let slopeX = -kx * s * sin(kx * r.x + phase) * gy
        let slopeZ = 1 + pi * c * gx * gy
        let growthX = -a * kx * s * sin(kx * r.x)
        let growthZ = a * pi * c * cos(kx * r.x)
        return -(k * laplacian + growthX * slopeX + growthZ * slopeZ)
      }
      var solver = try PotentialSolver(
        grid, boundary: PotentialBoundary(lateral: lateral), conductivity: Conductivity(kappa))
      let solution = try solver.solve(potentials: [0, 1], source: source)
      #expect(solver.method == (a == 0 ? .direct : .transform))
      errors.append(PotentialFixture.difference(solution.potential, exact))
    }
    return zip(errors, errors.dropFirst()).map { log2($0 / $1) }
  }

  @Test(arguments: [LateralBoundary.periodic, .insulating], [0, 0.4])
  func theErrorFallsWithTheSquareOfTheSpacing(_ lateral: LateralBoundary, _ amplitude: Double) throws {
    let orders = try orderOfError(lateral, amplitude: amplitude)
    #expect(abs(orders[1] - 2) < 0.05)
    #expect(abs(orders[0] - 2) < 0.1)
  }

  @Test func layersAddTheirResistances() throws {
    let grid = Grid(nx: 8, ny: 6, nz: 24, spacing: SIMD3(1e-9, 2e-9, 0.5e-9))
    let layers = (0..<24).map { pow(10, 0.5 * Double($0 * 7 % 13)) }
    for lateral in [LateralBoundary.periodic, .insulating] {
      var solver = try PotentialSolver(
        grid, boundary: PotentialBoundary(lateral: lateral), conductivity: Conductivity(grid, layers: layers))
      #expect(solver.method == .direct)
      let solution = try solver.solve(potentials: [0.2, 1.5])
      let area = 8e-9 * 12e-9
      let resistance = layers.reduce(0) { $0 + 0.5e-9 / ($1 * area) }
      #expect(abs(solution.currents[1] * resistance / 1.3 - 1) < 1e-12)
      #expect(abs(solution.currents[0] * resistance / 1.3 + 1) < 1e-12)
    }
  }

  /// Below, at and above the threshold (0.3116 for cubes), on voxels of any shape.
  @Test(arguments: [0.25, 0.32, 0.6], [0.25, 1, 8]) func multigridConvergesAtEveryFilling(
    _ p: Double, _ height: Double
  ) throws {
    let grid = Grid(nx: 24, ny: 24, nz: 24, spacing: SIMD3(1, 1, height))
    var solver = try PotentialSolver(
      grid, boundary: PotentialBoundary(lateral: .insulating), conductivity: PotentialFixture.percolating(grid, p: p))
    let solution = try solver.solve(potentials: [0, 1])
    #expect(solution.iterations < 40)
    #expect(solution.currentMismatch < 1e-6)
  }

  @Test func multigridCopesWithPercolationWhereTransformsFail() throws {
    for n in [16, 32, 64] {
      let grid = PotentialFixture.cube(n)
      let medium = PotentialFixture.percolating(grid)
      var counts: [PotentialMethod: Int] = [:]
      var currents: [Double] = []
      for method in [PotentialMethod.multigrid, .transform] where method == .multigrid || n < 64 {
        var solver = try PotentialSolver(
          grid, conductivity: medium, method: method == .multigrid ? nil : method,
          tolerance: PotentialTolerance(iterationLimit: 20000))
        #expect(solver.method == method)
        let solution = try solver.solve(potentials: [0, 1])
        counts[method] = solution.iterations
        currents.append(solution.currents[1])
        #expect(solution.currentMismatch < 1e-6)
        print("percolating, \(n) cells a side: \(solution.iterations) iterations by \(method.rawValue)")
      }
      #expect(counts[.multigrid]! < 40)
      if let transform = counts[.transform] {
        #expect(transform > 10 * counts[.multigrid]!)
        #expect(abs(currents[1] / currents[0] - 1) < 1e-6)
      }
    }
  }
}
