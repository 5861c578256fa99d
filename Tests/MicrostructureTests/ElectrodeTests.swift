import Fields
import Foundation
import Microstructure
import Testing

/// Check V39 of the physics design: currents between electrodes, whole and planar.
@Suite struct ElectrodeTests {
  /// A rod of square section from face to face and its matrix conduct in parallel, whatever the contrast.
  @Test func aRodInAnInsulatorHasItsResistance() throws {
    let n = 32
    let grid = Grid(nx: n, ny: n, nz: 40, spacing: SIMD3(1e-9, 1e-9, 2e-9))
    for contrast in [10.0, 1e3, 1e6] {
      var kappa = Field(grid, filledWith: 1 / contrast)
      for k in 0..<40 { for j in 12..<20 { for i in 12..<20 { kappa[i, j, k] = 1 } } }
      var solver = try PotentialSolver(grid, conductivity: Conductivity(kappa))
      #expect(solver.method == (contrast < 50 ? .transform : .multigrid))
      let solution = try solver.solve(potentials: [0, 0.3])
      let exact = 0.3 * (64 + (1024 - 64) / contrast) * 1e-18 / 80e-9
      #expect(abs(solution.currents[1] / exact - 1) < 1e-5)
      #expect(abs(solution.currents[0] + solution.currents[1]) < 1e-6 * solution.currents[1])
      #expect(solution.currentMismatch < 1e-6)
    }
  }

  /// A rod that ends in the middle: no closed form, but what enters leaves.
  @Test(arguments: [1e3, 1e6]) func whatEntersLeaves(_ contrast: Double) throws {
    let grid = PotentialFixture.cube(32)
    var kappa = Field(grid, filledWith: 1 / contrast)
    for k in 0..<24 { for j in 14..<18 { for i in 14..<18 { kappa[i, j, k] = 1 } } }
    for lateral in [LateralBoundary.periodic, .insulating] {
      var solver = try PotentialSolver(
        grid, boundary: PotentialBoundary(lateral: lateral), conductivity: Conductivity(kappa))
      let solution = try solver.solve(potentials: [1, 0])
      let (into, out) = (solution.currents[0], -solution.currents[1])
      #expect(abs(into - out) < 1e-6 * into)
    }
  }

  /// The spreading resistance of a disc on a cell of radius b, over ρ/4r: 1 − 1.409 r/b + 0.296 (r/b)³.
  ///
  /// A quarter of the disc in a corner between mirrors; the column's own resistance is taken off.
  @Test(arguments: [32.0, 48]) func aDiscSpreadsItsCurrent(_ radius: Double) throws {
    let (n, nz) = (128, 128)
    let grid = Grid(nx: n, ny: n, nz: nz, spacing: SIMD3(repeating: 1e-9))
    let face = PotentialFixture.disc(n, n, radius: radius, center: .zero)
    var solver = try PotentialSolver(
      grid, boundary: PotentialBoundary(lateral: .insulating, top: face),
      conductivity: Conductivity(grid, uniform: 2))
    #expect(solver.method == .capacitanceMatrix)
    let solution = try solver.solve(potentials: [0, 1])
    let side = Double(n) * 1e-9
    let resistance = 1 / (4 * solution.currents[1])
    let column = Double(nz) * 1e-9 / (2 * 4 * side * side)
    // The round cell of equal area.
    let ratio = radius * 1e-9 / (2 * side / Double.pi.squareRoot())
    let exact = (1 - 1.409 * ratio + 0.296 * ratio * ratio * ratio) / (4 * 2 * radius * 1e-9)
    #expect(abs((resistance - column) / exact - 1) < 0.03)
    #expect(solution.currentMismatch < 1e-6)
  }

  /// Two planar electrodes and a gap, on layered matter above an insulator or an electrode.
  private func gap(_ nx: Int, _ ny: Int) -> PotentialFace {
    .electrodes((0..<(nx * ny)).map { $0 % nx < nx / 4 ? 0 : $0 % nx >= nx / 2 && $0 / nx > 2 ? 1 : nil })
  }

  @Test(arguments: [PotentialFace.insulating, .electrode], [LateralBoundary.periodic, .insulating])
  func theCapacitanceMatrixAgreesWithPlainIteration(_ bottom: PotentialFace, _ lateral: LateralBoundary) throws {
    let grid = Grid(nx: 24, ny: 20, nz: 16, spacing: SIMD3(1e-9, 1.5e-9, 2e-9))
    let layers = (0..<16).map { 1 + Double($0 * 5 % 7) }
    let boundary = PotentialBoundary(lateral: lateral, bottom: bottom, top: gap(24, 20))
    let potentials = bottom == .electrode ? [0.1, 0, 1] : [0, 1]
    let source = Field(grid, values: PotentialFixture.noise(grid.count).map { 1e17 * ($0 - 0.4) })
    var fields: [Field] = []
    for method in [PotentialMethod.capacitanceMatrix, .capacitanceIteration, .transform, .multigrid] {
      var solver = try PotentialSolver(
        grid, boundary: boundary, conductivity: Conductivity(grid, layers: layers), method: method,
        tolerance: PotentialTolerance(currentMismatch: 1e-11, residual: 1e-12))
      let solution = try solver.solve(potentials: potentials, source: source)
      fields.append(solution.potential)
      #expect(PotentialFixture.difference(solution.potential, fields[0]) < 1e-8)
    }
  }

  /// The current at one electrode from a potential at another is the same the other way round.
  @Test func conductanceIsReciprocal() throws {
    let grid = PotentialFixture.cube(24)
    let lower = PotentialFixture.disc(24, 24, radius: 6, center: SIMD2(8, 9))
    for (medium, method) in [
      (PotentialFixture.percolating(grid, p: 0.5, contrast: 1e4), PotentialMethod.multigrid),
      (Conductivity(grid, uniform: 3), .capacitanceMatrix),
    ] {
      var solver = try PotentialSolver(
        grid, boundary: PotentialBoundary(bottom: lower, top: gap(24, 24)), conductivity: medium,
        tolerance: PotentialTolerance(currentMismatch: 1e-12, residual: 1e-13))
      #expect(solver.method == method)
      var matrix: [[Double]] = []
      for electrode in 0..<3 {
        var potentials = [0.0, 0, 0]
        potentials[electrode] = 1
        matrix.append(try solver.solve(potentials: potentials).currents)
      }
      var worst = 0.0
      for (a, b) in [(1, 0), (2, 0), (2, 1)] { worst = max(worst, abs(matrix[a][b] / matrix[b][a] - 1)) }
      #expect(worst < 1e-9)
    }
  }

  @Test func manyCellsOfElectrodesAreIterated() throws {
    let grid = Grid(nx: 96, ny: 96, nz: 32, spacing: SIMD3(repeating: 1e-9))
    var solver = try PotentialSolver(
      grid, boundary: PotentialBoundary(bottom: .insulating, top: gap(96, 96)),
      conductivity: Conductivity(grid, uniform: 1))
    #expect(solver.method == .capacitanceIteration)
    let solution = try solver.solve(potentials: [0, 1])
    #expect(solution.iterations <= 2)
    #expect(solution.currentMismatch < 1e-6)
  }
}
