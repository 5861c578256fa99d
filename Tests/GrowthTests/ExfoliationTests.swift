import Fields
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// Cleavage, bending and tearing of layered crystals, and the flakes that are left.
@Suite struct ExfoliationTests {
  /// Γ = 0.1 J/m² and E = 8 GPa of physics (4.5); the rest is round.
  var law = Exfoliability(
    layerSpacing: .nanometers(1.65), cleavageEnergy: SurfaceEnergy(si: 0.1), inPlaneModulus: Pressure(si: 8e9),
    poissonRatio: Ratio(si: 0.3), fractureStrain: Ratio(si: 0.06), weibullModulus: Ratio(si: 5),
    referenceArea: Area(si: 1e-12), vacancyVolume: Volume(si: 4e-29), edgeTrapDensity: ArealDensity(si: 1e14))

  func source(_ seed: UInt64) -> RandomSource { RandomSource(seed: seed, stream: .growth) }

  // MARK: Flakes

  func tape(_ layers: Int, _ area: Double, peels: Int, p: Double, seed: UInt64 = 1, limit: Int = 10_000)
    -> FlakePopulation
  {
    var tape = FlakePopulation(layers: layers, area: Area(si: area), limit: limit)
    var random = source(seed)
    for _ in 0..<peels { tape.peel(probability: p, bending: PeelStrain(of: law), random: &random) }
    return tape
  }

  @Test func noSubstanceIsLost() {
    for (layers, area, limit) in [(500, 1e-12, 10_000), (300_000, 25e-6, 10_000), (5000, 1e-8, 500)] {
      let tape = tape(layers, area, peels: 8, p: 0.01, limit: limit)
      let sum = tape.flakes.reduce(0) { $0 + $1.count * Double($1.layers) * $1.area }
      #expect(abs(sum / (Double(layers) * area) - 1) < 1e-12)
      #expect(tape.flakes.count <= 2 * limit && tape.flakes.allSatisfy { $0.layers > 0 && $0.area > 0 })
      #expect(tape.isSampled == (layers > 500))
    }
  }

  @Test func aSampleTellsWhatAllFlakesTell() throws {
    // Wide and thick flakes among all: numbers and areas, all followed and sampled.
    func told(_ tape: FlakePopulation) -> [Double] {
      let wide = tape.flakes.filter { $0.layers >= 20 && $0.area > 2e-12 }
      return [wide.reduce(0) { $0 + $1.count }, wide.reduce(0) { $0 + $1.count * $1.area }]
    }
    var (all, sampled): ([[Double]], [[Double]]) = ([], [])
    for seed in 1...100 as ClosedRange<UInt64> {
      let whole = tape(2000, 2e-11, peels: 5, p: 0.005, seed: seed, limit: 200_000)
      let part = tape(2000, 2e-11, peels: 5, p: 0.005, seed: 1000 + seed, limit: 400)
      #expect(!whole.isSampled && part.isSampled)
      all.append(told(whole))
      sampled.append(told(part))
    }
    for i in 0...1 {
      let (a, b) = (all.map { $0[i] }, sampled.map { $0[i] })
      let means = [a, b].map { $0.reduce(0, +) / 100 }
      let errors = zip([a, b], means).map { runs, mean in runs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9900 }
      let error = (errors[0] + errors[1]).squareRoot()
      print("wide flakes, all and sampled: \(means) ± \(error)")
      #expect(abs(means[0] - means[1]) < 3 * error && error < 0.05 * means[0])
    }
  }

  @Test func expectedPiecesAreThoseOfTheExactScission() {
    let cleavage = LayerFragmentation(probability: 0.07)
    var random = source(2)
    let runs = 20_000
    for least in [1, 5, 30, 40] {
      var count = 0
      for _ in 0..<runs { count += cleavage.pieces(of: 40, random: &random).count { $0 >= least } }
      let exact = cleavage.expectedPieces(of: 40, atLeast: least)
      #expect(abs(Double(count) / Double(runs) - exact) < 5 * (exact / Double(runs)).squareRoot(), "\(least)")
    }
    #expect(cleavage.expectedPieces(of: 40, atLeast: 41) == 0)
    #expect(LayerFragmentation(probability: 1).expectedPieces(of: 40, atLeast: 1) == 40)
    #expect(LayerFragmentation(probability: 1).expectedPieces(of: 40, atLeast: 2) == 0)
  }

  @Test func thickFlakesAreWide() {
    let tape = tape(300_000, 25e-6, peels: 10, p: 0.002)
    let points = tape.flakes.map { (x: log(Double($0.layers)), y: log($0.area)) }
    func exponent(_ points: [(x: Double, y: Double)]) -> Double {
      let n = Double(points.count)
      let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
      let xy = points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) }
      return xy / points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
    }
    var random = source(9)
    let resampled = (0..<200).map { _ in
      exponent(points.map { _ in points[min(points.count - 1, Int(random.uniform() * Double(points.count)))] })
    }.sorted()
    let interval = (resampled[5], resampled[194])
    print("area by thickness: exponent \(exponent(points)), 95 % within \(interval)")
    // Cracks by strain^m and strain by t^(−1/2): area by t^(m/2), which the flakes must find by themselves.
    #expect(interval.0 > 0)
    #expect(abs(exponent(points) - 2.5) < 0.1, "\(exponent(points)), 95 % within \(interval)")
    #expect(interval.0 < exponent(points) && exponent(points) < interval.1)
  }

  @Test func thinningGoesOnUntilAllLayersArePart() {
    let tape = tape(40, 1e-12, peels: 3, p: 1)
    #expect(tape.flakes.allSatisfy { $0.layers == 1 })
    #expect(
      FlakePopulation(layers: 7, area: Area(si: 1)).flakes == [TapeFlake(layers: 7, area: 1)])
  }

  // MARK: The step

  static let library = try! Fixture.library()
  static let recipe = try! Recipe(
    contentsOf: Fixture.package.appending(path: "recipes/pea2pbbr4-exfoliated.yaml").path(percentEncoded: false))
  static let compound = try! library.material("(PEA)2PbBr4")
  static let parent = try! Process(steps: Array(recipe.process.steps.dropLast())).run(
    on: compound, in: library, seed: 3)

  func flake(
    _ step: Exfoliation? = nil, of compound: Compound = ExfoliationTests.compound, seed: UInt64 = 1
  ) throws -> GrownCrystal {
    var random = source(seed)
    let step = try step ?? #require(Self.recipe.process.steps.last as? Exfoliation)
    return try step.run(on: Self.parent, of: compound, in: Self.library, random: &random)
  }

  @Test func theShippedRecipeGivesAFlakeOfWholeLayers() throws {
    let crystal = try flake()
    let spacing = try #require(Self.compound.exfoliability).layerSpacing.si
    let layers = try #require(crystal.layerCount)
    #expect(abs(crystal.thickness.si - Double(layers) * spacing) <= 1e-15 * crystal.thickness.si)
    #expect((50e-9...300e-9).contains(crystal.thickness.si))
    #expect(crystal.lateralSize.si * crystal.lateralSize.si >= 25e-12 * (1 - 1e-12))
    let strain = try #require(crystal.exfoliationStrain).si
    let told = PeelStrain(of: try #require(Self.compound.exfoliability)).strain(thickness: crystal.thickness).si
    #expect(abs(strain / told - 1) < 1e-9)
    #expect(crystal.thicknessMap.values.allSatisfy { $0 == crystal.thickness.si })
    #expect(crystal.yield.si > 0 && crystal.yield.si < 1 && crystal.crystalCount > 0)
    #expect(!crystal.plate.isEmpty && crystal.plate.count <= 2000 && crystal.plate.count == crystal.sizes.count)
    for member in crystal.plate {
      let n = member.thickness.si / spacing
      #expect(abs(n - n.rounded()) < 1e-9 && member.area.si >= 25e-12 && member.trapDensity.si > 0)
      #expect((50e-9...300e-9).contains(member.thickness.si))
    }
    #expect(
      crystal.plate.contains { member in
        abs(member.area.si / (crystal.lateralSize.si * crystal.lateralSize.si) - 1) < 1e-9
          && member.thickness == crystal.thickness
          && abs(member.trapDensity.si / crystal.traps.density.si - 1) < 1e-9
          && abs(member.halideVacancies.si / crystal.defects.halideVacancies.si - 1) < 1e-9
      })
    // Strain adds pairs of vacancies, edges add traps.
    let rings = Self.parent.zoning.map(\.halideVacancies.si)
    #expect(crystal.defects.halideVacancies.si > rings.min()!)
    #expect(crystal.traps.density.si > Self.parent.traps.density.si)
    let positive = crystal.defects.halideVacancies.si + crystal.defects.holes.si
    let negative =
      crystal.defects.cationVacancies.si + 2 * crystal.defects.leadVacancies.si + crystal.defects.electrons.si
    #expect(abs(positive - negative) < 1e-9 * (positive + negative))
    print(
      "flake: \(layers) layers, \(crystal.thickness.formatted()), \(crystal.lateralSize.formatted()), strain "
        + "\(strain), \(crystal.crystalCount) accepted, yield \(crystal.yield.si), vacancies \(rings.max()!) to "
        + "\(crystal.defects.halideVacancies.si), traps \(Self.parent.traps.density.si) to "
        + "\(crystal.traps.density.si), "
        + "parent \(Self.parent.thickness.formatted()) by \(Self.parent.lateralSize.formatted()), "
        + "\(crystal.warnings.map(\.code))")
  }

  @Test func theSameSeedGivesTheSameFlakes() throws {
    #expect(try flake(seed: 5) == flake(seed: 5))
    #expect(try flake(seed: 5).plate != flake(seed: 6).plate)
  }

  @Test func morePeelsLeaveThinnerFlakes() throws {
    let means = try [2, 10, 50].map { peels in
      let step = Exfoliation(peels: peels, cleavageProbability: Ratio(si: 0.002), minimumArea: Area(si: 25e-12))
      let plate = try flake(step).plate
      return plate.reduce(0) { $0 + $1.thickness.si } / Double(plate.count)
    }
    #expect(means[0] > means[1] && means[1] > means[2], "\(means)")
  }

  @Test func nothingInTheWindowIsANamedError() throws {
    let step = Exfoliation(
      peels: 10, cleavageProbability: Ratio(si: 0.5), minimumThickness: .micrometers(50),
      minimumArea: Area(si: 1e-8))
    #expect {
      _ = try flake(step)
    } throws: { error in
      guard case GrowthError.noFlake(let reason) = error else { return false }
      return reason.contains("thick")
    }
    var random = source(1)
    #expect(throws: GrowthError.noSpecimen(model: "exfoliation")) {
      try step.run(on: nil, of: Self.compound, in: Self.library, random: &random)
    }
  }

  @Test func whatCannotBePeeledIsAConflict() throws {
    let cubic = try Self.library.material("MAPbBr3")
    let step = Exfoliation(
      cleavageProbability: Ratio(si: 0.01), minimumThickness: .nanometers(50), maximumThickness: .nanometers(20))
    #expect(step.conflicts(of: cubic, in: Self.library).map(\.key) == ["model", "maximumThickness"])
    #expect(throws: GrowthError.self) { try flake(step, of: cubic) }
    let thin = Exfoliation(cleavageProbability: Ratio(si: 0.01), maximumThickness: .nanometers(1))
    #expect(thin.conflicts(of: Self.compound, in: Self.library).map(\.key) == ["maximumThickness"])
    #expect(Self.recipe.process.steps.last!.conflicts(of: Self.compound, in: Self.library).isEmpty)
    #expect(Self.recipe.problems(against: Self.library).isEmpty, "\(Self.recipe.problems(against: Self.library))")
  }

  @Test func extremesOfEveryKeyEndWell() throws {
    var flakes = 0
    for p in [1e-9, 1e-3, 1] {
      for radius in [nil, 1e-6, 0.1] {
        for slip in [1.0, 1000] {
          for peels in [1, 100] {
            let step = Exfoliation(
              peels: peels, cleavageProbability: Ratio(si: p), tapeRadius: radius.map { Length(si: $0) },
              slip: Ratio(si: slip))
            let crystal = try flake(step)
            #expect(crystal.thickness.si > 0 && crystal.lateralSize.si > 0 && crystal.yield.si > 0)
            #expect(crystal.defects.halideVacancies.si.isFinite && crystal.traps.density.si.isFinite)
            flakes += 1
          }
        }
      }
    }
    #expect(flakes == 36)
  }

  @Test func uncertainNumbersGiveFlakesOrANamedReason() throws {
    let source = try LibrarySource(contentsOf: Fixture.package.appending(path: "data").path(percentEncoded: false))
    var (flakes, empty) = (0, 0)
    for name in ["(PEA)2PbBr4", "(PEA)2PbI4", "(BA)2PbI4", "CsPb2Br5"] {
      for member in 0..<12 {
        let compound = try source.library(drawing: member, seed: 4).material(name)
        #expect(compound.exfoliability != nil)
        var parent = Self.parent
        parent.compound = name
        var random = self.source(UInt64(member))
        let step = Exfoliation(
          cleavageProbability: Ratio(si: 0.002), minimumThickness: .nanometers(20), minimumArea: Area(si: 1e-12))
        do {
          let crystal = try step.run(on: parent, of: compound, in: Self.library, random: &random)
          #expect(crystal.traps.density.si.isFinite && crystal.defects.halideVacancies.si > 0)
          #expect(crystal.yield.si > 0 && crystal.yield.si <= 1 && crystal.thickness.si >= 20e-9 * (1 - 1e-9))
          flakes += 1
        } catch GrowthError.noFlake {
          empty += 1
        }
      }
    }
    print("uncertain numbers: \(flakes) flakes, \(empty) without")
    #expect(flakes >= 40)
  }

  @Test func aFlakeCanBeAnnealedAndPeeledAgain() throws {
    let first = try flake()
    var random = source(8)
    let annealing = Annealing(
      temperature: .celsius(80), duration: TimeSpan(si: 3600), heatingRate: HeatingRate(si: 0.1),
      coolingRate: HeatingRate(si: 0.1))
    let annealed = try annealing.run(on: first, of: Self.compound, in: Self.library, random: &random)
    #expect(annealed.thickness == first.thickness && annealed.layerCount == first.layerCount)
    // Heat leaves the torn edges as they are.
    #expect(first.edgeTraps.si > 0 && annealed.traps.density.si > first.edgeTraps.si)
    for (before, after) in zip(first.plate, annealed.plate) {
      #expect(after.boundaryTraps == before.boundaryTraps && after.trapDensity.si >= before.boundaryTraps.si)
    }
    let step = Exfoliation(peels: 3, cleavageProbability: Ratio(si: 0.02))
    let again = try step.run(on: annealed, of: Self.compound, in: Self.library, random: &random)
    let layers = try #require(again.layerCount)
    #expect(layers <= first.layerCount! && again.lateralSize <= first.lateralSize)
    // All of a small flake's pieces can be followed, and all are accepted.
    #expect(abs(again.yield.si - 1) < 1e-9)
  }

  @Test func aFlakePeeledAgainKeepsItsLargestStrainAndWhatItMade() throws {
    let first = try flake()
    let strain = try #require(first.exfoliationStrain)
    let law = try #require(Self.compound.exfoliability)
    func peeled(_ crystal: GrownCrystal, radius: Double) throws -> GrownCrystal {
      var random = source(8)
      // Led over so wide a radius that adhesion bends it no further than the tape does.
      return try Exfoliation(
        peels: 1, cleavageProbability: Ratio(si: 1e-9), tapeRadius: Length(si: radius)
      ).run(on: crystal, of: Self.compound, in: Self.library, random: &random)
    }
    // Bent less than before: nothing happens to it.
    let again = try peeled(first, radius: 1e-2)
    #expect(again.exfoliationStrain == strain && again.layerCount == first.layerCount)
    #expect(again.lateralSize == first.lateralSize)
    let vacancies = first.defects.halideVacancies.si
    #expect(abs(again.defects.halideVacancies.si / vacancies - 1) < 1e-6)

    // Bent in two goes it holds what the larger bend alone would have made.
    var light = first
    light.exfoliationStrain = Ratio(si: 0.5 * strain.si)
    let twice = try peeled(light, radius: 1e-9)
    let bending = PeelStrain(of: law)
    let factor = { (strain: Double) in
      bending.vacancyFactor(strain: Ratio(si: strain), at: first.temperature)
    }
    let largest = try #require(twice.exfoliationStrain)
    #expect(abs(largest.si / bending.strain(thickness: twice.thickness).si - 1) < 1e-9 && largest >= strain)
    let expected = vacancies * factor(largest.si) / factor(0.5 * strain.si)
    #expect(expected > 1.0001 * vacancies)
    #expect(abs(twice.defects.halideVacancies.si - expected) < 0.01 * (expected - vacancies))
  }

  @Test func aStrainedTapeTearsNoFurtherUntilItIsBentMore() {
    let bending = PeelStrain(of: law)
    let worst = bending.strain(thickness: law.layerSpacing)
    for (strain, tears) in [(0.0, true), (worst.si, false)] {
      var tape = FlakePopulation(layers: 40, area: Area(si: 1e-9), strain: Ratio(si: strain))
      var random = source(3)
      for _ in 0..<3 { tape.peel(probability: 0.1, bending: bending, random: &random) }
      #expect(tape.flakes.contains { $0.area < 1e-9 } == tears)
      #expect(tape.flakes.allSatisfy { $0.strain >= strain })
    }
  }
}
