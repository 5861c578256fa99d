import Foundation
import Materials
import Quantities

/// Defects and impurities that a moving growth front keeps because they cannot leave in time.
public enum FrontTrapping {
  /// Effective distribution coefficient of an impurity behind a boundary layer.
  ///
  ///     k_eff = k₀ / (k₀ + (1 − k₀) exp(−R δ / D))
  ///
  /// Burton, Prim, Slichter, *J. Chem. Phys.* 21 (1953) 1987; physics (1.12).
  public static func boundaryLayerCoefficient(
    equilibrium k0: Double, speed: Double, layer: Double, diffusivity: Double
  ) -> Double {
    k0 / (k0 + (1 - k0) * exp(-speed * layer / diffusivity))
  }

  /// Distribution coefficient of a solute at a rough front of any speed.
  ///
  ///     k = (k_e + R/V_D) / (1 + R/V_D)
  ///
  /// Aziz, *J. Appl. Phys.* 53 (1982) 1158; physics (1.13).
  public static func coefficient(equilibrium ke: Double, speed: Double, diffusiveSpeed: Double) -> Double {
    let r = speed / diffusiveSpeed
    return (ke + r) / (1 + r)
  }

  /// Cation vacancies that a front of speed R leaves at its temperature, 1/m³.
  ///
  ///     c = c_eq + (c_s − c_eq) (R/V_D) / (1 + R/V_D)
  ///
  /// Physics (1.14), a closure: c_s = `frontVacancyRatio` c_eq and V_D = `trappingVelocity` are not known from elsewhere.
  public static func vacancyDensity(
    equilibrium: Double, speed: Velocity, of defects: DefectThermodynamics
  ) -> Double {
    let r = max(0, speed.si) / defects.trappingVelocity.si
    return equilibrium * (1 + (defects.frontVacancyRatio.si - 1) * r / (1 + r))
  }
}
