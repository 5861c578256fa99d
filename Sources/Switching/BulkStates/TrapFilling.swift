import Foundation
import Materials
import Quantities

/// Traps that catch injected electrons, and fill.
///
///     N = 2 ε V/(q L²),   n + n_t (1 − q_t) n/(n + n₁) = N,   n₁ = N_c exp(−E_t/kT) exp(0.891 β √(V/L)/kT)
///     dq_t/dt = c n (1 − q_t) − e q_t
///     V_TFL = q n_t L²/(2 ε),   β = √(q³/(π ε_opt))
///
/// N is what the electrodes can hold, n what of it is free. Traps that have not relaxed share the charge with the band; a
/// relaxed one is out of the play, q_t of them. So θ = n/N climbs from n₁/(n₁ + n_t) to 1 where V passes V_TFL, and stays
/// there as long as the traps stay filled. Lampert & Mark, *Current Injection in Solids* (1970), with Murgatroyd's factor,
/// *J. Phys. D* 3 (1970) 151; physics (6.2), (6.3), (8.37). Closure: mobile vacancies neutralize relaxed traps, so that these
/// hold no injected charge back; uniform charge over the depth.
public struct TrapFilling: Hashable, Sendable {
  /// n_t, 1/m³.
  public let density: Double
  /// n₁ without a field, and N_c, 1/m³.
  public let exchangeDensity: Double
  public let bandDensity: Double
  /// c, m³/s, and e, 1/s.
  public let capture: Double
  public let release: Double
  /// N per volt, 1/(m³ V).
  public let chargePerVolt: Double
  /// 0.891 β/(kT √L), 1/√V.
  public let fieldFactor: Double

  /// - Parameters:
  ///   - density: n_t, 1/m³; zero leaves trap-free conduction.
  ///   - depth: E_t, J.
  ///   - crossSection: m².
  ///   - release: 1/s.
  ///   - thickness: m.
  ///   - temperature: K.
  public init(
    density: Double, depth: Double, crossSection: Double, release: Double, structure: ElectronicStructure,
    thickness: Double, temperature: Double
  ) {
    let q = Constants.elementaryCharge
    let thermal = Constants.boltzmann * temperature
    let mass = structure.electronMass.si * Constants.electronMass
    let wave = 2 * Double.pi * mass * thermal / (Constants.planck * Constants.planck)
    bandDensity = 2 * wave * wave.squareRoot()
    exchangeDensity = bandDensity * exp(-depth / thermal)
    self.density = density
    self.release = release
    capture = crossSection * (3 * thermal / mass).squareRoot()
    chargePerVolt = 2 * structure.staticPermittivity.si * Constants.vacuumPermittivity / (q * thickness * thickness)
    let optical = structure.opticalPermittivity.si * Constants.vacuumPermittivity
    fieldFactor = 0.891 * q * (q / (Double.pi * optical * thickness)).squareRoot() / thermal
  }

  /// V_TFL, V.
  public var limitVoltage: Double { density / chargePerVolt }

  /// θ = n/N at a size of the voltage and a filled share.
  public func freeShare(voltage: Double, filled: Double) -> Double {
    guard density > 0 else { return 1 }
    let charge = chargePerVolt * voltage
    // A level cannot exchange faster than one at the band's edge.
    let exchange = min(bandDensity, exchangeDensity * exp(min(fieldFactor * voltage.squareRoot(), 300)))
    let open = density * (1 - filled)
    let excess = exchange + open - charge
    let root = (excess * excess + 4 * charge * exchange).squareRoot()
    // n of n² + excess n − N n₁ = 0 over N, without cancellation on either side of V_TFL.
    return excess > 0 ? 2 * exchange / (excess + root) : 0.5 * (root - excess) / charge
  }

  /// The filled share after a time at a voltage, exactly for carriers as they are at its beginning.
  public func filled(after time: Double, from start: Double, voltage: Double) -> Double {
    let fill = capture * freeShare(voltage: voltage, filled: start) * chargePerVolt * voltage
    let rate = fill + release
    guard rate > 0 else { return start }
    let target = fill / rate
    return target + (start - target) * exp(-rate * time)
  }
}
