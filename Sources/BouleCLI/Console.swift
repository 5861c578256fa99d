import Foundation

/// The two streams: results to stdout, everything else to stderr.
enum Console {
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// - Throws: the error of a closed or full stdout.
  static func result(_ text: String) throws { try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }

  static var isTerminal: Bool { isatty(2) == 1 }
}

enum Signals {
  /// A file size limit then arrives as an error of the write, with its message and exit code.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }
}
