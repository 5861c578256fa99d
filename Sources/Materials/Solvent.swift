import Quantities

/// A liquid that crystals grow from, or that drives them out of another.
public struct Solvent: Hashable, Sendable, Codable {
  public var name: String
  public var molarMass: MolarMass
  public var density: MassDensity
  public var viscosity: Viscosity
  public var boilingPoint: Temperature
  /// Arrhenius energy of the viscosity; that of flow in common solvents, 10 kJ/mol, if absent.
  public var viscosityEnergy: MolarEnergy?
  /// At 298 K.
  public var vaporPressure: Pressure?
  public var vaporizationEnthalpy: MolarEnergy?
  /// Of the vapor in air at 298 K; that of common solvents, 1e-5 m²/s, if absent.
  public var vaporDiffusivity: Diffusivity?
}
