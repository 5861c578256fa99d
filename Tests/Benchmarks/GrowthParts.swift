import Defects
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens

/// A growth run of each route, one equilibrium of defects, and one reading of traps.
struct GrowthParts {
  let tasks: [TimedTask]

  /// - Parameter recipes: the folder of the shipped recipes.
  init(recipes: URL, library: MaterialLibrary) throws {
    let routes: [(String, String, [String])] = [
      ("vessel, heated", "mapbbr3-itc", []), ("vessel, cooled", "cs2agbibr6-cooling", []),
      ("vessel, powder", "mapbbr3-notebook", ["process[0].contactAngle=40 deg"]),
      ("antisolvent vapor", "mapbbr3-avc", []), ("gap, 64 x 64", "mapbbr3-confined-itc", []),
      ("gap, 256 x 256", "mapbbr3-confined-itc", ["process[0].mapWidth=256"]),
      ("film from vapor", "cspbbr3-coevaporated", []), ("film from one powder", "cspbbr3-single-source", []),
      ("film from the spinner", "mapbbr3-spin-coated", []),
      ("crystal and flakes", "pea2pbbr4-exfoliated", []),
    ]
    tasks =
      try routes.map { name, file, overrides in
        let recipe = try Recipe(
          contentsOf: recipes.appending(path: file + ".yaml").path, overrides: try overrides.map { try Override($0) })
        let compound = try library.material(recipe.material)
        return TimedTask("growth: \(name)") { _ = try recipe.process.run(on: compound, in: library, seed: 1) }
      } + (try Self.rateTasks(recipes: recipes, library: library))
      + Self.filmTasks(of: try library.material("(PEA)2PbBr4"))
      + Self.defectTasks(of: try library.material("MAPbBr3"))
  }

  /// The rate equations of films from vapor, without their plates and maps.
  private static func rateTasks(recipes: URL, library: MaterialLibrary) throws -> [TimedTask] {
    try ["cspbbr3-coevaporated", "cspbbr3-single-source"].compactMap { name in
      let recipe = try Recipe(contentsOf: recipes.appending(path: name + ".yaml").path)
      let compound = try library.material(recipe.material)
      guard let step = recipe.process.steps.first as? VacuumSublimation else { return nil }
      return TimedTask("rate equations: \(name)") { _ = try step.profile(of: compound, in: library) }
    }
  }

  /// Maps of a film on their own, at the width that the routes use and at twice it, and flakes on their own.
  private static func filmTasks(of layered: Compound) throws -> [TimedTask] {
    let maps = [128, 256].flatMap { (width: Int) -> [TimedTask] in
      [
        TimedTask("grain map \(width) x \(width), 256 grains to 64") {
          var random = RandomSource(seed: 1, stream: .growth)
          let points = (0..<256).map { _ in SIMD2(random.uniform(), random.uniform()) }
          var map = GrainGrowthMap(width: width, points: points)
          map.advance(toCount: 64)
        },
        TimedTask("roughness map \(width) x \(width), 100 steps") {
          var random = RandomSource(seed: 1, stream: .growth)
          let law = SurfaceGrowth.Law(tension: 1, diffusion: 1, tilt: 1, speed: 1, unitVolume: 1)
          var surface = try SurfaceGrowth(law, width: width, edge: Double(width))
          surface.advance(by: 0.05, steps: 100, random: &random)
        },
      ]
    }
    guard let law = layered.exfoliability else { return maps }
    return maps + [
      TimedTask("10,000 flakes, ten peels") {
        var random = RandomSource(seed: 1, stream: .growth)
        var tape = FlakePopulation(layers: 200_000, area: Area(si: 25e-6), limit: 10_000)
        for _ in 0..<10 { tape.peel(probability: 0.003, bending: PeelStrain(of: law), random: &random) }
      }
    ]
  }

  private static func defectTasks(of compound: Compound) throws -> [TimedTask] {
    let bands = CarrierBands(of: compound.electronicStructure)
    let species = (0..<10).map { (index: Int) -> DefectSpecies in
      let isDonor = index % 2 == 0
      let donors: [Energy] = isDonor ? [.electronvolts(2.0)] : []
      let acceptors: [Energy] = isDonor ? [] : [.electronvolts(0.3)]
      return DefectSpecies(
        "defect \(index)", siteDensity: NumberDensity(si: 5e27),
        neutralEnergy: .electronvolts(1 + 0.05 * Double(index)), donorLevels: donors, acceptorLevels: acceptors)
    }
    var equilibrium = try DefectEquilibrium(species, bands: bands)
    let states = equilibrium.species.reduce(0) { $0 + $1.states.count }
    let inventory = DefectInventory(
      halideVacancies: NumberDensity(si: 2e23), cationVacancies: NumberDensity(si: 2e23),
      leadVacancies: NumberDensity(si: 2e17), freezeTemperature: .kelvin(330))
    return [
      TimedTask("equilibrium of defects, \(states) charge states", calls: 1000) {
        _ = try equilibrium.solve(at: .kelvin(350))
      },
      TimedTask("reading of traps by space-charge-limited current") {
        _ = try TrapMeasurement.reading(
          of: inventory, inclusions: Ratio(si: 0), thickness: .micrometers(20), in: compound)
      },
    ]
  }
}
