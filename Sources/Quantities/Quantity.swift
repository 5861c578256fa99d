/// A number with a dimension, held in SI units.
///
/// It reads and writes itself as text with a unit (`"20 µm"`), so a recipe's value and its unit never part.
public struct Quantity<D: Dimension>: Hashable, Comparable, Sendable {
  /// The value in the SI unit of `D`.
  public var si: Double

  @inlinable
  public init(si: Double) { self.si = si }

  @inlinable
  public static func < (a: Self, b: Self) -> Bool { a.si < b.si }
}

public typealias Length = Quantity<LengthDimension>
public typealias Area = Quantity<AreaDimension>
public typealias Volume = Quantity<VolumeDimension>
public typealias TimeSpan = Quantity<DurationDimension>
public typealias Temperature = Quantity<TemperatureDimension>
public typealias TemperatureDifference = Quantity<TemperatureDifferenceDimension>
public typealias HeatingRate = Quantity<HeatingRateDimension>
public typealias Concentration = Quantity<ConcentrationDimension>
public typealias NumberDensity = Quantity<NumberDensityDimension>
public typealias ArealDensity = Quantity<ArealDensityDimension>
public typealias ArealRate = Quantity<ArealRateDimension>
public typealias VolumetricRate = Quantity<VolumetricRateDimension>
public typealias Angle = Quantity<AngleDimension>
public typealias Curvature = Quantity<CurvatureDimension>
public typealias Voltage = Quantity<VoltageDimension>
public typealias VoltageRate = Quantity<VoltageRateDimension>
public typealias Current = Quantity<CurrentDimension>
public typealias Resistance = Quantity<ResistanceDimension>
public typealias Resistivity = Quantity<ResistivityDimension>
public typealias CurrentDensity = Quantity<CurrentDensityDimension>
public typealias Energy = Quantity<EnergyDimension>
public typealias MolarEnergy = Quantity<MolarEnergyDimension>
public typealias MolarHeatCapacity = Quantity<MolarHeatCapacityDimension>
public typealias MolarVolume = Quantity<MolarVolumeDimension>
public typealias SurfaceEnergy = Quantity<SurfaceEnergyDimension>
public typealias Pressure = Quantity<PressureDimension>
public typealias Frequency = Quantity<FrequencyDimension>
public typealias Velocity = Quantity<VelocityDimension>
public typealias Diffusivity = Quantity<DiffusivityDimension>
public typealias Mobility = Quantity<MobilityDimension>
public typealias Mass = Quantity<MassDimension>
public typealias MassDensity = Quantity<MassDensityDimension>
public typealias MolarMass = Quantity<MolarMassDimension>
public typealias Viscosity = Quantity<ViscosityDimension>
public typealias ThermalExpansion = Quantity<ThermalExpansionDimension>
public typealias Power = Quantity<PowerDimension>
public typealias ThermalConductivity = Quantity<ThermalConductivityDimension>
public typealias HeatTransfer = Quantity<HeatTransferDimension>
public typealias SpecificHeat = Quantity<SpecificHeatDimension>
public typealias AreaPerEnergy = Quantity<AreaPerEnergyDimension>
public typealias Ratio = Quantity<RatioDimension>

extension Quantity where D == LengthDimension {
  public static func nanometers(_ value: Double) -> Self { Self(si: value / 1e9) }
  public static func micrometers(_ value: Double) -> Self { Self(si: value / 1e6) }
  public static func millimeters(_ value: Double) -> Self { Self(si: value / 1e3) }
  public static func meters(_ value: Double) -> Self { Self(si: value) }
}

extension Quantity where D == TemperatureDimension {
  public static func kelvin(_ value: Double) -> Self { Self(si: value) }
  public static func celsius(_ value: Double) -> Self { Self(si: value + 273.15) }
}

extension Quantity where D == EnergyDimension {
  public static func electronvolts(_ value: Double) -> Self { Self(si: value * Constants.elementaryCharge) }
  public static func joules(_ value: Double) -> Self { Self(si: value) }
}

extension Quantity where D == VoltageDimension {
  public static func volts(_ value: Double) -> Self { Self(si: value) }
}
