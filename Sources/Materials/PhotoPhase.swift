import Quantities

/// How light heats a compound, and the phase of another birefringence that it makes in it.
///
/// What light adds to the phase goes with the intensity on the face; in the dark the phase only goes back.
public struct PhotoPhase: Hashable, Sendable, Codable {
  public var thermalConductivity: ThermalConductivity
  public var specificHeat: SpecificHeat
  /// α of light above the band gap; below the gap none is absorbed.
  public var absorption: Curvature
  /// Δn of the phase that is stable in the dark.
  public var birefringence: Ratio
  /// dΔn/dT.
  public var thermalBirefringence: ThermalExpansion
  /// k₀ per intensity: the new phase begins.
  public var nucleation: AreaPerEnergy
  /// k₁ per intensity: it grows on what is there.
  public var growth: AreaPerEnergy
  /// k₋: it goes back.
  public var reversion: Frequency
  /// X_m: the largest share of the crystal along the read beam.
  public var saturation: Ratio

  public init(
    thermalConductivity: ThermalConductivity, specificHeat: SpecificHeat, absorption: Curvature, birefringence: Ratio,
    thermalBirefringence: ThermalExpansion, nucleation: AreaPerEnergy, growth: AreaPerEnergy, reversion: Frequency,
    saturation: Ratio
  ) {
    self.thermalConductivity = thermalConductivity
    self.specificHeat = specificHeat
    self.absorption = absorption
    self.birefringence = birefringence
    self.thermalBirefringence = thermalBirefringence
    self.nucleation = nucleation
    self.growth = growth
    self.reversion = reversion
    self.saturation = saturation
  }
}
