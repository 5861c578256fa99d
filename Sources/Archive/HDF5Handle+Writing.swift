import CHDF5

/// What an attribute may hold: openPMD readers accept no other types.
enum AttributeValue {
  case real(Double)
  case reals([Double])
  case integer(Int64)
  case integers([Int64])
  case unsigned(UInt64)
  /// openPMDextension alone.
  case word(UInt32)
  case text(String)
  case texts([String])
}

/// What an array holds, as stored.
enum ArrayContent {
  case real([Double])
  case integer([Int64])
  case byte([UInt8])
  /// Fixed-length UTF-8, padded with zeros.
  case text([String])

  var count: Int {
    switch self {
    case .real(let values): values.count
    case .integer(let values): values.count
    case .byte(let values): values.count
    case .text(let values): values.count
    }
  }
}

/// What every array of the file says about itself.
struct ArrayLabel {
  var units: String
  var longName: String
  var description: String
  /// The stage that made the numbers.
  var creator: String
}

extension HDF5Handle {
  func group(_ name: String) throws(ArchiveError) -> HDF5Handle {
    let list = try HDF5Handle.propertyList(hdf5_group_creation(), "the properties of group \(name)")
    try HDF5Handle.checked(H5Pset_obj_track_times(list.id, false), "the properties of group \(name)")
    let id = H5Gcreate2(self.id, name, hdf5_default_list(), list.id, hdf5_default_list())
    return try HDF5Handle(id, "group \(name)", release: H5Gclose)
  }

  /// A second name for an object of the same file; `path` is absolute.
  func link(_ name: String, to path: String) throws(ArchiveError) {
    let status = H5Lcreate_hard(id, path, id, name, hdf5_default_list(), hdf5_default_list())
    try HDF5Handle.checked(status, "link \(name) to \(path)")
  }

  func attribute(_ name: String, _ value: AttributeValue) throws(ArchiveError) {
    switch value {
    case .real(let number): try attribute(name, [number], hdf5_native_double(), hdf5_stored_double(), nil)
    case .reals(let numbers): try attribute(name, numbers, hdf5_native_double(), hdf5_stored_double(), numbers.count)
    case .integer(let number): try attribute(name, [number], hdf5_native_int64(), hdf5_stored_int64(), nil)
    case .integers(let numbers): try attribute(name, numbers, hdf5_native_int64(), hdf5_stored_int64(), numbers.count)
    case .unsigned(let number): try attribute(name, [number], hdf5_native_uint64(), hdf5_stored_uint64(), nil)
    case .word(let number): try attribute(name, [number], hdf5_native_uint32(), hdf5_stored_uint32(), nil)
    case .text(let text): try attribute(name, texts: [text], isArray: false)
    case .texts(let texts): try attribute(name, texts: texts, isArray: true)
    }
  }

  func label(_ label: ArrayLabel) throws(ArchiveError) {
    try attribute("units", .text(label.units))
    try attribute("long_name", .text(label.longName))
    try attribute("description", .text(label.description))
    try attribute("creator", .text(label.creator))
  }

  private func attribute<Value: BitwiseCopyable>(
    _ name: String, _ values: [Value], _ memoryType: hid_t, _ fileType: hid_t, _ count: Int?
  ) throws(ArchiveError) {
    let space = try HDF5Handle.space(count.map { [$0] } ?? [], "attribute \(name)")
    let id = H5Acreate2(self.id, name, fileType, space.id, hdf5_default_list(), hdf5_default_list())
    let attribute = try HDF5Handle(id, "attribute \(name)", release: H5Aclose)
    try HDF5Handle.checked(H5Awrite(attribute.id, memoryType, values), "attribute \(name)")
  }

  private func attribute(_ name: String, texts: [String], isArray: Bool) throws(ArchiveError) {
    let texts = texts.map(HDF5Handle.ascii)
    let width = max(1, texts.map(\.utf8.count).max() ?? 1)
    let type = try HDF5Handle.textType(width: width, isUnicode: false)
    try attribute(name, HDF5Handle.padded(texts, width: width), type.id, type.id, isArray ? texts.count : nil)
  }

  /// The text with each character outside ASCII written as `\u{...}`: attributes are ASCII, and nothing is lost.
  static func ascii(_ text: String) -> String {
    text.unicodeScalars.map { $0.isASCII && $0.value != 0 ? String($0) : $0.escaped(asASCII: true) }.joined()
  }

  /// Writes an array, chunked and compressed, with its label; `shape` is slowest axis first.
  @discardableResult
  func array(
    _ name: String, _ content: ArrayContent, shape: [Int], _ label: ArrayLabel
  ) throws(ArchiveError) -> HDF5Handle {
    switch content {
    case .real(let values):
      return try array(name, values, hdf5_native_double(), hdf5_stored_double(), shape, label)
    case .integer(let values):
      return try array(name, values, hdf5_native_int64(), hdf5_stored_int64(), shape, label)
    case .byte(let values):
      return try array(name, values, hdf5_native_uint8(), hdf5_stored_uint8(), shape, label)
    case .text(let texts):
      let width = max(1, texts.map(\.utf8.count).max() ?? 1)
      let type = try HDF5Handle.textType(width: width, isUnicode: true)
      return try array(name, HDF5Handle.padded(texts, width: width), type.id, type.id, shape, label)
    }
  }

  private func array<Value: BitwiseCopyable>(
    _ name: String, _ values: [Value], _ memoryType: hid_t, _ fileType: hid_t, _ shape: [Int], _ label: ArrayLabel
  ) throws(ArchiveError) -> HDF5Handle {
    let space = try HDF5Handle.space(shape, "array \(name)")
    let list = try HDF5Handle.arrayProperties("array \(name)")
    if values.count > 0 {
      var chunk = HDF5Handle.chunk(for: shape).map { hsize_t($0) }
      try HDF5Handle.checked(H5Pset_chunk(list.id, Int32(chunk.count), &chunk), "the chunks of \(name)")
      try HDF5Handle.checked(H5Pset_shuffle(list.id), "the shuffle filter of \(name)")
      try HDF5Handle.checked(H5Pset_deflate(list.id, 1), "the gzip filter of \(name)")
      try HDF5Handle.checked(H5Pset_fletcher32(list.id), "the checksums of \(name)")
    }
    let id = H5Dcreate2(self.id, name, fileType, space.id, hdf5_default_list(), list.id, hdf5_default_list())
    let array = try HDF5Handle(id, "array \(name)", release: H5Dclose)
    if values.count > 0 {
      let status = H5Dwrite(array.id, memoryType, hdf5_all(), hdf5_all(), hdf5_default_list(), values)
      try HDF5Handle.checked(status, "array \(name)")
    }
    try array.label(label)
    return array
  }

  /// Makes an array of doubles that shows others of the same file, side by side along a last axis if there are several.
  func view(
    _ name: String, of sources: [String], shape: [Int], _ label: ArrayLabel
  ) throws(ArchiveError) -> HDF5Handle {
    let isSingle = sources.count == 1
    let source = try HDF5Handle.space(shape, "view \(name)")
    let space = try HDF5Handle.space(isSingle ? shape : shape + [sources.count], "view \(name)")
    let list = try HDF5Handle.arrayProperties("view \(name)")
    for (index, path) in sources.enumerated() {
      let start = isSingle ? shape.map { _ in hsize_t(0) } : shape.map { _ in hsize_t(0) } + [hsize_t(index)]
      let count = isSingle ? shape.map { hsize_t($0) } : shape.map { hsize_t($0) } + [1]
      try HDF5Handle.checked(H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil), "view \(name)")
      try HDF5Handle.checked(H5Pset_virtual(list.id, space.id, ".", path, source.id), "view \(name)")
    }
    try HDF5Handle.checked(H5Sselect_all(space.id), "view \(name)")
    let id = H5Dcreate2(
      self.id, name, hdf5_stored_double(), space.id, hdf5_default_list(), list.id, hdf5_default_list())
    let view = try HDF5Handle(id, "view \(name)", release: H5Dclose)
    try view.label(label)
    return view
  }

  private static func space(_ shape: [Int], _ operation: String) throws(ArchiveError) -> HDF5Handle {
    let extents = shape.map { hsize_t($0) }
    let id = shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), extents, nil)
    return try HDF5Handle(id, "the shape of \(operation)", release: H5Sclose)
  }

  private static func arrayProperties(_ operation: String) throws(ArchiveError) -> HDF5Handle {
    let list = try propertyList(hdf5_dataset_creation(), "the properties of \(operation)")
    try checked(H5Pset_obj_track_times(list.id, false), "the properties of \(operation)")
    return list
  }

  private static func textType(width: Int, isUnicode: Bool) throws(ArchiveError) -> HDF5Handle {
    let type = try HDF5Handle(H5Tcopy(hdf5_c_string()), "a text type", release: H5Tclose)
    try checked(H5Tset_size(type.id, width), "a text type")
    try checked(H5Tset_strpad(type.id, H5T_STR_NULLPAD), "a text type")
    try checked(H5Tset_cset(type.id, isUnicode ? H5T_CSET_UTF8 : H5T_CSET_ASCII), "a text type")
    return type
  }

  private static func padded(_ texts: [String], width: Int) -> [UInt8] {
    texts.flatMap { text in Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count) }
  }

  /// Chunks of at most 32 along each axis of a volume, 256 of a map, 65,536 of a list: 256 to 512 kB of doubles.
  private static func chunk(for shape: [Int]) -> [Int] {
    let limit = shape.count >= 3 ? 32 : shape.count == 2 ? 256 : 65_536
    return shape.map { min($0, limit) }
  }
}
