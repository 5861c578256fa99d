import Growth
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The recipe's list of steps; a crystal flows through it.
public struct Process: Sendable {
  public var steps: [any ProcessModel]

  public init(steps: [any ProcessModel]) { self.steps = steps }

  /// Grows a crystal from the root seed.
  /// - Throws: `GrowthError`, `MaterialError`, `ProcessError.noSteps`.
  public func run(
    on material: Compound, in library: MaterialLibrary, seed: UInt64, member: Int = 0, lot: Int = 0
  ) throws -> GrownCrystal {
    var random = RandomSource(seed: seed, member: member, device: lot, stream: .growth)
    return try run(on: material, in: library, random: &random)
  }

  /// Grows a crystal from a given source of chance.
  public func run(
    on material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    var crystal: GrownCrystal?
    for step in steps { crystal = try step.run(on: crystal, of: material, in: library, random: &random) }
    guard let crystal else { throw ProcessError.noSteps }
    return crystal
  }
}

public enum ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  case noSteps

  public var description: String { "the process has no steps; a recipe's `process:` lists at least one" }
}

extension Process: Codable {
  private enum ModelKey: String, CodingKey { case model }

  public init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    steps = []
    while !list.isAtEnd {
      let element = try list.superDecoder()
      let container = try element.container(keyedBy: ModelKey.self)
      let name = try container.decode(String.self, forKey: .model)
      guard let model = ProcessCatalog.models.first(where: { $0.name == name }) else {
        throw DecodingError.dataCorruptedError(
          forKey: .model, in: container, debugDescription: "no process model named \(name)")
      }
      steps.append(try model.init(from: element))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for step in steps {
      let element = list.superEncoder()
      var container = element.container(keyedBy: ModelKey.self)
      try container.encode(type(of: step).name, forKey: .model)
      try step.encode(to: element)
    }
  }
}
