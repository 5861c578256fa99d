import Archive
import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Reporting
import Specimens

/// The files of one forecast: report.html, fields.h5, summary.json.
///
/// Each is written whole or not at all, and the same input gives the same bytes.
public struct ResultFolder: Sendable {
  /// The folder.
  public let path: String

  /// Makes the folder, and those above it.
  /// - Throws: `ArchiveError.cannotCreate`, also for a folder that takes no files.
  public init(_ path: String) throws(ArchiveError) {
    self.path = path
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    for count in 1...parts.count {
      let folder = parts[..<count].joined(separator: "/")
      guard !folder.isEmpty, mkdir(folder, 0o777) != 0 else { continue }
      let reason = String(cString: strerror(errno))
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
        throw .cannotCreate(path: path, reason: "\(folder): \(reason)")
      }
      guard isFolder.boolValue else {
        throw .cannotCreate(path: path, reason: "\(folder) is a file, not a folder")
      }
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// The path of report.html.
  public var report: String { path + "/report.html" }
  /// The path of fields.h5.
  public var fields: String { path + "/fields.h5" }
  /// The path of summary.json.
  public var summary: String { path + "/summary.json" }
  /// What differs between two runs of the same input stands here and nowhere else.
  public var run: String { path + "/run.json" }

  /// Writes the three files.
  /// - Parameters:
  ///   - recipeText: the recipe file as it was written.
  ///   - overrides: `path=value`, as given.
  ///   - chartLibrary: the script that the report's charts are drawn with.
  ///   - date: s since 1970, shown in fields.h5.
  /// - Throws: `ArchiveError`, `ReportError`, `SampleError`.
  public func write(
    _ forecast: Forecast, recipeText: String, overrides: [String], chartLibrary: String, date: Int
  ) throws {
    // What can still fail comes before the first file.
    let page = try forecast.report(recipeText: recipeText).html(chartLibrary: chartLibrary)
    let text = try Summary(forecast, overrides: overrides).json()
    try forecast.resultFile(recipeText: recipeText, overrides: overrides, date: date).write(to: fields)
    try AtomicFile.write(text: text, to: summary)
    try AtomicFile.write(text: page, to: report)
  }
}

extension Forecast {
  /// The forecast's fields and tables as they are stored.
  func resultFile(recipeText: String, overrides: [String], date: Int) throws -> ResultFile {
    let stored = ensemble.outcomes.compactMap { outcome -> DeviceFields? in
      guard let fields = outcome.storedFields, let crystal = outcome.crystal else { return nil }
      return DeviceFields(device: outcome.number, fields: fields, bands: outcome.storedBands, crystal: crystal)
    }
    let traces = ensemble.traces
    var input = SHA256()
    input.update(Array(recipeText.utf8))
    for override in overrides { input.update(Array("\n\(override)".utf8)) }
    for text in source.texts { input.update(Array(text.utf8)) }
    return ResultFile(
      title: recipe.name, author: "Boule \(Boule.version)", license: "not stated", date: date, fields: stored,
      tables: [.crystals(of: ensemble), .formings(of: traces), .cycles(of: traces), .states(of: traces)]
        + (traces.contains { !$0.trace.retentions.isEmpty } ? [.retentions(of: traces)] : [])
        + (traces.contains { !$0.trace.lights.isEmpty } ? [.lights(of: traces)] : [])
        + Table.protocols(of: traces),
      provenance: RunProvenance(
        recipe: Array(recipeText.utf8), resolvedRecipe: try recipe.resolved, overrides: overrides,
        version: Boule.version, libraryVersions: ["FFTW": RealTransform.libraryVersion], seed: recipe.seed,
        randomAlgorithm: "Philox 4x32-10 keyed by (seed, member, device, cycle, stream)", inputHash: input.digest,
        numbers: library.provenance.map(\.stored)))
  }
}

extension Provenance {
  /// The number as fields.h5 keeps it.
  var stored: RunProvenance.Number {
    let spread =
      switch uncertainty {
      case .absolute(let sd): "\(sd) (SI)"
      case .factor(let factor): "factor \(factor)"
      }
    let unit = (try? WrittenQuantity(text))?.exponents.siText ?? "1"
    return RunProvenance.Number(
      path: path, value: value, units: unit, text: text,
      kind: calibratedOn.map { "\(kind.rawValue), calibrated on \($0)" } ?? kind.rawValue,
      source: source, read: read.rawValue, uncertainty: spread)
  }
}

extension Table {
  /// One row per growth run: every figure of its crystal and fields, or why nothing came of it.
  static func crystals(of ensemble: Ensemble) -> Table {
    let outcomes = ensemble.outcomes
    let figures = Figure.all.filter { figure in
      figure.section != "devices" && outcomes.contains { !figure.values($0).isEmpty }
    }
    let columns = figures.map { figure in
      Column(
        name: figure.key.replacing(".", with: "_"), units: figure.unit, longName: figure.label,
        description: figure.label, values: .censored(outcomes.map { figure.values($0).first }))
    }
    return Table(
      name: "crystals", description: "Growth runs: one row per device; a run without a crystal is censored",
      rowOrder: "device", creator: "Growth",
      columns: [
        Column(
          name: "device", units: "1", longName: "device", description: "Number of the device in the ensemble",
          values: .integer(outcomes.map(\.number)))
      ] + columns + [
        Column(
          name: "failure", units: "text", longName: "reason of failure",
          description: "Why there is no tested device; empty where there is one",
          values: .text(outcomes.map { $0.failure.map { "\($0.stage): \($0.reason)" } ?? "" }))
      ])
  }
}
