import Foundation

/// A Chromium without a window that opens pages for tests.
public struct HeadlessBrowser: Sendable {
  /// Why a page could not be opened.
  public enum Failure: Error, CustomStringConvertible {
    case noBrowser(tried: [String])
    case tookTooLong(seconds: Double)
    case failed(status: Int32, log: String)

    public var description: String {
      switch self {
      case .noBrowser(let tried):
        "no Chromium among \(tried.joined(separator: ", ")); install chromium or set CHROMIUM to its path"
      case .tookTooLong(let seconds): "the browser did not end within \(seconds) s"
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
    var switches = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--disable-dev-shm-usage",
      "--no-first-run", "--disable-background-networking", "--disable-sync", "--hide-scrollbars",
      "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=8000", "--force-device-scale-factor=1",
      "--user-data-dir=\(profile.path)", "--window-size=\(width),\(height)", "--dump-dom",
    ]
    if let screenshot { switches.append("--screenshot=\(screenshot.path)") }
    let (output, log) = try run(switches + arguments + [page.absoluteString], in: profile, within: seconds)
    let console = log.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    return Visit(document: output, console: console)
  }

  /// Output goes through files: a full pipe would stop the browser.
  private func run(_ arguments: [String], in folder: URL, within seconds: Double) throws -> (String, String) {
    let process = Process()
    let files = ["output", "log"].map { folder.appendingPathComponent($0) }
    for file in files { try Data().write(to: file) }
    let handles = try files.map(FileHandle.init(forWritingTo:))
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let end = Date().addingTimeInterval(seconds)
    while process.isRunning {
      guard Date() < end else {
        process.terminate()
        throw Failure.tookTooLong(seconds: seconds)
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    guard process.terminationStatus == 0 else {
      throw Failure.failed(status: process.terminationStatus, log: String(texts[1].suffix(2000)))
    }
    return (texts[0], texts[1])
  }
}
