import Quantities

/// A liquid that crystals grow from.
public struct Solvent: Hashable, Sendable, Codable {
  public var name: String
  public var molarMass: MolarMass
  public var density: MassDensity
  public var viscosity: Viscosity
  public var boilingPoint: Temperature
}
