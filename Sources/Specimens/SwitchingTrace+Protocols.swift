/// What protocols of pulses give.
extension SwitchingTrace {
  /// A train of equal pulses.
  public struct PulseTrain: Hashable, Sendable {
    /// V.
    public var amplitude: Double
    /// Of one pulse, s.
    public var width: Double
    /// Siemens at the read voltage before the first pulse, and at the end of the interval after each.
    public var startConductance: Double
    public var conductances: [Double]
    /// Energy spent in the device during each pulse, J.
    public var energies: [Double]
    /// Time under pulses until the device turned on, s; nil if it did not (censored) or was on before.
    public var setTime: Double?
    /// Whether the device was on before the first pulse, so that there was nothing to wait for.
    public var isIdle: Bool

    public init(
      amplitude: Double, width: Double, startConductance: Double, conductances: [Double] = [],
      energies: [Double] = [], setTime: Double? = nil, isIdle: Bool
    ) {
      self.amplitude = amplitude
      self.width = width
      self.startConductance = startConductance
      self.conductances = conductances
      self.energies = energies
      self.setTime = setTime
      self.isIdle = isIdle
    }
  }

  /// How many cycles a device survived.
  public struct Endurance: Hashable, Sendable {
    /// The two states of one cycle, ohm at the read voltage.
    public struct Window: Hashable, Sendable {
      public var cycle: Int
      public var lowResistance: Double
      public var highResistance: Double

      public init(cycle: Int, lowResistance: Double, highResistance: Double) {
        self.cycle = cycle
        self.lowResistance = lowResistance
        self.highResistance = highResistance
      }

      public var ratio: Double { highResistance / lowResistance }
    }

    /// Cycles before the first whose window was too small.
    public var cycles: Int
    /// Whether the test ended before the device did.
    public var isCensored: Bool
    /// At some ten cycles per decade, and at the last.
    public var windows: [Window]

    public init(cycles: Int, isCensored: Bool, windows: [Window]) {
      self.cycles = cycles
      self.isCensored = isCensored
      self.windows = windows
    }
  }

  /// Resistances that a device is set to.
  public struct Multilevel: Hashable, Sendable {
    /// What tells levels apart.
    public enum Control: String, Hashable, Sendable {
      case compliance
      case stopVoltage
    }

    public struct Level: Hashable, Sendable {
      /// Of the control, A or V.
      public var setting: Double
      /// Ohm at the read voltage, one per repeat.
      public var resistances: [Double]

      public init(setting: Double, resistances: [Double]) {
        self.setting = setting
        self.resistances = resistances
      }

      /// Median over the repeats, ohm.
      public var resistance: Double { resistances.median }
    }

    public var control: Control
    public var levels: [Level]

    public init(control: Control, levels: [Level]) {
      self.control = control
      self.levels = levels
    }

    /// Largest over smallest median.
    public var range: Double {
      let medians = levels.map(\.resistance)
      return (medians.max() ?? 1) / (medians.min() ?? 1)
    }
  }

  /// Pairs of equal pulses.
  public struct PairedPulse: Hashable, Sendable {
    public struct Pair: Hashable, Sendable {
      /// From the end of the first pulse to the beginning of the second, s.
      public var interval: Double
      /// Peak currents of the two pulses over that before the first, A; medians over the repeats.
      public var first: Double
      public var second: Double

      public init(interval: Double, first: Double, second: Double) {
        self.interval = interval
        self.first = first
        self.second = second
      }

      /// PPF = A₂/A₁ − 1; nil where the first pulse gave nothing.
      public var facilitation: Double? { first > 0 ? second / first - 1 : nil }
    }

    public var pairs: [Pair]

    public init(pairs: [Pair]) { self.pairs = pairs }
  }

  /// Pulses up, then pulses down.
  public struct Potentiation: Hashable, Sendable {
    /// Siemens at the read voltage before the first pulse, and after each of either kind.
    public var startConductance: Double
    public var potentiated: [Double]
    public var depressed: [Double]

    public init(startConductance: Double, potentiated: [Double], depressed: [Double]) {
      self.startConductance = startConductance
      self.potentiated = potentiated
      self.depressed = depressed
    }

    /// Of potentiation and of depression: see `nonlinearity(of:)`.
    public var nonlinearity: (up: Double?, down: Double?) {
      (
        Self.nonlinearity(of: [startConductance] + potentiated),
        Self.nonlinearity(of: [potentiated.last ?? startConductance] + depressed)
      )
    }

    /// Largest distance of the conductances from the straight line between first and last, over the way between these.
    ///
    ///     max_i |G_i − G_0 − (i/N)(G_N − G_0)| / |G_N − G_0|
    ///
    /// 0 for equal steps, towards 1 where the first pulse does it all, above where the way is left; nil without a way.
    public static func nonlinearity(of conductances: [Double]) -> Double? {
      guard let first = conductances.first, let last = conductances.last, first != last else { return nil }
      let count = Double(conductances.count - 1)
      let largest = conductances.indices.reduce(0.0) {
        max($0, abs(conductances[$1] - first - Double($1) / count * (last - first)))
      }
      return largest / abs(last - first)
    }

    /// Mean distance of the way down from the way up, read backwards, over the whole range of the conductance.
    ///
    ///     (1/N) Σ_i |G_up(i) − G_down(N − i)| / (G_max − G_min)
    ///
    /// 0 where depression retraces potentiation; nil without a range.
    public var asymmetry: Double? {
      let up = [startConductance] + potentiated
      let down = Array(([up.last!] + depressed).reversed())
      let all = up + down
      let range = all.max()! - all.min()!
      guard range > 0, up.count == down.count else { return nil }
      return zip(up, down).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(up.count) / range
    }
  }

  /// Change of the conductance by pairs of spikes.
  public struct SpikeTiming: Hashable, Sendable {
    public struct Point: Hashable, Sendable {
      /// From the spike before the device to that behind it, s.
      public var delay: Double
      /// ΔG/G at the read voltage; median over the repeats.
      public var change: Double

      public init(delay: Double, change: Double) {
        self.delay = delay
        self.change = change
      }
    }

    public var points: [Point]

    public init(points: [Point]) { self.points = points }
  }

  /// Small-signal impedance at a bias.
  public struct Impedance: Hashable, Sendable {
    public struct Point: Hashable, Sendable {
      /// Hz.
      public var frequency: Double
      /// Ohm.
      public var real: Double
      public var imaginary: Double

      public init(frequency: Double, real: Double, imaginary: Double) {
        self.frequency = frequency
        self.real = real
        self.imaginary = imaginary
      }
    }

    /// V.
    public var bias: Double
    /// L_a/R_a of the slow branch, s; nil without one.
    public var kineticTime: Double?
    public var points: [Point]

    public init(bias: Double, kineticTime: Double?, points: [Point]) {
      self.bias = bias
      self.kineticTime = kineticTime
      self.points = points
    }
  }
}

extension [Double] {
  /// The middle value, of an even number the mean of two; NaN of none.
  package var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2])
  }
}
