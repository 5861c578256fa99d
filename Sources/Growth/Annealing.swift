import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Annealing: up to a temperature, a stay there, and back to the temperature from before.
///
/// Cation vacancies relax to their sinks on the way; lead vacancies and foreign ions stay. Without an atmosphere the
/// crystal keeps its electrons; in one of halogen they follow its activity (physics (1.16), (1.17)). In the stay grains
/// of a film grow, its map of grains stays as it was; salts of a film from vapor wander between its layers and react.
public struct Annealing: ProcessModel {
  public var temperature: Temperature
  public var duration: TimeSpan
  public var heatingRate: HeatingRate
  public var coolingRate: HeatingRate
  /// Activity of the halogen X = ½X₂ over that beside the stoichiometric, undoped crystal; no exchange if nil.
  public var halideActivity: Ratio?
  /// Activity of AX over that beside the stoichiometric crystal.
  public var saltActivity: Ratio?

  public init(
    temperature: Temperature, duration: TimeSpan, heatingRate: HeatingRate, coolingRate: HeatingRate,
    halideActivity: Ratio? = nil, saltActivity: Ratio? = nil
  ) {
    self.temperature = temperature
    self.duration = duration
    self.heatingRate = heatingRate
    self.coolingRate = coolingRate
    self.halideActivity = halideActivity
    self.saltActivity = saltActivity
  }

  public static let name = "annealing"
  public static let summary = "Heating, a stay, and cooling back; defects approach equilibrium and freeze again."
  public static let keys: [ParameterKey] = [
    .quantity("temperature", TemperatureDimension.self, in: 200...700, "Temperature of the stay."),
    .quantity("duration", DurationDimension.self, in: 0...1e8, "Length of the stay."),
    .quantity("heatingRate", HeatingRateDimension.self, in: 1e-7...10, "Speed of heating, always above 0."),
    .quantity("coolingRate", HeatingRateDimension.self, in: 1e-7...10, "Speed of cooling back, always above 0."),
    .quantity(
      "halideActivity", RatioDimension.self, in: 1e-20...1e20, default: "",
      "Activity of the halogen during the stay over that beside the stoichiometric crystal; sealed off, if absent."),
    .quantity(
      "saltActivity", RatioDimension.self, in: 0.01...100, default: "",
      "Activity of the A halide during the stay over that beside the stoichiometric crystal; the crystal's own, if absent."),
  ]

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard let specimen else { throw GrowthError.noSpecimen(model: Self.name) }
    return try GrowthError.naming { try annealed(specimen, of: material, in: library) }
  }

  private func annealed(
    _ specimen: GrownCrystal, of material: Compound, in library: MaterialLibrary
  ) throws -> GrownCrystal {
    var crystal = specimen
    var rings = try ZoningProfile(of: crystal, compound: material)
    let start = crystal.temperature
    try rings.ramp(from: start, to: temperature, rate: heatingRate)
    let environment = environment(of: material, beside: rings.environment(at: temperature))
    if halideActivity != nil {
      try rings.relax(
        for: duration.si, at: temperature.si, in: environment, thickness: crystal.thickness.si)
    } else {
      try rings.relax(for: duration.si, at: temperature.si, in: environment)
    }
    try rings.ramp(from: temperature, to: start, rate: coolingRate)
    let freeze = try FreezeOut(of: material).freezeTemperature(coolingRate: coolingRate)
    crystal.coarsen(for: duration, at: temperature, of: material)
    try crystal.mixSalts(for: duration, at: temperature, of: material, in: library)
    // A stay too cold or too short to unfreeze the vacancies leaves the temperature where they froze before.
    let isUnfrozen = duration.si > FreezeOut(of: material).relaxationTime(at: temperature.si)
    let last = crystal.defects.freezeTemperature
    try crystal.adopt(
      rings, at: start, freezeTemperature: isUnfrozen ? min(freeze, temperature) : last, of: material)
    return crystal
  }

  /// What surrounds the crystal during the stay.
  private func environment(
    of material: Compound, beside own: ChemicalEnvironment = .reference
  ) -> ChemicalEnvironment {
    ChemicalEnvironment(
      saltActivity: saltActivity?.si ?? exp(own.logSalt), halideActivity: halideActivity?.si ?? 1,
      cations: material.ions.cation, metals: material.ions.metal)
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    let celsius = { (kelvin: Double) -> String in String(format: "%.1f °C", kelvin - 273.15) }
    var found: [ProcessConflict] = []
    if temperature >= material.decompositionTemperature {
      found.append(
        ProcessConflict(
          key: "temperature",
          message: "\(celsius(temperature.si)) is at or above the decomposition of \(material.name), "
            + celsius(material.decompositionTemperature.si)))
    }
    let asked = environment(of: material)
    let possible = asked.bounded(in: material, at: temperature)
    if abs(possible.logSalt - asked.logSalt) > 1e-9 {
      found.append(
        ProcessConflict(
          key: "saltActivity",
          message: "\(material.name) falls apart into its salts there; the nearest activity that it stands is "
            + String(format: "%.3g", exp(possible.logSalt))))
    }
    return found
  }
}
