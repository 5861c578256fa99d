import Quantities

/// What an electrode is to the bands.
public struct BandContact: Hashable, Sendable {
  /// Of the electrode, V: its Fermi level is at −q times that.
  public var voltage: Double
  /// From the electrode's Fermi level up to the conduction band's edge at the contact, J. The difference of two is what
  /// is built in.
  public var barrier: Double

  public init(voltage: Double = 0, barrier: Double = 0) {
    self.voltage = voltage
    self.barrier = barrier
  }

  /// At the contact, V: that of the conduction band's edge over −q.
  var potential: Double { voltage - barrier / Constants.elementaryCharge }
}
