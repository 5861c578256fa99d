import Fields
import NumericalMethods

/// Strain and stress of a periodic body, or of a film, in equilibrium.
public struct StrainSolution: Sendable {
  /// Displacement besides that of the mean strain, m: x, y and z. Its values stand at the lower corners of the voxels,
  /// where the nodes are, not at their centers. In a periodic body its mean is zero; in a film it has one more plane
  /// than voxels, the top, and mean strains along z are part of it.
  public let displacement: [Field]
  /// Each voxel's mean of the total strain, eigenstrain included.
  public let strain: SymmetricTensorField
  /// Each voxel's mean stress, Pa.
  public let stress: SymmetricTensorField
  /// The mean over the body.
  public let meanStrain: SymmetricTensor
  /// The mean over the body, Pa.
  public let meanStress: SymmetricTensor
  public let iterations: Int
  /// The norm of the forces that are out of balance, as a share of the norm before the first iteration; 0 if there
  /// were none.
  public let residual: Double
}
