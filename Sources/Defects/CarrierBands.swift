import Foundation
import Materials
import Quantities

/// The band edges from which electrons and holes come.
///
///     n = N_C exp[−(E_g − E_F)/kT],  p = N_V exp(−E_F/kT),  N = 2 (2π m kT / h²)^{3/2}
///
/// E_F above the valence band edge. Boltzmann's limit: valid while E_F stays a few kT inside the gap.
public struct CarrierBands: Hashable, Sendable {
  /// J.
  public var gap: Double
  /// ln of N_C and N_V at 1 K, 1/m³.
  var logConduction: Double
  var logValence: Double
  /// Power of the temperature in both.
  var power: Double

  /// Parabolic bands.
  /// - Parameters: masses over the free electron's.
  public init(gap: Energy, electronMass: Double, holeMass: Double) {
    self.gap = gap.si
    let density = { (mass: Double) -> Double in
      log(2) + 1.5
        * log(
          2 * Double.pi * mass * Constants.electronMass * Constants.boltzmann
            / (Constants.planck * Constants.planck))
    }
    logConduction = density(electronMass)
    logValence = density(holeMass)
    power = 1.5
  }

  public init(of structure: ElectronicStructure) {
    self.init(gap: structure.bandGap, electronMass: structure.electronMass.si, holeMass: structure.holeMass.si)
  }

  /// Equal bands of a given intrinsic density, 1/m³, at every temperature; E_F counts from the intrinsic level.
  public init(intrinsicCarriers: Double) {
    gap = 0
    logConduction = log(intrinsicCarriers)
    logValence = logConduction
    power = 0
  }

  /// ln N_C and ln N_V.
  func logDensities(at temperature: Double) -> (conduction: Double, valence: Double) {
    let rise = power * log(temperature)
    return (logConduction + rise, logValence + rise)
  }

  /// n_i = √(N_C N_V) exp(−E_g/2kT), 1/m³.
  public func intrinsicDensity(at temperature: Double) -> Double {
    let (c, v) = logDensities(at: temperature)
    return exp(0.5 * (c + v) - gap / (2 * Constants.boltzmann * temperature))
  }

  /// E_F of the crystal without defects, above the valence band edge, J.
  public func intrinsicLevel(at temperature: Double) -> Double {
    let (c, v) = logDensities(at: temperature)
    return 0.5 * (gap + Constants.boltzmann * temperature * (v - c))
  }
}
