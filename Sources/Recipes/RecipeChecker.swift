import Quantities

/// Holds a recipe's tree against the key lists: collects every problem, fills in defaults, sets tolerances apart.
struct RecipeChecker {
  private(set) var problems: [RecipeProblem] = []
  private(set) var tolerances: [Tolerance] = []

  /// A mapping with just the known keys, in the order of the list, defaults filled in.
  mutating func mapping(_ tree: Tree, keys: [ParameterKey], path: String, also leader: String? = nil) -> Tree {
    guard let pairs = tree.pairs else {
      report(.wrongType, tree, path, "a mapping is expected here, with \(names(keys)); this is \(tree.kindName)")
      return tree
    }
    let known = (leader.map { [$0] } ?? []) + keys.map(\.name)
    for pair in pairs where !known.contains(pair.key) {
      let meant = Spelling.nearest(to: pair.key, among: known)
      let hint = meant.map { "; did you mean `\($0)`?" } ?? "; the keys here are \(known.joined(separator: ", "))"
      problems.append(
        .init(.unknownKey, at: pair.mark, path: KeyPathText.child(path, pair.key), "no key `\(pair.key)` here" + hint))
    }
    var result: [Tree.Pair] = []
    if let leader, let pair = pairs.first(where: { $0.key == leader }) { result.append(pair) }
    for key in keys {
      let childPath = KeyPathText.child(path, key.name)
      if let pair = pairs.first(where: { $0.key == key.name }) {
        let value = self.value(pair.value, kind: key.kind, path: childPath)
        result.append(.init(key: key.name, mark: pair.mark, value: value))
      } else if let text = key.defaultText {
        guard !text.isEmpty, let value = Self.defaultTree(text, at: tree.mark) else { continue }
        result.append(
          .init(key: key.name, mark: tree.mark, value: self.value(value, kind: key.kind, path: childPath)))
      } else {
        report(.missingKey, tree, childPath, "the key is missing: \(key.meaning)\(example(key.kind))")
      }
    }
    return Tree(.mapping(result), at: tree.mark)
  }

  /// A default as its key list writes it, standing at the place that lacks it.
  static func defaultTree(_ text: String, at mark: Mark) -> Tree? {
    guard let tree = try? YAMLText.read(text, file: mark.file) else { return nil }
    return tree.moved(to: mark)
  }

  private mutating func value(_ tree: Tree, kind: ParameterKey.Kind, path: String) -> Tree {
    if tree.isNull {
      report(.emptyValue, tree, path, "no value stands here\(example(kind))")
      return tree
    }
    switch kind {
    case .quantity(let dimension, let range):
      return quantity(tree, dimension: dimension, range: range, path: path)
    case .quantities(let dimension, let range, let count):
      let result = list(tree, path: path) { $0.quantity($1, dimension: dimension, range: range, path: $2) }
      if let found = tree.elements?.count, !count.contains(found) {
        report(
          .outOfRange, tree, path,
          "\(found) stand here; a list of \(count.lowerBound) to \(count.upperBound) is expected")
      }
      return result
    case .integer(let range):
      return integer(tree, range: range, path: path)
    case .text(let choices):
      return text(tree, choices: choices, path: path)
    case .flag:
      guard let text = scalar(tree, path, "true or false") else { return tree }
      guard text == "true" || text == "false" else {
        report(.unknownChoice, tree, path, "`\(text)` is neither true nor false")
        return tree
      }
      return tree
    case .mapping(let keys):
      return mapping(tree, keys: keys, path: path)
    case .list(let keys):
      return list(tree, path: path) { $0.mapping($1, keys: keys, path: $2) }
    case .models(let models):
      return list(tree, path: path) { $0.model($1, models: models, path: $2) }
    case .layers:
      return list(tree, path: path) { $0.layer($1, path: $2) }
    case .extent:
      return extent(tree, path: path)
    }
  }

  private mutating func list(_ tree: Tree, path: String, _ body: (inout Self, Tree, String) -> Tree) -> Tree {
    guard let elements = tree.elements else {
      report(.wrongType, tree, path, "a list is expected here; this is \(tree.kindName)")
      return tree
    }
    var result: [Tree] = []
    for (index, element) in elements.enumerated() { result.append(body(&self, element, "\(path)[\(index)]")) }
    return Tree(.list(result), at: tree.mark)
  }

  private mutating func model(_ tree: Tree, models: [ModelKeys], path: String) -> Tree {
    guard tree.pairs != nil else {
      report(.wrongType, tree, path, "a mapping with `model:` is expected here; this is \(tree.kindName)")
      return tree
    }
    let modelPath = KeyPathText.child(path, "model")
    let known = models.map(\.name)
    guard let named = tree["model"] else {
      report(.missingKey, tree, modelPath, "the key is missing; the models are \(known.joined(separator: ", "))")
      return tree
    }
    guard let name = text(named, choices: [], path: modelPath).text, !named.isNull else { return tree }
    guard let model = models.first(where: { $0.name == name }) else {
      let hint = Spelling.nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
      report(
        .unknownModel, named, modelPath, "no model `\(name)`\(hint); the models are \(known.joined(separator: ", "))")
      return tree
    }
    return mapping(tree, keys: model.keys, path: path, also: "model")
  }

  private mutating func layer(_ tree: Tree, path: String) -> Tree {
    if tree.pairs != nil {
      let layer = mapping(tree, keys: StackLayerKeys.keys, path: path)
      // A mapping that says nothing but the name is the name.
      if let only = layer.pairs, only.count == 1, only[0].key == "layer" { return only[0].value }
      return layer
    }
    return value(tree, kind: .text(choices: []), path: path)
  }

  private mutating func extent(_ tree: Tree, path: String) -> Tree {
    guard let edges = tree.elements, edges.count == 3 else {
      let found = tree.elements.map { "a list of \($0.count)" } ?? tree.kindName
      report(.wrongType, tree, path, "three lengths are expected, such as [256 nm, 256 nm, auto]; this is \(found)")
      return tree
    }
    var result: [Tree] = []
    for (index, edge) in edges.enumerated() {
      let edgePath = "\(path)[\(index)]"
      if index == 2 && edge.text == "auto" {
        result.append(edge)
      } else {
        let before = tolerances.count
        result.append(
          value(edge, kind: .quantity(dimension: LengthDimension.self, range: 1e-10...1e-3), path: edgePath))
        if tolerances.count > before {
          tolerances.removeLast()
          report(.badTolerance, edge, edgePath, "the window is a choice of resolution; it has no tolerance")
        }
      }
    }
    return Tree(.list(result), at: tree.mark)
  }

  private mutating func text(_ tree: Tree, choices: [String], path: String) -> Tree {
    if tree.isNull {
      report(.emptyValue, tree, path, "no text stands here")
      return tree
    }
    guard let text = scalar(tree, path, "a text") else { return tree }
    if !choices.isEmpty && !choices.contains(text) {
      let hint = Spelling.nearest(to: text, among: choices).map { "; did you mean `\($0)`?" } ?? ""
      report(.unknownChoice, tree, path, "`\(text)` is not one of \(choices.joined(separator: ", "))\(hint)")
    } else if text.allSatisfy(\.isWhitespace) {
      report(.emptyValue, tree, path, "no text stands here")
    }
    return tree
  }

  private mutating func integer(_ tree: Tree, range: ClosedRange<Int>, path: String) -> Tree {
    guard let text = scalar(tree, path, "a whole number") else { return tree }
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isWholeNumber }) else {
      report(.notAValue, tree, path, "`\(text)` is not a whole number")
      return tree
    }
    guard let number = Int(text), range.contains(number) else {
      let code: RecipeProblem.Code = path == "schema" ? .schemaVersion : .outOfRange
      let limits =
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      let what =
        path == "schema" ? "this program reads version \(range.upperBound) of the format" : "the range is \(limits)"
      report(code, tree, path, "\(text) stands here; \(what)")
      return tree
    }
    return Tree(.scalar(String(number), isPlain: true), at: tree.mark)
  }

  private mutating func quantity(
    _ tree: Tree, dimension: any Dimension.Type, range: ClosedRange<Double>, path: String
  ) -> Tree {
    do {
      let toleranceKeys = ["value", "sd", "distribution"]
      guard let pairs = tree.pairs else {
        guard let text = scalar(tree, path, "a \(dimension.name), such as \(dimension.example),") else { return tree }
        let written = try WrittenQuantity(text, as: dimension)
        return keep(
          written, .normal, written.tolerance, dimension: dimension, range: range, at: tree, path: path)
      }
      for pair in pairs where !toleranceKeys.contains(pair.key) {
        let hint = Spelling.nearest(to: pair.key, among: toleranceKeys).map { "; did you mean `\($0)`?" } ?? ""
        problems.append(
          .init(
            .unknownKey, at: pair.mark, path: KeyPathText.child(path, pair.key),
            "a value with a tolerance has the keys value, sd, distribution\(hint)"))
      }
      guard let valueText = part("value", of: tree, path), let deviationText = part("sd", of: tree, path) else {
        return tree
      }
      var distribution = Tolerance.Distribution.normal
      if let word = tree["distribution"] {
        let names = Tolerance.Distribution.allCases.map(\.rawValue)
        guard let name = text(word, choices: names, path: KeyPathText.child(path, "distribution")).text,
          let known = Tolerance.Distribution(rawValue: name)
        else { return tree }
        distribution = known
      }
      let written = try WrittenQuantity(valueText, as: dimension)
      guard written.tolerance == nil else {
        throw QuantityError.badTolerance(text: valueText, reason: "the tolerance stands under `sd`")
      }
      let deviation = try WrittenQuantity.deviation(deviationText, of: written)
      return keep(written, distribution, deviation, dimension: dimension, range: range, at: tree, path: path)
    } catch let error as QuantityError {
      report(Self.code(of: error), tree, path, error.description)
    } catch {
      report(.notAValue, tree, path, "\(error)")
    }
    return tree
  }

  private mutating func part(_ key: String, of tree: Tree, _ path: String) -> String? {
    let childPath = KeyPathText.child(path, key)
    guard let child = tree[key] else {
      report(.missingKey, tree, childPath, "a value with a tolerance needs `value` and `sd`")
      return nil
    }
    guard !child.isNull else {
      report(.emptyValue, child, childPath, "no value stands here")
      return nil
    }
    return scalar(child, childPath, "a value with its unit")
  }

  /// Checks the range, notes the tolerance, and leaves the plain value in SI.
  private mutating func keep(
    _ written: WrittenQuantity, _ distribution: Tolerance.Distribution, _ deviation: Double?,
    dimension: any Dimension.Type, range: ClosedRange<Double>, at tree: Tree, path: String
  ) -> Tree {
    guard range.contains(written.si) else {
      let low = QuantityText.range(range.lowerBound, dimension)
      let high = QuantityText.range(range.upperBound, dimension)
      report(.outOfRange, tree, path, "`\(written.text)` is out of range; from \(low) to \(high)")
      return tree
    }
    if let deviation, deviation > 0 {
      let tolerance = Tolerance(
        path: path, value: written.si, distribution: distribution, standardDeviation: deviation,
        unit: dimension.siUnit, range: range)
      if distribution == .logNormal && written.si <= 0 {
        report(.badTolerance, tree, path, "a log-normal value is above 0")
      } else {
        tolerances.append(tolerance)
      }
    }
    return Tree(text: QuantityText.exact(si: written.si, unit: dimension.siUnit), at: tree.mark)
  }

  private mutating func scalar(_ tree: Tree, _ path: String, _ what: String) -> String? {
    guard let text = tree.text else {
      report(.wrongType, tree, path, "\(what) is expected here; this is \(tree.kindName)")
      return nil
    }
    return text
  }

  static func code(of error: QuantityError) -> RecipeProblem.Code {
    switch error {
    case .malformed, .notFinite: .notAValue
    case .unknownUnit: .unknownUnit
    case .missingUnit: .missingUnit
    case .wrongDimension: .wrongDimension
    case .celsiusInDifference: .celsiusInDifference
    case .badTolerance: .badTolerance
    }
  }

  private mutating func report(_ code: RecipeProblem.Code, _ tree: Tree, _ path: String, _ message: String) {
    problems.append(.init(code, at: tree.mark, path: path, message))
  }

  private func names(_ keys: [ParameterKey]) -> String {
    keys.count == 1 ? "the key \(keys[0].name)" : "keys such as \(keys.first?.name ?? "")"
  }

  private func example(_ kind: ParameterKey.Kind) -> String {
    switch kind {
    case .quantity(let dimension, _): " A \(dimension.name) is expected, such as \(kind.example ?? dimension.example)."
    case .quantities(let dimension, _, _):
      " A list is expected, each a \(dimension.name), such as \(kind.example ?? dimension.example)."
    case .extent: " Such as [256 nm, 256 nm, auto]."
    case .integer(let range): " A whole number is expected, from \(range.lowerBound)."
    default: ""
    }
  }
}

/// The keys of a layer that is written as a mapping.
enum StackLayerKeys {
  static let keys: [ParameterKey] = [
    ParameterKey("layer", .text(choices: []), "Name of a layer in data/, or `crystal`."),
    .quantity(
      "thickness", LengthDimension.self, in: 1e-10...1e-1, default: "", "Thickness; the usual one of data/ if absent."),
  ]
}

extension Tree {
  /// The same tree with all its places moved to one.
  func moved(to mark: Mark) -> Tree {
    switch content {
    case .scalar: Tree(content, at: mark)
    case .list(let elements): Tree(.list(elements.map { $0.moved(to: mark) }), at: mark)
    case .mapping(let pairs):
      Tree(.mapping(pairs.map { .init(key: $0.key, mark: mark, value: $0.value.moved(to: mark)) }), at: mark)
    }
  }
}
