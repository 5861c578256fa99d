import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Inverse temperature crystallization between two plates.
///
/// The solution in the gap is taken as mixed: one mean supersaturation drives nucleation on both plates and Frank's growth of
/// each crystal (physics (2.1), (2.4)-(2.6)). The crystals leave the solution at the end of the program.
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
      ParameterKey("program", .list(ProgramSegment.keys), "Ramps and holds, in order."),
    ]

  /// Rayleigh number of the gap below which solute moves by diffusion alone.
  static let rayleighLimit = 100.0
  /// Voxels along the edge of the thickness map.
  static let mapWidth = 48

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    let geometry = GapGeometry(
      middle: gap, wedge: gapWedge, bow: gapBow, plateArea: plateArea, wettingFilm: wettingFilm)
    guard geometry.narrowest > geometry.wettingFilm + 10 * material.latticeConstant.si else {
      throw GrowthError.gapClosed(narrowest: geometry.narrowest)
    }
    let liquor = try liquor(of: material, in: library)
    let schedule = try TemperatureProgram(program)
    var batch = self.batch(of: material, in: liquor, geometry: geometry, schedule: schedule)
    try batch.run(random: &random) { random in
      let center = geometry.edge * SIMD2(random.uniform(), random.uniform())
      return (center, geometry.height(x: center.x, y: center.y) - geometry.wettingFilm)
    }
    guard let first = batch.cohorts.first else {
      throw GrowthError.noNucleus(
        largestSaturation: max(
          concentration.si / liquor.saturation(at: schedule.hottest),
          concentration.si / liquor.saturation(at: schedule.beginning)))
    }
    let largest = batch.cohorts.indices.max { batch.edge($0) < batch.edge($1) }!
    guard batch.edge(largest) > 10 * PopulationBalance.nucleusEdge else { throw GrowthError.dissolved }

    let front = try FrontHistory(batch.front(largest), of: material, from: liquor)
    let map = thicknessMap(edge: batch.edge(largest), center: batch.cohorts[largest].center, geometry: geometry)
    let thickness = Length(si: min(batch.cohorts[largest].height, batch.edge(largest)))
    let defects = try front.defects()
    let inclusions = front.inclusionFraction
    let edges = batch.cohorts.indices.map { batch.edge($0) }
    let counts = batch.cohorts.map(\.count)
    return GrownCrystal(
      compound: material.name, thicknessMap: map, thickness: thickness,
      lateralSize: Length(si: batch.edge(largest)), center: batch.cohorts[largest].center,
      outcome: RunOutcome(edges: edges, counts: counts), inductionTime: TimeSpan(si: first.birth),
      nucleationTemperature: .kelvin(schedule.temperature(at: first.birth)),
      crystalCount: counts.reduce(0) { $0 + Int($1) }, sizes: edges, growthRate: front.meanSpeed,
      yield: Ratio(si: 1 - batch.concentration / concentration.si), growthTemperature: front.growthTemperature,
      temperature: .kelvin(schedule.lines.last!.to),
      orientation: CrystalHabit(of: material).orientation(of: material, random: &random), defects: defects,
      zoning: front.rings.points(leadVacancies: defects.leadVacancies.si), inclusionFraction: inclusions,
      traps: TrapMeasurement.reading(
        density: TrapMeasurement.density(of: defects, inclusions: inclusions, in: material), thickness: thickness,
        permittivity: material.electronicStructure.staticPermittivity),
      record: batch.record(liquor), soluteBalanceError: batch.balanceError,
      warnings: warnings(
        batch: batch, largest: largest, geometry: geometry, liquor: liquor, compound: material))
  }

  /// The batch before its first moment.
  private func batch(
    of material: Compound, in liquor: MotherLiquor, geometry: GapGeometry, schedule: TemperatureProgram
  ) -> PopulationBalance {
    let nucleation = ClassicalNucleation(of: material, in: liquor, contactAngle: contactAngle)
    let growth = FaceGrowth(of: material)
    let formulaVolume = 1 / material.molarDensity
    let inSolution = { (c: Double) -> Double in c / (1 + c * formulaVolume) }
    let plate = geometry.edge * geometry.edge
    let volume = geometry.volume
    return PopulationBalance(
      crystalDensity: material.molarDensity, solventVolume: volume / (1 + concentration.si * formulaVolume),
      concentration: concentration.si, program: schedule,
      faceSpeed: { c, temperature, edge, cohort in
        try growth.speed(
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

  /// h(x, y) = min(gap − film, height grown) over the crystal's plan.
  private func thicknessMap(edge: Double, center: SIMD2<Double>, geometry: GapGeometry) -> Field {
    let n = Self.mapWidth
    let spacing = edge / Double(n)
    let corner = center - 0.5 * edge
    var map = Field(
      Grid(nx: n, ny: n, nz: 1, spacing: SIMD3(spacing, spacing, spacing), origin: SIMD3(corner.x, corner.y, 0)))
    for j in 0..<n {
      for i in 0..<n {
        let point = map.grid.center(i, j, 0)
        map[i, j, 0] = min(edge, geometry.height(x: point.x, y: point.y) - geometry.wettingFilm)
      }
    }
    return map
  }

  private func warnings(
    batch: PopulationBalance, largest: Int, geometry: GapGeometry, liquor: MotherLiquor, compound: Compound
  ) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    let hottest = batch.program.hottest
    let excess = batch.history.map { $0.concentration - liquor.saturation(at: $0.temperature) }.max() ?? 0
    let difference =
      max(0, excess) * compound.molarMass.si
      * (1 - liquor.density / (compound.molarDensity * compound.molarMass.si))
    let h = geometry.middle
    let rayleigh =
      Constants.gravity * difference * h * h * h / (liquor.viscosity(at: hottest) * liquor.diffusivity(at: hottest))
    if rayleigh > Self.rayleighLimit {
      warn(
        "convectionInGap",
        "the gap's Rayleigh number is up to \(Int(rayleigh)); above \(Int(Self.rayleighLimit)) solute also moves by convection, which is left out"
      )
    }
    if concentration.si > 2000 {
      warn(
        "concentratedSolution",
        "\(concentration.si / 1000) mol/L: above 2 mol/L activities are no longer concentrations")
    }
    let half = batch.edge(largest) / 2
    let center = batch.cohorts[largest].center
    if min(center.x, center.y, geometry.edge - center.x, geometry.edge - center.y) < half {
      warn("crystalMeetsEdge", "the largest crystal reaches the edge of the plates, where its growth is not modeled")
    }
    for index in batch.cohorts.indices where index != largest {
      let other = batch.cohorts[index]
      let distance = other.center - center
      if max(abs(distance.x), abs(distance.y)) < half + batch.edge(index) / 2 {
        warn(
          "crystalsMeet",
          "crystals of the run grow into each other, which is not modeled; a device near the seam is doubtful")
        break
      }
    }
    if batch.cohorts.count > Int(PopulationBalance.separateBirths) {
      warn("manyCrystals", "more than \(Int(PopulationBalance.separateBirths)) crystals: later births are lumped")
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
    let molar = { (c: Double) -> String in String(format: "%.3g mol/L", c / 1000) }
    if concentration.si > liquor.saturation(at: schedule.beginning) {
      found.append(
        ProcessConflict(
          key: "concentration",
          message:
            "\(molar(concentration.si)) does not dissolve at the program's start: \(material.name) saturates \(solvent) at \(molar(liquor.saturation(at: schedule.beginning))) and \(String(format: "%.1f °C", schedule.beginning - 273.15))"
        ))
    }
    let lowest = schedule.lines.flatMap { [$0.from, $0.to] }.map { liquor.saturation(at: $0) }.min()!
    if concentration.si <= lowest {
      found.append(
        ProcessConflict(
          key: "concentration",
          message:
            "\(molar(concentration.si)) never saturates \(solvent) in this program (it takes \(molar(lowest))), so nothing grows"
        ))
    }
    let geometry = GapGeometry(
      middle: gap, wedge: gapWedge, bow: gapBow, plateArea: plateArea, wettingFilm: wettingFilm)
    if geometry.narrowest <= geometry.wettingFilm + 10 * material.latticeConstant.si {
      found.append(
        ProcessConflict(
          key: "gap",
          message:
            "the plates touch: wedge and bow bring the gap down to \(String(format: "%.3g µm", geometry.narrowest * 1e6)); it must exceed the wetting film by ten unit cells"
        ))
    }
    return found
  }
}
