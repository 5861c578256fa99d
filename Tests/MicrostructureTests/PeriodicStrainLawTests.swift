import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Symmetries, mixed loads and named errors of the periodic strain solver.
@Suite struct PeriodicStrainLawTests {
  private let load = SymmetricTensor(xx: 1e-3, yy: -2e-3, zz: 4e-4, yz: 5e-4, xz: -3e-4, xy: 7e-4)

  /// Check M03, about z: the body, its crystals and its load turn together.
  @Test func aQuarterTurnOfAllTurnsTheFields() throws {
    let n = 9
    let body = PeriodicBody.grains(nx: n, ny: n, nz: 7)
    let quarter = Rotation(axis: SIMD3(0, 0, 1), angle: Double.pi / 2)
    var turned = body
    turned.stiffness = body.stiffness.map { $0.rotated(by: quarter) }
    var phases = [UInt16](repeating: 0, count: body.grid.count)
    func image(_ voxel: Int) -> Int {
      let (i, j, k) = (voxel % n, voxel / n % n, voxel / (n * n))
      return body.grid.index(n - 1 - j, i, k)
    }
    for voxel in 0..<body.grid.count { phases[image(voxel)] = UInt16(body.phases[voxel]) }
    turned.phases = .words(phases)
    let before = try body.solver().solve(.strain(load), tolerance: 1e-13)
    let after = try turned.solver().solve(.strain(load.rotated(by: quarter)), tolerance: 1e-13)
    for voxel in 0..<body.grid.count {
      #expect(after.strain[image(voxel)].distance(before.strain[voxel].rotated(by: quarter)) < 1e-10 * 2e-3)
    }
  }

  /// Check M05.
  @Test func unitsDoNotMatter() throws {
    let body = PeriodicBody.grains(nx: 8, ny: 6, nz: 5, spacing: SIMD3(1e-9, 1.5e-9, 0.7e-9))
    var other = body
    other.grid.spacing *= 1e9
    let joule = 1.602176634e-19
    for index in other.stiffness.indices {
      for m in 1...6 {
        for n in m...6 { other.stiffness[index][m, n] /= joule * 1e27 }
      }
    }
    let (a, b) = (try body.solver().solve(.strain(load)), try other.solver().solve(.strain(load)))
    for voxel in 0..<body.grid.count {
      #expect(a.strain[voxel].distance(b.strain[voxel]) < 1e-12 * 2e-3)
      let scaled = b.stress[voxel].voigt.map { $0 * joule * 1e27 }
      for (s, t) in zip(a.stress[voxel].voigt, scaled) { #expect(abs(s - t) < 1e-12 * 0.1) }
      #expect(abs(a.displacement[1].values[voxel] * 1e9 - b.displacement[1].values[voxel]) < 1e-12 * 1e-3)
    }
  }

  @Test(arguments: [SIMD3(1.0, 1, 1), SIMD3(1, 0.5, 3)])
  func aBarUnderTensionHasYoungsModulusAndPoissonsRatio(_ spacing: SIMD3<Double>) throws {
    let grid = Grid(nx: 4, ny: 3, nz: 2, spacing: spacing)
    let body = PeriodicBody(
      grid: grid, phases: .bytes([UInt8](repeating: 0, count: grid.count)),
      stiffness: [PeriodicBody.isotropic(70e9, 0.33)])
    let solution = try body.solver().solve(.stress(SymmetricTensor(xx: 0, yy: 1e6, zz: 0)), tolerance: 1e-13)
    #expect(abs(solution.meanStrain.yy / (1e6 / 70e9) - 1) < 1e-12)
    #expect(abs(solution.meanStrain.xx / (-0.33e6 / 70e9) - 1) < 1e-12)
    #expect(abs(solution.meanStress.yy / 1e6 - 1) < 1e-12)
  }

  /// Layers across z, pulled along x: no stress across, the same strain along; σ = (A − B²/A) ε.
  @Test func aLaminatePulledAlongItsLayersIsExact() throws {
    let grid = Grid(nx: 2, ny: 2, nz: 8, spacing: SIMD3(1, 1, 1))
    let (young, poisson) = ([1.0, 50], [0.2, 0.4])
    let body = PeriodicBody(
      grid: grid, phases: .bytes((0..<grid.count).map { $0 / 4 < 3 ? 0 : 1 }),
      stiffness: zip(young, poisson).map { PeriodicBody.isotropic($0, $1) })
    let solution = try body.solver().solve(.stress(SymmetricTensor(xx: 1, yy: 0, zz: 0)), tolerance: 1e-13)
    let plates = zip(young, poisson).map { $0 / (1 - $1 * $1) }
    let a = (3 * plates[0] + 5 * plates[1]) / 8
    let b = (3 * plates[0] * poisson[0] + 5 * plates[1] * poisson[1]) / 8
    #expect(abs(solution.meanStrain.xx * (a - b * b / a) - 1) < 1e-10)
    for voxel in 0..<grid.count { #expect(abs(solution.stress[voxel].zz) < 1e-10) }
  }

  /// What strain some mean stress calls forth calls forth that stress; and part of both does.
  @Test func stressAndStrainAreEachOthersAnswer() throws {
    let body = PeriodicBody.grains(nx: 8, ny: 10, nz: 6, spacing: SIMD3(1, 1.1, 0.8))
    let solver = try body.solver()
    let eigenstrain = Eigenstrain(
      phases: (0..<4).map { SymmetricTensor.unit($0, 2e-3) }, field: PeriodicBody.randomTensors(body.grid, seed: 3))
    let driven = try solver.solve(.strain(load), eigenstrain: eigenstrain, tolerance: 1e-12)
    let stress = driven.meanStress
    let mixed = MeanLoad(
      xx: .strain(load.xx), yy: .stress(stress.yy), zz: .stress(stress.zz), yz: .strain(load.yz),
      xz: .stress(stress.xz), xy: .strain(load.xy))
    for other in [MeanLoad.stress(stress), mixed] {
      let answer = try solver.solve(other, eigenstrain: eigenstrain, tolerance: 1e-12)
      #expect(answer.meanStrain.distance(load) < 1e-9 * 2e-3)
      #expect(answer.meanStress.distance(stress) < 1e-9 * stress.voigt.map(abs).max()!)
      for voxel in 0..<body.grid.count { #expect(answer.strain[voxel].distance(driven.strain[voxel]) < 1e-9) }
    }
    // Means of the fields are the means.
    for n in 0..<6 {
      let place = [0, 1, 2, 4, 5, 3][n]
      #expect(abs(driven.strain.components[place].mean - load.voigt[n]) < 1e-15)
      #expect(abs(driven.stress.components[place].mean - stress.voigt[n]) < 1e-13)
    }
  }

  @Test func theHomogenizedStiffnessIsSymmetric() throws {
    let body = PeriodicBody.grains(nx: 8, ny: 7, nz: 6)
    let solver = try body.solver()
    let columns = try (0..<6).map {
      try solver.solve(.strain(.unit($0, $0 < 3 ? 1 : 0.5)), tolerance: 1e-10).meanStress.voigt
    }
    let whole = try solver.homogenizedStiffness(tolerance: 1e-10)
    for m in 0..<6 {
      for n in 0..<6 {
        #expect(abs(columns[m][n] - columns[n][m]) < 1e-9 * columns[0][0])
        #expect(abs(columns[m][n] - whole[m + 1, n + 1]) < 1e-9 * columns[0][0])
      }
    }
    #expect(whole.isStable)
  }

  @Test func oneThreadAndTwoGiveTheSameBits() throws {
    let bodies = [
      PeriodicBody.grains(nx: 15, ny: 11, nz: 9, spacing: SIMD3(1, 1.2, 0.9)),
      PeriodicBody.sphere(32, matrix: PeriodicBody.isotropic(1), inside: PeriodicBody.isotropic(50)),
    ]
    for body in bodies {
      let loads = [MeanLoad.strain(load), .stress(SymmetricTensor(xx: 1, yy: 0.3, zz: 0, xy: 0.2))]
      for load in loads {
        let (a, b) = (try body.solver(threads: 1).solve(load), try body.solver(threads: 2).solve(load))
        #expect(a.iterations == b.iterations && a.residual == b.residual)
        #expect(a.strain == b.strain && a.stress == b.stress && a.displacement == b.displacement)
        #expect(a.meanStress == b.meanStress && a.meanStrain == b.meanStrain)
      }
    }
  }

  @Test func phaseNumbersOfOneByteAndTwoAreAlike() throws {
    var body = PeriodicBody.grains(nx: 6, ny: 5, nz: 4)
    let wide = try body.solver().solve(.strain(load))
    body.phases = .bytes((0..<body.grid.count).map { UInt8(body.phases[$0]) })
    #expect(try body.solver().solve(.strain(load)).strain == wide.strain)
  }

  @Test func aBodyThatNothingLoadsStaysAsItIs() throws {
    let body = PeriodicBody.grains(nx: 6, ny: 5, nz: 4)
    let solution = try body.solver().solve(.free)
    #expect(solution.iterations == 0 && solution.residual == 0)
    #expect(solution.strain.components.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  // MARK: errors

  private let grid = Grid(nx: 4, ny: 4, nz: 4, spacing: SIMD3(repeating: 1))

  private func slabs(_ stiffness: [ElasticTensor]) -> PeriodicBody {
    PeriodicBody(grid: grid, phases: .bytes((0..<64).map { $0 % 4 < 2 ? 0 : 1 }), stiffness: stiffness)
  }

  @Test func aBodyOfVoidsIsRefused() {
    #expect(throws: StrainError.noStiffness) { try slabs([ElasticTensor(), ElasticTensor()]).solver() }
    #expect(throws: StrainError.noShearStiffness) {
      try slabs([ElasticTensor(), ElasticTensor(c11: 1, c12: 1, c44: 0)]).solver()
    }
  }

  /// Plates with gaps between them: nothing carries a stress across.
  @Test func aStressThatNothingResistsIsRefused() throws {
    let solver = try slabs([ElasticTensor(), PeriodicBody.isotropic(1)]).solver()
    #expect(throws: StrainError.nothingResists(component: "xx")) {
      try solver.solve(.stress(SymmetricTensor(xx: 1, yy: 0, zz: 0)))
    }
    #expect(throws: StrainError.nothingResists(component: "xy")) {
      try solver.solve(.stress(SymmetricTensor(xx: 0, yy: 0, zz: 0, xy: 1)))
    }
    let along = try solver.solve(
      MeanLoad(xx: .strain(0), yy: .stress(1), zz: .stress(0), yz: .strain(0), xz: .strain(0), xy: .strain(0)))
    #expect(abs(along.meanStrain.yy - 2) < 1e-7)
  }

  @Test func valuesThatAreNotFiniteAreRefused() throws {
    var broken = PeriodicBody.isotropic(1)
    broken[1, 1] = .nan
    #expect(throws: StrainError.notFinite("the stiffness of phase 1")) {
      try slabs([PeriodicBody.isotropic(1), broken]).solver()
    }
    let solver = try slabs([PeriodicBody.isotropic(1), PeriodicBody.isotropic(2)]).solver()
    #expect(throws: StrainError.notFinite("the mean strain yz")) {
      try solver.solve(.strain(SymmetricTensor(xx: 0, yy: 0, zz: 0, yz: .infinity)))
    }
    #expect(throws: StrainError.notFinite("the eigenstrain of phase 0")) {
      try solver.solve(
        .free, eigenstrain: Eigenstrain(phases: [SymmetricTensor(isotropic: .nan), SymmetricTensor(isotropic: 0)]))
    }
    var field = SymmetricTensorField(grid)
    field.components[3].values[5] = .nan
    #expect(throws: StrainError.notFinite("the eigenstrain xy")) {
      try solver.solve(.free, eigenstrain: Eigenstrain(field: field))
    }
  }

  @Test func inputsThatDoNotFitAreRefused() throws {
    let soft = PeriodicBody.isotropic(1)
    #expect(throws: StrainError.unknownPhase(1, count: 1)) { try slabs([soft]).solver() }
    #expect(throws: StrainError.unstablePhase(1)) {
      try slabs([soft, ElasticTensor(c11: 1, c12: 2, c44: 1)]).solver()
    }
    #expect(throws: StrainError.wrongCount("the phase map", found: 3, expected: 64)) {
      try PeriodicStrainSolver(grid, phases: .bytes([0, 0, 0]), stiffness: [soft])
    }
    let solver = try slabs([soft, soft]).solver()
    #expect(throws: StrainError.wrongCount("the list of the phases' eigenstrains", found: 1, expected: 2)) {
      try solver.solve(.free, eigenstrain: Eigenstrain(phases: [SymmetricTensor(isotropic: 0)]))
    }
  }

  @Test func tooFewIterationsAreSaid() throws {
    let body = PeriodicBody.sphere(8, matrix: PeriodicBody.isotropic(1), inside: PeriodicBody.isotropic(100))
    let error = #expect(throws: StrainError.self) { try body.solver().solve(.strain(load), iterationLimit: 3) }
    guard case .notConverged(let iterations, let residual) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(iterations == 3 && residual > 1e-8 && residual < 1)
  }
}
