import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Switching

/// States of a crystal over a box, and the fields of a device in each.
struct Design {
  let compound: Compound
  let library: MaterialLibrary
  let device: DeviceSpecification

  /// Of the inputs of `ContactEmulator`: ln(1/m³), deviation, eV, ln(m).
  static let low = [log(2e22), 0.2, 0.28, log(8e-6)]
  static let high = [log(5e23), 0.6, 0.36, log(50e-6)]

  /// The state of a point of the sequence; point 0 is the origin, so numbers begin at 1.
  static func state(_ number: Int) -> [Double] {
    let point = SobolSequence(dimensions: 4).point(number)
    return point.indices.map { low[$0] + point[$0] * (high[$0] - low[$0]) }
  }

  /// A device's fields: log-normal disorder in a window of 256 nm, regions over an electrode.
  func fields(_ state: [Double], number: Int) throws -> CrystalFields {
    let grid = Grid(nx: 64, ny: 64, nz: 32, spacing: SIMD3(4e-9, 4e-9, 4e-9))
    let length = compound.disorder.correlationLength.si
    var random = RandomSource(seed: 20, device: number, stream: .fields)
    let model = try GaussianFieldModel(
      grid, covariance: .matern32, deviation: state[1], correlationLengths: SIMD3(repeating: length),
      periodicity: .lateral)
    let mean = exp(state[0])
    let noise = model.sample(random: &random)
    let density = Field(grid, values: noise.values.map { mean * exp($0 - 0.5 * state[1] * state[1]) })
    let map = Grid(nx: 10, ny: 10, nz: 1, spacing: SIMD3(20e-6, 20e-6, 20e-6))
    let spread = compound.disorder.stepLogDeviation.si
    var regions = Field(map, filledWith: 1)
    for i in 1..<map.count { regions.values[i] = exp(spread * random.normal() - 0.5 * spread * spread) }
    let barrier = Energy(si: state[2] * Constants.elementaryCharge)
    return CrystalFields(
      compound: compound.name, vacancyDensity: density,
      vacancyCount: Field(grid, values: density.values.map { $0 * grid.voxelVolume }), trapDensity: Field(grid),
      strain: SymmetricTensorField(grid), migrationBarrier: Field(grid, filledWith: barrier.si),
      vacancyEnergy: Field(grid), stepMap: regions, windowCell: SIMD2(0, 0),
      meanVacancyDensity: NumberDensity(si: mean), logDeviation: Ratio(si: state[1]),
      correlationLength: Length(si: length), residualStrain: Ratio(si: 0), residualStress: Pressure(si: 0),
      thickness: Length(si: exp(state[3])), unstrainedBarrier: barrier, temperature: .kelvin(298.15), warnings: [])
  }

  static let columns =
    ["point"] + ContactEmulator.inputs + ["compactVoltage", "compactScale", "voltage", "scale"]
    + ContactEmulator.outputs
    + (1...8).map { "sweep\($0)" }

  /// A row of the table: both levels' first passage, and eight voltages of the resolved one.
  func row(_ role: String, _ number: Int, resolution: ResolvedVacancyDevice.Resolution, step: Double = 0.01) throws
    -> String
  {
    let state = Self.state(number)
    let fields = try fields(state, number: number)
    var bare = library
    bare.emulators = [:]
    let compact = try VacancyDevice(device, of: bare, in: fields).landscape.pristine
    let rate = ContactEmulator.rampRate
    let resolved = try ResolvedVacancyDevice(device, of: bare, in: fields, resolution: resolution)
    let curve = try resolved.firstPassage(rampRate: rate, upTo: 12, step: step)
    guard let fit = curve.exponential(rampRate: rate) else { throw SwitchingError.notConverged(what: "V_SET", at: 12) }
    let compactVoltage = compact.voltageOfHazardOne(rampRate: rate)
    var random = RandomSource(seed: 21, device: number, stream: .switching)
    let sweeps = (0..<8).map { _ in curve.voltage(at: random.exponential()) ?? 12 }
    let values =
      [Double(number)] + state
      + [
        compactVoltage, compact.voltageScale, fit.voltageOfHazardOne, fit.voltageScale,
        fit.voltageOfHazardOne - compactVoltage, log(fit.voltageScale / compact.voltageScale),
      ] + sweeps
    return ([role] + values.map { String(format: "%.8g", $0) }).joined(separator: ",")
  }
}
