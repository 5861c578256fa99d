extension Quantity {
  /// The quantity that a text states: `Length("20 µm")`.
  /// - Throws: `QuantityError` for a bare number, a wrong dimension, an unknown unit, or a tolerance.
  public init(_ text: String) throws(QuantityError) {
    let written = try WrittenQuantity(text, as: D.self)
    guard written.tolerance == nil else {
      throw .badTolerance(text: text, reason: "a tolerance has no place here")
    }
    self.init(si: written.si)
  }
}

extension Quantity: CustomStringConvertible {
  /// The value in SI, written so that it reads back to the same bits.
  public var description: String { D.siUnit == "1" ? "\(si)" : "\(si) \(D.siUnit)" }
}

extension Quantity: Codable {
  /// Reads text with a unit; a ratio may also be a bare number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text: String
    do {
      text = try container.decode(String.self)
    } catch {
      guard let number = try? container.decode(Double.self) else { throw error }
      text = "\(number)"
    }
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Writes SI text that reads back to the same bits.
  public func encode(to encoder: any Encoder) throws {
    guard si.isFinite else {
      throw EncodingError.invalidValue(
        si, .init(codingPath: encoder.codingPath, debugDescription: "\(D.name) is \(si), which no file can hold"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
