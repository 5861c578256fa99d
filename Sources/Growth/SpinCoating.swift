import Defects
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A polycrystalline film from a solution that is spun off a plate, dries and crystallizes; then annealed.
///
/// The wet film thins and dries (`WetFilm`) until nuclei appear anywhere on the substrate (`FilmNucleation`); the burst
/// ends when no room is left for another nucleus. Columns then compete for the room above them and ripen through the
/// solution on their tops until it has dried (`ColumnarTexture`). On
/// the hot plate the grains grow as d² − d₀² = k₀ e^{−Q/kT} t, physics (3.10); a map of boundaries that move by
/// curvature (`GrainGrowthMap`) tells what they look like then. Heating and cooling of the plate are steady ramps. Drying is
/// even over the plate: members differ by chance alone, not by edge beads.
public struct SpinCoating: SolutionProcess {
  public var solvent: String
  public var cosolvent: String?
  public var cosolventFraction: Ratio?
  public var modulator: String?
  public var modulatorConcentration: Concentration?
  public var concentration: Concentration
  public var precursorRatio: Ratio
  public var impurity: String?
  public var impurityFraction: Ratio?
  /// Laid on the plate before it turns.
  public var volume: Volume
  public var plateArea: Area
  public var contactAngle: Angle
  /// Turns per time.
  public var speed: Frequency
  /// Of the spinning.
  public var duration: TimeSpan
  /// Of the solution and the plate while it turns.
  public var temperature: Temperature
  public var antisolvent: String?
  /// When the antisolvent begins to drip; none, if nil.
  public var quenchTime: TimeSpan?
  /// How long it drips.
  public var quenchDuration: TimeSpan
  /// Its share of the film's liquid at the end of the drip.
  public var quenchFraction: Ratio
  public var annealTemperature: Temperature?
  public var annealDuration: TimeSpan?
  /// Halide diffusivity along a boundary over that within a grain. Boundaries are told to be fast paths and to trap
  /// what moves, physics (3.12): neutral unless said otherwise.
  public var boundaryMobility: Ratio
  /// Edge of the square dies that the plate is cut into; none are told apart, if nil.
  public var dieEdge: Length?

  public init(
    solvent: String, cosolvent: String? = nil, cosolventFraction: Ratio? = nil, modulator: String? = nil,
    modulatorConcentration: Concentration? = nil, concentration: Concentration, precursorRatio: Ratio = Ratio(si: 1),
    impurity: String? = nil, impurityFraction: Ratio? = nil, volume: Volume = Volume(si: 5e-8), plateArea: Area,
    contactAngle: Angle = Angle(si: .pi / 2), speed: Frequency, duration: TimeSpan,
    temperature: Temperature = .kelvin(298.15), antisolvent: String? = nil, quenchTime: TimeSpan? = nil,
    quenchDuration: TimeSpan = TimeSpan(si: 1), quenchFraction: Ratio = Ratio(si: 0.5),
    annealTemperature: Temperature? = nil, annealDuration: TimeSpan? = nil, boundaryMobility: Ratio = Ratio(si: 1),
    dieEdge: Length? = nil
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
    self.volume = volume
    self.plateArea = plateArea
    self.contactAngle = contactAngle
    self.speed = speed
    self.duration = duration
    self.temperature = temperature
    self.antisolvent = antisolvent
    self.quenchTime = quenchTime
    self.quenchDuration = quenchDuration
    self.quenchFraction = quenchFraction
    self.annealTemperature = annealTemperature
    self.annealDuration = annealDuration
    self.boundaryMobility = boundaryMobility
    self.dieEdge = dieEdge
  }

  public static let name = "spinCoating"
  public static let summary = "A polycrystalline film from a solution spun off a plate, with an antisolvent or without."
  public static let keys: [ParameterKey] =
    solutionKeys + [
      .quantity(
        "volume", VolumeDimension.self, in: 1e-10...1e-5, default: "50 µL",
        "Volume of the solution laid on the plate; nearly all of it is spun off."),
      .quantity("plateArea", AreaDimension.self, in: 1e-6...0.1, "Area of the plate, which the solution wets."),
      .quantity(
        "contactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg",
        "Contact angle of the nucleus on the substrate."),
      .quantity("speed", FrequencyDimension.self, in: 1...300, "Turns of the plate per time, such as 4000 rpm."),
      .quantity("duration", DurationDimension.self, in: 1...1e4, "Length of the spinning."),
      .quantity(
        "temperature", TemperatureDimension.self, in: 200...450, default: "25 °C",
        "Temperature of the solution and the plate while it turns."),
      ParameterKey(
        "antisolvent", .text(choices: []), default: "",
        "Name of an antisolvent of the solution in data/, dripped on; needs `quenchTime`."),
      .quantity(
        "quenchTime", DurationDimension.self, in: 0...1e4, default: "",
        "When the antisolvent begins to drip; needs `antisolvent`."),
      .quantity("quenchDuration", DurationDimension.self, in: 0.01...100, default: "1 s", "How long it drips."),
      .quantity(
        "quenchFraction", RatioDimension.self, in: 0.01...0.95, default: "0.5",
        "Share of the film's liquid that is antisolvent when the drip ends."),
      .quantity(
        "annealTemperature", TemperatureDimension.self, in: 250...700, default: "",
        "Temperature of the hot plate afterward; none, if absent."),
      .quantity(
        "annealDuration", DurationDimension.self, in: 0...1e7, default: "",
        "Time on the hot plate; needed with `annealTemperature`."),
      .quantity(
        "boundaryMobility", RatioDimension.self, in: 1e-4...1e6, default: "1",
        "Halide diffusivity along grain boundaries over that in grains; the literature disagrees on its side of 1."),
      .quantity(
        "dieEdge", LengthDimension.self, in: 1e-6...0.3, default: "",
        "Edge of the square dies whose thickness and traps are told apart; none, if absent."),
    ]

  public var materials: [String] { [solvent] + [cosolvent, modulator, antisolvent].compactMap { $0 } }

  public var endTemperature: Temperature? { temperature }

  /// How fast a glass plate follows a hot plate, and cools on the bench, K/s; assumed.
  static let plateRate = 3.0
  /// Dies along an edge of the plate, at most.
  static let mostDies = 100.0

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    guard specimen == nil else { throw GrowthError.unexpectedSpecimen(model: Self.name) }
    guard let boundaries = material.grainBoundaries else { throw GrowthError.noFilmData(compound: material.name) }
    var wet = try wetFilm(of: material, in: library)
    try wet.run()
    guard let birth = wet.firstBirth, wet.density > 0 else {
      throw GrowthError.noNucleus(largestSaturation: wet.largestRatio)
    }
    let coverage = wet.state.coverage
    let thickness = Length(si: wet.state.crystal / coverage)
    let heating = annealing(wet)
    // Columns compete on their way up from the height at which they met.
    let nuclei = (coverage / wet.density).squareRoot()
    let initial = columns(of: wet, nuclei: nuclei, height: thickness.si)
    let tilt = Self.meanSquareTilt(contactWidth: wet.contactWidth(at: contactAngle), of: material)
    let growth = boundaries.growthConstant(at: annealTemperature ?? temperature) * heating
    let final = boundaries.grainSize(from: initial, growth: growth, thickness: thickness.si)
    let map = FilmGrains(from: initial, to: final, random: &random)
    let grains = GrainStructure(
      size: Length(si: map.size), logDeviation: map.logDeviation, boundaryDensity: map.boundaryDensity * coverage,
      texture: try texture(of: wet, tilt: tilt, material), boundaryTraps: boundaries.trapDensity,
      boundaryMobility: boundaryMobility)

    let front = try FrontHistory(wet.medianFront, of: material, from: wet.setting.liquor)
    let (defects, largestSiteFraction) = try annealedDefects(
      front, of: material, for: heating, thickness: thickness.si, grainSize: initial)
    let deviation = wet.heightDeviation
    let thicknessMap = map.heights(mean: thickness.si, deviation: deviation, center: center, random: &random)
    let traps = try TrapMeasurement.reading(
      of: defects, inclusions: front.inclusionFraction, thickness: thickness, in: material,
      boundaryTraps: NumberDensity(si: grains.boundaryDensity * grains.boundaryTraps.si))
    let habit = try CrystalHabit(of: material)
    var crystal = GrownCrystal(
      compound: material.name, thicknessMap: thicknessMap, thickness: thickness,
      lateralSize: Length(si: plateArea.si.squareRoot()), center: center,
      outcome: RunOutcome(edges: map.sizes, counts: map.sizes.map { _ in 1 }),
      inductionTime: TimeSpan(si: birth.time), nucleationTemperature: .kelvin(birth.temperature),
      crystalCount: Int(min(1e18, coverage * plateArea.si / (map.size * map.size))), sizes: map.sizes,
      coverage: Ratio(si: coverage), growthRate: front.meanSpeedOfFilm,
      yield: Ratio(si: wet.state.crystal * material.molarDensity / wet.initialSolute),
      growthTemperature: front.growthTemperature, temperature: temperature,
      orientation: orientation(habit, of: material, substrateShare: wet.substrateShare, tilt: tilt, random: &random),
      defects: defects, zoning: [], inclusionFraction: front.inclusionFraction, traps: traps,
      record: Self.thinned(wet.record), balanceError: wet.balanceError,
      warnings: warnings(wet, nuclei: nuclei, columns: initial, of: material),
      grainMap: map.labels(center: center))
    crystal.grains = grains
    if GrownCrystal.relaxes(kept: initial / final) { crystal.supportTemperature = annealTemperature }
    crystal.roughness = SurfaceRoughness(
      deviation: Length(si: deviation), correlationLength: Length(si: map.size),
      pinholeShare: Ratio(si: 1 - coverage))
    crystal.plate = members(of: crystal, random: &random)
    crystal.form = front.form
    crystal.noteDefects(largestSiteFraction: largestSiteFraction)
    return crystal
  }

  var center: SIMD2<Double> { 0.5 * SIMD2(repeating: plateArea.si.squareRoot()) }

  // MARK: Steps

  private func wetFilm(of material: Compound, in library: MaterialLibrary) throws -> WetFilm {
    guard let energy = material.growthKinetics.interfacialEnergy else {
      throw GrowthError.noFilmData(compound: material.name)
    }
    let liquor = try liquor(of: material, in: library)
    var drip: WetFilm.Drip?
    if let antisolvent, let quenchTime {
      let action = try AntisolventDiffusion.action(
        of: antisolvent, in: material, solvent: solvent, cosolvent: cosolvent, cosolventFraction: cosolventFraction,
        temperature: temperature, library)
      drip = WetFilm.Drip(
        liquid: try library.solvent(antisolvent), start: quenchTime.si, duration: quenchDuration.si,
        fraction: quenchFraction.si, solubilityFall: action.fall, diffusivity: action.diffusivity)
    }
    return WetFilm(
      .init(
        liquor: liquor,
        nucleation: FilmNucleation(of: material, in: liquor, contactAngle: contactAngle, energy: energy),
        growth: FaceGrowth(of: material), molarDensity: material.molarDensity, molarMass: material.molarMass.si,
        ions: material.growthKinetics.independentIons.si, angularSpeed: 2 * Double.pi * speed.si,
        spinTime: duration.si, temperature: temperature.si, dryingTemperature: (annealTemperature ?? temperature).si,
        end: duration.si + max(annealDuration?.si ?? 0, Self.dryingTime), drip: drip),
      height: volume.si / plateArea.si, concentration: concentration.si, plateArea: plateArea.si)
  }

  /// Width of the columns when the film is dry, m.
  private func columns(of wet: WetFilm, nuclei: Double, height: Double) -> Double {
    let ascent = wet.medianFront.map {
      ColumnarTexture.Ascent(
        time: $0.time, height: 0.5 * $0.edge,
        supersaturation: log(max($0.concentration / ($0.saturation ?? $0.concentration), 1e-100)),
        temperature: $0.temperature)
    }
    let (nucleation, growth) = (wet.setting.nucleation, wet.setting.growth)
    return ColumnarTexture.size(
      initial: nuclei, closure: 0.5 * nuclei, ascent: ascent, height: height,
      capillaryLength: nucleation.capillaryLength
    ) { nucleation.capillaryLength(at: $1) * growth.integrationSlope(supersaturation: $0, temperature: $1) }
  }

  /// How long a film that is still wet after the spinning is left to dry, s, where the hot plate is not longer.
  static let dryingTime = 3600.0

  /// Time on the hot plate after the film is dry, s.
  private func annealing(_ wet: WetFilm) -> Double {
    guard annealTemperature != nil, let annealDuration else { return 0 }
    let end = duration.si + annealDuration.si
    return max(0, end - max(duration.si, wet.dryTime ?? end))
  }

  /// Defects after the hot plate, and the largest share of empty sites.
  private func annealedDefects(
    _ front: FrontHistory, of material: Compound, for time: Double, thickness: Double, grainSize: Double
  ) throws -> (DefectInventory, Double) {
    var rings = front.rings
    guard let annealTemperature, time > 0 else { return (front.defects, rings.largestSiteFraction) }
    // Boundaries and surfaces are sinks too.
    rings.sinkDistance = min(rings.sinkDistance, thickness, 0.5 * grainSize)
    return try GrowthError.naming {
      let rate = HeatingRate(si: Self.plateRate)
      try rings.ramp(from: temperature, to: annealTemperature, rate: rate)
      try rings.relax(for: time, at: annealTemperature.si)
      try rings.ramp(from: annealTemperature, to: temperature, rate: rate)
      try rings.settle(at: temperature)
      let law = FreezeOut(of: material)
      let isUnfrozen = time > law.relaxationTime(at: annealTemperature.si)
      let freeze = try law.freezeTemperature(coolingRate: rate)
      return (
        rings.inventory(freezeTemperature: isUnfrozen ? min(freeze, annealTemperature) : front.growthTemperature),
        rings.largestSiteFraction
      )
    }
  }

  /// ⟨θ²⟩ of nuclei that lie on a face, rad².
  ///
  ///     ⟨θ²⟩ = (a/w)²/2,  w = 2 r* sin θ_c
  ///
  /// A nucleus of width w is flat on its substrate to no better than one lattice constant across it; directions
  /// up to that tilt count alike. A bound by geometry, not a law.
  static func meanSquareTilt(contactWidth: Double, of material: Compound) -> Double {
    min(2.0 / 3, pow(material.latticeConstant.si / max(contactWidth, 1e-12), 2) / 2)
  }

  /// Nuclei of the substrate lie on a face, those of the solution as chance has it.
  ///
  ///     ⟨cos² α⟩ = s (1 − ⟨θ²⟩) + (1 − s)/3
  private func texture(of wet: WetFilm, tilt: Double, _ material: Compound) throws -> Ratio {
    let share = min(1, max(0, wet.substrateShare))
    return Ratio(si: try MarchDollase(meanSquareCosine: share * (1 - max(1e-8, tilt)) + (1 - share) / 3).r)
  }

  /// The lattice of one grain, drawn from the texture: four draws.
  private func orientation(
    _ habit: CrystalHabit, of material: Compound, substrateShare: Double, tilt: Double, random: inout RandomSource
  ) -> Orientation {
    // The mean square tilt of a sharp fibre is 2/κ.
    let concentration = random.uniform() < substrateShare ? 2 / max(1e-8, tilt) : 0
    let fibre = FibreDistribution(
      of: habit.forms[0].normals[0], about: SIMD3(0, 0, 1), concentration: concentration)
    return Orientation(
      quaternion: fibre.sample(random: &random).quaternion, face: habit.restingFace,
      mosaicWidth: material.disorder.mosaicWidth)
  }
}

extension FrontHistory {
  /// Mean speed of the front; films grow in less than the second that `meanSpeed` grants every crystal at least.
  fileprivate var meanSpeedOfFilm: Velocity {
    guard let first = moments.first, let last = moments.last, last.time > first.time else { return Velocity(si: 0) }
    return Velocity(si: max(0, last.edge - first.edge) / (2 * (last.time - first.time)))
  }
}
