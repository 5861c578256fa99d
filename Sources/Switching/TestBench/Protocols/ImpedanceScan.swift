import Quantities

extension TestProtocol {
  /// Small-signal impedance at a bias.
  public struct ImpedanceScan: Hashable, Sendable, Codable {
    public var bias: Voltage
    public var lowest: Frequency
    public var highest: Frequency
    public var pointsPerDecade: Int

    public init(bias: Voltage, lowest: Frequency, highest: Frequency, pointsPerDecade: Int = 5) {
      self.bias = bias
      self.lowest = lowest
      self.highest = highest
      self.pointsPerDecade = pointsPerDecade
    }

    static let keys: [ParameterKey] = [
      .quantity("bias", VoltageDimension.self, in: -100...100, "Voltage about which the small signal swings."),
      .quantity("lowest", FrequencyDimension.self, in: 1e-9...1e12, default: "1 mHz", "Lowest frequency."),
      .quantity("highest", FrequencyDimension.self, in: 1e-9...1e12, default: "1 MHz", "Highest frequency."),
      ParameterKey("pointsPerDecade", .integer(1...100), default: "5", "Frequencies per decade."),
    ]
  }
}
