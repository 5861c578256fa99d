import Quantities

/// One entry of the recipe's `test:` list: what is done to the device.
///
/// Voltages are those of the top electrode against the bottom one.
public enum TestProtocol: Hashable, Sendable {
  /// One ramp 0 → amplitude → 0 on the pristine device.
  case forming(Ramp)
  /// Cycles 0 → amplitude → 0 → −amplitude, or the ramp's own reverse → 0.
  case sweep(Ramp, cycles: Int)
  /// One ramp 0 → amplitude → 0, then rest without a voltage; again for each temperature.
  case retention(Ramp, Rest)
  case pulses(PulseTrain)
  /// Cycles as those of a sweep.
  case endurance(Ramp, Endurance)
  case multilevel(Ramp, Multilevel)
  case pairedPulse(PairedPulse)
  case potentiation(Potentiation)
  case spikeTiming(SpikeTiming)
  case impedance(ImpedanceScan)
  /// Pulses of light on a crystal without electrodes.
  case light(LightTrain)

  /// The ramps that the protocol drives, each 0 → amplitude → 0; none of pulses.
  var ramps: [Ramp] {
    switch self {
    case .forming(let ramp), .retention(let ramp, _): [ramp]
    case .sweep(let ramp, _): ramp.halves
    case .endurance(let ramp, let test): test.width == nil ? ramp.halves : []
    case .multilevel(let ramp, let test): test.ramps(of: ramp).flatMap(\.halves)
    case .pulses, .pairedPulse, .potentiation, .spikeTiming, .impedance, .light: []
    }
  }

  /// Every voltage that the protocol goes up to, with the compliance there, A, and the keys of both.
  public var extremes: [Extreme] {
    func one(_ voltage: Voltage, _ compliance: Current) -> Extreme { Extreme(voltage: voltage, compliance: compliance) }
    func both(_ ramp: Ramp) -> [Extreme] {
      let halves = ramp.halves
      return [
        one(halves[0].amplitude, halves[0].compliance),
        Extreme(
          voltage: halves[1].amplitude, compliance: halves[1].compliance, voltageKey: "reverse",
          complianceKey: ramp.reverseCompliance == nil ? "compliance" : "reverseCompliance", isReverse: true),
      ]
    }
    switch self {
    case .forming(let ramp), .retention(let ramp, _): return [one(ramp.amplitude, ramp.compliance)]
    case .sweep(let ramp, _), .endurance(let ramp, _): return both(ramp)
    case .multilevel(let shared, let test):
      let key = test.compliances == nil ? "stopVoltages" : "compliances"
      return test.ramps(of: shared).enumerated().flatMap { index, ramp in
        var extremes = both(ramp)
        if test.compliances != nil { extremes[0].complianceKey = "\(key)[\(index)]" }
        if test.stopVoltages != nil { extremes[1].voltageKey = "\(key)[\(index)]" }
        return extremes
      }
    case .pulses(let train): return [one(train.amplitude, train.compliance)]
    case .pairedPulse(let test): return [one(test.amplitude, test.compliance)]
    case .potentiation(let test):
      return both(
        Ramp(
          amplitude: test.amplitude, rate: VoltageRate(si: 1), compliance: test.compliance, reverse: test.reverse,
          reverseCompliance: test.reverseCompliance))
    case .spikeTiming(let test):
      let sum = abs(test.amplitude.si) + test.tailAmplitude.si
      return [one(Voltage(si: test.amplitude.si < 0 ? -sum : sum), test.compliance)]
    case .impedance(let scan): return [one(scan.bias, Current(si: .infinity))]
    case .light: return []
    }
  }

  /// A voltage that a protocol goes up to.
  public struct Extreme: Hashable, Sendable {
    public var voltage: Voltage
    public var compliance: Current
    public var voltageKey = "amplitude"
    public var complianceKey = "compliance"
    /// Whether it is to have the other sign than the amplitude.
    public var isReverse = false
  }

  /// V, without its sign.
  public var largestVoltage: Double { extremes.reduce(0) { max($0, abs($1.voltage.si)) } }

  /// The models and their keys, by the word after `model:`.
  public static let models: [(name: String, summary: String, keys: [ParameterKey])] = [
    ("forming", "One ramp up and down on the pristine device.", Ramp.keys),
    (
      "sweep", "Bipolar current-voltage cycles.",
      Ramp.sweepKeys + [ParameterKey("cycles", .integer(1...100_000), default: "50", "Number of cycles.")]
    ),
    ("retention", "One ramp up and down, then a stay without a voltage.", Ramp.keys + Rest.keys),
    ("pulses", "A train of equal rectangular pulses.", PulseTrain.keys),
    (
      "endurance", "SET and RESET in turn, until the window is too small or the cycles are done.",
      Ramp.sweepKeys + Endurance.keys
    ),
    ("multilevel", "Resistances set by the compliance or by where RESET stops.", Ramp.sweepKeys + Multilevel.keys),
    ("pairedPulse", "Two equal pulses at several intervals, each pair from one state.", PairedPulse.keys),
    ("potentiation", "Pulses that raise the conductance, then as many that lower it.", Potentiation.keys),
    ("spikeTiming", "Pairs of spikes at several delays, each from one state.", SpikeTiming.keys),
    ("impedance", "Small-signal impedance at a bias, about the steady state there.", ImpedanceScan.keys),
    ("light", "Pulses of light that an optical synapse remembers.", LightTrain.keys),
  ]
}

extension TestProtocol: Codable {
  private enum CodingKeys: String, CodingKey { case model, cycles }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let model = try container.decode(String.self, forKey: .model)
    switch model {
    case "forming": self = .forming(try Ramp(from: decoder))
    case "sweep": self = .sweep(try Ramp(from: decoder), cycles: try container.decode(Int.self, forKey: .cycles))
    case "retention": self = .retention(try Ramp(from: decoder), try Rest(from: decoder))
    case "pulses": self = .pulses(try PulseTrain(from: decoder))
    case "endurance": self = .endurance(try Ramp(from: decoder), try Endurance(from: decoder))
    case "multilevel": self = .multilevel(try Ramp(from: decoder), try Multilevel(from: decoder))
    case "pairedPulse": self = .pairedPulse(try PairedPulse(from: decoder))
    case "potentiation": self = .potentiation(try Potentiation(from: decoder))
    case "spikeTiming": self = .spikeTiming(try SpikeTiming(from: decoder))
    case "light": self = .light(try LightTrain(from: decoder))
    case "impedance": self = .impedance(try ImpedanceScan(from: decoder))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .model, in: container, debugDescription: "no test model named \(model)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func write(_ model: String, _ parts: any Encodable...) throws {
      try container.encode(model, forKey: .model)
      for part in parts { try part.encode(to: encoder) }
    }
    switch self {
    case .forming(let ramp): try write("forming", ramp)
    case .sweep(let ramp, let cycles):
      try write("sweep", ramp)
      try container.encode(cycles, forKey: .cycles)
    case .retention(let ramp, let rest): try write("retention", ramp, rest)
    case .pulses(let train): try write("pulses", train)
    case .endurance(let ramp, let test): try write("endurance", ramp, test)
    case .multilevel(let ramp, let test): try write("multilevel", ramp, test)
    case .pairedPulse(let test): try write("pairedPulse", test)
    case .potentiation(let test): try write("potentiation", test)
    case .spikeTiming(let test): try write("spikeTiming", test)
    case .light(let train): try write("light", train)
    case .impedance(let scan): try write("impedance", scan)
    }
  }
}
