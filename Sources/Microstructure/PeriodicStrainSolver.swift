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
  public let grid: Grid
  public let phases: PhaseMap
  /// Of the phases, Pa.
  public let stiffness: [ElasticTensor]
  /// Threads that share one solution.
  public let threads: Int
  let units: PeriodicStrainUnits
  let transform: StagedTransform
  /// Share of each phase's voxels.
  let shares: [Double]
  /// λ₀ and μ₀ of the preconditioner: the mean medium, in units of the largest constant.
  private let reference: (lame: Double, shear: Double)

  /// Checks the body and plans the transforms.
  /// - Parameters:
  ///   - grid: the voxels of one period; they need not be cubes.
  ///   - phases: each voxel's phase.
  ///   - stiffness: each phase's, Pa, in the grid's axes; all zero for a void.
  ///   - threads: 1, or the cores to use; a thread more pays from about 32³ voxels.
  /// - Throws: `PeriodicStrainError`, `TransformError`.
  public init(_ grid: Grid, phases: PhaseMap, stiffness: [ElasticTensor], threads: Int = 1) throws {
    for (name, edge) in zip(["x", "y", "z"], [grid.spacing.x, grid.spacing.y, grid.spacing.z]) {
      guard edge > 0, edge.isFinite else {
        throw PeriodicStrainError.notPositive("the voxels' edge along \(name)", edge)
      }
    }
    guard phases.count == grid.count else {
      throw PeriodicStrainError.wrongCount("the phase map", found: phases.count, expected: grid.count)
    }
    let counts = phases.counts
    guard counts.count <= stiffness.count else {
      throw PeriodicStrainError.unknownPhase(counts.count - 1, count: stiffness.count)
    }
    for (index, tensor) in stiffness.enumerated() {
      guard tensor.voigt.allSatisfy(\.isFinite) else {
        throw PeriodicStrainError.notFinite("the stiffness of phase \(index)")
      }
      guard tensor.isSemidefinite else { throw PeriodicStrainError.unstablePhase(index) }
    }
    self.grid = grid
    self.phases = phases
    self.stiffness = stiffness
    self.threads = max(1, threads)
    shares = stiffness.indices.map { $0 < counts.count ? Double(counts[$0]) / Double(grid.count) : 0 }
    let present = zip(stiffness, shares).filter { $0.1 > 0 }
    units = PeriodicStrainUnits(grid, stiffness: present.map(\.0))
    guard units.stiffness > 0 else { throw PeriodicStrainError.noStiffness }
    var (lame, shear) = (0.0, 0.0)
    for (tensor, share) in present {
      let part = tensor.isotropicPart
      lame += share * part.lame / units.stiffness
      shear += share * part.shear / units.stiffness
    }
    guard shear > 0 else { throw PeriodicStrainError.noShearStiffness }
    reference = (lame, shear)
    transform = try StagedTransform(nx: grid.nx, ny: grid.ny, nz: grid.nz)
  }

  /// The strain under a load and eigenstrains.
  /// - Parameters:
  ///   - load: each component's mean strain or mean stress.
  ///   - eigenstrain: of the phases, the voxels, or both.
  ///   - tolerance: of the norm of the forces out of balance, as a share of the norm before the first iteration.
  ///   - iterationLimit: more than this and the solution has failed.
  /// - Throws: `PeriodicStrainError`: a value that is not finite, a mean stress that nothing resists, no convergence.
  public func solve(
    _ load: MeanLoad, eigenstrain: Eigenstrain = .none, tolerance: Double = 1e-8, iterationLimit: Int = 2000
  ) throws -> PeriodicStrainSolution {
    let system = try makeSystem()
    var iteration = try PeriodicStrainIteration(self, system, load, eigenstrain)
    let outcome = try iteration.run(tolerance: tolerance, limit: iterationLimit)
    system.releaseWork()
    return fields(system, outcome, eigenstrain)
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
      var iteration = try PeriodicStrainIteration(self, system, .strain(strain), .none)
      let s = try iteration.run(tolerance: tolerance, limit: iterationLimit).meanStress
      return [s.xx, s.yy, s.zz, s.yz, s.xz, s.xy]
    }
  }

  func makeSystem() throws -> PeriodicStrainSystem {
    let (lame, shear) = reference
    var constants = ElasticTensor()
    for m in 1...3 {
      for n in 1...3 { constants[m, n] = lame + (m == n ? 2 * shear : 0) }
      constants[m + 3, m + 3] = shear
    }
    let c = (0..<36).map { constants.voigt[$0] * (units.products[$0 / 6] * units.products[$0 % 6]) }
    return try PeriodicStrainSystem(
      grid, phases: phases, stiffness: stiffness,
      reference: [c[0], c[7], c[14], c[1], c[2], c[8], c[21], c[28], c[35]],
      units: units, transform: transform, threads: threads)
  }

  /// The fields of a solved system.
  private func fields(
    _ system: PeriodicStrainSystem, _ outcome: PeriodicStrainOutcome, _ eigenstrain: Eigenstrain
  ) -> PeriodicStrainSolution {
    let displacement = (0..<3).map(system.displacement)
    let count = grid.planeCount
    var strain = (0..<6).map { _ in Field(grid) }
    var plane = [Double](repeating: 0, count: 6 * count)
    // Fields hold xy, yz, xz after the diagonal; Voigt's order is yz, xz, xy.
    let places = [0, 1, 2, 4, 5, 3]
    for k in 0..<grid.nz {
      plane.withUnsafeMutableBufferPointer {
        system.strainPlane(k, mean: outcome.quadrupleStrain, into: $0.baseAddress!)
      }
      for n in 0..<6 {
        let factor = 0.25 * units.products[n] * (n < 3 ? 1 : 0.5)
        strain[places[n]].values.withUnsafeMutableBufferPointer { values in
          plane.withUnsafeBufferPointer { plane in
            for i in 0..<count { values[k * count + i] = factor * plane[n * count + i] }
          }
        }
      }
    }
    let total = SymmetricTensorField(components: strain)
    return PeriodicStrainSolution(
      displacement: displacement, strain: total, stress: stress(of: total, eigenstrain),
      meanStrain: outcome.meanStrain, meanStress: outcome.meanStress, iterations: outcome.iterations,
      residual: outcome.residual)
  }

  /// σ = C : (ε − ε*) per voxel, Pa.
  private func stress(of strain: SymmetricTensorField, _ eigenstrain: Eigenstrain) -> SymmetricTensorField {
    // In the fields' order of components, each shear counted twice.
    let voigt = [0, 1, 2, 5, 3, 4]
    var tables: [Double] = []
    var own: [Double] = []
    for (phase, tensor) in stiffness.enumerated() {
      for m in 0..<6 {
        for n in 0..<6 {
          let constant = tensor.voigt[6 * voigt[m] + voigt[n]]
          tables.append(n < 3 ? constant : 2 * constant)
        }
      }
      let e = eigenstrain.phases.isEmpty ? SymmetricTensor(isotropic: 0) : eigenstrain.phases[phase]
      own += [e.xx, e.yy, e.zz, e.xy, e.yz, e.xz]
    }
    var stress = (0..<6).map { _ in Field(grid) }
    for m in 0..<6 {
      stress[m].values.withUnsafeMutableBufferPointer { values in
        for n in 0..<6 {
          strain.components[n].values.withUnsafeBufferPointer { e in
            for voxel in 0..<grid.count {
              let phase = phases[voxel]
              let free = own[6 * phase + n] + (eigenstrain.field?.components[n].values[voxel] ?? 0)
              values[voxel] += tables[36 * phase + 6 * m + n] * (e[voxel] - free)
            }
          }
        }
      }
    }
    return SymmetricTensorField(components: stress)
  }
}
