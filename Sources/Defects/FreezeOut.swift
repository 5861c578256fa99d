import Foundation
import Materials
import NumericalMethods
import Quantities

/// How cation vacancies relax toward equilibrium while the crystal sits at a temperature, and where they stop.
///
///     dc/dt = −(c − c_eq(T)) / τ(T),  τ = l_s² / (π² D),  D = a² ν₀ exp(−E_m / kT)
///
/// Physics (1.17). D is that of a simple cubic sublattice, six neighbors at the distance a.
public struct FreezeOut: Sendable {
  let compound: Compound

  public init(of compound: Compound) { self.compound = compound }

  /// Diffusivity of the A-site vacancy, m²/s.
  public func diffusivity(at temperature: Double) -> Double {
    let a = compound.latticeConstant.si
    let defects = compound.defects
    return a * a * defects.attemptFrequency.si
      * exp(-defects.cationMigrationEnergy.si / (Constants.boltzmann * temperature))
  }

  /// Time to reach the sinks, s.
  public func relaxationTime(at temperature: Double) -> Double {
    let l = compound.defects.sinkDistance.si
    return l * l / (Double.pi * Double.pi * diffusivity(at: temperature))
  }

  /// What is left of a density after a time at one temperature, 1/m³: the exact solution of the linear law.
  public func relaxed(_ density: Double, toward equilibrium: Double, after time: Double, at temperature: Double)
    -> Double
  {
    equilibrium + (density - equilibrium) * exp(-time / relaxationTime(at: temperature))
  }

  /// The temperature at which cooling at `rate` outruns relaxation, K.
  ///
  ///     τ(T_f) = k T_f² / (E_m |dT/dt|)
  ///
  /// - Throws: `Roots.Failure` when no such temperature lies between 50 K and 2000 K.
  public func freezeTemperature(coolingRate: HeatingRate) throws -> Temperature {
    let energy = compound.defects.cationMigrationEnergy.si
    let rate = abs(coolingRate.si)
    let balance = { (t: Double) -> Double in
      log(relaxationTime(at: t)) - log(Constants.boltzmann * t * t / (energy * rate))
    }
    return Temperature(si: try Roots.brent(50, 2000, tolerance: 1e-6, balance))
  }
}
