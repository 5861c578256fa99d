import Quantities

extension TestProtocol {
  /// A ramp 0 → amplitude → 0, and what its second half, with the other sign, has of its own.
  public struct Ramp: Hashable, Sendable, Codable {
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

    static let keys: [ParameterKey] = [
      ProtocolKeys.amplitude("Largest voltage, with the sign of the first ramp."),
      .quantity("rate", VoltageRateDimension.self, in: 1e-6...1e9, default: "0.5 V/s", "Speed of the ramp."),
      ProtocolKeys.compliance,
    ]

    static let sweepKeys: [ParameterKey] =
      keys + ProtocolKeys.reverse("the second half")
  }
}

/// Keys that several protocols have.
enum ProtocolKeys {
  static func amplitude(_ meaning: String) -> ParameterKey {
    .quantity("amplitude", VoltageDimension.self, in: -100...100, meaning)
  }

  static let compliance = ParameterKey.quantity(
    "compliance", CurrentDimension.self, in: 0...10, default: "1 mA", "Largest current that the source gives.")

  static func reverse(_ what: String) -> [ParameterKey] {
    [
      .quantity(
        "reverse", VoltageDimension.self, in: -100...100, default: "",
        "Largest voltage of \(what); that of the first with the other sign if absent."),
      .quantity(
        "reverseCompliance", CurrentDimension.self, in: 0...10, default: "",
        "Largest current in \(what); as in the first if absent."),
    ]
  }

  static func width(default text: String?) -> ParameterKey {
    .quantity("width", DurationDimension.self, in: 1e-9...1e6, default: text, "Length of a pulse.")
  }

  static let interval = ParameterKey.quantity(
    "interval", DurationDimension.self, in: 0...1e6, default: "1 s", "Without a voltage, after each pulse.")

  static let readVoltage = ParameterKey.quantity(
    "readVoltage", VoltageDimension.self, in: 1e-3...10, default: "0.1 V", "Where conductances are read.")

  static func repeats(_ what: String) -> ParameterKey {
    ParameterKey("repeats", .integer(1...10_000), default: "1", "Times that \(what); their median counts.")
  }
}
