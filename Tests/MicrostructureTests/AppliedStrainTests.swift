import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Testing

/// Strain that a bent or stretched support puts on the crystal.
@Suite struct AppliedStrainTests {
  private func fields(
    x: Double, y: Double, compound: Compound? = nil, orientation: Orientation? = nil
  ) throws -> CrystalFields {
    var resolution = Fixture.resolution(deviation: 0)
    resolution.strainX = Ratio(si: x)
    resolution.strainY = Ratio(si: y)
    return try resolution.resolve(
      Fixture.crystal(grownAt: 300, temperature: 300, orientation: orientation),
      of: try compound ?? Fixture.compound(), on: try Fixture.glass(), electrode: Fixture.electrode, seed: 7)
  }

  /// ε_zz = −(C₁₂/C₁₁)(ε_xx + ε_yy) under a free face, and E_a = E_a0 − B ΔV_a tr ε.
  @Test(arguments: [(0.004, 0.0), (0.004, 0.004), (-0.003, 0.001)])
  func stretchFollowsHookesLawAndMovesTheBarrier(x: Double, y: Double) throws {
    let compound = try Fixture.compound()
    let found = try fields(x: x, y: y)
    let normal = -compound.elasticity.c12.si / compound.elasticity.c11.si * (x + y)
    for (component, strain) in [x, y, normal, 0, 0, 0].enumerated() {
      #expect(found.strain.components[component].values.allSatisfy { abs($0 - strain) < 1e-15 })
    }
    let (c11, c12) = (compound.elasticity.c11.si, compound.elasticity.c12.si)
    let stress = 0.5 * ((c11 + c12) * (x + y) + 2 * c12 * normal)
    #expect(abs(found.residualStress.si - stress) < 1e-9 * abs(stress))
    let bulk = (c11 + 2 * c12) / 3
    let volume = compound.defects.halideActivationVolume.si / compound.formulaUnitDensity
    let shift = -bulk * volume * (x + y + normal)
    #expect(abs(found.migrationBarrier.mean - found.unstrainedBarrier.si - shift) < 1e-9 * abs(shift))
  }

  @Test func noStrainFromOutsideChangesNothing() throws {
    var resolution = Fixture.resolution()
    let plain = try resolution.resolve(
      Fixture.crystal(), of: try Fixture.compound(), on: try Fixture.glass(), electrode: Fixture.electrode, seed: 7)
    (resolution.strainX, resolution.strainY) = (Ratio(si: 0), Ratio(si: 0))
    let zero = try resolution.resolve(
      Fixture.crystal(), of: try Fixture.compound(), on: try Fixture.glass(), electrode: Fixture.electrode, seed: 7)
    #expect(plain == zero)
  }

  /// An isotropic crystal does not know how it lies: voxels give what layers give.
  @Test func aTiltedIsotropicCrystalStretchesAsAFlatOne() throws {
    let compound = try Fixture.compound(c44: 10.9)
    let tilt = Rotation(axis: SIMD3(1, 0, 0), angle: 0.3)
    let flat = try fields(x: 0.004, y: -0.001, compound: compound)
    let tilted = try fields(
      x: 0.004, y: -0.001, compound: compound,
      orientation: Orientation(quaternion: tilt.quaternion, face: SIMD3(0, 0, 1), mosaicWidth: Angle(si: 0)))
    for component in 0..<3 {
      let expected = flat.strain.components[component].mean
      #expect(abs(tilted.strain.components[component].mean - expected) < 1e-4 * abs(expected))
    }
  }
}
