/// Why a result could not be written or read.
public enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The output could not be created: no such folder, no permission. Nothing was written.
  case cannotCreate(path: String, reason: String)
  /// Writing failed: disk full, quota, damaged medium. What stood at the path before is untouched.
  case writeFailed(path: String, reason: String)
  /// A file could not be opened or read: missing, damaged, not HDF5.
  case cannotRead(path: String, reason: String)
  /// A file was read, but what stands at a place of it is not what is needed there.
  case unexpectedContent(path: String, place: String, reason: String)
  /// The result itself cannot be stored: a number that is not finite, columns of unequal length, a bad name.
  case invalidContent(place: String, reason: String)
  /// HDF5 refused an operation that has nothing to do with the disk.
  case library(operation: String, reason: String)

  public var description: String {
    switch self {
    case .cannotCreate(let path, let reason):
      "cannot create \(path): \(reason); choose another output folder with --out"
    case .writeFailed(let path, let reason):
      "writing \(path) failed: \(reason); a file that stood there before is unchanged"
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .unexpectedContent(let path, let place, let reason): "\(path): \(place): \(reason)"
    case .invalidContent(let place, let reason): "\(place) cannot be stored: \(reason)"
    case .library(let operation, let reason): "HDF5 failed at \(operation): \(reason)"
    }
  }
}
