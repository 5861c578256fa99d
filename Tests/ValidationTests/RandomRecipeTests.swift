import Boule
import Foundation
import Growth
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// Nothing within the schema's ranges gives NaN, a negative density or a crash.
@Suite struct RandomRecipeTests {
  static let count = Fixture.effort == 1 ? 300 : 10_000

  @Test func randomRecipesGiveAPhysicalCrystalOrANamedReason() async throws {
    let source = try LibrarySource(contentsOf: Fixture.data)
    let library = source.nominal
    let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
      let workers = 2
      for worker in 0..<workers {
        group.addTask {
          var tally = Tally()
          for number in stride(from: worker, to: Self.count, by: workers) {
            try await Self.run(number, source: source, library: library, tally: &tally)
          }
          return tally
        }
      }
      var sum = Tally()
      for try await part in group { sum.add(part) }
      return sum
    }
    print("random recipes: \(tally)")
    #expect(tally.crystals + tally.refused + tally.empty + tally.unsolved == Self.count)
    #expect(tally.crystals > Self.count / 10, "too few recipes run to show anything: \(tally)")
    #expect(tally.unsolved * 200 <= Self.count, "growth equations that were not solved: \(tally)")
  }

  struct Tally {
    var crystals = 0
    var refused = 0
    var empty = 0
    var unsolved = 0

    mutating func add(_ other: Tally) {
      crystals += other.crystals
      refused += other.refused
      empty += other.empty
      unsolved += other.unsolved
    }
  }

  private static func run(
    _ number: Int, source: LibrarySource, library: MaterialLibrary, tally: inout Tally
  ) async throws {
    var drawn = RandomRecipe(number: number, library: library)
    let text = drawn.text()
    let experiment: Experiment
    do {
      experiment = try Experiment(try Recipe(yaml: text, file: "random"), source: source)
    } catch let error as RecipeError {
      // Refused for a reason that a user can act on; the generator itself makes no mistakes of form.
      for problem in error.problems {
        #expect(
          [.processConflict, .gapTooSmall, .unknownSolvent, .outOfRange].contains(problem.code),
          "\(problem) in\n\(text)")
      }
      tally.refused += 1
      return
    }
    let outcome = try #require(try await experiment.ensemble(of: 1).outcomes.first)
    guard let crystal = outcome.crystal else {
      let failure = try #require(outcome.failure)
      #expect(!failure.reason.isEmpty && !failure.reason.lowercased().contains("nan"), "\(failure) in\n\(text)")
      if failure.isNonConvergence {
        print("unsolved: \(failure.reason) in\n\(text)")
        tally.unsolved += 1
      } else {
        tally.empty += 1
      }
      return
    }
    tally.crystals += 1
    for figure in Figure.all where figure.section == "crystal" {
      for value in figure.values(outcome) {
        #expect(value.isFinite && value >= 0, "\(figure.key) is \(value) in\n\(text)")
      }
    }
    #expect(crystal.balanceError <= 1e-10, "\(crystal.balanceError) in\n\(text)")
    #expect(crystal.thicknessMap.values.allSatisfy { $0.isFinite && $0 >= 0 }, "thickness in\n\(text)")
    #expect(crystal.sizes.allSatisfy { $0.isFinite && $0 >= 0 }, "sizes in\n\(text)")
    for point in crystal.zoning {
      let numbers = [
        point.radius.si, point.temperature.si, point.growthRate.si, point.cationVacancies.si, point.halideVacancies.si,
      ]
      #expect(numbers.allSatisfy { $0.isFinite && $0 >= 0 }, "zoning in\n\(text)")
    }
    for moment in crystal.record {
      let numbers = [moment.time.si, moment.temperature.si, moment.concentration.si, moment.saturation.si]
      #expect(numbers.allSatisfy { $0.isFinite && $0 >= 0 }, "record in\n\(text)")
    }
    let q = crystal.orientation.quaternion
    #expect(abs((q * q).sum() - 1) < 1e-9, "orientation in\n\(text)")
  }
}
