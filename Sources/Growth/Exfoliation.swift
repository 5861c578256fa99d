import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Mechanical exfoliation of a layered crystal: peels of tape, then the choice of a flake.
///
/// The crystal is cleaved and torn peel by peel (`FlakePopulation`); what is thick and wide enough for the device is
/// accepted, physics (4.7), and one accepted flake, each as likely as the next, becomes the crystal. It comes from a
/// random place of the plan and keeps the defects of that place, more vacancies by the strain of its peeling, and traps
/// on its edges. A flake that is peeled again remembers the largest strain that it has borne: what held then holds
/// again, and only more makes more vacancies. A film of grains is peeled as if it were one crystal. Statistics only: how
/// many interfaces a peel opens is not predicted.
public struct Exfoliation: ProcessModel {
  public var peels: Int
  /// That a peel opens an interface of a flake on the tape.
  public var cleavageProbability: Ratio
  public var tapeRadius: Length?
  public var slip: Ratio
  public var minimumThickness: Length?
  public var maximumThickness: Length?
  public var minimumArea: Area?

  public init(
    peels: Int = 10, cleavageProbability: Ratio, tapeRadius: Length? = nil, slip: Ratio = Ratio(si: 1),
    minimumThickness: Length? = nil, maximumThickness: Length? = nil, minimumArea: Area? = nil
  ) {
    self.peels = peels
    self.cleavageProbability = cleavageProbability
    self.tapeRadius = tapeRadius
    self.slip = slip
    self.minimumThickness = minimumThickness
    self.maximumThickness = maximumThickness
    self.minimumArea = minimumArea
  }

  public static let name = "exfoliation"
  public static let summary =
    "Peeling of a layered crystal with tape; one of the flakes in the wanted window is taken on."
  public static let keys: [ParameterKey] = [
    ParameterKey("peels", .integer(1...100), default: "10", "Times that the tape is folded and peeled apart."),
    .quantity(
      "cleavageProbability", RatioDimension.self, in: 1e-9...1,
      "Probability p that one peel opens an interface between two layers; k peels leave 1/(k p) layers on average, if "
        + "that is many."),
    .quantity(
      "tapeRadius", LengthDimension.self, in: 1e-6...0.1, default: "",
      "Radius over which the tape is led; adhesion sets the bend, if absent."),
    .quantity(
      "slip", RatioDimension.self, in: 1...1000, default: "1",
      "Plies into which a bent flake slips; it lowers the strain under a `tapeRadius` alone."),
    .quantity(
      "minimumThickness", LengthDimension.self, in: 0...1e-2, default: "", "Thinnest flake that is taken."),
    .quantity(
      "maximumThickness", LengthDimension.self, in: 1e-10...1e-2, default: "", "Thickest flake that is taken."),
    .quantity(
      "minimumArea", AreaDimension.self, in: 0...1e-2, default: "",
      "Smallest area that is taken, such as that of the electrodes' overlap."),
  ]

  /// Flakes that are followed at most.
  static let flakeLimit = 10_000
  /// Accepted flakes that are handed on at most.
  static let plateLimit = 2000
  /// Effective number of accepted flakes in a sample below which their spread is not told.
  static let fewestFlakes = 30.0
  /// Mean number of cracks in an area above which its flake is a rare survivor: one in twenty.
  static let manyCracks = 3.0

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard let specimen else { throw GrowthError.noSpecimen(model: Self.name) }
    guard let law = material.exfoliability else { throw GrowthError.noFlake(reason: Self.notLayered(material)) }
    let tape = try peeled(specimen, by: law, random: &random)
    let accepted = try select(tape, spacing: law.layerSpacing.si)
    return try GrowthError.naming {
      try flake(of: accepted, from: tape, cutFrom: specimen, of: material, by: law, random: &random)
    }
  }

  private func peeled(
    _ crystal: GrownCrystal, by law: Exfoliability, random: inout RandomSource
  ) throws -> FlakePopulation {
    let layers = (crystal.thickness.si / law.layerSpacing.si).rounded()
    guard layers >= 1, layers < 1e12, crystal.lateralSize.si > 0 else {
      throw GrowthError.noFlake(reason: "the crystal is \(crystal.thickness.formatted()) thick, less than a layer")
    }
    var tape = FlakePopulation(
      layers: Int(layers), area: Area(si: crystal.lateralSize.si * crystal.lateralSize.si),
      strain: crystal.exfoliationStrain ?? Ratio(si: 0), limit: Self.flakeLimit)
    let bending = PeelStrain(of: law, tapeRadius: tapeRadius, slip: slip)
    for _ in 0..<peels { tape.peel(probability: cleavageProbability.si, bending: bending, random: &random) }
    return tape
  }

  private func select(_ tape: FlakePopulation, spacing: Double) throws -> [TapeFlake] {
    // A window written to whole layers takes in its ends.
    let thinnest = (minimumThickness?.si ?? 0) * (1 - 1e-9)
    let thickest = (maximumThickness?.si ?? .infinity) * (1 + 1e-9)
    let thick = tape.flakes.filter { (thinnest...thickest).contains(Double($0.layers) * spacing) }
    let accepted = thick.filter { $0.area >= minimumArea?.si ?? 0 }
    guard accepted.isEmpty else { return accepted }
    let what =
      thick.isEmpty
      ? "none of them is as thick as wanted" : "none of the wanted thickness is as wide as `minimumArea`"
    let all = QuantityText.number(tape.flakes.reduce(0) { $0 + $1.count }, digits: 2)
    throw GrowthError.noFlake(reason: "\(all) pieces came of the crystal, and \(what)")
  }

  /// The crystal as one of its accepted flakes.
  private func flake(
    of accepted: [TapeFlake], from tape: FlakePopulation, cutFrom parent: GrownCrystal, of material: Compound,
    by law: Exfoliability, random: inout RandomSource
  ) throws -> GrownCrystal {
    let total = accepted.reduce(0) { $0 + $1.count }
    let number = max(1, Int(min(total.rounded(), 1e15)))
    let flakes = Self.drawn(min(Self.plateLimit, accepted.count, number), from: accepted, random: &random)
    let chosen = flakes[min(flakes.count - 1, Int(random.uniform() * Double(flakes.count)))]
    let edge = chosen.area.squareRoot()

    var crystal = parent
    crystal.thickness = Length(si: Double(chosen.layers) * law.layerSpacing.si)
    crystal.layerCount = chosen.layers
    crystal.exfoliationStrain = Ratio(si: chosen.strain)
    crystal.lateralSize = Length(si: edge)
    crystal.center = 0.5 * SIMD2(repeating: edge)
    crystal.thicknessMap = CrystalPlate.evenMap(edge: edge, thickness: crystal.thickness.si, center: crystal.center)
    crystal.grainMap = nil
    crystal.supportTemperature = parent.temperature
    crystal.plate = []
    // Cleaved faces follow a layer.
    crystal.roughness = nil
    crystal.coverage = nil
    crystal.crystalCount = number
    crystal.sizes = flakes.map { $0.area.squareRoot() }
    // Of the crystal's substance, not of the solution's solute as before.
    crystal.yield = Ratio(
      si: min(1, accepted.reduce(0) { $0 + $1.count * Double($1.layers) * $1.area } / tape.substance))

    // Rings are squares, so that a random place of the plan lies in one with its area.
    var rings = try ZoningProfile(of: parent, compound: material)
    let place = random.uniform().squareRoot() * rings.radii.last!
    rings.cut(rings.radii.firstIndex { $0 >= place }!, halfEdge: 0.5 * edge)
    try rings.settle(at: parent.temperature)
    let creation = VacancyCreation(
      bending: PeelStrain(of: law, tapeRadius: tapeRadius, slip: slip), temperature: parent.temperature,
      halideVacancies: rings.settled[0].halideVacancies, cationVacancies: rings.settled[0].cationVacancies,
      earlierStrain: parent.exfoliationStrain ?? Ratio(si: 0), compound: material)
    let created = creation.density(strain: chosen.strain)
    crystal.edgeTraps = Self.edgeTraps(of: chosen, law)
    for ring in rings.vacancies.indices { rings.vacancies[ring] += created }
    try crystal.adopt(
      rings, at: parent.temperature, freezeTemperature: parent.defects.freezeTemperature, of: material)

    // Both vacancies of a pair count, as in `TrapMeasurement.density`.
    let trapsPerPair = 2 * material.defects.deepTrapFraction.si
    let bulk =
      TrapMeasurement.density(of: crystal.defects, inclusions: crystal.inclusionFraction, in: material).si
      - trapsPerPair * created
    let halideVacancies = crystal.defects.halideVacancies.si - created
    // Boundaries of a film that was peeled as if it were one crystal.
    let atBoundaries = crystal.boundaryTraps.si - crystal.edgeTraps.si
    crystal.plate = flakes.map { flake in
      let created = creation.density(strain: flake.strain)
      let boundaryTraps = NumberDensity(si: Self.edgeTraps(of: flake, law).si + atBoundaries)
      return PlateMember(
        position: SIMD2(random.uniform(), random.uniform()) * parent.lateralSize.si, area: Area(si: flake.area),
        thickness: Length(si: Double(flake.layers) * law.layerSpacing.si),
        halideVacancies: NumberDensity(si: halideVacancies + created),
        trapDensity: NumberDensity(si: bulk + trapsPerPair * created + boundaryTraps.si),
        boundaryTraps: boundaryTraps)
    }
    crystal.warnings += warnings(
      chosen: chosen, accepted: accepted, isSampled: tape.isSampled, isCapped: creation.isCapped(strain: chosen.strain),
      by: law)
    return crystal
  }

  /// So many flakes of the accepted ones, each with the chance of its count; evenly spaced, so that few come twice.
  private static func drawn(
    _ number: Int, from accepted: [TapeFlake], random: inout RandomSource
  ) -> [TapeFlake] {
    let share = accepted.reduce(0) { $0 + $1.count } / Double(number)
    let start = random.uniform()
    var index = 0
    var reach = accepted[0].count
    return (0..<number).map { point in
      let place = (Double(point) + start) * share
      while reach < place, index < accepted.count - 1 {
        index += 1
        reach += accepted[index].count
      }
      return accepted[index]
    }
  }

  /// Deep traps of a flake's torn edge over its volume: perimeter over area of a square.
  private static func edgeTraps(of flake: TapeFlake, _ law: Exfoliability) -> NumberDensity {
    NumberDensity(si: 4 / flake.area.squareRoot() * law.edgeTrapDensity.si)
  }

  private func warnings(
    chosen: TapeFlake, accepted: [TapeFlake], isSampled: Bool, isCapped: Bool, by law: Exfoliability
  ) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    let cracks = PeelStrain(of: law).crackDensity(strain: Ratio(si: chosen.strain)) * chosen.area
    if cracks > Self.manyCracks {
      warn(
        "flakeFractures",
        String(
          format: "the flake was strained by %.2g %% and would break in %.3g %% of peels; it is a rare survivor",
          100 * chosen.strain, -100 * expm1(-cracks)))
    }
    if isCapped {
      warn(
        "strainedVacancies",
        String(
          format: "strained by %.2g %% the flake would make more vacancies than 3 %% of the sites; these are counted",
          100 * chosen.strain))
    }
    let sum = accepted.reduce(0) { $0 + $1.count }
    let effective = sum * sum / accepted.reduce(0) { $0 + $1.count * $1.count }
    if isSampled, effective < Self.fewestFlakes {
      warn(
        "fewFlakes",
        String(format: "the accepted flakes are told by a sample of %.0f; their number is uncertain", effective))
    }
    return found
  }

  private static func notLayered(_ material: Compound) -> String {
    "the library has no `exfoliability` of \(material.name); compounds whose layers hold loosely have one"
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found: [ProcessConflict] = []
    if material.exfoliability == nil {
      found.append(ProcessConflict(key: "model", message: Self.notLayered(material)))
    }
    if let minimumThickness, let maximumThickness, maximumThickness < minimumThickness {
      found.append(
        ProcessConflict(
          key: "maximumThickness",
          message: "\(maximumThickness.formatted()) is below `minimumThickness`, \(minimumThickness.formatted())"))
    }
    if let law = material.exfoliability, let maximumThickness, maximumThickness < law.layerSpacing {
      found.append(
        ProcessConflict(
          key: "maximumThickness",
          message: "\(maximumThickness.formatted()) is thinner than one layer of \(material.name), "
            + law.layerSpacing.formatted()))
    }
    return found
  }
}

/// Pairs of vacancies that bending makes.
///
///     Δc = c (f(ε)/f(ε₁) − 1),  f = sinh(x)/x of `PeelStrain.vacancyFactor`
///
/// c are the halide vacancies of the crystal as it is, ε₁ the largest strain that it had borne by then: bends in turn
/// make what the largest of them makes alone. What heat has healed between two peels is not made anew until the flake
/// bends further.
private struct VacancyCreation {
  let bending: PeelStrain
  let temperature: Temperature
  /// Before, 1/m³.
  let halideVacancies: Double
  let cationVacancies: Double
  let earlierStrain: Ratio
  let compound: Compound

  /// Room below the share of empty sites that dilute defects may reach, 1/m³.
  private var room: Double {
    let sites = ZoningProfile.diluteLimit * compound.formulaUnitDensity
    return max(
      0,
      min(
        sites * Double(compound.ions.halide) - halideVacancies, sites * Double(compound.ions.cation) - cationVacancies))
  }

  private func wanted(strain: Double) -> Double {
    guard strain > earlierStrain.si else { return 0 }
    let factor = { bending.vacancyFactor(strain: $0, at: temperature) }
    return halideVacancies * (factor(Ratio(si: strain)) / factor(earlierStrain) - 1)
  }

  /// 1/m³.
  func density(strain: Double) -> Double { min(room, wanted(strain: strain)) }

  func isCapped(strain: Double) -> Bool { wanted(strain: strain) > room }
}

extension ZoningProfile {
  /// Leaves one ring, over the whole of a piece cut from there: as two rings, for plots.
  fileprivate mutating func cut(_ ring: Int, halfEdge: Double) {
    func twice(_ values: [Double]) -> [Double] { [values[ring], values[ring]] }
    radii = [0.5 * halfEdge, halfEdge]
    births = twice(births)
    temperatures = twice(temperatures)
    speeds = twice(speeds)
    vacancies = twice(vacancies)
    leadVacancies = twice(leadVacancies)
    impurities = twice(impurities)
    excessElectrons = twice(excessElectrons)
  }
}
