import Boule
import Foundation
import NumericalMethods
import Quantities
import Recipes
import Testing

/// Calibrated numbers are what their rule makes of their one case.
@Suite struct CalibrationTests {
  /// Median edge of the largest crystal of mapbbr3-itc, its tolerances drawn, with another wall prefactor of MAPbBr3, m.
  private static func edge(prefactor: Double) async throws -> Double {
    let copy = FileManager.default.temporaryDirectory.appending(path: "boule-data-\(UUID().uuidString)")
    try FileManager.default.copyItem(atPath: Fixture.data, toPath: copy.path(percentEncoded: false))
    defer { try? FileManager.default.removeItem(at: copy) }
    let file = copy.appending(path: "compounds/MAPbBr3.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "wallNucleationPrefactor: {value: "))
    let end = try #require(text.range(of: " 1/(m^2 s)", range: start.upperBound..<text.endIndex))
    let changed = text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: "\(prefactor)")
    try Data(changed.utf8).write(to: file)
    let recipe = try Recipe(
      contentsOf: Fixture.package.appending(path: "recipes/mapbbr3-itc.yaml").path(percentEncoded: false))
    let experiment = try Experiment(recipe, data: copy.path(percentEncoded: false))
    let outcomes = try await experiment.ensemble(of: 60 * Fixture.effort).outcomes
    return try SampleSummary(outcomes.compactMap { $0.crystal?.lateralSize.si }).median
  }

  /// The largest power of ten that leaves half of the crystals within a factor of 2 of 5 mm.
  @Test func theWallPrefactorFollowsFromOneCase() async throws {
    let prefactor = try Fixture.library().material("MAPbBr3").growthKinetics.wallNucleationPrefactor.si
    #expect(abs(log10(prefactor) - log10(prefactor).rounded()) < 1e-12)
    #expect(try await Self.edge(prefactor: prefactor) > 2.5e-3)
    #expect(try await Self.edge(prefactor: 10 * prefactor) < 2.5e-3)
  }
}
