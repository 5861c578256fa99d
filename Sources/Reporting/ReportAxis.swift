import Foundation

/// One axis of a chart: what it shows, in which unit, and how values are spaced on it.
public struct ReportAxis: Hashable, Sendable {
  /// How values are spaced.
  public enum Scale: Hashable, Sendable {
    case linear
    /// Values must be above 0.
    case logarithmic
    /// The magnitude is shown; a point at 0 becomes a gap.
    case logarithmicMagnitude
  }

  public var label: String
  public var unit: ReportUnit
  public var scale: Scale
  /// The ends in SI, where they should not follow from the values.
  public var range: ClosedRange<Double>?

  public init(_ label: String, unit: ReportUnit, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
    self.label = label
    self.unit = unit
    self.scale = scale
    self.range = range
  }

  /// An axis fitted to its values: the shown unit, ends and ticks.
  struct Fitted {
    var title: String
    var unit: ReportUnit.Chosen
    var scale: Scale
    var low: Double
    var high: Double
    /// Empty where the drawing library chooses.
    var ticks: [(value: Double, label: String)]

    /// The shown value, NaN (a gap) where a logarithm has none.
    func shown(_ si: Double) -> Double {
      let value = unit.shown(si)
      return switch scale {
      case .linear: value
      case .logarithmic: value > 0 ? value : .nan
      case .logarithmicMagnitude: value == 0 ? .nan : abs(value)
      }
    }

    var json: JSONText {
      var members: [String: JSONText] = [
        "title": .text(title), "log": .flag(scale != .linear), "unit": .text(unit.symbol),
      ]
      if scale != .linear || low < high {
        members["low"] = .number(low)
        members["high"] = .number(high)
      }
      if !ticks.isEmpty {
        members["ticks"] = .array(ticks.map { .array([.number($0.value), .text($0.label)]) })
      }
      return .object(members)
    }
  }

  /// Fits the axis to values in SI; `place` names the chart in errors.
  ///
  /// - Parameter margin: share of a linear axis left free at both ends; nil leaves the ends to the drawing library.
  func fitted(to values: some Sequence<Double>, margin: Double?, place: String) throws -> Fitted {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values {
      guard value.isFinite else { throw ReportError.notFinite(place: "\(place), \(label)", value: value) }
      let placed = scale == .linear ? value : abs(value)
      if scale == .logarithmic, value <= 0 {
        throw ReportError.malformed(
          place: "\(place), \(label)", reason: "\(value) cannot stand on a logarithmic axis; use the magnitude")
      }
      if scale != .linear, placed == 0 { continue }
      low = min(low, placed)
      high = max(high, placed)
    }
    guard low <= high else { throw ReportError.malformed(place: "\(place), \(label)", reason: "there are no values") }
    if let range {
      guard scale == .linear || range.lowerBound > 0 else {
        throw ReportError.malformed(
          place: "\(place), \(label)", reason: "a logarithmic axis cannot begin at \(range.lowerBound)")
      }
      low = range.lowerBound
      high = range.upperBound
    }
    return scale == .linear ? linear(low, high, margin) : logarithmic(low, high)
  }

  private func linear(_ low: Double, _ high: Double, _ margin: Double?) -> Fitted {
    let chosen = unit.chosen(for: max(abs(low), abs(high)))
    var fitted = Fitted(title: titled(chosen.symbol), unit: chosen, scale: scale, low: 0, high: 0, ticks: [])
    if let margin = range == nil ? margin : 0 {
      fitted.low = chosen.shown(low - margin * (high - low))
      fitted.high = chosen.shown(high + margin * (high - low))
    }
    return fitted
  }

  /// Powers of ten in the plain unit from two decades on; plain numbers in a prefixed unit below.
  private func logarithmic(_ low: Double, _ high: Double) -> Fitted {
    let margin = range == nil ? max(0.04 * log10(high / low), 0.02) : 0
    let bottom = low * pow(10, -margin)
    let top = high * pow(10, margin)
    guard log10(top / bottom) < 2 else {
      let plain = ReportUnit.Chosen(factor: unit.scale, zero: 0, symbol: unit.symbol)
      let (first, last) = (plain.shown(bottom), plain.shown(top))
      let exponents = Int(ceil(log10(first) - 1e-9))...max(Int(ceil(log10(first) - 1e-9)), Int(floor(log10(last))))
      let step = (exponents.count + 7) / 8
      var ticks = exponents.filter { $0 % step == 0 }.map {
        (value: ReportUnit.power($0), label: "10" + ReportUnit.superscript($0))
      }
      if exponents.count <= 5 {
        // The fine lines of logarithmic paper.
        for exponent in exponents.lowerBound - 1...exponents.upperBound {
          ticks += (2...9).map { (value: Double($0) * ReportUnit.power(exponent), label: "") }
        }
        ticks = ticks.filter { $0.value >= first && $0.value <= last }.sorted { $0.value < $1.value }
      }
      return Fitted(title: titled(unit.symbol), unit: plain, scale: scale, low: first, high: last, ticks: ticks)
    }
    let chosen = unit.chosen(for: high)
    let (first, last) = (chosen.shown(bottom), chosen.shown(top))
    return Fitted(
      title: titled(chosen.symbol), unit: chosen, scale: scale, low: first, high: last,
      ticks: Self.narrowTicks(first, last))
  }

  /// Round numbers over less than two decades.
  private static func narrowTicks(_ low: Double, _ high: Double) -> [(value: Double, label: String)] {
    var values: [Double] = []
    if high / low > 4 {
      for exponent in Int(floor(log10(low)))...Int(floor(log10(high))) {
        for digit in high / low > 15 ? [1.0, 2, 5] : [1.0, 1.5, 2, 3, 5, 7] {
          values.append(digit * ReportUnit.power(exponent))
        }
      }
    } else {
      let rough = (high - low) / 5
      let power = ReportUnit.power(Int(floor(log10(rough))))
      let step = power * ([1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10)
      values = (Int(ceil(low / step))...max(Int(ceil(low / step)), Int(floor(high / step)))).map { Double($0) * step }
    }
    return values.filter { $0 >= low && $0 <= high }.map { ($0, JSONText.digits($0)) }
  }

  private func titled(_ symbol: String) -> String { symbol.isEmpty ? label : "\(label) (\(symbol))" }
}
