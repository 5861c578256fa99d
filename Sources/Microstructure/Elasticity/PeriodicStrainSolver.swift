import Fields
import Foundation
import NumericalMethods

/// The elastic strain of a periodic body whose voxels have any stiffness and eigenstrain.
///
///     div σ = 0,   σ = C(x) : (ε − ε*(x)),   ε = ε̄ + sym grad u,   u periodic
///
/// Physics (7.4), (7.8). Every voxel is a trilinear hexahedron with nodes at its corners, integrated exactly; a voxel's
/// strain is the mean over it. The strain of smooth bodies is exact to second order in the voxel's edge, that at steps
/// of the stiffness to first order. The equations are solved by conjugate gradients, preconditioned by the inverse
/// of the same elements' stiffness in a homogeneous isotropic medium, which two Fourier transforms apply: the number of
/// iterations does not depend on the grid, and grows with the square root of the contrast until the pores or grains'
/// own shape limits it. Stiffness 0 is a void. Where the mean stress is prescribed, that component of the mean strain
/// is one more unknown.
/// Sources: T. Mura, *Micromechanics of Defects in Solids* (1987), for the equations and the eigenstrains; H. Moulinec
/// and P. Suquet, *Comput. Methods Appl. Mech. Eng.* 157 (1998) 69, for the Lippmann-Schwinger equation on a grid;
/// M. Schneider, D. Merkert and M. Kabel, *Int. J. Numer. Methods Eng.* 109 (2017) 1461, for the Green operator of linear
/// hexahedra; R. J. Leute et al., *J. Comput. Phys.* 453 (2022) 110931, for it as the preconditioner of a finite element
/// discretization.
/// Memory: 96 B per voxel and phase number at work, then 24 B per voxel at work and 120 B of result. The result has
/// the same digits for any number of threads.
public struct PeriodicStrainSolver: Sendable {
  public var grid: Grid { body.grid }
  public var phases: PhaseMap { body.phases }
  /// Of the phases, Pa.
  public var stiffness: [ElasticTensor] { body.stiffness }
  /// Threads that share one solution.
  public let threads: Int
  private let body: StrainBody
  private let transform: StagedTransform

  /// Checks the body and plans the transforms.
  /// - Parameters:
  ///   - grid: the voxels of one period; they need not be cubes.
  ///   - phases: each voxel's phase.
  ///   - stiffness: each phase's, Pa, in the grid's axes; all zero for a void.
  ///   - threads: 1, or the cores to use; a thread more pays from about 32³ voxels.
  /// - Throws: `StrainError`, `TransformError`.
  public init(_ grid: Grid, phases: PhaseMap, stiffness: [ElasticTensor], threads: Int = 1) throws {
    body = try StrainBody(grid, phases: phases, stiffness: stiffness)
    self.threads = max(1, threads)
    transform = try StagedTransform(nx: grid.nx, ny: grid.ny, nz: grid.nz)
  }

  /// The strain under a load and eigenstrains.
  /// - Parameters:
  ///   - load: each component's mean strain or mean stress.
  ///   - eigenstrain: of the phases, the voxels, or both.
  ///   - tolerance: of the norm of the forces out of balance, as a share of the norm before the first iteration.
  ///   - iterationLimit: more than this and the solution has failed.
  /// - Throws: `StrainError`: a value that is not finite, a mean stress that nothing resists, no convergence.
  public func solve(
    _ load: MeanLoad, eigenstrain: Eigenstrain = .none, tolerance: Double = 1e-8, iterationLimit: Int = 2000
  ) throws -> StrainSolution {
    let system = try makeSystem()
    var iteration = try StrainIteration(body, system, load, eigenstrain)
    let outcome = try iteration.run(tolerance: tolerance, limit: iterationLimit)
    system.releaseWork()
    let total = body.strain(system.planes, mean: outcome.quadrupleStrain)
    return StrainSolution(
      displacement: (0..<3).map(system.planes.displacement), strain: total, stress: body.stress(of: total, eigenstrain),
      meanStrain: outcome.meanStrain, meanStress: outcome.meanStress, iterations: outcome.iterations,
      residual: outcome.residual)
  }

  /// The stiffness C̄ of the body as a whole: mean stress = C̄ : mean strain; Pa.
  ///
  /// Six loads; the tensor is made symmetric, which it is to the tolerance.
  public func homogenizedStiffness(tolerance: Double = 1e-8, iterationLimit: Int = 2000) throws -> ElasticTensor {
    let columns = try stressesOfUnitStrains(tolerance: tolerance, iterationLimit: iterationLimit)
    var result = ElasticTensor()
    for m in 0..<6 {
      for n in m..<6 { result[m + 1, n + 1] = 0.5 * (columns[m][n] + columns[n][m]) }
    }
    return result
  }

  /// Mean stress of each unit strain (shear: twice the tensor's component is 1), Pa, in Voigt's order.
  func stressesOfUnitStrains(tolerance: Double, iterationLimit: Int) throws -> [[Double]] {
    let system = try makeSystem()
    return try (0..<6).map { n in
      var e = [Double](repeating: 0, count: 6)
      e[n] = n < 3 ? 1 : 0.5
      let strain = SymmetricTensor(xx: e[0], yy: e[1], zz: e[2], yz: e[3], xz: e[4], xy: e[5])
      var iteration = try StrainIteration(body, system, .strain(strain), .none)
      let s = try iteration.run(tolerance: tolerance, limit: iterationLimit).meanStress
      return [s.xx, s.yy, s.zz, s.yz, s.xz, s.xy]
    }
  }

  private func makeSystem() throws -> PeriodicStrainSystem {
    let (lame, shear) = body.isotropicMean
    var constants = ElasticTensor()
    for m in 1...3 {
      for n in 1...3 { constants[m, n] = lame + (m == n ? 2 * shear : 0) }
      constants[m + 3, m + 3] = shear
    }
    let products = body.units.products
    let c = (0..<36).map { constants.voigt[$0] * (products[$0 / 6] * products[$0 % 6]) }
    return try PeriodicStrainSystem(
      body, reference: [c[0], c[7], c[14], c[1], c[2], c[8], c[21], c[28], c[35]], transform: transform,
      threads: threads)
  }

  /// The iteration for one load, for benchmarks.
  func makeIteration(_ load: MeanLoad) throws -> StrainIteration {
    try StrainIteration(body, makeSystem(), load, .none)
  }
}
