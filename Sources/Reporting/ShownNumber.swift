import Foundation
import Specimens

/// A report's number as text, cell by cell; the same cells fill the page and the plain table.
struct ShownNumber: Hashable, Sendable {
  var name: String
  var value: String
  /// `± 0.12` or `×/÷ 1.8`.
  var spread = ""
  /// 5 % and 95 % points over crystals, devices or cycles.
  var percentiles = ""
  /// 90 % interval of the value from parameter uncertainty.
  var interval = ""
  var unit = ""
  var count = ""
  var mark: ReportNumber.Mark?
  var note: String

  /// Rounds to two digits of the spread, or else of the interval's width, or else to three digits of the value.
  ///
  /// Counts are whole, each with its own power of ten. Throws `ReportError.notFinite` that names the row.
  init(_ number: ReportNumber) throws {
    name = number.name
    mark = number.mark
    note = number.note
    switch number.value {
    case .unreached(let tests):
      value = "not reached"
      count = "0 + \(tests) censored"
    case .single(let si, let interval):
      try Self.check([si] + (interval.map { [$0.lowerBound, $0.upperBound] } ?? []), of: number.name)
      let chosen = number.unit.chosen(for: si)
      let width = interval.map { chosen.shownDifference($0.upperBound - $0.lowerBound) }
      if number.unit.isCount {
        value = Self.count(si)
        self.interval = interval.map { Self.counts($0.lowerBound, $0.upperBound) } ?? ""
        return
      }
      let decimals = Self.decimals(of: chosen.shown(si), spread: width)
      value = Self.text(chosen.shown(si), decimals: decimals)
      unit = chosen.symbol
      if let interval {
        self.interval = Self.range(interval.lowerBound, interval.upperBound, chosen, decimals)
      }
    case .statistic(let statistic):
      let interval = statistic.interval ?? []
      let values = [statistic.median, statistic.mean, statistic.sd, statistic.p05, statistic.p95]
      try Self.check(values + interval, of: number.name)
      guard interval.isEmpty || interval.count == 2 else {
        throw ReportError.malformed(place: number.name, reason: "an interval has 2 ends, this one \(interval.count)")
      }
      count = String(statistic.count)
      if let censored = statistic.censored, censored > 0 { count += " + \(censored) censored" }
      // Where the median is a bound, all tests that have one stand in the spread.
      let isBound = statistic.isBound == true
      let sign = isBound ? "≥ " : ""
      let isSpread = statistic.count > 1 || isBound
      if number.unit.isCount {
        value = sign + Self.count(statistic.median)
        if isSpread {
          spread = "± " + (statistic.sd < 10 ? Self.text(statistic.sd, decimals: 1) : Self.count(statistic.sd))
          percentiles = Self.counts(statistic.p05, statistic.p95)
        }
        if interval.count == 2 { self.interval = Self.counts(interval[0], interval[1]) }
        return
      }
      let chosen = number.unit.chosen(for: statistic.median)
      let factor =
        number.spread == .factor && statistic.p05 * statistic.p95 > 0
        ? exp(abs(log(statistic.p95 / statistic.p05)) / 3.2897072539) : nil
      let chance = factor.map { statistic.median * ($0 - 1) } ?? statistic.sd
      // Where chance does not spread, ignorance may.
      let ignorance = interval.count == 2 ? interval[1] - interval[0] : 0
      let width = abs(chance) > 1e-9 * abs(statistic.median) ? chance : ignorance
      let decimals = Self.decimals(
        of: chosen.shown(statistic.median), spread: abs(chosen.shownDifference(width)))
      value = sign + Self.text(chosen.shown(statistic.median), decimals: decimals)
      if isSpread {
        if let factor {
          spread = "×/÷ " + Self.text(factor, decimals: factor < 10 ? 2 : 0)
        } else {
          spread = "± " + Self.text(chosen.shownDifference(statistic.sd), decimals: decimals)
        }
        percentiles = Self.range(statistic.p05, statistic.p95, chosen, decimals)
      }
      if interval.count == 2 {
        self.interval =
          factor != nil && interval[0] > 0 && interval[1] > 100 * interval[0]
          ? Self.decades(interval[0], interval[1], chosen)
          : Self.range(interval[0], interval[1], chosen, decimals)
      }
      unit = chosen.symbol
    }
  }

  private static func check(_ values: [Double], of name: String) throws {
    if let bad = values.first(where: { !$0.isFinite }) { throw ReportError.notFinite(place: name, value: bad) }
  }

  private static func range(_ low: Double, _ high: Double, _ unit: ReportUnit.Chosen, _ decimals: Int) -> String {
    let ends = [unit.shown(low), unit.shown(high)].sorted()
    return text(ends[0], decimals: decimals) + " … " + text(ends[1], decimals: decimals)
  }

  private static func counts(_ low: Double, _ high: Double) -> String { count(low) + " … " + count(high) }

  /// `0`, `below 1`, `1234` or `3.1 × 10⁶`.
  private static func count(_ value: Double) -> String {
    if value > 0, value < 1 { return "below 1" }
    guard value >= 1e5 else { return text(value, decimals: 0) }
    let power = Int(floor(log10(value) + 1e-12))
    return text(value / pow(10, Double(power)), decimals: 1) + " × 10" + ReportUnit.superscript(power)
  }

  /// A range over several powers of ten: two digits at either end, in the row's own unit.
  private static func decades(_ low: Double, _ high: Double, _ unit: ReportUnit.Chosen) -> String {
    [low, high].map { end in
      let value = unit.shown(end)
      let power = Int(floor(log10(value) + 1e-12))
      guard power < -3 || power > 4 else { return text(value, decimals: max(0, 1 - power)) }
      return text(value / pow(10, Double(power)), decimals: 1) + " × 10" + ReportUnit.superscript(power)
    }.joined(separator: " … ")
  }

  /// Digits after the point.
  private static func decimals(of value: Double, spread: Double?) -> Int {
    // Rounding is no spread.
    if let spread, spread > 1e-9 * abs(value) { return min(6, max(0, 1 - Int(floor(log10(spread))))) }
    if value == 0 || (value == value.rounded() && abs(value) < 1e5) { return 0 }
    return min(6, max(0, 2 - Int(floor(log10(abs(value))))))
  }

  private static func text(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    // -0.00 is no number that anybody wants to read.
    return text.hasPrefix("-") && !text.contains { $0 >= "1" && $0 <= "9" } ? String(text.dropFirst()) : text
  }
}
