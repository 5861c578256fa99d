import Foundation
import Quantities
import Reporting

extension Comparison {
  /// The comparison as text with aligned columns, for a terminal.
  public func table() -> String {
    var lines: [[String]] = []
    var titles = ["", "unit"]
    for (index, name) in names.enumerated() {
      titles.append(name)
      if index > 0 { titles += ["against first", "90 % interval", "draws agree"] }
    }
    lines.append(titles)
    var breaks: [Int: String] = [:]
    let different = rows.filter(\.differs)
    let shared = different.filter { $0.contrasts.contains { $0 != nil } }
    for (title, group) in [
      ("Differences that neither chance nor ignorance explains", shared.filter(\.matters)),
      ("No sure difference", shared.filter { !$0.matters }),
      ("What not all of them have", different.filter { $0.contrasts.allSatisfy { $0 == nil } }),
    ] where !group.isEmpty {
      breaks[lines.count] = title
      lines += group.map(cells)
    }
    let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = lines.count == 1 ? "No figure differs.\n" : ""
    for (number, line) in lines.enumerated() {
      if let title = breaks[number] { text += "\n" + title + "\n" }
      let padded = zip(line, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column < 2 ? cell.0 + space : space + cell.0
      }
      text += padded.joined(separator: "  ").trimmedRight + "\n"
    }
    return text
      + "\nagainst first: a factor (×) or a difference; interval and draws: over shared draws of what is not known\n"
      + "sure: at least 95 % of the draws agree on the sign, and chance explains the samples' difference at two standard "
      + "errors no longer\n"
  }

  private func cells(_ row: Row) -> [String] {
    let unit = row.figure.shown.chosen(for: row.centers.compactMap { $0.map(abs) }.max() ?? 0)
    let number = { (value: Double) -> String in QuantityText.number(unit.shown(value), digits: 3) }
    let difference = { (value: Double) -> String in QuantityText.number(unit.shownDifference(value), digits: 3) }
    var cells = ["  " + row.figure.label, unit.symbol]
    for (index, center) in row.centers.enumerated() {
      cells.append(center.map(number) ?? "–")
      guard index > 0 else { continue }
      guard let contrast = row.contrasts[index] else {
        cells += ["–", "–", "–"]
        continue
      }
      let write = { (value: Double) -> String in
        contrast.isRatio ? QuantityText.number(value, digits: 3) : difference(value)
      }
      cells.append((contrast.isRatio ? "×" : contrast.value >= 0 ? "+" : "") + write(contrast.value))
      cells.append(contrast.interval.map { "\(write($0.lowerBound)) to \(write($0.upperBound))" } ?? "–")
      cells.append(contrast.agreement.map { String(format: "%.0f %%", 100 * $0) } ?? "–")
    }
    return cells
  }

  /// The comparison for machines: keys sorted, numbers in SI.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(StoredComparison(self)), as: UTF8.self) + "\n"
  }
}

/// The layout of the machine-readable comparison.
private struct StoredComparison: Encodable {
  struct Contrast: Encodable {
    var kind: String
    var value: Double
    var interval: [Double]?
    var agreement: Double?
    var exceedance: Double
    var matters: Bool
  }
  struct Row: Encodable {
    var unit: String
    var centers: [Double?]
    var contrasts: [Contrast?]
  }

  var schema = "boule-comparison/1"
  var recipes: [String]
  var figures: [String: Row] = [:]

  init(_ comparison: Comparison) {
    recipes = comparison.names
    for row in comparison.rows {
      figures["\(row.figure.section).\(row.figure.key)"] = Row(
        unit: row.figure.unit, centers: row.centers,
        contrasts: row.contrasts.map { contrast in
          contrast.map {
            Contrast(
              kind: $0.isRatio ? "ratio" : "difference", value: $0.value,
              interval: $0.interval.map { [$0.lowerBound, $0.upperBound] }, agreement: $0.agreement,
              exceedance: $0.exceedance, matters: $0.matters)
          }
        })
    }
  }
}

extension String {
  fileprivate var trimmedRight: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
