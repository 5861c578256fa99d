import Quantities

/// What one device did through all protocols of a test.
public struct SwitchingTrace: Hashable, Sendable {
  /// One point of a current-voltage curve.
  public struct Point: Hashable, Sendable {
    /// Seconds since the test began.
    public var time: Double
    /// Top against bottom electrode, V.
    public var voltage: Double
    /// Into the top electrode, A.
    public var current: Double

    public init(time: Double, voltage: Double, current: Double) {
      self.time = time
      self.voltage = voltage
      self.current = current
    }
  }

  /// One sweep cycle: what was read off it, as defined for a measurement.
  public struct Cycle: Hashable, Sendable {
    /// 0 for forming, then 1, 2, ...
    public var number: Int
    /// V, nil when the device did not switch within the sweep (censored).
    public var setVoltage: Double?
    public var resetVoltage: Double?
    /// Whether the half-sweep had nothing to switch, the device being in the target state already: such a cycle is no test of
    /// a voltage, while one that stays as it was has a voltage beyond the sweep.
    public var setIsIdle = false
    public var resetIsIdle = false
    /// V where the half-sweep of the other sign set the device again, as one does that is the same from either side; nil if
    /// it did not.
    public var reverseSetVoltage: Double?
    /// Threshold switching: the device set, and without a voltage it was off again by the end of the half-sweep or within
    /// ten seconds.
    public var isVolatile = false
    /// Ohm at the read voltage after SET and after RESET, or, where the device was set again, after ten seconds of rest.
    public var lowResistance: Double
    public var highResistance: Double
    /// Whether the meter tells no higher resistance than the high one.
    public var highIsBound = false
    /// Vacancies in the disc, or metal atoms of the filament, after SET and after RESET.
    public var vacanciesOn: Int
    public var vacanciesOff: Int
    /// Energy spent in the device during SET, J.
    public var setEnergy: Double
    /// Voltage at which the bulk's traps were half filled on the way to SET, V; nil if they were not.
    public var fillingVoltage: Double?
    /// Voltage at which the current turned down on the way up towards SET, V: negative differential resistance; nil if it
    /// did not, or if the device set.
    public var peakVoltage: Double?
    /// Area between the ways up and down over that below both, on both half-sweeps.
    public var loopShare = 0.0

    public init(
      number: Int, setVoltage: Double?, resetVoltage: Double?, lowResistance: Double, highResistance: Double,
      vacanciesOn: Int, vacanciesOff: Int, setEnergy: Double
    ) {
      self.number = number
      self.setVoltage = setVoltage
      self.resetVoltage = resetVoltage
      self.lowResistance = lowResistance
      self.highResistance = highResistance
      self.vacanciesOn = vacanciesOn
      self.vacanciesOff = vacanciesOff
      self.setEnergy = setEnergy
    }
  }

  /// The forming step, when the test has one.
  public struct Forming: Hashable, Sendable {
    public var voltage: Double?
    /// Ohm at the read voltage before and after.
    public var pristineResistance: Double
    public var formedResistance: Double
    /// Whether the meter tells no higher resistance than the pristine one.
    public var pristineIsBound = false
    /// Kinetic time of the contact, s, before and after (chemical inductor, L_a / R_a).
    public var kineticTimeBefore: Double
    public var kineticTimeAfter: Double

    public init(
      voltage: Double?, pristineResistance: Double, formedResistance: Double, kineticTimeBefore: Double,
      kineticTimeAfter: Double
    ) {
      self.voltage = voltage
      self.pristineResistance = pristineResistance
      self.formedResistance = formedResistance
      self.kineticTimeBefore = kineticTimeBefore
      self.kineticTimeAfter = kineticTimeAfter
    }
  }

  /// How long a state lasted without a voltage.
  public struct Retention: Hashable, Sendable {
    /// From the end of the ramp until ln R had left a tenth of the way to the other state, s; nil if it did not within the
    /// stay (censored), or if the ramp wrote no state.
    public var time: Double?
    /// Whether the ramp left the device in another state than the pristine one, so that there was something to keep.
    public var isWritten: Bool
    /// Of the stay, s.
    public var duration: Double
    /// K.
    public var temperature: Double
    /// Ohm at the read voltage when the stay began and when it ended.
    public var startResistance: Double
    public var endResistance: Double

    public init(
      time: Double?, isWritten: Bool, duration: Double, temperature: Double, startResistance: Double,
      endResistance: Double
    ) {
      self.time = time
      self.isWritten = isWritten
      self.duration = duration
      self.temperature = temperature
      self.startResistance = startResistance
      self.endResistance = endResistance
    }
  }

  public var forming: Forming?
  public var cycles: [Cycle]
  public var retentions: [Retention] = []
  /// Answers to trains of light pulses, in the order of the test.
  public var lights: [LightResponse] = []
  public var pulseTrains: [PulseTrain] = []
  public var endurances: [Endurance] = []
  public var multilevels: [Multilevel] = []
  public var pairedPulses: [PairedPulse] = []
  public var potentiations: [Potentiation] = []
  public var spikeTimings: [SpikeTiming] = []
  public var impedances: [Impedance] = []
  /// Curves that were kept, by cycle number; empty unless asked for.
  public var curves: [Int: [Point]]
  /// V; where resistances are read.
  public var readVoltage: Double
  public var warnings: [ValidityWarning]
  /// How closely the device was simulated.
  public var level = SimulationLevel.compact
  /// The solver that the ions of a vacancy device call for, and the crossings of the crystal Θ that decide it; nil without ions.
  /// The compact level lumps them whatever it says; the resolved one follows it.
  public var ionSolver: IonSolver?
  public var ionCrossings: Double?

  public init(
    forming: Forming?, cycles: [Cycle], curves: [Int: [Point]], readVoltage: Double, warnings: [ValidityWarning]
  ) {
    self.forming = forming
    self.cycles = cycles
    self.curves = curves
    self.readVoltage = readVoltage
    self.warnings = warnings
  }
}
