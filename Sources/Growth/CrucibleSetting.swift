import Quantities

/// One crucible of an evaporator as its operator sets it.
public struct CrucibleSetting: Hashable, Sendable, Codable {
  /// A salt of data/, or the compound itself: a powder of its salts.
  public var source: String
  public var temperature: Temperature
  public var charge: Mass
  /// Of the opening.
  public var area: Area
  /// From the plate's axis.
  public var offset: Length
  /// Direction of the offset.
  public var azimuth: Angle
  /// n of the emission law cosⁿ.
  public var emissionExponent: Ratio

  public init(
    source: String, temperature: Temperature, charge: Mass, area: Area, offset: Length = Length(si: 0),
    azimuth: Angle = Angle(si: 0), emissionExponent: Ratio = Ratio(si: 1)
  ) {
    self.source = source
    self.temperature = temperature
    self.charge = charge
    self.area = area
    self.offset = offset
    self.azimuth = azimuth
    self.emissionExponent = emissionExponent
  }

  public static let keys: [ParameterKey] = [
    ParameterKey(
      "source", .text(choices: []), "A salt of data/sources, or the compound itself: a powder of its salts."),
    .quantity("temperature", TemperatureDimension.self, in: 250...2000, "Temperature of the crucible."),
    .quantity("charge", MassDimension.self, in: 1e-9...1, default: "1 g", "Mass of the salt at the start."),
    .quantity("area", AreaDimension.self, in: 1e-8...1e-1, default: "1 cm^2", "Area of the crucible's opening."),
    .quantity(
      "offset", LengthDimension.self, in: 0...2, default: "0 m", "Distance of the crucible from the plate's axis."),
    .quantity(
      "azimuth", AngleDimension.self, in: -6.3...6.3, default: "0 deg", "Direction of the offset over the plate."),
    .quantity(
      "emissionExponent", RatioDimension.self, in: 0...50, default: "1",
      "n of the emission law cosⁿ: 1 for a flat open source, larger for a deep crucible."),
  ]
}
