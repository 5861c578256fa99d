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
public struct SpaceConfinedGrowth: ProcessModel {
  public var solvent: String
  /// Moles of compound per volume of solvent.
  public var concentration: Concentration
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
  public static let growsFromSolution = true
  public static let keys: [ParameterKey] = [
    ParameterKey("solvent", .text(choices: []), "Name of a solvent in data/ with a solution entry of the compound."),
    .quantity(
      "concentration", ConcentrationDimension.self, in: 1...1e4, "Moles of compound per volume of solvent."),
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
    let solution = try library.solution(of: material, in: solvent)
    let schedule = try TemperatureProgram(program)
    var batch = self.batch(of: material, in: solution, geometry: geometry, schedule: schedule)
    try batch.run(random: &random) { random in
      let center = geometry.edge * SIMD2(random.uniform(), random.uniform())
      return (center, geometry.height(x: center.x, y: center.y) - geometry.wettingFilm)
    }
    let solubility = Solubility(of: solution)
    guard !batch.cohorts.isEmpty else {
      let ratio = concentration.si / solubility.saturation(at: schedule.hottest)
      throw GrowthError.noNucleus(
        largestSaturation: max(ratio, concentration.si / solubility.saturation(at: schedule.beginning)))
    }
    let largest = batch.cohorts.indices.max { batch.edge($0) < batch.edge($1) }!
    guard batch.edge(largest) > 10 * PopulationBalance.nucleusEdge else { throw GrowthError.dissolved }

    let rings = try ZoningProfile(of: largest, in: batch, compound: material)
    let growthTemperature = rings.planMean(rings.temperatures)
    let leadVacancies = try SchottkyDisorder(of: material, at: .kelvin(growthTemperature)).densities().leadVacancies
    let map = thicknessMap(edge: batch.edge(largest), center: batch.cohorts[largest].center, geometry: geometry)
    let thickness = Length(si: min(batch.cohorts[largest].height, batch.edge(largest)))
    let ending = schedule.lines.last!.to
    let inclusions = inclusionFraction(rings: rings, batch: batch, solution: solution, compound: material)
    let cations = rings.planMean(rings.vacancies)
    let defects = DefectInventory(
      halideVacancies: NumberDensity(si: cations + 2 * leadVacancies), cationVacancies: NumberDensity(si: cations),
      leadVacancies: NumberDensity(si: leadVacancies), freezeTemperature: .kelvin(growthTemperature))
    let traps = TrapMeasurement.reading(
      density: TrapMeasurement.density(of: defects, inclusions: inclusions, in: material), thickness: thickness,
      permittivity: material.electronicStructure.staticPermittivity)
    let duration = max(batch.time - batch.cohorts[largest].birth, 1)
    return GrownCrystal(
      compound: material.name, thicknessMap: map, thickness: thickness,
      lateralSize: Length(si: batch.edge(largest)), center: batch.cohorts[largest].center,
      crystalCount: batch.cohorts.reduce(0) { $0 + Int($1.count) },
      sizes: batch.cohorts.indices.map { batch.edge($0) },
      growthRate: Velocity(si: batch.edge(largest) / (2 * duration)),
      yield: Ratio(si: 1 - batch.concentration / concentration.si),
      growthTemperature: .kelvin(growthTemperature), temperature: .kelvin(ending),
      orientation: CrystalHabit(of: material).orientation(of: material, random: &random), defects: defects,
      zoning: rings.points(leadVacancies: leadVacancies), inclusionFraction: inclusions, traps: traps,
      record: record(of: batch, solubility: solubility),
      soluteBalanceError: abs(
        (batch.concentration * batch.solventVolume + batch.crystallized)
          / (concentration.si * batch.solventVolume) - 1),
      warnings: try warnings(
        batch: batch, largest: largest, geometry: geometry, solution: solution, compound: material, library: library))
  }

  /// The batch before its first moment.
  private func batch(
    of material: Compound, in solution: Solution, geometry: GapGeometry, schedule: TemperatureProgram
  ) -> PopulationBalance {
    let solubility = Solubility(of: solution)
    let nucleation = ClassicalNucleation(of: material, contactAngle: contactAngle)
    let growth = FaceGrowth(of: material)
    let formulaVolume = 1 / material.molarDensity
    let inSolution = { (c: Double) -> Double in c / (1 + c * formulaVolume) }
    let diffusivity = solution.soluteDiffusivity.si
    let plate = geometry.edge * geometry.edge
    let volume = geometry.volume
    return PopulationBalance(
      crystalDensity: material.molarDensity, solventVolume: volume / (1 + concentration.si * formulaVolume),
      concentration: concentration.si, program: schedule,
      faceSpeed: { c, temperature, edge, cohort in
        try growth.speed(
          concentration: inSolution(c), saturation: inSolution(solubility.saturation(at: temperature)),
          temperature: temperature,
          transport: .confined(diffusivity: diffusivity, edge: edge, gap: cohort.height))
      },
      birthRate: { c, temperature, covered in
        let saturation = solubility.saturation(at: temperature)
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

  /// Solvent included where the middle of a face starves against its corners.
  ///
  ///     δc = β_f R ρ_c L / D_m,  inclusions where δc / (c − c*) > κ
  ///
  /// Physics (1.11). The volume fraction ramps from 0 to 1 % with the excess: assumed, no measurement was found.
  private func inclusionFraction(
    rings: ZoningProfile, batch: PopulationBalance, solution: Solution, compound: Compound
  ) -> Ratio {
    let law = compound.growthKinetics
    let solubility = Solubility(of: solution)
    var index = 0
    var fractions: [Double] = []
    for ring in rings.radii.indices {
      while index + 1 < batch.history.count, batch.history[index].time < rings.births[ring] { index += 1 }
      let moment = batch.history[index]
      let excess = moment.concentration - solubility.saturation(at: moment.temperature)
      let depletion =
        law.cornerDepletion.si * rings.speeds[ring] * compound.molarDensity * 2 * rings.radii[ring]
        / solution.soluteDiffusivity.si
      let ratio = excess > 0 ? depletion / excess : 0
      fractions.append(0.01 * max(0, 1 - law.inclusionThreshold.si / max(ratio, 1e-300)))
    }
    return Ratio(si: rings.planMean(fractions))
  }

  private func record(of batch: PopulationBalance, solubility: Solubility) -> [GrowthRecord] {
    batch.history.map { moment in
      GrowthRecord(
        time: TimeSpan(si: moment.time), temperature: .kelvin(moment.temperature),
        concentration: Concentration(si: moment.concentration),
        saturation: Ratio(si: moment.concentration / solubility.saturation(at: moment.temperature)),
        largestSize: Length(si: moment.edges.max() ?? 0),
        crystalCount: zip(moment.edges, batch.cohorts).reduce(0) { $0 + Int($1.1.count) })
    }
  }

  private func warnings(
    batch: PopulationBalance, largest: Int, geometry: GapGeometry, solution: Solution, compound: Compound,
    library: MaterialLibrary
  ) throws -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    let liquid = try library.solvent(solvent)
    let solubility = Solubility(of: solution)
    let excess = batch.history.map { $0.concentration - solubility.saturation(at: $0.temperature) }.max() ?? 0
    let difference =
      max(0, excess) * compound.molarMass.si
      * (1 - liquid.density.si / (compound.molarDensity * compound.molarMass.si))
    let h = geometry.middle
    let rayleigh =
      Constants.gravity * difference * h * h * h / (liquid.viscosity.si * solution.soluteDiffusivity.si)
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
    if batch.cohorts.count > PopulationBalance.separateBirths {
      warn("manyCrystals", "more than \(PopulationBalance.separateBirths) crystals: later births are lumped")
    }
    return found
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found: [ProcessConflict] = []
    guard let liquid = library.solvents[solvent] else {
      return [
        ProcessConflict(
          key: "solvent",
          message:
            "no solvent named \(solvent) in the library; it holds \(library.solvents.keys.sorted().joined(separator: ", "))"
        )
      ]
    }
    guard let solution = material.solutions[solvent] else {
      return [
        ProcessConflict(
          key: "solvent",
          message:
            "no solubility of \(material.name) in \(solvent) in the library; it holds \(material.solutions.keys.sorted().joined(separator: ", "))"
        )
      ]
    }
    let celsius = { (kelvin: Double) -> String in String(format: "%.1f °C", kelvin - 273.15) }
    for (index, segment) in program.enumerated() {
      for (key, temperature) in [("from", segment.from), ("to", segment.to)] {
        guard let temperature else { continue }
        if temperature >= liquid.boilingPoint {
          found.append(
            ProcessConflict(
              key: "program[\(index)].\(key)",
              message:
                "\(celsius(temperature.si)) is at or above the boiling point of \(solvent), \(celsius(liquid.boilingPoint.si))"
            ))
        }
        if temperature >= material.decompositionTemperature {
          found.append(
            ProcessConflict(
              key: "program[\(index)].\(key)",
              message:
                "\(celsius(temperature.si)) is at or above the decomposition of \(material.name), \(celsius(material.decompositionTemperature.si))"
            ))
        }
      }
    }
    let schedule: TemperatureProgram
    do { schedule = try TemperatureProgram(program) } catch {
      return found + [ProcessConflict(key: "program", message: "\(error)")]
    }
    let solubility = Solubility(of: solution)
    let molar = { (c: Double) -> String in String(format: "%.3g mol/L", c / 1000) }
    if concentration.si > solubility.saturation(at: schedule.beginning) {
      found.append(
        ProcessConflict(
          key: "concentration",
          message:
            "\(molar(concentration.si)) does not dissolve at the program's start: \(material.name) saturates \(solvent) at \(molar(solubility.saturation(at: schedule.beginning))) and \(celsius(schedule.beginning))"
        ))
    }
    let lowest = schedule.lines.flatMap { [$0.from, $0.to] }.map { solubility.saturation(at: $0) }.min()!
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
