import Defects
import Foundation
import Quantities
import Testing

/// Point-defect densities that the literature states.
@Suite struct DefectDisorderTests {
  /// 0.14 eV per defect of full Schottky disorder empties 0.44 % of the sites of MAPbI₃ at 300 K; above 0.4 % is reported.
  ///
  /// Walsh et al., *Angew. Chem.* 54 (2015) 1791, as told in a thesis. Equal energies of both partial disorders make the full one:
  /// every sublattice then misses exp(−E/kT) of its ions.
  @Test func schottkyDisorderOfMAPbI3IsAsReported() throws {
    let kT = Constants.boltzmann * 300
    let units = 1 / 2.485e-28
    let pair = exp(-2 * 0.14 * Constants.elementaryCharge / kT)
    let triple = exp(-3 * 0.14 * Constants.elementaryCharge / kT)
    let disorder = try SchottkyDisorder(
      temperature: 300, productAX: 3 * units * units * pair, productBX2: 9 * units * units * units * triple,
      intrinsicCarriers: 1e11)
    let found = try disorder.densities()
    for fraction in [
      found.halideVacancies / (3 * units), found.cationVacancies / units, found.leadVacancies / units,
    ] {
      #expect(abs(fraction / 0.0044 - 1) < 0.05)
      #expect(fraction > 0.004)
    }
  }
}
