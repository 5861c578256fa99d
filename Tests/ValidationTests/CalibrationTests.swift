import Foundation
import Growth
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// Calibrated numbers are what their rule makes of their one case.
@Suite struct CalibrationTests {
  /// Median edge of the largest crystal of mapbbr3-itc with so many times the wall prefactor, m.
  private static func edge(prefactorTimes factor: Double) throws -> Double {
    let recipe = try Recipe(
      contentsOf: Fixture.package.appending(path: "recipes/mapbbr3-itc.yaml").path(percentEncoded: false))
    var library = try Fixture.library()
    var compound = try library.material("MAPbBr3")
    compound.growthKinetics.wallNucleationPrefactor.si *= factor
    library.compounds["MAPbBr3"] = compound
    var edges: [Double] = []
    for lot in 0..<(48 * Fixture.effort) {
      do {
        edges.append(try recipe.process.run(on: compound, in: library, seed: 1, lot: lot).lateralSize.si)
      } catch GrowthError.noNucleus {}
    }
    return try SampleSummary(edges).median
  }

  /// The largest power of ten that leaves half of the crystals within a factor of 2 of 5 mm.
  @Test func theWallPrefactorFollowsFromOneCase() throws {
    let prefactor = try Fixture.library().material("MAPbBr3").growthKinetics.wallNucleationPrefactor.si
    #expect(abs(log10(prefactor) - log10(prefactor).rounded()) < 1e-12)
    #expect(try Self.edge(prefactorTimes: 1) > 2.5e-3)
    #expect(try Self.edge(prefactorTimes: 10) < 2.5e-3)
  }
}
