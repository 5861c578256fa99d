import Defects
import Materials
import Quantities
import Recipes
import Specimens
import Testing

@Suite struct DeepTrapTests {
  /// n_t is linear in what makes it: native defects by one share, foreign ions by their own, inclusions by volume.
  @Test func defectsForeignIonsAndInclusionsAddUp() throws {
    var compound = try MaterialLibrary(contentsOf: FreezeOutTests.data).material("MAPbBr3")
    compound.impurities = [
      "Bi": Impurity(site: .metal, charge: 1, partition: Ratio(si: 0.1), deepTrapFraction: Ratio(si: 0.5)),
      "Cs": Impurity(site: .cation, charge: 0, partition: Ratio(si: 0.5)),
    ]
    func inventory(_ scale: Double, foreign: [String: NumberDensity] = [:]) -> DefectInventory {
      DefectInventory(
        halideVacancies: NumberDensity(si: 5 * scale), cationVacancies: NumberDensity(si: 3 * scale),
        leadVacancies: NumberDensity(si: scale), halideInterstitials: NumberDensity(si: 2 * scale),
        impurities: foreign, freezeTemperature: .kelvin(320))
    }
    func traps(_ defects: DefectInventory, _ inclusions: Double = 0) -> Double {
      TrapMeasurement.density(of: defects, inclusions: Ratio(si: inclusions), in: compound).si
    }
    let native = compound.defects.deepTrapFraction.si * 11e20
    #expect(abs(traps(inventory(1e20)) / native - 1) < 1e-12)
    let foreign = ["Bi": NumberDensity(si: 4e20), "Cs": NumberDensity(si: 7e24)]
    #expect(abs(traps(inventory(1e20, foreign: foreign)) / (native + 2e20) - 1) < 1e-12)
    let inclusions = compound.defects.inclusionTrapDensity.si * 0.01
    #expect(abs(traps(inventory(0), 0.01) / inclusions - 1) < 1e-12)
  }
}
