import Foundation
import Growth
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching

/// All that the devices of one ensemble share: the nominal recipe, the library, and the prepared field model.
struct ProductionLine: Sendable {
  let recipe: Recipe
  let library: MaterialLibrary
  let material: Compound
  /// The field model of the nominal device block, when there is one.
  let fieldModel: FieldModel?

  init(recipe: Recipe, library: MaterialLibrary) throws {
    self.recipe = recipe
    self.library = library
    let compound = try library.material(recipe.material)
    material = compound
    fieldModel = try recipe.device.map { try $0.fieldModel(recipe.fields, of: compound, library: library) }
  }

  /// One device, from its growth run to its test.
  func device(_ number: Int, options: Experiment.Options) throws -> DeviceOutcome {
    var outcome = DeviceOutcome(number: number)
    var tolerances = RandomSource(seed: recipe.seed, device: number, stream: .tolerances)
    let drawn = recipe.tolerances.isEmpty ? recipe : try recipe.draw(random: &tolerances)
    let crystal: GrownCrystal
    do {
      crystal = try drawn.process.run(on: material, in: library, seed: recipe.seed, lot: number)
    } catch let error as GrowthError {
      var gaveUp = false
      switch error {
      case .integration: gaveUp = true
      case .noNucleus, .dissolved, .noFilm, .noFlake: outcome.run = .clear
      default: break
      }
      outcome.failure = DeviceOutcome.Failure(stage: "growth", reason: error.description, isNonConvergence: gaveUp)
      return outcome
    } catch let error as Roots.Failure {
      outcome.failure = DeviceOutcome.Failure(stage: "growth", reason: error.description, isNonConvergence: true)
      return outcome
    }
    outcome.run = crystal.outcome
    outcome.crystal = crystal
    outcome.plateYield = drawn.bounds?.yield(of: crystal)
    guard let specification = drawn.device else { return outcome }
    let fields: CrystalFields
    do {
      // Most tolerances leave window and stack alone; then the prepared model serves.
      let isShared = drawn.fields == recipe.fields && specification == recipe.device
      let model: FieldModel
      if isShared, let fieldModel {
        model = fieldModel
      } else {
        model = try specification.fieldModel(drawn.fields, of: material, library: library)
      }
      var random = RandomSource(seed: recipe.seed, device: number, stream: .fields)
      fields = try model.resolve(crystal, random: &random)
    } catch let error as FieldError {
      outcome.failure = DeviceOutcome.Failure(
        stage: "fields", reason: error.description, isNonConvergence: error.isNonConvergence)
      return outcome
    }
    outcome.fields = FieldFigures(fields)
    if options.storedFields.contains(number) {
      outcome.storedFields = fields
      do { outcome.storedBands = try bands(of: fields, in: specification, on: crystal) } catch let error
        as BandBendingError
      {
        // The device does without its bands.
        outcome.fields?.warnings.append(
          ValidityWarning(stage: "fields", code: "noBands", message: "the bands could not be found: \(error)"))
      }
    }
    do {
      var device = try TestedDevice(specification, of: library, in: fields)
      device.keptCycles = options.keptCurves[number] ?? []
      outcome.trace = try device.run(drawn.test, seed: recipe.seed, device: number)
    } catch let error as SwitchingError {
      outcome.failure = DeviceOutcome.Failure(
        stage: "switching", reason: error.description, isNonConvergence: error.isNonConvergence)
    } catch let error as Roots.Failure {
      outcome.failure = DeviceOutcome.Failure(stage: "switching", reason: error.description, isNonConvergence: true)
    }
    return outcome
  }
}

extension ProductionLine {
  /// The bands of a device that is looked at closely; the ensemble does without them.
  private func bands(
    of fields: CrystalFields, in specification: DeviceSpecification, on crystal: GrownCrystal
  ) throws -> BandFields? {
    guard let electrodes = try? specification.electrodes(in: library), let top = electrodes.top.workFunction else {
      return nil
    }
    let structure = material.electronicStructure
    let window = WindowBands(
      excessElectrons: crystal.defects.electrons.si - crystal.defects.holes.si,
      topBarrier: structure.contactBarrier(workFunction: top),
      bottomBarrier: electrodes.bottom.workFunction.map { structure.contactBarrier(workFunction: $0) })
    return try window.bands(of: fields, compound: material)
  }
}

extension DeviceSpecification {
  /// The field model of this stack.
  /// - Throws: `MaterialError`, `FieldError`, `TransformError`.
  func fieldModel(
    _ resolution: FieldResolution, of compound: Compound, library: MaterialLibrary
  ) throws -> FieldModel {
    let place = stack.firstIndex { $0.layer == StackLayer.crystal } ?? stack.count
    let support = try stack[..<place].map { entry in
      let layer = try library.layer(entry.layer)
      return (layer, entry.thickness ?? layer.usualThickness)
    }
    return try FieldModel(resolution, of: compound, on: support, electrode: area)
  }
}
