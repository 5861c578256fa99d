import Foundation
import Programs

/// A Chromium without a window that opens pages for tests.
public struct HeadlessBrowser: Sendable {
  /// Why a page could not be opened.
  public enum Failure: Error, CustomStringConvertible {
    case noBrowser(tried: [String])
    case failed(status: Int32, log: String)

    public var description: String {
      switch self {
      case .noBrowser(let tried):
        "no Chromium among \(tried.joined(separator: ", ")); install chromium or set CHROMIUM to its path"
      case .failed(let status, let log): "the browser ended with status \(status): \(log)"
      }
    }
  }

  /// What the browser made of a page.
  public struct Visit: Sendable {
    /// The document as it stood after its scripts had run.
    public var document: String
    /// Every line that the page, or the browser about it, wrote to the console.
    public var console: [String]

    /// The values of an attribute, in document order.
    public func values(of attribute: String) -> [String] {
      document.components(separatedBy: " \(attribute)=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }
  }

  public var executable: URL

  /// Finds Chromium: CHROMIUM in the environment, else usual names on PATH, else the application on macOS.
  public init() throws {
    let environment = ProcessInfo.processInfo.environment
    var candidates: [String] = []
    if let named = environment["CHROMIUM"], !named.isEmpty { candidates.append(named) }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] { candidates += folders.map { "\($0)/\(name)" } }
    candidates += [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ]
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw Failure.noBrowser(tried: candidates)
    }
    executable = URL(fileURLWithPath: found)
  }

  /// Opens a page in a profile of its own without network, waits for its scripts and, if asked, saves a picture.
  ///
  /// - Parameters:
  ///   - height: of the window in pixels; the picture shows just that much of the page.
  ///   - arguments: further switches of Chromium.
  public func open(
    _ page: URL, width: Int = 1400, height: Int = 1000, screenshot: URL? = nil, arguments: [String] = [],
    within seconds: Double = 120
  ) throws -> Visit {
    let profile = FileManager.default.temporaryDirectory.appendingPathComponent("browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: profile) }
    // Without a network the browser's own pages would complain of a slow one: hence the connection type.
    var switches = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--disable-dev-shm-usage",
      "--no-first-run", "--disable-background-networking", "--disable-sync", "--hide-scrollbars",
      "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=8000", "--force-device-scale-factor=1",
      "--force-effective-connection-type=4G",
      "--user-data-dir=\(profile.path)", "--window-size=\(width),\(height)", "--dump-dom",
    ]
    if let screenshot { switches.append("--screenshot=\(screenshot.path)") }
    let outcome = try Program(executable, switches + arguments + [page.absoluteString]).run(within: seconds)
    guard outcome.status == 0 else {
      throw Failure.failed(status: outcome.status, log: String(outcome.log.suffix(2000)))
    }
    let console = outcome.log.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    return Visit(document: outcome.output, console: console)
  }
}
