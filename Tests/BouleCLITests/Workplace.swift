import Foundation
import Programs

/// A folder of one test with a copy of the shipped recipe, in which the command runs; removed when the test ends.
///
/// The names of the folder and the recipe have a space in them.
final class Workplace: Sendable {
  /// The copy of the recipe, beside which the command is started.
  static let recipe = "my recipe.yaml"
  /// Options that make an evaluation small: seconds, and little else that it could be slow at.
  static let small = ["--devices", "4", "--draws", "0", "--cycles", "2", "--set", "fields.spacing=16 nm"]

  let folder = FileManager.default.temporaryDirectory.appending(path: "boule tests \(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let shipped = Self.package.appending(path: "recipes/mapbbr3-confined-itc.yaml")
    try FileManager.default.copyItem(at: shipped, to: url(Self.recipe))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The command stands beside the bundle of tests.
  private static let executable: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let beside = bundle?.bundleURL ?? URL(filePath: CommandLine.arguments[0])
    return beside.deletingLastPathComponent().appending(path: "boule").standardizedFileURL
  }()

  func url(_ name: String) -> URL { folder.appending(path: name) }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  func text(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url(name)) }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(at: url(name), withIntermediateDirectories: true)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

  /// Names of what a folder holds, sorted.
  func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url(name).path).sorted()
  }

  /// A copy of data/ under a name.
  func copyData(to name: String) throws {
    try FileManager.default.copyItem(at: Self.package.appending(path: "data"), to: url(name))
  }

  /// Writes the recipe with one line in place of the one that begins with a key, and returns the line's number.
  func writeRecipe(_ name: String, with line: String, inPlaceOf key: String) throws -> Int {
    var lines = try text(Self.recipe).components(separatedBy: "\n")
    guard let index = lines.firstIndex(where: { $0.trimmingCharacters(in: .whitespaces).hasPrefix(key) }) else {
      throw CocoaError(.formatting)
    }
    lines[index] = line
    try write(lines.joined(separator: "\n"), to: name)
    return index + 1
  }

  /// Runs `boule` with arguments.
  ///
  /// - Parameters:
  ///   - place: the working folder within this one.
  ///   - script: shell commands around the command, which is `"$@"`.
  func boule(
    _ arguments: [String], in place: String = "", script: String = "exec \"$@\"", environment: [String: String] = [:],
    killedAfter end: Double? = nil
  ) throws -> Program.Outcome {
    let words = ["-c", "cd \"$0\" && { \(script); }", url(place).path, Self.executable.path] + arguments
    let settings = ["BOULE_DATA": ""].merging(environment) { $1 }
    return try Program(URL(filePath: "/bin/sh"), words, environment: settings).run(within: 120, killedAfter: end)
  }

  /// A small evaluation of the recipe into a folder.
  func evaluate(
    into out: String, _ more: [String] = [], script: String = "exec \"$@\"", environment: [String: String] = [:],
    killedAfter end: Double? = nil
  ) throws -> Program.Outcome {
    try boule(
      ["evaluate", Self.recipe, "--out", out] + Self.small + more, script: script, environment: environment,
      killedAfter: end)
  }

  /// The files of a result that the same input gives again.
  func results(in out: String) throws -> [String: Data] {
    let names = ["fields.h5", "report.html", "summary.json"]
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try bytes("\(out)/\($0)")) })
  }
}
