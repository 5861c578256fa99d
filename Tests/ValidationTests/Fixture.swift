import Boule
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens

/// What the validations share: the shipped recipe and library, and how much work they may do.
enum Fixture {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let data = package.appending(path: "data").path(percentEncoded: false)

  /// `make validate` asks for four times the devices of `make test`.
  static let effort = ProcessInfo.processInfo.environment["BOULE_VALIDATE"] == "1" ? 4 : 1

  static func library() throws -> MaterialLibrary { try MaterialLibrary(contentsOf: data) }

  /// The shipped recipe with values replaced.
  static func recipe(_ overrides: String...) throws -> Recipe {
    try Recipe(
      contentsOf: package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false),
      overrides: try overrides.map { try Override($0) })
  }

  /// Crystals of several runs of a recipe, tolerances off.
  static func crystals(_ recipe: Recipe, runs: Int) throws -> [GrownCrystal] {
    let library = try library()
    let material = try library.material(recipe.material)
    return try (0..<runs).map { try recipe.process.run(on: material, in: library, seed: 1, lot: $0) }
  }

  static func median(_ values: [Double]) throws -> Double { try SampleSummary(values).median }
}
