import Yams

/// Reads one YAML document into a tree, and writes a tree as YAML.
///
/// Refused before the parser sees them: files over 1 MiB, nesting over 64 levels, anchors, aliases and tags.
enum YAMLText {
  static let largestFile = 1 << 20
  static let deepest = 64

  /// The document of a text.
  /// - Throws: `RecipeError` with every duplicate key, or the first fault that hides the rest.
  static func read(_ text: String, file: String) throws(RecipeError) -> Tree {
    let (tree, problems) = try readKeepingProblems(text, file: file)
    guard problems.isEmpty else { throw RecipeError(problems) }
    return tree
  }

  /// The document of a text without its duplicate keys, and a problem for each of them.
  /// - Throws: `RecipeError` with the first fault that hides the rest.
  static func readKeepingProblems(
    _ text: String, file: String
  ) throws(RecipeError) -> (tree: Tree, problems: [RecipeProblem]) {
    let start = Mark(file: file, line: 1, column: 1)
    guard text.utf8.count <= largestFile else {
      throw RecipeError([
        .init(.tooLarge, at: start, path: "", "\(text.utf8.count) bytes; at most \(largestFile) are read")
      ])
    }
    // A byte order mark in front says nothing that UTF-8 does not say already.
    var source = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    var scan = YAMLHazardScan(source, file: file)
    scan.run()
    guard scan.problems.isEmpty else { throw RecipeError(scan.problems) }

    var renamed: [Place: String] = [:]
    while true {
      do {
        guard let node = try Parser(yaml: source, encoding: .utf8).singleRoot() else {
          throw RecipeError([.init(.emptyFile, at: start, path: "", "the file holds no YAML document")])
        }
        var builder = TreeBuilder(file: file, renamed: renamed)
        let tree = builder.tree(node, path: "", fallback: start)
        return (tree, builder.problems)
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        // The parser stops at the first pair of equal keys: the earlier one gets another name, and it reads on.
        let place = Place(line: context.mark.line, column: context.mark.column)
        let name = names.first ?? ""
        guard renamed.count < 100, let next = rename(source, at: place, number: renamed.count) else {
          let mark = Mark(file: file, line: place.line, column: place.column)
          throw RecipeError([.init(.duplicateKey, at: mark, path: name, "the key `\(name)` stands here twice")])
        }
        renamed[place] = name
        source = next
      } catch let error as RecipeError {
        throw error
      } catch {
        throw RecipeError([problem(error, in: source, file: file)])
      }
    }
  }

  struct Place: Hashable {
    var line: Int
    var column: Int
  }

  /// Replaces the first letter of the key at a place by one that no key has.
  private static func rename(_ text: String, at place: Place, number: Int) -> String? {
    var scalars = Array(text.unicodeScalars)
    var index = 0
    var line = 1
    while line < place.line {
      guard index < scalars.count else { return nil }
      let scalar = scalars[index]
      index += 1
      if scalar == "\r" && index < scalars.count && scalars[index] == "\n" { continue }
      if scalar == "\n" || scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}" {
        line += 1
      }
    }
    index += place.column - 1
    if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
    guard index < scalars.count, scalars[index].properties.isAlphabetic,
      let substitute = Unicode.Scalar(0xE000 + UInt32(number))
    else { return nil }
    scalars[index] = substitute
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private static func problem(_ error: any Error, in text: String, file: String) -> RecipeProblem {
    let top = Mark(file: file, line: 1, column: 1)
    guard let error = error as? YamlError else { return .init(.syntax, at: top, path: "", "\(error)") }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = Mark(file: file, line: mark.line, column: mark.column)
      if problem.contains("another document") {
        return .init(.severalDocuments, at: place, path: "", "a second document begins here; a recipe is one")
      }
      let setting = context.map { ", \($0.text)" } ?? ""
      return .init(.syntax, at: place, path: "", "not YAML: \(problem)\(setting)")
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = 1 + before.count(where: \.isNewline)
      let column = 1 + before.unicodeScalars.reversed().prefix { $0 != "\n" && $0 != "\r" }.count
      return .init(.syntax, at: Mark(file: file, line: line, column: column), path: "", "not YAML: \(problem)")
    default:
      return .init(.syntax, at: top, path: "", "not YAML: \(error)")
    }
  }

  /// The node that Yams' decoder reads: every value is text, so that nothing is guessed.
  ///
  /// Keys carry no tag, because the decoder looks them up by nodes without one: `001` would be missed.
  static func node(_ tree: Tree) -> Node {
    switch tree.content {
    case .scalar(let text, _): return .scalar(.init(text, Tag(.str)))
    case .list(let elements): return .sequence(.init(elements.map(node)))
    case .mapping(let pairs): return .mapping(.init(pairs.map { (.scalar(.init($0.key)), node($0.value)) }))
    }
  }

  /// The tree that a value encodes to.
  static func encode<Value: Encodable>(_ value: Value, file: String) throws -> Tree {
    try read(text(of: value), file: file)
  }

  /// A tree as YAML text.
  static func text(of tree: Tree) throws -> String {
    func written(_ tree: Tree) -> Node {
      switch tree.content {
      case .scalar(let text, _):
        // `no`, `null` and `1.0` would be read as other things than words.
        let isWord = Node(text).tag == Tag(.str)
        return .scalar(.init(text, Tag(.implicit), isWord ? .any : .singleQuoted))
      case .list(let elements): return .sequence(.init(elements.map(written)))
      case .mapping(let pairs): return .mapping(.init(pairs.map { (Node($0.key), written($0.value)) }))
      }
    }
    return try Yams.serialize(node: written(tree), width: -1, allowUnicode: true)
  }

  /// A value as YAML text.
  static func text<Value: Encodable>(of value: Value) throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.allowUnicode = true
    encoder.options.width = -1
    return try encoder.encode(value)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from tree: Tree) throws -> Value {
    try YAMLDecoder().decode(type, from: node(tree))
  }
}

/// Turns Yams' nodes into a tree, and reports keys that stand twice.
private struct TreeBuilder {
  let file: String
  let renamed: [YAMLText.Place: String]
  var problems: [RecipeProblem] = []

  init(file: String, renamed: [YAMLText.Place: String]) {
    self.file = file
    self.renamed = renamed
  }

  mutating func tree(_ node: Node, path: String, fallback: Mark) -> Tree {
    let mark = node.mark.map { Mark(file: file, line: $0.line, column: $0.column) } ?? fallback
    switch node {
    case .scalar(let scalar):
      return Tree(.scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any), at: mark)
    case .sequence(let sequence):
      var elements: [Tree] = []
      for (index, child) in sequence.enumerated() {
        elements.append(tree(child, path: "\(path)[\(index)]", fallback: mark))
      }
      return Tree(.list(elements), at: mark)
    case .mapping(let mapping):
      var pairs: [Tree.Pair] = []
      var firstLine: [String: Int] = [:]
      for (key, value) in mapping {
        let keyMark = key.mark.map { Mark(file: file, line: $0.line, column: $0.column) } ?? mark
        guard case .scalar(let scalar) = key else {
          problems.append(.init(.wrongType, at: keyMark, path: path, "a key is a single word"))
          continue
        }
        let name = renamed[.init(line: keyMark.line, column: keyMark.column)] ?? scalar.string
        let child = tree(value, path: KeyPathText.child(path, name), fallback: keyMark)
        if let line = firstLine[name] {
          let path = KeyPathText.child(path, name)
          problems.append(
            .init(.duplicateKey, at: keyMark, path: path, "the key stands here again; it first stood in line \(line)"))
          continue
        }
        firstLine[name] = keyMark.line
        pairs.append(.init(key: name, mark: keyMark, value: child))
      }
      return Tree(.mapping(pairs), at: mark)
    case .alias:
      problems.append(.init(.anchor, at: mark, path: path, "an alias is refused"))
      return Tree(text: "", at: mark)
    }
  }
}
