/// Where a number comes from and how far it is trusted.
public struct Provenance: Hashable, Sendable, Codable {
  /// How the number was obtained.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case measured, computed, estimated, assumed
  }

  /// What was read of the source.
  public enum Reading: String, Hashable, Sendable, Codable, CaseIterable {
    case fullText = "full text"
    case abstract
    case secondary
    case fromMemory = "from memory"
    case none
  }

  /// The spread of belief about the number.
  public enum Uncertainty: Hashable, Sendable, Codable {
    /// One standard deviation, in the SI unit of the number; normal distribution.
    case absolute(Double)
    /// The factor of one standard deviation; log-normal distribution.
    case factor(Double)
  }

  /// The place of the number: `MAPbBr3.elasticity.c11`.
  public var path: String
  /// The number as it was written, with its unit.
  public var text: String
  /// The value in SI.
  public var value: Double
  public var uncertainty: Uncertainty
  public var kind: Kind
  public var source: String
  public var read: Reading
  /// The published device whose outcome fixed this number; that device then no longer counts as predicted.
  public var calibratedOn: String?
  public var note: String?

  public init(
    path: String, text: String, value: Double, uncertainty: Uncertainty, kind: Kind, source: String, read: Reading,
    calibratedOn: String? = nil, note: String? = nil
  ) {
    self.path = path
    self.text = text
    self.value = value
    self.uncertainty = uncertainty
    self.kind = kind
    self.source = source
    self.read = read
    self.calibratedOn = calibratedOn
    self.note = note
  }
}
