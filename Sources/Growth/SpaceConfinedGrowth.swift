import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Inverse temperature crystallization between two plates.
///
/// Solute diffuses over a map of the gap; nuclei appear where solution is rich, crystals grow by the solution around
/// them (`ConfinedMap`, physics (2.1)-(2.6)). With more crystals than a map can tell apart, solution is taken as
/// mixed: one mean supersaturation drives nucleation on both plates and Frank's growth of each crystal. The crystals
/// leave the solution at the end of the program.
///
/// A wall acts by two closures: `contactAngle` by nucleation alone, `wallMobility` by the front's speed alone.
/// Hydrophobic walls give fewer nuclei and faster lateral growth (10.1186/s40580-020-00236-5); what moves the solute
/// there is not known.
public struct SpaceConfinedGrowth: SolutionProcess {
  public var solvent: String
  public var cosolvent: String?
  public var cosolventFraction: Ratio?
  public var modulator: String?
  public var modulatorConcentration: Concentration?
  public var concentration: Concentration
  public var precursorRatio: Ratio
  public var impurity: String?
  public var impurityFraction: Ratio?
  /// Distance of the plates at the middle of the cell.
  public var gap: Length
  /// Slope of the upper plate along x.
  public var gapWedge: Angle
  /// Curvature of the upper plate: the gap grows by κ r²/2 from the middle.
  public var gapBow: Curvature
  /// Solution film that stays between crystal and plate, both sides together.
  public var wettingFilm: Length
  /// Area of the square plates.
  public var plateArea: Area
  public var contactAngle: Angle
  /// Diffusion in the gap and integration at the rim over those elsewhere: a front is faster by this factor.
  public var wallMobility: Ratio
  /// Speed at which the plates' open edge exchanges solute with a reservoir of the first solution.
  public var edgeExchange: Velocity
  /// Cells of the map along an edge of the plates.
  public var mapWidth: Int
  public var program: [ProgramSegment]

  public static let name = "spaceConfinedGrowth"
  public static let summary = "Inverse temperature crystallization in the gap between two plates."
  public static let keys: [ParameterKey] =
    solutionKeys + [
      .quantity("gap", LengthDimension.self, in: 1e-7...2e-4, "Distance of the plates at the middle of the cell."),
      .quantity(
        "gapWedge", AngleDimension.self, in: -1e-2...1e-2, default: "0 rad", "Slope of the upper plate along x."),
      .quantity("gapBow", CurvatureDimension.self, in: -1...1, default: "0 1/m", "Curvature of the upper plate."),
      .quantity(
        "wettingFilm", LengthDimension.self, in: 0...1e-6, default: "0 nm",
        "Solution left between crystal and plates."),
      .quantity(
        "plateArea", AreaDimension.self, in: 1e-8...1e-2,
        "Area of the square plates; with the gap, the volume of solution."),
      .quantity(
        "contactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg",
        "Contact angle of the nucleus on the plates; near 180° a wall does not help nucleation."),
      .quantity(
        "wallMobility", RatioDimension.self, in: 0.01...100, default: "1",
        "Factor of diffusion and integration by the plates' treatment; a front moves faster by it."),
      .quantity(
        "edgeExchange", VelocityDimension.self, in: 0...1e-2, default: "0 m/s",
        "Speed of exchange with a reservoir of the first solution around the plates; 0 for a closed edge."),
      ParameterKey(
        "mapWidth", .integer(16...512), default: "64", "Cells of the solution's map along an edge of the plates."),
      ParameterKey("program", .list(ProgramSegment.keys), "Ramps and holds, in order."),
    ]

  /// Rayleigh number of the gap below which solute moves by diffusion alone.
  static let rayleighLimit = 100.0
  private var geometry: GapGeometry {
    GapGeometry(middle: gap, wedge: gapWedge, bow: gapBow, plateArea: plateArea, wettingFilm: wettingFilm)
  }

  public var endTemperature: Temperature? { (try? TemperatureProgram(program)).map { .kelvin($0.lines.last!.to) } }

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    let geometry = self.geometry
    guard geometry.narrowest > geometry.wettingFilm + 10 * material.latticeConstant.si else {
      throw GrowthError.gapClosed(narrowest: geometry.narrowest)
    }
    let liquor = try liquor(of: material, in: library)
    let schedule = try TemperatureProgram(program)
    let habit = try CrystalHabit(of: material)
    guard let outcome = try outcome(of: material, habit, liquor, geometry, schedule, random: &random) else {
      throw GrowthError.noNucleus(
        largestSaturation: max(
          concentration.si / liquor.saturation(at: schedule.hottest),
          concentration.si / liquor.saturation(at: schedule.beginning)))
    }
    guard min(outcome.edges[outcome.largest], outcome.extent.min()) > 10 * PopulationBalance.nucleusEdge else {
      throw GrowthError.dissolved
    }

    // Crystals that dissolved again are no crystals.
    let grown = outcome.edges.indices.filter { outcome.edges[$0] > 10 * PopulationBalance.nucleusEdge }
    let edges = grown.map { outcome.edges[$0] }
    let counts = grown.map { outcome.counts[$0] }
    let front = try FrontHistory(outcome.front, of: material, from: liquor)
    let top = geometry.height(x: outcome.center.x, y: outcome.center.y) - geometry.wettingFilm
    let thickness = Length(si: min(top, outcome.height))
    let defects = front.defects
    let inclusions = front.inclusionFraction
    let nucleationTemperature = Temperature.kelvin(schedule.temperature(at: outcome.firstBirth))
    var crystal = GrownCrystal(
      compound: material.name, thicknessMap: thicknessMap(outcome, geometry: geometry), thickness: thickness,
      lateralSize: Length(si: outcome.extent.min()), center: outcome.center,
      outcome: RunOutcome(edges: edges, counts: counts),
      inductionTime: TimeSpan(si: outcome.firstBirth), nucleationTemperature: nucleationTemperature,
      crystalCount: counts.reduce(0) { $0 + Int($1) }, sizes: edges,
      coverage: outcome.coverage.map { Ratio(si: $0) }, growthRate: front.meanSpeed, yield: Ratio(si: outcome.yield),
      growthTemperature: front.growthTemperature, temperature: .kelvin(schedule.lines.last!.to),
      orientation: orientation(of: material, habit, liquor, at: nucleationTemperature, random: &random),
      defects: defects,
      zoning: front.rings.points(), inclusionFraction: inclusions,
      traps: try TrapMeasurement.reading(
        of: defects, inclusions: inclusions, thickness: thickness, in: material),
      record: outcome.record, balanceError: outcome.balanceError,
      warnings: warnings(outcome, geometry: geometry, liquor: liquor, compound: material, hottest: schedule.hottest),
      grainMap: outcome.grains)
    front.judge(&crystal)
    crystal.plate = try plate(outcome, geometry: geometry, of: material, from: liquor)
    return crystal
  }

  /// Crystals whose own front is worked out for the plate; the others lie between them by order of birth.
  private static let tracedCrystals = 8

  /// All crystals of the run that did not dissolve again, each with its own height, plan and defects.
  private func plate(
    _ outcome: ConfinedOutcome, geometry: GapGeometry, of material: Compound, from liquor: MotherLiquor
  ) throws -> [PlateMember] {
    let grown = outcome.edges.indices.filter { outcome.edges[$0] > 10 * PopulationBalance.nucleusEdge }
    guard grown.count > 1 else { return [] }
    let traced = min(Self.tracedCrystals, grown.count)
    // Crystals too short-lived to have a front of their own are left out of what the others are read from.
    let known = try (0..<traced).compactMap { place -> (rank: Double, vacancies: Double, traps: Double)? in
      let rank = place * (grown.count - 1) / (traced - 1)
      let front: FrontHistory
      do {
        front = try FrontHistory(outcome.frontOfCrystal(grown[rank]), of: material, from: liquor)
      } catch GrowthError.dissolved {
        return nil
      }
      let defects = front.defects
      let traps = TrapMeasurement.density(of: defects, inclusions: front.inclusionFraction, in: material)
      return (Double(rank), defects.halideVacancies.si, traps.si)
    }
    guard let first = known.first, let last = known.last else { return [] }
    return grown.indices.map { rank in
      let plan = outcome.plans[grown[rank]]
      let after = known.firstIndex { $0.rank >= Double(rank) } ?? known.count - 1
      let (a, b) = (after == 0 ? first : known[after - 1], rank > Int(last.rank) ? last : known[after])
      let share = b.rank > a.rank ? min(1, max(0, (Double(rank) - a.rank) / (b.rank - a.rank))) : 0
      let top = geometry.height(x: plan.center.x, y: plan.center.y) - geometry.wettingFilm
      return PlateMember(
        position: plan.center, area: Area(si: plan.area), thickness: Length(si: min(top, plan.height)),
        halideVacancies: NumberDensity(si: a.vacancies + share * (b.vacancies - a.vacancies)),
        trapDensity: NumberDensity(si: a.traps + share * (b.traps - a.traps)), count: outcome.counts[grown[rank]])
    }
  }

  /// How the crystal lies between the plates, from the first solution at the first nucleus.
  private func orientation(
    of material: Compound, _ habit: CrystalHabit, _ liquor: MotherLiquor, at temperature: Temperature,
    random: inout RandomSource
  ) -> Orientation {
    let saturation = liquor.saturation(at: temperature.si)
    let contact = ClassicalNucleation(of: material, in: liquor, contactAngle: contactAngle).contactArea(
      supersaturation: concentration.si / saturation, saturation: saturation, temperature: temperature.si,
      contactAngle: contactAngle)
    return habit.orientation(
      of: material, contact: contact, temperature: temperature.si, random: &random)
  }

  /// The run on a map; where more crystals appear than a map follows, the same draws in mixed solution.
  private func outcome(
    of material: Compound, _ habit: CrystalHabit, _ liquor: MotherLiquor, _ geometry: GapGeometry,
    _ schedule: TemperatureProgram, random: inout RandomSource
  ) throws -> ConfinedOutcome? {
    let unspent = random
    let c = concentration.si
    var stepScale = 1.0
    while true {
      do {
        var map = try ConfinedMap(
          width: mapWidth, geometry: geometry, concentration: c / (1 + c / material.molarDensity), program: schedule,
          laws: laws(of: material, habit, in: liquor), edgeTransfer: edgeExchange.si, stepScale: stepScale)
        try map.run(random: &random)
        return ConfinedOutcome(map, liquor: liquor)
      } catch is ConfinedMap.TooManyCrystals {
        random = unspent
        break
      } catch GrowthError.integration where stepScale > 0.02 {
        // Crowded crystals ask for shorter steps; the draws are the same.
        random = unspent
        stepScale *= 0.5
      }
    }
    var batch = self.batch(of: material, in: liquor, geometry: geometry, schedule: schedule)
    try batch.run(random: &random) { random in
      let center = geometry.edge * SIMD2(random.uniform(), random.uniform())
      return (center, geometry.height(x: center.x, y: center.y) - geometry.wettingFilm)
    }
    return ConfinedOutcome(batch, liquor: liquor, geometry: geometry)
  }

  /// What the map asks for, per volume of solution.
  func laws(of material: Compound, _ habit: CrystalHabit, in liquor: MotherLiquor) -> ConfinedLaws {
    let nucleation = ClassicalNucleation(of: material, in: liquor, contactAngle: contactAngle)
    let growth = FaceGrowth(of: material)
    let density = material.molarDensity
    let mobility = wallMobility.si
    let plate = CrystalPlate(of: habit)
    return ConfinedLaws(
      crystalDensity: density,
      saturation: { temperature in
        let c = liquor.saturation(at: temperature)
        return c / (1 + c / density)
      }, diffusivity: { mobility * liquor.diffusivity(at: $0) },
      integrationSpeed: { excess, saturation, temperature in
        mobility
          * growth.integrationSpeed(
            supersaturation: growth.supersaturation(excess: excess, saturation: saturation), temperature: temperature)
      }, heightRatio: plate.thicknessRatio / plate.lateralRatio,
      nucleation: { temperature in
        let saturation = liquor.saturation(at: temperature)
        // The work of `ClassicalNucleation` goes with 1/(ln S)²: at S = e it is the factor.
        let unit = nucleation.workOverThermal(
          supersaturation: M_E, saturation: saturation, temperature: temperature)
        return { c in
          let ratio = c / (1 - c / density) / saturation
          guard ratio > 1 else { return (0, 0) }
          let drive = log(ratio)
          let work = unit / (drive * drive)
          return (
            nucleation.wallPrefactor * ratio * exp(-work * nucleation.wallFactor),
            nucleation.prefactor * ratio * exp(-work)
          )
        }
      })
  }

  /// The batch in mixed solution before its first moment.
  private func batch(
    of material: Compound, in liquor: MotherLiquor, geometry: GapGeometry, schedule: TemperatureProgram
  ) -> PopulationBalance {
    let nucleation = ClassicalNucleation(of: material, in: liquor, contactAngle: contactAngle)
    let growth = FaceGrowth(of: material)
    let formulaVolume = 1 / material.molarDensity
    let inSolution = { (c: Double) -> Double in c / (1 + c * formulaVolume) }
    let plate = geometry.edge * geometry.edge
    let volume = geometry.volume
    let mobility = wallMobility.si
    return PopulationBalance(
      crystalDensity: material.molarDensity, solventVolume: volume / (1 + concentration.si * formulaVolume),
      concentration: concentration.si, program: schedule,
      faceSpeed: { c, temperature, edge, cohort in
        try mobility
          * growth.speed(
            concentration: inSolution(c), saturation: inSolution(liquor.saturation(at: temperature)),
            temperature: temperature,
            transport: .confined(diffusivity: liquor.diffusivity(at: temperature), edge: edge, gap: cohort.height))
      },
      birthRate: { c, temperature, covered in
        let saturation = liquor.saturation(at: temperature)
        let ratio = c / saturation
        let free = max(0, plate - covered)
        return 2 * free * nucleation.wallRate(supersaturation: ratio, saturation: saturation, temperature: temperature)
          + volume * (free / plate)
          * nucleation.rate(supersaturation: ratio, saturation: saturation, temperature: temperature)
      })
  }

  /// h(x, y) = min(gap − film, height grown) over the crystal's plan; 0 where another crystal stands.
  private func thicknessMap(_ outcome: ConfinedOutcome, geometry: GapGeometry) -> Field {
    let n = CrystalPlate.mapWidth
    let spacing = outcome.extent / Double(n)
    let corner = outcome.center - 0.5 * outcome.extent
    var map = Field(
      Grid(
        nx: n, ny: n, nz: 1, spacing: SIMD3(spacing.x, spacing.y, spacing.min()),
        origin: SIMD3(corner.x, corner.y, 0)))
    for j in 0..<n {
      for i in 0..<n {
        let point = map.grid.center(i, j, 0)
        if outcome.isTaken(SIMD2(point.x, point.y)) { continue }
        map[i, j, 0] = min(outcome.height, geometry.height(x: point.x, y: point.y) - geometry.wettingFilm)
      }
    }
    return map
  }

  private func warnings(
    _ outcome: ConfinedOutcome, geometry: GapGeometry, liquor: MotherLiquor, compound: Compound, hottest: Double
  ) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    let difference =
      max(0, outcome.largestExcess) * compound.molarMass.si
      * (1 - liquor.density / (compound.molarDensity * compound.molarMass.si))
    let h = geometry.middle
    let rayleigh =
      Constants.gravity * difference * h * h * h / (liquor.viscosity(at: hottest) * liquor.diffusivity(at: hottest))
    if rayleigh > Self.rayleighLimit {
      warn(
        "convectionInGap",
        "the gap's Rayleigh number is up to \(Int(rayleigh)); above \(Int(Self.rayleighLimit)) solute also moves by "
          + "convection, which is left out")
    }
    if concentration.si > 2000 {
      warn(
        "concentratedSolution",
        "\(concentration.si / 1000) mol/L: above 2 mol/L activities are no longer concentrations")
    }
    if outcome.meetsEdge {
      warn("crystalMeetsEdge", "the largest crystal reaches the edge of the plates and stops there")
    }
    if outcome.isFull {
      warn(
        "plateFull", "crystals fill nine tenths of the gap; the run ends there, with the little solution left untold")
    }
    if outcome.meetsOther {
      warn(
        "crystalsMeet",
        "another crystal grows into the largest one; a device across their boundary is not one crystal")
    }
    if outcome.isMixed {
      warn(
        "manyCrystals",
        "more than \(ConfinedMap.largestCount) crystals: the solution is taken as mixed, crystals as apart, later "
          + "births as lumped")
    }
    return found
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found = solutionConflicts(of: material, in: library)
    if gap.si <= 10 * material.latticeConstant.si {
      found.append(
        ProcessConflict(.gapTooSmall, key: "gap", message: "\(gap.formatted()) is not larger than ten unit cells"))
    }
    guard found.isEmpty, let liquor = try? liquor(of: material, in: library) else { return found }
    found += programConflicts(program, liquor: liquor, compound: material)
    let schedule: TemperatureProgram
    do { schedule = try TemperatureProgram(program) } catch {
      return found + [ProcessConflict(key: "program", message: "\(error)")]
    }
    found += saturationConflicts(schedule, liquor: liquor, compound: material)
    if geometry.narrowest <= geometry.wettingFilm + 10 * material.latticeConstant.si {
      found.append(
        ProcessConflict(
          key: "gap",
          message:
            "the plates touch: wedge and bow bring the gap down to "
            + "\(String(format: "%.3g µm", geometry.narrowest * 1e6)); it must exceed the wetting film by ten unit cells"
        ))
    }
    return found
  }
}
