import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities

/// How strain changes the energy of a halide vacancy and the barrier of its hops.
///
///     U = −P : e,   E_a(n) = E_a0 − ΔP(n) : e,   ΔP(n) = B ΔV_a I + A (n ⊗ n − I/3)
///
/// Physics (7.10): P = B Ω I is the elastic dipole of the vacancy, ΔP that of the saddle point less the vacancy's; n the
/// unit vector of the hop. A third of its trace is B ΔV_a, with ΔV_a the activation volume (of either sign: a pressure
/// p = −B tr e raises the barrier by p ΔV_a); its deviator is fixed by the hop's axis alone, as in a crystal whose
/// saddle points look alike along it. B is that of the medium in which strain was computed.
public struct HopBarrier: Hashable, Sendable {
  /// B Ω, J.
  public let vacancyDipole: Double
  /// B ΔV_a, J.
  public let saddleDilation: Double
  /// A, J: above 0, stretch along the hop lowers its barrier.
  public let saddleAnisotropy: Double

  public init(of compound: Compound, bulkModulus: Double) {
    let volume = 1 / compound.formulaUnitDensity
    vacancyDipole = bulkModulus * compound.defects.halideRelaxationVolume.si * volume
    saddleDilation = bulkModulus * compound.defects.halideActivationVolume.si * volume
    saddleAnisotropy = compound.defects.halideSaddleAnisotropy?.si ?? 0
  }

  /// Energy of a vacancy under a strain, J.
  public func vacancyEnergy(under strain: SymmetricTensor) -> Double {
    -vacancyDipole * (strain.xx + strain.yy + strain.zz)
  }

  /// What a strain adds to the barrier of a hop along a unit vector, J.
  public func shift(along n: SIMD3<Double>, under strain: SymmetricTensor) -> Double {
    let trace = strain.xx + strain.yy + strain.zz
    return -saddleDilation * trace - saddleAnisotropy * (strain.along(n) - trace / 3)
  }

  /// E_a of hops along a unit vector, J, per voxel.
  /// - Parameter unstrained: E_a0 per column of voxels, x fastest, or of all.
  public func barrier(
    along n: SIMD3<Double>, under strain: SymmetricTensorField, unstrained: [Double]
  ) -> Field {
    let grid = strain.grid
    let c = strain.components
    let (across, along) = (-saddleDilation + saddleAnisotropy / 3, -saddleAnisotropy)
    let weights = [
      across + along * n.x * n.x, across + along * n.y * n.y, across + along * n.z * n.z, 2 * along * n.x * n.y,
      2 * along * n.y * n.z, 2 * along * n.x * n.z,
    ]
    return Field(
      grid,
      values: [Double](unsafeUninitializedCapacity: grid.count) { barrier, count in
        let plane = grid.planeCount
        for k in 0..<grid.nz {
          for column in 0..<plane {
            barrier[k * plane + column] = unstrained.count == 1 ? unstrained[0] : unstrained[column]
          }
        }
        for (component, weight) in zip(c, weights) where weight != 0 {
          component.values.withUnsafeBufferPointer { e in
            for i in 0..<grid.count { barrier[i] += weight * e[i] }
          }
        }
        count = grid.count
      })
  }

  /// U, J, per voxel.
  public func vacancyEnergy(under strain: SymmetricTensorField) -> Field {
    let c = strain.components
    return Field(
      strain.grid,
      values: [Double](unsafeUninitializedCapacity: strain.grid.count) { energy, count in
        c[0].values.withUnsafeBufferPointer { xx in
          c[1].values.withUnsafeBufferPointer { yy in
            c[2].values.withUnsafeBufferPointer { zz in
              for i in 0..<strain.grid.count { energy[i] = -vacancyDipole * (xx[i] + yy[i] + zz[i]) }
            }
          }
        }
        count = strain.grid.count
      })
  }
}
