import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// A step that finds fault with its own rate.
private struct Unwilling: ProcessModel {
  var rate: HeatingRate

  static let name = "unwilling"
  static let summary = "Never runs."
  static let keys: [ParameterKey] = []

  func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    throw ProcessError.noSteps
  }

  func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    [ProcessConflict(key: "rate", message: "too slow"), ProcessConflict(key: "program[3].to", message: "too hot")]
  }
}

@Test func aConflictOfAStepStandsAtItsKey() throws {
  var recipe = try Recipe(yaml: Samples.good, file: "recipe.yaml")
  recipe.process.steps[1] = Unwilling(rate: HeatingRate(si: 1))
  let found = recipe.problems(against: try MaterialLibrary(contentsOf: Files.data))
  #expect(
    found.map(\.description) == [
      "recipe.yaml:13:5: R033 process[1].program[3].to: too hot", "recipe.yaml:15:11: R033 process[1].rate: too slow",
    ])
}

@Test func aProcessWithoutStepsIsRefused() throws {
  let library = try MaterialLibrary(contentsOf: Files.data)
  var recipe = try Recipe(yaml: Samples.good)
  recipe.process.steps = []
  #expect(recipe.problems(against: library).map(\.code) == [.missingKey])
  #expect(throws: ProcessError.noSteps) {
    try recipe.process.run(on: try library.material("MAPbBr3"), in: library, seed: 1)
  }
}

@Test func aGapOfTenUnitCellsIsRefused() throws {
  var library = try MaterialLibrary(contentsOf: Files.data)
  library.compounds["MAPbBr3"]?.lattice.a = .micrometers(3)
  let found = try Recipe(yaml: Samples.good).problems(against: library)
  #expect(found.contains { $0.code == .gapTooSmall && $0.path == "process[0].gap" && $0.line == 9 })
}

@Test func aRecipeMadeInCodeIsCheckedToo() throws {
  let read = try Recipe(yaml: Samples.good)
  let made = Recipe(
    name: "made", material: "MAPbBr3", seed: 1, process: read.process, fields: read.fields, device: nil, test: read.test
  )
  let found = made.problems(against: try MaterialLibrary(contentsOf: Files.data))
  #expect(found.map(\.code) == [.missingDevice])
  #expect(try Recipe(yaml: try made.resolved).name == "made")
}

@Test func whatTheResolvedLevelLeavesOutIsRefusedBeforeAnythingRuns() throws {
  let library = try MaterialLibrary(contentsOf: Files.data)
  for (name, reason) in [("cspbbr3-optical-synapse", "light"), ("mapbbr3-lead-sulfide-dots", "quantum dots")] {
    let recipe = try Recipe(
      contentsOf: Files.root + "/recipes/\(name).yaml", overrides: [try Override("device.level=resolved")])
    let found = recipe.problems(against: library)
    #expect(found.map(\.code) == [.deviceConflict] && found.map(\.path) == ["device.level"])
    #expect(found.allSatisfy { $0.description.contains(reason) })
  }
}
