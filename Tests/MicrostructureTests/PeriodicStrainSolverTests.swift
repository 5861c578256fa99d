import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Checks V30, M03 and M05 of the physics design, closed forms, bounds and reciprocity.
@Suite struct PeriodicStrainSolverTests {
  private let mixedStrain = SymmetricTensor(xx: 1e-3, yy: -2e-3, zz: 4e-4, yz: 5e-4, xz: -3e-4, xy: 7e-4)
  private static let validates = ProcessInfo.processInfo.environment["BOULE_VALIDATE"] != nil

  /// The mean stress that FANS 0.6.2 and muGrid 1.6.1 give, with the same elements and tolerance.
  @Test(arguments: [
    (64, 10.0, 0.014971563622, 21), (64, 1000, 0.015357210076, 34), (128, 10, 0.014935186336, 21),
    (128, 1000, 0.015290694997, 35),
  ])
  func aSphereHasThePeersMeanStressToTwelveDigits(_ n: Int, _ contrast: Double, _ expected: Double, _ most: Int) throws
  {
    guard n == 64 || Self.validates else { return }
    let body = PeriodicBody.sphere(n, matrix: PeriodicBody.isotropic(1), inside: PeriodicBody.isotropic(contrast))
    let solution = try body.solver(threads: 2).solve(.strain(SymmetricTensor(xx: 0.01, yy: 0, zz: 0)))
    #expect(solution.iterations <= most)
    #expect(abs(solution.meanStress.xx - expected) < 6e-13)
  }

  /// The preconditioner is the homogeneous body's exact inverse, for cubic voxels and others, even counts and odd.
  @Test(arguments: [SIMD3(1.0, 1, 1), SIMD3(1, 0.7, 1.9)])
  func aHomogeneousBodyTakesOneIteration(_ spacing: SIMD3<Double>) throws {
    for shape in [SIMD3(8, 6, 4), SIMD3(9, 5, 7), SIMD3(16, 1, 3), SIMD3(1, 2, 8)] {
      let grid = Grid(nx: shape.x, ny: shape.y, nz: shape.z, spacing: spacing)
      let body = PeriodicBody(
        grid: grid, phases: .bytes([UInt8](repeating: 0, count: grid.count)), stiffness: [PeriodicBody.isotropic(7e9)])
      let solution = try body.solver().solve(
        .strain(mixedStrain), eigenstrain: Eigenstrain(field: PeriodicBody.randomTensors(grid, seed: 2)),
        tolerance: 1e-12)
      #expect(solution.iterations == 1, "\(shape)")
      #expect(solution.residual < 1e-12)
    }
  }

  /// Strain along the layers and stress across them are continuous: e_p = E + sym(a_p n), Σ f_p a_p = 0.
  @Test(arguments: [0, 1, 2])
  func aLaminateOfAnisotropicLayersIsExact(_ axis: Int) throws {
    var shape = SIMD3(2, 3, 4)
    shape[axis] = 10
    var body = PeriodicBody.grains(nx: shape.x, ny: shape.y, nz: shape.z, spacing: SIMD3(1, 0.8, 1.3), phases: 2)
    let grid = body.grid
    let first = 3
    let layer = { (voxel: Int) -> Int in
      SIMD3(voxel % grid.nx, voxel / grid.nx % grid.ny, voxel / grid.planeCount)[axis] < first ? 0 : 1
    }
    body.phases = .bytes((0..<grid.count).map { UInt8(layer($0)) })
    let solution = try body.solver().solve(.strain(mixedStrain), tolerance: 1e-13)

    var normal = SIMD3(0.0, 0, 0)
    normal[axis] = 1
    let shares = [Double(first) / 10, 1 - Double(first) / 10]
    func rise(_ a: SIMD3<Double>) -> SymmetricTensor {
      SymmetricTensor(
        xx: a.x * normal.x, yy: a.y * normal.y, zz: a.z * normal.z, yz: 0.5 * (a.y * normal.z + a.z * normal.y),
        xz: 0.5 * (a.x * normal.z + a.z * normal.x), xy: 0.5 * (a.x * normal.y + a.y * normal.x))
    }
    // a_1 = f_2 a, a_2 = −f_1 a.
    var columns: [SIMD3<Double>] = []
    for n in 0..<3 {
      var unit = SIMD3(0.0, 0, 0)
      unit[n] = 1
      columns.append(
        shares[1] * body.stiffness[0](rise(unit))(normal) + shares[0] * body.stiffness[1](rise(unit))(normal))
    }
    let jump = body.stiffness[1](mixedStrain)(normal) - body.stiffness[0](mixedStrain)(normal)
    let determinant = columns[0].dot(columns[1].cross(columns[2]))
    let a =
      SIMD3(
        jump.dot(columns[1].cross(columns[2])), columns[0].dot(jump.cross(columns[2])),
        columns[0].dot(columns[1].cross(jump))) / determinant
    let rises = [rise(shares[1] * a), rise(-shares[0] * a)]
    for voxel in 0..<grid.count {
      let extra = rises[layer(voxel)].voigt
      let expected = zip(mixedStrain.voigt, extra).map { $0 + $1 }
      for (found, expected) in zip(solution.strain[voxel].voigt, expected) {
        #expect(abs(found - expected) < 1e-10 * 2e-3)
      }
    }
  }

  /// Voigt and Reuss hold for each load, Hashin and Shtrikman for the modulus of an even strain.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func interwovenPhasesKeepTheBounds(_ seed: UInt64) throws {
    let moduli = [(bulk: 1.0, shear: 0.6), (bulk: 12.0, shear: 9.0)]
    func tensor(_ bulk: Double, _ shear: Double) -> ElasticTensor {
      ElasticTensor(c11: bulk + 4 * shear / 3, c12: bulk - 2 * shear / 3, c44: shear)
    }
    let body = PeriodicBody.woven(20, moduli.map { tensor($0.bulk, $0.shear) }, seed: seed)
    let whole = try body.solver(threads: 2).homogenizedStiffness(tolerance: 1e-9)
    let stiff = Double(body.phases.counts[1]) / Double(body.grid.count)
    let shares = [1 - stiff, stiff]
    func mean(_ value: (Int) -> Double) -> Double { shares[0] * value(0) + shares[1] * value(1) }
    let voigt = tensor(mean { moduli[$0].bulk }, mean { moduli[$0].shear })
    let reuss = tensor(1 / mean { 1 / moduli[$0].bulk }, 1 / mean { 1 / moduli[$0].shear })
    func difference(_ a: ElasticTensor, _ b: ElasticTensor) -> ElasticTensor {
      var result = ElasticTensor()
      for m in 1...6 {
        for n in m...6 { result[m, n] = a[m, n] - b[m, n] }
      }
      return result
    }
    #expect(difference(voigt, whole).isStable)
    #expect(difference(whole, reuss).isStable)
    let bounds = moduli.map { reference in
      1 / mean { 1 / (moduli[$0].bulk + 4 * reference.shear / 3) } - 4 * reference.shear / 3
    }
    #expect(whole.bulkModulus > bounds[0] && whole.bulkModulus < bounds[1], "\(bounds) \(whole.bulkModulus)")
  }

  /// ∫ C e₁* : ε₂ = ∫ C e₂* : ε₁, and the mean stress of an eigenstrain from the strain of a load (Levin).
  @Test func twoLoadsAreReciprocal() throws {
    let body = PeriodicBody.grains(nx: 12, ny: 9, nz: 10, spacing: SIMD3(1, 1.2, 0.9))
    let solver = try body.solver()
    let eigenstrains = [UInt64(7), 8].map { PeriodicBody.randomTensors(body.grid, seed: $0) }
    let none = MeanLoad.strain(SymmetricTensor(isotropic: 0))
    let solutions = try eigenstrains.map {
      try solver.solve(none, eigenstrain: Eigenstrain(field: $0), tolerance: 1e-12)
    }
    // C ε − σ = C e*, so ∫ C e₁* : ε₂ = ∫ (C ε₁ − σ₁) : ε₂, and the stress does no work on a mean strain of 0.
    func bound(_ n: Int) -> SymmetricTensorField {
      var result = SymmetricTensorField(body.grid)
      for voxel in 0..<body.grid.count {
        let s = body.stiffness[body.phases[voxel]](eigenstrains[n][voxel])
        for (c, value) in [s.xx, s.yy, s.zz, s.xy, s.yz, s.xz].enumerated() {
          result.components[c].values[voxel] = value
        }
      }
      return result
    }
    let first = bound(0)
    let (there, back) = (first.dot(solutions[1].strain), bound(1).dot(solutions[0].strain))
    #expect(abs(there - back) < 1e-9 * max(abs(there), first.dot(eigenstrains[0]) * 1e-2))

    let load = mixedStrain
    let loaded = try solver.solve(.strain(load), tolerance: 1e-12)
    let work = (0..<6).reduce(0.0) { $0 + ($1 < 3 ? 1 : 2) * solutions[0].meanStress.voigt[$1] * load.voigt[$1] }
    let expected = -loaded.stress.dot(eigenstrains[0]) / Double(body.grid.count)
    #expect(abs(work - expected) < 1e-9 * abs(expected))
  }

  /// Check V30: the strain inside a sphere is (1 + ν)/3(1 − ν) e*, less the share of the sphere in its period.
  @Test func aMisfittingSphereIsStrainedAsEshelbySays() throws {
    let poisson = 0.3
    var errors: [Double] = []
    for radius in [8, 16] {
      let n = 8 * radius
      let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1))
      let share = Self.shareOfSphere(radius: Double(radius), grid)
      let body = PeriodicBody(
        grid: grid, phases: .bytes([UInt8](repeating: 0, count: grid.count)),
        stiffness: [PeriodicBody.isotropic(20e9, poisson)])
      let zero = Field(grid)
      let solution = try body.solver(threads: 2).solve(
        .strain(SymmetricTensor(isotropic: 0)),
        eigenstrain: Eigenstrain(field: SymmetricTensorField(components: [share, share, share, zero, zero, zero])))
      let part = 4 * Double.pi / 3 * pow(Double(radius), 3) / Double(grid.count)
      let expected = (1 + poisson) / (3 * (1 - poisson)) * (1 - part)
      var (sum, count) = (0.0, 0.0)
      let reach = radius
      for k in (n / 2 - reach)..<(n / 2 + reach) {
        for j in (n / 2 - reach)..<(n / 2 + reach) {
          for i in (n / 2 - reach)..<(n / 2 + reach) {
            let d = grid.center(i, j, k) - Double(n) / 2
            guard (d * d).sum() < pow(0.7 * Double(radius), 2) else { continue }
            sum += pow(solution.strain.components[0][i, j, k] / expected - 1, 2)
            count += 1
          }
        }
      }
      errors.append((sum / count).squareRoot())
    }
    #expect(errors[0] < 0.02 && errors[1] < 0.01, "errors \(errors)")
    #expect(log2(errors[0] / errors[1]) > 0.9, "errors \(errors)")
  }

  /// The part of each voxel inside a sphere in the grid's middle, by 6³ points.
  private static func shareOfSphere(radius: Double, _ grid: Grid) -> Field {
    var field = Field(grid)
    let middle = Double(grid.nx) / 2
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          let d = grid.center(i, j, k) - middle
          let distance = (d * d).sum().squareRoot()
          guard abs(distance - radius) < 1 else {
            field[i, j, k] = distance < radius ? 1 : 0
            continue
          }
          var inside = 0
          for point in 0..<216 {
            let at = d + (SIMD3(Double(point % 6), Double(point / 6 % 6), Double(point / 36)) - 2.5) / 6
            if (at * at).sum() < radius * radius { inside += 1 }
          }
          field[i, j, k] = Double(inside) / 216
        }
      }
    }
    return field
  }

  /// A smooth wave of dilatation: ε = (1 + ν)/(1 − ν) k k/k² e₀ cos k·x.
  @Test func theErrorOfASmoothStrainFallsWithTheSquareOfTheEdge() throws {
    let poisson = 0.3
    var errors: [Double] = []
    for n in [8, 16, 32] {
      let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(1, 0.8, 1.1) / Double(n))
      var wave = Field(grid)
      for k in 0..<n {
        for j in 0..<n {
          for i in 0..<n {
            wave[i, j, k] = cos(2 * Double.pi * (Double(i + j - k) + 0.5) / Double(n))
          }
        }
      }
      let zero = Field(grid)
      let body = PeriodicBody(
        grid: grid, phases: .bytes([UInt8](repeating: 0, count: grid.count)),
        stiffness: [PeriodicBody.isotropic(3, poisson)])
      let strain = try body.solver().solve(
        .strain(SymmetricTensor(isotropic: 0)),
        eigenstrain: Eigenstrain(field: SymmetricTensorField(components: [wave, wave, wave, zero, zero, zero]))
      ).strain
      let q = SIMD3(1, 1 / 0.8, -1 / 1.1)
      let factor = (1 + poisson) / (1 - poisson) / q.dot(q)
      let shapes = [q.x * q.x, q.y * q.y, q.z * q.z, q.x * q.y, q.y * q.z, q.x * q.z]
      var sum = 0.0
      for (n, shape) in shapes.enumerated() {
        for voxel in 0..<grid.count {
          sum += pow(strain.components[n].values[voxel] - factor * shape * wave.values[voxel], 2)
        }
      }
      errors.append((sum / Double(grid.count)).squareRoot())
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.1, "errors \(errors)")
    }
  }

  @Test(arguments: [10.0, 1000, 0])
  func theNumberOfIterationsDoesNotDependOnTheGrid(_ contrast: Double) throws {
    // A void's shape on the coarsest grid is another one.
    let counts = try (contrast == 0 ? [32, 64] : [16, 32, 64]).map { n in
      let body = PeriodicBody.sphere(n, matrix: PeriodicBody.isotropic(1), inside: PeriodicBody.isotropic(contrast))
      return try body.solver(threads: 2).solve(.strain(SymmetricTensor(xx: 0.01, yy: 0, zz: 0))).iterations
    }
    #expect(counts.max()! - counts.min()! <= 2, "\(counts)")
  }

  @Test func aVoidHasNoStressAndWeakensTheBody() throws {
    let body = PeriodicBody.sphere(16, matrix: PeriodicBody.isotropic(1), inside: ElasticTensor())
    let solution = try body.solver().solve(.stress(SymmetricTensor(xx: 1, yy: 0, zz: 0)))
    #expect(solution.iterations < 60)
    for voxel in 0..<body.grid.count where body.phases[voxel] == 1 {
      #expect(solution.stress[voxel].voigt.allSatisfy { $0 == 0 })
    }
    #expect(solution.meanStrain.xx > 1.05 && solution.meanStrain.xx < 2)
    #expect(abs(solution.meanStress.xx - 1) < 1e-7)
  }
}
