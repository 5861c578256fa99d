import CHDF5

/// What a result came from: everything that decides its bytes, and nothing that does not.
///
/// Command line, host, clock, threads and shards are absent, or equal runs would differ.
public struct RunProvenance: Hashable, Sendable {
  /// A number that entered the run, and where it comes from; one row of the table `numbers`.
  public struct Number: Hashable, Sendable {
    /// `MAPbBr3.elasticity.c11`
    public var path: String
    /// In SI.
    public var value: Double
    /// The SI unit of the value.
    public var units: String
    /// As it was written: `34.5 GPa`.
    public var text: String
    /// measured, computed, estimated, assumed or calibrated.
    public var kind: String
    public var source: String
    /// What was read of the source.
    public var read: String
    /// As it was written: `factor 2`, `1.5 GPa`.
    public var uncertainty: String

    public init(
      path: String, value: Double, units: String, text: String, kind: String, source: String, read: String,
      uncertainty: String
    ) {
      self.path = path
      self.value = value
      self.units = units
      self.text = text
      self.kind = kind
      self.source = source
      self.read = read
      self.uncertainty = uncertainty
    }
  }

  /// The recipe file as it stood on disk.
  public var recipe: [UInt8]
  /// The recipe with defaults filled in and units throughout.
  public var resolvedRecipe: String
  /// `path=value`, in the order given.
  public var overrides: [String]
  /// Boule's version.
  public var version: String
  /// Versions of libraries by name; HDF5's is added by the archive.
  public var libraryVersions: [String: String]
  /// The root seed.
  public var seed: UInt64
  /// `Philox 4x32-10`
  public var randomAlgorithm: String
  /// SHA-256 of everything that was read, 64 hexadecimal digits.
  public var inputHash: String
  public var numbers: [Number]

  public init(
    recipe: [UInt8], resolvedRecipe: String, overrides: [String], version: String, libraryVersions: [String: String],
    seed: UInt64, randomAlgorithm: String, inputHash: String, numbers: [Number]
  ) {
    self.recipe = recipe
    self.resolvedRecipe = resolvedRecipe
    self.overrides = overrides
    self.version = version
    self.libraryVersions = libraryVersions
    self.seed = seed
    self.randomAlgorithm = randomAlgorithm
    self.inputHash = inputHash
    self.numbers = numbers
  }

  /// The version of the HDF5 library in use: `1.10.8`.
  public static var hdf5Version: String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }

  /// `FFTW 3.3.10; HDF5 1.10.8`
  var dependencies: String {
    var versions = libraryVersions
    versions["HDF5"] = Self.hdf5Version
    return versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
  }

  /// The numbers as a table.
  var table: Table {
    func text(_ name: String, _ description: String, _ values: [String]) -> Table.Column {
      Table.Column(name: name, units: "text", longName: name, description: description, values: .text(values))
    }
    return Table(
      name: "numbers", description: "Every number that entered the run, and where it comes from",
      rowOrder: "as the run reads them", creator: "Recipes",
      columns: [
        text("path", "Key of the number", numbers.map(\.path)),
        Table.Column(
          name: "value", units: "as column units says", longName: "value", description: "The number in SI",
          values: .real(numbers.map(\.value))),
        text("units", "SI unit of column value", numbers.map(\.units)),
        text("text", "The number as it was written", numbers.map(\.text)),
        text("kind", "measured, computed, estimated, assumed or calibrated", numbers.map(\.kind)),
        text("source", "DOI or reference", numbers.map(\.source)),
        text("read", "What was read of the source", numbers.map(\.read)),
        text("uncertainty", "One standard deviation or factor, as written", numbers.map(\.uncertainty)),
      ])
  }

  func check() throws(ArchiveError) { try table.check(under: "provenance") }

  func write(into file: HDF5Handle) throws(ArchiveError) {
    let group = try file.group("provenance")
    try group.attribute("description", .text("What this result came from: equal provenance, equal bytes"))
    try group.attribute("version", .text(version))
    try group.attribute("libraryVersions", .text(dependencies))
    try group.attribute("seed", .unsigned(seed))
    try group.attribute("randomAlgorithm", .text(randomAlgorithm))
    try group.attribute("inputHash", .text(inputHash))
    let lines = overrides.map { $0 + "\n" }.joined()
    try document("recipe", recipe, "The recipe file, byte for byte (UTF-8)", into: group)
    let resolved = Array(resolvedRecipe.utf8)
    try document("resolvedRecipe", resolved, "The recipe with defaults filled in (UTF-8)", into: group)
    try document("overrides", Array(lines.utf8), "path=value, one a line, in the order given (UTF-8)", into: group)
    try table.write(into: group)
  }

  private func document(
    _ name: String, _ bytes: [UInt8], _ description: String, into group: HDF5Handle
  ) throws(ArchiveError) {
    let label = ArrayLabel(units: "text", longName: name, description: description, creator: "Recipes")
    try group.array(name, .byte(bytes), shape: [bytes.count], label)
  }
}
