import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Testing

@Suite struct HalideDiffusionTests {
  private static func compound(_ name: String) throws -> Compound {
    try MaterialLibrary(contentsOf: FreezeOutTests.data).material(name)
  }

  @Test func cubicCrystalsDiffuseAlikeInAllDirections() throws {
    let tensor = HalideDiffusion.tensor(in: try Self.compound("MAPbBr3"), at: .kelvin(300))
    #expect(tensor.xx > 0 && tensor.xx == tensor.yy && tensor.yy == tensor.zz && tensor.xy == 0)
  }

  /// Across the layers slower by exp(−ΔE/kT), whatever the cell's angles; along every direction between, by cos².
  @Test func layersHoldVacanciesBackByTheirBarrier() throws {
    var compound = try Self.compound("(PEA)2PbI4")
    compound.defects.interlayerBarrier = .electronvolts(0.1)
    let temperature = Temperature.kelvin(320)
    let tensor = HalideDiffusion.tensor(in: compound, at: temperature)
    let normal = compound.lattice.reciprocal(0, 0, 1).normalized
    let (a, b, _) = compound.lattice.axes
    let ratio = exp(-0.1 * Constants.elementaryCharge / (Constants.boltzmann * 320))
    #expect(abs(tensor.along(normal) / tensor.along(a) / ratio - 1) < 1e-12)
    #expect(abs(tensor.along(a) / tensor.along(b) - 1) < 1e-12)
    let between = tensor.along(normal + a.normalized)
    #expect(abs(between / (0.5 * (tensor.along(a) + tensor.along(normal))) - 1) < 1e-12)
  }

  /// A crystal on its layers is slow through its thickness, one on its edge slow along the plate.
  @Test func theDeviceSeesTheTensorTurnedWithTheCrystal() throws {
    var compound = try Self.compound("CsPb2Br5")
    compound.defects.interlayerBarrier = .electronvolts(0.15)
    let temperature = Temperature.kelvin(298)
    let flat = HalideDiffusion.tensor(in: compound, at: temperature, turned: .identity)
    let upright = HalideDiffusion.tensor(
      in: compound, at: temperature, turned: Rotation(from: SIMD3(0, 0, 1), to: SIMD3(1, 0, 0)))
    #expect(abs(flat.zz / upright.xx - 1) < 1e-12 && abs(flat.xx / upright.zz - 1) < 1e-12)
    #expect(flat.zz < 0.01 * flat.xx)
  }
}
