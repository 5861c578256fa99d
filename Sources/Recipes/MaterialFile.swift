import Materials
import Quantities

/// One file of data/: a value with the source, kind and uncertainty of each of its numbers.
///
/// A number is a mapping `{value, uncertainty, kind, source, read}`, with `calibratedOn`, `note` and `within` where
/// they apply; names and roles are plain text.
struct MaterialFile<Value: Codable & Sendable>: Sendable {
  /// As the file tells it: that of the file with brackets where the formula has them, (PEA)2PbI4 for PEA2PbI4.yaml.
  var name: String
  /// The file as it was written.
  var text: String
  /// The file without provenance, in SI.
  var tree: Tree
  var numbers: [ProvenanceReader.Number]
  var value: Value

  /// - Parameter fileName: that of the file without its ending.
  /// - Throws: `UnreadableInput`, `RecipeError`.
  init(contentsOf path: String, name fileName: String) throws {
    text = try TextFile.read(path)
    let (source, duplicates) = try YAMLText.readKeepingProblems(text, file: path)
    let name = source["name"]?.text ?? fileName
    var reader = ProvenanceReader(material: name)
    let plain = reader.plain(source, path: "", steps: [])
    self.name = name
    tree = plain
    numbers = reader.numbers
    var problems = duplicates + reader.problems
    do {
      value = try YAMLText.decode(Value.self, from: plain)
    } catch let error as DecodingError {
      throw RecipeError(problems + [error.problem(marks: plain.marks, file: path)])
    }
    let known = try YAMLText.encode(value, file: path)
    Self.compare(plain, with: known, path: "", into: &problems)
    if let written = plain["name"], name.filter({ $0 != "(" && $0 != ")" }) != fileName {
      problems.append(
        .init(.unknownChoice, at: written.mark, path: "name", "`\(name)` stands in the file of \(fileName)"))
    }
    guard problems.isEmpty else { throw RecipeError(problems) }
  }

  /// Keys that the decoded value does not carry are spelling mistakes.
  private static func compare(_ tree: Tree, with known: Tree, path: String, into problems: inout [RecipeProblem]) {
    guard let pairs = tree.pairs, let knownPairs = known.pairs else { return }
    let names = knownPairs.map(\.key)
    for pair in pairs {
      let childPath = KeyPathText.child(path, pair.key)
      if let match = knownPairs.first(where: { $0.key == pair.key }) {
        compare(pair.value, with: match.value, path: childPath, into: &problems)
      } else {
        let hint =
          Spelling.nearest(to: pair.key, among: names).map { "; did you mean `\($0)`?" }
          ?? "; the keys here are \(names.joined(separator: ", "))"
        problems.append(.init(.unknownKey, at: pair.mark, path: childPath, "no key `\(pair.key)` here" + hint))
      }
    }
  }

  /// The value with other numbers in SI, in the order of `numbers`.
  func value(with draws: [Double]) throws -> Value {
    var tree = tree
    for (number, draw) in zip(numbers, draws) {
      _ = tree.replace(
        number.steps[...], by: Tree(text: QuantityText.exact(si: draw, unit: number.unit), at: tree.mark))
    }
    return try YAMLText.decode(Value.self, from: tree)
  }
}
