import Fields
import Foundation
import NumericalMethods

/// The elastic strain of a laterally periodic film whose voxels have any stiffness and eigenstrain, free on top.
///
///     div σ = 0,   σ = C(x) : (ε − ε*(x)),   ε = ε̄ + sym grad u,   σ·n = 0 on top
///
/// Physics (7.4), (7.7). u is periodic along x and y. Voxels are the trilinear hexahedra of `PeriodicStrainSolver`,
/// with one more plane of nodes than of voxels. Below, the lowest nodes are clamped, or rest on uniform layers down to
/// a thick support, or are free. The layers act on the lowest nodes as a spring per lateral wave, of the same elements
/// laterally. The equations are solved by conjugate gradients, preconditioned by the inverse of the same film with a
/// mean stiffness of every plane: a block-tridiagonal system per lateral wave. A laterally uniform film with a mirror
/// plane z = 0 takes one iteration; else their number does not depend on the grid and grows with the square root of the
/// lateral contrast until the inclusions' own shape limits it. Stiffness 0 is a void, as is the air above a rough film.
/// An iteration costs two to three times its six transforms of every plane.
/// Means are over all voxels, voids among them, whose own strain is no more than what the solver left there.
/// A film is flat in the mean: no rotation about a lateral axis and no bending is left free.
/// Sources: those of `PeriodicStrainSolver`; the block-tridiagonal solution per wave is that of `LayeredStrainSolver`.
/// Memory: 120 B per voxel and phase number at work, 72 B of these for displacement, direction and forces of the nodes,
/// 48 B for residual and factors; then 24 B per voxel at work and 120 B of result. The result has the same digits for
/// any number of threads.
public struct FilmStrainSolver: Sendable {
  public var grid: Grid { body.grid }
  public var phases: PhaseMap { body.phases }
  /// Of the phases, Pa.
  public var stiffness: [ElasticTensor] { body.stiffness }
  public let base: FilmBase
  /// Threads that share one solution.
  public let threads: Int
  private let body: StrainBody
  private let transform: StagedTransform

  /// Checks the film and plans the transforms.
  /// - Parameters:
  ///   - grid: the voxels of one lateral period, the top plane at the free surface; they need not be cubes.
  ///   - phases: each voxel's phase.
  ///   - stiffness: each phase's, Pa, in the grid's axes; all zero for a void.
  ///   - base: what is below.
  ///   - threads: 1, or the cores to use; a thread more pays from about 32³ voxels.
  /// - Throws: `StrainError`, `TransformError`.
  public init(
    _ grid: Grid, phases: PhaseMap, stiffness: [ElasticTensor], on base: FilmBase, threads: Int = 1
  ) throws {
    body = try StrainBody(grid, phases: phases, stiffness: stiffness)
    if case .layers(let layers) = base {
      guard !layers.isEmpty else { throw StrainError.noLayers }
      for (index, layer) in layers.enumerated() where index > 0 {
        // The support is as thick as it needs to be.
        guard layer.thickness > 0, layer.thickness.isFinite else {
          throw StrainError.notPositive("the thickness of layer \(index)", layer.thickness)
        }
      }
    }
    self.base = base
    self.threads = max(1, threads)
    transform = try StagedTransform(nx: grid.nx, ny: grid.ny, nz: 1)
  }

  /// The strain under a load and eigenstrains.
  /// - Parameters:
  ///   - load: each lateral component's mean strain, or in a free-standing film its mean stress.
  ///   - eigenstrain: of the phases, the voxels, or both.
  ///   - tolerance: of the norm of the forces out of balance, as a share of the norm before the first iteration.
  ///   - iterationLimit: more than this and the solution has failed.
  /// - Throws: `StrainError`: a value that is not finite, a mean stress of a film that is held or that nothing resists,
  ///   no convergence.
  public func solve(
    _ load: FilmLoad = .held, eigenstrain: Eigenstrain = .none, tolerance: Double = 1e-8, iterationLimit: Int = 2000
  ) throws -> StrainSolution {
    if base != .free {
      for (name, component) in [("xx", load.xx), ("yy", load.yy), ("xy", load.xy)] {
        if case .stress = component { throw StrainError.heldFilm(component: name) }
      }
    }
    let system = try FilmStrainSystem(body, base: base, transform: transform, threads: threads)
    var iteration = try StrainIteration(body, system, load.meanLoad, eigenstrain)
    let outcome = try iteration.run(tolerance: tolerance, limit: iterationLimit)
    system.releaseWork()
    let total = body.strain(system.planes, mean: outcome.quadrupleStrain)
    // Along z the strain is that of the displacement.
    var mean = outcome.meanStrain
    (mean.zz, mean.yz, mean.xz) = (total.components[2].mean, total.components[4].mean, total.components[5].mean)
    return StrainSolution(
      displacement: displacement(system.planes), strain: total, stress: body.stress(of: total, eigenstrain),
      meanStrain: mean, meanStress: outcome.meanStress, iterations: outcome.iterations, residual: outcome.residual)
  }

  /// The iteration for one load, for benchmarks.
  func makeIteration(_ load: FilmLoad) throws -> StrainIteration {
    let system = try FilmStrainSystem(body, base: base, transform: transform, threads: threads)
    return try StrainIteration(body, system, load.meanLoad, .none)
  }

  /// The displacement of the nodes, those in voids at rest; of a free-standing film with zero mean.
  private func displacement(_ planes: ElementPlanes) -> [Field] {
    let isSolid = solidNodes
    let count = isSolid.reduce(0) { $0 + ($1 ? 1 : 0) }
    return (0..<3).map { component in
      var field = planes.displacement(component)
      var shift = 0.0
      if base == .free {
        for (value, isSolid) in zip(field.values, isSolid) where isSolid { shift += value }
        shift /= Double(count)
      }
      for (index, isSolid) in isSolid.enumerated() {
        field.values[index] = isSolid ? field.values[index] - shift : 0
      }
      return field
    }
  }

  /// Which nodes have a voxel of some stiffness beside them.
  private var solidNodes: [Bool] {
    let isVoid = stiffness.map { $0.voigt.allSatisfy { $0 == 0 } }
    var solid = [Bool](repeating: false, count: grid.planeCount * (grid.nz + 1))
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx where !isVoid[phases[grid.index(i, j, k)]] {
          let (east, north) = ((i + 1) % grid.nx, (j + 1) % grid.ny)
          for (x, y) in [(i, j), (east, j), (i, north), (east, north)] {
            solid[grid.index(x, y, k)] = true
            solid[grid.index(x, y, k + 1)] = true
          }
        }
      }
    }
    return solid
  }
}
