import NumericalMethods

/// What flows through a device, and what the leads and the source leave on it.
public struct OperatingPoint: Hashable, Sendable {
  /// A.
  public var current: Double
  /// V.
  public var voltage: Double
  /// Whether the source limits the current.
  public var isLimited: Bool

  public init(current: Double, voltage: Double, isLimited: Bool) {
    self.current = current
    self.voltage = voltage
    self.isLimited = isLimited
  }

  public static let rest = OperatingPoint(current: 0, voltage: 0, isLimited: false)
}

extension OperatingPoint {
  /// Where a device, its leads and the source's limit meet.
  ///
  ///     V_app = I R_s + V,   |I| ≤ I_cc   (physics 8.31)
  ///
  /// - Parameters:
  ///   - applied: V.
  ///   - compliance: A.
  ///   - seriesResistance: ohm.
  ///   - current: of the device at a voltage on it, A; monotone, 0 at 0.
  /// - Throws: `SwitchingError.notFinite`, `Roots.Failure`.
  init(applied: Double, compliance: Double, seriesResistance: Double, through current: (Double) -> Double) throws {
    self.init(current: current(applied), voltage: applied, isLimited: false)
    guard self.current.isFinite else { throw SwitchingError.notFinite(what: "the current", at: applied) }
    if abs(self.current) * seriesResistance > 1e-9 * abs(applied) {
      // Monotone in the voltage between 0 and the applied one.
      voltage = try Roots.brent(min(0, applied), max(0, applied), tolerance: 1e-12 * abs(applied)) {
        $0 + current($0) * seriesResistance - applied
      }
      self.current = current(voltage)
    }
    if abs(self.current) > compliance {
      let limit = applied > 0 ? compliance : -compliance
      voltage =
        compliance == 0
        ? 0
        : try Roots.brent(min(0, voltage), max(0, voltage), tolerance: 1e-12 * abs(voltage)) { current($0) - limit }
      self.current = limit
      isLimited = true
    }
  }
}
