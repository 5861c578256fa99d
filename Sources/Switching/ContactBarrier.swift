import Foundation
import Materials
import Quantities

/// The barrier that electrons meet at a metal on a semiconductor, and the current over and through it.
///
///     φ_b = S (Φ_M − χ) + (1 − S) (E_g − φ_CNL)
///     J_TE  = A* T² exp[−(φ_b − Δφ)/kT],         Δφ = √(q³ E / 4π ε_opt)
///     J_TFE = A* T² exp[−(φ_b − Δφ)/E₀],         E₀ = E₀₀ coth(E₀₀/kT),  E₀₀ = (q h/4π) √(N/(m* ε_s))
///
/// Cowley & Sze 1965 for the pinned barrier, Sze & Ng for emission with the image force, Padovani & Stratton for the
/// thermionic-field form (used as in the JART VCM model); physics (8.15)-(8.17). Needs φ_b ≫ kT; E below 0.5 V/nm.
public struct ContactBarrier: Sendable {
  /// φ_b without field, J.
  public let height: Double
  let richardson: Double
  let thermal: Double
  let temperature: Double
  let opticalPermittivity: Double
  let staticPermittivity: Double
  let mass: Double

  /// - Throws: `SwitchingError.noBarrier` when the contact is ohmic for electrons or for holes.
  public init(metalWorkFunction: Energy, to compound: Compound, at temperature: Temperature) throws {
    let electronic = compound.electronicStructure
    let height = electronic.contactBarrier(workFunction: metalWorkFunction).si
    let kT = Constants.boltzmann * temperature.si
    guard height > 3 * kT, height < electronic.bandGap.si else {
      throw SwitchingError.noBarrier(electronvolts: height / Constants.elementaryCharge)
    }
    self.height = height
    self.temperature = temperature.si
    thermal = kT
    mass = electronic.electronMass.si * Constants.electronMass
    richardson = Constants.richardson * electronic.electronMass.si
    opticalPermittivity = electronic.opticalPermittivity.si * Constants.vacuumPermittivity
    staticPermittivity = electronic.staticPermittivity.si * Constants.vacuumPermittivity
  }

  /// Lowering of the barrier by the image force in a field (V/m) that pulls electrons in, J.
  @inlinable
  public func imageLowering(field: Double) -> Double { field > 0 ? imageCoefficient * field.squareRoot() : 0 }

  /// Δφ per root of the field.
  public var imageCoefficient: Double {
    let q = Constants.elementaryCharge
    return q * (q / (4 * Double.pi * opticalPermittivity)).squareRoot()
  }

  /// Saturation current density of thermionic emission, A/m².
  public func thermionic(lowering: Double) -> Double {
    richardson * temperature * temperature * exp(-max(0, height - lowering) / thermal)
  }

  /// Characteristic tunneling energy E₀ at a density of ionized donors, J.
  public func tunnelingEnergy(donors: Double) -> Double {
    let e00 =
      Constants.elementaryCharge * Constants.planck / (4 * Double.pi)
      * (donors / (mass * staticPermittivity)).squareRoot()
    guard e00 > 1e-6 * thermal else { return thermal }
    return e00 / tanh(e00 / thermal)
  }

  /// Saturation current density of thermionic-field emission through a layer with ionized donors, A/m².
  public func thermionicField(donors: Double, lowering: Double) -> Double {
    richardson * temperature * temperature * exp(-max(0, height - lowering) / tunnelingEnergy(donors: donors))
  }
}
