import Quantities

extension TestProtocol {
  /// Levels by a list of compliances at SET, or of voltages at which RESET stops.
  public struct Multilevel: Hashable, Sendable, Codable {
    public var compliances: [Current]?
    public var stopVoltages: [Voltage]?
    public var repeats: Int

    public init(compliances: [Current]? = nil, stopVoltages: [Voltage]? = nil, repeats: Int = 1) {
      self.compliances = compliances
      self.stopVoltages = stopVoltages
      self.repeats = repeats
    }

    /// The cycle of each level, out of the ramp that they share; RESET's limit is the shared one for all of them.
    func ramps(of shared: Ramp) -> [Ramp] {
      func changed(_ change: (inout Ramp) -> Void) -> Ramp {
        var copy = shared
        copy.reverseCompliance = shared.reverseCompliance ?? shared.compliance
        change(&copy)
        return copy
      }
      if let compliances { return compliances.map { limit in changed { $0.compliance = limit } } }
      return (stopVoltages ?? []).map { stop in changed { $0.reverse = stop } }
    }

    static let keys: [ParameterKey] = [
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
