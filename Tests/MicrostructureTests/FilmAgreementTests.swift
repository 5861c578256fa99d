import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Films against the periodic solver, the order of both, and the number of iterations.
@Suite struct FilmAgreementTests {
  /// The same elements with a plane of voids between top and bottom: within the tolerance of the iterations, 1e-7.
  @Test(arguments: [0, 1, 2])
  func aFreeFilmIsAPeriodicBodyWithAGap(_ kind: Int) throws {
    var body = PeriodicBody.grains(nx: 8, ny: 6, nz: 5, spacing: SIMD3(1, 1.2, 0.7))
    // All grains; one much softer; one a void.
    if kind == 1 { body.stiffness[1] = PeriodicBody.isotropic(0.02) }
    if kind == 2 { body.stiffness[1] = ElasticTensor() }
    let own = PeriodicBody.randomTensors(body.grid, seed: 5)
    var gap = body
    gap.grid.nz += 1
    gap.phases = .words((0..<gap.grid.count).map { $0 < body.grid.count ? UInt16(body.phases[$0]) : 4 })
    gap.stiffness.append(ElasticTensor())
    var wide = SymmetricTensorField(gap.grid)
    for n in 0..<6 {
      wide.components[n].values.replaceSubrange(0..<body.grid.count, with: own.components[n].values)
    }
    let film = try FilmBody(body).solver(on: .free)
    let periodic = try gap.solver()
    let rest = MeanLoad.Component.strain(0)
    // Mean stress is counted over the gap too.
    let loads = [
      (
        FilmLoad.strain(xx: 1e-3, xy: 2e-3),
        MeanLoad(xx: .strain(1e-3), yy: rest, zz: rest, yz: rest, xz: rest, xy: .strain(2e-3))
      ),
      (
        FilmLoad.stress(xx: 0.01, xy: -0.02),
        MeanLoad(
          xx: .stress(0.01 * 5 / 6), yy: .stress(0), zz: rest, yz: rest, xz: rest, xy: .stress(-0.02 * 5 / 6))
      ),
    ]
    for (filmLoad, load) in loads {
      let a = try film.solve(filmLoad, eigenstrain: Eigenstrain(field: own), tolerance: 1e-9)
      let b = try periodic.solve(load, eigenstrain: Eigenstrain(field: wide), tolerance: 1e-9)
      #expect(a.stress.distance(b.stress, voxels: body.grid.count) < 1e-7 * a.stress.peak)
      #expect(abs(a.meanStrain.yy - b.meanStrain.yy) < 1e-7 * 1e-3)
      #expect(abs(a.meanStress.xy - b.meanStress.xy * 6 / 5) < 1e-7 * a.stress.peak)
      #expect(a.iterations < b.iterations)
    }
  }

  /// Grains on a support, against a support of two periods with a gap below: stress within 2 % of its peak.
  @Test func aFilmOnALayerIsAPeriodicBodyWithAThickSupport() throws {
    let (n, planes, below) = (8, 4, 16)
    let body = PeriodicBody.grains(nx: n, ny: n, nz: planes, seed: 3)
    let support = PeriodicBody.isotropic(70, 0.22)
    let own = PeriodicBody.randomTensors(body.grid, seed: 5)
    var tall = body
    tall.grid.nz = below + planes + 1
    let first = below * body.grid.planeCount
    tall.phases = .words(
      (0..<tall.grid.count).map {
        $0 < first ? 4 : $0 - first < body.grid.count ? UInt16(body.phases[$0 - first]) : 5
      })
    tall.stiffness += [support, ElasticTensor()]
    var wide = SymmetricTensorField(tall.grid)
    for c in 0..<6 {
      wide.components[c].values.replaceSubrange(first..<(first + body.grid.count), with: own.components[c].values)
    }
    let layer = ElasticLayer(try .isotropic(youngModulus: 70, poissonRatio: 0.22), thickness: 1)
    let a = try FilmBody(body).solver(on: .layers([layer])).solve(eigenstrain: Eigenstrain(field: own))
    let rest = MeanLoad.Component.strain(0)
    let b = try tall.solver().solve(
      MeanLoad(xx: rest, yy: rest, zz: rest, yz: rest, xz: rest, xy: rest), eigenstrain: Eigenstrain(field: wide))
    var cut = SymmetricTensorField(body.grid)
    for c in 0..<6 {
      cut.components[c].values = Array(b.stress.components[c].values[first..<(first + body.grid.count)])
    }
    #expect(a.stress.distance(cut) < 0.02 * a.stress.peak, "\(a.stress.distance(cut) / a.stress.peak)")
  }

  /// A turned crystal under a smooth eigenstrain on glass: halving the voxels divides the difference by 2^(2.0 ± 0.3),
  /// as the other solver derives waves along x and y exactly.
  @Test func aUniformFilmIsTheLayeredSolvers() throws {
    let layer = ElasticLayer(try .isotropic(youngModulus: 70e9, poissonRatio: 0.22), thickness: 1)
    let (face, azimuth) = (SIMD3(0, 1, 1), 0.3)
    let crystal = try Stiffness.cubic(c11: 31.5e9, c12: 9.7e9, c44: 3.7e9, face: face, azimuth: azimuth)
    let up = SIMD3(0.0, 0, 1)
    let tensor = ElasticTensor(c11: 31.5e9, c12: 9.7e9, c44: 3.7e9)
      .rotated(by: Rotation(axis: up, angle: azimuth) * Rotation(from: SIMD3(0, 1, 1), to: up))
    let differences = try [8, 16, 32].map { n -> Double in
      let grid = Grid(nx: n, ny: n, nz: n / 2, spacing: SIMD3(1, 1.2, 0.8) / Double(n))
      let turn = 2 * Double.pi
      let own = FilmBody.field(grid, SymmetricTensor(isotropic: 1e-3)) {
        let (x, y) = ($0.x, $0.y / 1.2)
        return cos(turn * (x - y)) * sin(turn * $0.z) + sin(turn * y) * $0.z
      }
      let film = try FilmBody.plain(grid, tensor).solver(on: .layers([layer]))
        .solve(eigenstrain: Eigenstrain(field: own))
      let layered = try LayeredStrainSolver(grid, crystal: crystal, below: [layer]).strain(from: own.components[0])
      var elastic = film.strain
      for c in 0..<3 {
        for voxel in 0..<grid.count { elastic.components[c].values[voxel] -= own.components[c].values[voxel] }
      }
      return elastic.distance(layered) / layered.peak
    }
    for (coarse, fine) in zip(differences, differences.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.3, "\(differences)")
    }
    #expect(differences.last! < 0.02)
  }

  // MARK: order

  /// Elastic energy of a smooth body of edge 1 under smooth eigenstrain, the same for all y, twice.
  private func energy(_ n: Int, isFilm: Bool) throws -> Double {
    let grid = Grid(nx: n, ny: 1, nz: n, spacing: SIMD3(repeating: 1 / Double(n)))
    let turn = 2 * Double.pi
    let film = FilmBody.graded(grid) { at in
      PeriodicBody.isotropic(1 + 0.4 * sin(turn * at.x) + 0.3 * sin(turn * (at.z + at.x)), 0.3)
    }
    let field = FilmBody.field(grid, SymmetricTensor(xx: 1, yy: 0.5, zz: 0.8, yz: 0.2, xz: 0.3)) { at in
      cos(turn * at.x) + 0.5 * sin(turn * at.z)
    }
    let eigenstrain = Eigenstrain(field: field)
    let solution: StrainSolution
    if isFilm {
      solution = try film.solver(on: .free).solve(eigenstrain: eigenstrain)
    } else {
      solution = try PeriodicStrainSolver(grid, phases: film.phases, stiffness: film.stiffness)
        .solve(.strain(SymmetricTensor(isotropic: 0)), eigenstrain: eigenstrain)
    }
    var elastic = solution.strain
    for c in 0..<6 {
      for voxel in 0..<grid.count { elastic.components[c].values[voxel] -= field.components[c].values[voxel] }
    }
    return solution.stress.dot(elastic) / Double(grid.count)
  }

  /// Where stiffness and eigenstrain are smooth, halving the voxels divides the energy's error by 2^(2.0 ± 0.1).
  @Test(arguments: [true, false])
  func smoothBodiesConvergeWithTheSquareOfTheVoxel(_ isFilm: Bool) throws {
    let energies = try [32, 64, 128].map { try energy($0, isFilm: isFilm) }
    let order = log2((energies[0] - energies[1]) / (energies[1] - energies[2]))
    #expect(abs(order - 2) < 0.1, "\(energies): order \(order)")
  }

  // MARK: iterations

  /// A pillar through half the film, a buried ball, and for voids a rough top.
  private func inclusions(_ n: Int, _ stiffness: ElasticTensor, isRough: Bool = false) -> FilmBody {
    let grid = Grid(nx: n, ny: n, nz: n / 2, spacing: SIMD3(repeating: 1 / Double(n)))
    return FilmBody(grid, [PeriodicBody.isotropic(1), stiffness]) { cell in
      let at = grid.center(cell.x, cell.y, cell.z)
      let (pillar, ball) = (at - SIMD3(0.3, 0.3, 0), at - SIMD3(0.7, 0.6, 0.2))
      if isRough, at.z > 0.35 + 0.08 * sin(2 * Double.pi * at.x) * cos(2 * Double.pi * at.y) { return 1 }
      if pillar.x * pillar.x + pillar.y * pillar.y < 0.02, at.z < 0.25 { return 1 }
      return (ball * ball).sum() < 0.018 ? 1 : 0
    }
  }

  /// On grids of 8² to 64² voxels laterally; from 16² on they grow by less than a quarter.
  @Test(arguments: [
    (10.0, false, 20), (1000, false, 55), (0.1, false, 20), (0.001, false, 45), (0, false, 30), (0, true, 30),
  ])
  func iterationsDoNotDependOnTheGrid(_ contrast: Double, _ isRough: Bool, _ limit: Int) throws {
    let counts = try [8, 16, 32, 64].map { n in
      let stiffness = contrast == 0 ? ElasticTensor() : PeriodicBody.isotropic(contrast)
      let film = try inclusions(n, stiffness, isRough: isRough).solver(on: isRough ? .clamped : .free)
      return try film.solve(.strain(xx: 1e-3, yy: 2e-3, xy: 1e-3), tolerance: 1e-6).iterations
    }
    #expect(counts.max()! <= limit && Double(counts[3]) < 1.25 * Double(counts[1]), "\(counts)")
  }
}
