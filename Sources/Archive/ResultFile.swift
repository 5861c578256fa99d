import CHDF5

/// A run's results as one HDF5 file that opens in openPMD, VTK and ParaView, xarray, h5web and h5py.
///
/// - `/data/<device>/meshes/<quantity>`: the fields, an openPMD 1.1.0 iteration per stored device;
/// - `/VTKHDF/PointData/<quantity>`: the first device's volumes as image data, by virtual datasets;
/// - `/x`, `/y`, `/z`, `/time`, `/component3`, `/component6`: the scales of those views;
/// - `/devices/<table>/<column>`: tables of all devices;
/// - `/provenance`: what the result came from;
/// - `/entry/plot`: the default plot (NeXus NXdata).
///
/// Every array carries `units`, `long_name`, `description` and `creator`. Attributes are ASCII (other characters are
/// written as `\u{...}`); texts in arrays are UTF-8. The same value gives the same bytes.
public struct ResultFile: Hashable, Sendable {
  public var title: String
  /// Who answers for the result.
  public var author: String
  /// Terms under which the result may be used.
  public var license: String
  /// The file's date, seconds since 1970 (UTC): SOURCE_DATE_EPOCH or the release's date, never the clock.
  public var date: Int
  /// Stored devices; the first is the one that VTK and h5web show.
  public var fields: [DeviceFields]
  /// Tables of all devices.
  public var tables: [Table]
  public var provenance: RunProvenance

  public init(
    title: String, author: String = "not stated", license: String = "not stated", date: Int, fields: [DeviceFields],
    tables: [Table], provenance: RunProvenance
  ) {
    self.title = title
    self.author = author
    self.license = license
    self.date = date
    self.fields = fields
    self.tables = tables
    self.provenance = provenance
  }

  /// Writes the file whole or not at all, as `AtomicFile` does.
  ///
  /// The file is built in memory, so that a full disk never meets half-written HDF5; that takes about twice the
  /// compressed size while it grows.
  ///
  /// - Throws: `ArchiveError.invalidContent` (before anything is written), `.library`, `.cannotCreate` or
  ///   `.writeFailed`.
  public func write(to path: String) throws(ArchiveError) {
    try check()
    let image = FileImage()
    try image.build { (file) throws(ArchiveError) in try write(into: file) }
    try AtomicFile.write(image.bytes, to: path)
  }

  private func check() throws(ArchiveError) {
    for device in fields { try device.check() }
    guard Set(fields.map(\.device)).count == fields.count else {
      throw .invalidContent(place: "/data", reason: "two sets of fields belong to one device")
    }
    for table in tables { try table.check(under: "devices") }
    guard Set(tables.map(\.name)).count == tables.count else {
      throw .invalidContent(place: "/devices", reason: "two tables share a name")
    }
    try provenance.check()
  }

  private func write(into file: HDF5Handle) throws(ArchiveError) {
    try describe(file)
    let iterations = try file.group("data")
    for device in fields { try device.write(into: iterations) }
    if let first = fields.first, let view = ImageView(first) { try view.write(into: file, time: first.time) }
    let devices = try file.group("devices")
    try devices.attribute("description", .text("Tables of all devices: one array per column"))
    for table in tables { try table.write(into: devices) }
    try provenance.write(into: file)
  }

  private func describe(_ file: HDF5Handle) throws(ArchiveError) {
    try file.attribute("openPMD", .text("1.1.0"))
    try file.attribute("openPMDextension", .word(0))
    try file.attribute("basePath", .text("/data/%T/"))
    try file.attribute("meshesPath", .text("meshes/"))
    try file.attribute("iterationEncoding", .text("groupBased"))
    try file.attribute("iterationFormat", .text("/data/%T/"))
    try file.attribute("author", .text(author))
    try file.attribute("software", .text("Boule"))
    try file.attribute("softwareVersion", .text(provenance.version))
    try file.attribute("softwareDependencies", .text(provenance.dependencies))
    try file.attribute("date", .text(CalendarDate(secondsSince1970: date).openPMDText))
    try file.attribute("title", .text(title))
    try file.attribute("license", .text(license))
    try file.attribute("creator", .text("Boule \(provenance.version)"))
    try file.attribute("Conventions", .text("openPMD-1.1.0 VTKHDF-1.0 NeXus-NXdata"))
    try file.attribute(
      "description", .text("Fields, device tables and provenance of a crystal followed from recipe to memristor"))
  }
}
