import Boule
import Foundation

/// Where data/ and the report's chart library are.
///
/// data/ is looked for as given, then in BOULE_DATA, then in the working directory, then in `../share/boule` beside the
/// executable's real path, then in the folders above it. No path is compiled in.
struct Resources {
  let data: String

  init(data given: String?) throws {
    if let named = given ?? Self.setting("BOULE_DATA") {
      guard Self.isData(named) else {
        throw MissingResource(
          what: "the data folder", places: [named], remedy: "it must hold compounds/, solvents/ and layers/")
      }
      data = named
      return
    }
    var places = ["data"]
    var folder = Self.executable.deletingLastPathComponent()
    places.append(folder.deletingLastPathComponent().appending(path: "share/boule/data").path(percentEncoded: false))
    for _ in 0..<6 where folder.pathComponents.count > 1 {
      folder = folder.deletingLastPathComponent()
      places.append(folder.appending(path: "data").path(percentEncoded: false))
    }
    guard let found = places.first(where: Self.isData) else {
      throw MissingResource(what: "the data folder", places: places, remedy: "name it with --data or BOULE_DATA")
    }
    data = found
  }

  /// The text of Chart.js.
  /// - Throws: `MissingResource`; `ReportError.unusableChartLibrary` for a file that is something else.
  static func chartLibrary() throws -> String {
    let near = executable.deletingLastPathComponent().deletingLastPathComponent()
    let named = setting("BOULE_CHARTJS")
    // The last one is where set-up puts it when no package holds it.
    let places =
      named.map { [$0] }
      ?? [
        near.appending(path: "share/boule/chart.min.js").path(percentEncoded: false),
        "/usr/share/javascript/chart.js/chart.min.js",
        "/opt/homebrew/share/javascript/chart.js/chart.min.js",
        "/usr/local/share/javascript/chart.js/chart.min.js",
        near.appending(path: "../../.charts/chart.min.js").standardized.path(percentEncoded: false),
      ]
    for place in places {
      guard let text = try? String(contentsOfFile: place, encoding: .utf8) else { continue }
      guard text.contains("Chart.js") else {
        throw ReportError.unusableChartLibrary(reason: "\(place) is not Chart.js")
      }
      return text
    }
    throw MissingResource(
      what: "Chart.js, which draws the report,", places: places,
      remedy: "install Debian's package libjs-chart.js, or name chart.min.js in BOULE_CHARTJS")
  }

  /// A variable of the environment; an empty one counts as not set.
  private static func setting(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isData(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path + "/compounds", isDirectory: &isFolder) && isFolder.boolValue
  }

  private static var executable: URL {
    (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).resolvingSymlinksInPath()
  }
}

/// Something that Boule needs beside the recipe is not there.
struct MissingResource: Error, CustomStringConvertible {
  var what: String
  var places: [String]
  var remedy: String
  var description: String { "\(what) was not found in \(places.joined(separator: ", ")); \(remedy)" }
}
