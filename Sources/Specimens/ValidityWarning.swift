/// A limit of a model that this run passed; the result stands, but the reader must know.
public struct ValidityWarning: Hashable, Sendable, Codable, Comparable {
  /// The stage that found it: `growth`, `fields`, `switching`, `experiment`.
  public var stage: String
  /// A stable short name: `convectionInGap`.
  public var code: String
  /// One sentence with the value, the limit and the consequence.
  public var message: String

  public init(stage: String, code: String, message: String) {
    self.stage = stage
    self.code = code
    self.message = message
  }

  public static func < (a: Self, b: Self) -> Bool { (a.stage, a.code, a.message) < (b.stage, b.code, b.message) }
}
