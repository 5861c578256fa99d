import CHDF5
import Foundation

extension HDF5Handle {
  /// Opens a file for reading.
  /// - Throws: `ArchiveError.cannotRead` with the system's or HDF5's reason.
  static func reading(_ path: String) throws(ArchiveError) -> HDF5Handle {
    hdf5_silence()
    guard access(path, R_OK) == 0 else {
      throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    do throws(ArchiveError) {
      let file = H5Fopen(path, hdf5_read_only(), hdf5_default_list())
      return try HDF5Handle(file, "opening the file", release: H5Fclose)
    } catch {
      if case .library(_, let reason) = error { throw .cannotRead(path: path, reason: reason) }
      throw error
    }
  }

  /// Whether something stands at a path below this object; every group on the way is looked at.
  func holds(_ path: String) -> Bool {
    var partial = ""
    for part in path.split(separator: "/") {
      partial += partial.isEmpty ? String(part) : "/\(part)"
      guard H5Lexists(id, partial, hdf5_default_list()) > 0 else { return false }
    }
    return true
  }

  func object(_ path: String) throws(ArchiveError) -> HDF5Handle {
    try HDF5Handle(H5Oopen(id, path, hdf5_default_list()), "object \(path)", release: H5Oclose)
  }

  var isArray: Bool { H5Iget_type(id) == H5I_DATASET }

  /// Extents of an array, slowest axis first; empty for a single value.
  func extents(_ name: String) throws(ArchiveError) -> [Int] {
    let space = try HDF5Handle(H5Dget_space(id), "the shape of \(name)", release: H5Sclose)
    let rank = try HDF5Handle.checked(H5Sget_simple_extent_ndims(space.id), "the shape of \(name)")
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    try HDF5Handle.checked(H5Sget_simple_extent_dims(space.id, &extents, nil), "the shape of \(name)")
    return extents.map { Int($0) }
  }

  /// The numbers of an array, converted by HDF5 from whatever they are stored as.
  func reals(_ name: String) throws(ArchiveError) -> [Double] {
    try numbers(name, hdf5_native_double(), 0)
  }

  func integers(_ name: String) throws(ArchiveError) -> [Int64] {
    try numbers(name, hdf5_native_int64(), 0)
  }

  /// Whether an array holds whole numbers, or any.
  func holdsNumbers(whole: Bool) -> Bool {
    guard let type = try? HDF5Handle(H5Dget_type(id), "the type", release: H5Tclose) else { return false }
    let kind = H5Tget_class(type.id)
    // h5py stores truth values as an enumeration.
    return kind == H5T_INTEGER || kind == H5T_ENUM || (!whole && kind == H5T_FLOAT)
  }

  /// Names of what stands in a group.
  var members: [String] {
    var information = H5G_info_t()
    guard H5Gget_info(id, &information) >= 0 else { return [] }
    return (0..<information.nlinks).compactMap { index in
      let size = H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, hdf5_default_list())
      guard size > 0 else { return nil }
      var buffer = [CChar](repeating: 0, count: Int(size) + 1)
      H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &buffer, buffer.count, hdf5_default_list())
      return HDF5Handle.text(buffer)
    }
  }

  private func numbers<Value: BitwiseCopyable>(
    _ name: String, _ type: hid_t, _ zero: Value
  ) throws(ArchiveError) -> [Value] {
    var values = [Value](repeating: zero, count: try extents(name).reduce(1, *))
    guard !values.isEmpty else { return [] }
    try HDF5Handle.checked(
      H5Dread(id, type, hdf5_all(), hdf5_all(), hdf5_default_list(), &values), "reading \(name)")
    return values
  }

  func holdsAttribute(_ name: String) -> Bool { H5Aexists(id, name) > 0 }

  /// A single text, of fixed length or not; empty if there is none, or no text.
  func textAttribute(_ name: String) throws(ArchiveError) -> String {
    guard holdsAttribute(name) else { return "" }
    let attribute = try HDF5Handle(H5Aopen(id, name, hdf5_default_list()), "attribute \(name)", release: H5Aclose)
    let type = try HDF5Handle(H5Aget_type(attribute.id), "attribute \(name)", release: H5Tclose)
    let space = try HDF5Handle(H5Aget_space(attribute.id), "attribute \(name)", release: H5Sclose)
    guard H5Tget_class(type.id) == H5T_STRING, H5Sget_simple_extent_npoints(space.id) == 1 else { return "" }
    if H5Tis_variable_str(type.id) > 0 {
      var pointer: UnsafeMutablePointer<CChar>?
      try HDF5Handle.checked(H5Aread(attribute.id, type.id, &pointer), "attribute \(name)")
      guard let pointer else { return "" }
      defer { H5free_memory(pointer) }
      return String(cString: pointer)
    }
    var buffer = [CChar](repeating: 0, count: H5Tget_size(type.id) + 1)
    try HDF5Handle.checked(H5Aread(attribute.id, type.id, &buffer), "attribute \(name)")
    return HDF5Handle.text(buffer)
  }

  /// The numbers of an attribute; nil if there is none.
  func realAttribute(_ name: String) throws(ArchiveError) -> [Double]? {
    guard holdsAttribute(name) else { return nil }
    let attribute = try HDF5Handle(H5Aopen(id, name, hdf5_default_list()), "attribute \(name)", release: H5Aclose)
    let type = try HDF5Handle(H5Aget_type(attribute.id), "attribute \(name)", release: H5Tclose)
    guard [H5T_INTEGER, H5T_FLOAT].contains(H5Tget_class(type.id)) else { return [] }
    let space = try HDF5Handle(H5Aget_space(attribute.id), "attribute \(name)", release: H5Sclose)
    var values = [Double](repeating: 0, count: Int(H5Sget_simple_extent_npoints(space.id)))
    try HDF5Handle.checked(H5Aread(attribute.id, hdf5_native_double(), &values), "attribute \(name)")
    return values
  }

  static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
