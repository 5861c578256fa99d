import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Switching
import Testing

/// Files of the package, found from this one.
enum Files {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  static let recipe = root + "/recipes/mapbbr3-confined-itc.yaml"
  static let data = root + "/data"
  static let wrong = root + "/Tests/RecipesTests/Wrong"

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  static var recipes: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/recipes")) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { root + "/recipes/" + $0 }
  }
}

@Test func theShippedRecipeReads() throws {
  let recipe = try Recipe(contentsOf: Files.recipe)
  #expect(recipe.material == "MAPbBr3")
  #expect(recipe.seed == 7)
  #expect(recipe.process.steps.count == 2)
  #expect(recipe.device?.stack.count == 5)
  #expect(recipe.device?.area.si == 4e-8)
  #expect(recipe.device?.seriesResistance.si == 50)
  #expect(recipe.fields.spacing.si == 4e-9)
  #expect(recipe.fields.size.height == nil)
  #expect(recipe.test.count == 2)
  print(try recipe.resolved)
  for tolerance in recipe.tolerances { print(tolerance) }
  let library = try MaterialLibrary(contentsOf: Files.data)
  print(library.provenance.count, recipe.problems(against: library))
}
