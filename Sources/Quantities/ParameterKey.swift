import Foundation

/// What a recipe key means: its name, dimension, bounds, default and a sentence about it.
///
/// Every model lists its keys once; checking, the schema, `explain` and the reference all read that list.
public struct ParameterKey: Sendable {
  /// What a key may hold.
  public enum Kind: Sendable {
    /// A number with a unit, in SI bounds.
    case quantity(dimension: any Dimension.Type, range: ClosedRange<Double>)
    /// A list of numbers with units, so many at least and at most, each in SI bounds.
    case quantities(dimension: any Dimension.Type, range: ClosedRange<Double>, count: ClosedRange<Int>)
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// One of the names, or any text if there are none.
    case text(choices: [String])
    case flag
    /// A mapping with keys of its own.
    case mapping([ParameterKey])
    /// A list of mappings, each with these keys.
    case list([ParameterKey])
    /// Three lengths, the last of which may be the word `auto`.
    case extent
    /// A stack of layers: names alone or mappings with `layer` and `thickness`.
    case layers
    /// A list of mappings, each led by the key `model` that chooses its further keys.
    case models([ModelKeys])
  }

  public var name: String
  public var kind: Kind
  /// The default as it would be written, or nil for a required key. An empty text means: optional and absent.
  public var defaultText: String?
  public var meaning: String

  public init(_ name: String, _ kind: Kind, default defaultText: String? = nil, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.defaultText = defaultText
    self.meaning = meaning
  }
}

extension ParameterKey {
  /// A key that holds a number with a unit; `range` is in SI.
  public static func quantity<D: Dimension>(
    _ name: String, _ dimension: D.Type, in range: ClosedRange<Double>, default text: String? = nil, _ meaning: String
  ) -> ParameterKey {
    ParameterKey(name, .quantity(dimension: dimension, range: range), default: text, meaning)
  }

  /// A key that holds a list of numbers with units; `range` is in SI.
  public static func quantities<D: Dimension>(
    _ name: String, _ dimension: D.Type, in range: ClosedRange<Double>, count: ClosedRange<Int>,
    default text: String? = nil, _ meaning: String
  ) -> ParameterKey {
    ParameterKey(name, .quantities(dimension: dimension, range: range, count: count), default: text, meaning)
  }
}

/// A model that a recipe may name, and the keys that it takes.
public struct ModelKeys: Sendable {
  /// The word after `model:`.
  public var name: String
  public var summary: String
  public var keys: [ParameterKey]

  public init(name: String, summary: String, keys: [ParameterKey]) {
    self.name = name
    self.summary = summary
    self.keys = keys
  }
}

extension ParameterKey.Kind {
  /// A number with unit that the key takes: the dimension's usual one, else one from the middle of the range.
  public var example: String? {
    if case .quantities(let dimension, let range, _) = self {
      return Self.quantity(dimension: dimension, range: range).example.map { "[\($0)]" }
    }
    guard case .quantity(let dimension, let range) = self else { return nil }
    if let usual = try? WrittenQuantity(dimension.example, as: dimension), range.contains(usual.si) {
      return dimension.example
    }
    let middle =
      range.lowerBound > 0
      ? (range.lowerBound.squareRoot() * range.upperBound.squareRoot()) : 0.1 * range.upperBound
    guard middle > 0, middle.isFinite else { return QuantityText.range(range.upperBound, dimension) }
    // One digit.
    let power = pow(10, log10(middle).rounded(.down))
    return QuantityText.range((middle / power).rounded() * power, dimension)
  }
}
