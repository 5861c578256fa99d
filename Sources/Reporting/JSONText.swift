import Foundation

/// A JSON value that writes itself with sorted keys, numbers of five significant digits and no `<`.
///
/// Written out it may stand inside a script element: nothing in it can end the element.
indirect enum JSONText: Hashable, Sendable {
  case object([String: JSONText])
  case array([JSONText])
  case numbers([Double])
  case number(Double)
  case text(String)
  case flag(Bool)
  case null

  /// The value as text. Numbers must be finite, but NaN in `numbers` is written as null: a gap.
  var written: String {
    var result = ""
    write(to: &result)
    return result
  }

  private func write(to result: inout String) {
    switch self {
    case .object(let members):
      result += "{"
      for (position, key) in members.keys.sorted().enumerated() {
        if position > 0 { result += "," }
        Self.write(key, to: &result)
        result += ":"
        members[key]?.write(to: &result)
      }
      result += "}"
    case .array(let elements):
      result += "["
      for (position, element) in elements.enumerated() {
        if position > 0 { result += "," }
        element.write(to: &result)
      }
      result += "]"
    case .numbers(let values):
      result += "["
      for (position, value) in values.enumerated() {
        if position > 0 { result += "," }
        result += value.isNaN ? "null" : Self.digits(value)
      }
      result += "]"
    case .number(let value): result += Self.digits(value)
    case .text(let text): Self.write(text, to: &result)
    case .flag(let value): result += value ? "true" : "false"
    case .null: result += "null"
    }
  }

  private static func write(_ text: String, to result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "<": result += "\\u003c"
      case "\n": result += "\\n"
      case "\u{2028}": result += "\\u2028"
      case "\u{2029}": result += "\\u2029"
      case _ where scalar.value < 0x20:
        result += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }

  /// A number rounded to five significant digits, in its shortest form.
  static func digits(_ value: Double) -> String {
    guard value.isFinite, abs(value) > 1e-280 else { return "0" }
    var exponent = Int(floor(log10(abs(value)))) - 4
    var mantissa = Int((abs(value) * pow(10, Double(-exponent))).rounded())
    while mantissa % 10 == 0 && mantissa > 0 {
      mantissa /= 10
      exponent += 1
    }
    let sign = value < 0 ? "-" : ""
    let digits = String(mantissa)
    let point = digits.count + exponent
    if exponent >= 0, point <= 7 { return sign + digits + String(repeating: "0", count: exponent) }
    if point > 0, exponent < 0 { return sign + digits.prefix(point) + "." + digits.suffix(-exponent) }
    if point > -4, exponent < 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    return sign + digits + "e\(exponent)"
  }
}
