import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A layer below the crystal, as the field stage sees it.
public struct SupportLayer: Hashable, Sendable {
  public var material: LayerMaterial
  public var thickness: Length

  public init(_ material: LayerMaterial, thickness: Length) {
    self.material = material
    self.thickness = thickness
  }
}

/// Everything about a device's fields that does not differ from device to device: random spectra and factored stiffness.
///
/// Built once, used for a whole ensemble, by many threads at once. The window stands at the top of the crystal, its axes
/// along the crystal's (the support and the disorder know no lateral direction), periodic along x and y. Heights are
/// those of the nominal crystal: a device whose crystal is a little thicker or thinner keeps the same window.
/// Memory for 64 × 64 × 128 voxels: 37 MiB kept; about 200 B per voxel (100 MiB) while one device is resolved, 72 B of which stay as result.
public struct FieldModel: Sendable {
  public let compound: Compound
  public let face: SIMD3<Int>
  /// The window; z counts from the crystal's lower face.
  public let grid: Grid
  /// Thickness of the nominal crystal.
  public let thickness: Length
  /// ln(vacancy density) within the window.
  public let shortRange: GaussianFieldModel
  /// ln(vacancy density) over the electrode.
  public let steps: GaussianFieldModel
  public let solver: LayeredStrainSolver
  /// Standard deviation of ln(vacancy density) in the window and its correlation length.
  public let logDeviation: Ratio
  public let correlationLength: Length
  /// Thermal expansion and name of the support.
  private let supportExpansion: ThermalExpansion
  private let electrodeEdge: Double
  private let warnings: [ValidityWarning]

  /// Planes of an `auto` window in a crystal too thick to hold in full.
  public static let planeLimit = 128
  /// Cells along each edge of the step map.
  public static let stepCells = 32
  /// Clipped share of a spectrum above which a warning is due.
  static let clippingLimit = 1e-3
  /// Largest tilt of the crystal that counts as lying flat, rad.
  static let tiltLimit = Double.pi / 180
  /// Largest elastic strain for which linear elasticity is trusted.
  static let strainLimit = 0.02

  /// - Parameters:
  ///   - support: what lies below the crystal, bottom to top; the bottom layer is the thick support that sets the strain.
  ///   - electrodeArea: overlap of the electrodes, taken as a square.
  ///   - crystalThickness: of the nominal crystal.
  ///   - face: the crystal face that lies on the support.
  /// - Throws: `FieldError`, `TransformError`.
  public init(
    _ resolution: FieldResolution, of compound: Compound, on support: [SupportLayer], electrodeArea: Area,
    crystalThickness: Length, face: SIMD3<Int> = SIMD3(0, 0, 1), covariance: Covariance = .matern32
  ) throws {
    guard let bottom = support.first else { throw FieldError.noSupport }
    guard electrodeArea.si > 0, electrodeArea.si.isFinite else {
      throw FieldError.notPositive("electrodeArea", electrodeArea.si)
    }
    self.compound = compound
    self.face = face
    thickness = crystalThickness
    supportExpansion = bottom.material.thermalExpansion
    electrodeEdge = electrodeArea.si.squareRoot()
    grid = try Self.window(resolution, crystalThickness: crystalThickness)
    logDeviation = resolution.logDeviation ?? compound.disorder.logDeviation
    correlationLength = resolution.correlationLength ?? compound.disorder.correlationLength
    let stepLength = resolution.stepCorrelationLength ?? compound.disorder.stepCorrelationLength

    shortRange = try GaussianFieldModel(
      grid, covariance: covariance, deviation: logDeviation.si, correlationLength: correlationLength.si,
      periodicity: .lateral)
    let cell = electrodeEdge / Double(Self.stepCells)
    steps = try GaussianFieldModel(
      Grid(nx: Self.stepCells, ny: Self.stepCells, nz: 1, spacing: SIMD3(cell, cell, crystalThickness.si)),
      covariance: covariance, deviation: (resolution.stepLogDeviation ?? compound.disorder.stepLogDeviation).si,
      correlationLength: stepLength.si, periodicity: .none)

    let elasticity = compound.elasticity
    let crystal = try Stiffness.cubic(
      c11: elasticity.c11.si, c12: elasticity.c12.si, c44: elasticity.c44.si, face: face, name: compound.name)
    var below = try support.map { layer in
      guard layer.thickness.si > 0, layer.thickness.si.isFinite else {
        throw FieldError.thinLayer(name: layer.material.name, thickness: layer.thickness.si)
      }
      return ElasticLayer(
        try .isotropic(
          youngModulus: layer.material.youngModulus.si, poissonRatio: layer.material.poissonRatio.si,
          name: layer.material.name),
        thickness: layer.thickness.si)
    }
    if grid.origin.z > 1e-6 * crystalThickness.si { below.append(ElasticLayer(crystal, thickness: grid.origin.z)) }
    solver = try LayeredStrainSolver(grid, crystal: crystal, below: below)

    warnings = Self.warnings(
      grid: grid, shortRange: shortRange, steps: steps, length: correlationLength.si, stepLength: stepLength.si,
      electrodeEdge: electrodeEdge)
  }

  /// The window's grid from the recipe's block.
  private static func window(_ resolution: FieldResolution, crystalThickness: Length) throws -> Grid {
    let spacing = resolution.spacing.si
    guard spacing > 0, spacing.isFinite else { throw FieldError.notPositive("spacing", spacing) }
    guard crystalThickness.si > 0, crystalThickness.si.isFinite else { throw FieldError.noCrystal }
    func count(_ length: Double, _ key: String) throws -> Int {
      guard length > 0, length.isFinite else { throw FieldError.notPositive(key, length) }
      let voxels = Int(min(1e9, length / spacing).rounded())
      guard voxels >= 4 else { throw FieldError.smallWindow(key: key, voxels: voxels) }
      return voxels
    }
    let nx = try count(resolution.size.width.si, "size[0]")
    let ny = try count(resolution.size.depth.si, "size[1]")
    if nx % 2 != 0 { throw FieldError.oddWindow(key: "size[0]", voxels: nx) }
    if ny % 2 != 0 { throw FieldError.oddWindow(key: "size[1]", voxels: ny) }
    let nz: Int
    if let height = resolution.size.height {
      nz = try count(height.si, "size[2]")
      guard Double(nz) * spacing < crystalThickness.si + 0.5 * spacing else {
        throw FieldError.windowAboveCrystal(height: height.si, thickness: crystalThickness.si)
      }
    } else {
      nz = min(planeLimit, try count(crystalThickness.si, "size[2]"))
    }
    let lower = crystalThickness.si - Double(nz) * spacing
    // A remainder below half a plane is rounding of the plane count, not a layer of its own.
    return Grid(
      nx: nx, ny: ny, nz: nz, spacing: SIMD3(repeating: spacing),
      origin: SIMD3(0, 0, abs(lower) < 0.5 * spacing ? 0 : lower))
  }

  private static func warnings(
    grid: Grid, shortRange: GaussianFieldModel, steps: GaussianFieldModel, length: Double, stepLength: Double,
    electrodeEdge: Double
  ) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "fields", code: code, message: message))
    }
    let text = { (x: Double) -> String in String(format: "%.3g", x) }
    for (model, what) in [(shortRange, "window"), (steps, "electrode")] where model.clippedFraction > clippingLimit {
      warn(
        "clippedSpectrum",
        "\(text(100 * model.clippedFraction)) % of the \(what)'s random spectrum was negative and clipped (limit 0.1 %); its correlation is off by about that much, so use a wider \(what) or a shorter correlation length")
    }
    let width = min(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y)
    if shortRange.deviation > 0, width < 4 * length {
      warn(
        "narrowWindow",
        "the window is \(text(width * 1e9)) nm wide, less than 4 correlation lengths of \(text(length * 1e9)) nm; its mean density scatters more than the electrode's")
    }
    if shortRange.deviation > 0, length < grid.spacing.x {
      warn(
        "coarseVoxels",
        "voxels of \(text(grid.spacing.x * 1e9)) nm do not resolve a correlation length of \(text(length * 1e9)) nm")
    }
    if steps.deviation > 0, stepLength < electrodeEdge / Double(stepCells) {
      warn(
        "coarseSteps",
        "the step map's cells of \(text(1e6 * electrodeEdge / Double(stepCells))) µm do not resolve growth steps of \(text(stepLength * 1e6)) µm; the spread they cause is overestimated")
    }
    if width > electrodeEdge * (1 + 1e-9) {
      warn(
        "windowBeyondElectrode",
        "the window is \(text(width * 1e9)) nm wide, more than the electrode's edge of \(text(electrodeEdge * 1e9)) nm")
    }
    return found
  }

  /// The fields of one device on a crystal.
  ///
  /// The device stands anywhere on the crystal's plan where its electrode fits, all places alike. One pass: the chemical
  /// eigenstrain e* = Ω (c − c̄)/3 of the random density strains the lattice, and the mobile vacancies follow that strain,
  /// physics (7.2), without changing their number:
  ///
  ///     c = c̄ ρ exp(Ω B tr(e − ē)/kT)/norm,   ρ = exp(Y − s²/2)
  ///
  /// with c̄ the mean of the window's step cell, Ω the relaxation volume of a vacancy. Draws, in this order: place, step map,
  /// window, counts.
  /// - Throws: `FieldError`.
  public func resolve(_ crystal: GrownCrystal, random: inout RandomSource) throws -> CrystalFields {
    try check(crystal)
    var found = warnings
    let place = try Placement(
      on: crystal, electrodeEdge: electrodeEdge, share: SIMD2(random.uniform(), random.uniform()))
    if crystal.lateralSize.si < electrodeEdge {
      found.append(
        ValidityWarning(
          stage: "fields", code: "electrodeBeyondCrystal",
          message: "the crystal's edge of \(Self.text(crystal.lateralSize.si * 1e6)) µm is shorter than the electrode's of \(Self.text(electrodeEdge * 1e6)) µm; the electrode is taken as fully covered"))
    }
    if place.thickness < 0.9 * Double(grid.nz) * grid.spacing.z {
      found.append(
        ValidityWarning(
          stage: "fields", code: "windowBeyondCrystal",
          message: "the crystal is \(Self.text(place.thickness * 1e9)) nm thick under this device, less than the window's \(Self.text(Double(grid.nz) * grid.spacing.z * 1e9)) nm"))
    }
    let stepMap = relativeDensity(of: steps, random: &random)
    let weakest = stepMap.values.indices.max { stepMap.values[$0] < stepMap.values[$1] }!
    let windowDensity = place.vacancyDensity * stepMap.values[weakest]

    var density = relativeDensity(of: shortRange, random: &random)
    let relaxation = compound.defects.halideRelaxationVolume.si / compound.formulaUnitDensity
    var eigenstrain = density
    eigenstrain.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = relaxation / 3 * windowDensity * (values[i] - 1) }
    }
    var strain = solver.strain(from: eigenstrain)
    let bulk = solver.crystal.bulkModulus
    follow(strain, energy: bulk * relaxation / (Constants.boltzmann * crystal.temperature.si), density: &density)
    density.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] *= windowDensity }
    }
    let counts = countVacancies(density, random: &random)

    let misfit =
      (supportExpansion.si - compound.thermalExpansion.si) * (crystal.temperature.si - crystal.growthTemperature.si)
    let normal = solver.crystal.normalStrain(biaxial: misfit)
    let stress = solver.crystal.stress(of: [misfit, misfit, normal, 0, 0, 0])
    for (component, mean) in [misfit, misfit, normal].enumerated() where mean != 0 {
      strain.components[component].values.withUnsafeMutableBufferPointer { values in
        for i in values.indices { values[i] += mean }
      }
    }
    let barrier = migrationBarrier(under: strain)
    guard density.isFinite else { throw FieldError.notFinite("the vacancy density") }
    guard barrier.isFinite else { throw FieldError.notFinite("the migration barrier") }
    let largest = strain.components.reduce(0.0) { max($0, abs($1.extremes.low), abs($1.extremes.high)) }
    if largest > Self.strainLimit {
      found.append(
        ValidityWarning(
          stage: "fields", code: "largeStrain",
          message: "elastic strain reaches \(Self.text(100 * largest)) %, beyond the 2 % for which linear elasticity is trusted; the crystal would crack or slip"))
    }
    return CrystalFields(
      compound: compound.name, vacancyDensity: density, vacancyCount: counts, strain: strain,
      migrationBarrier: barrier, stepMap: stepMap,
      windowCell: SIMD2(weakest % Self.stepCells, weakest / Self.stepCells),
      meanVacancyDensity: NumberDensity(si: place.vacancyDensity), logDeviation: logDeviation,
      correlationLength: correlationLength, residualStrain: Ratio(si: misfit),
      residualStress: Pressure(si: 0.5 * (stress[0] + stress[1])), thickness: Length(si: place.thickness),
      unstrainedBarrier: compound.defects.halideMigrationEnergy, temperature: crystal.temperature, warnings: found)
  }

  /// Refuses a crystal that this model was not built for.
  private func check(_ crystal: GrownCrystal) throws {
    guard crystal.compound == compound.name else {
      throw FieldError.otherCrystal(what: "compound", found: crystal.compound, expected: compound.name)
    }
    let found = crystal.orientation.face
    let family = { (f: SIMD3<Int>) -> [Int] in [abs(f.x), abs(f.y), abs(f.z)].sorted() }
    guard family(found) == family(face) else {
      throw FieldError.otherCrystal(
        what: "face", found: "(\(found.x) \(found.y) \(found.z))", expected: "(\(face.x) \(face.y) \(face.z))")
    }
    let tilt = Self.tilt(of: crystal.orientation)
    guard tilt <= Self.tiltLimit else { throw FieldError.tilted(degrees: tilt * 180 / Double.pi, face: found) }
    for (what, temperature) in [("temperature", crystal.temperature), ("growthTemperature", crystal.growthTemperature)] {
      guard temperature.si > 0, temperature.si.isFinite else { throw FieldError.notFinite("the crystal's \(what)") }
    }
  }

  /// The angle between the support's normal and the nearest normal of the face's family, rad.
  private static func tilt(of orientation: Orientation) -> Double {
    let q = orientation.quaternion
    // The device's z axis in crystal coordinates: the third row of the rotation matrix.
    let up = SIMD3(
      2 * (q.y * q.w - q.x * q.z), 2 * (q.z * q.w + q.x * q.y), q.x * q.x - q.y * q.y - q.z * q.z + q.w * q.w)
    let sorted = { (v: SIMD3<Double>) -> SIMD3<Double> in
      let s = [abs(v.x), abs(v.y), abs(v.z)].sorted()
      return SIMD3(s[0], s[1], s[2])
    }
    let a = sorted(up)
    let b = sorted(SIMD3(Double(orientation.face.x), Double(orientation.face.y), Double(orientation.face.z)))
    return acos(min(1, (a * b).sum() / ((a * a).sum() * (b * b).sum()).squareRoot()))
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
  private func follow(_ strain: SymmetricTensorField, energy: Double, density: inout Field) {
    let count = grid.count
    var before = 0.0
    var after = 0.0
    density.values.withUnsafeMutableBufferPointer { density in
      strain.components[0].values.withUnsafeBufferPointer { xx in
        strain.components[1].values.withUnsafeBufferPointer { yy in
          strain.components[2].values.withUnsafeBufferPointer { zz in
            for i in 0..<count {
              let moved = density[i] * exp(energy * (xx[i] + yy[i] + zz[i]))
              before += density[i]
              after += moved
              density[i] = moved
            }
          }
        }
      }
      let norm = before / after
      if norm != 1 { for i in 0..<count { density[i] *= norm } }
    }
  }

  /// Poisson counts of each voxel's mean: with the random density, a Cox process.
  private func countVacancies(_ density: Field, random: inout RandomSource) -> Field {
    var stream = random
    defer { random = stream }
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

  /// E_a = E_a0 + p ΔV_a with the pressure p = −B tr e: compression raises the barrier.
  ///
  /// The isotropic part of physics (7.10), −(P^TS − P^GS):e with tr(P^TS − P^GS)/3B = ΔV_a; the same for a hop along any axis.
  private func migrationBarrier(under strain: SymmetricTensorField) -> Field {
    let unstrained = compound.defects.halideMigrationEnergy.si
    let slope = -solver.crystal.bulkModulus * compound.defects.halideActivationVolume.si / compound.formulaUnitDensity
    return Field(
      grid,
      values: [Double](unsafeUninitializedCapacity: grid.count) { barrier, count in
        strain.components[0].values.withUnsafeBufferPointer { xx in
          strain.components[1].values.withUnsafeBufferPointer { yy in
            strain.components[2].values.withUnsafeBufferPointer { zz in
              for i in 0..<grid.count { barrier[i] = unstrained + slope * (xx[i] + yy[i] + zz[i]) }
            }
          }
        }
        count = grid.count
      })
  }

  private static func text(_ x: Double) -> String { String(format: "%.3g", x) }
}
