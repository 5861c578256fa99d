import Foundation
import Growth
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

@Suite struct ConfinedGrowthTests {
  private static let runs = 6 * Fixture.effort

  private func crystals(_ overrides: [String], runs: Int = Self.runs) throws -> [GrownCrystal] {
    let recipe = try Recipe(
      contentsOf: Fixture.package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false),
      overrides: try overrides.map { try Override($0) })
    return try Fixture.crystals(recipe, runs: runs)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Hydrophobic walls: fewer nuclei and a faster front; a crystal of millimeters in a gap of 10 µm.
  ///
  /// 10.1186/s40580-020-00236-5 (abstract read): 10 µm by 1 cm, fewer nuclei and faster lateral growth. How much
  /// faster is not told; five is assumed.
  @Test func hydrophobicWallsGiveFewerAndLargerCrystals() throws {
    let cell = [
      "process[0].gap=10 µm", "process[0].gapWedge=0 rad", "process[0].plateArea=40 mm * 40 mm",
      "process[0].program[0].rate=0.25 K/h",
    ]
    let plain = try crystals(cell + ["process[0].contactAngle=70 deg"])
    let hydrophobic = try crystals(cell + ["process[0].contactAngle=115 deg", "process[0].wallMobility=5"])
    let few = mean(hydrophobic.map { Double($0.crystalCount) })
    let many = mean(plain.map { Double($0.crystalCount) })
    #expect(many >= 5 * few, "\(many) against \(few)")
    let largest = hydrophobic.map(\.lateralSize.si).max()!
    #expect(largest >= 5e-3, "\(largest)")
    #expect(largest > 1.5 * plain.map(\.lateralSize.si).max()!)
  }

  /// A reservoir feeds a small plate until crystals fill it: the run ends there, and its account is closed.
  @Test func aPlateThatFillsEndsTheRun() throws {
    let crystals = try crystals(
      [
        "process[0].plateArea=0.3 mm * 0.3 mm", "process[0].edgeExchange=5 mm/s", "process[0].gapWedge=0 rad",
        "process[0].contactAngle=60 deg", "process[0].program[1].hold=400 h",
      ], runs: 24)
    #expect(crystals.contains { $0.warnings.contains { $0.code == "plateFull" } })
    for crystal in crystals {
      #expect(crystal.balanceError < 1e-10)
      #expect(crystal.record.allSatisfy { $0.concentration.si >= 0 && $0.saturation.si >= 0 })
      #expect(crystal.coverage!.si <= 1)
    }
  }

  /// Crystals that dissolve again are no crystals: neither counted nor measured.
  @Test func dissolvedCrystalsDoNotCount() throws {
    let again = try crystals([
      "process[0].contactAngle=10 deg",
      "process[0].program=[{from: 25 °C, to: 85 °C, rate: 20 K/h}, {to: 50 °C, rate: 2 K/h}]",
    ])
    for crystal in again {
      #expect(crystal.sizes.allSatisfy { $0 > 0 } && crystal.sizes.count <= crystal.crystalCount)
      #expect(crystal.yield.si >= 0)
    }
  }

  /// Numbers of crystals and coverage do not depend on the cells.
  @Test func theMapsCellsDoNotShow() throws {
    let coarse = try crystals(["process[0].mapWidth=32"], runs: 4 * Self.runs)
    let fine = try crystals(["process[0].mapWidth=128"], runs: 4 * Self.runs)
    let covered = try (SampleSummary(coarse.map { $0.coverage!.si }), SampleSummary(fine.map { $0.coverage!.si }))
    // 1 %, and two standard errors of the two means: other cells are other draws of the nuclei's places.
    let deviations = (try #require(covered.0.sd), try #require(covered.1.sd))
    let error =
      (deviations.0 * deviations.0 + deviations.1 * deviations.1).squareRoot() / Double(coarse.count).squareRoot()
    #expect(abs(covered.0.mean / covered.1.mean - 1) < 0.01 + 2 * error / covered.1.mean, "\(covered)")
    let counts = (mean(coarse.map { Double($0.crystalCount) }), mean(fine.map { Double($0.crystalCount) }))
    #expect(abs(counts.0 / counts.1 - 1) < 0.15, "\(counts)")
    let sizes = (mean(coarse.map { mean($0.sizes) }), mean(fine.map { mean($0.sizes) }))
    #expect(abs(sizes.0 / sizes.1 - 1) < 0.1, "\(sizes)")
  }

  /// A front that moves faster by the walls depletes sooner what would have nucleated later.
  @Test func aMobileWallGivesFewerAndLargerCrystals() throws {
    let slow = try crystals([])
    let fast = try crystals(["process[0].wallMobility=4"])
    #expect(mean(fast.map { Double($0.crystalCount) }) < mean(slow.map { Double($0.crystalCount) }))
    #expect(mean(fast.map(\.lateralSize.si)) > mean(slow.map(\.lateralSize.si)))
  }

  /// Solute from around the plates covers more of them than a closed gap can.
  @Test func anOpenEdgeFeedsTheCrystals() throws {
    let closed = try crystals([], runs: 2)
    let open = try crystals(["process[0].edgeExchange=1 µm/s"], runs: 2)
    #expect(mean(open.map { $0.coverage!.si }) > 1.3 * mean(closed.map { $0.coverage!.si }))
    for crystal in open { #expect(crystal.balanceError < 1e-10) }
  }

  /// Crowded plates, an open edge without resistance and walls that help: no run ends without a result.
  @Test func crowdedPlatesAreFollowedToTheEnd() throws {
    let crystals = try crystals(["process[0].edgeExchange=1 mm/s", "process[0].contactAngle=60 deg"], runs: 4)
    for crystal in crystals {
      #expect(crystal.balanceError < 1e-10)
      #expect(crystal.coverage!.si > 0 && crystal.coverage!.si < 1)
      #expect(crystal.thicknessMap.isFinite)
    }
  }
}
