import Materials
import Quantities
import Specimens

/// A device as its test sees it, whatever switches it.
public struct TestedDevice: Sendable {
  private enum Kind: Sendable {
    case vacancies(SwitchingSimulator)
    case metal(MetallizationSimulator)
  }

  private var kind: Kind

  /// - Throws: `SwitchingError`, `MaterialError`.
  public init(_ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields) throws {
    let compound = try library.material(fields.compound)
    kind =
      try specification.isMetallic(of: compound, in: library)
      ? .metal(MetallizationSimulator(specification, of: library, in: fields))
      : .vacancies(SwitchingSimulator(Device(specification, of: library, in: fields)))
  }

  /// Cycles whose curves are kept.
  public var keptCycles: Set<Int> {
    get {
      switch kind {
      case .vacancies(let simulator): simulator.keptCycles
      case .metal(let simulator): simulator.keptCycles
      }
    }
    set {
      switch kind {
      case .vacancies(var simulator):
        simulator.keptCycles = newValue
        kind = .vacancies(simulator)
      case .metal(var simulator):
        simulator.keptCycles = newValue
        kind = .metal(simulator)
      }
    }
  }

  /// The device's answer to the protocols, in order.
  /// - Parameter number: the device's number; with the seed it fixes every random number.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  public func run(_ protocols: [TestProtocol], seed: UInt64, device number: Int = 0) throws -> SwitchingTrace {
    switch kind {
    case .vacancies(let simulator): try simulator.run(protocols, seed: seed, device: number)
    case .metal(let simulator): try simulator.run(protocols, seed: seed, device: number)
    }
  }
}
