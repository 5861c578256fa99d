/// What a slow model gave at chosen states, as a text file of data/emulators holds it.
///
/// Lines of comma-separated values: a head with the columns' names, then rows, each with its role first (`design`, `unseen`, ...).
/// Lines that begin with # are remarks, but `# shape,<column>,<length>...,<noise>`, which gives an emulator of that column its
/// shape. A line that breaks off, as when a run was stopped, is left out.
public struct EmulatorTable: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var role: String
    public var values: [Double]
  }

  /// Names after the role.
  public let columns: [String]
  public let rows: [Row]
  /// Lengths of each input and the noise, by the output's name.
  public let shapes: [String: [Double]]

  /// Nil without a head.
  public init?(_ text: String) {
    var columns: [String]?
    var rows: [Row] = []
    var shapes: [String: [Double]] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if line.hasPrefix("#") {
        if fields.count > 2, fields[0] == "# shape" { shapes[fields[1]] = fields[2...].compactMap(Double.init) }
        continue
      }
      guard let names = columns else {
        columns = Array(fields.dropFirst())
        continue
      }
      let values = fields.dropFirst().compactMap(Double.init)
      if values.count == names.count { rows.append(Row(role: fields[0], values: values)) }
    }
    guard let columns else { return nil }
    self.columns = columns
    self.rows = rows
    self.shapes = shapes
  }

  /// A column of the rows with a role; empty if there is no such column.
  public func column(_ name: String, role: String) -> [Double] {
    guard let place = columns.firstIndex(of: name) else { return [] }
    return rows.filter { $0.role == role }.map { $0.values[place] }
  }
}
