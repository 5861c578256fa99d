import Fields
import Foundation
import Microstructure
import Testing

/// Checks V32 and V33 of the physics design, and the symmetries of the solver.
@Suite struct LayeredStrainTests {
  /// One lateral wave, (m, n) periods over the grid, times a profile of the depth below the surface.
  private func wave(_ grid: Grid, _ m: Int, _ n: Int, profile: (Double) -> Double) -> Field {
    var field = Field(grid)
    for k in 0..<grid.nz {
      let value = profile((Double(grid.nz - k) - 0.5) * grid.spacing.z)
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          let phase = Double(m * i) / Double(grid.nx) + Double(n * j) / Double(grid.ny)
          field[i, j, k] = value * cos(2 * Double.pi * phase)
        }
      }
    }
    return field
  }

  /// A cubic crystal of low symmetry about z: every constant that a mirror plane allows is there.
  private func skewed(_ azimuth: Double) throws -> Stiffness {
    try .cubic(c11: 31.5e9, c12: 9.7e9, c44: 3.7e9, face: SIMD3(0, 1, 1), azimuth: azimuth)
  }

  /// Values without structure.
  private func noise(_ grid: Grid) -> Field {
    var state: UInt64 = 99
    return Field(
      grid,
      values: (0..<grid.count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (Double(state >> 11) * 0x1p-53 - 0.5) * 1e-3
      })
  }

  /// u_z(k, 0) = −2 (1 + ν) ∫ e*(k, z) e^{−kz} dz, z into the body; up is the other way.
  @Test(arguments: [(1, 0), (0, 1), (1, 1), (2, -1)])
  func aHalfSpaceRisesAsMindlinSays(_ waves: (Int, Int)) throws {
    let (poisson, period) = (0.3, 64e-9)
    let medium = try Stiffness.isotropic(youngModulus: 20e9, poissonRatio: poisson)
    let k = 2 * Double.pi / period * (Double(waves.0 * waves.0 + waves.1 * waves.1)).squareRoot()
    let profile = { (depth: Double) -> Double in 1e-3 * exp(-pow((depth - 25e-9) / 15e-9, 2)) }
    let steps = 20000
    let exact = (0..<steps).reduce(0.0) { sum, step in
      let depth = (Double(step) + 0.5) * 128e-9 / Double(steps)
      return sum + profile(depth) * exp(-k * depth) * 128e-9 / Double(steps)
    }
    var errors: [Double] = []
    for planes in [64, 128, 256, 512, 1024] {
      let grid = Grid(
        nx: 8, ny: 8, nz: planes, spacing: SIMD3(period / 8, period / 8, 128e-9 / Double(planes)))
      let solver = try LayeredStrainSolver(grid, crystal: medium, below: [ElasticLayer(medium, thickness: 1e-3)])
      let relief = try solver.relief(from: wave(grid, waves.0, waves.1, profile: profile))
      errors.append(abs(relief[0, 0, 0] / (2 * (1 + poisson) * exact) - 1))
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.1, "errors \(errors)")
    }
    #expect(errors.last! < 1e-4)
  }

  @Test func aUniformMisfitStressesTheFilmAndLeavesItsTopFree() throws {
    let (young, poisson, misfit) = (20e9, 0.3, 2e-3)
    let film = try Stiffness.isotropic(youngModulus: young, poissonRatio: poisson)
    let glass = try Stiffness.isotropic(youngModulus: 70e9, poissonRatio: 0.22)
    let grid = Grid(nx: 8, ny: 6, nz: 12, spacing: SIMD3(4e-9, 4e-9, 4e-9))
    let solver = try LayeredStrainSolver(grid, crystal: film, below: [ElasticLayer(glass, thickness: 1e-3)])
    let strain = solver.strain(from: Field(grid, filledWith: misfit))
    let expected = -young * misfit / (1 - poisson)
    for voxel in 0..<grid.count {
      let stress = film.stress(of: strain.components.map { $0.values[voxel] })
      #expect(abs(stress[0] / expected - 1) < 1e-12)
      #expect(abs(stress[1] / expected - 1) < 1e-12)
      for other in 2..<6 { #expect(abs(stress[other] / expected) < 1e-12) }
    }
  }

  @Test func noEigenstrainGivesExactlyNoStrain() throws {
    let grid = Grid(nx: 8, ny: 6, nz: 10, spacing: SIMD3(4e-9, 4e-9, 4e-9))
    let medium = try skewed(0.3)
    let solver = try LayeredStrainSolver(grid, crystal: medium, below: [ElasticLayer(medium, thickness: 1e-6)])
    #expect(solver.strain(from: Field(grid)).components.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  @Test(arguments: [SIMD3(0, 0, 1), SIMD3(0, 1, 1)])
  func turningEverythingByAQuarterTurnsTheStrain(_ face: SIMD3<Int>) throws {
    let n = 8
    let grid = Grid(nx: n, ny: n, nz: 9, spacing: SIMD3(4e-9, 4e-9, 3e-9))
    let glass = try Stiffness.isotropic(youngModulus: 70e9, poissonRatio: 0.22)
    func solver(_ azimuth: Double) throws -> LayeredStrainSolver {
      let crystal = try Stiffness.cubic(c11: 31.5e9, c12: 9.7e9, c44: 3.7e9, face: face, azimuth: azimuth)
      return try LayeredStrainSolver(grid, crystal: crystal, below: [ElasticLayer(glass, thickness: 1e-6)])
    }
    let source = noise(grid)
    var turned = source
    for k in 0..<grid.nz { for j in 0..<n { for i in 0..<n { turned[(n - j) % n, i, k] = source[i, j, k] } } }
    let a = try solver(0.3).strain(from: source).components
    let b = try solver(0.3 + Double.pi / 2).strain(from: turned).components
    // A quarter turn sends x to y and y to −x. Component of b, of a, and the sign between them.
    let map = [(1, 0, 1.0), (0, 1, 1.0), (2, 2, 1.0), (3, 3, -1.0), (4, 5, 1.0), (5, 4, -1.0)]
    let scale = a.flatMap(\.values).map(abs).max()!
    var worst = 0.0
    for (new, old, sign) in map {
      for k in 0..<grid.nz {
        for j in 0..<n {
          for i in 0..<n { worst = max(worst, abs(b[new][(n - j) % n, i, k] - sign * a[old][i, j, k])) }
        }
      }
    }
    #expect(worst / scale < 1e-10)
  }

  /// ∂σ_ix/∂x + ∂σ_iy/∂y + ∂σ_iz/∂z → 0 with the square of the plane's height, for a crystal of low symmetry.
  @Test func stressIsInBalanceInsideTheCrystal() throws {
    let medium = try skewed(0.3)
    let period = 64e-9
    let k = 2 * Double.pi / period
    var residuals: [Double] = []
    for planes in [64, 128, 256] {
      let grid = Grid(nx: 8, ny: 8, nz: planes, spacing: SIMD3(period / 8, period / 8, 128e-9 / Double(planes)))
      let solver = try LayeredStrainSolver(grid, crystal: medium, below: [ElasticLayer(medium, thickness: 1e-3)])
      let strain = solver.strain(
        from: wave(grid, 1, -1) { 1e-3 * exp(-pow(($0 - 50e-9) / 20e-9, 2)) })
      var stress = strain
      for voxel in 0..<grid.count {
        for (index, value) in medium.stress(of: strain.components.map { $0.values[voxel] }).enumerated() {
          stress.components[index].values[voxel] = value
        }
      }
      // A wave's derivative is the wave a quarter period on.
      let rows = [[0, 3, 5], [3, 1, 4], [5, 4, 2]]
      var worst = 0.0
      let scale = k * stress.components.flatMap(\.values).map(abs).max()!
      for plane in 4..<(planes - 4) {
        for i in 0..<8 {
          for row in rows {
            let parts = row.map { stress.components[$0] }
            // cos(k (x − y)): along y the wave runs backward.
            let lateral = k * parts[0][(i + 2) % 8, 0, plane] - k * parts[1][i, 6, plane]
            let vertical = (parts[2][i, 0, plane + 1] - parts[2][i, 0, plane - 1]) / (2 * grid.spacing.z)
            worst = max(worst, abs(lateral + vertical) / scale)
          }
        }
      }
      residuals.append(worst)
    }
    #expect(residuals[0] < 0.02)
    for (coarse, fine) in zip(residuals, residuals.dropFirst()) { #expect(coarse / fine > 3.5, "\(residuals)") }
  }

  @Test func aSupportBelowThreePeriodsIsOutOfReach() throws {
    let grid = Grid(nx: 8, ny: 8, nz: 8, spacing: SIMD3(4e-9, 4e-9, 4e-9))
    let crystal = try skewed(0)
    func strain(_ young: Double, rest: Double) throws -> SymmetricTensorField {
      let support = try Stiffness.isotropic(youngModulus: young, poissonRatio: 0.2)
      return try LayeredStrainSolver(
        grid, crystal: crystal,
        below: [ElasticLayer(support, thickness: 1e-3), ElasticLayer(crystal, thickness: rest)]
      ).strain(from: noise(grid))
    }
    func difference(_ a: SymmetricTensorField, _ b: SymmetricTensorField) -> Double {
      let scale = a.components.flatMap(\.values).map(abs).max()!
      return zip(a.components, b.components).flatMap { zip($0.values, $1.values).map { abs($0 - $1) } }.max()! / scale
    }
    #expect(try difference(strain(1e9, rest: 96e-9), strain(500e9, rest: 96e-9)) < 1e-13)
    // And one that is near is felt.
    #expect(try difference(strain(1e9, rest: 2e-9), strain(500e9, rest: 2e-9)) > 1e-3)
  }

  @Test func aFaceWithoutAMirrorPlaneIsNamed() {
    #expect(throws: FieldError.noMirrorPlane(face: SIMD3(1, 1, 1))) {
      try Stiffness.cubic(c11: 31.5e9, c12: 9.7e9, c44: 3.7e9, face: SIMD3(1, 1, 1))
    }
  }
}
