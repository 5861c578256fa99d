import Quantities

extension TestProtocol {
  /// Levels by a list of compliances at SET, or of voltages at which RESET stops.
  public struct Multilevel: Hashable, Sendable, Codable {
    public var amplitude: Voltage
    public var rate: VoltageRate
    public var compliance: Current
    public var reverse: Voltage?
    public var reverseCompliance: Current?
    public var compliances: [Current]?
    public var stopVoltages: [Voltage]?
    public var repeats: Int

    public init(
      _ ramp: Ramp, compliances: [Current]? = nil, stopVoltages: [Voltage]? = nil, repeats: Int = 1
    ) {
      amplitude = ramp.amplitude
      rate = ramp.rate
      compliance = ramp.compliance
      reverse = ramp.reverse
      reverseCompliance = ramp.reverseCompliance
      self.compliances = compliances
      self.stopVoltages = stopVoltages
      self.repeats = repeats
    }

    /// The cycle of each level.
    var ramps: [Ramp] {
      let ramp = Ramp(
        amplitude: amplitude, rate: rate, compliance: compliance, reverse: reverse,
        reverseCompliance: reverseCompliance ?? compliance)
      func changed(_ change: (inout Ramp) -> Void) -> Ramp {
        var copy = ramp
        change(&copy)
        return copy
      }
      if let compliances { return compliances.map { limit in changed { $0.compliance = limit } } }
      return (stopVoltages ?? []).map { stop in changed { $0.reverse = stop } }
    }

    static let keys: [ParameterKey] =
      Ramp.sweepKeys + [
        .quantities(
          "compliances", CurrentDimension.self, in: 0...10, count: 1...100, default: "",
          "Largest currents of the SET half, one per level; the level is read after SET."),
        .quantities(
          "stopVoltages", VoltageDimension.self, in: -100...100, count: 1...100, default: "",
          "Largest voltages of the RESET half, one per level, in place of `compliances`; the level is read after RESET."
        ),
        ProtocolKeys.repeats("each level is written"),
      ]
  }
}
