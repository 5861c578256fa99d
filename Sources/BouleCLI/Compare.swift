import ArgumentParser
import Boule
import Foundation

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set recipes side by side: the differences that matter, and how sure they are.",
    discussion: """
      Every recipe runs with the first one's seed and the same draws of what is not known about the materials, so that \
      only the recipes differ. Overrides apply to all of them.
      """)

  @Argument(help: "Recipe files, two or more; the first is the reference.") var recipes: [String]
  @OptionGroup var options: RecipeOptions
  @Option(help: "Devices of each recipe.") var devices = 100
  @Option(help: "Draws of the uncertain parameters.") var draws = 16
  @Option(help: "Workers; the results do not depend on it.") var threads: Int?
  @Option(help: "Figure to rank by, lowest first, as in summary.json.") var by = "crystal.trapDensity"
  @Flag(help: "Rank the highest first.") var descending = false
  @Flag(help: "Print JSON in place of the table.") var json = false
  @Flag(help: "No progress and no warnings on stderr.") var quiet = false

  func validate() throws {
    guard recipes.count >= 2 else { throw ValidationError("a comparison needs two recipes or more") }
    guard devices >= 1 else { throw ValidationError("--devices \(devices): at least 1") }
    guard draws >= 0 else { throw ValidationError("--draws \(draws): at least 0") }
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1") }
    guard Figure.all.contains(where: { $0.key == by || "\($0.section).\($0.key)" == by }) else {
      let known = Figure.all.map { "\($0.section).\($0.key)" }
      let hint = Spelling.nearest(to: by, among: known).map { "; did you mean \($0)?" } ?? ""
      throw ValidationError("--by \(by): no such figure\(hint)")
    }
  }

  func run() async throws {
    let source = try LibrarySource(contentsOf: try Resources(data: options.data).data)
    let checked = try options.checked(recipes, against: source.nominal)
    var forecasts: [Forecast] = []
    let perRecipe = devices + draws * min(5, devices)
    let bar = ProgressBar(total: perRecipe * checked.count, unit: draws > 0 ? "devices and draws" : "devices", isQuiet: quiet)
    for (index, file) in checked.enumerated() {
      var recipe = file.recipe
      recipe.seed = checked[0].recipe.seed
      let forecast = try await Experiment(recipe, source: source).forecast(
        devices: devices, draws: draws,
        options: Experiment.Options(
          threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, storedFields: [],
          progress: { bar.update(index * perRecipe + $0) }))
      if !quiet {
        for warning in forecast.warnings {
          Console.error("warning: \(file.path): \(warning.stage): \(warning.message)")
        }
      }
      forecasts.append(forecast)
    }
    let comparison = try Comparison(forecasts, names: Self.names(of: checked.map(\.path)))
    if json {
      try Console.result(try comparison.json())
      return
    }
    try Console.result(comparison.table())
    if let ranking = comparison.ranking(by: by) {
      let order = descending ? ranking.reversed() : ranking
      try Console.result("by \(by), \(descending ? "highest" : "lowest") first: \(order.joined(separator: ", "))")
    }
  }

  /// The files' names where these differ, else their paths.
  private static func names(of paths: [String]) -> [String] {
    let short = paths.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
    return Set(short).count == short.count ? short : paths
  }
}
