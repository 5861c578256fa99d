import Fields
import Quantities

/// A physical quantity on a grid, as the result file stores it: one openPMD mesh record.
///
/// A grid of one plane is stored as a map with axes (y, x), any other as a volume with axes (z, y, x). Numbers are in
/// SI units; grid spacing and offset are written in nanometers with `gridUnitSI` 1e-9.
public struct MeshRecord: Hashable, Sendable {
  /// One number per voxel; a scalar has a single component without a name.
  public struct Component: Hashable, Sendable {
    public var name: String
    public var field: Field

    public init(name: String, field: Field) {
      self.name = name
      self.field = field
    }
  }

  /// Letters, digits and underscores: `vacancyDensity`.
  public var name: String
  public var components: [Component]
  /// The SI unit of the numbers: `1/m^3`.
  public var units: String
  /// The powers of the base units; the radian's is not stored, openPMD has none.
  public var dimension: DimensionExponents
  /// What a plot would write beside the axis.
  public var longName: String
  public var description: String
  /// The stage that made it: `Growth`, `Microstructure`, `Switching`.
  public var creator: String
  /// Where in a voxel its number stands, as a share of its edges: 0.5 at the center, 0 at the lower corner.
  public var position: Double

  /// A scalar.
  public init(
    name: String, field: Field, units: String, dimension: DimensionExponents, longName: String, description: String,
    creator: String
  ) {
    self.init(
      name: name, components: [Component(name: "", field: field)], units: units, dimension: dimension,
      longName: longName, description: description, creator: creator)
  }

  /// A vector or tensor.
  public init(
    name: String, components: [Component], units: String, dimension: DimensionExponents, longName: String,
    description: String, creator: String, position: Double = 0.5
  ) {
    self.name = name
    self.components = components
    self.units = units
    self.dimension = dimension
    self.longName = longName
    self.description = description
    self.creator = creator
    self.position = position
  }

  /// The grid of all components.
  public var grid: Grid { components[0].field.grid }

  var isScalar: Bool { components.count == 1 && components[0].name.isEmpty }
  var isVolume: Bool { grid.nz > 1 }
  var label: ArrayLabel {
    ArrayLabel(units: units, longName: longName, description: description, creator: creator)
  }

  /// Extents, slowest axis first.
  var shape: [Int] { isVolume ? [grid.nz, grid.ny, grid.nx] : [grid.ny, grid.nx] }

  /// Where the numbers stand below the group of meshes, one path per component.
  var paths: [String] { isScalar ? [name] : components.map { "\(name)/\($0.name)" } }

  /// - Throws: `ArchiveError.invalidContent` for a bad name, mixed grids or a number that is not finite.
  func check(at place: String) throws(ArchiveError) {
    guard !components.isEmpty else { throw .invalidContent(place: place, reason: "a mesh needs a component") }
    try StoredName.check(name, at: place)
    if !isScalar {
      for component in components { try StoredName.check(component.name, at: place) }
      guard Set(components.map(\.name)).count == components.count else {
        throw .invalidContent(place: place, reason: "two components share a name")
      }
    }
    for component in components {
      guard component.field.grid == grid else {
        throw .invalidContent(place: place, reason: "its components stand on different grids")
      }
      if let index = component.field.values.firstIndex(where: { !$0.isFinite }) {
        let value = component.field.values[index]
        throw .invalidContent(place: place, reason: "value \(index) is \(value); every value must be finite")
      }
    }
  }

  func write(into meshes: HDF5Handle) throws(ArchiveError) {
    if isScalar {
      let array = try meshes.array(name, .real(components[0].field.values), shape: shape, label)
      try describeRecord(array)
      try describeComponent(array)
      return
    }
    let group = try meshes.group(name)
    try describeRecord(group)
    try group.label(label)
    for component in components {
      var label = label
      label.longName += ", \(component.name)"
      let array = try group.array(component.name, .real(component.field.values), shape: shape, label)
      try describeComponent(array)
    }
  }

  private func describeRecord(_ object: HDF5Handle) throws(ArchiveError) {
    let spacing = [grid.spacing.z, grid.spacing.y, grid.spacing.x].map { $0 / Nanometers.inMeters }
    let offset = [grid.origin.z, grid.origin.y, grid.origin.x].map { $0 / Nanometers.inMeters }
    let d = dimension
    let powers = [d.length, d.mass, d.time, d.current, d.temperature, d.amount, d.luminousIntensity]
    try object.attribute("geometry", .text("cartesian"))
    try object.attribute("dataOrder", .text("C"))
    try object.attribute("axisLabels", .texts(isVolume ? ["z", "y", "x"] : ["y", "x"]))
    try object.attribute("gridSpacing", .reals(isVolume ? spacing : Array(spacing.dropFirst())))
    try object.attribute("gridGlobalOffset", .reals(isVolume ? offset : Array(offset.dropFirst())))
    try object.attribute("gridUnitSI", .real(Nanometers.inMeters))
    try object.attribute("unitDimension", .reals(powers.map(Double.init)))
    try object.attribute("timeOffset", .real(0))
  }

  private func describeComponent(_ array: HDF5Handle) throws(ArchiveError) {
    try array.attribute("unitSI", .real(1))
    try array.attribute("position", .reals([Double](repeating: position, count: isVolume ? 3 : 2)))
  }
}

/// The unit of lengths in the file: readable numbers for windows of hundreds of nanometers.
enum Nanometers {
  static let inMeters = 1e-9
}
