import Foundation
import Quantities

/// The rates of a metal electrode's reaction M ⇌ M^z+ + z e⁻ in either direction.
///
///     j₊ = j₀ exp[(1 − α) z e η/kT]  (dissolution),  j₋ = j₀ exp(−α z e η/kT)  (deposition),  j = j₊ − j₋
///
/// Butler-Volmer, physics (8.8); j₊/j₋ = exp(z e η/kT), so both are in balance at η = 0 and their noise is that of j₀.
public struct ElectrodeReaction: Hashable, Sendable {
  /// j₀, A/m².
  public var exchangeCurrentDensity: Double
  /// α, between 0 and 1.
  public var transferCoefficient: Double
  /// z.
  public var charge: Double
  /// K.
  public var temperature: Double

  public init(
    exchangeCurrentDensity: Double, transferCoefficient: Double = 0.5, charge: Double = 1, temperature: Double
  ) {
    self.exchangeCurrentDensity = exchangeCurrentDensity
    self.transferCoefficient = transferCoefficient
    self.charge = charge
    self.temperature = temperature
  }

  /// z e/kT, 1/V.
  private var slope: Double { charge * Constants.elementaryCharge / (Constants.boltzmann * temperature) }

  /// j₊, A/m², at an overpotential in V.
  public func dissolution(_ overpotential: Double) -> Double {
    exchangeCurrentDensity * exp((1 - transferCoefficient) * slope * overpotential)
  }

  /// j₋, A/m², at an overpotential in V.
  public func deposition(_ overpotential: Double) -> Double {
    exchangeCurrentDensity * exp(-transferCoefficient * slope * overpotential)
  }

  /// j, A/m², positive for dissolution; without cancellation near zero overpotential.
  public func net(_ overpotential: Double) -> Double {
    deposition(overpotential) * expm1(slope * overpotential)
  }

  /// Events per second on an area in m², per current density in A/m²: 1/(z e) times the area.
  func eventsPerCurrent(area: Double) -> Double { area / (charge * Constants.elementaryCharge) }
}
