extension Report {
  /// The numbers as text with aligned columns, for a terminal: value ± spread, 90 % interval, unit, mark.
  ///
  /// Key figures that no section repeats are not shown. Throws `ReportError` that names a number that is not finite.
  public func table() throws -> String {
    var groups: [(title: String, rows: [ShownNumber])] = []
    for section in sections {
      var rows: [ShownNumber] = []
      for case .numbers(let numbers) in section.blocks.map(\.content) { rows += try numbers.map(ShownNumber.init) }
      if !rows.isEmpty { groups.append((section.title, rows)) }
    }
    if groups.isEmpty { groups = [("Key figures", try keyFigures.map(ShownNumber.init))] }
    var text = Self.plain(title) + "\n" + Self.plain(verdict) + "\n\n"
    text += PlainTable(groups: groups).text
    for warning in warnings.sorted() {
      text += Self.plain("warning: \(warning.stage): \(warning.message) [\(warning.code)]") + "\n"
    }
    return text
  }

  /// Text without control characters, which a terminal would obey.
  static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.properties.generalCategory == .control || $0.properties.generalCategory == .format ? " " : $0
        }))
  }
}

/// Groups of numbers in aligned columns.
struct PlainTable {
  var groups: [(title: String, rows: [ShownNumber])]

  private static let titles = ["", "value", "spread", "90 % interval", "unit", "count", "mark"]

  var text: String {
    var lines: [[String]] = [Self.titles]
    for group in groups { lines += group.rows.map(cells) }
    let widths = Self.titles.indices.map { column in
      // A long name in words must not push all columns apart.
      min(52, lines.map { $0[column].count }.max() ?? 0)
    }
    let header = line(Self.titles, widths)
    let rule = String(repeating: "-", count: header.count)
    var text = header + "\n" + rule + "\n"
    for (position, group) in groups.enumerated() {
      if position > 0 { text += "\n" }
      text += Report.plain(group.title) + "\n"
      for row in group.rows { text += line(cells(row), widths) + "\n" }
    }
    return text + rule + "\n"
      + "spread: one standard deviation over crystals, devices or cycles (chance)\n"
      + "90 % interval: of the value, from what is not known about the materials (ignorance)\n"
  }

  private func cells(_ row: ShownNumber) -> [String] {
    ["  " + row.name, row.value, row.spread, row.interval, row.unit, row.count, row.mark?.rawValue ?? ""]
      .map(Report.plain)
  }

  /// Numbers stand at the right, words at the left; spreads at the left so that their signs stand in line.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() where widths[column] > 0 {
      if column > 0 { line += "  " }
      let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
      line += [1, 3, 5].contains(column) ? space + cell : cell + space
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
