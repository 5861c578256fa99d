/// A value given beside the file: `--set process[0].gap=30 µm`.
public struct Override: Hashable, Sendable {
  public var path: String
  /// As it would stand in the file.
  public var value: String

  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }

  /// Reads `path=value`.
  /// - Throws: `RecipeError` (R021) if there is no `=` or no path.
  public init(_ text: String) throws(RecipeError) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      let mark = Mark(file: "--set \(text)", line: 1, column: 1)
      throw RecipeError([
        .init(.badOverride, at: mark, path: "", "write path=value, such as process[0].gap=30 µm")
      ])
    }
    path = text[..<sign].trimmed
    value = text[text.index(after: sign)...].trimmed
  }

  /// Puts the value into a recipe's tree.
  func apply(to tree: inout Tree) throws(RecipeError) {
    let file = "--set \(path)"
    let mark = Mark(file: file, line: 1, column: 1)
    let new = value.isEmpty ? Tree(.scalar("", isPlain: true), at: mark) : try YAMLText.read(value, file: file)
    guard let steps = KeyPathText.steps(path), tree.replace(steps[...], by: new) else {
      throw RecipeError([
        .init(.badOverride, at: mark, path: path, "the recipe has no such place; a path is written process[0].gap")
      ])
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
