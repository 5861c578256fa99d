import Foundation

/// A file that appears whole or not at all.
///
/// The bytes go to `<path>.tmp` beside the target, are synced to disk, and take the target's name in one step; then
/// the folder is synced. Until that step the old file stands untouched, also if the process is killed. The temporary
/// is removed on any error; one that a killed run left behind is overwritten by the next run. Two processes that write
/// to one folder take turns.
public enum AtomicFile {
  /// Writes text as UTF-8.
  ///
  /// - Throws: `ArchiveError.cannotCreate` or `.writeFailed` with the system's reason.
  public static func write(text: String, to path: String) throws(ArchiveError) {
    try write(bytes: Array(text.utf8), to: path)
  }

  /// Writes bytes.
  ///
  /// - Throws: `ArchiveError.cannotCreate` or `.writeFailed` with the system's reason.
  public static func write(bytes: [UInt8], to path: String) throws(ArchiveError) {
    let failure: ArchiveError? = bytes.withUnsafeBytes { buffer in
      do throws(ArchiveError) {
        try write(buffer, to: path)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Writes the bytes of a buffer.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ArchiveError) {
    let folderPath = folder(of: path)
    let folder = open(folderPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .cannotCreate(path: path, reason: "\(folderPath): \(reason())") }
    defer { close(folder) }
    var standing = stat()
    if stat(path, &standing) == 0, standing.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: "a folder stands in its place")
    }
    if lstat(path, &standing) == 0, ![S_IFREG, S_IFLNK].contains(standing.st_mode & S_IFMT) {
      throw .cannotCreate(path: path, reason: "a device or pipe stands in its place")
    }
    // Some network file systems lock no folders; there two runs into one folder are the user's own risk.
    while flock(folder, LOCK_EX) != 0 && errno == EINTR {}

    let temporary = path + ".tmp"
    unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      let code = errno
      if [ENOSPC, EDQUOT, EIO].contains(code) { throw .writeFailed(path: path, reason: reason(code)) }
      throw .cannotCreate(path: path, reason: reason(code))
    }
    let failure = fill(file, with: bytes)
    let closed = close(file)
    let code = failure ?? (closed == 0 ? nil : errno)
    if let code {
      unlink(temporary)
      throw .writeFailed(path: path, reason: reason(code))
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw .writeFailed(path: path, reason: reason(code))
    }
    // Folders of some file systems cannot be synced; they answer EINVAL and the rename stands.
    if fsync(folder) != 0, errno != EINVAL, errno != ENOTSUP {
      throw .writeFailed(path: path, reason: reason())
    }
  }

  /// Writes and syncs everything; returns the system's error code, or nil.
  private static func fill(_ file: Int32, with bytes: UnsafeRawBufferPointer) -> Int32? {
    var position = 0
    while position < bytes.count {
      let count = Foundation.write(file, bytes.baseAddress! + position, min(bytes.count - position, 1 << 30))
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      position += count
    }
    return fsync(file) == 0 ? nil : errno
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
