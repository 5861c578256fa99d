/// A table of the page, such as the parameters of fitted distributions.
public struct ReportTable: Sendable {
  /// One column.
  public struct Column: Hashable, Sendable {
    public var title: String
    /// Whether its cells stand at the right, as numbers do.
    public var isNumeric: Bool

    public init(_ title: String, isNumeric: Bool = false) {
      self.title = title
      self.isNumeric = isNumeric
    }
  }

  public var title: String
  public var caption: String
  public var columns: [Column]
  /// Cells as they are shown.
  public var rows: [[String]]
  /// Rows in bold: the family with the lowest AIC.
  public var emphasized: Set<Int>

  public init(
    _ title: String, caption: String = "", columns: [Column], rows: [[String]], emphasized: Set<Int> = []
  ) {
    self.title = title
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.emphasized = emphasized
  }
}
