/// A place in a file.
struct Mark: Hashable, Sendable {
  var file: String
  var line: Int
  var column: Int
}

/// A YAML document as plain values, each with its place.
struct Tree: Sendable {
  enum Content: Sendable {
    /// A plain scalar is one without quotes.
    case scalar(String, isPlain: Bool)
    case list([Tree])
    case mapping([Pair])
  }

  struct Pair: Sendable {
    var key: String
    var mark: Mark
    var value: Tree
  }

  var content: Content
  var mark: Mark

  init(_ content: Content, at mark: Mark) {
    self.content = content
    self.mark = mark
  }

  init(text: String, at mark: Mark) { self.init(.scalar(text, isPlain: false), at: mark) }

  /// What a mapping holds under a key.
  subscript(key: String) -> Tree? {
    guard case .mapping(let pairs) = content else { return nil }
    return pairs.first { $0.key == key }?.value
  }

  var pairs: [Pair]? {
    if case .mapping(let pairs) = content { pairs } else { nil }
  }

  var elements: [Tree]? {
    if case .list(let elements) = content { elements } else { nil }
  }

  /// The text of a scalar.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// Whether this is nothing: an empty value, `null` or `~`.
  var isNull: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What stands here, in words.
  var kindName: String {
    switch content {
    case .scalar: "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The marks of all places, by key path.
  var marks: [String: Mark] {
    var table: [String: Mark] = [:]
    visit(path: "") { path, tree in table[path] = tree.mark }
    return table
  }

  /// The key paths of all scalars.
  var leafPaths: Set<String> {
    var paths: Set<String> = []
    visit(path: "") { path, tree in
      if tree.text != nil { paths.insert(path) }
    }
    return paths
  }

  func visit(path: String, _ body: (String, Tree) -> Void) {
    body(path, self)
    switch content {
    case .scalar: break
    case .list(let elements):
      for (index, element) in elements.enumerated() { element.visit(path: "\(path)[\(index)]", body) }
    case .mapping(let pairs):
      for pair in pairs { pair.value.visit(path: KeyPathText.child(path, pair.key), body) }
    }
  }

  /// Puts a value at a path; a mapping gains the key if it lacks it, a list one element past its end.
  /// - Returns: whether the path leads anywhere.
  mutating func replace(_ path: ArraySlice<KeyPathText.Step>, by value: Tree) -> Bool {
    guard let step = path.first else {
      self = value
      return true
    }
    let rest = path.dropFirst()
    switch (step, content) {
    case (.index(let index), .list(var elements)) where elements.indices.contains(index):
      guard elements[index].replace(rest, by: value) else { return false }
      content = .list(elements)
      return true
    case (.index(let index), .list(let elements)) where index == elements.count && rest.isEmpty:
      content = .list(elements + [value])
      return true
    case (.key(let key), .mapping(var pairs)):
      if let place = pairs.firstIndex(where: { $0.key == key }) {
        guard pairs[place].value.replace(rest, by: value) else { return false }
      } else {
        var child = Tree(.mapping([]), at: value.mark)
        guard child.replace(rest, by: value) else { return false }
        pairs.append(Pair(key: key, mark: value.mark, value: child))
      }
      content = .mapping(pairs)
      return true
    default:
      return false
    }
  }
}

/// Key paths as text: `process[0].gap`.
enum KeyPathText {
  enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  static func child(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The steps of a path, or nil if it is not one.
  static func steps(_ path: String) -> [Step]? {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { return nil }
      steps.append(.key(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else { return nil }
        steps.append(.index(index))
      }
    }
    return steps.isEmpty ? nil : steps
  }

  /// The path one step up: `process[0]` of `process[0].gap`; nil at the top.
  static func parent(_ path: String) -> String? {
    guard !path.isEmpty else { return nil }
    guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return "" }
    return String(path[..<cut])
  }
}
