import Boule
import Foundation
import Quantities
import Recipes
import Specimens
import Testing

/// Of what a run gives on its plate, the share within the recipe's bounds.
@Suite struct PlateYieldTests {
  private func member(_ thickness: Double, area: Double = 1e-8, traps: Double = 1e20) -> PlateMember {
    PlateMember(
      position: .zero, area: Area(si: area), thickness: Length(si: thickness), halideVacancies: NumberDensity(si: 1e22),
      trapDensity: NumberDensity(si: traps))
  }

  @Test func eachBoundRefusesWhatLiesBeyondItAndNothingElse() {
    let good = member(2e-6)
    #expect(SpecimenBounds().accept(good))
    let bounds = SpecimenBounds(
      minimumThickness: Length(si: 1e-6), maximumThickness: Length(si: 3e-6), minimumArea: Area(si: 1e-9),
      maximumVacancyDensity: NumberDensity(si: 1e22), maximumTrapDensity: NumberDensity(si: 1e21))
    #expect(bounds.accept(good))
    for bad in [member(0.9e-6), member(3.1e-6), member(2e-6, area: 9e-10), member(2e-6, traps: 1.1e21)] {
      #expect(!bounds.accept(bad))
    }
    var crowded = good
    crowded.halideVacancies = NumberDensity(si: 1.01e22)
    #expect(!bounds.accept(crowded))
  }

  /// A gap known to ± 10 % gives as many crystals below its nominal thickness as above.
  @Test func theYieldOfARunIsThatOfItsCrystals() async throws {
    let overrides = ["process[0].gap=20 µm ± 2 µm", "bounds={minimumThickness: 20 µm}"]
    var recipe = try Recipe(
      contentsOf: EnsembleTests.recipePath, overrides: try overrides.map { try Override($0) })
    recipe.device = nil
    recipe.test = []
    let outcomes = try await Experiment(recipe, data: EnsembleTests.data).ensemble(of: 40).outcomes
    let grown = outcomes.filter { $0.crystal != nil }
    for outcome in grown {
      let members = outcome.crystal!.plateMembers
      let thick = members.filter { $0.thickness.si >= 20e-6 }.reduce(0) { $0 + $1.count }
      #expect(outcome.plateYield == Ratio(si: thick / members.reduce(0) { $0 + $1.count }))
    }
    let share = grown.map { $0.plateYield!.si }.reduce(0, +) / Double(grown.count)
    #expect(share > 0.25 && share < 0.75, "\(share)")
  }
}
