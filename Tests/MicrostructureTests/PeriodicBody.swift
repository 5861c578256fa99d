import Fields
import Microstructure
import NumericalMethods

/// Bodies and small helpers of the periodic strain solver's tests.
struct PeriodicBody {
  var grid: Grid
  var phases: PhaseMap
  var stiffness: [ElasticTensor]

  func solver(threads: Int = 1) throws -> PeriodicStrainSolver {
    try PeriodicStrainSolver(grid, phases: phases, stiffness: stiffness, threads: threads)
  }

  static func isotropic(_ young: Double, _ poisson: Double = 0.3) -> ElasticTensor {
    let shear = young / (2 * (1 + poisson))
    let lame = young * poisson / ((1 + poisson) * (1 - 2 * poisson))
    return ElasticTensor(c11: lame + 2 * shear, c12: lame, c44: shear)
  }

  /// A sphere of a quarter of the period's radius in its middle.
  static func sphere(_ n: Int, matrix: ElasticTensor, inside: ElasticTensor, edge: Double = 1) -> PeriodicBody {
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: edge / Double(n)))
    var phases = [UInt8](repeating: 0, count: grid.count)
    for k in 0..<n {
      for j in 0..<n {
        for i in 0..<n {
          let d = (SIMD3(Double(i), Double(j), Double(k)) + 0.5) / Double(n) - 0.5
          if (d * d).sum() < 0.0625 { phases[grid.index(i, j, k)] = 1 }
        }
      }
    }
    return PeriodicBody(grid: grid, phases: .bytes(phases), stiffness: [matrix, inside])
  }

  /// The same crystal, turned at random in each of a few phases, which random voxels belong to.
  static func grains(
    nx: Int, ny: Int, nz: Int, spacing: SIMD3<Double> = SIMD3(repeating: 1), phases count: Int = 4, seed: UInt64 = 1
  ) -> PeriodicBody {
    var random = RandomSource(seed: seed, stream: .fields)
    let crystal = ElasticTensor(c11: 31.5, c12: 9.7, c13: 12, c33: 22, c44: 3.7, c66: 7)
    let grid = Grid(nx: nx, ny: ny, nz: nz, spacing: spacing)
    return PeriodicBody(
      grid: grid, phases: .words((0..<grid.count).map { _ in UInt16(random.uniform() * Double(count)) }),
      stiffness: (0..<count).map { _ in crystal.rotated(by: Rotation.uniform(random: &random)) })
  }

  /// Two interwoven phases: the sign of a sum of waves.
  static func woven(_ n: Int, _ stiffness: [ElasticTensor], seed: UInt64) -> PeriodicBody {
    var random = RandomSource(seed: seed, stream: .fields)
    let waves = (0..<12).map { _ in
      (
        SIMD3(
          (random.uniform() * 5).rounded(.down) - 2, (random.uniform() * 5).rounded(.down) - 2,
          (random.uniform() * 3).rounded(.down) - 1), random.uniform()
      )
    }
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1 / Double(n)))
    var phases = [UInt8](repeating: 0, count: grid.count)
    for k in 0..<n {
      for j in 0..<n {
        for i in 0..<n {
          let at = grid.center(i, j, k)
          let sum = waves.reduce(0.0) { $0 + wave(($1.0 * at).sum() + $1.1) }
          if sum > 0 { phases[grid.index(i, j, k)] = 1 }
        }
      }
    }
    return PeriodicBody(grid: grid, phases: .bytes(phases), stiffness: stiffness)
  }

  /// A triangle wave of period 1.
  private static func wave(_ t: Double) -> Double { 4 * abs(t - t.rounded()) - 1 }

  /// Six fields of random numbers.
  static func randomTensors(_ grid: Grid, seed: UInt64) -> SymmetricTensorField {
    var random = RandomSource(seed: seed, stream: .fields)
    return SymmetricTensorField(
      components: (0..<6).map { _ in Field(grid, values: (0..<grid.count).map { _ in 1e-3 * random.normal() }) })
  }
}

extension SymmetricTensorField {
  subscript(_ voxel: Int) -> SymmetricTensor {
    let v = components.map { $0.values[voxel] }
    return SymmetricTensor(xx: v[0], yy: v[1], zz: v[2], yz: v[4], xz: v[5], xy: v[3])
  }

  /// Σ over voxels and components of the product of two tensors.
  func dot(_ other: SymmetricTensorField) -> Double {
    (0..<6).reduce(0.0) { sum, n in
      let products = zip(components[n].values, other.components[n].values).reduce(0.0) { $0 + $1.0 * $1.1 }
      return sum + (n < 3 ? products : 2 * products)
    }
  }
}

extension SymmetricTensor {
  var voigt: [Double] { [xx, yy, zz, yz, xz, xy] }

  /// The unit tensor of a component in Voigt's order.
  static func unit(_ n: Int, _ value: Double = 1) -> SymmetricTensor {
    var v = [Double](repeating: 0, count: 6)
    v[n] = value
    return SymmetricTensor(xx: v[0], yy: v[1], zz: v[2], yz: v[3], xz: v[4], xy: v[5])
  }

  /// The largest difference between components.
  func distance(_ other: SymmetricTensor) -> Double {
    zip(voigt, other.voigt).reduce(0.0) { max($0, abs($1.0 - $1.1)) }
  }
}
