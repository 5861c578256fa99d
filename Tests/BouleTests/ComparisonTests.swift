import Boule
import Recipes
import Testing

@Suite struct ComparisonTests {
  static func forecast(_ overrides: String...) async throws -> Forecast {
    let recipe = try Recipe(
      contentsOf: EnsembleTests.recipePath, overrides: try (["test=[]"] + overrides).map { try Override($0) })
    return try await Experiment(recipe, data: EnsembleTests.data).forecast(devices: 12, draws: 6)
  }

  @Test func aRecipeDoesNotDifferFromItself() async throws {
    let one = try await Self.forecast()
    let comparison = try Comparison([one, one], names: ["a", "b"])
    #expect(comparison.rows.count > 10)
    for row in comparison.rows {
      guard let contrast = row.contrasts[1] else { continue }
      #expect(contrast.value == (contrast.isRatio ? 1 : 0) && !contrast.matters)
      #expect(abs(contrast.exceedance - 0.5) < 1e-12)
    }
  }

  /// What is not known about the materials acts on both recipes alike: the thickness ratio is sure all the same.
  @Test func aHalvedGapIsAHalvedThicknessInEveryDraw() async throws {
    let comparison = try Comparison(
      [try await Self.forecast(), try await Self.forecast("process[0].gap=10 µm")], names: ["thick", "thin"])
    let row = try #require(comparison.rows.first { $0.figure.key == "thickness" })
    let contrast = try #require(row.contrasts[1])
    #expect(contrast.isRatio && abs(contrast.value - 0.5) < 0.05)
    #expect(contrast.agreement == 1 && contrast.matters && contrast.exceedance == 0)
    #expect(comparison.ranking(by: "crystal.thickness") == ["thin", "thick"])
    #expect(comparison.ranking(by: "noSuchFigure") == nil)
  }
}
