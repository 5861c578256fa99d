import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Testing

/// Files of the package, found from this one.
enum Files {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  static let recipe = root + "/recipes/mapbbr3-confined-itc.yaml"
  static let data = root + "/data"
  static let wrong = root + "/Tests/RecipesTests/Wrong"

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  static func named(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
  }
}

/// The problems that reading a recipe, and then holding it against data/, finds.
func problems(in text: String, overrides: [Override] = [], library: MaterialLibrary? = nil) throws -> [RecipeProblem] {
  do {
    let recipe = try Recipe(yaml: text, file: "recipe.yaml", overrides: overrides)
    if let library { try recipe.check(against: library) }
    return []
  } catch let error as RecipeError {
    return error.problems
  }
}

@Test func theShippedRecipeReads() throws {
  let recipe = try Recipe(contentsOf: Files.recipe)
  #expect(recipe.material == "MAPbBr3")
  #expect(recipe.seed == 7)
  #expect(recipe.process.steps.count == 2)
  #expect(recipe.device?.stack.map(\.layer) == ["glass", "ITO", "PTAA", "crystal", "graphite"])
  #expect(recipe.device?.stack[1].thickness == .nanometers(150))
  #expect(recipe.device?.area.si == 4e-8)
  #expect(recipe.device?.seriesResistance.si == 50)
  #expect(recipe.fields.spacing == .nanometers(4))
  #expect(recipe.fields.size.height == nil)
  #expect(recipe.test.count == 2)
  #expect(
    recipe.tolerances.map(\.path) == [
      "process[0].concentration", "process[0].gap", "process[0].gapWedge", "process[0].contactAngle",
      "process[0].program[0].to", "process[0].program[0].rate", "process[1].rate",
    ])
}

@Test(arguments: Files.named(in: Files.root + "/recipes"))
func everyShippedRecipeFitsTheLibrary(path: String) throws {
  try Recipe(contentsOf: path).check(against: try MaterialLibrary(contentsOf: Files.data))
}

@Test func theResolvedRecipeReadsBackTheSame() throws {
  let recipe = try Recipe(contentsOf: Files.recipe)
  let resolved = try recipe.resolved
  let again = try Recipe(yaml: resolved)
  #expect(try again.resolved == resolved)
  #expect(again.tolerances.count == recipe.tolerances.count)
}

@Test func theValueCarriesEveryKeyOfItsLists() throws {
  // All keys written out: what the decoded value does not carry would be missing from the encoded text.
  let recipe = try Recipe(yaml: Samples.everyKey)
  let resolved = try recipe.resolved
  let words = Set(
    resolved.split(whereSeparator: { $0 == "\n" }).compactMap { line -> String? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return String(line[..<colon].filter { $0.isLetter })
    })
  for entry in Recipe.entries where !entry.path.hasPrefix("device.stack[]") {
    let name = entry.path.split(separator: ".").last.map(String.init) ?? ""
    #expect(words.contains(name), "\(entry.path) is in a key list but not in the value")
  }
}

@Test func aKeyLeftOutTakesItsDefault() throws {
  let recipe = try Recipe(yaml: Samples.good)
  #expect(recipe.seed == 7)
  #expect(try Recipe(yaml: Samples.good.replacing("seed: 7\n", with: "")).seed == 1)
  let bare = try Recipe(
    yaml: Samples.good.replacing("fields: {spacing: 4 nm, size: [256 nm, 256 nm, auto]}\n", with: ""))
  #expect(bare.fields.spacing == .nanometers(8))
  #expect(bare.fields.logDeviation == nil)
}

@Test func everyDefaultIsAValueOfItsKey() throws {
  for entry in Recipe.entries {
    guard let text = entry.defaultText, !text.isEmpty, entry.example != nil else { continue }
    let written = try WrittenQuantity(text)
    #expect(written.tolerance == nil, "\(entry.path)")
  }
}

@Test func aLayerMappingWithoutThicknessIsAName() throws {
  let text = Samples.good.replacing("{layer: ITO, thickness: 150 nm}", with: "{layer: ITO}")
  let recipe = try Recipe(yaml: text)
  #expect(recipe.device?.stack[1].layer == "ITO")
  #expect(recipe.device?.stack[1].thickness == nil)
}

@Test func oneTestMayStandWithoutItsList() throws {
  let alone = Samples.good.replacing(
    "test:\n  - {model: forming, amplitude: -5 V, rate: 0.5 V/s, compliance: 1 mA}\n"
      + "  - {model: sweep, amplitude: -3 V, rate: 0.5 V/s, compliance: 1 mA, cycles: 50}\n",
    with: "test: {model: sweep, amplitude: -3 V}\n")
  #expect(try Recipe(yaml: alone).test.count == 1)
}

@Test func anOverrideReplacesAValue() throws {
  let recipe = try Recipe(
    contentsOf: Files.recipe,
    overrides: [
      try Override("process[0].gap=30 µm"), try Override("fields.spacing = 8 nm"),
      try Override("device.stack[1].thickness=100 nm"), try Override("fields.logDeviation=0"),
      try Override("fields.size=[128 nm, 128 nm, 64 nm]"),
    ])
  let resolved = try recipe.resolved
  #expect(resolved.contains("gap: 3e-05 m"))
  #expect(recipe.fields.spacing == .nanometers(8))
  #expect(recipe.fields.logDeviation?.si == 0)
  #expect(recipe.fields.size.height == .nanometers(64))
  #expect(recipe.device?.stack[1].thickness == .nanometers(100))
  #expect(!recipe.tolerances.contains { $0.path == "process[0].gap" })
}

@Test(arguments: [
  ("process[0].gap=30", "R013"), ("process[0].gaps=30 µm", "R007"), ("process[7].gap=30 µm", "R021"),
  ("name.first=x", "R021"), ("process[0]gap=3 µm", "R021"), ("=3", "R021"), ("gap", "R021"), ("seed=", "R010"),
  ("process[0].gap=*g", "R004"), ("process[0].gap=[1", "R001"),
])
func aWrongOverrideIsNamed(text: String, code: String) throws {
  do {
    _ = try Recipe(yaml: Samples.good, overrides: [try Override(text)])
    Issue.record("\(text) was accepted")
  } catch let error as RecipeError {
    #expect(error.problems.map(\.code.rawValue) == [code])
    #expect(error.problems[0].file.hasPrefix("--set"))
  }
}

@Test func aFileThatIsNotThereIsToldFromAWrongOne() throws {
  #expect(throws: UnreadableInput.self) { try Recipe(contentsOf: "/nowhere/recipe.yaml") }
  #expect(throws: UnreadableInput.self) { try Recipe(contentsOf: Files.data) }
}

@Test func aFileOverOneMebibyteIsRefused() throws {
  let long = Samples.good + String(repeating: "# 0123456789abcdef\n", count: 60_000)
  #expect(try problems(in: long).map(\.code) == [.tooLarge])
}

@Test func bytesThatAreNotTextAreRefused() throws {
  let path = NSTemporaryDirectory() + "boule-recipe-\(ProcessInfo.processInfo.processIdentifier).yaml"
  try Data([0x6E, 0x3A, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
  defer { try? FileManager.default.removeItem(atPath: path) }
  do {
    _ = try Recipe(contentsOf: path)
    Issue.record("bytes were accepted")
  } catch let error as RecipeError {
    #expect(error.problems.map(\.code) == [.emptyFile])
  }
}

@Test func otherLineEndingsAndAByteOrderMarkReadTheSame() throws {
  let plain = try Recipe(yaml: Samples.good).resolved
  #expect(try Recipe(yaml: Samples.good.replacing("\n", with: "\r\n")).resolved == plain)
  #expect(try Recipe(yaml: "\u{FEFF}" + Samples.good).resolved == plain)
  let wrong = Samples.good.replacing("gap: 20 µm ± 1 µm", with: "gap: 20").replacing("\n", with: "\r\n")
  #expect(try problems(in: wrong).map(\.line) == [9])
}

@Test func aRecipeSurvivesJSON() throws {
  let recipe = try Recipe(yaml: Samples.everyKey)
  let coded = try JSONEncoder().encode(recipe)
  #expect(try JSONDecoder().decode(Recipe.self, from: coded).resolved == recipe.resolved)
}

@Test func wordsThatLookLikeOtherTypesStayText() throws {
  for name in ["\"null\"", "'12:30'", "\"7\"", "yes", "1:1", "*", "'&a'"] {
    let text = Samples.good.replacing("name: good", with: "name: \(name)")
    if name == "*" {
      #expect(try problems(in: text).map(\.code) == [.syntax])
    } else {
      let recipe = try Recipe(yaml: text)
      #expect(recipe.name == name.filter { $0 != "'" && $0 != "\"" })
      #expect(try Recipe(yaml: try recipe.resolved).name == recipe.name)
    }
  }
}

@Test func explainFindsAKeyByItsLastWord() {
  #expect(Recipe.explain("gap").map(\.path) == ["process[].gap", "device.gap"])
  #expect(Recipe.explain("process[0].gap").map(\.path) == ["process[].gap"])
  #expect(Recipe.explain("rate").count >= 4)
  #expect(Recipe.explain("rate").allSatisfy { $0.path.hasSuffix(".rate") })
  #expect(Recipe.explain("nonsense").isEmpty)
}

/// Every place of a full recipe can be set from outside, whether or not the file has it.
@Test func anOverrideMayStandOnAnyKey() throws {
  let full = try Recipe(yaml: Samples.everyKey)
  let lines = try full.resolved
  #expect(!lines.isEmpty)
  for (path, value) in [
    ("name", "other"), ("seed", "9"), ("material", "MAPbBr3"), ("fields.spacing", "8 nm"),
    ("fields.size", "[128 nm, 128 nm, auto]"), ("process[0].gapBow", "0.02 1/m"), ("process[0].cosolvent", "DMSO"),
    ("process[0].program[1].hold", "3 h"), ("process[0].program", "[{from: 20 °C, to: 80 °C, rate: 1 K/h}]"),
    ("process[0].gap", "{value: 20 µm, sd: 1 µm}"), ("process[1].rate", "1 K/h ± 0.1 K/h"),
    ("process[2]", "{model: cooling, to: 20 °C, rate: 1 K/h}"), ("device.seriesResistance", "10 Ω"),
    ("device.stack[0]", "mica"), ("test", "[]"), ("test[1].cycles", "3"),
  ] {
    _ = try Recipe(yaml: Samples.good, overrides: [Override(path: path, value: value)])
  }
  let changed = try Recipe(yaml: Samples.good, overrides: [Override(path: "process[0].gapBow", value: "0.02 1/m")])
  #expect(try changed.resolved.contains("gapBow: 0.02 "))
}
