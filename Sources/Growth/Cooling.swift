import Materials
import NumericalMethods
import Quantities
import Specimens

/// Cooling to the temperature of use: equilibrium is lost defect by defect.
public struct Cooling: ProcessModel {
  public var to: Temperature
  public var rate: HeatingRate

  public static let name = "cooling"
  public static let summary = "Cooling at a steady rate; defects follow equilibrium until they freeze."
  public static let keys: [ParameterKey] = [
    .quantity("to", TemperatureDimension.self, in: 200...500, "Temperature at the end."),
    .quantity("rate", HeatingRateDimension.self, in: 1e-7...10, "Speed of cooling, always above 0."),
  ]

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    fatalError("to be written")
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] { [] }
}
