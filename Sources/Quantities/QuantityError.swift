/// Why a text is not the quantity that was asked for; every case says what would be right.
public enum QuantityError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text does not start with a number, or goes on after its end.
  case malformed(text: String, reason: String)
  case unknownUnit(text: String, symbol: String, hint: String?)
  /// A bare number where a unit is needed.
  case missingUnit(text: String, dimension: String, example: String)
  case wrongDimension(text: String, has: String, dimension: String, example: String)
  /// °C where only a temperature on the absolute scale can stand.
  case celsiusInDifference(text: String, dimension: String, example: String)
  /// Too large for a floating-point number, or so small that it would become zero.
  case notFinite(text: String)
  case badTolerance(text: String, reason: String)

  public var description: String {
    switch self {
    case .malformed(let text, let reason):
      return "`\(text)` is not a value: \(reason)"
    case .unknownUnit(let text, let symbol, let hint):
      return "`\(text)`: no unit `\(symbol)`" + (hint.map { "; \($0)" } ?? "")
    case .missingUnit(let text, let dimension, let example):
      return "`\(text)` has no unit; \(Self.article(dimension)) is expected, such as \(example)"
    case .wrongDimension(let text, let has, let dimension, let example):
      return "`\(text)` is in \(has); \(Self.article(dimension)) is expected, such as \(example)"
    case .celsiusInDifference(let text, let dimension, let example):
      return "`\(text)`: °C names a point of the scale, not a difference; "
        + "\(Self.article(dimension)) is written in K, such as \(example)"
    case .notFinite(let text):
      return "`\(text)` is beyond the range of numbers"
    case .badTolerance(let text, let reason):
      return "`\(text)`: \(reason)"
    }
  }

  private static func article(_ noun: String) -> String {
    ("aeiou".contains(noun.first ?? "x") ? "an " : "a ") + noun
  }
}
