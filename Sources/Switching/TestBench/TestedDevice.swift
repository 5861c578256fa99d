import Materials
import Specimens

/// A device as its test sees it, whatever switches it.
public struct TestedDevice: Sendable {
  private enum Kind: Sendable {
    case vacancies(Device)
    case metal(MetallizationDevice)
  }

  private let kind: Kind
  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> = []

  /// - Throws: `SwitchingError`, `MaterialError`.
  public init(_ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields) throws {
    let compound = try library.material(fields.compound)
    kind =
      try specification.isMetallic(of: compound, in: library)
      ? .metal(MetallizationDevice(specification, of: library, in: fields))
      : .vacancies(Device(specification, of: library, in: fields))
  }

  /// The device's answer to the protocols, in order.
  /// - Parameter number: the device's number; with the seed it fixes every random number.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  public func run(_ protocols: [TestProtocol], seed: UInt64, device number: Int = 0) throws -> SwitchingTrace {
    switch kind {
    case .vacancies(let device): try run(protocols, on: device, seed: seed, number: number)
    case .metal(let device): try run(protocols, on: device, seed: seed, number: number)
    }
  }

  private func run(
    _ protocols: [TestProtocol], on device: some SwitchingDevice, seed: UInt64, number: Int
  ) throws -> SwitchingTrace {
    var bench = TestBench(device)
    bench.keptCycles = keptCycles
    return try bench.run(protocols, seed: seed, device: number)
  }
}
