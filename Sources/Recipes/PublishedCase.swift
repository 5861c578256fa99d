import Foundation
import Materials
import Quantities

/// A published growth run: the recipe that stands for it, and what was reported of its outcome.
///
/// The recipe says what was done, the outcomes what came of it; no model sees an outcome.
public struct PublishedCase: Sendable {
  /// That of the file, without its ending.
  public var name: String
  public var title: String
  public var source: String
  /// Path of the recipe; nil where a test holds the case without one.
  public var recipe: String?
  /// The suite of tests that holds the case where no recipe can.
  public var test: String?
  /// Inputs that were chosen with results of the case in view: none of its outcomes then counts as predicted.
  public var adjusted: String?
  public var outcomes: [Outcome]

  /// One reported number.
  public struct Outcome: Sendable {
    /// How the reported number stands to what a run gives.
    public enum Sense: String, Sendable, CaseIterable, Codable { case value, atLeast, atMost }

    /// Number of the acceptance list: `L07`.
    public var check: String?
    /// Key of the figure that is compared: `crystal.lateralSize`.
    public var figure: String
    /// What was reported, in words.
    public var meaning: String
    /// As it was written, with its unit.
    public var text: String
    /// In SI.
    public var reported: Double
    public var exponents: DimensionExponents
    public var sense: Sense
    /// How far off a forecast may be.
    public var band: Provenance.Uncertainty
    public var read: Provenance.Reading
    /// Numbers of data/ that this outcome fixed.
    public var fixes: [String]
    /// Overrides of the run that gives it: a test that the recipe does without.
    public var with: [Override]
    /// Overrides, on top of those, of a second run: the outcome is then the ratio of the first to the second.
    public var against: [Override]
    /// The share of devices that must lie on the reported side, for limits; nil for the median.
    public var share: Double?
    /// Why the forecast is known to miss.
    public var miss: String?

    /// The values that agree.
    public var agreement: ClosedRange<Double> {
      let largest = Double.greatestFiniteMagnitude
      let (low, high) =
        switch band {
        case .absolute(let deviation): (reported - deviation, reported + deviation)
        case .factor(let factor): (reported / factor, reported * factor)
        }
      return switch sense {
      case .value: low...high
      case .atLeast: low...largest
      case .atMost: -largest...high
      }
    }
  }

  /// Every case of a folder, in the order of the names; other files, which do not begin with `case`, are left alone.
  /// - Throws: `UnreadableInput`; `RecipeError` with the problems of all files.
  public static func all(in folder: String) throws -> [PublishedCase] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw UnreadableInput(path: folder, reason: "no such folder")
    }
    var cases: [PublishedCase] = []
    var problems: [RecipeProblem] = []
    for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
      do {
        if let published = try PublishedCase(contentsOf: folder + "/" + name) { cases.append(published) }
      } catch let error as RecipeError {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw RecipeError(problems) }
    return cases
  }

  /// Reads a case; nil if the file is something else.
  init?(contentsOf path: String) throws {
    let tree = try YAMLText.read(try TextFile.read(path), file: path)
    guard tree["case"] != nil else { return nil }
    let written: Written
    do { written = try YAMLText.decode(Written.self, from: tree) } catch let error as DecodingError {
      throw RecipeError([error.problem(marks: tree.marks, file: path)])
    }
    let marks = tree.marks
    let unknown = tree.leafPaths.subtracting(try YAMLText.encode(written, file: path).leafPaths).sorted()
    var problems = unknown.map { key in
      RecipeProblem(.unknownKey, at: Mark.nearest(to: key, in: marks, file: path), path: key, "no such key here")
    }
    name = URL(filePath: path).deletingPathExtension().lastPathComponent
    if written.case != name {
      problems.append(
        RecipeProblem(
          .unknownChoice, at: marks["case"] ?? tree.mark, path: "case",
          "`\(written.case)` stands in the file of \(name)"))
    }
    title = written.title
    source = written.source
    test = written.test
    adjusted = written.adjusted
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    recipe = written.recipe.map { folder + $0 }
    var read: [Outcome] = []
    for (index, outcome) in written.outcomes.enumerated() {
      let place = "outcomes[\(index)]"
      do throws(QuantityError) {
        let value = try outcome.value()
        if let share = value.share, !(share > 0 && share < 1) || value.sense == .value {
          problems.append(
            RecipeProblem(
              .outOfRange, at: Mark.nearest(to: place + ".share", in: marks, file: path), path: place + ".share",
              "a share stands between 0 and 1, beside a limit"))
        }
        read.append(value)
      } catch {
        problems.append(
          RecipeProblem(
            RecipeChecker.code(of: error), at: Mark.nearest(to: place + ".reported", in: marks, file: path),
            path: place, error.description))
      }
    }
    outcomes = read
    guard problems.isEmpty else { throw RecipeError(problems) }
  }
}

/// The layout of the file.
private struct Written: Codable {
  var `case`: String
  var title: String
  var source: String
  var recipe: String?
  var test: String?
  var adjusted: String?
  var outcomes: [WrittenOutcome]
}

private struct WrittenOutcome: Codable {
  var check: String?
  var figure: String
  var meaning: String
  var reported: String
  var sense: PublishedCase.Outcome.Sense
  var band: String
  var read: Provenance.Reading
  var fixes: [String]?
  var with: [String: String]?
  var against: [String: String]?
  var share: Double?
  var miss: String?

  func value() throws(QuantityError) -> PublishedCase.Outcome {
    let quantity = try WrittenQuantity(reported)
    let overrides = { (keys: [String: String]?) -> [Override] in
      (keys ?? [:]).sorted { $0.key < $1.key }.map { Override(path: $0.key, value: $0.value) }
    }
    return PublishedCase.Outcome(
      check: check, figure: figure, meaning: meaning, text: reported, reported: quantity.si,
      exponents: quantity.exponents, sense: sense, band: try ProvenanceReader.uncertainty(band, of: quantity),
      read: read, fixes: fixes ?? [], with: overrides(with), against: overrides(against),
      share: share, miss: miss)
  }
}
