import Foundation
import Materials
import NumericalMethods
import Quantities

/// How vacancies relax toward equilibrium while the crystal sits at a temperature, and where they stop.
///
///     dc/dt = −(c − c_eq(T)) / τ(T),  τ = l_s² / (π² D),  D = (z/6) d² ν₀ exp(−E_m / kT)
///
/// Physics (1.17). A cation hops to z = 6 neighbors at d = a, a halide along z = 8 edges of its octahedron.
public struct FreezeOut: Sendable {
  /// The sublattice whose vacancies move; those of the metal do not.
  public enum Ion: Hashable, Sendable { case cation, halide }

  let compound: Compound

  public init(of compound: Compound) { self.compound = compound }

  private func migrationEnergy(of ion: Ion) -> Double {
    ion == .cation ? compound.defects.cationMigrationEnergy.si : compound.defects.halideMigrationEnergy.si
  }

  /// Diffusivity of the ion's vacancy, m²/s.
  public func diffusivity(of ion: Ion = .cation, at temperature: Double) -> Double {
    let distance = ion == .cation ? compound.latticeConstant.si : compound.halideHopDistance
    let neighbors = ion == .cation ? 6.0 : 8.0
    return neighbors / 6 * distance * distance * compound.defects.attemptFrequency.si
      * exp(-migrationEnergy(of: ion) / (Constants.boltzmann * temperature))
  }

  /// Time to reach the sinks, s.
  /// - Parameter distance: between sinks, m; as data/ gives it, if nil.
  public func relaxationTime(of ion: Ion = .cation, at temperature: Double, distance: Double? = nil) -> Double {
    let l = distance ?? compound.defects.sinkDistance.si
    return l * l / (Double.pi * Double.pi * diffusivity(of: ion, at: temperature))
  }

  /// What is left of a density after so many relaxation times at one temperature: the exact solution of the linear law.
  public static func relaxed(_ density: Double, toward equilibrium: Double, after times: Double) -> Double {
    equilibrium + (density - equilibrium) * exp(-times)
  }

  /// The temperature at which cooling at `rate` outruns relaxation, K.
  ///
  ///     τ(T_f) = k T_f² / (E_m |dT/dt|)
  ///
  /// Where cooling is slower or faster than any such balance, the end of 50 K to 2000 K that is nearer.
  /// - Throws: `Roots.Failure` for a rate of 0.
  public func freezeTemperature(of ion: Ion = .cation, coolingRate: HeatingRate) throws -> Temperature {
    let energy = migrationEnergy(of: ion)
    let rate = abs(coolingRate.si)
    let balance = { (t: Double) -> Double in
      log(relaxationTime(of: ion, at: t)) - log(Constants.boltzmann * t * t / (energy * rate))
    }
    let (low, high) = (50.0, 2000.0)
    if balance(low) < 0 { return .kelvin(low) }
    if balance(high) > 0 { return .kelvin(high) }
    return .kelvin(try Roots.brent(low, high, tolerance: 1e-6, balance))
  }
}
