import Defects
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

  /// Temperature difference over which the relaxation rate counts as constant, K.
  static let temperatureStep = 0.5

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard var crystal = specimen else { throw GrowthError.noSpecimen(model: Self.name) }
    let span = to.si - crystal.temperature.si
    var rings = ZoningProfile(crystal.zoning)
    let steps = max(1, Int((abs(span) / Self.temperatureStep).rounded(.up)))
    for step in 0..<steps {
      let temperature = crystal.temperature.si + span * (Double(step) + 0.5) / Double(steps)
      try rings.relax(for: abs(span) / rate.si / Double(steps), at: temperature, compound: material)
    }
    // Lead vacancies move too slowly to follow: they keep the density that they had at growth.
    let lead = crystal.defects.leadVacancies.si
    let cations = rings.planMean(rings.vacancies)
    crystal.zoning = rings.points(leadVacancies: lead)
    crystal.defects.cationVacancies = NumberDensity(si: cations)
    crystal.defects.halideVacancies = NumberDensity(si: cations + 2 * lead)
    let freeze = try FreezeOut(of: material).freezeTemperature(coolingRate: rate)
    crystal.defects.freezeTemperature = min(freeze, crystal.growthTemperature)
    crystal.temperature = to
    crystal.traps = TrapMeasurement.reading(
      of: crystal.defects, inclusions: crystal.inclusionFraction, thickness: crystal.thickness, in: material)
    return crystal
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] { [] }
}
