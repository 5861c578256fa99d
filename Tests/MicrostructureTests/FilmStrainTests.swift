import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Closed forms of films: checks V32 to V34 of the physics design, laminates and bending.
@Suite struct FilmStrainTests {
  private func isotropicLayer(_ young: Double, _ poisson: Double, thickness: Double = 1) throws -> ElasticLayer {
    ElasticLayer(try .isotropic(youngModulus: young, poissonRatio: poisson), thickness: thickness)
  }

  /// V33, and its counterpart where nothing holds the film.
  @Test func aUniformMisfitStressesTheFilmAndLeavesItsTopFree() throws {
    let (young, poisson, misfit) = (20e9, 0.3, 2e-3)
    let grid = Grid(nx: 8, ny: 6, nz: 5, spacing: SIMD3(4e-9, 5e-9, 3e-9))
    let film = FilmBody.plain(grid, PeriodicBody.isotropic(young, poisson))
    let eigenstrain = Eigenstrain(phases: [SymmetricTensor(isotropic: misfit)])
    let expected = -young * misfit / (1 - poisson)
    for base in [FilmBase.clamped, .layers([try isotropicLayer(70e9, 0.22)]), .free] {
      let solution = try film.solver(on: base).solve(eigenstrain: eigenstrain)
      for voxel in 0..<grid.count {
        let stress = solution.stress[voxel]
        #expect(abs(stress.xx / expected - 1) < 1e-12 && abs(stress.yy / expected - 1) < 1e-12)
        for other in [stress.zz, stress.yz, stress.xz, stress.xy] { #expect(abs(other / expected) < 1e-12) }
      }
      #expect(solution.iterations <= 2)
    }
    let loose = try film.solver(on: .free).solve(.free, eigenstrain: eigenstrain)
    #expect(loose.stress.peak < 1e-12 * young * misfit && abs(loose.meanStrain.yy / misfit - 1) < 1e-12)
  }

  /// V32: u_z(k, 0) = −2 (1 + ν) ∫ e*(k, z) e^{−kz} dz, z into the body; up is the other way. Halving the voxels
  /// divides the error by 2^(2.0 ± 0.1).
  @Test(arguments: [(1, 0, [16, 32, 64, 128]), (1, 1, [16, 32, 64])])
  func aHalfSpaceRisesAsMindlinSays(_ wave: (Int, Int, [Int])) throws {
    let (poisson, period) = (0.3, 64e-9)
    let k = 2 * Double.pi / period * Double(wave.0 * wave.0 + wave.1 * wave.1).squareRoot()
    let profile = { (depth: Double) -> Double in 1e-3 * exp(-pow((depth - 25e-9) / 15e-9, 2)) }
    let steps = 20000
    let exact = (0..<steps).reduce(0.0) { sum, step in
      let depth = (Double(step) + 0.5) * 128e-9 / Double(steps)
      return sum + profile(depth) * exp(-k * depth) * 128e-9 / Double(steps)
    }
    let below = try isotropicLayer(20e9, poisson)
    var errors: [Double] = []
    for n in wave.2 {
      let edge = period / Double(n)
      let grid = Grid(nx: n, ny: wave.1 == 0 ? 1 : n, nz: 2 * n, spacing: SIMD3(edge, edge, edge))
      let eigenstrain = FilmBody.field(grid, SymmetricTensor(isotropic: 1)) { at in
        let phase = (Double(wave.0) * at.x + Double(wave.1) * at.y) / period
        // Without the y of the only row.
        return profile(128e-9 - at.z) * cos(2 * Double.pi * phase)
      }
      let solution = try FilmBody.plain(grid, PeriodicBody.isotropic(20e9, poisson)).solver(on: .layers([below]))
        .solve(eigenstrain: Eigenstrain(field: eigenstrain))
      errors.append(abs(solution.displacement[2][0, 0, 2 * n] / (2 * (1 + poisson) * exact) - 1))
      #expect(solution.iterations <= 2)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.1, "errors \(errors)")
    }
  }

  /// V34: κ = 6 E_f e* t_f (1 − ν_s²) / [(1 − ν_f) E_s t_s²] · (1 + h) / (1 + 4mh + 6mh² + 4mh³ + m²h⁴) within 1 %, for
  /// a misfit cos(kx) with k t_s = 0.02.
  @Test(arguments: [(100, 70e9), (200, 70e9), (100, 210e9)])
  func aLongWaveOfMisfitBendsAFreePlateAsStoneySays(_ planes: Int, _ youngOfFilm: Double) throws {
    let (support, poisson, filmPoisson, misfit) = (70e9, 0.22, 0.3, 1e-3)
    let thickness = 1.0
    let period = 2 * Double.pi * thickness / 0.02
    // Wide bricks are too stiff when bent: by (dx/t)².
    let n = 4096
    let edge = thickness / Double(planes)
    let grid = Grid(nx: n, ny: 1, nz: planes + 1, spacing: SIMD3(period / Double(n), 1, edge))
    let film = FilmBody(
      grid, [PeriodicBody.isotropic(support, poisson), PeriodicBody.isotropic(youngOfFilm, filmPoisson)]
    ) { $0.z == planes ? 1 : 0 }
    let eigenstrain = FilmBody.field(grid, SymmetricTensor(isotropic: misfit)) { at in
      at.z > thickness ? cos(2 * Double.pi * at.x / period) : 0
    }
    let solution = try film.solver(on: .free).solve(eigenstrain: Eigenstrain(field: eigenstrain), tolerance: 1e-6)
    let h = 1 / Double(planes)
    let m = youngOfFilm * (1 - poisson * poisson) / (support * (1 - filmPoisson * filmPoisson))
    let stoney =
      6 * youngOfFilm * misfit * h * thickness * (1 - poisson * poisson)
      / ((1 - filmPoisson) * support * thickness * thickness)
      * (1 + h) / (1 + 4 * m * h + 6 * m * h * h + 4 * m * h * h * h + m * m * h * h * h * h)
    let k = 2 * Double.pi / period
    let curvature = k * k * solution.displacement[2][0, 0, planes / 2]
    #expect(abs(curvature / stoney - 1) < 0.01, "\(curvature / stoney - 1), \(solution.iterations) iterations")
  }

  /// Layers of different stiffness and misfit: ē = Σ M t e* / Σ M t and σ = M (ē − e*) where nothing holds the film.
  @Test func aLaminateOfMisfitsIsExact() throws {
    let grid = Grid(nx: 4, ny: 2, nz: 9, spacing: SIMD3(1, 1.3, 0.7))
    let (young, poisson, misfit) = ([1.0, 50, 0.2], [0.2, 0.4, 0.3], [1e-3, -2e-3, 4e-3])
    let layer = { (k: Int) in k < 3 ? 0 : k < 5 ? 1 : 2 }
    let film = FilmBody(grid, zip(young, poisson).map { PeriodicBody.isotropic($0, $1) }) { layer($0.z) }
    let eigenstrain = Eigenstrain(phases: misfit.map { SymmetricTensor(isotropic: $0) })
    let moduli = zip(young, poisson).map { $0 / (1 - $1) }
    let total = (0..<9).reduce(0.0) { $0 + moduli[layer($1)] }
    let mean = (0..<9).reduce(0.0) { $0 + moduli[layer($1)] * misfit[layer($1)] } / total
    let solution = try film.solver(on: .free).solve(.free, eigenstrain: eigenstrain, tolerance: 1e-12)
    #expect(solution.iterations <= 2)
    #expect(abs(solution.meanStrain.xx / mean - 1) < 1e-10 && abs(solution.meanStrain.yy / mean - 1) < 1e-10)
    let held = try film.solver(on: .clamped).solve(.strain(xx: 1e-3, yy: 1e-3), eigenstrain: eigenstrain)
    for voxel in 0..<grid.count {
      let n = layer(voxel / grid.planeCount)
      for (stress, mean) in [(solution.stress[voxel], mean), (held.stress[voxel], 1e-3)] {
        #expect(abs(stress.xx - moduli[n] * (mean - misfit[n])) < 1e-10 * 0.1)
        #expect(abs(stress.zz) < 1e-10 * 0.1 && abs(stress.xz) < 1e-10 * 0.1)
      }
    }
  }

  /// Plates across x, stretched along x and held along y: two periods below either face σ_xx is one, ε_zz is one, and
  /// σ_zz is zero in the mean; the faces' share there is e^(−4π), within 1e-4.
  @Test func insideAFilmOfPlatesTheyShareStressAcrossAndStrainAlong() throws {
    let (young, poisson) = ([1.0, 8], [0.2, 0.35])
    let grid = Grid(nx: 8, ny: 1, nz: 33, spacing: SIMD3(repeating: 1))
    let film = FilmBody(grid, zip(young, poisson).map { PeriodicBody.isotropic($0, $1) }) { $0.x < 3 ? 0 : 1 }
    let solution = try film.solver(on: .free).solve(.strain(xx: 1e-3), tolerance: 1e-10)
    let lame = zip(young, poisson).map { $0 * $1 / ((1 + $1) * (1 - 2 * $1)) }
    let whole = zip(zip(young, poisson), lame).map { $1 + $0.0 / (1 + $0.1) }
    let shares = [3.0 / 8, 5.0 / 8]
    func mean(_ value: (Int) -> Double) -> Double { shares[0] * value(0) + shares[1] * value(1) }
    // ε_xx = (σ_xx − λ ε_zz) / M in each plate.
    let (soft, slope) = (mean { 1 / whole[$0] }, mean { lame[$0] / whole[$0] })
    let along = mean { whole[$0] - lame[$0] * lame[$0] / whole[$0] }
    // slope σ_xx + along ε_zz = 0, soft σ_xx − slope ε_zz = 10⁻³
    let stress = 1e-3 / (soft + slope * slope / along)
    let strain = -slope * stress / along
    for i in 0..<8 {
      #expect(abs(solution.stress[grid.index(i, 0, 16)].xx / stress - 1) < 1e-4)
      #expect(abs(solution.strain[grid.index(i, 0, 16)].zz / strain - 1) < 1e-4)
    }
  }

  /// σ = E/(1 − ν²) κ (z − z₀) along, ν times that across; E/(1 − ν) κ (z − z₀) bent both ways; no stress normal to it.
  @Test func bendingStressesEachPlaneByItsHeight() throws {
    let (young, poisson, curvature) = (20e9, 0.3, 1e3)
    let grid = Grid(nx: 4, ny: 3, nz: 6, spacing: SIMD3(4e-9, 5e-9, 3e-9), origin: SIMD3(0, 0, 7e-9))
    let neutral = 7e-9 + 9e-9
    let film = try FilmBody.plain(grid, PeriodicBody.isotropic(young, poisson)).solver(on: .free)
    let scale = young * curvature * 9e-9
    let plane = try film.solve(
      .free, eigenstrain: .bending(grid, xx: curvature, yy: 0, neutral: neutral), tolerance: 1e-12)
    let both = try film.solve(
      .free, eigenstrain: .bending(grid, xx: curvature, yy: curvature, neutral: neutral), tolerance: 1e-12)
    for voxel in 0..<grid.count {
      let strain = curvature * (grid.center(0, 0, voxel / grid.planeCount).z - neutral)
      #expect(abs(plane.stress[voxel].xx - young / (1 - poisson * poisson) * strain) < 1e-10 * scale)
      #expect(abs(plane.stress[voxel].yy - poisson * young / (1 - poisson * poisson) * strain) < 1e-10 * scale)
      #expect(abs(both.stress[voxel].xx - young / (1 - poisson) * strain) < 1e-10 * scale)
      #expect(abs(both.stress[voxel].zz) < 1e-10 * scale && abs(plane.stress[voxel].zz) < 1e-10 * scale)
    }
  }
}
