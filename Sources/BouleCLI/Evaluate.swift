import ArgumentParser
import Boule
import Foundation

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Forecast the crystal and the devices of a recipe.",
    discussion: "The table goes to stdout; report.html, fields.h5 and summary.json to the folder of results.")

  @Argument(help: "Recipe files.") var recipes: [String]
  @OptionGroup var options: RecipeOptions
  @Option(help: "Devices in the ensemble.") var devices = 200
  @Option(help: "Sweep cycles of each device, in place of the recipe's own.") var cycles: Int?
  @Option(help: "Draws of the uncertain parameters; 0 leaves the intervals out.") var draws = 16
  @Option(help: "Workers; the results do not depend on it.") var threads: Int?
  @Option(help: "Folder for the results; boule-results/<recipe> if absent.") var out: String?
  @Option(name: .customLong("store-fields"), help: "Devices whose fields are stored: 0,3,7.") var stored = "0"
  @Flag(help: "Print summary.json, one for each recipe, in place of the table.") var json = false
  @Flag(help: "No progress and no warnings on stderr.") var quiet = false
  @Flag(help: "Exit with 2 when a model's limit was passed.") var strict = false

  func validate() throws {
    guard devices >= 1 else { throw ValidationError("--devices \(devices): at least 1") }
    guard draws >= 0 else { throw ValidationError("--draws \(draws): at least 0") }
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1") }
    if let cycles, !Self.cycleCounts.contains(cycles) {
      throw ValidationError("--cycles \(cycles): \(Self.cycleCounts.lowerBound) to \(Self.cycleCounts.upperBound)")
    }
    if out != nil, recipes.count > 1 {
      throw ValidationError("--out names the folder of one recipe; \(recipes.count) are given")
    }
    let names = Dictionary(grouping: recipes, by: Self.name)
    if let (name, same) = names.filter({ $0.value.count > 1 }).min(by: { $0.key < $1.key }) {
      throw ValidationError(
        "\(same.joined(separator: " and ")) would share the folder boule-results/\(name); run them with an --out each")
    }
    guard let storedNumbers else { throw ValidationError("--store-fields \(stored): numbers with commas, as 0,3,7") }
    if let beyond = storedNumbers.filter({ $0 >= devices }).min() {
      throw ValidationError("--store-fields \(beyond): the devices are 0 to \(devices - 1)")
    }
  }

  /// The range that a recipe's own `cycles` has.
  private static let cycleCounts = 1...100_000

  /// The name of a recipe's folder.
  private static func name(_ path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }

  private var storedNumbers: Set<Int>? {
    let numbers = stored.split(separator: ",").map { Int($0) }
    return numbers.contains { $0 == nil || $0! < 0 } ? nil : Set(numbers.compactMap { $0 })
  }

  func run() async throws {
    let resources = try Resources(data: options.data)
    let source = try LibrarySource(contentsOf: resources.data)
    let charts = try Resources.chartLibrary()
    // All recipes are checked before the first one runs.
    let checked = try options.checked(recipes, against: source.nominal)
    var limits = 0
    var gaveUp: String?
    var lost: String?
    for file in checked {
      var recipe = file.recipe
      if let cycles { recipe.setCycles(cycles) }
      let forecast = try await evaluate(file, try Experiment(recipe, source: source), charts: charts)
      limits += forecast.warnings.count
      if forecast.ensemble.outcomes.allSatisfy({ $0.failure != nil }), let first = forecast.failures.first {
        lost = lost ?? "\(file.path): all of \(forecast.ensemble.outcomes.count) were lost: \(first.reason)"
      }
      gaveUp = gaveUp ?? forecast.ensemble.outcomes.first { $0.failure?.isNonConvergence ?? false }?.failure?.reason
    }
    if let gaveUp { throw SolverGaveUp(reason: gaveUp) }
    if let lost { throw CheckFailed(what: lost + "; the results are written") }
    if strict, limits > 0 { throw ValidityLimitPassed(count: limits) }
  }

  private func evaluate(_ file: RecipeFile, _ experiment: Experiment, charts: String) async throws -> Forecast {
    let started = Date()
    // Before the long run, so that a forbidden place costs nothing.
    let folder = try ResultFolder(out ?? "boule-results/\(Self.name(file.path))")
    let overrides = options.all + (cycles.map { ["cycles=\($0)"] } ?? [])
    let bar = ProgressBar(
      total: devices + draws * min(5, devices), unit: draws > 0 ? "devices and draws" : "devices", isQuiet: quiet)
    let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let forecast = try await experiment.forecast(
      devices: devices, draws: draws,
      options: Experiment.Options(
        threads: workers, storedFields: storedNumbers!, keptCurves: [0: Set(0...10_000)], progress: { bar.update($0) }))
    let environment = ProcessInfo.processInfo.environment
    let date = environment["SOURCE_DATE_EPOCH"].flatMap(Int.init) ?? Boule.releaseDate
    try folder.write(forecast, recipeText: file.text, overrides: overrides, chartLibrary: charts, date: date)
    try AtomicFile.write(text: try RunRecord(started: started, threads: workers).json(), to: folder.run)
    if !quiet {
      for warning in forecast.warnings { Console.error("warning: \(warning.stage): \(warning.message)") }
    }
    if json {
      try Console.result(try Summary(forecast, overrides: overrides).json())
    } else {
      var report = try forecast.report(recipeText: file.text)
      // They stand on stderr.
      report.warnings = []
      try Console.result(report.table())
      try Console.result("report: \(folder.report)")
    }
    return forecast
  }
}

/// run.json: what differs between two runs of the same input.
private struct RunRecord: Encodable {
  var commandLine = CommandLine.arguments
  var host = ProcessInfo.processInfo.hostName
  var started: Date
  var ended = Date()
  var threads: Int

  init(started: Date, threads: Int) {
    self.started = started
    self.threads = threads
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

extension Recipe {
  /// The same number of cycles in every sweep.
  fileprivate mutating func setCycles(_ count: Int) {
    test = test.map { step in
      if case .sweep(let ramp, _) = step { return .sweep(ramp, cycles: count) }
      return step
    }
  }
}
