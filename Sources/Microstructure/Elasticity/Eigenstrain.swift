import Fields
import NumericalMethods

/// The strain that the voxels would take if nothing held them: the phase's, plus the voxel's.
public struct Eigenstrain: Sendable {
  /// Per phase; or empty.
  public var phases: [SymmetricTensor]
  /// Per voxel, tensor components.
  public var field: SymmetricTensorField?

  public init(phases: [SymmetricTensor] = [], field: SymmetricTensorField? = nil) {
    self.phases = phases
    self.field = field
  }

  /// None.
  public static let none = Eigenstrain()
}
