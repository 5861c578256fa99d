import ArgumentParser
import Boule

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the meaning, unit, range, default and source of a recipe key, a number of data/ or a compound.",
    discussion: """
      A key by its name or path: gap, process[0].gap. A number by its path or the end of it: MAPbBr3.elasticity.c11, \
      trappingVelocity. A compound by its name: FAPbBr3; tells what dissolves it. A model by its name: spinCoating; \
      tells its keys. A layer, solvent or source by its name: ITO; tells its numbers.
      """)

  @Argument(help: "Recipe key, model, number or material.") var key: String
  @Option(help: "Folder with compounds/, solvents/, sources/ and layers/.") var data: String?

  func run() throws {
    let library = try LibrarySource(contentsOf: try Resources(data: data).data).nominal
    let explanation = Explanation(of: key, in: library)
    guard !explanation.isEmpty else { throw UnknownKey(key: key, nearest: explanation.nearest) }
    try Console.result(explanation.text)
  }
}

/// Nothing in recipes or data/ has that name.
struct UnknownKey: Error, CustomStringConvertible {
  var key: String
  var nearest: String?

  var description: String {
    "no recipe key and no number of data/ is called `\(key)`"
      + (nearest.map { "; did you mean `\($0)`?" } ?? "; `boule list` names models and materials")
  }
}
