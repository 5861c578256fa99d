import Fields
import Foundation
import Materials
import Quantities
import Recipes
import Specimens
import Switching

/// What the tests of switching share: the library that the package ships.
enum Fixture {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func library() throws -> MaterialLibrary {
    try MaterialLibrary(contentsOf: package.appending(path: "data").path(percentEncoded: false))
  }

  /// Flat fields of a crystal 20 µm thick: one density, one barrier.
  static func fields(
    of compound: Compound, density: Double = 5e22, width: Int = 16, logDeviation: Double = 0, temperature: Double = 300
  ) -> CrystalFields {
    let grid = Grid(nx: width, ny: width, nz: 2, spacing: SIMD3(8e-9, 8e-9, 8e-9))
    let map = Grid(nx: 4, ny: 4, nz: 1, spacing: SIMD3(5e-5, 5e-5, 5e-5))
    let barrier = compound.defects.halideMigrationEnergy
    return CrystalFields(
      compound: compound.name, vacancyDensity: Field(grid, filledWith: density),
      vacancyCount: Field(grid, filledWith: density * grid.voxelVolume), trapDensity: Field(grid),
      strain: SymmetricTensorField(grid), migrationBarrier: Field(grid, filledWith: barrier.si),
      vacancyEnergy: Field(grid), stepMap: Field(map, filledWith: 1),
      windowCell: SIMD2(0, 0),
      meanVacancyDensity: NumberDensity(si: density), logDeviation: Ratio(si: logDeviation),
      correlationLength: .nanometers(20), residualStrain: Ratio(si: 0), residualStress: Pressure(si: 0),
      thickness: .micrometers(20), unstrainedBarrier: barrier, temperature: .kelvin(temperature), warnings: [])
  }

  static let stack = DeviceSpecification(
    stack: ["glass", "ITO", "PTAA", "crystal", "graphite"].map { StackLayer(layer: $0) }, area: Area(si: 4e-8),
    seriesResistance: Resistance(si: 50))

  static func ramp(_ amplitude: Double, rate: Double = 0.5) -> TestProtocol.Ramp {
    TestProtocol.Ramp(amplitude: .volts(amplitude), rate: VoltageRate(si: rate), compliance: Current(si: 1e-3))
  }
}
