import Foundation
import Materials
import Quantities

/// How far a flake bends while it is peeled, and what the bending does to it.
public struct PeelStrain: Hashable, Sendable {
  public let law: Exfoliability
  /// Radius that the tape or stamp is led over; adhesion sets it, if nil.
  public let tapeRadius: Length?
  /// Plies into which the flake's layers slip without friction; 1 for none. A flake has no more plies than layers.
  public let slip: Ratio

  public init(of law: Exfoliability, tapeRadius: Length? = nil, slip: Ratio = Ratio(si: 1)) {
    self.law = law
    self.tapeRadius = tapeRadius
    self.slip = slip
  }

  /// n, the plies of a flake of a thickness: as many as may slip, a layer each at least.
  ///
  /// Layers slip on the planes between them, physics (4.5); a single layer has none.
  public func plies(thickness: Length) -> Double {
    min(slip.si, max(1, (thickness.si / law.layerSpacing.si).rounded()))
  }

  /// Radius of the bend at the peeling front.
  ///
  ///     R_b = √(B/(2Γ))/n,  B = E t³/(12 (1 − ν²))
  ///
  /// The elastica that adhesion alone bends, physics (4.5); n plies that slip make the plate n² times softer. With a
  /// tape radius, the larger of the two.
  public func radius(thickness: Length) -> Length {
    let poisson = law.poissonRatio.si
    let stiffness = law.inPlaneModulus.si * pow(thickness.si, 3) / (12 * (1 - poisson * poisson))
    let adhesion = (stiffness / (2 * law.cleavageEnergy.si)).squareRoot() / plies(thickness: thickness)
    // What is too stiff for its adhesion lets go of the tape before it bends that far.
    return Length(si: max(adhesion, tapeRadius?.si ?? 0))
  }

  /// Strain of the outer fiber.
  ///
  ///     ε_b = t/(2 n R_b);  where adhesion sets the radius: √(6 Γ (1 − ν²)/(E t)), whatever n
  ///
  /// Physics (4.5): under adhesion, slip only tightens the bend; under a tape, no more than down to the strain of one
  /// layer alone. Linear elasticity: above a few percent an estimate.
  public func strain(thickness: Length) -> Ratio {
    Ratio(si: thickness.si / (2 * plies(thickness: thickness) * radius(thickness: thickness).si))
  }

  /// Cracks per area, 1/m², that sheets strained so far have on average.
  ///
  ///     κ = (ε/ε₀)^m / A₀
  ///
  /// The weakest link of Weibull, *J. Appl. Mech.* 18 (1951) 293, as a Poisson process: flaws weaker than the strain.
  /// Never more than one per square nanometer, which is more than there are cells.
  public func crackDensity(strain: Ratio) -> Double {
    guard strain.si > 0 else { return 0 }
    let density = pow(strain.si / law.fractureStrain.si, law.weibullModulus.si) / law.referenceArea.si
    return min(density, Self.densestCracks)
  }

  /// 1/m².
  static let densestCracks = 1e18

  /// Probability that a sheet of an area breaks on being strained so far.
  ///
  ///     P_f = 1 − exp[−(ε/ε₀)^m A/A₀]
  ///
  /// Physics (4.6).
  public func fractureProbability(strain: Ratio, area: Area) -> Double {
    -expm1(-crackDensity(strain: strain) * area.si)
  }

  /// How many times the vacancies of equilibrium a bent plate would make, mean over its thickness.
  ///
  ///     sinh(x)/x,  x = ΔV σ_m/(2kT),  σ_m = (1 + ν)/3 · E ε/(1 − ν²)
  ///
  /// c = c₀ exp(ΔV:σ/kT) of physics (4.6) with ΔV of a pair, so half of it for each of its two species, and the mean
  /// stress of a plate bent to a cylinder, from −σ_m inside to σ_m outside. A closure: a
  /// peel may be too short for them, so it is an upper bound.
  public func vacancyFactor(strain: Ratio, at temperature: Temperature) -> Double {
    let poisson = law.poissonRatio.si
    let stress = law.inPlaneModulus.si * strain.si / (1 - poisson * poisson)
    let mean = (1 + poisson) / 3 * stress
    let x = abs(law.vacancyVolume.si * mean / (2 * Constants.boltzmann * temperature.si))
    // The series, where the quotient would lose digits.
    return x < 1e-4 ? 1 + x * x / 6 : sinh(x) / x
  }
}
