import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A film, or platelets, from the vapors of salts in a vacuum.
///
/// Crucibles evaporate until they are empty (`Evaporation`, `SourceGeometry`); on the substrate the salts react, stay
/// or leave (`SurfaceBalance`); what stays makes the compound and its neighbors (`PhaseShares`) layer by layer
/// (`FilmColumn`). Islands nucleate and meet (`IslandNucleation`); where they do not, each is a crystal of its own. No
/// chemistry beyond the phases of data/, no epitaxy: the substrate only holds the film. Where islands meet, columns
/// compete for the room above them, grains grow by curvature as long as the substrate is hot, and the upper face
/// roughens and smooths (`FilmFace`).
public struct VacuumSublimation: ProcessModel {
  public var sources: [CrucibleSetting]
  /// From the crucibles' level to the plate.
  public var distance: Length
  /// A layer of data/.
  public var substrate: String
  public var substrateTemperature: Temperature
  /// Of the residual gas.
  public var pressure: Pressure
  /// Until the shutter closes; until the crucibles are empty, if nil.
  public var duration: TimeSpan?
  /// At which the shutter closes.
  public var targetThickness: Length?
  public var plateArea: Area
  /// Devices along an edge of the plate.
  public var diesPerEdge: Int
  /// Turns of the plate about its normal per time; at rest, if nil.
  public var rotationRate: Frequency?

  public init(
    sources: [CrucibleSetting], distance: Length, substrate: String, substrateTemperature: Temperature,
    pressure: Pressure = Pressure(si: 1e-4), duration: TimeSpan? = nil, targetThickness: Length? = nil,
    plateArea: Area, diesPerEdge: Int = 8, rotationRate: Frequency? = nil
  ) {
    self.sources = sources
    self.distance = distance
    self.substrate = substrate
    self.substrateTemperature = substrateTemperature
    self.pressure = pressure
    self.duration = duration
    self.targetThickness = targetThickness
    self.plateArea = plateArea
    self.diesPerEdge = diesPerEdge
    self.rotationRate = rotationRate
  }

  public static let name = "vacuumSublimation"
  public static let summary = "A film from the vapors of its salts in a vacuum, from one crucible or several."
  public static let makesCrystal = true
  public static let keys: [ParameterKey] = [
    ParameterKey("sources", .list(CrucibleSetting.keys), "Crucibles, all open from the start."),
    .quantity(
      "distance", LengthDimension.self, in: 1e-3...3, default: "20 cm", "From the crucibles' level up to the plate."),
    ParameterKey("substrate", .text(choices: []), "Name of the layer in data/ on which the film grows."),
    .quantity(
      "substrateTemperature", TemperatureDimension.self, in: 100...900, default: "25 °C",
      "Temperature of the substrate."),
    .quantity(
      "pressure", PressureDimension.self, in: 0...100, default: "1e-4 Pa", "Pressure of the residual gas."),
    .quantity(
      "duration", DurationDimension.self, in: 1e-3...1e7, default: "",
      "Time until the shutter closes; until the crucibles are empty, if absent."),
    .quantity(
      "targetThickness", LengthDimension.self, in: 1e-10...1e-3, default: "",
      "Thickness at the plate's middle at which the shutter closes, if it is reached."),
    .quantity("plateArea", AreaDimension.self, in: 1e-8...1, default: "25 mm * 25 mm", "Area of the square plate."),
    ParameterKey("diesPerEdge", .integer(1...64), default: "8", "Devices along an edge of the plate."),
    .quantity(
      "rotationRate", FrequencyDimension.self, in: 0...100, default: "",
      "Turns of the plate about its normal per time, many in the run; at rest, if absent."),
  ]

  public var materials: [String] { [substrate] + sources.map(\.source) }

  public var endTemperature: Temperature? { substrateTemperature }

  /// Cells along an edge of the thickness map.
  static let mapWidth = 24
  /// Groups of intervals in which the rest of the plate follows its middle.
  static let groupCount = 48
  /// Share of the substrate that islands cover at most where each is a crystal of its own.
  static let islandLimit = 0.5

  var edge: Double { plateArea.si.squareRoot() }

  var geometries: [SourceGeometry] {
    sources.map {
      SourceGeometry(
        distance: distance, offset: $0.offset, azimuth: $0.azimuth, exponent: $0.emissionExponent,
        freePath: SourceGeometry.freePath(pressure: pressure), isRotating: (rotationRate?.si ?? 0) > 0)
    }
  }

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    guard let law = material.sublimation else {
      throw MaterialError.unknown(what: "sublimation constants", name: material.name, known: [])
    }
    guard let boundaries = material.grainBoundaries else {
      throw MaterialError.unknown(what: "grain boundaries", name: material.name, known: [])
    }
    return try GrowthError.naming {
      try FilmOutcome(self, of: material, law: law, boundaries: boundaries, in: library).crystal(random: &random)
    }
  }

  /// Half spheres or a film at the plate's middle, by the rate equations of islands.
  static func islands(
    of compound: Compound, law: Sublimation, laws: FilmColumn.Laws, supply: Double, temperature: Temperature
  ) -> IslandNucleation {
    let kT = Constants.boltzmann * temperature.si
    let sites = laws.balance.sites
    // A formula unit sticks as the salt that holds it best does to its own solid.
    let desorption = (0..<law.salts.count).map { laws.balance.fullDesorption[$0] }.min()!
    return IslandNucleation(
      flux: supply, sites: sites,
      diffusivity: law.attemptFrequency.si / (4 * sites) * exp(-law.diffusionEnergy.si / kT),
      residenceTime: sites / desorption, criticalSize: law.criticalSize.si, clusterEnergy: law.clusterEnergy.si / kT,
      unitVolume: 1 / compound.formulaUnitDensity)
  }
}

// MARK: Conflicts

extension VacuumSublimation {
  /// Film that a crucible must deliver at least, m.
  private static let leastFilm = 1e-10

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    guard let law = material.sublimation, material.grainBoundaries != nil else {
      return [
        ProcessConflict(
          key: "sources", message: "data/ has no sublimation or no grainBoundaries of \(material.name) yet")
      ]
    }
    var found: [ProcessConflict] = []
    if library.layers[substrate] == nil {
      found.append(
        ProcessConflict(
          .unknownName(what: "layer", name: substrate, known: library.layers.keys.sorted()), key: "substrate",
          message: "no layer named `\(substrate)`"))
    }
    if substrateTemperature >= material.decompositionTemperature {
      found.append(
        ProcessConflict(
          key: "substrateTemperature",
          message: "\(substrateTemperature.formatted()) is at or above the decomposition of \(material.name), "
            + material.decompositionTemperature.formatted()))
    }
    found += sourceConflicts(of: material, law: law, in: library)
    guard found.isEmpty, let course = try? SublimationCourse(self, of: material, law: law, in: library) else {
      return found
    }
    for (index, crucible) in course.crucibles.enumerated() {
      let rate = zip(crucible.parts, crucible.rates).reduce(0) {
        $0 + course.salts[$1.0.salt].moleculeVolume * $1.1
      }
      let time = duration?.si ?? SublimationCourse.longestRun
      let film = rate * time * course.geometries[index].share(at: .zero)
      guard film < Self.leastFilm else { continue }
      let brings = "brings \(Length(si: film).formatted()) of film in \(TimeSpan(si: time).formatted())"
      let path = SourceGeometry.freePath(pressure: pressure)
      found.append(
        distance.si > 5 * path.si
          ? ProcessConflict(
            key: "pressure",
            message: "\(pressure.formatted()) is too much gas: molecules fly \(path.formatted()) between collisions, "
              + "and \(sources[index].source) \(brings)")
          : ProcessConflict(
            key: "sources[\(index)].temperature",
            message: "\(sources[index].source) at \(sources[index].temperature.formatted()) is too cold: it \(brings)"))
    }
    return found
  }

  private func sourceConflicts(of material: Compound, law: Sublimation, in library: MaterialLibrary)
    -> [ProcessConflict]
  {
    var found: [ProcessConflict] = []
    let salts = law.salts.keys.sorted()
    let known = salts + [material.name]
    for (index, setting) in sources.enumerated() where !known.contains(setting.source) {
      let key = "sources[\(index)].source"
      let what = library.sources[setting.source] == nil ? "source" : "salt of \(material.name)"
      let names = library.sources[setting.source] == nil ? library.sources.keys.sorted() + [material.name] : known
      found.append(
        ProcessConflict(
          .unknownName(what: what, name: setting.source, known: names), key: key,
          message: "no \(what) named `\(setting.source)`"))
    }
    for salt in salts where library.sources[salt] == nil {
      found.append(
        ProcessConflict(
          .unknownName(what: "source", name: salt, known: library.sources.keys.sorted()), key: "sources",
          message: "no source named `\(salt)`"))
    }
    guard found.isEmpty else { return found }
    for salt in salts where !sources.contains(where: { $0.source == salt || $0.source == material.name }) {
      let elements = library.sources[salt]!.elements.keys.sorted().joined(separator: " and ")
      found.append(
        ProcessConflict(
          key: "sources", message: "no crucible holds \(salt), so \(elements) cannot make \(material.name)"))
    }
    return found
  }
}
