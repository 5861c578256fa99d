import Fields
import Microstructure
import NumericalMethods

/// An iteration of the film strain solver beside the transforms over planes it needs at least.
struct FilmParts {
  /// Per grid: three transforms of every plane forward and three back, then an iteration of one thread, of two, and of
  /// crystals.
  let tasks: [TimedTask]

  static let planes = 64

  init() throws {
    let planes = Self.planes
    tasks = try [64, 128].flatMap { n -> [TimedTask] in
      let transform = try StagedTransform(nx: n, ny: n, nz: 1)
      let (valueStep, spectrumStep) = (3 * transform.valueStride, 3 * transform.spectrumStride)
      // All stay until the process ends.
      let values = UnsafeMutablePointer<Double>.allocate(capacity: planes * valueStep)
      values.initialize(repeating: 1, count: planes * valueStep)
      let spectra = UnsafeMutablePointer<Double>.allocate(capacity: planes * spectrumStep)
      spectra.initialize(repeating: 0, count: planes * spectrumStep)
      let media = [Self.isotropic(1), Self.isotropic(10)]
      let crystals = [Self.crystal, Self.crystal.rotated(by: Rotation(axis: SIMD3(1, 2, 3), angle: 1))]
      return [
        TimedTask("3 + 3 transforms of planes, \(n)^2 x \(planes)", calls: 4) {
          for k in 0..<planes { transform.forwardPlane(values + k * valueStep, into: spectra + k * spectrumStep) }
          for k in 0..<planes { transform.backwardPlane(spectra + k * spectrumStep, into: values + k * valueStep) }
        }
      ]
        + (try [(1, media, "isotropic"), (2, media, "isotropic"), (1, crystals, "crystals")].map {
          threads, media, name in
          let trial = try StrainTrial(Self.solver(n, media, threads: threads), .strain(xx: 0.01))
          let workers = threads == 1 ? "1 thread" : "\(threads) threads"
          return TimedTask("film strain, \(n)^2 x \(planes), \(name), \(workers)", calls: 4) { try trial.iterate() }
        })
    }
  }

  private static func isotropic(_ young: Double) -> ElasticTensor {
    let shear = young / 2.6
    let lame = 0.3 * young / (1.3 * 0.4)
    return ElasticTensor(c11: lame + 2 * shear, c12: lame, c44: shear)
  }

  private static let crystal = ElasticTensor(c11: 31.5, c12: 9.7, c13: 12, c33: 22, c44: 3.7, c66: 7)

  /// Columns of two kinds in checks of eight voxels.
  private static func solver(_ n: Int, _ stiffness: [ElasticTensor], threads: Int) throws -> FilmStrainSolver {
    let grid = Grid(nx: n, ny: n, nz: planes, spacing: SIMD3(repeating: 1 / Double(n)))
    let phases = (0..<grid.count).map { UInt8(($0 % n / 8 + $0 / n % n / 8) % 2) }
    let glass = try Stiffness.isotropic(youngModulus: 70, poissonRatio: 0.22)
    return try FilmStrainSolver(
      grid, phases: .bytes(phases), stiffness: stiffness, on: .layers([ElasticLayer(glass, thickness: 1)]),
      threads: threads)
  }
}
