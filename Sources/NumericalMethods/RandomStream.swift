/// A stream's number: draws of different purposes never share random bits.
public struct RandomStream: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// The one register of streams, so that no two purposes take the same number.
extension RandomStream {
  public static let growth = RandomStream(rawValue: 1)
  public static let fields = RandomStream(rawValue: 2)
  public static let switching = RandomStream(rawValue: 3)
  public static let tolerances = RandomStream(rawValue: 4)
  public static let parameters = RandomStream(rawValue: 5)
  public static let placement = RandomStream(rawValue: 6)
}
