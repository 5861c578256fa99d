import Quantities

/// How ions of an active metal move in a compound, and plate out and dissolve in it.
public struct Metallization: Hashable, Sendable, Codable {
  /// j₀ at 300 K, and how it grows with temperature.
  public var exchangeDensity: CurrentDensity
  public var exchangeEnergy: Energy
  /// α, between 0 and 1.
  public var transferCoefficient: Ratio
  /// Attempts of one site of the electrode to nucleate, and the work of the nucleus.
  public var nucleationRate: Frequency
  public var nucleationEnergy: Energy
  /// Atoms of the critical nucleus.
  public var criticalClusterSize: Ratio
  /// Mobile ions of the metal in the crystal.
  public var ionDensity: NumberDensity
  /// Barrier of an ion's hop within the layers of a layered compound, or in any direction of another.
  public var hopEnergy: Energy
  /// How much higher it is across the layers, and the barrier along a filament that crosses them; not at all, if absent.
  public var interlayerEnergy: Energy?
  /// Of the metal's atoms on a filament's surface at 300 K, and how it grows with temperature.
  public var surfaceDiffusivity: Diffusivity
  public var surfaceDiffusionEnergy: Energy
  /// Of the filament's surface in the crystal; that of the free metal, if absent.
  public var interfaceEnergy: SurfaceEnergy?
  /// Of an electron in a gap of the filament.
  public var tunnelBarrier: Energy
  /// Radius of a growing filament.
  public var tipRadius: Length
}

/// The metal of a filament.
public struct ActiveMetal: Hashable, Sendable, Codable {
  /// Charge of its ion, in elementary charges.
  public var charge: Int
  /// Of one atom.
  public var atomicVolume: Volume
  public var surfaceEnergy: SurfaceEnergy
  /// Of the bulk at room temperature, with the mean free path of its electrons.
  public var resistivity: Resistivity
  public var meanFreePath: Length
  public var meltingTemperature: Temperature
}
