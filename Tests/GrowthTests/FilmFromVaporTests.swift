import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Specimens
import Testing

/// What becomes of the islands and layers of a film from vapor: columns, grains, face and phases.
extension VacuumSublimationTests {
  /// A surface covered with a salt is in equilibrium with that salt's vapor: lead bromide alone stays on a substrate
  /// only as far as more of it comes than its own solid gives off.
  @Test func aSaltAloneStaysAsFarAsItsSolidWouldNotEvaporate() throws {
    let salt = try library.source("PbBr2")
    for substrate in [500.0, 540, 580] {
      let film = try profile(process(cesium: 600, lead: 660, substrate: substrate))
      let rates = (film.arrived["PbBr2"]! / film.time.si, film.desorbed["PbBr2"]! / film.time.si)
      let limit = Evaporation.flux(of: salt, at: .kelvin(substrate))
      #expect(abs(rates.1 / min(rates.0, limit) - 1) < 1e-3, "\(substrate): \(rates), \(limit)")
    }
  }

  /// Columns widen as h^(2/5) on a cold substrate; on a hot one grains grow until grooves hold them, at a thickness
  /// that γ_s/γ_b tells.
  @Test func columnsWidenAndHotGrainsStopAtSomeThicknesses() throws {
    let cold = try [1200.0, 4800].map { try grown(process(substrate: 300, seconds: $0)) }
    let power =
      log(cold[1].grains!.size.si / cold[0].grains!.size.si) / log(cold[1].thickness.si / cold[0].thickness.si)
    #expect(abs(power - ColumnarTexture.exponent) < 0.02, "\(power)")
    let law = try library.material("CsPbBr3").grainBoundaries!
    let hot = try grown(process(lead: 640, substrate: 540, seconds: 3600))
    let limit = hot.thickness.si * law.surfaceEnergy.si / law.energy.si
    #expect(abs(hot.grains!.size.si / limit - 1) < 0.15, "\(hot.grains!.size.si), \(limit)")
  }

  /// A face with more energy evens itself out the sooner.
  @Test func tensionEvensTheFaceOut() throws {
    let library = try library
    var compound = try library.material("CsPbBr3")
    // Hardly any wandering, so that half spheres are small and last.
    compound.sublimation!.diffusionEnergy = .electronvolts(0.75)
    let run = process(substrate: 300, seconds: 3600)
    let deviations = try [0.01, 0.1, 1, 10].map { (factor: Double) -> Double in
      var changed = compound
      changed.grainBoundaries!.surfaceEnergy.si *= factor
      changed.grainBoundaries!.energy.si *= factor
      var random = RandomSource(seed: 1, stream: .growth)
      return try run.run(on: nil, of: changed, in: library, random: &random).roughness!.deviation.si
    }
    #expect(deviations == deviations.sorted(by: >) && deviations[0] > 1.2 * deviations[3], "\(deviations)")
  }

  /// Half spheres meet as high, along their cells' boundaries, as the closed form tells.
  @Test(arguments: [0.6, 1.0, 1.6])
  func halfSpheresMeetAsHighAsTheyReach(reach: Double) {
    let density = 1.0
    let radius = reach / Double.pi.squareRoot()
    var random = RandomSource(seed: 3, stream: .growth)
    let edge = 60.0
    let seeds = (0..<Int(edge * edge)).map { _ in edge * SIMD2(random.uniform(), random.uniform()) }
    var rows: [[SIMD2<Double>]] = .init(repeating: [], count: 60)
    for seed in seeds { rows[min(59, Int(seed.y))].append(seed) }
    // Along straight lines: where the nearest seed changes, and how far it is there.
    var (crossings, sum, squares) = (0.0, 0.0, 0.0)
    for line in 5..<55 {
      let near = rows[(line - 4)...(line + 4)].joined()
      var last: Int?
      for step in 0..<5000 {
        let point = SIMD2(5 + 50 * Double(step) / 5000, Double(line) + 0.5)
        var (best, square) = (-1, Double.infinity)
        for (index, seed) in near.enumerated() {
          let way = seed - point
          let distance = (way * way).sum()
          if distance < square { (best, square) = (index, distance) }
        }
        if let last, last != best {
          crossings += 1
          let height = max(0, radius * radius - square).squareRoot()
          sum += height
          squares += height * height
        }
        last = best
      }
    }
    let mean = reach - ImpingingDomes.dawson(reach)
    let domes = ImpingingDomes(density: density, thickness: mean / Double.pi.squareRoot())
    #expect(abs(domes.reach - reach) < 1e-9)
    let height = sum / crossings
    let error = ((squares / crossings - height * height) / crossings).squareRoot()
    #expect(abs(height - domes.boundaryHeight) < 4 * error + 0.01 * height, "\(height), \(domes.boundaryHeight)")
  }

  /// More of a salt stays only as far as its flux is above that of its saturated vapor, whatever holds it back in its
  /// crucible.
  @Test(arguments: [1, 0.3])
  func aSaltIsInEquilibriumWithItsOwnVapor(coefficient: Double) throws {
    var library = try library
    library.sources["PbBr2"]!.evaporationCoefficient = Ratio(si: coefficient)
    let saturated = Evaporation.saturatedFlux(of: try library.source("PbBr2"), at: .kelvin(560))
    for lead in [630.0, 655, 680] {
      let film = try process(cesium: 600, lead: lead, substrate: 560).profile(
        of: library.material("CsPbBr3"), in: library)
      let landed = film.arrived["PbBr2"]! / film.time.si
      let kept = film.kept["PbBr2"]! / film.time.si
      #expect(abs(kept - max(0, landed - saturated)) < 2e-3 * saturated, "\(lead): \(landed), \(kept)")
    }
  }

  /// L11: a mild anneal lets the salts of a layered film meet; none is lost, and a long one leaves one composition.
  @Test func annealingConvertsALayeredFilm() throws {
    let library = try library
    let compound = try library.material("CsPbBr3")
    let film = try grown(
      process(substrate: 300) {
        $0.sources = [crucible("CsPbBr3", 800, grams: 0.2)]
        $0.duration = nil
      })
    func annealed(_ celsius: Double, minutes: Double) throws -> GrownCrystal {
      var random = RandomSource(seed: 1, stream: .growth)
      return try Annealing(
        temperature: .celsius(celsius), duration: TimeSpan(si: 60 * minutes), heatingRate: HeatingRate(si: 1),
        coolingRate: HeatingRate(si: 1)
      ).run(on: film, of: compound, in: library, random: &random)
    }
    func totals(_ crystal: GrownCrystal) -> [Double] {
      let layers = crystal.saltLayers!.layers
      return layers[0].indices.map { salt in layers.reduce(0) { $0 + $1[salt] } }
    }
    let others = { (crystal: GrownCrystal) in crystal.secondaryPhases.values.reduce(0) { $0 + $1.si } }
    let runs = try [0.1, 3, 30, 1e5].map { try annealed(150, minutes: $0) }
    for run in runs {
      for (a, b) in zip(totals(run), totals(film)) { #expect(abs(a / b - 1) < 1e-10) }
    }
    let left = [others(film)] + runs.map(others)
    #expect(left == left.sorted(by: >) && left[0] > 0.2 && left[4] < 1e-3, "\(left)")
    #expect(film.warnings.contains { $0.code == "secondaryPhases" })
    #expect(!runs[3].warnings.contains { $0.code == "secondaryPhases" })
    let ratios = runs[3].saltLayers!.layers.map { $0[1] / $0[0] }
    #expect(ratios.max()! / ratios.min()! < 1 + 1e-6)
    #expect(try others(annealed(30, minutes: 30)) > 0.9 * others(film))
  }

  /// Too much of a salt puts its ion on the other's sites; the product of both kinds is that of an exchange of two ions,
  /// whatever the stoichiometry, and cooling leaves them where they are.
  @Test func offStoichiometryMakesAntisites() throws {
    let library = try library
    let compound = try library.material("CsPbBr3")
    let films = try [(760.0, 645.0), (810.0, 620.0)].map { try grown(process(cesium: $0, lead: $1, substrate: 430)) }
    let (lean, rich) = (films[0].defects, films[1].defects)
    #expect(rich.cationAntisites.si > 2 * lean.cationAntisites.si)
    #expect(lean.metalAntisites.si > 2 * rich.metalAntisites.si)
    let units = compound.formulaUnitDensity
    let energy = compound.defects.antisiteEnergy!.si
    let product = units * units * exp(-2 * energy / (Constants.boltzmann * 430))
    for defects in [lean, rich] {
      #expect(abs(defects.cationAntisites.si * defects.metalAntisites.si / product - 1) < 1e-9)
    }
    var random = RandomSource(seed: 1, stream: .growth)
    let cold = try Cooling(to: .celsius(25), rate: HeatingRate(si: 5.0 / 60)).run(
      on: films[0], of: compound, in: library, random: &random)
    #expect(cold.defects.cationAntisites == lean.cationAntisites)
  }
}
