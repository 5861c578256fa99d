extension RandomStream {
  /// Nucleation and the other chances of a process run.
  public static let growth = RandomStream(rawValue: 1)
  /// Random fields and counts of the microstructure.
  public static let fields = RandomStream(rawValue: 2)
  /// Events in the device under test.
  public static let switching = RandomStream(rawValue: 3)
  /// What a recipe's tolerances turn out to be.
  public static let tolerances = RandomStream(rawValue: 4)
  /// Uncertain numbers of data/.
  public static let parameters = RandomStream(rawValue: 5)
}

extension RandomSource {
  /// The source of one named quantity: the same name under the same seed draws the same numbers, whatever else is drawn.
  public init(seed: UInt64, name: String, member: Int = 0, stream: RandomStream) {
    // FNV-1a, 64 bit (Fowler, Noll, Vo): a fixed hash, where Swift's own differs from run to run.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed ^ hash, member: member, stream: stream)
  }
}
