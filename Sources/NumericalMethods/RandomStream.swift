/// A stream's number: draws of different purposes never share random bits.
public struct RandomStream: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// The one register of streams, so that no two purposes take the same number.
extension RandomStream {
  /// Nucleation and the other chances of a process run.
  public static let growth = RandomStream(rawValue: 1)
  /// Random fields and counts of the microstructure, and the device's place on the crystal.
  public static let fields = RandomStream(rawValue: 2)
  /// Events in the device under test.
  public static let switching = RandomStream(rawValue: 3)
  /// What a recipe's tolerances turn out to be.
  public static let tolerances = RandomStream(rawValue: 4)
  /// Uncertain numbers of data/.
  public static let parameters = RandomStream(rawValue: 5)
}
