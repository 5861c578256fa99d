import Materials
import NumericalMethods
import Quantities
import Specimens

/// A step that makes or changes a crystal. Its stored properties are its recipe keys.
public protocol ProcessModel: Codable, Sendable {
  /// The word after `model:` in a recipe.
  static var name: String { get }
  /// One sentence for lists.
  static var summary: String { get }
  /// Whether the step makes a crystal, and so comes first, rather than changing one.
  static var makesCrystal: Bool { get }
  /// The recipe keys, in the order of the reference.
  static var keys: [ParameterKey] { get }

  /// Runs the step on what the step before it left.
  ///
  /// - Parameter specimen: nil for the first step.
  /// - Throws: `GrowthError`, `MaterialError`.
  func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal

  /// Liquids and impurities of data/ that the step names.
  var materials: [String] { get }

  /// The crystal's temperature after the step; nil where the step leaves it as it was.
  var endTemperature: Temperature? { get }

  /// What can be told wrong with the step before it runs, given the library: each as key path and reason.
  func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict]
}

extension ProcessModel {
  public static var makesCrystal: Bool { false }
  public var materials: [String] { [] }
  public var endTemperature: Temperature? { nil }
}

/// A value that no physics can serve, found before anything runs.
public struct ProcessConflict: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The library does not know a liquid or ion, or not with this compound.
    case unknownName(what: String, name: String, known: [String])
    /// No crystal fits between the plates.
    case gapTooSmall
    case physics
  }

  /// The key within the step: `program[0].to`.
  public var key: String
  public var message: String
  public var kind: Kind

  public init(_ kind: Kind = .physics, key: String, message: String) {
    self.kind = kind
    self.key = key
    self.message = message
  }
}

/// Every process model that a recipe may name.
public enum ProcessCatalog {
  public static let models: [any ProcessModel.Type] = [
    SolutionGrowth.self, SpaceConfinedGrowth.self, AntisolventDiffusion.self, SpinCoating.self,
    VacuumSublimation.self, Cooling.self, Annealing.self, Exfoliation.self,
  ]
}
