import Quantities

extension TestProtocol {
  /// How long SET and RESET in turn go on: until the window is gone.
  public struct Endurance: Hashable, Sendable, Codable {
    /// Of rectangular pulses in place of ramps.
    public var width: TimeSpan?
    public var cycles: Int
    /// R_HRS/R_LRS below which the device has failed.
    public var window: Ratio

    public init(width: TimeSpan? = nil, cycles: Int, window: Ratio = Ratio(si: 2)) {
      self.width = width
      self.cycles = cycles
      self.window = window
    }

    static let keys: [ParameterKey] = [
      ProtocolKeys.width(default: ""),
      ParameterKey(
        "cycles", .integer(1...1_000_000), default: "1000", "Cycles after which a device that lives is let go."),
      .quantity(
        "window", RatioDimension.self, in: 1...1e12, default: "2", "R_HRS/R_LRS below which a device has failed."),
    ]
  }
}
