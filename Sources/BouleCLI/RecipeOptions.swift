import ArgumentParser
import Boule

/// Options that every command on recipes shares.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Put a value in place of the recipe's own.", valueName: "path=value"))
  var overrides: [String] = []

  @Option(help: "Root seed, in place of the recipe's own.")
  var seed: UInt64?

  @Option(help: "Folder with compounds/, solvents/, sources/ and layers/.")
  var data: String?

  /// The overrides, the seed among them.
  var all: [String] { overrides + (seed.map { ["seed=\($0)"] } ?? []) }

  /// The recipes of several files, each checked against the library.
  ///
  /// - Parameter found: called for each valid file.
  /// - Throws: `InvalidRecipes` with what is wrong with all of them.
  func checked(
    _ paths: [String], against library: MaterialLibrary, found: (String) throws -> Void = { _ in }
  ) throws -> [RecipeFile] {
    let overrides = try all.map { try Override($0) }
    var files: [RecipeFile] = []
    var wrong = InvalidRecipes()
    for path in paths {
      do {
        // Read once: a pipe has nothing to say the second time.
        let text = try TextFile.read(path)
        let recipe = try Recipe(yaml: text, file: path, overrides: overrides)
        try recipe.check(against: library)
        files.append(RecipeFile(path: path, text: text, recipe: recipe))
      } catch let error as RecipeError {
        wrong.problems += error.problems
        continue
      } catch let error as UnreadableInput {
        wrong.unreadable.append(error)
        continue
      }
      try found(path)
    }
    guard wrong.isEmpty else { throw wrong }
    return files
  }
}

/// A recipe and the file that it stands in.
struct RecipeFile {
  var path: String
  var text: String
  var recipe: Recipe
}

/// Everything that is wrong with the recipes of a command line, one line each.
struct InvalidRecipes: Error, CustomStringConvertible {
  var problems: [RecipeProblem] = []
  var unreadable: [UnreadableInput] = []

  var isEmpty: Bool { problems.isEmpty && unreadable.isEmpty }

  var description: String {
    (unreadable.map { "boule: \($0)" } + RecipeError(problems).problems.map(\.description)).joined(separator: "\n")
  }
}
