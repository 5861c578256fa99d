import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

@Suite("Antisolvent vapor diffusion")
struct AntisolventDiffusionTests {
  private func process(_ change: (inout AntisolventDiffusion) -> Void = { _ in }) throws -> AntisolventDiffusion {
    var process = AntisolventDiffusion(
      solvent: "GBL", concentration: Concentration(si: 600), antisolvent: "DCM", antisolventVolume: Volume(si: 8e-7),
      volume: Volume(si: 2e-7), crossSection: Area(si: 28e-6), temperature: .kelvin(298.15),
      duration: TimeSpan(si: 80000))
    change(&process)
    return process
  }

  private func grown(
    _ process: AntisolventDiffusion, seed: UInt64 = 1, change: (inout Compound) -> Void = { _ in }
  ) throws -> GrownCrystal {
    var library = try Fixture.library()
    var compound = try library.material("MAPbI3")
    change(&compound)
    library.compounds["MAPbI3"] = compound
    var random = RandomSource(seed: seed, stream: .growth)
    return try process.run(on: nil, of: compound, in: library, random: &random)
  }

  private func meanInduction(
    _ process: AntisolventDiffusion, runs: UInt64 = 12, change: (inout Compound) -> Void = { _ in }
  ) throws -> Double {
    try (1...runs).reduce(0) { $0 + log(try grown(process, seed: $1, change: change).inductionTime.si) / Double(runs) }
  }

  @Test func solutesAndAntisolventAreKept() throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let crystal = try grown(process(), seed: seed)
      #expect(crystal.balanceError < 1e-10)
      #expect(crystal.yield.si > 0 && crystal.yield.si < 1)
    }
  }

  @Test func theFirstNucleusSitsInTheSolutionNearItsSurface() throws {
    // The antisolvent comes from above, so that is where the solution first is supersaturated.
    var heights = 0.0
    for seed in 1...10 as ClosedRange<UInt64> {
      let crystal = try grown(process(), seed: seed)
      let around = try #require(crystal.nucleusSurroundings)
      let height = try #require(crystal.nucleationHeight)
      #expect(height.si > 0 && height.si <= around.surfaceHeight.si)
      #expect(around.saturation.si > 1)
      heights += height.si / around.surfaceHeight.si / 10
    }
    #expect(heights > 0.7, "\(heights)")
  }

  @Test func withoutAntisolventNoNucleusAppears() throws {
    let dry = try process { $0.antisolventVolume = Volume(si: 0) }
    #expect(throws: GrowthError.self) { try grown(dry) }
    do { _ = try grown(dry) } catch GrowthError.noNucleus(let ratio) {
      #expect(ratio < 1)
    }
  }

  @Test func aWeakerAntisolventTakesLonger() throws {
    func induction(_ factor: Double) throws -> Double {
      try meanInduction(process { $0.duration = TimeSpan(si: 4e5) }) {
        $0.solutions["GBL"]!.antisolvents!["DCM"]!.solubilityFall.si *= factor
      }
    }
    let times = try [1, 1.4, 2].map { try induction($0) }
    #expect(times[0] > times[1] && times[1] > times[2], "\(times)")
  }

  @Test func aLongerWayForTheVaporTakesLonger() throws {
    let near = try meanInduction(process { $0.vaporPath = Length(si: 0.02) })
    let far = try meanInduction(process { $0.vaporPath = Length(si: 0.2) })
    #expect(far > near + 0.3, "\(near), \(far)")
  }

  @Test func stirredByFastDiffusionTheWholeColumnNucleates() throws {
    // D → ∞: nuclei anywhere on the wall, and all heights alike.
    var heights: [Double] = []
    for seed in 1...40 as ClosedRange<UInt64> {
      let crystal = try grown(process(), seed: seed) {
        $0.solutions["GBL"]!.antisolvents!["DCM"]!.diffusivity.si = 1e-3
      }
      heights.append(crystal.nucleationHeight!.si / crystal.nucleusSurroundings!.surfaceHeight.si)
    }
    // The flat bottom has its own share; the rest is uniform.
    let mean = heights.reduce(0, +) / 40
    #expect(abs(mean - 0.5) < 0.2, "\(mean)")
    #expect(heights.contains { $0 < 0.25 } && heights.contains { $0 > 0.75 })
  }

  @Test func theSameSeedGrowsTheSameCrystals() throws {
    #expect(try grown(process(), seed: 3) == grown(process(), seed: 3))
    #expect(try grown(process(), seed: 3) != grown(process(), seed: 4))
  }

  @Test func conflictsNameTheKeyThatCausesThem() throws {
    let library = try Fixture.library()
    let compound = try library.material("MAPbI3")
    func keys(_ change: (inout AntisolventDiffusion) -> Void) throws -> [String] {
      try process(change).conflicts(of: compound, in: library).map(\.key)
    }
    #expect(try keys { _ in }.isEmpty)
    #expect(try keys { $0.antisolvent = "chloroformium" } == ["antisolvent"])
    #expect(try keys { $0.antisolvent = "DMSO" } == ["antisolvent"])
    #expect(try keys { $0.temperature = .kelvin(320) } == ["temperature"])
    #expect(try keys { $0.concentration = Concentration(si: 3000) } == ["concentration"])
    #expect(try keys { $0.concentration = Concentration(si: 1) } == ["concentration"])
    #expect(try keys { $0.modulator = "formicAcid" } == ["modulator"])
  }
}
