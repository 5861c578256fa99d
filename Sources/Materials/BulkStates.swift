import Quantities

/// Slow states of a crystal's bulk that a current meets.
public struct BulkStates: Hashable, Sendable, Codable {
  /// γ: the share of the injection that ions which have crossed the crystal can screen; none, if absent.
  public var screenedShare: Ratio?
  /// Traps that fill and stay filled; none that matter, if absent.
  public var traps: FillingTraps?

  public init(screenedShare: Ratio? = nil, traps: FillingTraps? = nil) {
    self.screenedShare = screenedShare
    self.traps = traps
  }
}

/// A level that gives its carrier back at once until the lattice relaxes around it and mobile ions neutralize it.
public struct FillingTraps: Hashable, Sendable, Codable {
  /// Halide vacancies that act so, over all; beside the deep traps.
  public var vacancyShare: Ratio
  /// Of the level before it relaxes, below the conduction band's edge.
  public var depth: Energy
  /// Of a free carrier's capture into the relaxed state.
  public var captureCrossSection: Area
  /// Rate at which relaxed traps let their carrier go.
  public var release: Frequency

  public init(vacancyShare: Ratio, depth: Energy, captureCrossSection: Area, release: Frequency) {
    self.vacancyShare = vacancyShare
    self.depth = depth
    self.captureCrossSection = captureCrossSection
    self.release = release
  }
}
