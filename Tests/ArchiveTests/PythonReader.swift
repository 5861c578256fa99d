import Foundation
import Programs
import Testing

/// Runs Python readers of the environment that the test set-up makes.
///
/// The environment is named by BOULE_VENV, else it is `.venv` in the package folder; `Tests/requirements.txt` fills it.
enum PythonReader {
  /// Runs `python <arguments>`; the test fails unless it exits with this status. Returns what it printed.
  @discardableResult
  static func run(_ arguments: [String], status: Int32 = 0) throws -> String {
    let python = try #require(interpreter, missing)
    let outcome = try Program(python, arguments, environment: ["PYTHONDONTWRITEBYTECODE": "1"]).run()
    let output = outcome.output + outcome.log
    #expect(outcome.status == status, "\(arguments.joined(separator: " "))\n\(output)")
    return output
  }

  /// The path of a script in `Tests/Readers`.
  static func script(_ name: String) -> String { package.appending(path: "Tests/Readers/\(name)").path }

  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static var environmentFolder: URL {
    if let path = ProcessInfo.processInfo.environment["BOULE_VENV"], !path.isEmpty { return URL(filePath: path) }
    return package.appending(path: ".venv")
  }

  private static var interpreter: URL? {
    let python = environmentFolder.appending(path: "bin/python")
    return FileManager.default.isExecutableFile(atPath: python.path) ? python : nil
  }

  private static var missing: Comment {
    """
    no Python environment at \(environmentFolder.path); make one with
      python3 -m venv .venv && .venv/bin/python -m pip install -r Tests/requirements.txt
    in \(package.path), or name one in BOULE_VENV
    """
  }
}
