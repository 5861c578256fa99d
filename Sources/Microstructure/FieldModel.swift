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
/// Memory: 74 B per voxel kept, at most 125 B per voxel while a device is resolved, of which 72 B stay as its result.
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

  /// Cells along each edge of the step map.
  public static let stepCells = 32
  /// Largest elastic strain for which linear elasticity is trusted.
  static let strainLimit = 0.02
  /// Largest Ω²Bc/kT for which one pass between density and strain is enough: the next would change it by its square.
  static let couplingLimit = 0.3
  /// Largest tilt of the crystal that counts as lying flat, rad.
  static let tiltLimit = Double.pi / 180

  /// - Parameters:
  ///   - support: what lies below the crystal, bottom to top, with thicknesses; the bottom layer is the thick
  ///     support that sets the strain.
  ///   - electrode: overlap of the electrodes, taken as a square.
  ///   - face: the crystal face that lies on the support; a crystal on another face gets a window of its own.
  /// - Throws: `FieldError`, `TransformError`.
  public init(
    _ resolution: FieldResolution, of compound: Compound, on support: [(LayerMaterial, Length)], electrode: Area,
    face: SIMD3<Int> = SIMD3(0, 0, 1), covariance: Covariance = .matern32
  ) throws {
    guard let bottom = support.first else { throw FieldError.noSupport }
    guard electrode.si > 0, electrode.si.isFinite else { throw FieldError.notPositive("electrode", electrode.si) }
    self.compound = compound
    supportExpansion = bottom.0.thermalExpansion
    electrodeEdge = electrode.si.squareRoot()
    specification = try FieldWindow.Specification(
      resolution, of: compound, on: support, electrodeEdge: electrodeEdge, covariance: covariance)
    window = try FieldWindow(specification, crystalThickness: .infinity, face: face)
    let cell = electrodeEdge / Double(Self.stepCells)
    steps = try GaussianFieldModel(
      Grid(nx: Self.stepCells, ny: Self.stepCells, nz: 1, spacing: SIMD3(repeating: cell)), covariance: covariance,
      deviation: (resolution.stepLogDeviation ?? compound.disorder.stepLogDeviation).si,
      correlationLength: (resolution.stepCorrelationLength ?? compound.disorder.stepCorrelationLength).si,
      periodicity: .none)
  }

  private var stepWarnings: [ValidityWarning] {
    var found: [ValidityWarning] = []
    let cell = electrodeEdge / Double(Self.stepCells)
    if steps.clippedFraction > FieldWindow.clippingLimit {
      found.append(.clippedSpectrum(of: "electrode", steps.clippedFraction))
    }
    if steps.deviation > 0, steps.correlationLength < cell {
      found.append(
        .fields(
          "coarseSteps",
          "the step map's cells of \(text(cell * 1e6)) µm do not resolve growth steps of "
            + "\(text(steps.correlationLength * 1e6)) µm; the spread they cause is overestimated"))
    }
    return found
  }

  /// The fields of one device on a crystal.
  ///
  /// The device stands anywhere on the crystal's plan where its electrode fits, all places alike. One pass: the
  /// chemical eigenstrain e* = Ω (c − c̄)/3 of the random density strains the lattice, and the mobile vacancies
  /// follow that strain, physics (7.2), without changing their number:
  ///
  ///     c = c̄ ρ exp(Ω B tr(e − ē)/kT)/norm,   ρ = exp(Y − s²/2)
  ///
  /// with c̄ the mean of the window's step cell, Ω the relaxation volume of a vacancy. Draws, in this order: place,
  /// step map, window, counts.
  /// - Throws: `FieldError`.
  public func resolve(_ crystal: GrownCrystal, random: inout RandomSource) throws -> CrystalFields {
    try check(crystal)
    let place = try Placement(
      on: crystal, electrodeEdge: electrodeEdge, share: SIMD2(random.uniform(), random.uniform()))
    // Grains of a film are far smaller than its electrode and lie in all ways.
    let face = crystal.grains == nil ? crystal.orientation.face : nil
    let isPrepared = window.serves(crystalThickness: place.thickness, face: face)
    let window =
      isPrepared
      ? self.window
      : try FieldWindow(specification, crystalThickness: place.thickness, face: face)
    let solver = window.solver
    var found = window.warnings + stepWarnings
    if crystal.lateralSize.si < electrodeEdge {
      found.append(
        .fields(
          "electrodeBeyondCrystal",
          "the crystal's edge of \(text(crystal.lateralSize.si * 1e6)) µm is shorter than the electrode's of "
            + "\(text(electrodeEdge * 1e6)) µm; the electrode is taken as fully covered"))
    }
    let stepMap = relativeDensity(of: steps, random: &random)
    let weakest = stepMap.values.indices.max { stepMap.values[$0] < stepMap.values[$1] }!
    let windowDensity = place.vacancyDensity * stepMap.values[weakest]

    var density = relativeDensity(of: window.disorder, random: &random)
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
    let coupling = windowDensity * relaxation * relaxation * bulk / (Constants.boltzmann * crystal.temperature.si)
    if coupling > Self.couplingLimit {
      found.append(
        .fields(
          "strongCoupling",
          "vacancies strain the lattice so much that they move each other (coupling \(text(coupling)), limit "
            + "\(text(Self.couplingLimit))); the single pass from density to strain and back overstates it"))
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
    let barrier = migrationBarrier(
      under: strain, bulkModulus: bulk,
      unstrained: compound.defects.halideMigrationEnergy.si + boundaryShift(of: crystal))
    guard density.isFinite else { throw FieldError.notFinite("the vacancy density") }
    guard barrier.isFinite else { throw FieldError.notFinite("the migration barrier") }
    let largest = strain.components.reduce(0.0) { max($0, abs($1.extremes.low), abs($1.extremes.high)) }
    if largest > Self.strainLimit {
      found.append(
        .fields(
          "largeStrain",
          "elastic strain reaches \(text(100 * largest)) %, beyond the 2 % for which linear elasticity is "
            + "trusted; the crystal would crack or slip"))
    }
    density.grid.origin.z = max(0, place.thickness - window.height)
    for component in 0..<6 { strain.components[component].grid = density.grid }
    return CrystalFields(
      compound: compound.name, vacancyDensity: density, vacancyCount: Field(density.grid, values: counts.values),
      strain: strain, migrationBarrier: Field(density.grid, values: barrier.values), stepMap: stepMap,
      windowCell: SIMD2(weakest % Self.stepCells, weakest / Self.stepCells),
      meanVacancyDensity: NumberDensity(si: place.vacancyDensity), logDeviation: specification.logDeviation,
      correlationLength: specification.correlationLength, residualStrain: Ratio(si: misfit),
      residualStress: Pressure(si: 0.5 * (stress[0] + stress[1])), thickness: Length(si: place.thickness),
      unstrainedBarrier: compound.defects.halideMigrationEnergy, temperature: crystal.temperature, warnings: found)
  }

  /// Refuses a crystal that this model was not built for.
  private func check(_ crystal: GrownCrystal) throws {
    guard crystal.compound == compound.name else {
      throw FieldError.otherCompound(found: crystal.compound, expected: compound.name)
    }
    let tilt = crystal.grains == nil ? try tilt(of: crystal.orientation) : 0
    guard tilt <= Self.tiltLimit else {
      throw FieldError.tilted(degrees: tilt * 180 / Double.pi, face: crystal.orientation.face)
    }
    let temperatures = [("temperature", crystal.temperature), ("growthTemperature", crystal.growthTemperature)]
    for (what, temperature) in temperatures {
      guard temperature.si > 0, temperature.si.isFinite else { throw FieldError.notFinite("the crystal's \(what)") }
    }
  }

  /// The angle between the support's normal and the nearest normal of the face's family, rad.
  private func tilt(of orientation: Orientation) throws -> Double {
    let rotation = Rotation(orientation.quaternion)
    let family = try LatticeSymmetry(of: compound.lattice).family(orientation.face)
    let largest = family.map { face in
      rotation(compound.lattice.reciprocal(face.x, face.y, face.z).normalized).z
    }.max()!
    return acos(min(1, largest))
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
    let count = density.grid.count
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

  /// Thickness of a grain boundary, m.
  private static let boundaryWidth = 0.5e-9

  /// What upright grain boundaries change of the barrier along them, J.
  ///
  ///     D = D_g [1 + (m − 1) δ S_v],  ΔE = −kT ln(D/D_g)
  ///
  /// Ways side by side (Hart, *Acta Metall.* 5 (1957) 597): m of the boundary's diffusivity over the grain's, δ of its
  /// width, some 0.5 nm, S_v of boundary per volume. Physics (3.12): m is 1 unless the recipe says otherwise.
  private func boundaryShift(of crystal: GrownCrystal) -> Double {
    guard let grains = crystal.grains else { return 0 }
    let share = min(1, Self.boundaryWidth * grains.boundaryDensity)
    return -Constants.boltzmann * crystal.temperature.si * log(1 + (grains.boundaryMobility.si - 1) * share)
  }

  /// E_a = E_a0 + p ΔV_a with the pressure p = −B tr e: compression raises the barrier.
  ///
  /// The isotropic part of physics (7.10), −(P^TS − P^GS):e with tr(P^TS − P^GS)/3B = ΔV_a; the same for a hop along
  /// any axis.
  private func migrationBarrier(
    under strain: SymmetricTensorField, bulkModulus: Double, unstrained: Double
  ) -> Field {
    let grid = strain.grid
    let slope = -bulkModulus * compound.defects.halideActivationVolume.si / compound.formulaUnitDensity
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

  private func text(_ x: Double) -> String { String(format: "%.3g", x) }
}
