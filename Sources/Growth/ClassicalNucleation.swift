import Foundation
import Materials
import Quantities

/// Rates at which nuclei appear in solution and on walls.
///
///     J = A S exp[−16π γ³ v² f(θ) / (3 (kT)³ (ν_i ln S)²)]
///     f(θ) = (2 + cos θ)(1 − cos θ)² / 4
///     γ = 0.414 kT (c_s N_A)^{2/3} ln(c_s / c*)
///
/// Classical nucleation theory (Kashchiev) with Mersmann's interfacial energy; physics (1.3)-(1.5). The prefactors are known
/// to many powers of ten at best; the steep exponent makes the temperature of the first nuclei far less uncertain than that.
public struct ClassicalNucleation: Sendable {
  let formulaVolume: Double
  let crystalDensity: Double
  let independentIons: Double
  let prefactor: Double
  let wallPrefactor: Double
  /// f(θ) of the walls.
  public let wallFactor: Double

  public init(of compound: Compound, in liquor: MotherLiquor, contactAngle: Angle) {
    self.init(of: compound, contactAngle: contactAngle, factor: liquor.nucleationFactor)
  }

  /// - Parameter factor: of both prefactors.
  public init(of compound: Compound, contactAngle: Angle, factor: Double = 1) {
    formulaVolume = 1 / compound.formulaUnitDensity
    crystalDensity = compound.molarDensity
    independentIons = compound.growthKinetics.independentIons.si
    prefactor = compound.growthKinetics.nucleationPrefactor.si * factor
    wallPrefactor = compound.growthKinetics.wallNucleationPrefactor.si * factor
    wallFactor = Self.wallFactor(contactAngle)
  }

  /// The share of the homogeneous work that a nucleus on a wall still has to do.
  public static func wallFactor(_ contactAngle: Angle) -> Double {
    let c = cos(contactAngle.si)
    return (2 + c) * (1 - c) * (1 - c) / 4
  }

  /// γ of the crystal against its solution, J/m²; nothing is left of it where a volume of solvent dissolves more than a volume
  /// of crystal holds, which no dilute law describes.
  public func interfacialEnergy(saturation: Double, temperature: Double) -> Double {
    0.414 * Constants.boltzmann * temperature * pow(crystalDensity * Constants.avogadro, 2.0 / 3)
      * log(max(1, crystalDensity / saturation))
  }

  /// Work of the homogeneous critical nucleus over kT; infinite at or below saturation.
  public func workOverThermal(supersaturation ratio: Double, saturation: Double, temperature: Double) -> Double {
    guard ratio > 1 else { return .infinity }
    let kT = Constants.boltzmann * temperature
    let gamma = interfacialEnergy(saturation: saturation, temperature: temperature)
    let drive = independentIons * log(ratio)
    return 16 * Double.pi * gamma * gamma * gamma * formulaVolume * formulaVolume / (3 * kT * kT * kT * drive * drive)
  }

  /// Nuclei per volume and time, 1/(m³ s).
  public func rate(supersaturation ratio: Double, saturation: Double, temperature: Double) -> Double {
    guard ratio > 1 else { return 0 }
    return prefactor * ratio
      * exp(-workOverThermal(supersaturation: ratio, saturation: saturation, temperature: temperature))
  }

  /// Nuclei per wall area and time, 1/(m² s).
  public func wallRate(supersaturation ratio: Double, saturation: Double, temperature: Double) -> Double {
    guard ratio > 1 else { return 0 }
    let work = workOverThermal(supersaturation: ratio, saturation: saturation, temperature: temperature)
    return wallPrefactor * ratio * exp(-work * wallFactor)
  }
}
