import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Everything about a device's fields that does not differ from device to device: random spectra and factored
/// stiffness.
///
/// Built once, used for a whole ensemble, by many threads at once. The window stands at the top of the crystal, its
/// axes along the crystal's (the support and the disorder know no lateral direction), periodic along x and y. It is
/// prepared for a crystal so thick that what lies below does not reach the window elastically (window plus three
/// window widths); a thinner crystal gets a window of its own, exact and about twice as slow.
/// Memory: 74 B per voxel kept, at most 141 B per voxel while a device is resolved, of which 88 B stay as its result.
public struct FieldModel: Sendable {
  public let compound: Compound
  /// The window of a thick crystal.
  public let window: FieldWindow
  /// ln(vacancy density) over the electrode.
  public let steps: GaussianFieldModel
  private let specification: FieldWindow.Specification
  /// Thermal expansion of the support.
  private let supportExpansion: ThermalExpansion
  private let electrodeEdge: Double
  private let excess: DefectExcess
  private let elasticity: FieldElasticity
  /// From outside, along x and y.
  private let appliedStrain: SIMD2<Double>
  /// In place of the film's own, where the recipe says so.
  let boundaryMobility: Ratio?

  /// Cells along each edge of the step map.
  public static let stepCells = 32
  /// Largest elastic strain for which linear elasticity is trusted.
  static let strainLimit = 0.02
  /// Largest Ω²Bc/kT for which one pass between density and strain is enough: the next would change it by its square.
  static let couplingLimit = 0.3
  /// Share of the halides' sites up to which vacancies count as few.
  static let crowdingLimit = 0.03
  /// Largest tilt at which a crystal counts as lying flat, rad.
  static let tiltLimit = Double.pi / 180

  /// - Parameters:
  ///   - support: what lies below the crystal, bottom to top, with thicknesses; the bottom layer is the thick
  ///     support that sets the strain.
  ///   - electrode: overlap of the electrodes, taken as a square.
  ///   - face: the crystal face that lies on the support; a crystal on another face gets a window of its own.
  /// - Throws: `FieldError`, `TransformError`.
  public init(
    _ resolution: FieldResolution, of compound: Compound, on support: [(LayerMaterial, Length)], electrode: Area,
    face: SIMD3<Int> = SIMD3(0, 0, 1)
  ) throws {
    guard let bottom = support.first else { throw FieldError.noSupport }
    guard electrode.si > 0, electrode.si.isFinite else { throw FieldError.notPositive("electrode", electrode.si) }
    self.compound = compound
    supportExpansion = bottom.0.thermalExpansion
    electrodeEdge = electrode.si.squareRoot()
    specification = try FieldWindow.Specification(
      resolution, of: compound, on: support, electrodeEdge: electrodeEdge)
    excess = DefectExcess(resolution)
    elasticity = resolution.elasticity ?? .layered
    boundaryMobility = resolution.boundaryMobility
    appliedStrain = SIMD2((resolution.strainX ?? Ratio(si: 0)).si, (resolution.strainY ?? Ratio(si: 0)).si)
    window = try FieldWindow(specification, crystalThickness: .infinity, habit: .crystal(face: face))
    let cell = electrodeEdge / Double(Self.stepCells)
    if let deviation = resolution.stepLogDeviation?.si, !(deviation >= 0 && deviation.isFinite) {
      throw FieldError.notPositive("stepLogDeviation", deviation)
    }
    if let length = resolution.stepCorrelationLength?.si, !(length > 0 && length.isFinite) {
      throw FieldError.notPositive("stepCorrelationLength", length)
    }
    steps = try GaussianFieldModel(
      Grid(nx: Self.stepCells, ny: Self.stepCells, nz: 1, spacing: SIMD3(repeating: cell)),
      covariance: resolution.covariance ?? .matern32,
      deviation: (resolution.stepLogDeviation ?? compound.disorder.stepLogDeviation).si,
      correlationLengths: SIMD3(
        repeating: (resolution.stepCorrelationLength ?? compound.disorder.stepCorrelationLength).si),
      periodicity: .none)
  }

  private var stepWarnings: [ValidityWarning] {
    var found: [ValidityWarning] = []
    let cell = electrodeEdge / Double(Self.stepCells)
    if steps.clippedFraction > FieldWindow.clippingLimit {
      found.append(.clippedSpectrum(of: "electrode", steps.clippedFraction))
    }
    if steps.deviation > 0, steps.correlationLengths.x < cell {
      found.append(
        .fields(
          "coarseSteps",
          "the step map's cells of \(text(cell * 1e6)) µm do not resolve growth steps of "
            + "\(text(steps.correlationLengths.x * 1e6)) µm; the spread they cause is overestimated"))
    }
    return found
  }

  /// The fields of one device on a crystal.
  ///
  /// The device stands anywhere on the crystal's plan where its electrode fits, all places alike. One pass: the
  /// chemical eigenstrain e* = Ω (c − c̄)/3 of the random density strains the lattice, and the mobile vacancies
  /// follow that strain, physics (7.2), without changing their number:
  ///
  ///     c = c̄ ρ w exp(Ω B tr(e − ē)/kT)/norm,   ρ = exp(Y − s²/2)
  ///
  /// with c̄ the mean of the window's step cell, w what faces and boundaries hold beyond the bulk, Ω the relaxation
  /// volume of a vacancy. Draws, in this order: place, step map, grains, window, counts.
  /// - Throws: `FieldError`.
  public func resolve(_ crystal: GrownCrystal, random: inout RandomSource) throws -> CrystalFields {
    try check(crystal)
    let place = try Placement(
      on: crystal, electrodeEdge: electrodeEdge, share: SIMD2(random.uniform(), random.uniform()))
    let normal = compound.lattice.reciprocal(
      crystal.orientation.face.x, crystal.orientation.face.y, crystal.orientation.face.z
    ).normalized
    let habit: WindowHabit =
      crystal.grains.map { .film(normal: normal, texture: max(1e-3, $0.texture.si)) }
      ?? .crystal(face: crystal.orientation.face)
    let isPrepared = window.serves(crystalThickness: place.thickness, habit: habit)
    let window =
      isPrepared
      ? self.window
      : try FieldWindow(specification, crystalThickness: place.thickness, habit: habit)
    var found = window.warnings + stepWarnings
    if crystal.lateralSize.si < electrodeEdge {
      found.append(
        .fields(
          "electrodeBeyondCrystal",
          "the crystal's edge of \(text(crystal.lateralSize.si * 1e6)) µm is shorter than the electrode's of "
            + "\(text(electrodeEdge * 1e6)) µm; the electrode is taken as fully covered"))
    }
    let (meanDensity, stepMap) = try electrodeMap(of: crystal, at: place, random: &random)
    let weakest = stepMap.values.indices.max { stepMap.values[$0] < stepMap.values[$1] }!
    let windowDensity = meanDensity * stepMap.values[weakest]
    let grains = crystal.grains.map { WindowGrains(of: crystal, $0, normal: normal, in: window.grid, random: &random) }

    if let size = crystal.grains?.size.si, grains?.isResolved == false {
      found.append(
        .fields(
          "grainsBelowVoxels",
          "grains of \(text(size * 1e9)) nm are finer than two voxels of \(text(window.grid.spacing.x * 1e9)) nm; "
            + "their boundaries are spread evenly over the window"))
    }

    let disorder = relativeDensity(of: window.disorder, random: &random)
    let factors = excessFactors(in: window, thickness: place.thickness, grains: grains)
    var density = disorder
    if let factors { multiply(&density, by: factors) }
    let largest = windowDensity * density.extremes.high
    if let excess = excess.warning(spacing: window.grid.spacing.z) { found.append(excess) }
    if largest > Self.crowdingLimit * compound.halideSiteDensity {
      found.append(
        .fields(
          "crowdedVacancies",
          "vacancies take up to \(text(100 * largest / compound.halideSiteDensity)) % of the halides' sites, beyond the "
            + "\(text(100 * Self.crowdingLimit)) % up to which they count as few"))
    }
    let relaxation = compound.defects.halideRelaxationVolume.si / compound.formulaUnitDensity
    var eigenstrain = density
    eigenstrain.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = relaxation / 3 * windowDensity * (values[i] - 1) }
    }
    let misfit =
      (supportExpansion.si - compound.thermalExpansion.si)
      * (crystal.temperature.si - crystal.stressFreeTemperature.si)
    let imposed = SIMD2(repeating: misfit) + appliedStrain
    let medium = try medium(of: crystal, in: window, grains: grains)
    let elastic: WindowStrain
    do { elastic = try WindowStrain(medium, eigenstrain: eigenstrain, imposed: imposed) } catch let error as StrainError
    {
      throw FieldError.noStrain(error)
    }
    let strain = elastic.strain
    let bulk = (compound.elasticity.c11.si + 2 * compound.elasticity.c12.si) / 3
    let hop = HopBarrier(of: compound, bulkModulus: bulk)
    let thermal = Constants.boltzmann * crystal.temperature.si
    follow(elastic, energy: bulk * relaxation / thermal, density: &density)
    density.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] *= windowDensity }
    }
    let coupling = windowDensity * (factors?.largest ?? 1) * relaxation * relaxation * bulk / thermal
    if coupling > Self.couplingLimit {
      found.append(
        .fields(
          "strongCoupling",
          "vacancies strain the lattice so much that they move each other (coupling \(text(coupling)), limit "
            + "\(text(Self.couplingLimit))); the single pass from density to strain and back overstates it"))
    }
    guard density.isFinite else { throw FieldError.notFinite("the vacancy density") }
    let counts = countVacancies(density, random: &random)

    let unstrained = hopBarriers(of: crystal, grains: grains)
    let barrier = hop.barrier(along: SIMD3(0, 0, 1), under: strain, unstrained: unstrained)
    // Within the electrode, where it is large enough.
    let width = SIMD2(Double(window.grid.nx), Double(window.grid.ny)) * window.grid.spacing.x
    let cell =
      electrodeEdge / Double(Self.stepCells)
      * SIMD2(Double(weakest % Self.stepCells), Double(weakest / Self.stepCells))
    let corner =
      crystal.center + place.offset - 0.5 * electrodeEdge
      + pointwiseMax(pointwiseMin(cell, SIMD2(repeating: electrodeEdge) - width), .zero)
    let crystalDensity = crystal.defects.halideVacancies.si
    let richness = crystalDensity > 0 ? windowDensity / crystalDensity : 1
    let traps = TrapField(crystal: crystal, corner: corner, grains: grains).density(
      relative: disorder, thickness: place.thickness, richness: richness)
    guard traps.isFinite else { throw FieldError.notFinite("the trap density") }
    guard barrier.isFinite else { throw FieldError.notFinite("the migration barrier") }
    let largestStrain = strain.components.reduce(0.0) { max($0, abs($1.extremes.low), abs($1.extremes.high)) }
    if largestStrain > Self.strainLimit {
      found.append(
        .fields(
          "largeStrain",
          "elastic strain reaches \(text(100 * largestStrain)) %, beyond the 2 % for which linear elasticity is "
            + "trusted; the crystal would crack or slip"))
    }
    var grid = density.grid
    grid.origin.z = max(0, place.thickness - window.height)
    let placed = SymmetricTensorField(components: strain.components.map { Field(grid, values: $0.values) })
    var fields = CrystalFields(
      compound: compound.name, vacancyDensity: Field(grid, values: density.values),
      vacancyCount: Field(grid, values: counts.values), trapDensity: Field(grid, values: traps.values),
      strain: placed, migrationBarrier: Field(grid, values: barrier.values),
      vacancyEnergy: hop.vacancyEnergy(under: placed), grains: grains.map { $0.map(on: grid) }, stepMap: stepMap,
      windowCell: SIMD2(weakest % Self.stepCells, weakest / Self.stepCells),
      meanVacancyDensity: NumberDensity(si: meanDensity), contactExcess: factors.map { $0.contact(on: grid) },
      logDeviation: specification.logDeviation,
      correlationLength: specification.correlationLength, residualStrain: Ratio(si: 0.5 * (imposed.x + imposed.y)),
      residualStress: Pressure(si: elastic.stress), thickness: Length(si: place.thickness),
      unstrainedBarrier: Energy(si: unstrained.reduce(0, +) / Double(unstrained.count)),
      temperature: crystal.temperature, warnings: found)
    fields.stackingAlignment = Ratio(si: stackingAlignment(of: crystal, grains: grains))
    return fields
  }

  /// What resists strain in the window: one stiffness in layers, or where that would not do, that of each voxel.
  private func medium(
    of crystal: GrownCrystal, in window: FieldWindow, grains: WindowGrains?
  ) throws -> WindowStrain.Medium {
    let cubic = ElasticTensor(
      c11: compound.elasticity.c11.si, c12: compound.elasticity.c12.si, c44: compound.elasticity.c44.si)
    if let grains {
      if let layered = window.layered, elasticity == .layered || !grains.isResolved || grains.rotations.count == 1 {
        return .layered(layered)
      }
      return .voxels(
        labels: grains.labels, stiffness: grains.rotations.map { cubic.rotated(by: $0) }, below: window.below)
    }
    if let layered = window.layered, try tilt(of: crystal.orientation) <= Self.tiltLimit { return .layered(layered) }
    return .voxels(
      labels: [Int](repeating: 0, count: window.grid.planeCount),
      stiffness: [cubic.rotated(by: Rotation(crystal.orientation.quaternion))], below: window.below)
  }

  /// The mean vacancy density under the electrode, 1/m³, and how it spreads over it: growth steps, and the rings of the
  /// crystal on which its cells stand.
  private func electrodeMap(
    of crystal: GrownCrystal, at place: Placement, random: inout RandomSource
  ) throws -> (mean: Double, map: Field) {
    var map = relativeDensity(of: steps, random: &random)
    let cell = electrodeEdge / Double(Self.stepCells)
    let corner = crystal.center + place.offset - 0.5 * electrodeEdge
    guard !crystal.zoning.isEmpty else { return (place.vacancyDensity, map) }
    var zoned: [Double] = []
    for j in 0..<Self.stepCells {
      for i in 0..<Self.stepCells {
        zoned.append(crystal.halideVacancies(at: corner + (SIMD2(Double(i), Double(j)) + 0.5) * cell))
      }
    }
    // Summed as differences: an even crystal gives exactly its density.
    let mean = zoned[0] + zoned.reduce(0) { $0 + ($1 - zoned[0]) } / Double(zoned.count)
    guard mean.isFinite else { throw FieldError.notFinite("the crystal's halide vacancy density") }
    guard mean > 0 else { return (0, map) }
    for index in zoned.indices { map.values[index] *= zoned[index] / mean }
    return (mean, map)
  }

  /// w by plane and by column; nil where it is 1 all over.
  private func excessFactors(
    in window: FieldWindow, thickness: Double, grains: WindowGrains?
  ) -> ExcessFactors? {
    let grid = window.grid
    let factors = ExcessFactors(
      planes: excess.profile(planes: grid.nz, spacing: grid.spacing.z, thickness: thickness),
      columns: grains.map { $0.boundaryDensity.map { excess.atBoundaries($0) } }
        ?? [Double](repeating: 0, count: grid.planeCount))
    return factors.isNone ? nil : factors
  }

  private func multiply(_ field: inout Field, by factors: ExcessFactors) {
    let count = field.grid.planeCount
    field.values.withUnsafeMutableBufferPointer { values in
      for plane in factors.planes.indices {
        for column in 0..<count { values[plane * count + column] *= factors.value(plane: plane, column: column) }
      }
    }
  }

  /// Refuses a crystal that this model was not built for.
  private func check(_ crystal: GrownCrystal) throws {
    guard crystal.compound == compound.name else {
      throw FieldError.otherCompound(found: crystal.compound, expected: compound.name)
    }
    let temperatures = [
      ("temperature", crystal.temperature), ("stress-free temperature", crystal.stressFreeTemperature),
    ]
    for (what, temperature) in temperatures {
      guard temperature.si > 0, temperature.si.isFinite else { throw FieldError.notFinite("the crystal's \(what)") }
    }
  }

  /// exp(Y − s²/2), mean 1.
  private func relativeDensity(of model: GaussianFieldModel, random: inout RandomSource) -> Field {
    var field = model.sample(random: &random)
    let shift = 0.5 * model.deviation * model.deviation
    field.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = exp(values[i] - shift) }
    }
    return field
  }

  /// Lets a density follow the lattice's dilatation at a fixed number of vacancies.
  private func follow(_ elastic: WindowStrain, energy: Double, density: inout Field) {
    let count = density.grid.count
    let (strain, mean) = (elastic.strain, elastic.misfitTrace)
    var before = 0.0
    var after = 0.0
    density.values.withUnsafeMutableBufferPointer { density in
      strain.components[0].values.withUnsafeBufferPointer { xx in
        strain.components[1].values.withUnsafeBufferPointer { yy in
          strain.components[2].values.withUnsafeBufferPointer { zz in
            for i in 0..<count {
              let moved = density[i] * exp(energy * (xx[i] + yy[i] + zz[i] - mean))
              before += density[i]
              after += moved
              density[i] = moved
            }
          }
        }
      }
      let norm = after > 0 ? before / after : 1
      if norm != 1 { for i in 0..<count { density[i] *= norm } }
    }
  }

  /// Poisson counts of each voxel's mean: with the random density, a Cox process.
  private func countVacancies(_ density: Field, random: inout RandomSource) -> Field {
    var stream = random
    defer { random = stream }
    let grid = density.grid
    let volume = grid.voxelVolume
    return Field(
      grid,
      values: [Double](unsafeUninitializedCapacity: grid.count) { counts, count in
        density.values.withUnsafeBufferPointer { density in
          for i in 0..<grid.count { counts[i] = Double(stream.poisson(mean: density[i] * volume)) }
        }
        count = grid.count
      })
  }

  private func text(_ x: Double) -> String { String(format: "%.3g", x) }
}
