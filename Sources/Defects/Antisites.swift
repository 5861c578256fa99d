import Foundation
import Materials
import Quantities
import Specimens

extension SchottkyDisorder {
  /// Ions of the two positive sublattices on each other's sites, 1/m³.
  ///
  ///     A_A + V_B″ ⇌ A_B′ + V_A′,   B_B + V_A′ ⇌ B_A• + V_B″
  ///     [A_B′] = √(N_A N_B) e^(−E/kT) ρ,   [B_A•] = √(N_A N_B) e^(−E/kT)/ρ
  ///     ρ = ([V_B″]/[V_A′]) / ([V_B″]/[V_A′])₀
  ///
  /// ρ is 1 in the stoichiometric crystal, ₀; an excess of AX raises it. Their product is that of the exchange of two
  /// ions, whose energy is 2E. So rare that they follow the vacancies and do not move them. Zero where data/ has no E.
  public static func antisites(
    of compound: Compound, at temperature: Temperature, beside found: DefectInventory
  ) throws -> (cations: Double, metals: Double) {
    guard let energy = compound.defects.antisiteEnergy, found.cationVacancies.si > 0, found.leadVacancies.si > 0 else {
      return (0, 0)
    }
    let reference = try SchottkyDisorder(of: compound, at: temperature).densities()
    let units = compound.formulaUnitDensity
    let sites = (Double(compound.ions.cation) * Double(compound.ions.metal)).squareRoot() * units
    let balanced = sites * exp(-energy.si / (Constants.boltzmann * temperature.si))
    let ratio =
      found.leadVacancies.si / found.cationVacancies.si / (reference.leadVacancies / reference.cationVacancies)
    return (min(sites, balanced * ratio), min(sites, balanced / ratio))
  }
}
