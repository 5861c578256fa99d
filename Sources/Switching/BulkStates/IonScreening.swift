import Foundation
import Quantities

/// Mobile ions that cross the crystal and screen the injection.
///
///     J(s) = J (1 − γ s sign V),   ds/dt = (s_∞(V) − s)/τ_k,   1/τ_k = µ |V|/L² + π² D/L²
///     s_∞ = tanh(qV/2kT) Q/(Q + ε |V|/L),   Q = q c L
///
/// s is the charge that has crossed over what screens the whole field. Under a ramp r of space-charge-limited current, V², the
/// current passes a peak where an ion has just had the time to cross, ∫ µ V dt = L²: V_p = L √(2 r/µ), for γ near 1 and V_p
/// far above π² kT/q. Physics (8.26); Bisquert & Guerrero, *JACS* 144 (2022) 5996. One state for both electrodes: ions that
/// have crossed one way help the current the other way until they have crossed back.
public struct IonScreening: Hashable, Sendable {
  /// γ.
  public let share: Double
  /// µ, m²/(V s).
  public let mobility: Double
  /// L, m.
  public let thickness: Double
  /// kT/q, V.
  public let thermalVoltage: Double
  /// Q L/ε, V: the voltage whose field all ions together screen.
  public let reach: Double

  /// - Parameters:
  ///   - share: γ, 0 to 1.
  ///   - ionDensity: c, 1/m³; zero leaves nothing that screens.
  ///   - permittivity: ε, F/m.
  ///   - temperature: K.
  public init(
    share: Double, ionDensity: Double, mobility: Double, thickness: Double, permittivity: Double, temperature: Double
  ) {
    self.share = share
    self.mobility = mobility
    self.thickness = thickness
    thermalVoltage = Constants.boltzmann * temperature / Constants.elementaryCharge
    reach = Constants.elementaryCharge * ionDensity * thickness * thickness / permittivity
  }

  /// s_∞.
  public func target(voltage: Double) -> Double {
    guard reach > 0 else { return 0 }
    return tanh(0.5 * voltage / thermalVoltage) * reach / (reach + abs(voltage))
  }

  /// τ_k, s; infinite for ions that do not move.
  public func time(voltage: Double) -> Double {
    thickness * thickness / (mobility * (abs(voltage) + Double.pi * Double.pi * thermalVoltage))
  }

  /// s after a time at a voltage, exactly.
  public func screening(after time: Double, from start: Double, voltage: Double) -> Double {
    let target = target(voltage: voltage)
    return target + (start - target) * exp(-time / self.time(voltage: voltage))
  }

  /// What screening leaves of a current that a voltage drives.
  public func factor(_ screening: Double, voltage: Double) -> Double {
    1 - share * (voltage < 0 ? -screening : screening)
  }

  /// V_p under a ramp, V.
  public func peakVoltage(rampRate: Double) -> Double { thickness * (2 * rampRate / mobility).squareRoot() }
}
