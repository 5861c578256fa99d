import Quantities

extension TestProtocol {
  /// SET and RESET in turn until the window is gone.
  public struct Endurance: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var rate: VoltageRate
    /// Of rectangular pulses in place of ramps.
    public var width: TimeSpan?
    public var compliance: Current
    public var reverse: Voltage?
    public var reverseCompliance: Current?
    public var cycles: Int
    /// R_HRS/R_LRS below which the device has failed.
    public var window: Ratio

    public init(_ ramp: Ramp, width: TimeSpan? = nil, cycles: Int, window: Ratio = Ratio(si: 2)) {
      amplitude = ramp.amplitude
      rate = ramp.rate
      compliance = ramp.compliance
      reverse = ramp.reverse
      reverseCompliance = ramp.reverseCompliance
      self.width = width
      self.cycles = cycles
      self.window = window
    }

    var ramp: Ramp {
      Ramp(
        amplitude: amplitude, rate: rate, compliance: compliance, reverse: reverse,
        reverseCompliance: reverseCompliance)
    }

    static let keys: [ParameterKey] =
      Ramp.sweepKeys + [
        ProtocolKeys.width(default: ""),
        ParameterKey(
          "cycles", .integer(1...1_000_000), default: "1000", "Cycles after which a device that lives is let go."),
        .quantity(
          "window", RatioDimension.self, in: 1...1e12, default: "2", "R_HRS/R_LRS below which a device has failed."),
      ]
  }
}
