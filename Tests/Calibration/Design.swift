import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching

/// States of a crystal over a family's box, and the fields of a device in each.
struct Design {
  let family: Family
  let compound: Compound
  let library: MaterialLibrary
  let device: DeviceSpecification
  let window: FieldResolution
  let protocols: [TestProtocol]

  init(_ family: Family, of library: MaterialLibrary) throws {
    self.family = family
    self.library = library
    compound = try library.material(family.compound)
    let recipe = try Recipe(contentsOf: family.recipe)
    guard let device = recipe.device else { throw SwitchingError.noCrystalInStack }
    self.device = device
    window = recipe.fields
    protocols = recipe.test
  }

  /// The state of a point of the sequence; point 0 is the origin, so numbers begin at 1.
  func state(_ number: Int) -> [Double] {
    let point = SobolSequence(dimensions: family.low.count).point(number)
    return point.indices.map { family.low[$0] + point[$0] * (family.high[$0] - family.low[$0]) }
  }

  /// Largest height of the window, m: what lies deeper is even.
  static let depth = 128e-9

  /// The recipe's window, no higher than the crystal.
  private func grid(thickness: Double) -> Grid {
    let spacing = window.spacing.si
    func voxels(_ length: Double) -> Int { max(1, Int((length / spacing).rounded())) }
    let height = min(Self.depth, window.size.height?.si ?? .infinity, thickness)
    return Grid(
      nx: voxels(window.size.width.si), ny: voxels(window.size.depth.si), nz: voxels(height),
      spacing: SIMD3(repeating: spacing))
  }

  /// A device's fields: log-normal disorder in the recipe's window, independent regions as large as growth steps over the
  /// electrode, the window's own the first.
  func fields(_ state: [Double], number: Int) throws -> CrystalFields {
    let grid = grid(thickness: exp(state[3]))
    let length = (window.correlationLength ?? compound.disorder.correlationLength).si
    var random = RandomSource(seed: 20, device: number, stream: .fields)
    let model = try GaussianFieldModel(
      grid, covariance: window.covariance ?? .matern32, deviation: state[1],
      correlationLengths: SIMD3(repeating: length), periodicity: .lateral)
    let mean = exp(state[0])
    let noise = model.sample(random: &random)
    let density = Field(grid, values: noise.values.map { mean * exp($0 - 0.5 * state[1] * state[1]) })
    let edge = device.area.si.squareRoot()
    let step = (window.stepCorrelationLength ?? compound.disorder.stepCorrelationLength).si
    let cells = max(1, Int((edge / step).rounded()))
    let map = Grid(nx: cells, ny: cells, nz: 1, spacing: SIMD3(repeating: edge / Double(cells)))
    let spread = (window.stepLogDeviation ?? compound.disorder.stepLogDeviation).si
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
      thickness: Length(si: exp(state[3])), unstrainedBarrier: barrier, temperature: family.temperature, warnings: [])
  }

  /// The library without what is to be found here.
  private var bare: MaterialLibrary {
    var bare = library
    bare.emulators = [:]
    return bare
  }

  private func resolved(
    in fields: CrystalFields, resolution: ResolvedVacancyDevice.Resolution
  ) throws -> ResolvedVacancyDevice {
    try ResolvedVacancyDevice(device, of: bare, in: fields, resolution: resolution).prepared(for: protocols)
  }

  /// Why the resolved level says nothing of use about the family: it leaves out what matters there, or the crystal in the middle
  /// of the box does not switch within the recipe's sweep; nil if it does.
  func obstacle() throws -> String? {
    if let error = try device.obstacle(toResolving: compound, in: library) { return "\(error)" }
    let ramps = protocols.compactMap { if case .sweep(let ramp, _) = $0 { ramp } else { nil } }
    let largest = ramps.map { abs($0.amplitude.si) }.max() ?? 0
    let fields = try fields(state(1), number: 1)
    let curve = try resolved(in: fields, resolution: .coarse)
      .firstPassage(rampRate: ContactEmulator.rampRate, upTo: largest)
    guard curve.voltage(at: 1) == nil else { return nil }
    let compact = try VacancyDevice(device, of: bare, in: fields)
    let ions = compact.warnings(for: protocols).first { $0.code == "tooFewIons" }
    let hazard = String(format: "%.1g", curve.points.last?.hazard ?? 0)
    return (["a sweep to \(largest) V collects a hazard of \(hazard)"] + [ions?.message].compactMap { $0 })
      .joined(separator: "; ")
  }

  static let columns =
    ["point"] + ContactEmulator.inputs + ["compactVoltage", "compactScale", "voltage", "scale"]
    + ContactEmulator.outputs
    + (1...8).map { "sweep\($0)" }

  /// A row of the table: both levels' first passage, and eight voltages of the resolved one.
  func row(_ role: String, _ number: Int, resolution: ResolvedVacancyDevice.Resolution, step: Double = 0.01) throws
    -> String
  {
    let state = state(number)
    let fields = try fields(state, number: number)
    let compact = try VacancyDevice(device, of: bare, in: fields).landscape.pristine
    let rate = ContactEmulator.rampRate
    let curve = try resolved(in: fields, resolution: resolution).firstPassage(rampRate: rate, upTo: 12, step: step)
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
