import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

@Suite("Spin coating")
struct SpinCoatingTests {
  private static func process(_ change: (inout SpinCoating) -> Void = { _ in }) -> SpinCoating {
    var process = SpinCoating(
      solvent: "DMF", concentration: Concentration(si: 1200), plateArea: Area(si: 2.25e-4), speed: Frequency(si: 50),
      duration: TimeSpan(si: 40))
    change(&process)
    return process
  }

  private static func quench(_ process: inout SpinCoating) {
    process.antisolvent = "DCM"
    process.quenchTime = TimeSpan(si: 3)
  }

  private static func film(_ process: SpinCoating, of name: String = "MAPbBr3", seed: UInt64 = 1) throws -> GrownCrystal
  {
    let library = try Fixture.library()
    var random = RandomSource(seed: seed, stream: .growth)
    return try process.run(on: nil, of: library.material(name), in: library, random: &random)
  }

  @Test func theSoluteIsKept() throws {
    for change in [{ _ in }, Self.quench] as [(inout SpinCoating) -> Void] {
      let film = try Self.film(Self.process(change))
      #expect(film.balanceError < 1e-10)
      #expect(film.yield.si > 0 && film.yield.si < 0.2)
    }
  }

  @Test func aFilmIsOfTheUsualThicknessAndThinnerWhenSpunFaster() throws {
    let slow = try Self.film(Self.process { $0.speed = Frequency(si: 1500.0 / 60) })
    let fast = try Self.film(Self.process { $0.speed = Frequency(si: 6000.0 / 60) })
    #expect(slow.thickness.si > 1.5 * fast.thickness.si)
    #expect(fast.thickness.si > 50e-9 && slow.thickness.si < 2e-6)
    // What the flow leaves when evaporation overtakes it goes as ω^{−1/2}: h³ ∝ e/ω² with e ∝ ω^{1/2}.
    let exponent = log(slow.thickness.si / fast.thickness.si) / log(4)
    #expect(abs(exponent - 0.5) < 0.1, "\(exponent)")
  }

  @Test func aQuenchMakesSmallerGrains() throws {
    let plain = try Self.film(Self.process())
    let quenched = try Self.film(Self.process(Self.quench))
    let (small, large) = (try #require(quenched.grains).size.si, try #require(plain.grains).size.si)
    print("grains: \(small) quenched, \(large) without")
    // Nuclei stand several times closer; what ripens until the film is dry makes up for most of it.
    #expect(small < large)
    #expect(quenched.inductionTime.si >= 3 && quenched.inductionTime.si < plain.inductionTime.si)
  }

  @Test func aDripWashesSolventAwayAndLeavesTheSolute() throws {
    var last = 0.0
    for share in [0.2, 0.4, 0.6, 0.8, 0.95] {
      let film = try Self.film(
        Self.process {
          Self.quench(&$0)
          $0.quenchFraction = Ratio(si: share)
        })
      // Crystals that come sooner are no longer spun off; the liquid is not thickened, so that no more of it is.
      #expect(film.thickness.si > 0.98 * last, "\(share)")
      #expect(film.balanceError < 1e-10)
      #expect(film.warnings.contains { $0.code == "antisolventBeyondData" } == (share > 0.5))
      last = max(last, film.thickness.si)
    }
  }

  @Test func grainsGrowInALongerAndInAHotterAnneal() throws {
    func size(_ celsius: Double, _ seconds: Double) throws -> Double {
      let film = try Self.film(
        Self.process {
          $0.annealTemperature = .kelvin(celsius + 273.15)
          $0.annealDuration = TimeSpan(si: seconds)
        })
      return try #require(film.grains).size.si
    }
    let base = try size(90, 600)
    #expect(try size(90, 6000) > 1.3 * base)
    #expect(try size(120, 600) > 1.3 * base)
  }

  @Test func aLaterAnnealingGoesOnWithTheGrains() throws {
    let library = try Fixture.library()
    let compound = try library.material("MAPbBr3")
    let film = try Self.film(Self.process { $0.dieEdge = Length(si: 5e-3) })
    var random = RandomSource(seed: 1, stream: .growth)
    let annealed = try Annealing(
      temperature: .kelvin(373.15), duration: TimeSpan(si: 600), heatingRate: HeatingRate(si: 1),
      coolingRate: HeatingRate(si: 1)
    ).run(on: film, of: compound, in: library, random: &random)
    let (before, after) = (try #require(film.grains), try #require(annealed.grains))
    #expect(after.size.si > before.size.si)
    #expect(abs(after.boundaryDensity * after.size.si / (before.boundaryDensity * before.size.si) - 1) < 1e-12)
    #expect(annealed.traps.density.si < film.traps.density.si)
    // The dies lose boundaries as the film does, and keep what was between them as the film does.
    let bulk = { (crystal: GrownCrystal) in crystal.traps.density.si - crystal.boundaryTraps.si }
    let (share, ratio) = (before.size.si / after.size.si, bulk(annealed) / bulk(film))
    #expect(film.plate.count == 9)
    for (old, new) in zip(film.plate, annealed.plate) {
      #expect(abs(new.boundaryTraps.si / (share * old.boundaryTraps.si) - 1) < 1e-9)
      let inside = old.trapDensity.si - old.boundaryTraps.si
      #expect(abs(new.trapDensity.si - new.boundaryTraps.si - ratio * inside) < 1e-9 * old.trapDensity.si)
    }
  }

  /// Grains that move let stress go: what is left comes from cooling since they last did.
  @Test func aFilmIsFreeOfStressWhereItsGrainsLastMoved() throws {
    let library = try Fixture.library()
    let compound = try library.material("MAPbBr3")
    let plain = try Self.film(Self.process())
    #expect(plain.stressFreeTemperature == plain.growthTemperature)
    let film = try Self.film(
      Self.process { ($0.annealTemperature, $0.annealDuration) = (.kelvin(373), TimeSpan(si: 60)) })
    #expect(film.stressFreeTemperature == .kelvin(373))
    func again(_ kelvin: Double) throws -> Temperature {
      var random = RandomSource(seed: 1, stream: .growth)
      return try Annealing(
        temperature: .kelvin(kelvin), duration: TimeSpan(si: 60), heatingRate: HeatingRate(si: 1),
        coolingRate: HeatingRate(si: 1)
      ).run(on: film, of: compound, in: library, random: &random).stressFreeTemperature
    }
    #expect(try again(310) == .kelvin(373))
    #expect(try again(390) == .kelvin(390))
  }

  @Test func columnsThatRipenAreThoseOfTheirTwoLaws() {
    let ascent = (0...2000).map { i in
      ColumnarTexture.Ascent(time: 0.005 * Double(i), height: 1.6e-10 * Double(i), supersaturation: 1, temperature: 300)
    }
    func size(_ initial: Double, exchange: Double, _ course: [ColumnarTexture.Ascent]) -> Double {
      ColumnarTexture.size(
        initial: initial, closure: 0.5 * initial, ascent: course, height: 3.2e-7, capillaryLength: { _ in 2e-9 }
      ) { _, _ in exchange }
    }
    // Without exchange, the competition alone.
    let alone = ColumnarTexture.size(initial: 1e-8, closure: 5e-9, height: 3.2e-7)
    #expect(abs(size(1e-8, exchange: 0, ascent) / alone - 1) < 1e-12)
    // At one height, ripening alone: d² = d₀² + 2 m₂ R′ ℓ t.
    let still = ascent.map {
      ColumnarTexture.Ascent(time: $0.time, height: 3.2e-7, supersaturation: 1, temperature: 300)
    }
    let square = pow(size(1e-8, exchange: 1e-16, still), 2) - alone * alone
    #expect(abs(square / (2 * ColumnarTexture.sizeMoment * 1e-15) - 1) < 1e-9)
    // Both, with h = v t: d² = h^{2p} [d₀²/h₀^{2p} + 2 m₂ R′ ℓ (h^{1 − 2p} − h₀^{1 − 2p})/((1 − 2p) v)].
    let (p, v) = (2 * ColumnarTexture.exponent, 3.2e-8)
    let gained = (pow(3.2e-7, 1 - p) - pow(5e-9, 1 - p)) / ((1 - p) * v)
    let exact = pow(3.2e-7, p) * (1e-16 / pow(5e-9, p) + 2 * ColumnarTexture.sizeMoment * 1e-16 * gained)
    #expect(abs(size(1e-8, exchange: 1e-16, ascent) / exact.squareRoot() - 1) < 0.01)
  }

  /// Many sizes on a plane, each by its own curvature, the room of all kept: the law of their mean.
  @Test func sizesInAPlaneRipenByTheSlopeOfTheLaw() {
    var random = RandomSource(seed: 1, stream: .growth)
    // Sizes that look like themselves, f ∝ u (2 − u)^{−4} e^{−4/(2 − u)}, in units of the first mean; R′ ℓ = 1.
    let density = { (u: Double) in u * pow(2 - u, -4) * exp(-4 / (2 - u)) }
    var squares: [Double] = []
    while squares.count < 40_000 {
      let u = 2 * random.uniform()
      if 0.02 * random.uniform() < density(u) { squares.append(u * u) }
    }
    let room = squares.reduce(0, +)
    var time = 0.0
    var marks: [(time: Double, square: Double)] = []
    while squares.count > 5000 {
      let mean = squares.reduce(0) { $0 + $1.squareRoot() } / Double(squares.count)
      let step = 0.002 * mean * mean
      for i in squares.indices { squares[i] += 8 * step * (squares[i].squareRoot() / mean - 1) }
      squares.removeAll { $0 <= 0 }
      time += step
      let square = squares.reduce(0, +) / Double(squares.count)
      if marks.isEmpty || squares.count <= 5000 { marks.append((time, square)) }
    }
    #expect(abs(squares.reduce(0, +) / room - 1) < 0.05)
    let slope = (marks[1].square - marks[0].square) / (marks[1].time - marks[0].time)
    print("ripening in a plane: slope \(slope), law \(2 * ColumnarTexture.sizeMoment)")
    #expect(abs(slope / (2 * ColumnarTexture.sizeMoment) - 1) < 0.05)
  }

  @Test func columnsWidenAndAlignOnTheirWayUp() throws {
    let size = ColumnarTexture.size(initial: 1e-8, closure: 1e-8, height: 3.2e-7)
    #expect(abs(size / 1e-8 - 4) < 1e-12)
    #expect(ColumnarTexture.size(initial: 1e-8, closure: 1e-8, height: 5e-9) == 1e-8)
    let corner = SIMD3(1.0, 1, 1)
    let (low, high) = (
      ColumnarTexture.fibre(of: corner, height: 0, size: 1e-8),
      ColumnarTexture.fibre(of: corner, height: 3.2e-7, size: size)
    )
    #expect(try abs(ColumnarTexture.texture(of: corner, in: low).r - 1) < 1e-9)
    #expect(try ColumnarTexture.texture(of: corner, in: high).r < 0.6)
    // The three cube faces about one corner stay, on the mean, where chance has them.
    #expect(try abs(ColumnarTexture.texture(of: SIMD3(0, 0, 1), in: high).r - 1) < 1e-9)
  }

  @Test func aFilmHoldsMoreTrapsThanASingleCrystalOfTheSameCompound() throws {
    let film = try Self.film(Self.process())
    let library = try Fixture.library()
    var random = RandomSource(seed: 1, stream: .growth)
    let crystal = try AntisolventDiffusion(
      solvent: "DMF", concentration: Concentration(si: 400), antisolvent: "DCM", antisolventVolume: Volume(si: 1e-4),
      volume: Volume(si: 2e-5), crossSection: Area(si: 1e-3), vaporPath: Length(si: 0.4),
      temperature: .kelvin(298.15), duration: TimeSpan(si: 21 * 86400)
    ).run(on: nil, of: library.material("MAPbBr3"), in: library, random: &random)
    #expect(film.traps.density.si > 10 * crystal.traps.density.si)
    // The boundaries make the difference: within the grains the fronts left what the same law leaves in a crystal.
    let grains = try #require(film.grains)
    let inside = film.traps.density.si - grains.boundaryDensity * grains.boundaryTraps.si
    #expect(inside > 0 && inside < 0.1 * film.traps.density.si)
    #expect(film.thicknessDeviation.si > 0)
    #expect(crystal.thicknessDeviation.si == 0)
    #expect(crystal.grains == nil)
  }

  @Test func diesTellTheRestOfTheRoughnessApart() throws {
    let film = try Self.film(Self.process { $0.dieEdge = Length(si: 1e-3) })
    #expect(film.plate.count == 225)
    let mean = film.plate.reduce(0) { $0 + $1.thickness.si } / 225
    #expect(abs(mean / film.thickness.si - 1) < 1e-2)
    #expect(film.plate.allSatisfy { $0.position.min() > 0 && $0.position.max() < 0.015 })
  }

  @Test func aFilmIsTheSameForTheSameSeed() throws {
    #expect(try Self.film(Self.process(Self.quench)) == Self.film(Self.process(Self.quench)))
  }

  @Test(arguments: ["MAPbI3", "FAPbBr3", "CsPbBr3"]) func otherCompoundsMakeFilmsToo(_ name: String) throws {
    let film = try Self.film(
      Self.process { $0.concentration = Concentration(si: name == "CsPbBr3" ? 100 : 800) }, of: name)
    #expect(film.balanceError < 1e-10)
    #expect(film.coverage!.si > 0 && film.coverage!.si <= 1)
  }

  @Test func anyFilmIsGrownOrRefused() throws {
    let library = try Fixture.library()
    var draw = RandomSource(seed: 40, stream: .tolerances)
    func between(_ low: Double, _ high: Double) -> Double { low * pow(high / low, draw.uniform()) }
    var grown = 0
    let compounds = ["MAPbBr3", "MAPbI3", "CsPbBr3", "FAPbBr3", "FAPbI3"]
    for index in 0..<40 {
      let compound = try library.material(compounds[index % 5])
      let solvents = compound.solutions.keys.sorted().filter { library.solvents[$0]?.vaporPressure != nil }
      let solvent = solvents[index / 5 % solvents.count]
      let solution = try #require(compound.solutions[solvent])
      var process = SpinCoating(
        solvent: solvent, concentration: Concentration(si: solution.solubility.si * between(0.02, 0.9)),
        volume: Volume(si: between(1e-9, 1e-6)), plateArea: Area(si: between(1e-5, 1e-2)),
        contactAngle: Angle(si: between(0.02, 3.1)), speed: Frequency(si: between(1, 300)),
        duration: TimeSpan(si: between(1, 1e3)))
      if draw.uniform() < 0.5 {
        process.antisolvent = solution.antisolvents?.keys.min()
        if process.antisolvent != nil { process.quenchTime = TimeSpan(si: between(0.1, 100)) }
        process.quenchDuration = TimeSpan(si: between(0.01, 10))
        process.quenchFraction = Ratio(si: between(0.02, 0.95))
      }
      if draw.uniform() < 0.5 {
        process.annealTemperature = .kelvin(between(300, 420))
        process.annealDuration = TimeSpan(si: between(1, 1e5))
      }
      guard process.conflicts(of: compound, in: library).isEmpty else { continue }
      var random = RandomSource(seed: UInt64(index), stream: .growth)
      do {
        let film = try process.run(on: nil, of: compound, in: library, random: &random)
        grown += 1
        #expect(film.balanceError <= 1e-10, "\(process)")
        #expect(film.thicknessMap.values.allSatisfy { $0.isFinite && $0 > 0 }, "\(process)")
        #expect(film.sizes.allSatisfy { $0.isFinite && $0 > 0 }, "\(process)")
        #expect(film.traps.density.si.isFinite && film.defects.halideVacancies.si.isFinite, "\(process)")
        #expect(film.record.allSatisfy { $0.concentration.si.isFinite && $0.saturation.si.isFinite }, "\(process)")
        let grains = try #require(film.grains)
        #expect(grains.texture.si >= 0 && grains.boundaryDensity > 0 && grains.logDeviation >= 0, "\(process)")
      } catch GrowthError.noNucleus { continue } catch GrowthError.defects { continue } catch GrowthError.dissolved {
        continue
      }
    }
    #expect(grown > 20)
  }

  @Test func theShippedRecipeGivesAFilm() throws {
    let path = Fixture.package.appending(path: "recipes/mapbbr3-spin-coated.yaml").path(percentEncoded: false)
    let library = try Fixture.library()
    let recipe = try Recipe(contentsOf: path)
    let film = try recipe.process.run(on: library.material("MAPbBr3"), in: library, seed: 1)
    #expect(film.thickness.si > 1e-7 && film.thickness.si < 1e-6)
  }

  @Test func whatCannotBeSpunIsTold() throws {
    let library = try Fixture.library()
    let compound = try library.material("MAPbBr3")
    func keys(_ change: (inout SpinCoating) -> Void, of compound: Compound) -> [String] {
      Self.process(change).conflicts(of: compound, in: library).map(\.key)
    }
    #expect(keys({ _ in }, of: compound).isEmpty)
    #expect(keys({ Self.quench(&$0) }, of: compound).isEmpty)
    #expect(keys({ $0.antisolvent = "DCM" }, of: compound) == ["antisolvent"])
    #expect(keys({ $0.quenchTime = TimeSpan(si: 3) }, of: compound) == ["quenchTime"])
    #expect(
      keys(
        {
          Self.quench(&$0)
          $0.antisolvent = "water"
        }, of: compound) == ["antisolvent"])
    #expect(
      keys(
        {
          Self.quench(&$0)
          $0.antisolvent = "ethanol"
        }, of: compound) == ["antisolvent"])
    #expect(keys({ $0.annealTemperature = .kelvin(373) }, of: compound) == ["annealTemperature"])
    #expect(
      keys(
        {
          $0.annealTemperature = .kelvin(600)
          $0.annealDuration = TimeSpan(si: 60)
        }, of: compound)
        == ["annealTemperature"])
    #expect(keys({ $0.concentration = Concentration(si: 3000) }, of: compound) == ["concentration"])
    #expect(keys({ $0.dieEdge = Length(si: 0.1) }, of: compound) == ["dieEdge"])
    #expect(keys({ $0.temperature = .kelvin(440) }, of: compound).contains("temperature"))
    var bare = compound
    bare.grainBoundaries = nil
    #expect(keys({ _ in }, of: bare) == ["solvent"])
    var random = RandomSource(seed: 1, stream: .growth)
    #expect(throws: GrowthError.noFilmData(compound: "MAPbBr3")) {
      try Self.process().run(on: nil, of: bare, in: library, random: &random)
    }
  }
}
