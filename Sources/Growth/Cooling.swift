import Defects
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Cooling to the temperature of use: equilibrium is lost defect by defect.
public struct Cooling: ProcessModel {
  public var to: Temperature
  public var rate: HeatingRate

  public init(to: Temperature, rate: HeatingRate) {
    self.to = to
    self.rate = rate
  }

  public static let name = "cooling"
  public static let summary = "Cooling at a steady rate; defects follow equilibrium until they freeze."
  public static let keys: [ParameterKey] = [
    .quantity("to", TemperatureDimension.self, in: 200...500, "Temperature at the end."),
    .quantity("rate", HeatingRateDimension.self, in: 1e-7...10, "Speed of cooling, always above 0."),
  ]

  public var endTemperature: Temperature? { to }

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard let specimen else { throw GrowthError.noSpecimen(model: Self.name) }
    return try GrowthError.naming { try cooled(specimen, of: material) }
  }

  private func cooled(_ specimen: GrownCrystal, of material: Compound) throws -> GrownCrystal {
    var crystal = specimen
    var rings = try ZoningProfile(of: crystal, compound: material)
    try rings.ramp(from: crystal.temperature, to: to, rate: rate)
    let freeze = try FreezeOut(of: material).freezeTemperature(coolingRate: rate)
    // A crystal that was colder than that before keeps the temperature at which its vacancies froze.
    let isUnfrozen = crystal.temperature > freeze
    let last = crystal.defects.freezeTemperature
    try crystal.adopt(
      rings, at: to, freezeTemperature: isUnfrozen ? min(freeze, crystal.growthTemperature) : last, of: material)
    return crystal
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] { [] }
}
