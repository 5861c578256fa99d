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
    .quantity(
      "from", TemperatureDimension.self, in: 200...700, default: "",
      "Temperature at which a ramp begins; where the last segment ended, if absent."),
    .quantity("to", TemperatureDimension.self, in: 200...700, default: "", "Temperature at which a ramp ends."),
    .quantity("rate", HeatingRateDimension.self, in: 1e-7...1, default: "", "Speed of a ramp, always above 0."),
    .quantity("hold", DurationDimension.self, in: 0...1e8, default: "", "Time at the temperature reached."),
  ]
}

/// A temperature program as a chain of straight lines in time.
public struct TemperatureProgram: Hashable, Sendable {
  /// One line from (start, from) to (end, to), in s and K.
  public struct Line: Hashable, Sendable {
    public var start: Double
    public var end: Double
    public var from: Double
    public var to: Double

    public func temperature(at time: Double) -> Double {
      end > start ? from + (to - from) * (time - start) / (end - start) : to
    }
  }

  public let lines: [Line]

  /// - Throws: `GrowthError.brokenProgram` naming the segment.
  public init(_ segments: [ProgramSegment]) throws {
    var lines: [Line] = []
    var time = 0.0
    var temperature: Double?
    for (index, segment) in segments.enumerated() {
      if let hold = segment.hold {
        guard segment.from == nil, segment.to == nil, segment.rate == nil else {
          throw GrowthError.brokenProgram(reason: "program[\(index)] mixes `hold` with a ramp's keys; split it in two")
        }
        guard let now = temperature else {
          throw GrowthError.brokenProgram(reason: "program[\(index)] holds before any ramp has set a temperature")
        }
        lines.append(Line(start: time, end: time + hold.si, from: now, to: now))
        time += hold.si
      } else {
        guard let target = segment.to?.si, let rate = segment.rate?.si else {
          throw GrowthError.brokenProgram(reason: "program[\(index)] needs `to` and `rate`, or `hold`")
        }
        guard let start = segment.from?.si ?? temperature else {
          throw GrowthError.brokenProgram(reason: "program[\(index)] is the first ramp and needs `from`")
        }
        if let now = temperature, abs(start - now) > 1e-9 * now {
          throw GrowthError.brokenProgram(
            reason: "program[\(index)] begins at \(start) K, but the segment before ends at \(now) K")
        }
        let length = abs(target - start) / rate
        lines.append(Line(start: time, end: time + length, from: start, to: target))
        time += length
        temperature = target
      }
    }
    guard !lines.isEmpty else { throw GrowthError.brokenProgram(reason: "it is empty") }
    self.lines = lines
  }

  /// The temperature at a time, K; that of the nearest end outside.
  public func temperature(at time: Double) -> Double {
    (lines.first { time <= $0.end } ?? lines.last!).temperature(at: min(max(time, lines[0].start), end))
  }

  public var end: Double { lines.last!.end }
  public var hottest: Double { lines.map { max($0.from, $0.to) }.max()! }
  public var beginning: Double { lines[0].from }
}
