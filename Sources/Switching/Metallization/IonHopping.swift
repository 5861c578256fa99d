import Foundation
import Quantities

/// Current of ions that hop through the crystal along the field.
///
///     j = 2 z e c a ν₀ exp(−E_a/kT) sinh(a z e E/2kT)
///
/// Mott & Gurney; physics (8.10). Uniform density c, no space charge.
public struct IonHopping: Hashable, Sendable {
  /// Mobile ions, 1/m³.
  public var density: Double
  /// a, m.
  public var distance: Double
  /// ν₀, 1/s.
  public var attemptFrequency: Double
  /// E_a, J.
  public var barrier: Double
  /// z.
  public var charge: Double
  /// K.
  public var temperature: Double

  public init(
    density: Double, distance: Double, attemptFrequency: Double, barrier: Double, charge: Double, temperature: Double
  ) {
    self.density = density
    self.distance = distance
    self.attemptFrequency = attemptFrequency
    self.barrier = barrier
    self.charge = charge
    self.temperature = temperature
  }

  /// 2 z e c a ν₀ exp(−E_a/kT), A/m².
  public var exchangeDensity: Double {
    2 * charge * Constants.elementaryCharge * density * distance * attemptFrequency
      * exp(-barrier / (Constants.boltzmann * temperature))
  }

  /// Current density in a field (V/m), A/m².
  public func currentDensity(field: Double) -> Double {
    exchangeDensity
      * sinh(charge * Constants.elementaryCharge * distance * field / (2 * Constants.boltzmann * temperature))
  }
}
