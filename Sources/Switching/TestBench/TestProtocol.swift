import Quantities

/// One entry of the recipe's `test:` list: what is done to the device.
///
/// Voltages are those of the top electrode against the bottom one.
public enum TestProtocol: Hashable, Sendable {
  /// One ramp 0 → amplitude → 0 on the pristine device.
  case forming(Ramp)
  /// Cycles 0 → amplitude → 0 → −amplitude, or the ramp's own reverse → 0.
  case sweep(Ramp, cycles: Int)
  /// One ramp 0 → amplitude → 0, then rest without a voltage.
  case retention(Ramp, Rest)
  /// Pulses of light on a crystal without electrodes.
  case light(LightTrain)

  /// A stay without a voltage.
  public struct Rest: Hashable, Sendable {
    public var duration: TimeSpan
    /// Of the stay; that of the crystal, if absent.
    public var temperature: Temperature?

    public init(duration: TimeSpan, temperature: Temperature? = nil) {
      self.duration = duration
      self.temperature = temperature
    }

    public static let keys: [ParameterKey] = [
      .quantity("duration", DurationDimension.self, in: 0...1e12, default: "1e4 s", "How long the device is watched."),
      .quantity(
        "temperature", TemperatureDimension.self, in: 200...450, default: "",
        "Temperature of the stay; that of the crystal if absent."),
    ]
  }

  public struct Ramp: Hashable, Sendable {
    public var amplitude: Voltage
    public var rate: VoltageRate
    public var compliance: Current
    /// Of the second half of a sweep; that of the first with the other sign, if absent.
    public var reverse: Voltage?
    /// In the second half; as in the first, if absent.
    public var reverseCompliance: Current?

    public init(
      amplitude: Voltage, rate: VoltageRate, compliance: Current, reverse: Voltage? = nil,
      reverseCompliance: Current? = nil
    ) {
      self.amplitude = amplitude
      self.rate = rate
      self.compliance = compliance
      self.reverse = reverse
      self.reverseCompliance = reverseCompliance
    }

    /// The two halves of a sweep, each as a ramp of its own.
    var halves: [Ramp] {
      [
        Ramp(amplitude: amplitude, rate: rate, compliance: compliance),
        Ramp(
          amplitude: reverse ?? Voltage(si: -amplitude.si), rate: rate, compliance: reverseCompliance ?? compliance),
      ]
    }

    public static let keys: [ParameterKey] = [
      .quantity(
        "amplitude", VoltageDimension.self, in: -100...100, "Largest voltage, with the sign of the first ramp."),
      .quantity("rate", VoltageRateDimension.self, in: 1e-6...1e9, default: "0.5 V/s", "Speed of the ramp."),
      .quantity(
        "compliance", CurrentDimension.self, in: 0...10, default: "1 mA", "Largest current that the source gives."),
    ]
  }

  /// The ramps that the protocol drives, each 0 → amplitude → 0.
  var ramps: [Ramp] {
    switch self {
    case .forming(let ramp), .retention(let ramp, _): [ramp]
    case .sweep(let ramp, _): ramp.halves
    case .light: []
    }
  }

  /// V, without its sign.
  var largestVoltage: Double { ramps.reduce(0) { max($0, abs($1.amplitude.si)) } }

  /// The models and their keys, by the word after `model:`.
  public static let models: [(name: String, summary: String, keys: [ParameterKey])] = [
    ("forming", "One ramp up and down on the pristine device.", Ramp.keys),
    (
      "sweep", "Bipolar current-voltage cycles.",
      Ramp.keys + [
        .quantity(
          "reverse", VoltageDimension.self, in: -100...100, default: "",
          "Largest voltage of the second half; that of the first with the other sign if absent."),
        .quantity(
          "reverseCompliance", CurrentDimension.self, in: 0...10, default: "",
          "Largest current in the second half; as in the first if absent."),
        ParameterKey("cycles", .integer(1...100_000), default: "50", "Number of cycles."),
      ]
    ),
    ("retention", "One ramp up and down, then a stay without a voltage.", Ramp.keys + Rest.keys),
    ("light", "Pulses of light that an optical synapse remembers.", LightTrain.keys),
  ]
}

extension TestProtocol: Codable {
  private enum CodingKeys: String, CodingKey {
    case model, amplitude, rate, compliance, cycles, duration, temperature, reverse, reverseCompliance
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let model = try container.decode(String.self, forKey: .model)
    if model == "light" {
      self = .light(try LightTrain(from: decoder))
      return
    }
    let ramp = Ramp(
      amplitude: try container.decode(Voltage.self, forKey: .amplitude),
      rate: try container.decode(VoltageRate.self, forKey: .rate),
      compliance: try container.decode(Current.self, forKey: .compliance),
      reverse: try container.decodeIfPresent(Voltage.self, forKey: .reverse),
      reverseCompliance: try container.decodeIfPresent(Current.self, forKey: .reverseCompliance))
    switch model {
    case "forming": self = .forming(ramp)
    case "retention":
      self = .retention(
        ramp,
        Rest(
          duration: try container.decode(TimeSpan.self, forKey: .duration),
          temperature: try container.decodeIfPresent(Temperature.self, forKey: .temperature)))
    case "sweep": self = .sweep(ramp, cycles: try container.decode(Int.self, forKey: .cycles))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .model, in: container, debugDescription: "no test model named \(model)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let ramp: Ramp
    switch self {
    case .light(let train):
      try train.encode(to: encoder)
      try container.encode("light", forKey: .model)
      return
    case .forming(let r):
      ramp = r
      try container.encode("forming", forKey: .model)
    case .retention(let r, let rest):
      ramp = r
      try container.encode("retention", forKey: .model)
      try container.encode(rest.duration, forKey: .duration)
      try container.encodeIfPresent(rest.temperature, forKey: .temperature)
    case .sweep(let r, let cycles):
      ramp = r
      try container.encode("sweep", forKey: .model)
      try container.encode(cycles, forKey: .cycles)
    }
    try container.encodeIfPresent(ramp.reverse, forKey: .reverse)
    try container.encodeIfPresent(ramp.reverseCompliance, forKey: .reverseCompliance)
    try container.encode(ramp.amplitude, forKey: .amplitude)
    try container.encode(ramp.rate, forKey: .rate)
    try container.encode(ramp.compliance, forKey: .compliance)
  }
}
