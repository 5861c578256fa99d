import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program that a test runs, with its arguments.
///
/// Foundation's `Process` is not used: on Linux it never sees a child end where the loopback interface is down,
/// and then a test waits for ever.
public struct Program: Sendable {
  /// Why a program gave no result.
  public enum Failure: Error, CustomStringConvertible {
    case cannotStart(path: String, reason: String)
    case lost(path: String, reason: String)
    case tookTooLong(path: String, seconds: Double, log: String)

    public var description: String {
      switch self {
      case .cannotStart(let path, let reason): "\(path) cannot be started: \(reason)"
      case .lost(let path, let reason): "how \(path) ended is not known: \(reason)"
      case .tookTooLong(let path, let seconds, let log): "\(path) was stopped after \(seconds) s: \(log)"
      }
    }
  }

  /// How a program ended, and what it wrote.
  public struct Outcome: Sendable {
    /// The exit status; for a program ended by a signal, 128 and the signal's number.
    public var status: Int32
    /// What stands on its standard output.
    public var output: String
    /// What stands on its standard error.
    public var log: String
  }

  public var executable: URL
  public var arguments: [String]
  /// Set on top of what the tests themselves run in.
  public var environment: [String: String]

  public init(_ executable: URL, _ arguments: [String] = [], environment: [String: String] = [:]) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
  }

  /// Runs the program to its end and returns what it wrote; throws `Failure` if it is not over in time.
  ///
  /// - Parameter end: a moment, in seconds from the start, at which the program and its children are killed on purpose.
  public func run(within seconds: Double = 300, killedAfter end: Double? = nil) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: a full pipe would stop the program.
    let output = folder.appending(path: "output")
    let log = folder.appending(path: "log")
    let child = try start(output: output.path, log: log.path)
    let clock = ContinuousClock()
    let started = clock.now
    var state: Int32 = 0
    var hasTimedOut = false
    while true {
      let answer = waitpid(child, &state, WNOHANG)
      if answer == child { break }
      if answer < 0 && errno != EINTR {
        throw Failure.lost(path: executable.path, reason: String(cString: strerror(errno)))
      }
      let elapsed = clock.now - started
      hasTimedOut = elapsed > .seconds(seconds)
      if hasTimedOut || end.map({ elapsed > .seconds($0) }) == true {
        // The program leads a group of its own, which its children are in too.
        kill(-child, SIGKILL)
        while waitpid(child, &state, 0) < 0 && errno == EINTR {}
        break
      }
      usleep(2_000)
    }
    let texts = try [output, log].map { String(decoding: try Foundation.Data(contentsOf: $0), as: UTF8.self) }
    if hasTimedOut {
      throw Failure.tookTooLong(path: executable.path, seconds: seconds, log: String(texts[1].suffix(2000)))
    }
    let signal = state & 0x7f
    return Outcome(status: signal == 0 ? (state >> 8) & 0xff : 128 + signal, output: texts[0], log: texts[1])
  }

  private func start(output: String, log: String) throws -> pid_t {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of a test process may block signals that a program counts on; its own begin unblocked.
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    posix_spawnattr_setsigmask(&attributes, &unblocked)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = ([executable.path] + arguments).map { strdup($0) }
    var settings = variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    defer { for pointer in words + settings { free(pointer) } }
    words.append(nil)
    settings.append(nil)
    var child: pid_t = 0
    let failure = posix_spawn(&child, executable.path, &actions, &attributes, words, settings)
    guard failure == 0 else {
      throw Failure.cannotStart(path: executable.path, reason: String(cString: strerror(failure)))
    }
    return child
  }
}
