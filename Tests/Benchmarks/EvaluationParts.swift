import Fields
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching

/// The parts of an evaluation, each ready to run on its own.
struct EvaluationParts {
  /// The first is the unit: one transform of the size that a device's vacancy field takes.
  let tasks: [TimedTask]
  /// Bytes per voxel.
  let memory: [(String, Double)]

  init(_ recipe: Recipe, library: MaterialLibrary) throws {
    let compound = try library.material(recipe.material)
    guard let device = recipe.device, let place = device.stack.firstIndex(where: { $0.layer == StackLayer.crystal })
    else { throw SwitchingError.noCrystalInStack }
    let support = try device.stack[..<place].map { entry in
      let layer = try library.layer(entry.layer)
      return (layer, entry.thickness ?? layer.usualThickness)
    }
    let prepare = { try FieldModel(recipe.fields, of: compound, on: support, electrode: device.area) }
    let model = try prepare()
    let crystal = try recipe.process.run(on: compound, in: library, seed: recipe.seed)
    var random = RandomSource(seed: recipe.seed, stream: .fields)
    let fields = try model.resolve(crystal, random: &random)
    let tested = try TestedDevice(device, of: library, in: fields)

    let torus = model.window.disorder.torus
    let transform = try RealTransform.volume(nx: torus.x, ny: torus.y, nz: torus.z)
    // Both stay until the process ends.
    let values = UnsafeMutablePointer<Double>.allocate(capacity: transform.valueCount)
    values.initialize(repeating: 1, count: transform.valueCount)
    let spectrum = UnsafeMutablePointer<Double>.allocate(capacity: transform.spectrumCount)
    spectrum.initialize(repeating: 0, count: transform.spectrumCount)
    let eigenstrain = model.window.disorder.sample(random: &random)
    let grid = model.window.grid
    var cycles = 0
    for case .sweep(_, let count) in recipe.test { cycles += count }

    tasks = [
      TimedTask("Fourier transform, \(torus.x) x \(torus.y) x \(torus.z)", calls: 5) {
        transform.forward(values, into: spectrum)
      },
      TimedTask("vacancy field, \(grid.nx) x \(grid.ny) x \(grid.nz)") {
        var random = RandomSource(seed: 1, stream: .fields)
        _ = model.window.disorder.sample(random: &random)
      },
      TimedTask("strain of a vacancy field") { _ = model.window.layered!.strain(from: eigenstrain) },
      TimedTask("all fields of a device") {
        var random = RandomSource(seed: 1, stream: .fields)
        _ = try model.resolve(crystal, random: &random)
      },
      TimedTask("what the fields of all devices share") { _ = try prepare() },
      TimedTask("growth run") { _ = try recipe.process.run(on: compound, in: library, seed: recipe.seed) },
      TimedTask("test of a device, \(cycles) cycles") { _ = try tested.run(recipe.test, seed: recipe.seed) },
    ]

    let voxels = Double(grid.count)
    let stored =
      [
        fields.vacancyDensity, fields.vacancyCount, fields.trapDensity, fields.migrationBarrier, fields.vacancyEnergy,
      ] + fields.strain.components
    let double = MemoryLayout<Double>.stride
    memory = [
      ("fields of a device", Double(stored.reduce(0) { $0 + $1.values.count } * double) / voxels),
      (
        "transform of the vacancy field, at work",
        Double((transform.valueCount + transform.spectrumCount) * double) / voxels
      ),
    ]
  }
}
