import Materials
import Quantities
import Recipes

/// What is known of a name: the recipe keys that have it, and the numbers of data/.
public struct Explanation: Sendable {
  /// Keys of the recipe, one for each model that has one of that name.
  public let keys: [Recipe.Entry]
  /// Numbers of data/ whose path is the name or ends in it.
  public let numbers: [Provenance]
  /// The known name that is most like one that nothing has.
  public let nearest: String?

  public init(of name: String, in library: MaterialLibrary) {
    keys = Recipe.explain(name)
    numbers = library.provenance.filter { $0.path == name || $0.path.hasSuffix("." + name) }
    let known =
      Recipe.entries.flatMap { [$0.path, Self.lastWord($0.path)] }
      + library.provenance.flatMap { [$0.path, Self.lastWord($0.path)] }
    nearest = keys.isEmpty && numbers.isEmpty ? Spelling.nearest(to: name, among: known) : nil
  }

  public var isEmpty: Bool { keys.isEmpty && numbers.isEmpty }

  /// The explanation as a person reads it, one block for each key or number.
  public var text: String { (keys.map(Self.block) + numbers.map(Self.block)).joined(separator: "\n\n") }

  private static func lastWord(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }

  private static func block(_ key: Recipe.Entry) -> String {
    var lines = [key.path + (key.model.map { " (\($0))" } ?? "")]
    lines.append("  \(key.meaning)")
    lines.append("  holds    \(key.kind)" + (key.example.map { ", such as \($0)" } ?? ""))
    if let range = key.range { lines.append("  range    \(range)") }
    let standard = key.defaultText.map { $0.isEmpty ? "absent" : $0 } ?? "none: the key is required"
    lines.append("  default  \(standard)")
    return lines.joined(separator: "\n")
  }

  private static func block(_ number: Provenance) -> String {
    var lines = [number.path]
    let unit = (try? WrittenQuantity(number.text))?.exponents.siText ?? "1"
    let spread =
      switch number.uncertainty {
      case .absolute(let deviation): "± " + QuantityText.number(deviation) + (unit == "1" ? "" : " " + unit)
      case .factor(let factor): "factor " + QuantityText.number(factor)
      }
    lines.append("  value    \(number.text), \(spread)")
    lines.append("  kind     \(number.kind.rawValue); read: \(number.read.rawValue)")
    lines.append("  source   \(number.source)")
    if let device = number.calibratedOn { lines.append("  fixed    on \(device); not a prediction of it") }
    if let note = number.note { lines.append("  note     \(note)") }
    return lines.joined(separator: "\n")
  }
}
