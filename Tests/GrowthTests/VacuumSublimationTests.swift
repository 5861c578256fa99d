import Defects
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

@Suite("Vacuum sublimation")
struct VacuumSublimationTests {
  static let shipped = Result { try Fixture.library() }
  var library: MaterialLibrary { get throws { try Self.shipped.get() } }

  func crucible(_ source: String, _ kelvin: Double, grams: Double = 10) -> CrucibleSetting {
    CrucibleSetting(source: source, temperature: .kelvin(kelvin), charge: Mass(si: grams / 1000), area: Area(si: 1e-4))
  }

  func process(
    cesium: Double = 780, lead: Double = 634, substrate: Double = 300, seconds: Double = 300,
    _ change: (inout VacuumSublimation) -> Void = { _ in }
  ) -> VacuumSublimation {
    var process = VacuumSublimation(
      sources: [crucible("CsBr", cesium), crucible("PbBr2", lead)], distance: Length(si: 0.2), substrate: "ITO",
      substrateTemperature: .kelvin(substrate), duration: TimeSpan(si: seconds), plateArea: Area(si: 6.25e-4))
    change(&process)
    return process
  }

  func grown(
    _ process: VacuumSublimation, of name: String = "CsPbBr3", seed: UInt64 = 1
  ) throws -> GrownCrystal {
    let library = try library
    var random = RandomSource(seed: seed, stream: .growth)
    return try process.run(on: nil, of: try library.material(name), in: library, random: &random)
  }

  func profile(_ process: VacuumSublimation, of name: String = "CsPbBr3") throws -> FilmProfile {
    let library = try library
    return try process.profile(of: try library.material(name), in: library)
  }

  /// V18: every element that leaves a crucible is on the plate, off it again, or past it.
  @Test func elementsAreConserved() throws {
    let powder = process(substrate: 420) {
      $0.sources = [crucible("CsPbBr3", 800, grams: 0.2)]
      $0.duration = nil
    }
    let offset = process(substrate: 540) {
      $0.sources[0].offset = Length(si: 0.1)
      $0.sources[1].emissionExponent = Ratio(si: 4)
      $0.pressure = Pressure(si: 0.05)
      $0.rotationRate = Frequency(si: 0.2)
    }
    for (name, run) in [("cold", process()), ("hot", process(substrate: 560)), ("powder", powder), ("offset", offset)] {
      let film = try grown(run)
      #expect(film.balanceError < 1e-12, "\(name): \(film.balanceError)")
      #expect(film.yield.si > 0 && film.yield.si < 1)
      let middle = try profile(run)
      for (salt, arrived) in middle.arrived {
        #expect(abs((middle.kept[salt]! + middle.desorbed[salt]!) / arrived - 1) < 1e-12)
      }
    }
    let double = process {
      $0.sources = [crucible("Cs2AgBiBr6", 900, grams: 0.3)]
      $0.duration = nil
    }
    #expect(try grown(double, of: "Cs2AgBiBr6").balanceError < 1e-12)
  }

  /// A charge leaves at the steady rate of Hertz and Knudsen until it is gone, and a share of it lands.
  @Test func aChargeEmptiesInItsTime() throws {
    let run = process { process in
      for index in process.sources.indices { process.sources[index].charge = Mass(si: 1e-6) }
      process.duration = nil
      process.pressure = Pressure(si: 0)
    }
    let film = try profile(run)
    var longest = 0.0
    for setting in run.sources {
      let salt = try library.source(setting.source)
      let molecules = 1e-6 / salt.moleculeMass
      let rate =
        1e-4
        * Evaporation.flux(
          pressure: salt.vaporPressure(at: setting.temperature), moleculeMass: salt.moleculeMass,
          temperature: setting.temperature, coefficient: salt.evaporationCoefficient.si)
      longest = max(longest, molecules / rate)
      let share = SourceGeometry(distance: run.distance).share(at: .zero)
      #expect(abs(film.arrived[setting.source]! / (molecules * share) - 1) < 1e-9)
    }
    #expect(abs(film.time.si / longest - 1) < 1e-9)
  }

  /// Whatever the library's uncertain numbers are, a run gives a film or says why not.
  @Test func drawnLibrariesGiveFilmsToo() throws {
    let path = Fixture.package.appending(path: "data").path(percentEncoded: false)
    let source = try LibrarySource(contentsOf: path)
    for name in ["cspbbr3-coevaporated", "cs2ageubr6-sublimed"] {
      let file = Fixture.package.appending(path: "recipes/\(name).yaml").path(percentEncoded: false)
      let recipe = try Recipe(yaml: String(contentsOfFile: file, encoding: .utf8), file: file)
      var thicknesses: [Double] = []
      for member in 1...12 {
        let drawn = try source.library(drawing: member, seed: 7, compound: recipe.material)
        do {
          let film = try recipe.process.run(on: drawn.material(recipe.material), in: drawn, seed: 7)
          #expect(film.balanceError < 1e-10 && film.defects.halideVacancies.si.isFinite)
          thicknesses.append(film.thickness.si)
        } catch let error as GrowthError { print(name, member, error) }
      }
      print(name, "thicknesses of drawn libraries", thicknesses)
      #expect(thicknesses.count >= 6)
    }
  }

  /// V18: dx changes sign where as much of both salts stays: at a flux ratio of 1:1 on a cold substrate, at more lead
  /// bromide on a warm one, which gives part of it back.
  @Test(arguments: [300.0, 480])
  func excessChangesSignAtEqualNetFluxes(substrate: Double) throws {
    func run(_ lead: Double) throws -> FilmProfile { try profile(process(lead: lead, substrate: substrate)) }
    var (low, high) = (580.0, 700.0)
    let ends = (try run(low).excess, try run(high).excess)
    #expect(ends.0 > 0 && ends.1 < 0)
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if try run(middle).excess > 0 { low = middle } else { high = middle }
    }
    let film = try run(low)
    let net = { (salt: String) -> Double in film.arrived[salt]! - film.desorbed[salt]! }
    #expect(abs(net("PbBr2") / net("CsBr") - 1) < 1e-6)
    let ratio = film.arrived["PbBr2"]! / film.arrived["CsBr"]!
    if substrate == 300 { #expect(abs(ratio - 1) < 1e-6, "\(ratio)") } else { #expect(ratio > 1 + 1e-6, "\(ratio)") }
  }

  /// L10: on a hot substrate cesium bromide sets the speed; the excess of lead bromide leaves again and no other phase
  /// forms. On a cold one it stays.
  @Test func hotGrowthIsLimitedByCesiumBromide() throws {
    let hot = try [590.0, 605, 645, 655, 665].map { lead in
      try profile(process(lead: lead, substrate: 560) { $0.duration = TimeSpan(si: 100) })
    }
    let speeds = hot.map { $0.thickness.si / $0.time.si }
    let leads = hot.map { $0.arrived["PbBr2"]! }
    let power = { (a: Int, b: Int) -> Double in log(speeds[b] / speeds[a]) / log(leads[b] / leads[a]) }
    #expect(leads[4] / hot[4].arrived["CsBr"]! > 1.5)
    // Starved of lead bromide, the speed follows it: the rest is CsBr, some of it bound as Cs4PbBr6.
    #expect(power(0, 1) > 0.02)
    #expect(abs(power(2, 4)) < 0.02, "\(speeds), \(leads)")
    for film in hot.dropFirst(2) {
      #expect((film.phases["CsPbBr3"] ?? 0) > 0.999, "\(film.phases)")
      #expect(abs(film.excess) < 1e-3)
    }
    #expect(hot[2].logSaltActivity > hot[3].logSaltActivity && hot[3].logSaltActivity > hot[4].logSaltActivity)
    #expect(hot[4].logSaltActivity < 0)
    let cold = try profile(process(lead: 665, substrate: 300))
    #expect(cold.excess < -0.1 && (cold.phases["CsPb2Br5"] ?? 0) > 0.1, "\(cold.phases)")
    // More cesium bromide speeds the hot film up in proportion.
    let faster = try profile(process(cesium: 790, lead: 665, substrate: 560) { $0.duration = TimeSpan(si: 100) })
    let gain = faster.thickness.si / faster.time.si / speeds[4]
    #expect(abs(gain / (faster.arrived["CsBr"]! / hot[4].arrived["CsBr"]!) - 1) < 0.02)
  }

  /// L10 and L11: a powder of the compound gives lead bromide first and cesium bromide last. A cold film keeps that as
  /// CsPb2Br5 below and Cs4PbBr6 above; a warm one evens it out.
  @Test func aSingleSourceDriftsAndAColdFilmKeepsIt() throws {
    func film(_ substrate: Double) throws -> FilmProfile {
      try profile(
        process(substrate: substrate) {
          $0.sources = [crucible("CsPbBr3", 800, grams: 0.2)]
          $0.duration = nil
        })
    }
    let cold = try film(300)
    for phase in ["CsPbBr3", "CsPb2Br5", "Cs4PbBr6"] {
      #expect((cold.phases[phase] ?? 0) > 0.01, "\(phase): \(cold.phases)")
    }
    let (first, last) = (cold.layers.first!, cold.layers.last!)
    #expect(first.excess < -0.1 && last.excess > 0.1, "\(first) \(last)")
    #expect((first.phases["CsPb2Br5"] ?? 0) > (last.phases["CsPb2Br5"] ?? 0))
    #expect((last.phases["Cs4PbBr6"] ?? 0) > (first.phases["Cs4PbBr6"] ?? 0))
    // The whole charge has the compound's ratio.
    #expect(abs(cold.excess) < 1e-9)
    let warm = try film(420)
    #expect((warm.phases["CsPbBr3"] ?? 0) > (cold.phases["CsPbBr3"] ?? 0) + 0.05, "\(cold.phases) \(warm.phases)")
  }

  /// L12: bromine-rich surroundings raise the dominant defect of CsPbBr3; cesium bromide in excess fills cesium sites.
  @Test func richSurroundingsRaiseTheDominantDefect() throws {
    let library = try library
    let compound = try library.material("CsPbBr3")
    let disorder = try SchottkyDisorder(of: compound, at: .kelvin(500))
    func dominant(_ activity: Double) throws -> Double {
      let found = try disorder.densities(halideActivity: activity)
      return max(found.halideVacancies, found.cationVacancies, found.leadVacancies)
    }
    let (rich, neutral) = (try dominant(1e14), try dominant(1))
    #expect(rich > 1.5 * neutral, "\(rich) \(neutral)")
    let leadRich = try grown(process(lead: 650, substrate: 480)).defects
    let cesiumRich = try grown(process(lead: 610, substrate: 480)).defects
    #expect(cesiumRich.cationVacancies < leadRich.cationVacancies)
    #expect(cesiumRich.leadVacancies > leadRich.leadVacancies)
  }

  /// Tie lines do not cross: what a cold film of three salts consists of changes bit by bit with their ratio.
  @Test func phasesChangeBitByBitWithTheFluxes() throws {
    func film(cesium: Double, europium: Double) throws -> FilmProfile {
      try profile(
        process(substrate: 250, seconds: 60) {
          $0.sources = [crucible("CsBr", cesium), crucible("AgBr", 900), crucible("EuBr3", europium)]
        }, of: "Cs2AgEuBr6")
    }
    // As much europium as silver.
    var (low, high) = (600.0, 1400.0)
    for _ in 0..<40 {
      let kept = try film(cesium: 800, europium: 0.5 * (low + high)).kept
      if kept["EuBr3"]! < kept["AgBr"]! { low = 0.5 * (low + high) } else { high = 0.5 * (low + high) }
    }
    var last: (ratio: Double, phases: [String: Double])?
    var ratios: [Double] = []
    for cesium in stride(from: 650.0, through: 950, by: 0.25) {
      let found = try film(cesium: cesium, europium: low)
      let ratio = found.kept["CsBr"]! / found.kept["AgBr"]!
      if let last, (1.0...8).contains(ratio) {
        let names = Set(found.phases.keys).union(last.phases.keys)
        let change = names.reduce(0) { $0 + abs((found.phases[$1] ?? 0) - (last.phases[$1] ?? 0)) }
        #expect(change < 10 * (ratio / last.ratio - 1), "at \(ratio): \(last.phases) to \(found.phases)")
        ratios.append(ratio)
      }
      last = (ratio, found.phases)
    }
    #expect(ratios.count > 50 && ratios.first! < 1.5 && ratios.last! > 5, "\(ratios.count)")
  }

  /// A film keeps its ions: one grown in too much lead bromide has more cation vacancies than one grown in too much
  /// cesium bromide, before it cools and after.
  @Test func coolingKeepsTheStoichiometryOfAFilm() throws {
    let library = try library
    let compound = try library.material("CsPbBr3")
    let vacancies = try [(760.0, 645.0), (810.0, 620.0)].map { cesium, lead -> (hot: Double, cold: Double) in
      let film = try grown(process(cesium: cesium, lead: lead, substrate: 430))
      var random = RandomSource(seed: 1, stream: .growth)
      let cold = try Cooling(to: .celsius(25), rate: HeatingRate(si: 5.0 / 60)).run(
        on: film, of: compound, in: library, random: &random)
      #expect(cold.logSaltActivity == film.logSaltActivity)
      return (film.defects.cationVacancies.si, cold.defects.cationVacancies.si)
    }
    let (lean, rich) = (vacancies[0], vacancies[1])
    #expect(lean.hot > 2 * rich.hot)
    #expect(lean.cold / rich.cold > (lean.hot / rich.hot).squareRoot())
  }

  @Test func aFilmHasGrainsADevicePlateAndAMap() throws {
    let film = try grown(process(lead: 636, substrate: 400, seconds: 1200) { $0.sources[0].offset = Length(si: 0.08) })
    let grains = try #require(film.grains)
    #expect(grains.size.si > 5e-9 && grains.size.si < 1e-6, "\(grains.size.si)")
    // Poisson's and Voronoi's cells: 2 per root of their mean area, all of it in a closed film.
    #expect(abs(grains.boundaryDensity * grains.size.si / 2 - 1) < 0.15)
    #expect(film.thickness.si > 2e-8 && film.thickness.si < 3e-6, "\(film.thickness.si)")
    #expect(film.plate.count == 64)
    let die = film.plate.reduce(0) { $0 + $1.thickness.si } / 64
    #expect(abs(die / film.thicknessMap.mean - 1) < 0.01)
    #expect(film.thicknessDeviation.si > 0)
    #expect(film.plate.allSatisfy { $0.halideVacancies.si > 0 && $0.trapDensity.si > film.traps.density.si / 10 })
    let roughness = try #require(film.roughness)
    #expect(roughness.deviation.si > 0 && roughness.deviation < film.thickness)
    #expect(film.traps.density.si >= grains.boundaryDensity * grains.boundaryTraps.si)
    #expect(film.inductionTime.si > 0 && film.inductionTime.si < 10)
  }

  /// A hotter substrate lets adatoms go farther: fewer and larger grains.
  @Test func grainsGrowWithTheSubstrateTemperature() throws {
    let sizes = try [300.0, 380, 460, 540].map { try grown(process(lead: 640, substrate: $0)).grains!.size.si }
    #expect(sizes == sizes.sorted() && sizes[3] > 2 * sizes[0], "\(sizes)")
  }

  /// Before islands meet, each is a crystal of its own.
  @Test func shortHotGrowthGivesPlatelets() throws {
    let crystal = try grown(process(cesium: 720, lead: 625, substrate: 540))
    #expect(crystal.grains == nil && crystal.plate.isEmpty)
    #expect(crystal.coverage!.si < 0.5)
    #expect(crystal.lateralSize.si > 1e-8 && crystal.lateralSize.si < 1e-4, "\(crystal.lateralSize.si)")
    #expect(crystal.crystalCount > 1)
  }

  @Test func theShutterClosesAtTheThickness() throws {
    let film = try grown(process { $0.targetThickness = Length(si: 50e-9) })
    // As a quartz balance reads it: bare places counted.
    #expect(abs(film.thickness.si * film.coverage!.si / 50e-9 - 1) < 1e-6)
    #expect(film.warnings.allSatisfy { $0.code != "targetNotReached" })
    let short = try grown(process(seconds: 60) { $0.targetThickness = Length(si: 1e-6) })
    #expect(short.warnings.contains { $0.code == "targetNotReached" })
  }

  @Test func theSameSeedGrowsTheSameFilm() throws {
    #expect(try grown(process(), seed: 3) == grown(process(), seed: 3))
    #expect(try grown(process(), seed: 3) != grown(process(), seed: 4))
  }

  @Test func conflictsNameTheKeyThatCausesThem() throws {
    let library = try library
    let compound = try library.material("CsPbBr3")
    func keys(_ change: (inout VacuumSublimation) -> Void) -> [String] {
      process(change).conflicts(of: compound, in: library).map(\.key)
    }
    #expect(keys { _ in }.isEmpty)
    #expect(keys { $0.sources[1].source = "PbBr3" } == ["sources[1].source"])
    #expect(keys { $0.sources[1].source = "PbI2" } == ["sources[1].source"])
    #expect(keys { $0.sources.removeLast() } == ["sources"])
    #expect(keys { $0.sources[0].temperature = .kelvin(400) } == ["sources[0].temperature"])
    #expect(keys { $0.substrateTemperature = .kelvin(850) } == ["substrateTemperature"])
    #expect(keys { $0.substrate = "ITP" } == ["substrate"])
    #expect(keys { $0.sources = [crucible("CsPbBr3", 800)] }.isEmpty)
    let other = try library.material("MAPbBr3")
    #expect(process().conflicts(of: other, in: library).map(\.key) == ["sources"])
  }

  @Test(arguments: ["cspbbr3-coevaporated", "cs2ageubr6-sublimed"])
  func theRecipeGivesAFilm(name: String) throws {
    let library = try library
    let path = Fixture.package.appending(path: "recipes/\(name).yaml").path(percentEncoded: false)
    let recipe = try Recipe(yaml: String(contentsOfFile: path, encoding: .utf8), file: path)
    try recipe.check(against: library)
    let film = try recipe.process.run(on: library.material(recipe.material), in: library, seed: recipe.seed)
    let grains = try #require(film.grains)
    print(
      name, "thickness", film.thickness.si, "deviation", film.thicknessDeviation.si, "grains", grains.size.si,
      "speed", film.growthRate.si, "yield", film.yield.si, "phases", film.secondaryPhases.mapValues(\.si), "roughness",
      film.roughness!.deviation.si, "vacancies", film.defects.halideVacancies.si, film.defects.cationVacancies.si,
      "traps", film.traps.density.si, "induction", film.inductionTime.si, "balance", film.balanceError,
      film.warnings.map(\.code))
    #expect(film.thickness.si > 5e-8 && film.thickness.si < 2e-6)
    #expect(grains.size.si > 1e-8 && grains.size.si < 2e-6)
    #expect(film.balanceError < 1e-10)
    #expect(abs(film.temperature.si - 298.15) < 1e-6)
    // The traps of the boundaries stay in the reading after cooling.
    #expect(film.traps.density.si > grains.boundaryDensity * grains.boundaryTraps.si)
  }

  /// Settings at random: a film, or a reason.
  @Test func anySettingGivesAFilmOrAReason() throws {
    let library = try library
    var random = RandomSource(seed: 5, stream: .growth)
    var films = 0
    for _ in 0..<60 {
      let names = ["CsPbBr3", "MAPbI3", "Cs2AgBiBr6", "Cs2AgEuBr6"]
      let compound = try library.material(names[Int(4 * random.uniform())])
      let salts = compound.sublimation!.salts.keys.sorted()
      let run = VacuumSublimation(
        sources: (random.uniform() < 0.3 ? [compound.name] : salts).map {
          crucible($0, 350 + 700 * random.uniform(), grams: pow(10, -3 + 4 * random.uniform()))
        }, distance: Length(si: 0.02 + 0.5 * random.uniform()), substrate: "glass",
        substrateTemperature: .kelvin(150 + 350 * random.uniform()),
        duration: random.uniform() < 0.5 ? TimeSpan(si: pow(10, 4 * random.uniform())) : nil,
        targetThickness: random.uniform() < 0.5 ? Length(si: 1e-6) : nil, plateArea: Area(si: 1e-4), diesPerEdge: 2)
      do {
        let film = try run.run(on: nil, of: compound, in: library, random: &random)
        films += 1
        #expect(film.balanceError < 1e-10, "\(run)")
        #expect(film.thickness.si > 0 && film.thicknessMap.values.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(film.defects.halideVacancies.si > 0 && film.defects.halideVacancies.si.isFinite)
      } catch is GrowthError {}
    }
    #expect(films > 10, "\(films)")
  }

  @Test func sourcesCarryTheirProvenance() throws {
    let path = Fixture.package.appending(path: "data").path(percentEncoded: false)
    let source = try LibrarySource(contentsOf: path)
    let library = source.nominal
    #expect(library.provenance.contains { $0.path == "PbBr2.pressure" })
    #expect(library.provenance.contains { $0.path == "CsPbBr3.sublimation.formationEnergy" })
    let drawn = try source.library(drawing: 2, seed: 7)
    #expect(drawn.sources["PbBr2"] != library.sources["PbBr2"])
    #expect(Set(library.sources.keys) == ["CsBr", "PbBr2", "PbI2", "AgBr", "BiBr3", "EuBr3", "MABr", "MAI"])
    // The salts of every compound add up to its ions.
    for compound in library.compounds.values {
      guard let salts = compound.sublimation?.salts else { continue }
      let total = try salts.reduce(into: SIMD3(0, 0, 0)) { sum, salt in
        let ions = try library.source(salt.key).ions
        sum &+= salt.value.formulaUnits &* SIMD3(ions.cation, ions.metal, ions.halide)
      }
      #expect(total == SIMD3(compound.ions.cation, compound.ions.metal, compound.ions.halide), "\(compound.name)")
    }
  }
}
