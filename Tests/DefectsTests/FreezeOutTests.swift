import Defects
import Foundation
import Materials
import Quantities
import Recipes
import Testing

@Suite struct FreezeOutTests {
  static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data").path(percentEncoded: false)

  let compound = try! MaterialLibrary(contentsOf: data).material("MAPbBr3")

  /// At the freeze temperature the rate of relaxation equals that at which cooling slows it down.
  @Test(arguments: [1e-4, 1e-2, 1])
  func theFreezeTemperatureIsWhereCoolingOutrunsRelaxation(rate: Double) throws {
    let law = FreezeOut(of: compound)
    for ion in [FreezeOut.Ion.cation, .halide] {
      let frozen = try law.freezeTemperature(of: ion, coolingRate: HeatingRate(si: rate)).si
      let step = 1e-3
      let slowing =
        log(law.relaxationTime(of: ion, at: frozen - step) / law.relaxationTime(of: ion, at: frozen + step))
        / (2 * step)
      #expect(abs(slowing * rate * law.relaxationTime(of: ion, at: frozen) - 1) < 1e-4)
    }
  }

  @Test func eachSublatticeFreezesByItsOwnBarrier() throws {
    let law = FreezeOut(of: compound)
    let rate = HeatingRate(si: 10.0 / 3600)
    let cation = try law.freezeTemperature(of: .cation, coolingRate: rate)
    let halide = try law.freezeTemperature(of: .halide, coolingRate: rate)
    #expect(halide.si < 200 && cation.si > 300)
    #expect(try law.freezeTemperature(coolingRate: HeatingRate(si: 1)) > cation)
  }

  /// A stay in two halves is the stay in one piece.
  @Test func relaxationForgetsWhereItWasInterrupted() {
    let once = FreezeOut.relaxed(5e23, toward: 2e22, after: 1.7)
    let twice = FreezeOut.relaxed(FreezeOut.relaxed(5e23, toward: 2e22, after: 0.9), toward: 2e22, after: 0.8)
    #expect(abs(once / twice - 1) < 1e-12)
    #expect(FreezeOut.relaxed(5e23, toward: 2e22, after: 0) == 5e23)
    #expect(FreezeOut.relaxed(5e23, toward: 2e22, after: 800) == 2e22)
  }

  /// Every temperature and energy of a draw leaves finite densities above zero or equal to it.
  @Test(arguments: [250.0, 300, 450, 600], [0.05, 0.37, 2.5])
  func theCompoundsDisorderIsFiniteAtExtremes(temperature: Double, energy: Double) throws {
    var compound = compound
    compound.defects.schottkyEnergyAX = Energy(si: energy * Constants.elementaryCharge)
    compound.defects.schottkyEnergyBX2 = Energy(si: energy * Constants.elementaryCharge)
    compound.defects.halideFrenkelEnergy = Energy(si: energy * Constants.elementaryCharge)
    compound.defects.cationFrenkelEnergy = Energy(si: 0.6 * Constants.elementaryCharge)
    compound.defects.transitionLevels = TransitionLevels(halideVacancy: Energy(si: 2 * Constants.elementaryCharge))
    for activity in [1e-25, 1, 1e25] {
      let disorder = try SchottkyDisorder(
        of: compound, at: .kelvin(temperature), in: ChemicalEnvironment(saltActivity: 3))
      let d = try disorder.densities(halideActivity: activity, frozen: .init(dopantCharge: -1e20))
      for density in [
        d.halideVacancies, d.cationVacancies, d.leadVacancies, d.halideInterstitials, d.cationInterstitials,
        d.electrons, d.holes,
      ] { #expect(density.isFinite && density >= 0) }
      #expect(abs(d.neutralityResidual) < 1e-12)
    }
  }
}
