extension Quantity: Codable {
  public init(from decoder: any Decoder) throws {
    si = try decoder.singleValueContainer().decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(si)
  }
}
