import Boule
import Foundation
import Recipes
import Testing

/// Every recipe that the package ships is valid, survives being written and read, and runs.
@Suite struct RecipeFileTests {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let files = try! FileManager.default.contentsOfDirectory(
    atPath: package.appending(path: "recipes").path(percentEncoded: false)
  ).filter { $0.hasSuffix(".yaml") }.sorted()

  func path(_ file: String) -> String { Self.package.appending(path: "recipes/\(file)").path(percentEncoded: false) }
  var data: String { Self.package.appending(path: "data").path(percentEncoded: false) }

  @Test func thereAreRecipes() { #expect(!Self.files.isEmpty) }

  @Test(arguments: files) func aRecipeSurvivesBeingWrittenAndRead(file: String) throws {
    let recipe = try Recipe(contentsOf: path(file))
    let again = try Recipe(yaml: try recipe.resolved)
    #expect(try again.resolved == recipe.resolved)
    // It runs as the first: each value scatters by as much.
    #expect(again.tolerances.count == recipe.tolerances.count)
    for (a, b) in zip(again.tolerances, recipe.tolerances) {
      #expect(a.path == b.path && a.distribution == b.distribution)
      #expect(abs(a.value - b.value) <= 1e-12 * abs(b.value))
      #expect(abs(a.standardDeviation / b.standardDeviation - 1) < 1e-9)
    }
  }

  @Test(arguments: files) func aRecipeRunsCoarse(file: String) async throws {
    var recipe = try Recipe(contentsOf: path(file))
    let hasDevice = recipe.device != nil
    if hasDevice {
      let sweeps = recipe.test.indices.filter { if case .sweep = recipe.test[$0] { true } else { false } }
      recipe = try Recipe(
        contentsOf: path(file),
        overrides: [try Override("fields.spacing=16 nm")] + sweeps.map { try Override("test[\($0)].cycles=3") })
    }
    let ensemble = try await Experiment(recipe, data: data).ensemble(of: 4)
    #expect(ensemble.outcomes.count == 4)
    // A run may end without a crystal; its equations may not be left unsolved.
    #expect(ensemble.outcomes.allSatisfy { $0.run != nil }, "\(ensemble.outcomes.compactMap(\.failure))")
    let crystals = ensemble.outcomes.compactMap(\.crystal)
    #expect(crystals.count == ensemble.outcomes.count { $0.run != .clear })
    for crystal in crystals {
      #expect(crystal.balanceError <= 1e-10)
      #expect(crystal.lateralSize.si > 0 && crystal.thickness.si > 0)
      #expect(crystal.defects.halideVacancies.si.isFinite && crystal.traps.density.si >= 0)
    }
    if !hasDevice, !crystals.isEmpty {
      let forecast = try await Experiment(recipe, data: data).forecast(devices: 2, draws: 0)
      #expect(try forecast.report(recipeText: "").html(chartLibrary: "0;").contains("</html>"))
    }
    if hasDevice {
      #expect(ensemble.outcomes.allSatisfy { $0.failure == nil })
      let trains = recipe.test.count { if case .light = $0 { true } else { false } }
      #expect(ensemble.traces.allSatisfy { $0.trace.cycles.count == (trains > 0 ? 0 : 3) })
      #expect(ensemble.traces.allSatisfy { $0.trace.lights.count == trains })
    }
  }
}
