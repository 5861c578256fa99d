import Foundation
import Quantities
import Reporting

extension Reproduction {
  /// Reported beside computed, one line an outcome, as text with aligned columns.
  public static func table(_ cases: [Reproduction]) throws -> String {
    let titles = ["", "reported", "computed", "reach", "unit", "class", "read", "verdict"]
    var lines = [titles]
    var headings: [Int: String] = [:]
    for reproduction in cases {
      let published = reproduction.published
      headings[lines.count] = "\(published.name): \(published.title)"
      for row in reproduction.rows { lines.append(try cells(row, of: published)) }
    }
    let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for (number, line) in lines.enumerated() {
      if let heading = headings[number] { text += "\n" + heading + "\n" }
      var padded = ""
      for (column, cell) in line.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        padded += (column == 0 ? "" : "  ") + ((1...3).contains(column) ? space + cell : cell + space)
      }
      while padded.last == " " { padded.removeLast() }
      text += padded + "\n"
    }
    for reproduction in cases {
      guard let adjusted = reproduction.published.adjusted else { continue }
      text += "\nadjusted: \(reproduction.published.name): \(adjusted)\n"
    }
    for reproduction in cases {
      for row in reproduction.rows {
        guard let miss = row.outcome.miss else { continue }
        text += "\nknown miss: \(reproduction.published.name), \(row.outcome.figure): \(miss)\n"
      }
    }
    return text
      + """

      reach: the wider of the spread by chance and the 90 % interval from what is not known, on either side
      class: predicted (nothing of the case was used), conditional (other outcomes of it were, or
        inputs were chosen with results in view), calibrated (this one was),
        bound (only a limit is published), from memory (the published number was not read: no verdict)
      verdict: agrees (the center lies in the band), interval reaches (only the reach does), misses

      """
  }

  private static func cells(_ row: Row, of published: PublishedCase) throws -> [String] {
    let name = "  " + [row.outcome.check, row.outcome.meaning].compactMap { $0 }.joined(separator: " ")
    let tail = [row.kind.rawValue, row.outcome.read.rawValue, row.verdict.rawValue]
    let sign =
      switch row.outcome.sense {
      case .value: ""
      case .atLeast: "≥ "
      case .atMost: "≤ "
      }
    guard published.recipe != nil else {
      return [name, sign + row.outcome.text, "see \(published.test ?? "–")", "", ""] + tail
    }
    let figure = try figure(of: row.outcome, in: published)
    let shown = row.outcome.against.isEmpty ? figure.shown : .one
    let unit = shown.chosen(for: abs(row.outcome.reported))
    let number = { (value: Double) -> String in QuantityText.number(unit.shown(value), digits: 3) }
    let computed = row.computed.map(number) ?? "no run gave it"
    let reach = row.reach.map { "\(number($0.lowerBound)) to \(number($0.upperBound))" } ?? ""
    return [name, sign + number(row.outcome.reported), computed, reach, unit.symbol] + tail
  }

  /// The reproduction for machines: keys sorted, numbers in SI.
  public static func json(_ cases: [Reproduction]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let stored = Stored(
      cases: Dictionary(
        uniqueKeysWithValues: cases.map { reproduction in
          (
            reproduction.published.name,
            Stored.Case(
              title: reproduction.published.title, source: reproduction.published.source,
              test: reproduction.published.test, outcomes: reproduction.rows.map(Stored.Outcome.init))
          )
        }))
    return String(decoding: try encoder.encode(stored), as: UTF8.self) + "\n"
  }
}

/// The layout of the machine-readable comparison.
private struct Stored: Encodable {
  struct Outcome: Encodable {
    var check: String?
    var figure: String
    var meaning: String
    var reported: Double
    var sense: String
    var read: String
    var kind: String
    var computed: Double?
    var reach: [Double]?
    var verdict: String

    init(_ row: Reproduction.Row) {
      check = row.outcome.check
      figure = row.outcome.figure
      meaning = row.outcome.meaning
      reported = row.outcome.reported
      sense = row.outcome.sense.rawValue
      read = row.outcome.read.rawValue
      kind = row.kind.rawValue
      computed = row.computed
      reach = row.reach.map { [$0.lowerBound, $0.upperBound] }
      verdict = row.verdict.rawValue
    }
  }
  struct Case: Encodable {
    var title: String
    var source: String
    var test: String?
    var outcomes: [Outcome]
  }

  var schema = "boule-reproduction/1"
  var cases: [String: Case]
}
