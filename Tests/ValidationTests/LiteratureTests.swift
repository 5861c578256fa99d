import Boule
import Foundation
import Materials
import Recipes
import Testing

/// Published growth runs, reported beside computed.
@Suite struct LiteratureTests {
  static let cases = try! Reproduction.cases(in: Fixture.data)

  /// The long form: prints the whole table with its intervals; only numbers whose source was read, and which fixed nothing,
  /// are judged.
  @Test(.enabled(if: Fixture.effort > 1)) func noPublishedNumberIsMissedUnlessItIsSaidSo() async throws {
    let done = try await Self.run(Reproduction.Effort(lots: 12, draws: 8, runsPerDraw: 2))
    print(try Reproduction.table(done))
    for reproduction in done {
      for row in reproduction.rows {
        let place = "\(reproduction.published.name), \(row.outcome.figure)"
        if row.outcome.miss == nil {
          #expect(!row.fails, "\(place): \(row.computed ?? .nan) for \(row.outcome.text)")
        } else {
          #expect(row.verdict != .agrees, "\(place) agrees now: the file still tells of a miss")
        }
      }
    }
  }

  /// The short form, without intervals, gives no verdict: every case runs, and each number that it names comes out.
  @Test func everyPublishedRecipeIsRunAgain() async throws {
    for reproduction in try await Self.run(Reproduction.Effort(lots: 3, draws: 0)) {
      guard reproduction.published.recipe != nil else { continue }
      #expect(!reproduction.rows.isEmpty)
      // What was chosen with results in view predicts nothing.
      if reproduction.published.adjusted != nil { #expect(reproduction.rows.allSatisfy { $0.kind != .predicted }) }
      for row in reproduction.rows where row.computed != nil {
        // Voltages and what one pulse does to the next have a sign.
        let isSigned = ["Voltage", "inhibition", "facilitation"].contains { row.outcome.figure.hasSuffix($0) }
        #expect(
          row.computed!.isFinite && (row.computed! >= 0 || isSigned),
          "\(reproduction.published.name)")
      }
    }
  }

  private static func run(_ effort: Reproduction.Effort) async throws -> [Reproduction] {
    let source = try LibrarySource(contentsOf: Fixture.data)
    var done: [Reproduction] = []
    for published in cases { done.append(try await Reproduction(published, source: source, effort: effort)) }
    return done
  }

  /// What is calibrated says so on both sides, and most of the cases fixed nothing.
  @Test func everyCalibrationNamesItsCaseAndMostCasesAreUntouched() throws {
    let library = try Fixture.library()
    let names = Set(Self.cases.map(\.name))
    let fixed = Dictionary(grouping: library.provenance.filter { $0.calibratedOn != nil }) { $0.calibratedOn! }
    for (name, numbers) in fixed where names.contains(name) {
      let told = Set(Self.cases.first { $0.name == name }!.outcomes.flatMap(\.fixes))
      #expect(told == Set(numbers.map(\.path)), "\(name)")
    }
    for published in Self.cases {
      for path in published.outcomes.flatMap(\.fixes) {
        #expect(library.provenance.contains { $0.path == path && $0.calibratedOn == published.name }, "\(path)")
      }
    }
    let untouched = Self.cases.filter { fixed[$0.name] == nil }
    #expect(2 * untouched.count >= Self.cases.count)
  }

  @Test func thereAreTenPublishedRecipes() throws {
    #expect(Set(Self.cases.compactMap(\.recipe)).count >= 10)
    // A case tells of crystals or of devices; only a device's case tests one.
    for published in Self.cases {
      guard let path = published.recipe else { continue }
      let tells = published.outcomes.contains { $0.figure.hasPrefix("devices.") }
      #expect((try Recipe(contentsOf: path).device != nil) == tells, "\(path)")
    }
  }

  /// Outcomes are for comparison alone: no model and no calibration code may open them.
  @Test func onlyTheReproductionReadsPublishedOutcomes() throws {
    let sources = Fixture.package.appending(path: "Sources").resolvingSymlinksInPath().path(percentEncoded: false)
    let allowed: Set = ["PublishedCase.swift", "Reproduction.swift", "ReproductionTable.swift", "Reproduce.swift"]
    var found: Set<String> = []
    for case let path as String in FileManager.default.enumerator(atPath: sources)! where path.hasSuffix(".swift") {
      let text = try String(contentsOfFile: sources + "/" + path, encoding: .utf8)
      let name = URL(filePath: path).lastPathComponent
      if text.contains("PublishedCase") || text.contains("/validation") { found.insert(name) }
    }
    #expect(found.contains("Reproduction.swift"))
    #expect(found.isSubset(of: allowed), "\(found.subtracting(allowed))")
  }
}
