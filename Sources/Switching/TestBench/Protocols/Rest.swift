import Quantities

extension TestProtocol {
  /// A stay without a voltage, or several, each after a ramp of its own.
  public struct Rest: Hashable, Sendable, Codable {
    public var duration: TimeSpan
    /// Of the stay; that of the crystal, if absent.
    public var temperature: Temperature?
    /// Of one stay after another, in place of `temperature`.
    public var temperatures: [Temperature]?

    public init(duration: TimeSpan, temperature: Temperature? = nil, temperatures: [Temperature]? = nil) {
      self.duration = duration
      self.temperature = temperature
      self.temperatures = temperatures
    }

    /// One for each stay; nil stands for the crystal's.
    var stays: [Temperature?] { temperatures ?? [temperature] }

    static let keys: [ParameterKey] = [
      .quantity("duration", DurationDimension.self, in: 0...1e12, default: "1e4 s", "How long the device is watched."),
      .quantity(
        "temperature", TemperatureDimension.self, in: 200...450, default: "",
        "Temperature of the stay; that of the crystal if absent."),
      .quantities(
        "temperatures", TemperatureDimension.self, in: 200...450, count: 1...20, default: "",
        "Temperatures of one stay after another, each with a ramp before it, in place of `temperature`; three or more give an activation energy."
      ),
    ]
  }
}
