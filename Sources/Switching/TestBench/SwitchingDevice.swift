import NumericalMethods
import Specimens

/// What a test bench drives: a device whose state a voltage changes.
///
/// Voltages are those of the top electrode against the bottom one, and applied ones: what the leads and the source's limit
/// leave of them is the device's own business, V_app = I R_s + V, |I| ≤ I_cc (physics 8.31).
public protocol SwitchingDevice: Sendable {
  /// What changes, from one step to the next.
  associatedtype State: Hashable, Sendable

  /// The device as made.
  var pristine: State { get }
  /// +1 where a positive voltage sets, −1 where a negative one does.
  var setPolarity: Double { get }
  /// K.
  var temperature: Double { get }
  /// Leads and source together, ohm.
  var seriesResistance: Double { get }
  /// The limits that the device passes whatever is done to it.
  var warnings: [ValidityWarning] { get }

  /// Draws anew what the state waits for: called when a cycle begins, with the cycle's own random numbers.
  func begin(_ state: inout State, random: inout RandomSource)

  /// Carries the state over one step of the applied voltage, which runs linearly.
  /// - Parameter compliance: A; infinite without one.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  func advance(
    _ state: inout State, from start: Double, to end: Double, during time: Double, compliance: Double,
    random: inout RandomSource
  ) throws -> StepRecord

  /// What flows at an applied voltage, the state left as it is.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  func operate(_ applied: Double, compliance: Double, state: State) throws -> OperatingPoint

  /// Ohm at a voltage on the device, without leads; above zero, infinite if nothing conducts.
  /// - Throws: `SwitchingError.notFinite`.
  func resistance(_ state: State, at voltage: Double) throws -> Double

  /// Whether the device is in its low state.
  func isOn(_ state: State, at readVoltage: Double) -> Bool

  /// Vacancies or atoms that set the conduction.
  func count(_ state: State) -> Int

  /// Kinetic time of the contact, s; infinite without one.
  func kineticTime(_ state: State) -> Double

  /// The answer to a small signal about the steady state at an applied bias, without the leads; what is slower than the
  /// contact or the filament stands still.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  func smallSignal(_ state: State, at bias: Double) throws -> ChemicalInductor

  /// Lets go what is gone long before a stay's first event.
  func settle(_ state: inout State)

  /// Leaves the device without a voltage.
  /// - Parameters:
  ///   - duration: s.
  ///   - temperature: K.
  /// - Returns: when the state was first lost, s after the beginning; nil if it was not.
  /// - Throws: `SwitchingError`, `Roots.Failure`.
  func rest(
    _ state: inout State, for duration: Double, at temperature: Double, random: inout RandomSource,
    isLost: (State) throws -> Bool
  ) throws -> Double?

  /// Why a forming ramp of this sign cannot set, in words; nil if it can.
  func obstacle(toForming amplitude: Double) -> String?

  /// The limits that a test passes.
  func warnings(for protocols: [TestProtocol]) -> [ValidityWarning]
}

extension SwitchingDevice {
  public var warnings: [ValidityWarning] { [] }
  public func kineticTime(_ state: State) -> Double { .infinity }
  public func settle(_ state: inout State) {}

  /// Whether a voltage of this sign sets.
  func sets(_ voltage: Double) -> Bool { voltage * setPolarity > 0 }
}
