import Boule
import Foundation
import Testing

/// Keeps the example of README.md alive: the block and the function below are the same lines, and the function runs.
@Suite struct ReadmeTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path(percentEncoded: false)

  /// The example as README.md prints it, but for `root`.
  static func example(print: (String) -> Void) async throws {
    let recipe = try Recipe(contentsOf: root + "recipes/mapbbr3-confined-itc.yaml")
    let library = try MaterialLibrary(contentsOf: root + "data")
    let material = try library.material(recipe.material)
    let crystal = try recipe.process.run(on: material, in: library, seed: recipe.seed)
    print("\(crystal.crystalCount) crystals, the largest \(crystal.thickness.formatted()) thick")

    if let design = recipe.device {
      let fields = try recipe.fields.resolve(crystal, in: design, library: library, seed: recipe.seed)
      let device = try TestedDevice(design, of: library, in: fields)
      let trace = try device.run(recipe.test, seed: recipe.seed)
      print("one device, forming at \(trace.forming?.voltage ?? .nan) V")
    }

    let ensemble = try await Experiment(recipe, data: root + "data").ensemble(of: 20)
    let voltages = ensemble.traces.flatMap { $0.trace.cycles.compactMap(\.setVoltage) }
    let summary = try SampleSummary(voltages)
    print("\(ensemble.traces.count) devices, median V_SET \(summary.median) V")
  }

  @Test func theRecipeOfTheReadmeGrowsCrystals() async throws {
    let readme = try String(contentsOfFile: Self.root + "README.md", encoding: .utf8)
    let parts = readme.components(separatedBy: "```yaml\n")
    try #require(parts.count == 2, "README.md has one recipe")
    let recipe = try Recipe(yaml: try #require(parts[1].components(separatedBy: "```").first))
    let outcomes = try await Experiment(recipe, data: Self.root + "data").ensemble(of: 20).outcomes
    #expect(outcomes.count { $0.crystal != nil } > 10)
  }

  @Test func theExampleOfTheReadmeIsTheOneThatRunsHere() throws {
    let readme = try String(contentsOfFile: Self.root + "README.md", encoding: .utf8)
    let parts = readme.components(separatedBy: "```swift\n")
    try #require(parts.count == 2, "README.md has one Swift block")
    let block = try #require(parts[1].components(separatedBy: "```").first)
    var printed = block.components(separatedBy: "\n")
    #expect(printed.removeFirst() == "import Boule")

    let source = try String(contentsOfFile: #filePath, encoding: .utf8).components(separatedBy: "\n")
    let start = try #require(source.firstIndex { $0.contains("func example(") })
    let end = try #require(source[start...].firstIndex(of: "  }"))
    let tested = source[(start + 1)..<end].map { line in
      String(line.dropFirst(4)).replacing("root + ", with: "")
    }
    for (number, (ours, theirs)) in zip(tested, printed.trimmed).enumerated() {
      #expect(ours == theirs, "line \(number + 2) of the example")
    }
    #expect(tested.count == printed.trimmed.count)
  }

  @Test func theExampleOfTheReadmeRuns() async throws {
    var lines: [String] = []
    try await Self.example { lines.append($0) }
    try #require(lines.count == 3)
    #expect(lines[0].wholeMatch(of: /[0-9]+ crystals, the largest [0-9.]+ µm thick/) != nil, "\(lines[0])")
    #expect(lines[1].wholeMatch(of: /one device, forming at -[0-9.]+ V/) != nil, "\(lines[1])")
    #expect(lines[2].wholeMatch(of: /20 devices, median V_SET -[0-9.]+ V/) != nil, "\(lines[2])")
  }

  /// The steps of the example, taken one by one, are what an experiment does with each device.
  @Test func oneDeviceStepByStepIsTheFirstOfTheEnsemble() async throws {
    var recipe = try Recipe(
      contentsOf: Self.root + "recipes/mapbbr3-confined-itc.yaml",
      overrides: [try Override("fields.spacing=16 nm"), try Override("test[1].cycles=4")])
    recipe = try recipe.with(values: recipe.tolerances.map(\.value))
    let library = try MaterialLibrary(contentsOf: Self.root + "data")
    let crystal = try recipe.process.run(
      on: try library.material(recipe.material), in: library, seed: recipe.seed)
    let design = try #require(recipe.device)
    let fields = try recipe.fields.resolve(crystal, in: design, library: library, seed: recipe.seed)
    let trace = try TestedDevice(design, of: library, in: fields).run(recipe.test, seed: recipe.seed)
    let outcome = try await Experiment(recipe, data: Self.root + "data").ensemble(of: 1).outcomes[0]
    #expect(outcome.crystal == crystal)
    #expect(outcome.storedFields == fields)
    #expect(outcome.trace == trace)
  }
}

extension [String] {
  /// The lines without empty ones at the beginning and the end.
  fileprivate var trimmed: [String] {
    var lines = self[...]
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines)
  }
}
