/// Columns of equal length: one group of the result file, one array per column.
///
/// In Python: `pandas.DataFrame({name: column[...] for name, column in file["devices/cycles"].items()})`.
public struct Table: Hashable, Sendable {
  /// The numbers or texts of a column.
  public enum Values: Hashable, Sendable {
    /// f64, every one finite.
    case real([Double])
    /// f64 where a test may stop before its event: nil is stored as NaN, and a u8 column `<name>Censored` beside it
    /// says 1 there and 0 elsewhere. Nothing else in the file is NaN.
    case censored([Double?])
    /// i64.
    case integer([Int])
    /// u8, 1 for true.
    case flag([Bool])
    /// Fixed-length UTF-8.
    case text([String])

    var count: Int {
      switch self {
      case .real(let values): values.count
      case .censored(let values): values.count
      case .integer(let values): values.count
      case .flag(let values): values.count
      case .text(let values): values.count
      }
    }
  }

  /// One property of every row.
  public struct Column: Hashable, Sendable {
    /// Letters, digits and underscores: `setVoltage`.
    public var name: String
    /// The SI unit of the numbers; `1` for pure numbers, `text` for text.
    public var units: String
    public var longName: String
    public var description: String
    public var values: Values

    public init(name: String, units: String, longName: String, description: String, values: Values) {
      self.name = name
      self.units = units
      self.longName = longName
      self.description = description
      self.values = values
    }
  }

  public var name: String
  public var description: String
  /// How the rows are sorted: `device, then cycle`.
  public var rowOrder: String
  /// The stage that made it.
  public var creator: String
  public var columns: [Column]

  public init(name: String, description: String, rowOrder: String, creator: String, columns: [Column]) {
    self.name = name
    self.description = description
    self.rowOrder = rowOrder
    self.creator = creator
    self.columns = columns
  }

  /// How many rows it has.
  public var rowCount: Int { columns.first?.values.count ?? 0 }

  /// - Throws: `ArchiveError.invalidContent` for a bad name, unequal lengths, or a number that is not finite.
  func check(under group: String) throws(ArchiveError) {
    let place = "table \(group)/\(name)"
    try StoredName.check(name, at: place)
    var names: Set<String> = []
    for column in columns {
      try StoredName.check(column.name, at: place)
      var taken = [column.name]
      if case .censored = column.values { taken.append(column.name + "Censored") }
      for name in taken where !names.insert(name).inserted {
        throw .invalidContent(place: place, reason: "two columns are called \(name)")
      }
      guard column.values.count == rowCount else {
        throw .invalidContent(
          place: place,
          reason: "column \(column.name) has \(column.values.count) rows where \(columns[0].name) has \(rowCount)")
      }
      try check(column, at: place)
    }
  }

  private func check(_ column: Column, at place: String) throws(ArchiveError) {
    let numbers: [Double?]
    switch column.values {
    case .real(let values): numbers = values
    case .censored(let values): numbers = values
    case .text(let values):
      if let row = values.firstIndex(where: { $0.utf8.contains(0) }) {
        throw .invalidContent(place: place, reason: "row \(row) of column \(column.name) holds a NUL character")
      }
      return
    case .integer, .flag: return
    }
    for (row, number) in numbers.enumerated() {
      if let number, !number.isFinite {
        throw .invalidContent(
          place: place, reason: "row \(row) of column \(column.name) is \(number); every number must be finite")
      }
    }
  }

  func write(into parent: HDF5Handle) throws(ArchiveError) {
    let group = try parent.group(name)
    try group.attribute("description", .text(description))
    try group.attribute("creator", .text(creator))
    try group.attribute("rowOrder", .text(rowOrder))
    try group.attribute("rowCount", .integer(Int64(rowCount)))
    try group.attribute("columns", .texts(columns.map(\.name)))
    for column in columns { try write(column, into: group) }
  }

  private func write(_ column: Column, into group: HDF5Handle) throws(ArchiveError) {
    let label = ArrayLabel(
      units: column.units, longName: column.longName, description: column.description, creator: creator)
    let content: ArrayContent
    switch column.values {
    case .real(let values): content = .real(values)
    case .censored(let values):
      content = .real(values.map { $0 ?? .nan })
      let flag = ArrayLabel(
        units: "1", longName: "\(column.longName), censored",
        description: "1 where the test stopped before the event and \(column.name) is NaN, else 0", creator: creator)
      try group.array(
        column.name + "Censored", .byte(values.map { $0 == nil ? 1 : 0 }), shape: [rowCount], flag)
    case .integer(let values): content = .integer(values.map(Int64.init))
    case .flag(let values): content = .byte(values.map { $0 ? 1 : 0 })
    case .text(let values): content = .text(values)
    }
    try group.array(column.name, content, shape: [rowCount], label)
  }
}
