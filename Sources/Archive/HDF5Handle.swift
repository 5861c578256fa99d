import CHDF5

/// An open HDF5 object that closes itself once.
final class HDF5Handle {
  let id: hid_t
  private let release: (hid_t) -> herr_t

  /// - Throws: `ArchiveError.library` with HDF5's own message if the identifier marks a failure.
  init(_ id: hid_t, _ operation: String, release: @escaping (hid_t) -> herr_t) throws(ArchiveError) {
    self.id = try HDF5Handle.checked(id, operation)
    self.release = release
  }

  deinit { _ = release(id) }

  /// Passes a result on unless it marks a failure (below zero).
  @discardableResult
  static func checked<Result: SignedInteger>(_ result: Result, _ operation: String) throws(ArchiveError) -> Result {
    if result < 0 { throw .library(operation: operation, reason: reason()) }
    return result
  }

  /// The innermost message of the error stack.
  static func reason() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      hdf5_reason(buffer.baseAddress!)
      let text = String(cString: buffer.baseAddress!)
      return text.isEmpty ? "no reason given" : text
    }
  }

  static func propertyList(_ kind: hid_t, _ operation: String) throws(ArchiveError) -> HDF5Handle {
    try HDF5Handle(H5Pcreate(kind), operation, release: H5Pclose)
  }
}
