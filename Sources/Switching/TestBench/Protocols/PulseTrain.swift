import Quantities

extension TestProtocol {
  /// Equal rectangular pulses.
  public struct PulseTrain: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var width: TimeSpan
    public var interval: TimeSpan
    public var count: Int
    public var compliance: Current
    public var readVoltage: Voltage

    public init(
      amplitude: Voltage, width: TimeSpan, interval: TimeSpan, count: Int, compliance: Current,
      readVoltage: Voltage = .volts(0.1)
    ) {
      self.amplitude = amplitude
      self.width = width
      self.interval = interval
      self.count = count
      self.compliance = compliance
      self.readVoltage = readVoltage
    }

    static let keys: [ParameterKey] = [
      ProtocolKeys.amplitude("Voltage of the pulses."), ProtocolKeys.width(default: "1 ms"), ProtocolKeys.interval,
      ParameterKey("count", .integer(1...100_000), default: "10", "Number of pulses."), ProtocolKeys.compliance,
      ProtocolKeys.readVoltage,
    ]
  }
}
