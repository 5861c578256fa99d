import Fields
import Microstructure
import NumericalMethods

/// An iteration of the periodic strain solver beside the transforms it needs at least.
struct ElasticityParts {
  /// Per grid: three transforms forward and three back, then an iteration of one thread, of two, and of crystals.
  let tasks: [TimedTask]

  init() throws {
    tasks = try [64, 128].flatMap { n -> [TimedTask] in
      let calls = n < 100 ? 4 : 1
      let transform = try RealTransform.volume(nx: n, ny: n, nz: n)
      // All stay until the process ends.
      let values = UnsafeMutablePointer<Double>.allocate(capacity: 3 * transform.valueCount)
      values.initialize(repeating: 1, count: 3 * transform.valueCount)
      let results = UnsafeMutablePointer<Double>.allocate(capacity: 3 * transform.valueCount)
      results.initialize(repeating: 0, count: 3 * transform.valueCount)
      let spectra = UnsafeMutablePointer<Double>.allocate(capacity: 3 * transform.spectrumCount)
      spectra.initialize(repeating: 0, count: 3 * transform.spectrumCount)
      let sphere = [Self.isotropic(1), Self.isotropic(10)]
      let crystals = [Self.crystal, Self.crystal.rotated(by: Rotation(axis: SIMD3(1, 2, 3), angle: 1))]
      return [
        TimedTask("3 + 3 Fourier transforms, \(n)^3", calls: calls) {
          for c in 0..<3 {
            transform.forward(values + c * transform.valueCount, into: spectra + c * transform.spectrumCount)
          }
          for c in 0..<3 {
            transform.backward(spectra + c * transform.spectrumCount, into: results + c * transform.valueCount)
          }
        }
      ]
        + (try [(1, sphere, "isotropic"), (2, sphere, "isotropic"), (1, crystals, "crystals")].map {
          threads, media, name in
          let trial = try StrainTrial(
            Self.solver(n, media, threads: threads), .strain(SymmetricTensor(xx: 0.01, yy: 0, zz: 0)))
          let workers = threads == 1 ? "1 thread" : "\(threads) threads"
          return TimedTask("periodic strain, \(n)^3, \(name), \(workers)", calls: calls) { try trial.iterate() }
        })
    }
  }

  /// A sphere that is stiffer than its surroundings by a factor.
  static func sphere(_ n: Int, contrast: Double) throws -> PeriodicStrainSolver {
    try solver(n, [isotropic(1), isotropic(contrast)], threads: 1)
  }

  private static func isotropic(_ young: Double) -> ElasticTensor {
    let shear = young / 2.6
    let lame = 0.3 * young / (1.3 * 0.4)
    return ElasticTensor(c11: lame + 2 * shear, c12: lame, c44: shear)
  }

  private static let crystal = ElasticTensor(c11: 31.5, c12: 9.7, c13: 12, c33: 22, c44: 3.7, c66: 7)

  /// A sphere of a quarter of the period's radius in its middle.
  private static func solver(_ n: Int, _ stiffness: [ElasticTensor], threads: Int) throws -> PeriodicStrainSolver {
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1 / Double(n)))
    var phases = [UInt8](repeating: 0, count: grid.count)
    for k in 0..<n {
      for j in 0..<n {
        for i in 0..<n {
          let d = grid.center(i, j, k) - 0.5
          if (d * d).sum() < 0.0625 { phases[grid.index(i, j, k)] = 1 }
        }
      }
    }
    return try PeriodicStrainSolver(grid, phases: .bytes(phases), stiffness: stiffness, threads: threads)
  }
}
