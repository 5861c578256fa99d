import Defects
import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Testing

/// Bands and vacancies of a window beside its contacts.
@Suite struct WindowBandsTests {
  private static let temperature = 300.0
  private static let thermal = Constants.boltzmann * temperature

  private func fields(deviation: Double, density: Double = 1e23, spacing: Double = 2, height: Double = 160) throws
    -> CrystalFields
  {
    let resolution = FieldResolution(
      spacing: .nanometers(spacing),
      size: FieldExtent(width: .nanometers(16), depth: .nanometers(16), height: .nanometers(height)),
      logDeviation: Ratio(si: deviation), correlationLength: .nanometers(4), stepLogDeviation: Ratio(si: 0))
    return try resolution.resolve(
      Fixture.crystal(density: density, grownAt: 300), of: Fixture.compound(relaxationVolume: 0),
      on: Fixture.glass(), electrode: Fixture.electrode, seed: 3)
  }

  /// The barrier at which the contact's bands stand as the bulk's do.
  private func neutralBarrier(_ compound: Compound) -> Energy {
    let bands = CarrierBands(of: compound.electronicStructure)
    return Energy(si: bands.gap - bands.intrinsicLevel(at: Self.temperature))
  }

  /// What grew neutral stays so, voxel by voxel, beside a contact that asks for nothing.
  @Test func besideAContactLikeTheBulkNothingMoves() throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let fields = try fields(deviation: 0.6)
    let found = try WindowBands(excessElectrons: 0, topBarrier: neutralBarrier(compound), bottomBarrier: nil)
      .bands(of: fields, compound: compound)
    #expect(found.potential.values.allSatisfy { abs($0) < 1e-7 })
    for (a, b) in zip(found.vacancyDensity.values, fields.vacancyDensity.values) { #expect(abs(a / b - 1) < 1e-5) }
    #expect(found.warnings.isEmpty)
  }

  /// Vacancies and fixed countercharge beside a contact: (dψ/dx)² = (2/λ²)(e^(−ψ) + ψ − 1), ψ = qφ/kT, λ² = ε kT/(q² c),
  /// far below the sites' number.
  @Test(arguments: [0.1, -0.06])
  func theBandsFollowTheFirstIntegralOfAOneComponentPlasma(step: Double) throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let density = 1e23
    let debye =
      (25 * Constants.vacuumPermittivity * Self.thermal
      / (Constants.elementaryCharge * Constants.elementaryCharge * density)).squareRoot()
    func solve(_ spacing: Double) throws -> BandFields {
      try WindowBands(
        excessElectrons: 0,
        topBarrier: Energy(si: neutralBarrier(compound).si - step * Constants.elementaryCharge), bottomBarrier: nil
      ).bands(of: fields(deviation: 0, density: density, spacing: spacing), compound: compound)
    }
    func force(_ psi: Double) -> Double {
      let square = 2 / (debye * debye) * (exp(-psi) + psi - 1)
      return max(0, square).squareRoot() * (psi > 0 ? 1 : -1)
    }
    // From the contact down by Runge and Kutta's fourth order.
    func exact(_ depth: Double) -> Double {
      var psi = step * Constants.elementaryCharge / Self.thermal
      let steps = 4000
      let h = depth / Double(steps)
      for _ in 0..<steps {
        let k1 = -force(psi)
        let k2 = -force(psi + 0.5 * h * k1)
        let k3 = -force(psi + 0.5 * h * k2)
        psi += h / 6 * (k1 + 2 * k2 + 2 * k3 - force(psi + h * k3))
      }
      return psi * Self.thermal / Constants.elementaryCharge
    }
    let errors = try [4.0, 2].map { spacing -> Double in
      let found = try solve(spacing)
      let grid = found.potential.grid
      return (0..<grid.nz).reduce(0.0) { worst, k in
        let depth = (Double(grid.nz - k) - 0.5) * grid.spacing.z
        return depth > 100e-9 ? worst : max(worst, abs(found.potential[1, 1, k] - exact(depth)))
      }
    }
    #expect(errors[1] < 0.01 * abs(step), "\(errors)")
    #expect(errors[0] / errors[1] > 3, "\(errors)")
  }

  /// A surplus of electrons is balanced by ions that stay: it leaves what grew neutral as it was.
  @Test(arguments: [1e22, -1e22])
  func aSurplusOfCarriersIsNeutralToo(surplus: Double) throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let bands = CarrierBands(of: compound.electronicStructure)
    let intrinsic = bands.intrinsicDensity(at: Self.temperature)
    let level = bands.intrinsicLevel(at: Self.temperature) + Self.thermal * asinh(surplus / (2 * intrinsic))
    let fields = try fields(deviation: 0.3)
    let found = try WindowBands(
      excessElectrons: surplus, topBarrier: Energy(si: bands.gap - level), bottomBarrier: nil
    ).bands(of: fields, compound: compound)
    #expect(found.potential.values.allSatisfy { abs($0) < 1e-6 })
    for (a, b) in zip(found.vacancyDensity.values, fields.vacancyDensity.values) { #expect(abs(a / b - 1) < 1e-4) }
  }

  /// A crystal that the window holds whole keeps its vacancies, whether or not its thickness is a whole number of voxels
  /// and a metal lies below; with equal contacts its bands are their own mirror image.
  @Test(arguments: [100.0, 100.9, 99.2], [true, false])
  func aWholeCrystalKeepsItsVacancies(thickness: Double, hasBottom: Bool) throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let resolution = FieldResolution(
      spacing: .nanometers(2),
      size: FieldExtent(width: .nanometers(16), depth: .nanometers(16), height: nil),
      logDeviation: Ratio(si: 0), stepLogDeviation: Ratio(si: 0))
    let fields = try resolution.resolve(
      Fixture.crystal(thickness: .nanometers(thickness), density: 1e22, grownAt: 300), of: compound,
      on: Fixture.glass(), electrode: Fixture.electrode, seed: 3)
    let barrier = Energy(si: neutralBarrier(compound).si - 0.15 * Constants.elementaryCharge)
    let found = try WindowBands(
      excessElectrons: 0, topBarrier: barrier, bottomBarrier: hasBottom ? barrier : nil
    ).bands(of: fields, compound: compound)
    #expect(abs(found.vacancyDensity.mean / 1e22 - 1) < 1e-9)
    #expect(!found.warnings.map(\.code).contains("bandsBeyondWindow"))
    let grid = found.potential.grid
    for k in 0..<grid.nz where hasBottom {
      #expect(abs(found.potential[2, 2, k] - found.potential[2, 2, grid.nz - 1 - k]) < 1e-7)
    }
  }

  /// E_F in the bulk is that of the surplus of carriers, and stands still while the edges bend.
  @Test func theFermiLevelIsThatOfTheSurplus() throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let bands = CarrierBands(of: compound.electronicStructure)
    let intrinsic = bands.intrinsicDensity(at: Self.temperature)
    for surplus in [1e3 * intrinsic, -1e5 * intrinsic] {
      let found = try WindowBands(
        excessElectrons: surplus, topBarrier: Energy(si: neutralBarrier(compound).si), bottomBarrier: nil
      ).bands(of: fields(deviation: 0), compound: compound)
      let shift = found.fermiLevel[0, 0, 0] - bands.intrinsicLevel(at: Self.temperature)
      #expect(abs(shift / (Self.thermal * asinh(surplus / (2 * intrinsic))) - 1) < 0.02)
      // At the contact it is the contact's.
      let grid = found.fermiLevel.grid
      for (level, potential) in zip(found.fermiLevel.values, found.potential.values) {
        let bulk = bands.intrinsicLevel(at: Self.temperature) + Self.thermal * asinh(surplus / (2 * intrinsic))
        #expect(abs(level - bulk - Constants.elementaryCharge * potential) < 1e-6 * bands.gap)
      }
      #expect(grid.nz == 80)
    }
  }

  @Test func aWindowThatIsTooLowOrTooCoarseIsTold() throws {
    let compound = try Fixture.compound(relaxationVolume: 0)
    let barrier = Energy(si: neutralBarrier(compound).si - 0.3 * Constants.elementaryCharge)
    let low = try WindowBands(excessElectrons: 0, topBarrier: barrier, bottomBarrier: nil)
      .bands(of: fields(deviation: 0, density: 1e22, height: 20), compound: compound)
    #expect(low.warnings.map(\.code) == ["bandsBeyondWindow"])
    let coarse = try WindowBands(excessElectrons: 0, topBarrier: barrier, bottomBarrier: nil)
      .bands(of: fields(deviation: 0, density: 1e26), compound: compound)
    #expect(coarse.warnings.map(\.code).contains("coarseDebyeLength"))
  }
}
