import Materials
import Quantities
import Specimens

/// Deep traps of a crystal and the space-charge-limited-current reading that a laboratory would report.
public enum TrapMeasurement {
  /// Deep traps that defects, foreign ions and inclusions make, 1/m³.
  ///
  ///     n_t = η Σ c_d + Σ k_imp c_imp + n_inc f_inc
  ///
  /// Physics (1.18), with one share η for all vacancies and interstitials.
  public static func density(of defects: DefectInventory, inclusions: Ratio, in compound: Compound) -> NumberDensity {
    let law = compound.defects
    let native =
      defects.halideVacancies.si + defects.cationVacancies.si + defects.leadVacancies.si
      + defects.halideInterstitials.si + defects.cationInterstitials.si
    // In the order of the names, so that the sum does not depend on hashing.
    let foreign = defects.impurities.keys.sorted().reduce(0) { sum, name in
      sum + (compound.impurities?[name]?.deepTrapFraction?.si ?? 0) * defects.impurities[name]!.si
    }
    return NumberDensity(
      si: law.deepTrapFraction.si * native + foreign + law.inclusionTrapDensity.si * inclusions.si)
  }

  /// What the measurement across a thickness L reads.
  ///
  ///     V_TFL = q n_t L² / (2 ε),   n = 2 ε V / (q L²),   floor: V = V_min
  ///
  /// Lampert & Mark; physics (6.2), (6.5). A kink below `smallestVoltage` drowns in the ohmic and diffusion part, so the
  /// apparent density never falls below the floor.
  public static func reading(
    density: NumberDensity, thickness: Length, permittivity: Ratio, smallestVoltage: Voltage = .volts(0.1)
  ) -> TrapReading {
    let epsilon = permittivity.si * Constants.vacuumPermittivity
    let densityPerVolt = 2 * epsilon / (Constants.elementaryCharge * thickness.si * thickness.si)
    let voltage = density.si / densityPerVolt
    let floor = densityPerVolt * smallestVoltage.si
    return TrapReading(
      density: density, apparentDensity: NumberDensity(si: max(density.si, floor)),
      trapFilledLimitVoltage: Voltage(si: voltage), geometricFloor: NumberDensity(si: floor),
      isResolved: density.si > floor)
  }
}
