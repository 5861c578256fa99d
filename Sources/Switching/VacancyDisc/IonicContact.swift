import Foundation
import NumericalMethods
import Quantities

/// The double layer that mobile vacancies form at the contact, as one state: its sheet charge Q.
///
///     C_S (u/2 − ψ) = √(8 ε kT c_b) sinh(qψ/2kT) = Q_∞(u),   dQ/dt = (Q_∞(u) − Q)/τ_k
///     c_int = c_b + Q²/(2 ε kT),   τ_k = λ_D L/(2 D),   λ_D = √(ε kT/(q² c_int))
///
/// u is the voltage that pulls vacancies to the contact; half of it falls at each electrode. Compact layer in series with a
/// Gouy-Chapman layer (Grahame's relation), charged through the crystal: Bazant, Thornton, Ajdari, *Phys. Rev. E* 70 (2004)
/// 021506; physics (8.28), (8.37). Closure: λ_D is taken at the contact, so that a contact which has accumulated vacancies
/// answers faster, as seen in forming; charging through an unchanged bulk alone would not. Dilute ions; steric limits are left
/// out, which matters above some 1e27 m⁻³.
public struct IonicContact: Sendable {
  let layerCapacitance: Double
  let permittivity: Double
  let thermal: Double
  let bulkDensity: Double
  let diffusivity: Double
  let thickness: Double

  /// - Parameters:
  ///   - layerCapacitance: of the compact layer, F/m².
  ///   - bulkDensity: mobile vacancies, 1/m³; zero leaves a contact without memory.
  ///   - diffusivity: m²/s.
  ///   - thickness: of the crystal, m.
  public init(
    layerCapacitance: Double, staticPermittivity: Double, bulkDensity: Double, diffusivity: Double, thickness: Double,
    temperature: Double
  ) {
    self.layerCapacitance = layerCapacitance
    permittivity = staticPermittivity
    thermal = Constants.boltzmann * temperature
    self.bulkDensity = bulkDensity
    self.diffusivity = diffusivity
    self.thickness = thickness
  }

  /// Sheet charge of all mobile ions of the crystal, C/m²: no contact gathers more.
  var supply: Double { Constants.elementaryCharge * bulkDensity * thickness }

  /// Sheet charge in equilibrium with a voltage, C/m².
  ///
  /// Monotone in ψ; Newton's method on the concave side converges without a guard.
  public func equilibriumCharge(voltage u: Double) -> Double {
    guard bulkDensity > 0, u != 0 else { return 0 }
    let half = 0.5 * abs(u)
    let scale = (8 * permittivity * thermal * bulkDensity).squareRoot()
    let inverse = Constants.elementaryCharge / (2 * thermal)
    // Q = scale·sinh(inverse·ψ): solve for Q in half = Q/C + asinh(Q/scale)/inverse, which is concave in Q.
    var charge = min(layerCapacitance * half, scale * sinh(min(inverse * half, 300)))
    for _ in 0..<60 {
      let value = charge / layerCapacitance + asinh(charge / scale) / inverse - half
      let slope = 1 / layerCapacitance + 1 / (inverse * (charge * charge + scale * scale).squareRoot())
      let next = max(0, charge - value / slope)
      if abs(next - charge) <= 1e-13 * charge {
        charge = next
        break
      }
      charge = next
    }
    charge = min(charge, supply)
    return u > 0 ? charge : -charge
  }

  /// Vacancies at the contact, 1/m³; fewer than in the bulk are not resolved.
  public func contactDensity(charge: Double) -> Double {
    bulkDensity + (charge > 0 ? charge * charge / (2 * permittivity * thermal) : 0)
  }

  /// Kinetic time of the contact, s; infinite without mobile ions.
  public func kineticTime(charge: Double) -> Double {
    guard bulkDensity > 0, diffusivity > 0 else { return .infinity }
    let q = Constants.elementaryCharge
    let debye = (permittivity * thermal / (q * q * contactDensity(charge: charge))).squareRoot()
    return debye * thickness / (2 * diffusivity)
  }
}
