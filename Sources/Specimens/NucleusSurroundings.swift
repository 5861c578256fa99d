import Quantities

/// The solution around the first nucleus, at the moment and height of its birth; moles per volume of solution.
public struct NucleusSurroundings: Hashable, Sendable {
  public var solute: Concentration
  public var antisolvent: Concentration
  public var modulator: Concentration?
  /// Solute over its local saturation.
  public var saturation: Ratio
  /// Height of the solution's surface above the bottom.
  public var surfaceHeight: Length
  /// Whether the nucleus sat on the wall; one in the liquid sinks to the bottom as it grows.
  public var isOnWall: Bool

  public init(
    solute: Concentration, antisolvent: Concentration, modulator: Concentration?, saturation: Ratio,
    surfaceHeight: Length, isOnWall: Bool
  ) {
    self.solute = solute
    self.antisolvent = antisolvent
    self.modulator = modulator
    self.saturation = saturation
    self.surfaceHeight = surfaceHeight
    self.isOnWall = isOnWall
  }
}
