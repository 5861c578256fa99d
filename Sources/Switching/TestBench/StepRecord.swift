/// What happened while a device's voltage took a step.
public struct StepRecord: Hashable, Sendable {
  /// Spent in the device, J.
  public var energy = 0.0
  /// ∫|I| dt, C.
  public var chargePassed = 0.0
  /// Voltage at the first nucleus, V.
  public var nucleation: Double?
  /// Voltage where the device first turned on, V.
  public var turnOn: Double?
  /// Voltage where half of the bulk's traps were filled, V.
  public var filling: Double?
  /// From the step's beginning to there, s.
  public var delay: Double?
  /// Whether the state flickered faster than is followed; its average stands in.
  public var isAveraged = false
  /// Where the step ends.
  public var end = OperatingPoint.rest

  public init() {}

  mutating func add(_ point: OperatingPoint, during time: Double) {
    energy += abs(point.current * point.voltage) * time
    chargePassed += abs(point.current) * time
  }

  /// Adds the step that followed after a time in s.
  mutating func add(_ next: StepRecord, after elapsed: Double) {
    energy += next.energy
    chargePassed += next.chargePassed
    isAveraged = isAveraged || next.isAveraged
    if nucleation == nil { nucleation = next.nucleation }
    if filling == nil { filling = next.filling }
    if turnOn == nil {
      turnOn = next.turnOn
      delay = next.delay.map { elapsed + $0 }
    }
    end = next.end
  }
}
