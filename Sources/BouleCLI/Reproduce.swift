import ArgumentParser
import Boule
import Foundation

struct Reproduce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the published growth runs again: reported beside computed.",
    discussion: """
      Each number is marked predicted, conditional, calibrated, bound, or from memory where the publication was not \
      read. Exits with 1 when a number that was read and not calibrated is missed even by its interval.
      """)

  @Argument(help: "Names of cases; all of them without.") var cases: [String] = []
  @Option(help: "Folder with compounds/, solvents/, sources/, layers/ and the cases.") var data: String?
  @Option(help: "Growth runs of each recipe.") var lots = 24
  @Option(help: "Draws of the uncertain parameters.") var draws = 16
  @Option(help: "Workers; the results do not depend on it.") var threads: Int?
  @Flag(help: "Print JSON in place of the table.") var json = false
  @Flag(help: "No progress on stderr.") var quiet = false

  func validate() throws {
    guard lots >= 1 else { throw ValidationError("--lots \(lots): at least 1") }
    guard draws >= 0 else { throw ValidationError("--draws \(draws): at least 0") }
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1") }
  }

  func run() async throws {
    let folder = try Resources(data: data).data
    let source = try LibrarySource(contentsOf: folder)
    let all = try Reproduction.cases(in: folder)
    for name in cases where !all.contains(where: { $0.name == name }) {
      throw UnknownCase(name: name, known: all.map(\.name))
    }
    let wanted = cases.isEmpty ? all : all.filter { cases.contains($0.name) }
    var effort = Reproduction.Effort(lots: lots, draws: draws)
    if let threads { effort.threads = threads }
    let bar = ProgressBar(total: wanted.count, unit: "cases", isQuiet: quiet)
    var done: [Reproduction] = []
    for published in wanted {
      done.append(try await Reproduction(published, source: source, effort: effort))
      bar.update(done.count)
    }
    try Console.result(json ? try Reproduction.json(done) : try Reproduction.table(done))
    let failed = done.flatMap { reproduction in
      reproduction.rows.filter(\.fails).map { "\(reproduction.published.name) (\($0.outcome.figure))" }
    }
    if !failed.isEmpty { throw CheckFailed(what: "missed: " + failed.joined(separator: ", ")) }
  }
}

/// No published case has that name.
struct UnknownCase: Error, CustomStringConvertible {
  var name: String
  var known: [String]

  var description: String {
    "no published case is called `\(name)`"
      + (Spelling.nearest(to: name, among: known).map { "; did you mean `\($0)`?" }
        ?? "; the cases are " + known.joined(separator: ", "))
  }
}

/// A check was run, and failed.
struct CheckFailed: Error, CustomStringConvertible {
  var what: String
  var description: String { what }
}
