import Quantities

/// One stretch of a temperature program: a ramp `{from, to, rate}` or a hold `{hold}` at the temperature reached.
public struct ProgramSegment: Hashable, Sendable, Codable {
  public var from: Temperature?
  public var to: Temperature?
  public var rate: HeatingRate?
  public var hold: TimeSpan?

  public init(from: Temperature? = nil, to: Temperature? = nil, rate: HeatingRate? = nil, hold: TimeSpan? = nil) {
    self.from = from
    self.to = to
    self.rate = rate
    self.hold = hold
  }

  public static let keys: [ParameterKey] = [
    .quantity("from", TemperatureDimension.self, in: 200...700, default: "", "Temperature at which a ramp begins; where the last segment ended, if absent."),
    .quantity("to", TemperatureDimension.self, in: 200...700, default: "", "Temperature at which a ramp ends."),
    .quantity("rate", HeatingRateDimension.self, in: 1e-7...1, default: "", "Speed of a ramp, always above 0."),
    .quantity("hold", DurationDimension.self, in: 0...1e8, default: "", "Time at the temperature reached."),
  ]
}
