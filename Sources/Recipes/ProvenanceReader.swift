import Materials
import Quantities

/// Takes the provenance out of a material file, and says what is wrong with it.
struct ProvenanceReader {
  /// One number of the file.
  struct Number: Sendable {
    var provenance: Provenance
    /// The SI unit of the value.
    var unit: String
    /// Steps from the file's root.
    var steps: [KeyPathText.Step]
    /// Physical bounds in SI; a draw outside is drawn again.
    var within: ClosedRange<Double>
  }

  let material: String
  private(set) var numbers: [Number] = []
  private(set) var problems: [RecipeProblem] = []

  static let requiredKeys = ["value", "uncertainty", "kind", "source", "read"]
  static let optionalKeys = ["calibratedOn", "note", "within"]

  /// Keys whose whole numbers are exact by definition and stand bare.
  static let exactCounts: Set = ["formulaUnits", "cation", "metal", "halide", "charge"]

  init(material: String) { self.material = material }

  /// The tree in which each number is its bare value in SI.
  mutating func plain(_ tree: Tree, path: String, steps: [KeyPathText.Step]) -> Tree {
    switch tree.content {
    case .scalar(let text, _):
      if tree.isNull {
        problems.append(.init(.emptyValue, at: tree.mark, path: path, "no value stands here"))
      } else if case .key(let key)? = steps.last, Self.exactCounts.contains(key), Int(text) != nil {
        // Structure, not measurement: it has neither uncertainty nor source.
      } else if let first = text.first, first.isNumber || "+-.\u{2212}".contains(first) {
        problems.append(
          .init(
            .missingProvenance, at: tree.mark, path: path,
            "`\(text)` stands bare; write {value: \(text), uncertainty: …, kind: …, source: …, read: …}"))
      }
      return tree
    case .list:
      problems.append(.init(.wrongType, at: tree.mark, path: path, "a material file has no lists"))
      return tree
    case .mapping(let pairs):
      if tree["value"] != nil { return number(tree, path: path, steps: steps) }
      return Tree(
        .mapping(
          pairs.map { pair in
            let childPath = KeyPathText.child(path, pair.key)
            return .init(
              key: pair.key, mark: pair.mark, value: plain(pair.value, path: childPath, steps: steps + [.key(pair.key)])
            )
          }), at: tree.mark)
    }
  }

  private mutating func number(_ tree: Tree, path: String, steps: [KeyPathText.Step]) -> Tree {
    let before = problems.count
    let known = Self.requiredKeys + Self.optionalKeys
    for pair in tree.pairs ?? [] where !known.contains(pair.key) {
      let hint = Spelling.nearest(to: pair.key, among: known).map { "; did you mean `\($0)`?" } ?? ""
      problems.append(
        .init(
          .unknownKey, at: pair.mark, path: KeyPathText.child(path, pair.key),
          "a number of data/ has the keys \(known.joined(separator: ", "))\(hint)"))
    }
    var texts: [String: String] = [:]
    for key in known where key != "within" {
      guard let child = tree[key] else {
        if Self.requiredKeys.contains(key) {
          problems.append(
            .init(.missingKey, at: tree.mark, path: KeyPathText.child(path, key), "a number of data/ needs this key"))
        }
        continue
      }
      if child.isNull {
        problems.append(.init(.emptyValue, at: child.mark, path: KeyPathText.child(path, key), "no value stands here"))
      } else if let text = child.text {
        texts[key] = text
      } else {
        problems.append(
          .init(.wrongType, at: child.mark, path: KeyPathText.child(path, key), "a text is expected here"))
      }
    }
    let kind: Provenance.Kind? = choice("kind", of: tree, path, texts)
    let read: Provenance.Reading? = choice("read", of: tree, path, texts)
    guard let text = texts["value"] else { return tree }
    let written: WrittenQuantity
    do throws(QuantityError) {
      written = try WrittenQuantity(text)
      guard written.tolerance == nil else {
        throw QuantityError.badTolerance(text: text, reason: "the uncertainty stands under `uncertainty`")
      }
    } catch {
      report(error, at: tree["value"], path)
      return tree
    }
    let unit = written.exponents.siText
    let bare = Tree(text: QuantityText.exact(si: written.si, unit: unit), at: tree.mark)
    do throws(QuantityError) {
      let within = try bounds(tree, written, path)
      guard let spread = texts["uncertainty"] else { return bare }
      let uncertainty = try Self.uncertainty(spread, of: written)
      guard problems.count == before, let kind, let read, let source = texts["source"] else { return bare }
      let provenance = Provenance(
        path: KeyPathText.child(material, path), text: text, value: written.si, uncertainty: uncertainty, kind: kind,
        source: source, read: read, calibratedOn: texts["calibratedOn"], note: texts["note"])
      numbers.append(Number(provenance: provenance, unit: unit, steps: steps, within: within))
    } catch {
      report(error, at: tree["uncertainty"], path)
    }
    return bare
  }

  private mutating func report(_ error: QuantityError, at tree: Tree?, _ path: String) {
    guard let tree else { return }
    problems.append(.init(RecipeChecker.code(of: error), at: tree.mark, path: path, error.description))
  }

  private mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of tree: Tree, _ path: String, _ texts: [String: String]
  ) -> Choice? where Choice.RawValue == String {
    guard let text = texts[key] else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    let mark = tree[key]?.mark ?? tree.mark
    problems.append(
      .init(.badProvenance, at: mark, path: KeyPathText.child(path, key), "`\(text)` is not one of \(names)"))
    return nil
  }

  /// `within: [low, high]`; otherwise a draw keeps the sign of its value.
  private mutating func bounds(
    _ tree: Tree, _ value: WrittenQuantity, _ path: String
  ) throws(QuantityError) -> ClosedRange<Double> {
    let largest = Double.greatestFiniteMagnitude
    let least = Double.leastNormalMagnitude
    guard let within = tree["within"] else {
      if value.si > 0 { return least...largest }
      if value.si < 0 { return -largest ... -least }
      return -largest...largest
    }
    let texts = (within.elements ?? []).compactMap(\.text)
    guard texts.count == 2, within.elements?.count == 2 else {
      problems.append(
        .init(.badProvenance, at: within.mark, path: KeyPathText.child(path, "within"), "write [low, high]"))
      return -largest...largest
    }
    let low = try WrittenQuantity(texts[0])
    let high = try WrittenQuantity(texts[1])
    guard low.exponents == value.exponents, high.exponents == value.exponents, low.si <= value.si, value.si <= high.si
    else {
      problems.append(
        .init(
          .badProvenance, at: within.mark, path: KeyPathText.child(path, "within"),
          "the value does not lie within these bounds, or their units differ"))
      return -largest...largest
    }
    return low.si...high.si
  }

  /// `0.02 Å`, `5 %` of the value, or `factor 3`.
  static func uncertainty(
    _ text: String, of value: WrittenQuantity
  ) throws(QuantityError) -> Provenance.Uncertainty {
    guard text.hasPrefix("factor") else {
      return .absolute(try WrittenQuantity.deviation(text, of: value, sharesAreRelative: true))
    }
    let factor = try WrittenQuantity(String(text.dropFirst("factor".count)), as: RatioDimension.self)
    guard factor.si >= 1, factor.tolerance == nil, value.si != 0 else {
      throw .badTolerance(text: text, reason: "a factor is 1 or more, and stands for a number that is not 0")
    }
    return .factor(factor.si)
  }
}
