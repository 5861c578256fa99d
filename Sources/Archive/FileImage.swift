import CHDF5

/// An HDF5 file in memory: its bytes, once it is closed.
final class FileImage {
  private let image: UnsafeMutablePointer<hdf5_image>

  init() {
    image = .allocate(capacity: 1)
    image.initialize(to: hdf5_image())
  }

  deinit {
    free(image.pointee.bytes)
    image.deallocate()
  }

  /// Opens the file, lets `fill` write it, and closes it.
  func build(_ fill: (HDF5Handle) throws(ArchiveError) -> Void) throws(ArchiveError) {
    hdf5_silence()
    let access = try HDF5Handle.propertyList(hdf5_file_access(), "the file's access properties")
    try HDF5Handle.checked(hdf5_use_memory(access.id, image), "the file's memory")
    try HDF5Handle.checked(H5Pset_libver_bounds(access.id, H5F_LIBVER_V110, H5F_LIBVER_V110), "the file's version")
    let creation = try HDF5Handle.propertyList(hdf5_file_creation(), "the file's creation properties")
    try HDF5Handle.checked(H5Pset_obj_track_times(creation.id, false), "the file's creation properties")
    // HDF5 takes two open files of one name for the same; the name is not stored.
    let name = "image \(UInt(bitPattern: image))"
    let file = H5Fcreate(name, hdf5_truncate(), creation.id, access.id)
    try HDF5Handle.checked(file, "a file in memory")
    var failure: ArchiveError?
    do throws(ArchiveError) {
      let root = try HDF5Handle(H5Gopen2(file, "/", hdf5_default_list()), "the root group", release: H5Gclose)
      try fill(root)
    } catch {
      failure = error
    }
    let status = H5Fclose(file)
    if let failure { throw failure }
    try HDF5Handle.checked(status, "closing a file in memory")
    guard image.pointee.is_complete != 0, image.pointee.bytes != nil else {
      throw .library(operation: "closing a file in memory", reason: "an object of it is still open")
    }
  }

  /// The file from its signature to its end-of-file address, which a superblock of version 2 or 3 keeps at byte 28.
  var bytes: UnsafeRawBufferPointer {
    let end = UnsafeRawPointer(image.pointee.bytes!).loadUnaligned(fromByteOffset: 28, as: UInt64.self)
    return UnsafeRawBufferPointer(start: image.pointee.bytes, count: Int(UInt64(littleEndian: end)))
  }
}
