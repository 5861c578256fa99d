import Boule
import Foundation
import NumericalMethods
import Recipes
import Reporting
import Specimens
import Switching
import Testing

@Suite struct EnsembleTests {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let data = package.appending(path: "data").path(percentEncoded: false)
  static let recipePath = package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false)

  static func experiment(_ overrides: String...) throws -> Experiment {
    let recipe = try Recipe(
      contentsOf: recipePath,
      overrides: try (["fields.spacing=16 nm", "test[1].cycles=6"] + overrides).map { try Override($0) })
    return try Experiment(recipe, data: data)
  }

  @Test func oneAndTwoWorkersGiveTheSameDevices() async throws {
    let experiment = try Self.experiment()
    let one = try await experiment.ensemble(of: 10, options: .init(threads: 1))
    let two = try await experiment.ensemble(of: 10, options: .init(threads: 2))
    #expect(one.traces.map(\.trace) == two.traces.map(\.trace))
    #expect(one.outcomes.map(\.crystal) == two.outcomes.map(\.crystal))
    #expect(one.outcomes[0].storedFields == two.outcomes[0].storedFields)
    #expect(one.outcomes.map(\.number) == Array(0..<10))
  }

  @Test func anotherSeedGivesOtherDevices() async throws {
    let one = try await Self.experiment().ensemble(of: 2)
    let other = try await Self.experiment("seed=8").ensemble(of: 2)
    #expect(one.traces[0].trace != other.traces[0].trace)
    #expect(one.outcomes[0].crystal != other.outcomes[0].crystal)
  }

  @Test func aLargerEnsembleBeginsWithTheSmallerOne() async throws {
    let small = try await Self.experiment().ensemble(of: 3)
    let large = try await Self.experiment().ensemble(of: 6)
    #expect(small.traces.map(\.trace) == Array(large.traces.map(\.trace).prefix(3)))
  }

  @Test func everyFigureHasAUnitASpreadAndAnInterval() async throws {
    let forecast = try await Self.experiment().forecast(devices: 8, draws: 16, perDraw: 3)
    let rows = try forecast.rows()
    #expect(rows.count > 20)
    for row in rows where row.figure.section != "devices" {
      let interval = try #require(row.statistic.interval, "\(row.figure.key)")
      let value = row.figure.isShare ? row.statistic.mean : row.statistic.median
      #expect(interval[0] <= value && value <= interval[1], "\(row.figure.key)")
      // No draw makes more of a whole than all of it.
      if row.figure.isPart { #expect(interval[0] >= 0 && interval[1] <= 1) }
      #expect(!row.statistic.unit.isEmpty && row.statistic.p05 <= row.statistic.median)
    }
    #expect(rows.first { $0.figure.key == "onOffRatio" }?.mark == .calibrated)
  }

  /// Chance and ignorance are told apart: parameter draws leave the spread alone, devices leave the interval alone.
  @Test func drawsOfParametersDoNotEnterTheSpread() async throws {
    let without = try await Self.experiment().forecast(devices: 6, draws: 0)
    let with = try await Self.experiment().forecast(devices: 6, draws: 4, perDraw: 2)
    for (a, b) in zip(try without.rows(), try with.rows()) {
      #expect(a.statistic.interval == nil)
      #expect(a.statistic.sd == b.statistic.sd && a.statistic.median == b.statistic.median)
    }
  }

  @Test func aRecipeWithoutADeviceForecastsTheCrystal() async throws {
    let text = try String(contentsOfFile: Self.recipePath, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let crystalOnly = lines.prefix { !$0.hasPrefix("fields:") }.joined(separator: "\n")
    let forecast = try await Experiment(try Recipe(yaml: crystalOnly), data: Self.data).forecast(devices: 4, draws: 0)
    let sections = Set(try forecast.rows().map(\.figure.section))
    #expect(sections == ["crystal"])
    _ = try forecast.report(recipeText: crystalOnly).table()
  }

  @Test func aSolutionThatNeverNucleatesIsReportedNotSwallowed() async throws {
    let experiment = try Self.experiment("process[0].concentration=0.65 mol/L", "process[0].program[1].hold=1 min")
    let forecast = try await experiment.forecast(devices: 3, draws: 0)
    #expect(forecast.failures.first?.stage == "growth")
    #expect(forecast.warnings.contains { $0.code == "noDevice" })
    _ = try forecast.report(recipeText: "").table()
  }
}
