import Quantities

extension TestProtocol {
  /// Pairs of spikes before and behind the device, at a list of delays, each from one state.
  ///
  /// A spike is a pulse of the amplitude, then a tail of the other sign that dies linearly. The device sees the spike behind it
  /// less the one before it, so that tail and pulse add where they overlap.
  public struct SpikeTiming: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var width: TimeSpan
    public var tailAmplitude: Voltage
    public var tailDuration: TimeSpan
    public var delays: [TimeSpan]
    public var pairs: Int
    public var interval: TimeSpan
    public var compliance: Current
    public var repeats: Int

    public init(
      amplitude: Voltage, width: TimeSpan, tailAmplitude: Voltage, tailDuration: TimeSpan, delays: [TimeSpan],
      pairs: Int = 1, interval: TimeSpan = TimeSpan(si: 1), compliance: Current, repeats: Int = 1
    ) {
      self.amplitude = amplitude
      self.width = width
      self.tailAmplitude = tailAmplitude
      self.tailDuration = tailDuration
      self.delays = delays
      self.pairs = pairs
      self.interval = interval
      self.compliance = compliance
      self.repeats = repeats
    }

    static let keys: [ParameterKey] = [
      ProtocolKeys.amplitude(
        "Voltage of a spike's pulse, with the sign that is to potentiate when the spike behind the device comes last."),
      ProtocolKeys.width(default: "1 ms"),
      .quantity(
        "tailAmplitude", VoltageDimension.self, in: 0...100, "Largest voltage of the tail, without its sign."),
      .quantity("tailDuration", DurationDimension.self, in: 1e-9...1e6, default: "10 ms", "Length of the tail."),
      .quantities(
        "delays", DurationDimension.self, in: -1e6...1e6, count: 1...200,
        "Times from the spike before the device to that behind it; below zero the one behind comes first."),
      ParameterKey("pairs", .integer(1...10_000), default: "1", "Pairs of spikes for each delay."),
      .quantity(
        "interval", DurationDimension.self, in: 0...1e6, default: "1 s", "Without a voltage, after each pair."),
      ProtocolKeys.compliance, ProtocolKeys.repeats("each delay is tried"),
    ]
  }
}
