import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Growth in a vessel of solution along any temperature program.
///
/// Where the solubility falls on heating, a rising program is inverse temperature crystallization; where it rises, a falling
/// program is conventional cooling: both are the same equations, physics (1.1)-(1.9). The solution is mixed; crystals are free
/// cubes. Seeds may be laid in, with or without nuclei beside them.
public struct SolutionGrowth: SolutionProcess {
  public var solvent: String
  public var cosolvent: String?
  public var cosolventFraction: Ratio?
  public var modulator: String?
  public var modulatorConcentration: Concentration?
  public var concentration: Concentration
  public var precursorRatio: Ratio
  public var impurity: String?
  public var impurityFraction: Ratio?
  /// Of the solution.
  public var volume: Volume
  /// Wetted by the solution; that of a cylinder filled as high as it is wide, if nil.
  public var wallArea: Area?
  public var contactAngle: Angle
  /// Foreign particles per volume of solution that filtration left.
  public var dust: NumberDensity?
  public var dustSize: Length
  public var dustContactAngle: Angle
  public var stirringRate: Frequency?
  public var stirrerLength: Length
  public var seedCount: Int?
  public var seedEdge: Length?
  /// Rank of the crystal that is taken on, by edge: 1 for the largest, 0.5 for the median.
  public var harvest: Ratio
  public var program: [ProgramSegment]

  public static let name = "solutionGrowth"
  public static let summary = "Crystals from a vessel of solution: inverse temperature crystallization or cooling."
  public static let keys: [ParameterKey] =
    solutionKeys + [
      .quantity("volume", VolumeDimension.self, in: 1e-10...1e-2, "Volume of the solution."),
      .quantity(
        "wallArea", AreaDimension.self, in: 0...10, default: "",
        "Area that the solution wets; that of a cylinder filled as high as it is wide, if absent."),
      .quantity(
        "contactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg",
        "Contact angle of the nucleus on the vessel; near 180° a wall does not help nucleation."),
      .quantity(
        "dust", NumberDensityDimension.self, in: 0...1e18, default: "",
        "Foreign particles per volume of solution, beside those that the compound's own nucleation rate counts."),
      .quantity("dustSize", LengthDimension.self, in: 1e-8...1e-4, default: "1 µm", "Diameter of the particles."),
      .quantity(
        "dustContactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg",
        "Contact angle of the nucleus on the particles."),
      .quantity(
        "stirringRate", FrequencyDimension.self, in: 0...100, default: "",
        "Turns of the stirrer per time; still, if absent."),
      .quantity(
        "stirrerLength", LengthDimension.self, in: 1e-4...0.5, default: "15 mm", "Length of the stirring bar."),
      .quantity(
        "seedEdge", LengthDimension.self, in: 1e-6...0.1, default: "",
        "Edge of the crystals laid in; needed with `seedCount`."),
      ParameterKey("seedCount", .integer(1...1_000_000), default: "", "Crystals laid in; needed with `seedEdge`."),
      .quantity(
        "harvest", RatioDimension.self, in: 0...1, default: "1",
        "Rank of the crystal that is taken on, by edge: 1 for the largest, 0.5 for the median."),
      ParameterKey("program", .list(ProgramSegment.keys), "Ramps and holds, in order."),
    ]

  public var endTemperature: Temperature? { (try? TemperatureProgram(program)).map { .kelvin($0.lines.last!.to) } }

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    let liquor = try liquor(of: material, in: library)
    let schedule = try TemperatureProgram(program)
    let vessel = vessel(of: material, liquor: liquor)
    var batch = vessel.batch(concentration: concentration.si, program: schedule)
    if let seedCount, let seedEdge { batch.seed(count: Double(seedCount), edge: seedEdge.si) }
    try batch.run(random: &random) { _ in (.zero, .infinity) }
    guard let first = batch.cohorts.first else {
      let lowest = schedule.lines.flatMap { [$0.from, $0.to] }.map { liquor.saturation(at: $0) }.min()!
      throw GrowthError.noNucleus(largestSaturation: concentration.si / lowest)
    }
    let grown = batch.cohorts.indices.filter { batch.edge($0) > 10 * PopulationBalance.nucleusEdge }
    guard let chosen = harvested(grown, of: batch) else { throw GrowthError.dissolved }

    let front = try FrontHistory(batch.front(chosen), of: material, from: liquor)
    let edge = batch.edge(chosen)
    let habit = try CrystalHabit(of: material)
    let plate = CrystalPlate(of: habit)
    let (thickness, lateralSize) = (plate.thickness(cubeEdge: edge), plate.lateralSize(cubeEdge: edge))
    // Seeds were not born here; where nothing else was, they stand for the nucleus.
    let nucleus = batch.cohorts.dropFirst(seedCount == nil ? 0 : 1).first ?? first
    let defects = front.defects
    let inclusions = front.inclusionFraction
    let edges = grown.map { batch.edge($0) }
    let counts = grown.map { batch.cohorts[$0].count }
    var crystal = GrownCrystal(
      compound: material.name,
      thicknessMap: plate.thicknessMap(cubeEdge: edge, center: 0.5 * SIMD2(repeating: lateralSize.si)),
      thickness: thickness, lateralSize: lateralSize, center: 0.5 * SIMD2(repeating: lateralSize.si),
      outcome: RunOutcome(edges: edges, counts: counts), inductionTime: TimeSpan(si: nucleus.birth),
      nucleationTemperature: .kelvin(schedule.temperature(at: nucleus.birth)),
      crystalCount: Int(counts.reduce(0, +)), sizes: edges.map { plate.lateralRatio * $0 },
      growthRate: Velocity(si: plate.lateralRatio * front.meanSpeed.si),
      yield: batch.yield, growthTemperature: front.growthTemperature,
      temperature: .kelvin(schedule.lines.last!.to),
      orientation: habit.orientation(of: material, random: &random), defects: defects,
      zoning: front.rings.points(scale: plate.lateralRatio), inclusionFraction: inclusions,
      traps: try TrapMeasurement.reading(of: defects, inclusions: inclusions, thickness: thickness, in: material),
      record: batch.record(liquor), balanceError: batch.balanceError,
      warnings: warnings(count: counts.reduce(0, +) - Double(seedCount ?? 0), largest: edges.max()!))
    front.judge(&crystal)
    return crystal
  }

  private func vessel(of compound: Compound, liquor: MotherLiquor) -> SolutionVessel {
    var stirrer: SolutionVessel.Stirrer?
    if let stirringRate {
      stirrer = SolutionVessel.Stirrer(rate: stirringRate.si, length: stirrerLength.si)
    }
    return SolutionVessel(
      compound: compound, liquor: liquor, volume: volume.si,
      wallArea: wallArea?.si ?? SolutionVessel.wallArea(volume: volume.si), contactAngle: contactAngle,
      stirrer: stirrer,
      dust: dust.map {
        SolutionVessel.Dust(density: $0.si, size: dustSize.si, contactAngle: dustContactAngle)
      })
  }

  /// The cohort in which the crystal of the asked rank is.
  private func harvested(_ grown: [Int], of batch: PopulationBalance) -> Int? {
    let ranked = grown.sorted { batch.edge($0) < batch.edge($1) }
    let total = ranked.reduce(0) { $0 + batch.cohorts[$1].count }
    var below = 0.0
    for index in ranked {
      below += batch.cohorts[index].count
      if below >= harvest.si * total { return index }
    }
    return ranked.last
  }

  private func warnings(count: Double, largest: Double) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    if concentration.si > 2000 {
      warn(
        "concentratedSolution",
        "\(concentration.si / 1000) mol/L: above 2 mol/L activities are no longer concentrations")
    }
    if count > PopulationBalance.separateBirths {
      warn("manyCrystals", "more than \(Int(PopulationBalance.separateBirths)) crystals: later births are lumped")
    }
    if let dust, count > dust.si * volume.si {
      warn("dustUsedUp", "more crystals than particles: dust that has served is counted again")
    }
    if largest > 0.5 * cbrt(volume.si) {
      warn("crystalFillsVessel", "the largest crystal is longer than half the vessel: its walls are not felt here")
    }
    return found
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found = solutionConflicts(of: material, in: library)
    if (seedCount == nil) != (seedEdge == nil) {
      let (present, missing) = seedCount == nil ? ("seedEdge", "seedCount") : ("seedCount", "seedEdge")
      found.append(ProcessConflict(key: present, message: "`\(present)` needs `\(missing)` beside it"))
    }
    guard found.isEmpty, let liquor = try? liquor(of: material, in: library) else { return found }
    found += programConflicts(program, liquor: liquor, compound: material)
    do {
      found += saturationConflicts(try TemperatureProgram(program), liquor: liquor, compound: material)
    } catch {
      found.append(ProcessConflict(key: "program", message: "\(error)"))
    }
    if let seedCount, let seedEdge, Double(seedCount) * pow(seedEdge.si, 3) > 0.5 * volume.si {
      found.append(ProcessConflict(key: "seedEdge", message: "the seeds fill more than half of the solution"))
    }
    return found
  }
}
