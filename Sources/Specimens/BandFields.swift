import Fields
import Quantities

/// How the bands bend in a window, from the contact into the crystal, without a voltage.
public struct BandFields: Hashable, Sendable {
  /// V, 0 in the neutral bulk; the bands' edges are −q times it away from where they are there.
  public var potential: Field
  /// E_F above the valence band's edge, J.
  public var fermiLevel: Field
  /// Mobile halide vacancies in equilibrium with the potential, 1/m³.
  public var vacancyDensity: Field
  public var warnings: [ValidityWarning]

  public init(potential: Field, fermiLevel: Field, vacancyDensity: Field, warnings: [ValidityWarning]) {
    self.potential = potential
    self.fermiLevel = fermiLevel
    self.vacancyDensity = vacancyDensity
    self.warnings = warnings
  }
}
