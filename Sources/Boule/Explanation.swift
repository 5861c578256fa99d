import Foundation
import Materials
import Quantities
import Recipes

/// What is known of a name: the compound, the recipe keys that have it or belong to the model, and the numbers of data/.
public struct Explanation: Sendable {
  /// Keys of the model of that name, or else those of that name, one for each model that has one.
  public let keys: [Recipe.Entry]
  /// Numbers of data/ of the layer, solvent or source of that name, or else whose path is the name or ends in it.
  public let numbers: [Provenance]
  /// The compound of that name.
  public let compound: Compound?
  /// The known name that is most like one that nothing has.
  public let nearest: String?

  public init(of name: String, in library: MaterialLibrary) {
    let ofModel = Recipe.entries.filter { $0.model == name }
    keys = ofModel.isEmpty ? Recipe.explain(name) : ofModel
    let isMaterial = library.layers[name] != nil || library.solvents[name] != nil || library.sources[name] != nil
    numbers = library.provenance.filter {
      $0.path == name || (isMaterial ? $0.path.hasPrefix(name + ".") : $0.path.hasSuffix("." + name))
    }
    compound = library.compounds[name]
    let known =
      Recipe.entries.flatMap { [$0.path, Self.lastWord($0.path)] }
      + library.provenance.flatMap { [$0.path, Self.lastWord($0.path)] }
    nearest = keys.isEmpty && numbers.isEmpty && compound == nil ? Spelling.nearest(to: name, among: known) : nil
  }

  public var isEmpty: Bool { keys.isEmpty && numbers.isEmpty && compound == nil }

  /// The explanation as a person reads it, one block for each key or number.
  public var text: String {
    ([compound].compactMap { $0.map(Self.block) } + keys.map(Self.block) + numbers.map(Self.block))
      .joined(separator: "\n\n")
  }

  /// What a recipe can do with a compound.
  private static func block(_ compound: Compound) -> String {
    var lines = [compound.name]
    for (solvent, solution) in compound.solutions.sorted(by: { $0.key < $1.key }) {
      let trend = solution.dissolutionEnthalpy.si < 0 ? "less when hotter" : "more when hotter"
      lines.append(
        "  dissolves in \(solvent): \(QuantityText.number(solution.solubility.si / 1000, digits: 3)) mol/L at "
          + "\(QuantityText.number(solution.referenceTemperature.si - 273.15, digits: 3)) °C, \(trend)")
      for (what, names) in [
        ("with cosolvent", solution.cosolvents?.keys.sorted()), ("antisolvent", solution.antisolvents?.keys.sorted()),
        ("modulator", solution.modulators?.keys.sorted()),
      ] {
        if let names, !names.isEmpty { lines.append("    \(what): \(names.joined(separator: ", "))") }
      }
    }
    let impurities = compound.impurities?.keys.sorted() ?? []
    lines.append("  impurities: \(impurities.isEmpty ? "none known" : impurities.joined(separator: ", "))")
    let canSwitch =
      compound.contactSwitching != nil || compound.metallization != nil || compound.photoPhase != nil
    lines.append("  devices: \(canSwitch ? "can be tested" : "cannot be tested yet")")
    return lines.joined(separator: "\n")
  }

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

  /// A deviation in the unit that its number is written in.
  private static func shown(_ deviation: Double, like text: String) -> String {
    guard let written = try? WrittenQuantity(text), written.hasUnit else { return QuantityText.number(deviation) }
    // A difference of temperatures has no offset.
    if written.isCelsius { return QuantityText.number(deviation) + " K" }
    let unit = text.drop { !$0.isWhitespace }.trimmingCharacters(in: .whitespaces)
    guard let one = try? WrittenQuantity("1 " + unit), one.exponents == written.exponents else {
      return QuantityText.number(deviation) + " " + written.exponents.siText
    }
    return QuantityText.number(deviation / one.si) + " " + unit
  }

  private static func block(_ number: Provenance) -> String {
    var lines = [number.path]
    let spread =
      switch number.uncertainty {
      case .absolute(let deviation): "± " + shown(deviation, like: number.text)
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
