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
