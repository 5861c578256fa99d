import Foundation

/// Resistance of a metal filament with its contact.
///
///     R = ρ l/(π r²) + ρ/(2r) + 4ρλ/(3π r²)      (length + Maxwell + Sharvin)
///
/// λ is the mean free path. Physics (8.20); Wexler, *Proc. Phys. Soc.* 89 (1966) 927, with his interpolating factor,
/// which stays between 0.7 and 1, left out. Classical: below a few atoms across, conductance comes in quanta that are
/// not resolved.
public struct MetalFilament: Hashable, Sendable {
  /// ρ, Ω m.
  public var resistivity: Double
  /// λ, m.
  public var meanFreePath: Double

  public init(resistivity: Double, meanFreePath: Double) {
    self.resistivity = resistivity
    self.meanFreePath = meanFreePath
  }

  /// Ohm; radius above zero, length zero for a bare contact.
  public func resistance(radius: Double, length: Double) -> Double {
    resistivity * ((length + 4.0 / 3 * meanFreePath) / (Double.pi * radius * radius) + 0.5 / radius)
  }
}
