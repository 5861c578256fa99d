import Quantities

extension TestProtocol {
  /// Pulses that potentiate, then as many that depress.
  public struct Potentiation: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var width: TimeSpan
    public var interval: TimeSpan
    public var count: Int
    public var compliance: Current
    public var reverse: Voltage?
    public var reverseCompliance: Current?
    public var readVoltage: Voltage

    public init(
      amplitude: Voltage, width: TimeSpan, interval: TimeSpan, count: Int, compliance: Current,
      reverse: Voltage? = nil, reverseCompliance: Current? = nil, readVoltage: Voltage = .volts(0.1)
    ) {
      self.amplitude = amplitude
      self.width = width
      self.interval = interval
      self.count = count
      self.compliance = compliance
      self.reverse = reverse
      self.reverseCompliance = reverseCompliance
      self.readVoltage = readVoltage
    }

    static let keys: [ParameterKey] =
      [
        ProtocolKeys.amplitude("Voltage of the pulses that potentiate."), ProtocolKeys.width(default: "1 ms"),
        ProtocolKeys.interval,
        ParameterKey("count", .integer(1...100_000), default: "50", "Number of pulses of either kind."),
        ProtocolKeys.compliance,
      ] + ProtocolKeys.reverse("the pulses that depress") + [ProtocolKeys.readVoltage]
  }
}
