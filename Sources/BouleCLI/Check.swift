import ArgumentParser
import Boule

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check recipes without running them.",
    discussion: "All problems of all files at once. Exits with 65 if there is one, with 66 if a file is missing.")

  @Argument(help: "Recipe files.") var recipes: [String]
  @OptionGroup var options: RecipeOptions

  func run() throws {
    let library = try LibrarySource(contentsOf: try Resources(data: options.data).data).nominal
    _ = try options.checked(recipes, against: library) { try Console.result("\($0): valid") }
  }
}

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of recipes, for editors that complete and check them.")

  func run() throws { try Console.result(Recipe.jsonSchema) }
}

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List process models, test models and what data/ holds.")

  @Option(help: "Folder with compounds/, solvents/, sources/ and layers/.") var data: String?

  func run() throws {
    let library = try LibrarySource(contentsOf: try Resources(data: data).data).nominal
    var lines: [String] = []
    for (title, models) in [("process models", Recipe.processModels), ("test models", Recipe.testModels)] {
      lines.append("\(title):")
      let width = models.map(\.name.count).max() ?? 0
      for model in models {
        lines.append("  \(model.name.padding(toLength: width, withPad: " ", startingAt: 0))  \(model.summary)")
      }
    }
    lines.append("compounds: \(library.compounds.keys.sorted().joined(separator: ", "))")
    lines.append("solvents: \(library.solvents.keys.sorted().joined(separator: ", "))")
    lines.append("sources: \(library.sources.keys.sorted().joined(separator: ", "))")
    lines.append("layers: \(library.layers.keys.sorted().joined(separator: ", "))")
    try Console.result(lines.joined(separator: "\n"))
  }
}
