/// The powers of the seven SI base units and of the radian that make up a unit.
///
/// The radian is kept as a base so that an angle is told from a bare number.
public struct DimensionExponents: Hashable, Sendable {
  public var length = 0
  public var mass = 0
  public var time = 0
  public var current = 0
  public var temperature = 0
  public var amount = 0
  public var luminousIntensity = 0
  public var angle = 0

  @inlinable
  public init(
    length: Int = 0, mass: Int = 0, time: Int = 0, current: Int = 0, temperature: Int = 0, amount: Int = 0,
    luminousIntensity: Int = 0, angle: Int = 0
  ) {
    self.length = length
    self.mass = mass
    self.time = time
    self.current = current
    self.temperature = temperature
    self.amount = amount
    self.luminousIntensity = luminousIntensity
    self.angle = angle
  }

  public static let none = DimensionExponents()
}

/// A kind of quantity: its name, its exponents, and the unit in which it is shown.
public protocol Dimension: Sendable {
  static var name: String { get }
  static var exponents: DimensionExponents { get }
  /// The SI unit in which `Quantity.si` counts, as text that the unit grammar reads.
  static var siUnit: String { get }
  /// A value with a usual unit, shown in messages: `20 µm`.
  static var example: String { get }
  /// Whether °C may be written: only for temperatures on the absolute scale, never for differences or rates.
  static var admitsCelsius: Bool { get }
}

extension Dimension {
  public static var admitsCelsius: Bool { false }
}

/// Declares the dimensions that recipes and materials use.
public enum LengthDimension: Dimension {
  public static let name = "length"
  public static let exponents = DimensionExponents(length: 1)
  public static let siUnit = "m"
  public static let example = "20 µm"
}

public enum AreaDimension: Dimension {
  public static let name = "area"
  public static let exponents = DimensionExponents(length: 2)
  public static let siUnit = "m^2"
  public static let example = "200 µm * 200 µm"
}

public enum VolumeDimension: Dimension {
  public static let name = "volume"
  public static let exponents = DimensionExponents(length: 3)
  public static let siUnit = "m^3"
  public static let example = "10 mL"
}

public enum DurationDimension: Dimension {
  public static let name = "time"
  public static let exponents = DimensionExponents(time: 1)
  public static let siUnit = "s"
  public static let example = "12 h"
}

/// A temperature on the absolute scale; `25 °C` and `298.15 K` are the same value.
public enum TemperatureDimension: Dimension {
  public static let name = "temperature"
  public static let exponents = DimensionExponents(temperature: 1)
  public static let siUnit = "K"
  public static let example = "85 °C"
  public static let admitsCelsius = true
}

/// A difference of two temperatures; it is written in kelvin, never in °C.
public enum TemperatureDifferenceDimension: Dimension {
  public static let name = "temperature difference"
  public static let exponents = DimensionExponents(temperature: 1)
  public static let siUnit = "K"
  public static let example = "5 K"
}

public enum HeatingRateDimension: Dimension {
  public static let name = "heating rate"
  public static let exponents = DimensionExponents(time: -1, temperature: 1)
  public static let siUnit = "K/s"
  public static let example = "5 K/h"
}

public enum ConcentrationDimension: Dimension {
  public static let name = "amount concentration"
  public static let exponents = DimensionExponents(length: -3, amount: 1)
  public static let siUnit = "mol/m^3"
  public static let example = "1.0 mol/L"
}

public enum NumberDensityDimension: Dimension {
  public static let name = "number density"
  public static let exponents = DimensionExponents(length: -3)
  public static let siUnit = "1/m^3"
  public static let example = "1e17 1/cm^3"
}

public enum ArealDensityDimension: Dimension {
  public static let name = "areal density"
  public static let exponents = DimensionExponents(length: -2)
  public static let siUnit = "1/m^2"
  public static let example = "1e8 1/cm^2"
}

public enum ArealRateDimension: Dimension {
  public static let name = "areal rate"
  public static let exponents = DimensionExponents(length: -2, time: -1)
  public static let siUnit = "1/(m^2 s)"
  public static let example = "1e12 1/(m^2 s)"
}

public enum VolumetricRateDimension: Dimension {
  public static let name = "volumetric rate"
  public static let exponents = DimensionExponents(length: -3, time: -1)
  public static let siUnit = "1/(m^3 s)"
  public static let example = "1e20 1/(m^3 s)"
}

public enum AngleDimension: Dimension {
  public static let name = "angle"
  public static let exponents = DimensionExponents(angle: 1)
  public static let siUnit = "rad"
  public static let example = "95 deg"
}

public enum CurvatureDimension: Dimension {
  public static let name = "curvature"
  public static let exponents = DimensionExponents(length: -1)
  public static let siUnit = "1/m"
  public static let example = "0.01 1/m"
}

public enum VoltageDimension: Dimension {
  public static let name = "voltage"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -3, current: -1)
  public static let siUnit = "V"
  public static let example = "5 V"
}

public enum VoltageRateDimension: Dimension {
  public static let name = "voltage rate"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -4, current: -1)
  public static let siUnit = "V/s"
  public static let example = "0.5 V/s"
}

public enum CurrentDimension: Dimension {
  public static let name = "current"
  public static let exponents = DimensionExponents(current: 1)
  public static let siUnit = "A"
  public static let example = "1 mA"
}

public enum ResistanceDimension: Dimension {
  public static let name = "resistance"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -3, current: -2)
  public static let siUnit = "ohm"
  public static let example = "50 ohm"
}

public enum ResistivityDimension: Dimension {
  public static let name = "resistivity"
  public static let exponents = DimensionExponents(length: 3, mass: 1, time: -3, current: -2)
  public static let siUnit = "ohm m"
  public static let example = "1.6e-8 ohm m"
}

public enum CurrentDensityDimension: Dimension {
  public static let name = "current density"
  public static let exponents = DimensionExponents(length: -2, current: 1)
  public static let siUnit = "A/m^2"
  public static let example = "1 A/m^2"
}

public enum EnergyDimension: Dimension {
  public static let name = "energy"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -2)
  public static let siUnit = "J"
  public static let example = "0.3 eV"
}

public enum MolarEnergyDimension: Dimension {
  public static let name = "molar energy"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -2, amount: -1)
  public static let siUnit = "J/mol"
  public static let example = "-15.6 kJ/mol"
}

public enum MolarHeatCapacityDimension: Dimension {
  public static let name = "molar heat capacity"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -2, temperature: -1, amount: -1)
  public static let siUnit = "J/(mol K)"
  public static let example = "30 J/(mol K)"
}

public enum MolarVolumeDimension: Dimension {
  public static let name = "molar volume"
  public static let exponents = DimensionExponents(length: 3, amount: -1)
  public static let siUnit = "m^3/mol"
  public static let example = "0.3 L/mol"
}

public enum SurfaceEnergyDimension: Dimension {
  public static let name = "surface energy"
  public static let exponents = DimensionExponents(mass: 1, time: -2)
  public static let siUnit = "J/m^2"
  public static let example = "15 mJ/m^2"
}

public enum PressureDimension: Dimension {
  public static let name = "pressure"
  public static let exponents = DimensionExponents(length: -1, mass: 1, time: -2)
  public static let siUnit = "Pa"
  public static let example = "20 GPa"
}

public enum FrequencyDimension: Dimension {
  public static let name = "frequency"
  public static let exponents = DimensionExponents(time: -1)
  public static let siUnit = "1/s"
  public static let example = "2 THz"
}

public enum VelocityDimension: Dimension {
  public static let name = "velocity"
  public static let exponents = DimensionExponents(length: 1, time: -1)
  public static let siUnit = "m/s"
  public static let example = "20 nm/s"
}

public enum DiffusivityDimension: Dimension {
  public static let name = "diffusivity"
  public static let exponents = DimensionExponents(length: 2, time: -1)
  public static let siUnit = "m^2/s"
  public static let example = "5e-10 m^2/s"
}

public enum MobilityDimension: Dimension {
  public static let name = "mobility"
  public static let exponents = DimensionExponents(mass: -1, time: 2, current: 1)
  public static let siUnit = "m^2/(V s)"
  public static let example = "50 cm^2/(V s)"
}

public enum MassDimension: Dimension {
  public static let name = "mass"
  public static let exponents = DimensionExponents(mass: 1)
  public static let siUnit = "kg"
  public static let example = "1 g"
}

public enum MassDensityDimension: Dimension {
  public static let name = "mass density"
  public static let exponents = DimensionExponents(length: -3, mass: 1)
  public static let siUnit = "kg/m^3"
  public static let example = "0.948 g/cm^3"
}

public enum MolarMassDimension: Dimension {
  public static let name = "molar mass"
  public static let exponents = DimensionExponents(mass: 1, amount: -1)
  public static let siUnit = "kg/mol"
  public static let example = "478.98 g/mol"
}

public enum ViscosityDimension: Dimension {
  public static let name = "viscosity"
  public static let exponents = DimensionExponents(length: -1, mass: 1, time: -1)
  public static let siUnit = "Pa s"
  public static let example = "0.92 mPa s"
}

public enum ThermalExpansionDimension: Dimension {
  public static let name = "thermal expansion"
  public static let exponents = DimensionExponents(temperature: -1)
  public static let siUnit = "1/K"
  public static let example = "3.8e-5 1/K"
}

public enum PowerDimension: Dimension {
  public static let name = "power"
  public static let exponents = DimensionExponents(length: 2, mass: 1, time: -3)
  public static let siUnit = "W"
  public static let example = "30 mW"
}

public enum ThermalConductivityDimension: Dimension {
  public static let name = "thermal conductivity"
  public static let exponents = DimensionExponents(length: 1, mass: 1, time: -3, temperature: -1)
  public static let siUnit = "W/(m K)"
  public static let example = "0.42 W/(m K)"
}

public enum HeatTransferDimension: Dimension {
  public static let name = "heat transfer coefficient"
  public static let exponents = DimensionExponents(mass: 1, time: -3, temperature: -1)
  public static let siUnit = "W/(m^2 K)"
  public static let example = "10 W/(m^2 K)"
}

public enum SpecificHeatDimension: Dimension {
  public static let name = "specific heat"
  public static let exponents = DimensionExponents(length: 2, time: -2, temperature: -1)
  public static let siUnit = "J/(kg K)"
  public static let example = "220 J/(kg K)"
}

/// A rate per intensity of light, (1/s)/(W/m²).
public enum AreaPerEnergyDimension: Dimension {
  public static let name = "area per energy"
  public static let exponents = DimensionExponents(mass: -1, time: 2)
  public static let siUnit = "m^2/J"
  public static let example = "1e-5 m^2/J"
}

/// A pure number: a ratio, a fraction, a count that need not be whole.
public enum RatioDimension: Dimension {
  public static let name = "ratio"
  public static let exponents = DimensionExponents.none
  public static let siUnit = "1"
  public static let example = "0.5"
}
