import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Switching

extension FieldResolution {
  /// The fields of one device of a recipe on a crystal; the library says what the crystal and the stack are made of.
  ///
  /// A convenience for single devices: it prepares a `FieldModel` each time. `Experiment` prepares one for all.
  /// - Parameters:
  ///   - specification: the recipe's `device:` block.
  ///   - number: the device's number; with the seed it fixes every random number.
  /// - Throws: `MaterialError`, `FieldError`, `TransformError`.
  public func resolve(
    _ crystal: GrownCrystal, in specification: DeviceSpecification, library: MaterialLibrary, seed: UInt64,
    device number: Int = 0
  ) throws -> CrystalFields {
    let model = try specification.fieldModel(self, of: try library.material(crystal.compound), library: library)
    var random = RandomSource(seed: seed, device: number, stream: .fields)
    return try model.resolve(crystal, random: &random)
  }
}
