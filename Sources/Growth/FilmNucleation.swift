import Foundation
import Materials
import Quantities

/// Nuclei in a thin film of solution: those that few foreign places help, as in every vessel, and those of the solution
/// itself.
///
///     J = A exp[−W],  A = 1.5 D (c N_A)^{7/3} √(γ/kT) v,  W = 16π γ³ v²/(3 (kT)³ (ν_i ln S)²)
///     J_s = A v^{1/3} exp[−W f(θ)]        on the substrate
///
/// A is that of kinetics without foreign help (Mersmann & Kind; Mersmann, *J. Cryst. Growth* 102 (1990) 841, from
/// memory). The prefactors in data/ count the rare places that start crystals in a vessel at small S, some per square
/// meter and second; a drying film passes them by and reaches an S at which the solution nucleates anywhere. Both rates
/// are added. γ is the compound's `interfacialEnergy`, one number: what an antisolvent does to it is not known.
struct FilmNucleation: Sendable {
  let classical: ClassicalNucleation
  let energy: Double
  let formulaVolume: Double
  let independentIons: Double

  init(of compound: Compound, in liquor: MotherLiquor, contactAngle: Angle, energy: SurfaceEnergy) {
    classical = ClassicalNucleation(of: compound, in: liquor, contactAngle: contactAngle)
    self.energy = energy.si
    formulaVolume = 1 / compound.formulaUnitDensity
    independentIons = compound.growthKinetics.independentIons.si
  }

  /// 2 γ v/(ν_i kT): the length over which curvature shifts ln(c/c*), m (Gibbs & Thomson).
  func capillaryLength(at temperature: Double) -> Double {
    2 * energy * formulaVolume / (independentIons * Constants.boltzmann * temperature)
  }

  /// W of a nucleus in the solution; infinite at or below saturation.
  func work(_ sigma: Double, temperature: Double) -> Double {
    guard sigma > 0 else { return .infinity }
    let kT = Constants.boltzmann * temperature
    let drive = independentIons * sigma
    return 16 * Double.pi * pow(energy, 3) * formulaVolume * formulaVolume / (3 * kT * kT * kT * drive * drive)
  }

  /// d ln J/d ln S where nuclei form on the substrate: how suddenly they come.
  func steepness(_ sigma: Double, temperature: Double) -> Double {
    sigma > 0 ? 2 * work(sigma, temperature: temperature) * classical.wallFactor / sigma : 0
  }

  /// Nuclei per area of film and time, 1/(m² s): in a depth of solution, and on the substrate.
  /// - Parameters:
  ///   - sigma: ln(c/c*).
  ///   - concentration: mol per m³ of solution.
  ///   - saturation: c*, mol per m³ of solvent.
  func rates(
    _ sigma: Double, concentration: Double, saturation: Double, temperature: Double, diffusivity: Double, depth: Double
  ) -> (solution: Double, substrate: Double) {
    guard sigma > 0 else { return (0, 0) }
    let kT = Constants.boltzmann * temperature
    let prefactor =
      1.5 * diffusivity * pow(concentration * Constants.avogadro, 7.0 / 3) * (energy / kT).squareRoot() * formulaVolume
    let work = work(sigma, temperature: temperature)
    let ratio = exp(min(sigma, 500))
    return (
      depth
        * (prefactor * exp(-work)
          + classical.rate(supersaturation: ratio, saturation: saturation, temperature: temperature)),
      prefactor * cbrt(formulaVolume) * exp(-work * classical.wallFactor)
        + classical.wallRate(supersaturation: ratio, saturation: saturation, temperature: temperature)
    )
  }
}
