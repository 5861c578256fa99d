import Materials
import Specimens

/// A device as its test sees it, whatever switches it.
public struct TestedDevice: Sendable {
  private enum Kind: Sendable {
    case vacancies(VacancyDevice)
    case resolvedVacancies(ResolvedVacancyDevice)
    case metal(MetallizationDevice)
    case resolvedMetal(ResolvedMetallizationDevice)
    case light(OpticalSynapse)
  }

  private let kind: Kind
  private let meterFloor: Double
  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> = []

  /// - Throws: `SwitchingError`, `MaterialError`; at the resolved level also `TransformError`, `Roots.Failure`.
  public init(_ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields) throws {
    let compound = try library.material(fields.compound)
    meterFloor = specification.meterFloor.si
    if specification.level == .resolved, let obstacle = try specification.obstacle(toResolving: compound, in: library) {
      throw obstacle
    }
    kind =
      switch try specification.mechanism(in: compound, library: library) {
      case .light: .light(try OpticalSynapse(compound, thickness: fields.thickness))
      case .metal:
        specification.level == .resolved
          ? .resolvedMetal(
            try ResolvedMetallizationDevice(try MetallizationDevice(specification, of: library, in: fields)))
          : .metal(try MetallizationDevice(specification, of: library, in: fields))
      case .vacancies, .auto:
        specification.level == .resolved
          ? .resolvedVacancies(try ResolvedVacancyDevice(specification, of: library, in: fields))
          : .vacancies(try VacancyDevice(specification, of: library, in: fields))
      }
  }

  /// The device's answer to the protocols, in order.
  /// - Parameter number: the device's number; with the seed it fixes every random number.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  public func run(_ protocols: [TestProtocol], seed: UInt64, device number: Int = 0) throws -> SwitchingTrace {
    var trace: SwitchingTrace
    switch kind {
    case .vacancies(let device):
      trace = try run(protocols, on: device, seed: seed, number: number)
      trace.ionCrossings = device.crossings(during: protocols)
      trace.ionSolver = trace.ionCrossings.map { IonSolver.choice(crossings: $0, ions: .infinity) }
    case .resolvedVacancies(let device):
      let prepared = device.prepared(for: protocols)
      trace = try run(protocols, on: prepared, seed: seed, number: number)
      trace.level = .resolved
      trace.ionCrossings = prepared.crossings
      trace.ionSolver = prepared.ionSolver
    case .metal(let device):
      trace = try run(protocols, on: device, seed: seed, number: number)
    case .resolvedMetal(let device):
      trace = try run(protocols, on: device, seed: seed, number: number)
      trace.level = .resolved
    case .light(let synapse):
      trace = try synapse.run(protocols)
    }
    return trace
  }

  private func run(
    _ protocols: [TestProtocol], on device: some SwitchingDevice, seed: UInt64, number: Int
  ) throws -> SwitchingTrace {
    var bench = TestBench(device)
    bench.keptCycles = keptCycles
    bench.meterFloor = meterFloor
    return try bench.run(protocols, seed: seed, device: number)
  }
}
