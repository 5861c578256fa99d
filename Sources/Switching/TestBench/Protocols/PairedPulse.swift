import Quantities

extension TestProtocol {
  /// Pairs of equal pulses, one for each interval, from one state.
  public struct PairedPulse: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var width: TimeSpan
    public var intervals: [TimeSpan]
    public var compliance: Current
    public var repeats: Int

    public init(amplitude: Voltage, width: TimeSpan, intervals: [TimeSpan], compliance: Current, repeats: Int = 1) {
      self.amplitude = amplitude
      self.width = width
      self.intervals = intervals
      self.compliance = compliance
      self.repeats = repeats
    }

    static let keys: [ParameterKey] = [
      ProtocolKeys.amplitude("Voltage of the pulses."), ProtocolKeys.width(default: "1 ms"),
      .quantities(
        "intervals", DurationDimension.self, in: 0...1e6, count: 1...100,
        "Times from the end of the first pulse to the beginning of the second, one pair each."),
      ProtocolKeys.compliance, ProtocolKeys.repeats("each pair is given"),
    ]
  }
}
