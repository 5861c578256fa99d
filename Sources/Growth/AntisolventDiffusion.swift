import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Crystals by the slow uptake of an antisolvent's vapor.
///
/// A vial of solution stands in a closed vessel beside a pool of antisolvent. The vapor comes through still air, dissolves at the
/// surface and sinks into the still solution, which swells (`SwellingLayer`); where the local supersaturation is high enough a
/// nucleus appears, and grows from the layer that it sits in (`LayeredColumn`). The solvent's own vapor and the heat of mixing
/// are left out, and so is convection: a warning tells when the layers would overturn.
public struct AntisolventDiffusion: SolutionProcess {
  public var solvent: String
  public var cosolvent: String?
  public var cosolventFraction: Ratio?
  public var modulator: String?
  public var modulatorConcentration: Concentration?
  public var concentration: Concentration
  public var precursorRatio: Ratio
  public var impurity: String?
  public var impurityFraction: Ratio?
  public var antisolvent: String
  /// Of the pool.
  public var antisolventVolume: Volume
  /// Of the solution.
  public var volume: Volume
  /// Of the vial.
  public var crossSection: Area
  /// Length of still air between the pool and the solution.
  public var vaporPath: Length
  public var contactAngle: Angle
  public var temperature: Temperature
  public var duration: TimeSpan

  public init(
    solvent: String, cosolvent: String? = nil, cosolventFraction: Ratio? = nil, modulator: String? = nil,
    modulatorConcentration: Concentration? = nil, concentration: Concentration, precursorRatio: Ratio = Ratio(si: 1),
    impurity: String? = nil, impurityFraction: Ratio? = nil, antisolvent: String, antisolventVolume: Volume,
    volume: Volume, crossSection: Area, vaporPath: Length = Length(si: 0.05),
    contactAngle: Angle = Angle(si: .pi / 2), temperature: Temperature, duration: TimeSpan
  ) {
    self.solvent = solvent
    self.cosolvent = cosolvent
    self.cosolventFraction = cosolventFraction
    self.modulator = modulator
    self.modulatorConcentration = modulatorConcentration
    self.concentration = concentration
    self.precursorRatio = precursorRatio
    self.impurity = impurity
    self.impurityFraction = impurityFraction
    self.antisolvent = antisolvent
    self.antisolventVolume = antisolventVolume
    self.volume = volume
    self.crossSection = crossSection
    self.vaporPath = vaporPath
    self.contactAngle = contactAngle
    self.temperature = temperature
    self.duration = duration
  }

  public static let name = "antisolventVaporDiffusion"
  public static let summary = "Crystals from a still solution that takes up an antisolvent's vapor."
  public static let keys: [ParameterKey] =
    solutionKeys + [
      ParameterKey("antisolvent", .text(choices: []), "Name of an antisolvent of the solution in data/."),
      .quantity("antisolventVolume", VolumeDimension.self, in: 0...1e-2, "Volume of the pool of antisolvent."),
      .quantity("volume", VolumeDimension.self, in: 1e-9...1e-3, "Volume of the solution."),
      .quantity(
        "crossSection", AreaDimension.self, in: 1e-7...1e-2,
        "Cross section of the round vial; with the volume, the height of the solution."),
      .quantity(
        "vaporPath", LengthDimension.self, in: 1e-4...1, default: "5 cm",
        "Length of still air that the vapor crosses from the pool to the solution."),
      .quantity(
        "contactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg",
        "Contact angle of the nucleus on the vial's wall; near 180° a wall does not help nucleation."),
      .quantity(
        "temperature", TemperatureDimension.self, in: 200...500, default: "25 °C", "Temperature of the vessel."),
      .quantity("duration", DurationDimension.self, in: 1...1e8, "Time until the crystals are taken out."),
    ]

  /// Cells of the column.
  static let cellCount = 64
  /// Diffusivity of a vapor in air at 298 K where data/ has none, m²/s.
  static let usualVaporDiffusivity = 1e-5
  static let airPressure = 101325.0

  public var materials: [String] { [solvent, antisolvent] + [cosolvent, modulator].compactMap { $0 } }

  public var endTemperature: Temperature? { temperature }

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    var course = try VaporCourse(self, of: material, in: library)
    try course.run(until: duration.si, random: &random)
    guard let birth = course.birth else {
      throw GrowthError.noNucleus(largestSaturation: course.column.largestRatio)
    }
    let cohorts = course.column.cohorts
    let largest = cohorts.indices.max { cohorts[$0].edge < cohorts[$1].edge }!
    let edge = cohorts[largest].edge
    guard edge > 10 * PopulationBalance.nucleusEdge else { throw GrowthError.dissolved }
    let front = try FrontHistory(course.fronts[largest], of: material, from: course.column.setting.liquor)
    let defects = front.defects
    let inclusions = front.inclusionFraction
    let habit = try CrystalHabit(of: material)
    let plate = CrystalPlate(of: habit)
    let thickness = plate.thickness(cubeEdge: edge)
    var crystal = GrownCrystal(
      compound: material.name, thicknessMap: plate.thicknessMap(cubeEdge: edge, center: .zero),
      thickness: thickness, lateralSize: plate.lateralSize(cubeEdge: edge), center: .zero,
      outcome: RunOutcome(edges: cohorts.map(\.edge), counts: cohorts.map(\.count)),
      inductionTime: TimeSpan(si: birth.time), nucleationTemperature: temperature,
      crystalCount: cohorts.reduce(0) { $0 + Int($1.count) }, sizes: cohorts.map { plate.lateralRatio * $0.edge },
      nucleationHeight: Length(si: birth.height), growthRate: Velocity(si: plate.lateralRatio * front.meanSpeed.si),
      yield: Ratio(si: course.column.yield), growthTemperature: front.growthTemperature, temperature: temperature,
      orientation: habit.orientation(of: material, random: &random), defects: defects,
      zoning: front.rings.points(scale: plate.lateralRatio), inclusionFraction: inclusions,
      traps: try TrapMeasurement.reading(
        of: defects, inclusions: inclusions, thickness: thickness, in: material),
      record: course.record, balanceError: max(course.column.soluteError, course.column.antisolventError),
      warnings: course.warnings(at: concentration))
    crystal.nucleusSurroundings = birth.surroundings
    front.judge(&crystal)
    return crystal
  }

  /// s and D of the antisolvent in the solvents, SI: means by volume, of D the logarithm.
  /// - Throws: `MaterialError.unknown`.
  func action(in compound: Compound, _ library: MaterialLibrary) throws -> (fall: Double, diffusivity: Double) {
    try Self.action(
      of: antisolvent, in: compound, solvent: solvent, cosolvent: cosolvent, cosolventFraction: cosolventFraction,
      temperature: temperature, library)
  }

  /// The same of any antisolvent.
  /// - Throws: `MaterialError.unknown`.
  static func action(
    of antisolvent: String, in compound: Compound, solvent: String, cosolvent: String?, cosolventFraction: Ratio?,
    temperature: Temperature, _ library: MaterialLibrary
  ) throws -> (fall: Double, diffusivity: Double) {
    let second = cosolvent == nil ? 0 : cosolventFraction?.si ?? 0
    var fall = 0.0
    var logarithm = 0.0
    for (name, share) in [(solvent, 1 - second)] + (cosolvent.map { [($0, second)] } ?? []) {
      let solution = try library.solution(of: compound, in: name)
      guard let law = solution.antisolvents?[antisolvent] else {
        throw MaterialError.unknown(
          what: "antisolvent of \(compound.name) in \(name)", name: antisolvent,
          known: solution.antisolvents?.keys.sorted() ?? [])
      }
      let liquid = try library.solvent(name)
      let reference = solution.referenceTemperature.si
      let warming =
        temperature.si * liquid.viscosity(at: reference) / (reference * liquid.viscosity(at: temperature.si))
      fall += share * law.solubilityFall.si
      logarithm += share * log(law.diffusivity.si * warming)
    }
    return (fall, exp(logarithm))
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found = solutionConflicts(of: material, in: library)
    found += antisolventConflicts(antisolvent, of: material, in: library)
    guard let liquid = library.solvents[antisolvent] else { return found }
    if liquid.vaporPressure == nil {
      found.append(
        ProcessConflict(
          key: "antisolvent", message: "data/ has no vapor pressure of \(antisolvent), so it cannot come as vapor"))
    }
    guard found.isEmpty, let liquor = try? liquor(of: material, in: library) else { return found }
    found += temperatureConflicts(liquid, liquor, material)
    found += undissolvedConflicts(liquor, of: material, at: temperature)
    guard found.isEmpty else { return found }
    do {
      guard try VaporCourse(self, of: material, in: library).highestRatio(concentration.si) <= 1 else { return found }
      found.append(
        ProcessConflict(
          key: "concentration",
          message: "\(concentration.formatted()) is never saturated: \(antisolvent) thins the solution faster than it "
            + "lowers the solubility, so nothing grows"))
    } catch {
      found.append(ProcessConflict(key: "antisolvent", message: "\(error)"))
    }
    return found
  }

  private func temperatureConflicts(
    _ liquid: Solvent, _ liquor: MotherLiquor, _ material: Compound
  ) -> [ProcessConflict] {
    let limits = [
      (liquor.boilingPoint, "the boiling point of \(liquor.name)"),
      (liquid.boilingPoint, "the boiling point of \(antisolvent)"),
      (material.decompositionTemperature, "the decomposition of \(material.name)"),
    ]
    return limits.filter { temperature >= $0.0 }.map {
      ProcessConflict(
        key: "temperature", message: "\(temperature.formatted()) is at or above \($0.1), \($0.0.formatted())")
    }
  }
}

extension Solvent {
  /// p(T) = p(298 K) exp[−(ΔH/R)(1/T − 1/298 K)], Pa; nil where data/ has no vapor pressure.
  ///
  /// Clausius and Clapeyron. Trouton's ΔH = 88 J/(mol K) T_b where data/ has none.
  func vaporPressure(at temperature: Double) -> Double? {
    guard let vaporPressure else { return nil }
    let enthalpy = vaporizationEnthalpy?.si ?? 88 * boilingPoint.si
    return vaporPressure.si * exp(-enthalpy / Constants.gas * (1 / temperature - 1 / Self.referenceTemperature))
  }

  /// m³/mol at 298 K.
  var molarVolume: Double { molarMass.si / density.si }
}
