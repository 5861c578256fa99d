import Foundation
import NumericalMethods
import Quantities
import Recipes
import Testing

private func gap(_ recipe: Recipe) throws -> Double {
  let line = try #require(try recipe.resolved.split(separator: "\n").first { $0.contains("gap: ") })
  return try Length(String(line.split(separator: ":")[1].dropFirst())).si
}

@Test func aDrawIsAPlainRecipe() throws {
  let recipe = try Recipe(yaml: Samples.good)
  var random = RandomSource(seed: 3, stream: .tolerances)
  let drawn = try recipe.draw(random: &random)
  #expect(drawn.tolerances.isEmpty)
  #expect(try gap(drawn) != 20e-6)
  #expect(abs(try gap(drawn) - 20e-6) < 5e-6)
}

@Test func theSameSourceDrawsTheSameRecipe() throws {
  let recipe = try Recipe(yaml: Samples.good)
  var one = RandomSource(seed: 3, stream: .tolerances)
  var two = RandomSource(seed: 3, stream: .tolerances)
  var other = RandomSource(seed: 4, stream: .tolerances)
  let first = try recipe.draw(random: &one).resolved
  #expect(try recipe.draw(random: &two).resolved == first)
  #expect(try recipe.draw(random: &other).resolved != first)
}

@Test func aToleranceAddedElsewhereShiftsNoOtherDraw() throws {
  let more = Samples.good.replacing("concentration: 1.0 mol/L", with: "concentration: 1.0 mol/L ± 2 %")
  var one = RandomSource(seed: 3, stream: .tolerances)
  var two = RandomSource(seed: 3, stream: .tolerances)
  let few = try Recipe(yaml: Samples.good).draw(random: &one)
  let many = try Recipe(yaml: more).draw(random: &two)
  #expect(try gap(few) == gap(many))
}

@Test(arguments: Tolerance.Distribution.allCases)
func drawsHaveTheWrittenMeanAndDeviation(distribution: Tolerance.Distribution) throws {
  let tolerance = Tolerance(
    path: "x", value: 2, distribution: distribution, standardDeviation: 0.5, unit: "m", range: -100...100)
  var random = RandomSource(seed: 11, stream: .tolerances)
  let count = 40_000
  var draws: [Double] = []
  for _ in 0..<count { draws.append(try tolerance.draw(random: &random)) }
  let mean = draws.reduce(0, +) / Double(count)
  let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
  #expect(abs(variance.squareRoot() - 0.5) < 0.01)
  if distribution == .logNormal {
    #expect(abs(draws.sorted()[count / 2] - 2) < 0.02)
  } else {
    #expect(abs(mean - 2) < 0.01)
  }
}

@Test func aDrawOutOfRangeIsDrawnAgain() throws {
  let wide = Samples.good.replacing("gap: 20 µm ± 1 µm", with: "gap: 20 µm ± 100 µm")
  let recipe = try Recipe(yaml: wide)
  var random = RandomSource(seed: 5, stream: .tolerances)
  for _ in 0..<50 {
    let drawn = try gap(try recipe.draw(random: &random))
    #expect(drawn >= 1e-7 && drawn <= 2e-4)
  }
}

@Test func aMappingStatesAToleranceToo() throws {
  let text = Samples.good.replacing(
    "gap: 20 µm ± 1 µm", with: "gap: {value: 20 µm, sd: 5 %, distribution: logNormal}")
  let tolerance = try #require(try Recipe(yaml: text).tolerances.first)
  #expect(tolerance.path == "process[0].gap")
  #expect(tolerance.distribution == .logNormal)
  #expect(abs(tolerance.standardDeviation - 1e-6) < 1e-18)
}

@Test func givenValuesStandInTheOrderOfTheTolerances() throws {
  let recipe = try Recipe(yaml: Samples.good)
  let changed = try recipe.with(values: [25e-6, 350])
  #expect(try gap(changed) == 25e-6)
  #expect(try changed.resolved.contains("to: 350.0 K"))
  #expect(throws: ToleranceError.countMismatch(given: 1, tolerances: 2)) { try recipe.with(values: [1]) }
}

@Test func aToleranceThatLostItsValueIsNamed() throws {
  var recipe = try Recipe(yaml: Samples.good)
  recipe.process.steps.removeFirst()
  #expect(throws: ToleranceError.lostPlace(path: "process[0].gap")) { try recipe.with(values: [2e-5, 358]) }
}

@Test func aChangeMadeInCodeStaysInTheDraw() throws {
  var recipe = try Recipe(yaml: Samples.good)
  recipe.seed = 12345
  var random = RandomSource(seed: 3, stream: .tolerances)
  #expect(try recipe.draw(random: &random).seed == 12345)
}

@Test func aLayersThicknessMayHaveATolerance() throws {
  let text = Samples.good.replacing("thickness: 150 nm", with: "thickness: 150 nm ± 10 nm")
  let recipe = try Recipe(yaml: text)
  #expect(recipe.tolerances.map(\.path).contains("device.stack[1].thickness"))
  var random = RandomSource(seed: 3, stream: .tolerances)
  let drawn = try #require(try recipe.draw(random: &random).device?.stack[1].thickness)
  #expect(drawn != .nanometers(150) && abs(drawn.si - 150e-9) < 60e-9)
}
