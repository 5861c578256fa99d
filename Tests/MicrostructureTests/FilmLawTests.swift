import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Symmetries, threads and named errors of the film solver.
@Suite struct FilmLawTests {
  private func glass() throws -> ElasticLayer {
    ElasticLayer(try .isotropic(youngModulus: 70, poissonRatio: 0.22), thickness: 1)
  }

  private func bases() throws -> [FilmBase] { [.clamped, .layers([try glass()]), .free] }

  /// The work of each eigenstrain's stress on the other: Σ σ(a) : b = Σ σ(b) : a.
  @Test func eigenstrainsActOnEachOtherEqually() throws {
    let body = PeriodicBody.grains(nx: 8, ny: 7, nz: 6, spacing: SIMD3(1, 1.1, 0.8))
    let (a, b) = (PeriodicBody.randomTensors(body.grid, seed: 3), PeriodicBody.randomTensors(body.grid, seed: 4))
    for base in try bases() {
      let solver = try FilmBody(body).solver(on: base)
      for load in base == .free ? [FilmLoad.held, .free] : [.held] {
        let first = try solver.solve(load, eigenstrain: Eigenstrain(field: a), tolerance: 1e-11)
        let second = try solver.solve(load, eigenstrain: Eigenstrain(field: b), tolerance: 1e-11)
        let scale = (first.stress.dot(first.stress) * b.dot(b)).squareRoot()
        #expect(abs(first.stress.dot(b) - second.stress.dot(a)) < 1e-9 * scale)
      }
    }
  }

  /// Check M03, about z: the film, its crystals, its eigenstrain and its load turn together.
  @Test func aQuarterTurnOfAllTurnsTheFields() throws {
    let n = 9
    let body = PeriodicBody.grains(nx: n, ny: n, nz: 5)
    let quarter = Rotation(axis: SIMD3(0, 0, 1), angle: Double.pi / 2)
    func image(_ voxel: Int) -> Int {
      let (i, j, k) = (voxel % n, voxel / n % n, voxel / (n * n))
      return body.grid.index(n - 1 - j, i, k)
    }
    let own = PeriodicBody.randomTensors(body.grid, seed: 8)
    var turnedOwn = own
    var phases = [UInt16](repeating: 0, count: body.grid.count)
    for voxel in 0..<body.grid.count {
      phases[image(voxel)] = UInt16(body.phases[voxel])
      let e = own[voxel].rotated(by: quarter)
      for (c, value) in [e.xx, e.yy, e.zz, e.xy, e.yz, e.xz].enumerated() {
        turnedOwn.components[c].values[image(voxel)] = value
      }
    }
    var turned = FilmBody(body)
    turned.phases = .words(phases)
    turned.stiffness = body.stiffness.map { $0.rotated(by: quarter) }
    for base in try bases() {
      let before = try FilmBody(body).solver(on: base)
        .solve(.strain(xx: 1e-3, yy: -2e-3, xy: 5e-4), eigenstrain: Eigenstrain(field: own), tolerance: 1e-13)
      let after = try turned.solver(on: base)
        .solve(.strain(xx: -2e-3, yy: 1e-3, xy: -5e-4), eigenstrain: Eigenstrain(field: turnedOwn), tolerance: 1e-13)
      let scale = before.strain.peak
      for voxel in 0..<body.grid.count {
        #expect(after.strain[image(voxel)].distance(before.strain[voxel].rotated(by: quarter)) < 1e-10 * scale)
      }
    }
  }

  @Test func oneThreadAndTwoGiveTheSameBits() throws {
    let film = FilmBody(PeriodicBody.grains(nx: 15, ny: 11, nz: 8, spacing: SIMD3(1, 1.2, 0.9)))
    let own = Eigenstrain(field: PeriodicBody.randomTensors(film.grid, seed: 8))
    for base in try bases() {
      for load in base == .free ? [FilmLoad.held, .free] : [.held] {
        let (a, b) = try (
          film.solver(on: base, threads: 1).solve(load, eigenstrain: own),
          film.solver(on: base, threads: 2).solve(load, eigenstrain: own)
        )
        #expect(a.iterations == b.iterations && a.residual == b.residual)
        #expect(a.strain == b.strain && a.stress == b.stress && a.displacement == b.displacement)
        #expect(a.meanStress == b.meanStress && a.meanStrain == b.meanStrain)
      }
    }
  }

  @Test func noEigenstrainGivesExactlyNoStrain() throws {
    let film = FilmBody(PeriodicBody.grains(nx: 6, ny: 5, nz: 4))
    for base in try bases() {
      let solution = try film.solver(on: base).solve(base == .free ? .free : .held)
      #expect(solution.iterations == 0 && solution.residual == 0)
      #expect(solution.strain.peak == 0 && solution.stress.peak == 0)
      #expect(solution.displacement.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
    }
  }

  /// Means of the fields are the means; a stretched film gets thinner; nodes in air rest.
  @Test func meansAndVoidsAreKept() throws {
    let grid = Grid(nx: 6, ny: 4, nz: 5, spacing: SIMD3(1, 1, 0.5))
    let film = FilmBody(grid, [PeriodicBody.isotropic(2), PeriodicBody.isotropic(9), ElasticTensor()]) {
      $0.z == 4 ? 2 : $0.z == 3 && $0.x < 3 ? 2 : ($0.x + $0.y) % 2
    }
    let solution = try film.solver(on: .free).solve(.stress(xx: 0.01, xy: 0.004), tolerance: 1e-12)
    let (strain, stress) = (solution.meanStrain, solution.meanStress)
    #expect(abs(stress.xx - 0.01) < 1e-10 * 0.01 && abs(stress.yy) < 1e-12 && abs(stress.xy - 0.004) < 1e-12)
    for (n, place) in [0, 1, 2, 4, 5, 3].enumerated() {
      #expect(abs(solution.strain.components[place].mean - strain.voigt[n]) < 1e-12 * strain.xx)
      #expect(abs(solution.stress.components[place].mean - stress.voigt[n]) < 1e-10 * 0.01)
    }
    #expect(strain.xx > 0 && strain.yy < 0)
    let top = solution.displacement[2]
    #expect(top.grid.nz == 6 && top.values.suffix(grid.planeCount).allSatisfy { $0 == 0 })
    #expect(top[1, 1, 4] == 0 && top[4, 1, 4] != 0)
  }

  /// A clamped film's lowest nodes rest.
  @Test func clampedNodesRest() throws {
    let film = FilmBody(PeriodicBody.grains(nx: 6, ny: 5, nz: 4))
    let solution = try film.solver(on: .clamped).solve(.strain(xx: 1e-3))
    #expect(solution.displacement.allSatisfy { $0.values.prefix(30).allSatisfy { $0 == 0 } })
    #expect(solution.displacement[2].values.suffix(30).allSatisfy { $0 != 0 })
  }

  // MARK: errors

  @Test func whatCannotBeSolvedIsNamed() throws {
    let grid = Grid(nx: 4, ny: 4, nz: 3, spacing: SIMD3(repeating: 1))
    let soft = PeriodicBody.isotropic(1)
    #expect(throws: StrainError.noStiffness) { try FilmBody.plain(grid, ElasticTensor()).solver(on: .clamped) }
    #expect(throws: StrainError.noShearStiffness) {
      try FilmBody.plain(grid, ElasticTensor(c11: 1, c12: 1, c44: 0)).solver(on: .free)
    }
    #expect(throws: StrainError.noLayers) { try FilmBody.plain(grid, soft).solver(on: .layers([])) }
    let layer = try glass()
    #expect(throws: StrainError.notPositive("the thickness of layer 1", 0)) {
      var thin = layer
      thin.thickness = 0
      _ = try FilmBody.plain(grid, soft).solver(on: .layers([layer, thin]))
    }
    var broken = soft
    broken[1, 1] = .nan
    #expect(throws: StrainError.notFinite("the stiffness of phase 0")) {
      try FilmBody.plain(grid, broken).solver(on: .free)
    }
    #expect(throws: StrainError.wrongCount("the phase map", found: 2, expected: 48)) {
      try FilmStrainSolver(grid, phases: .bytes([0, 0]), stiffness: [soft], on: .free)
    }
    for base in [FilmBase.clamped, .layers([layer])] {
      #expect(throws: StrainError.heldFilm(component: "xy")) {
        try FilmBody.plain(grid, soft).solver(on: base).solve(
          FilmLoad(xx: .strain(0), yy: .strain(0), xy: .stress(1)))
      }
    }
    let solver = try FilmBody.plain(grid, soft).solver(on: .free)
    #expect(throws: StrainError.notFinite("the mean strain yy")) { try solver.solve(.strain(yy: .nan)) }
    var field = SymmetricTensorField(grid)
    field.components[4].values[7] = .infinity
    #expect(throws: StrainError.notFinite("the eigenstrain yz")) {
      try solver.solve(eigenstrain: Eigenstrain(field: field))
    }
    // Strips with gaps between them.
    let strips = try FilmBody(grid, [soft, ElasticTensor()]) { $0.x < 2 ? 0 : 1 }.solver(on: .free)
    #expect(throws: StrainError.nothingResists(component: "xx")) { try strips.solve(.stress(xx: 1)) }
    let error = #expect(throws: StrainError.self) {
      try FilmBody(PeriodicBody.grains(nx: 8, ny: 8, nz: 8)).solver(on: .free)
        .solve(.strain(xx: 1e-3), iterationLimit: 2)
    }
    guard case .notConverged(let iterations, let residual) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(iterations == 2 && residual > 1e-8 && residual < 1)
  }
}
