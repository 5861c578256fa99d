import Fields

/// A level in the gap that holds an electron or not, as the Fermi level says: of a trap, or of a defect with two
/// charges.
///
///     f = 1/{1 + exp[(E_t − E_F)/kT]}
///
/// Spin is not counted: ε is the level at which half of them are filled.
public struct GapLevel: Hashable, Sendable {
  /// Per voxel, 1/m³.
  public var density: Field
  /// ε, above the valence band's edge, J.
  public var energy: Double
  /// Of an empty one, in elementary charges: 1 for a donor, 0 for an acceptor. A filled one has one less.
  public var emptyCharge: Int

  public init(density: Field, energy: Double, emptyCharge: Int) {
    self.density = density
    self.energy = energy
    self.emptyCharge = emptyCharge
  }
}
