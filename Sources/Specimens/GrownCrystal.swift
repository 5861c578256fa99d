import Fields
import Materials
import Quantities

/// A crystal as the process steps left it: what growth hands to the field stage.
public struct GrownCrystal: Hashable, Sendable {
  public var compound: String
  /// Thickness over the crystal's plan, m: a grid of one plane whose x, y run over the plate, zero outside the crystal.
  public var thicknessMap: Field
  /// Thickness at the crystal's center.
  public var thickness: Length
  /// Edge of the crystal's plan.
  public var lateralSize: Length
  /// Center of the crystal on the plate, m from the plate's corner.
  public var center: SIMD2<Double>
  /// What a look into the vessel would report.
  public var outcome: RunOutcome
  /// From the start of the run to the first nucleus.
  public var inductionTime: TimeSpan
  public var nucleationTemperature: Temperature
  /// Crystals that grew in the run; of an exfoliated crystal, the flakes that would do.
  public var crystalCount: Int
  /// Edges of all crystals of the run, m.
  public var sizes: [Double]
  /// Share of the plate that crystals cover, where they grow on one.
  public var coverage: Ratio?
  /// Height of the first nucleus above the bottom, where the solution is layered.
  public var nucleationHeight: Length?
  /// The solution that the first nucleus sat in, where it is layered.
  public var nucleusSurroundings: NucleusSurroundings?
  /// Mean lateral speed of a face while the crystal grew.
  public var growthRate: Velocity
  /// Share of the compound, dissolved or in seeds, that ended in crystals; of an exfoliated crystal, its share in flakes
  /// that would do.
  public var yield: Ratio
  public var growthTemperature: Temperature
  /// Temperature now.
  public var temperature: Temperature
  public var orientation: Orientation
  public var defects: DefectInventory
  /// From the nucleus outward.
  public var zoning: [ZoningPoint]
  /// Volume fraction of included solvent.
  public var inclusionFraction: Ratio
  public var traps: TrapReading
  /// The course of the run, for plots.
  public var record: [GrowthRecord]
  /// Relative error of the balance of the run: of the solute, or of the element that closes worst.
  public var balanceError: Double
  public var warnings: [ValidityWarning]
  public var form = CrystalForm.polyhedral
  /// Which crystal stands where on the plate, from 1 in order of birth; 0 for none; where growth followed a map.
  public var grainMap: Field?
  /// Of a polycrystalline film; nil for a single crystal.
  public var grains: GrainStructure?
  public var roughness: SurfaceRoughness?
  /// Where the lattice has met its support without stress since it grew: when a film's grains last moved, or when a flake
  /// was laid down.
  public var supportTemperature: Temperature?
  /// Molecular layers of an exfoliated flake.
  public var layerCount: Int?
  /// Largest strain of the flake's outer fibers while it was peeled.
  public var exfoliationStrain: Ratio?
  /// Deep traps of a flake's torn edge, over its volume.
  public var edgeTraps = NumberDensity(si: 0)
  /// ln of the activity of AX that its stoichiometry gives a film, over that beside the stoichiometric crystal. A film keeps
  /// its ions while it is heated, and so this, as far as the compound stands it.
  public var logSaltActivity = 0.0
  /// Volume share of other compounds in the solid, by name; none of them, if empty.
  public var secondaryPhases: [String: Ratio] = [:]
  /// How a film from vapor is laid; nil for other crystals.
  public var saltLayers: SaltLayers?
  /// What the same run gave on its plate, this crystal among it; empty where a run gives one crystal.
  public var plate: [PlateMember] = []

  public init(
    compound: String, thicknessMap: Field, thickness: Length, lateralSize: Length, center: SIMD2<Double>,
    outcome: RunOutcome = .large, inductionTime: TimeSpan, nucleationTemperature: Temperature, crystalCount: Int,
    sizes: [Double], coverage: Ratio? = nil, nucleationHeight: Length? = nil, growthRate: Velocity, yield: Ratio,
    growthTemperature: Temperature,
    temperature: Temperature, orientation: Orientation, defects: DefectInventory, zoning: [ZoningPoint],
    inclusionFraction: Ratio, traps: TrapReading, record: [GrowthRecord], balanceError: Double,
    warnings: [ValidityWarning], grainMap: Field? = nil
  ) {
    self.compound = compound
    self.thicknessMap = thicknessMap
    self.thickness = thickness
    self.lateralSize = lateralSize
    self.center = center
    self.outcome = outcome
    self.inductionTime = inductionTime
    self.nucleationTemperature = nucleationTemperature
    self.crystalCount = crystalCount
    self.sizes = sizes
    self.coverage = coverage
    self.nucleationHeight = nucleationHeight
    self.growthRate = growthRate
    self.yield = yield
    self.growthTemperature = growthTemperature
    self.temperature = temperature
    self.orientation = orientation
    self.defects = defects
    self.zoning = zoning
    self.inclusionFraction = inclusionFraction
    self.traps = traps
    self.record = record
    self.balanceError = balanceError
    self.warnings = warnings
    self.grainMap = grainMap
  }
}

extension GrownCrystal {
  /// Temperature at which the lattice met its support without stress.
  public var stressFreeTemperature: Temperature { supportTemperature ?? growthTemperature }

  /// Deep traps of grain boundaries and torn edges, over the volume: a measurement across all of it sees them as spread.
  public var boundaryTraps: NumberDensity {
    NumberDensity(si: edgeTraps.si + (grains.map { $0.boundaryDensity * $0.boundaryTraps.si } ?? 0))
  }

  /// Standard deviation of the thickness over the crystal's plan.
  public var thicknessDeviation: Length {
    let heights = thicknessMap.values.filter { $0 > 0 }
    guard let low = heights.min(), let high = heights.max(), high > low * (1 + 1e-12) else { return Length(si: 0) }
    let mean = heights.reduce(0, +) / Double(heights.count)
    let square = heights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Length(si: (square / Double(heights.count)).squareRoot())
  }

  /// Mobile halide vacancies at a point of the plate, 1/m³.
  ///
  /// Faces move outward in parallel, so a ring is a square; linear between rings, the inventory's mean where growth left none.
  public func halideVacancies(at point: SIMD2<Double>) -> Double {
    let radius = max(abs(point.x - center.x), abs(point.y - center.y))
    guard let first = zoning.first, let last = zoning.last else { return defects.halideVacancies.si }
    if radius <= first.radius.si { return first.halideVacancies.si }
    if radius >= last.radius.si { return last.halideVacancies.si }
    let outer = zoning.firstIndex { $0.radius.si >= radius }!
    let (a, b) = (zoning[outer - 1], zoning[outer])
    let share = (radius - a.radius.si) / (b.radius.si - a.radius.si)
    return a.halideVacancies.si + share * (b.halideVacancies.si - a.halideVacancies.si)
  }
}

/// How the lattice lies: the rotation that takes crystal axes to the device frame (z up).
public struct Orientation: Hashable, Sendable {
  /// Unit quaternion (w, x, y, z); v_device = q v_crystal q*.
  public var quaternion: SIMD4<Double>
  /// The face that lies on the plate, Miller indices.
  public var face: SIMD3<Int>
  /// Full width at half maximum of the rocking curve.
  public var mosaicWidth: Angle

  public init(quaternion: SIMD4<Double>, face: SIMD3<Int>, mosaicWidth: Angle) {
    self.quaternion = quaternion
    self.face = face
    self.mosaicWidth = mosaicWidth
  }
}

/// The form in which a crystal grew, by the supersaturation that it met (two transitional supersaturations).
public enum CrystalForm: String, Hashable, Sendable, Codable, CaseIterable {
  /// Flat faces.
  case polyhedral
  /// Hollow faces.
  case hopper
  /// Branches from the corners.
  case dendritic
}

/// Densities of point defects, mean over the crystal.
public struct DefectInventory: Hashable, Sendable {
  public var halideVacancies: NumberDensity
  public var cationVacancies: NumberDensity
  public var leadVacancies: NumberDensity
  public var halideInterstitials: NumberDensity
  public var cationInterstitials: NumberDensity
  /// Antisites: cations on sites of the metal, and metal ions on sites of the cation; 0 where they are not told.
  public var cationAntisites = NumberDensity(si: 0)
  public var metalAntisites = NumberDensity(si: 0)
  /// Foreign ions by name.
  public var impurities: [String: NumberDensity]
  public var electrons: NumberDensity
  public var holes: NumberDensity
  /// Electrons beyond those of the ions in their usual charge; kept while the crystal exchanges no halogen.
  public var excessElectrons: Double
  /// Temperature below which the cation vacancies no longer followed equilibrium.
  public var freezeTemperature: Temperature

  public init(
    halideVacancies: NumberDensity, cationVacancies: NumberDensity, leadVacancies: NumberDensity,
    halideInterstitials: NumberDensity = NumberDensity(si: 0),
    cationInterstitials: NumberDensity = NumberDensity(si: 0),
    impurities: [String: NumberDensity] = [:], electrons: NumberDensity = NumberDensity(si: 0),
    holes: NumberDensity = NumberDensity(si: 0), excessElectrons: Double = 0, freezeTemperature: Temperature
  ) {
    self.halideVacancies = halideVacancies
    self.cationVacancies = cationVacancies
    self.leadVacancies = leadVacancies
    self.halideInterstitials = halideInterstitials
    self.cationInterstitials = cationInterstitials
    self.impurities = impurities
    self.electrons = electrons
    self.holes = holes
    self.excessElectrons = excessElectrons
    self.freezeTemperature = freezeTemperature
  }
}

extension DefectInventory {
  /// Cations and metals hardly move: antisites stay as they were grown.
  public func keepingAntisites(of grown: DefectInventory) -> DefectInventory {
    var defects = self
    (defects.cationAntisites, defects.metalAntisites) = (grown.cationAntisites, grown.metalAntisites)
    return defects
  }
}

/// What a ring of the crystal, at one distance from the nucleus, kept from the moment it grew.
public struct ZoningPoint: Hashable, Sendable {
  /// Half the edge of the crystal when this ring grew.
  public var radius: Length
  public var temperature: Temperature
  public var growthRate: Velocity
  /// Cation vacancies now, of those left at the front.
  public var cationVacancies: NumberDensity
  /// Mobile halide vacancies that neutrality asks for now.
  public var halideVacancies: NumberDensity
  public var leadVacancies: NumberDensity
  /// Foreign ions that the front took in.
  public var impurities: NumberDensity
  /// Electrons beyond those of the ions in their usual charge, 1/m³; of either sign.
  public var excessElectrons: Double

  public init(
    radius: Length, temperature: Temperature, growthRate: Velocity, cationVacancies: NumberDensity,
    halideVacancies: NumberDensity, leadVacancies: NumberDensity = NumberDensity(si: 0),
    impurities: NumberDensity = NumberDensity(si: 0), excessElectrons: Double = 0
  ) {
    self.radius = radius
    self.temperature = temperature
    self.growthRate = growthRate
    self.cationVacancies = cationVacancies
    self.halideVacancies = halideVacancies
    self.leadVacancies = leadVacancies
    self.impurities = impurities
    self.excessElectrons = excessElectrons
  }
}

/// What a look into the vessel at the end of a run would report, best last; the classes of robotic screening.
public enum RunOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  /// No crystals.
  case clear
  /// The typical crystal, weighted by volume, is below 10 µm.
  case powder
  /// Between 10 µm and 0.1 mm.
  case small
  /// Above 0.1 mm: large enough for diffraction.
  case large

  /// The class of a run by the edges of its crystals, m, and how many there are of each.
  public init(edges: [Double], counts: [Double]) {
    let volumes = zip(edges, counts).map { $0 * $0 * $0 * $1 }
    let total = volumes.reduce(0, +)
    guard total > 0 else {
      self = .clear
      return
    }
    let typical = zip(volumes, edges).reduce(0) { $0 + $1.0 * $1.1 } / total
    self = typical < 1e-5 ? .powder : typical < 1e-4 ? .small : .large
  }
}

/// Deep traps, and what a space-charge-limited-current measurement would read.
public struct TrapReading: Hashable, Sendable {
  /// In the bulk.
  public var density: NumberDensity
  /// At each of the two surfaces.
  public var surfaceDensity: ArealDensity
  /// n = 2 ε V_TFL / (q L²) as a measurement reports it; nil where no kink shows above the floor, or the traps do not fill
  /// at any voltage of the measurement.
  public var apparentDensity: NumberDensity?
  /// Nil with the apparent density.
  public var trapFilledLimitVoltage: Voltage?
  /// 2 ε V_min / (q L²): nothing below can be told from zero.
  public var geometricFloor: NumberDensity
  /// Mobility that the square law would read above the kink.
  public var apparentMobility: Mobility?
  /// Whether the reading stands above the floor.
  public var isResolved: Bool
  /// Whether the law that turns the kink into a density holds: few mobile ions, resolved, injecting contacts.
  public var isValid: Bool
  /// Whether the current was simulated; where not, the numbers are those of the law n = 2 ε V_TFL / (q L²).
  public var isSimulated: Bool

  public init(
    density: NumberDensity, surfaceDensity: ArealDensity = ArealDensity(si: 0), apparentDensity: NumberDensity?,
    trapFilledLimitVoltage: Voltage?, geometricFloor: NumberDensity, apparentMobility: Mobility? = nil,
    isResolved: Bool, isValid: Bool? = nil, isSimulated: Bool = false
  ) {
    self.density = density
    self.surfaceDensity = surfaceDensity
    self.apparentDensity = apparentDensity
    self.trapFilledLimitVoltage = trapFilledLimitVoltage
    self.geometricFloor = geometricFloor
    self.apparentMobility = apparentMobility
    self.isResolved = isResolved
    self.isValid = isValid ?? isResolved
    self.isSimulated = isSimulated
  }
}

/// One moment of a growth run.
public struct GrowthRecord: Hashable, Sendable {
  public var time: TimeSpan
  public var temperature: Temperature
  /// Moles per volume of solvent.
  public var concentration: Concentration
  public var saturation: Ratio
  /// Edge of the largest crystal.
  public var largestSize: Length
  public var crystalCount: Int

  public init(
    time: TimeSpan, temperature: Temperature, concentration: Concentration, saturation: Ratio, largestSize: Length,
    crystalCount: Int
  ) {
    self.time = time
    self.temperature = temperature
    self.concentration = concentration
    self.saturation = saturation
    self.largestSize = largestSize
    self.crystalCount = crystalCount
  }
}
