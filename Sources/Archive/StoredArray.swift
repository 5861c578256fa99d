import CHDF5

/// An array of an HDF5 file, as a listing shows it.
public struct StoredArray: Hashable, Sendable {
  /// `/data/0/meshes/strain/xx`
  public var path: String
  /// Extents, slowest axis first; empty for a single value.
  public var shape: [Int]
  /// `f64`, `i64`, `u8`, `text`, or `other`.
  public var type: String
  /// Empty where the file does not say.
  public var units: String
  public var longName: String

  public init(path: String, shape: [Int], type: String, units: String, longName: String) {
    self.path = path
    self.shape = shape
    self.type = type
    self.units = units
    self.longName = longName
  }

  /// Lists what an HDF5 file holds, sorted by path; one that has several names is listed under each.
  ///
  /// - Throws: `ArchiveError.cannotRead` with the system's or HDF5's reason.
  public static func list(in path: String) throws(ArchiveError) -> [StoredArray] {
    let root = try HDF5Handle.reading(path)
    do throws(ArchiveError) {
      var arrays: [StoredArray] = []
      try collect(root.id, "", depth: 0, into: &arrays)
      return arrays
    } catch {
      if case .library(_, let reason) = error { throw .cannotRead(path: path, reason: reason) }
      throw error
    }
  }

  private static func collect(
    _ group: hid_t, _ path: String, depth: Int, into arrays: inout [StoredArray]
  ) throws(ArchiveError) {
    // A hard link may make a group its own descendant.
    guard depth < 32 else { return }
    var information = H5G_info_t()
    try HDF5Handle.checked(H5Gget_info(group, &information), "group \(path)/")
    for index in 0..<information.nlinks {
      let name = try linkName(group, index, at: path)
      let id = H5Oopen(group, name, hdf5_default_list())
      let object = try HDF5Handle(id, "object \(path)/\(name)", release: H5Oclose)
      switch H5Iget_type(object.id) {
      case H5I_GROUP: try collect(object.id, "\(path)/\(name)", depth: depth + 1, into: &arrays)
      case H5I_DATASET: arrays.append(try describe(object, "\(path)/\(name)"))
      default: continue
      }
    }
  }

  private static func linkName(_ group: hid_t, _ index: hsize_t, at path: String) throws(ArchiveError) -> String {
    func read(_ buffer: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
      H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, hdf5_default_list())
    }
    let length = try HDF5Handle.checked(read(nil, 0), "the names in \(path)/")
    var buffer = [CChar](repeating: 0, count: length + 1)
    try HDF5Handle.checked(read(&buffer, length + 1), "the names in \(path)/")
    return HDF5Handle.text(buffer)
  }

  private static func describe(_ array: HDF5Handle, _ path: String) throws(ArchiveError) -> StoredArray {
    let type = try HDF5Handle(H5Dget_type(array.id), "the type of \(path)", release: H5Tclose)
    return StoredArray(
      path: path, shape: try array.extents(path), type: typeName(type.id), units: try array.textAttribute("units"),
      longName: try array.textAttribute("long_name"))
  }

  private static func typeName(_ type: hid_t) -> String {
    let bits = H5Tget_size(type) * 8
    switch H5Tget_class(type) {
    case H5T_FLOAT: return "f\(bits)"
    case H5T_INTEGER: return (H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "i") + "\(bits)"
    case H5T_STRING: return "text"
    default: return "other"
    }
  }
}
