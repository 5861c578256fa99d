import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What a run of `VacuumSublimation` left on its plate.
struct FilmOutcome {
  typealias Salts = SurfaceBalance.Salts

  private let process: VacuumSublimation
  private let compound: Compound
  private let boundaries: GrainBoundaries
  private let course: SublimationCourse
  private let nucleation: IslandNucleation
  private let islands: IslandNucleation.Outcome
  private let domes: ImpingingDomes
  private let face: FilmFace
  /// At the middle of the plate, bare places counted, m.
  private let thickness: Double
  private let map: Field
  private let dies: [(position: SIMD2<Double>, column: FilmColumn)]
  /// Thickness where the film is, over that of a closed film of one composition.
  private let layering: Double
  /// Of the film, and of all that evaporated, kg.
  private let mass: (film: Double, evaporated: Double)
  /// Worst share of an element that the account of the vapor misses.
  let elementError: Double

  /// - Throws: `MaterialError.unknown`, `GrowthError.noFilm`.
  init(
    _ process: VacuumSublimation, of compound: Compound, law: Sublimation, boundaries: GrainBoundaries,
    in library: MaterialLibrary
  ) throws {
    var course = try SublimationCourse(process, of: compound, law: law, in: library)
    course.run(duration: process.duration?.si, thickness: process.targetThickness?.si)
    let thickness = course.column.thickness
    guard let first = course.first, thickness > compound.latticeConstant.si else {
      throw GrowthError.noFilm(thickness: thickness)
    }
    nucleation = VacuumSublimation.islands(
      of: compound, law: law, laws: course.laws, supply: first.supply, temperature: process.substrateTemperature)
    islands = nucleation.run(until: course.time - first.time, area: process.plateArea.si)
    guard islands.density * process.plateArea.si >= 1 else { throw GrowthError.noFilm(thickness: thickness) }
    domes = ImpingingDomes(density: islands.density, thickness: thickness)

    // The plate in cells, then in dies; both follow the middle's intervals.
    let groups = course.grouped(VacuumSublimation.groupCount)
    let edge = process.edge
    let scale = thickness / course.laws.phases.volume(course.column.kept) / (1 - domes.bareShare)
    let n = VacuumSublimation.mapWidth
    let cell = edge / Double(n)
    var heights: [Double] = []
    var landed = [Double](repeating: 0, count: process.sources.count)
    var (kept, desorbed) = (Salts.zero, Salts.zero)
    for j in 0..<n {
      for i in 0..<n {
        let point = SIMD2((Double(i) + 0.5) * cell - 0.5 * edge, (Double(j) + 0.5) * cell - 0.5 * edge)
        let column = course.column(at: point, through: groups)
        heights.append(scale * course.laws.phases.volume(column.kept))
        kept += column.kept * cell * cell
        desorbed += column.desorbed * cell * cell
        for index in landed.indices { landed[index] += column.shares[index] * cell * cell }
      }
    }
    map = Field(Grid(nx: n, ny: n, nz: 1, spacing: SIMD3(cell, cell, thickness)), values: heights)
    let count = process.diesPerEdge
    let die = edge / Double(count)
    dies = (0..<(count * count)).map { index in
      let corner = SIMD2((Double(index % count) + 0.5) * die, (Double(index / count) + 0.5) * die)
      return (corner, course.column(at: corner - 0.5 * edge, through: groups))
    }
    elementError = Self.elementError(course, landed: landed, kept: kept, desorbed: desorbed)
    face = FilmFace(
      of: compound, boundaries: boundaries, law: law, laws: course.laws,
      landing: groups.map { group in
        (
          zip(course.column.shares, group.emitted).reduce(.zero) { $0 + $1.0 * $1.1 },
          group.end - max(group.start, min(first.time, group.end))
        )
      },
      temperature: process.substrateTemperature, domes: domes, thickness: thickness)
    self.process = process
    self.compound = compound
    self.boundaries = boundaries
    self.course = course
    self.thickness = thickness
    layering = scale
    mass = zip(course.salts.indices, course.salts).reduce(into: (0, 0)) { sum, salt in
      sum.0 += kept[salt.0] * salt.1.moleculeMass
      sum.1 += course.evaporated[salt.0] * salt.1.moleculeMass
    }
  }

  /// Element by element: evaporated = on the plate + off it again + past it.
  private static func elementError(
    _ course: SublimationCourse, landed: [Double], kept: Salts, desorbed: Salts
  ) -> Double {
    var missed = Salts.zero
    for interval in course.intervals {
      for (share, emitted) in zip(landed, interval.emitted) { missed += (1 - share) * emitted }
    }
    let evaporated = course.evaporated
    var balance: [String: (evaporated: Double, found: Double)] = [:]
    for (lane, salt) in course.salts.enumerated() {
      for (element, count) in salt.elements {
        balance[element, default: (0, 0)].evaporated += Double(count) * evaporated[lane]
        balance[element]!.found += Double(count) * (kept[lane] + desorbed[lane] + missed[lane])
      }
    }
    return balance.values.map { $0.evaporated > 0 ? abs($0.evaporated - $0.found) / $0.evaporated : 0 }.max() ?? 0
  }

  /// Share of the substrate that is not bare, and the film's thickness there, m.
  private var covered: Double { 1 - domes.bareShare }
  private var filmThickness: Double { thickness / covered }

  /// - Throws: `DefectError`, `SpaceChargeError`, `TransformError`.
  func crystal(random: inout RandomSource) throws -> GrownCrystal {
    // Nuclei come by chance, so their number scatters.
    let area = process.plateArea.si
    let count = max(1, random.poisson(mean: min(islands.density * area, 1e18)))
    let size = (area / Double(count)).squareRoot()
    let isFilm = covered > VacuumSublimation.islandLimit
    var (defects, emptyShare) = try inventory(logSaltActivity: course.column.logSaltActivity)
    let antisites = try SchottkyDisorder.antisites(of: compound, at: process.substrateTemperature, beside: defects)
    defects.cationAntisites = NumberDensity(si: antisites.cations)
    defects.metalAntisites = NumberDensity(si: antisites.metals)
    let habit = try CrystalHabit(of: compound)
    let edge = process.edge
    let growing = max(course.time - (course.first?.time ?? 0), 1e-9 * course.time)
    // Columns compete on their way up from the height at which they met; their grains grow while the substrate is hot.
    let columns = ColumnarTexture.size(initial: size, closure: 0.5 * size, height: filmThickness)
    let fibre = ColumnarTexture.fibre(of: habit.shape.farthestCorner, height: filmThickness, size: columns)
    var film: (grains: GrainStructure, map: FilmGrains, roughness: SurfaceRoughness, isFaceCutShort: Bool)?
    if isFilm {
      let final = boundaries.grainSize(
        from: columns, growth: boundaries.growthConstant(at: process.substrateTemperature) * growing,
        thickness: filmThickness)
      let map = FilmGrains(from: columns, to: final, random: &random)
      let grains = GrainStructure(
        size: Length(si: map.size), logDeviation: map.logDeviation,
        boundaryDensity: map.boundaryDensity * domes.boundaryHeight / thickness,
        texture: Ratio(si: try ColumnarTexture.texture(of: habit.forms[0].normals[0], in: fibre).r),
        boundaryTraps: boundaries.trapDensity)
      let (roughness, isCutShort) = try face.roughness(grainSize: map.size, random: &random)
      film = (grains, map, roughness, isCutShort)
    }
    // An island by itself: the height that its volume has on its plan.
    let islandEdge = Double.pi.squareRoot() * domes.radius
    let islandHeight = 2.0 / 3 * domes.radius
    let lateral = isFilm ? edge : islandEdge
    let height = Length(si: isFilm ? filmThickness : islandHeight)
    let center =
      isFilm ? 0.5 * SIMD2(repeating: edge) : SIMD2(edge * random.uniform(), edge * random.uniform())
    let orientation =
      isFilm
      ? Orientation(
        quaternion: fibre.sample(random: &random).quaternion, face: habit.restingFace,
        mosaicWidth: compound.disorder.mosaicWidth) : habit.orientation(of: compound, random: &random)
    let time = TimeSpan(si: (course.first?.time ?? 0) + (islands.firstIsland ?? 0))
    let speed = Velocity(si: isFilm ? filmThickness / growing : domes.radius / growing)
    var crystal = GrownCrystal(
      compound: compound.name,
      thicknessMap: isFilm ? map : CrystalPlate.evenMap(edge: lateral, thickness: height.si, center: center),
      thickness: height, lateralSize: Length(si: lateral), center: center,
      outcome: film.map { RunOutcome(edges: $0.map.sizes, counts: $0.map.sizes.map { _ in 1 }) }
        ?? RunOutcome(edges: [islandEdge], counts: [Double(count)]), inductionTime: time,
      nucleationTemperature: process.substrateTemperature,
      crystalCount: film.map { Int(max(1, min(1e18, covered * area / ($0.grains.size.si * $0.grains.size.si)))) }
        ?? count,
      sizes: film?.map.sizes ?? [islandEdge], coverage: Ratio(si: covered), growthRate: speed,
      yield: Ratio(si: mass.film / mass.evaporated), growthTemperature: process.substrateTemperature,
      temperature: process.substrateTemperature, orientation: orientation, defects: defects,
      zoning: [
        ZoningPoint(
          radius: Length(si: lateral / 4), temperature: process.substrateTemperature, growthRate: speed,
          cationVacancies: defects.cationVacancies, halideVacancies: defects.halideVacancies,
          leadVacancies: defects.leadVacancies, excessElectrons: defects.excessElectrons)
      ],
      inclusionFraction: Ratio(si: 0),
      traps: try TrapMeasurement.reading(
        of: defects, inclusions: Ratio(si: 0), thickness: height, in: compound,
        boundaryTraps: NumberDensity(si: film.map { $0.grains.boundaryDensity * $0.grains.boundaryTraps.si } ?? 0)),
      record: record(count: count), balanceError: max(elementError, course.crucibleError), warnings: warnings)
    crystal.adoptPhases(course.column.phaseShares)
    crystal.saltLayers = SaltLayers(
      salts: course.salts.map(\.name),
      layers: course.column.allLayers.map { layer in course.salts.indices.map { layer[$0] } })
    crystal.logSaltActivity = course.column.logSaltActivity
    if let film {
      crystal.grains = film.grains
      crystal.grainMap = film.map.labels(center: center)
      crystal.roughness = film.roughness
      crystal.plate = try dies.map { try member($0.position, $0.column, film.grains) }
    }
    if film?.isFaceCutShort ?? false {
      crystal.warnings.append(
        ValidityWarning(
          stage: "growth", code: "steepFace",
          message: "the film's face is too steep for its growth along the normal to be followed to the end; its "
            + "roughness leaves that out from there on"))
    }
    crystal.noteDefects(largestSiteFraction: emptyShare)
    return crystal
  }

  private func member(
    _ position: SIMD2<Double>, _ column: FilmColumn, _ grains: GrainStructure
  ) throws -> PlateMember {
    let (defects, _) = try inventory(logSaltActivity: column.logSaltActivity)
    var traps = TrapMeasurement.density(of: defects, inclusions: Ratio(si: 0), in: compound)
    let boundaryTraps = NumberDensity(si: grains.boundaryDensity * grains.boundaryTraps.si)
    traps.si += boundaryTraps.si
    let die = process.edge / Double(process.diesPerEdge)
    return PlateMember(
      position: position, area: Area(si: die * die),
      thickness: Length(si: layering * course.laws.phases.volume(column.kept)),
      halideVacancies: defects.halideVacancies, trapDensity: traps, boundaryTraps: boundaryTraps)
  }

  /// The charge-neutral equilibrium at the substrate's temperature beside salts of that activity, and the largest share
  /// of a sublattice that it empties.
  private func inventory(logSaltActivity: Double) throws -> (DefectInventory, Double) {
    let temperature = process.substrateTemperature
    let ions = compound.ions
    let environment = ChemicalEnvironment(
      saltActivity: exp(logSaltActivity), cations: ions.cation, metals: ions.metal)
    let found = try SchottkyDisorder(of: compound, at: temperature, in: environment).densities()
    let units = compound.formulaUnitDensity
    let empty =
      [
        found.halideVacancies / Double(ions.halide), found.cationVacancies / Double(max(1, ions.cation)),
        found.leadVacancies / Double(max(1, ions.metal)),
      ].max()! / units
    let inventory = DefectInventory(
      halideVacancies: NumberDensity(si: found.halideVacancies),
      cationVacancies: NumberDensity(si: found.cationVacancies), leadVacancies: NumberDensity(si: found.leadVacancies),
      halideInterstitials: NumberDensity(si: found.halideInterstitials),
      cationInterstitials: NumberDensity(si: found.cationInterstitials), electrons: NumberDensity(si: found.electrons),
      holes: NumberDensity(si: found.holes), excessElectrons: found.excessElectrons, freezeTemperature: temperature)
    return (inventory, empty)
  }

  private func record(count: Int) -> [GrowthRecord] {
    course.record.map { moment in
      var moment = moment
      moment.crystalCount = count
      return moment
    }
  }

  /// What lands over what leaves per area, above which a source is no point: within 10 % of a disc's.
  private static let closestShare = 0.1
  /// Above it molecules collide within a crucible of some millimeters, Pa.
  private static let collisionlessPressure = 10.0

  private var warnings: [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    for setting in process.sources {
      let salts = course.salts.filter { $0.name == setting.source || setting.source == compound.name }
      for salt in salts {
        let pressure = Pressure(si: salt.vaporPressure(at: setting.temperature))
        if pressure.si > Self.collisionlessPressure {
          warn(
            "denseVapor",
            "the vapor of \(salt.name) has \(pressure.formatted()) in its crucible; above "
              + "\(Pressure(si: Self.collisionlessPressure).formatted()) its molecules collide and the law of "
              + "Hertz and Knudsen gives too much")
        }
        guard let limit = salt.decompositionTemperature, setting.temperature > limit else { continue }
        warn(
          "sourceDecomposes",
          "\(salt.name) falls apart above \(limit.formatted()), below its crucible's "
            + "\(setting.temperature.formatted()); it counts as whole molecules")
      }
    }
    for (index, setting) in process.sources.enumerated()
    where course.geometries[index].share(at: .zero) * setting.area.si > Self.closestShare {
      warn(
        "closeSource",
        "\(setting.source)'s crucible is so wide beside its distance that it is no point: more would land than leaves "
          + "a plate as close")
    }
    let path = SourceGeometry.freePath(pressure: process.pressure)
    if path < process.distance {
      warn(
        "gasCollisions",
        "molecules fly \(path.formatted()) between collisions, less than the \(process.distance.formatted()) to the "
          + "plate; those that collide count as lost")
    }
    if let target = process.targetThickness, !course.isTargetReached, thickness < target.si * (1 - 1e-6) {
      warn(
        "targetNotReached",
        "the film is \(Length(si: thickness).formatted()) thick, not \(target.formatted()), when the run ends")
    }
    return found
  }
}
