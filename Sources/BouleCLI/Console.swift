import Foundation

/// The two streams: results to stdout, everything else to stderr.
enum Console {
  /// A line on stderr. A stderr that takes nothing more must not end the run.
  static func error(_ text: String) { progress(text + "\n") }

  /// Text on stderr as it is.
  static func progress(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// A text on stdout, ended by one line break.
  ///
  /// - Throws: `StreamFailure` when stdout is closed or its disk full.
  static func result(_ text: String) throws {
    let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
    var position = 0
    while position < bytes.count {
      let count = bytes.withUnsafeBytes { write(1, $0.baseAddress! + position, bytes.count - position) }
      if count >= 0 {
        position += count
      } else if errno != EINTR {
        throw StreamFailure(reason: String(cString: strerror(errno)))
      }
    }
  }

  static var isTerminal: Bool { isatty(2) == 1 }
}

/// stdout took no more.
struct StreamFailure: Error, CustomStringConvertible {
  var reason: String
  var description: String { "writing to stdout failed: \(reason)" }
}

enum Signals {
  /// A file size limit then arrives as an error of the write, with its message and exit code.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }
}
