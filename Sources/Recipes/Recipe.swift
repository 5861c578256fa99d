import Foundation
import Growth
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Switching

/// A recipe: how a crystal is made, how finely its fields are resolved, what device it becomes, how that is tested.
///
/// Values are plain; the tolerances that stand behind them in the file are kept apart.
public struct Recipe: Sendable, Codable {
  /// Version of the format.
  public var schema: Int
  public var name: String
  /// Name of a compound in data/.
  public var material: String
  public var seed: UInt64
  public var process: Process
  public var bounds: SpecimenBounds?
  public var fields: FieldResolution
  public var device: DeviceSpecification?
  public var test: [TestProtocol]

  /// The tolerances of the file, in its order.
  public internal(set) var tolerances: [Tolerance] = []
  /// Where each key stands, for messages; a key that the file leaves out stands where its mapping does.
  var marks: [String: Mark] = [:]
  var file = ""

  private enum CodingKeys: String, CodingKey {
    case schema, name, material, seed, process, bounds, fields, device, test
  }

  public init(
    name: String, material: String, seed: UInt64, process: Process, bounds: SpecimenBounds? = nil,
    fields: FieldResolution,
    device: DeviceSpecification? = nil, test: [TestProtocol] = []
  ) {
    schema = Recipe.newestSchema
    self.name = name
    self.material = material
    self.seed = seed
    self.process = process
    self.bounds = bounds
    self.fields = fields
    self.device = device
    self.test = test
  }

  /// Reads a recipe file.
  ///
  /// - Parameter overrides: values put in place of the file's own before anything is checked.
  /// - Throws: `UnreadableInput`; `RecipeError` with every problem of the file, sorted by position.
  public init(contentsOf path: String, overrides: [Override] = []) throws {
    try self.init(yaml: try TextFile.read(path), file: path, overrides: overrides)
  }

  /// Reads a recipe from YAML text; `file` is the name that messages carry.
  public init(yaml text: String, file: String = "recipe", overrides: [Override] = []) throws {
    var (tree, faults) = try YAMLText.readKeepingProblems(text, file: file)
    tree = tree.normalized
    for override in overrides {
      do { try override.apply(to: &tree) } catch { faults += error.problems }
    }
    try self.init(tree: tree.normalized, file: file, faults: faults)
  }

  private init(tree: Tree, file: String, faults: [RecipeProblem]) throws {
    var checker = RecipeChecker()
    let resolved = checker.mapping(tree, keys: Recipe.keys, path: "")
    let problems = faults + checker.problems
    guard problems.isEmpty else { throw RecipeError(problems) }
    do {
      self = try YAMLText.decode(Recipe.self, from: resolved)
    } catch let error as DecodingError {
      throw RecipeError([error.problem(marks: resolved.marks, file: file)])
    }
    tolerances = checker.tolerances
    marks = resolved.marks
    self.file = file
    // A key that the value does not carry would be lost without a word: the list that let it pass is wrong.
    let lost = resolved.leafPaths.symmetricDifference(try YAMLText.encode(self, file: file).leafPaths).sorted()
    guard lost.isEmpty else {
      throw RecipeError(
        lost.map { path in
          let mark = Mark.nearest(to: path, in: marks, file: file)
          return .init(.undecodable, at: mark, path: path, "the key list has this key, the recipe's value has it not")
        })
    }
  }

  /// The recipe as it will run, defaults filled in, values and tolerances in SI; it reads as the same recipe.
  public var resolved: String {
    get throws {
      var tree = try YAMLText.encode(self, file: file)
      for tolerance in tolerances {
        let keys = [
          ("value", QuantityText.exact(si: tolerance.value, unit: tolerance.unit)),
          ("sd", QuantityText.exact(si: tolerance.standardDeviation, unit: tolerance.unit)),
          ("distribution", tolerance.distribution.rawValue),
        ]
        let spread = Tree(
          .mapping(keys.map { Tree.Pair(key: $0.0, mark: tree.mark, value: Tree(text: $0.1, at: tree.mark)) }),
          at: tree.mark)
        guard let steps = KeyPathText.steps(tolerance.path), tree.replace(steps[...], by: spread) else {
          throw ToleranceError.lostPlace(path: tolerance.path)
        }
      }
      return try YAMLText.text(of: tree)
    }
  }

  /// A plain recipe whose values are drawn from the tolerances.
  ///
  /// One number is taken from `random`; each tolerance then has a source of its own, named by its path, so that a
  /// tolerance added elsewhere changes no other draw.
  /// - Throws: `ToleranceError`.
  public func draw(random: inout RandomSource) throws -> Recipe {
    let seed = random.next()
    return try with(
      values: tolerances.map { tolerance in
        var own = RandomSource(seed: seed, name: tolerance.path, stream: .tolerances)
        return try tolerance.draw(random: &own)
      })
  }

  /// A plain recipe with given values in SI in the places of the tolerances, in their order.
  /// - Throws: `ToleranceError`, also when the recipe was changed so that a tolerance has lost its place.
  public func with(values: [Double]) throws -> Recipe {
    guard values.count == tolerances.count else {
      throw ToleranceError.countMismatch(given: values.count, tolerances: tolerances.count)
    }
    var tree = try YAMLText.encode(self, file: file)
    let places = tree.leafPaths
    for (tolerance, value) in zip(tolerances, values) {
      let text = Tree(text: QuantityText.exact(si: value, unit: tolerance.unit), at: tree.mark)
      guard places.contains(tolerance.path), let steps = KeyPathText.steps(tolerance.path),
        tree.replace(steps[...], by: text)
      else { throw ToleranceError.lostPlace(path: tolerance.path) }
    }
    var recipe = try YAMLText.decode(Recipe.self, from: tree)
    recipe.marks = marks
    recipe.file = file
    return recipe
  }
}

extension Tree {
  /// A recipe in which a test or step that stands alone has become a list of one.
  var normalized: Tree {
    guard case .mapping(var pairs) = content else { return self }
    for index in pairs.indices where pairs[index].key == "test" || pairs[index].key == "process" {
      if pairs[index].value.pairs != nil {
        pairs[index].value = Tree(.list([pairs[index].value]), at: pairs[index].value.mark)
      }
    }
    return Tree(.mapping(pairs), at: mark)
  }
}

extension DecodingError {
  /// The place and the reason of a failed decode.
  func problem(marks: [String: Mark], file: String) -> RecipeProblem {
    let context: Context
    var missing: (any CodingKey)?
    switch self {
    case .typeMismatch(_, let c), .valueNotFound(_, let c), .dataCorrupted(let c): context = c
    case .keyNotFound(let key, let c):
      context = c
      missing = key
    @unknown default: context = Context(codingPath: [], debugDescription: "\(self)")
    }
    var path = ""
    for key in context.codingPath {
      if let index = key.intValue { path += "[\(index)]" } else { path = KeyPathText.child(path, key.stringValue) }
    }
    let mark = Mark.nearest(to: path, in: marks, file: file)
    if let missing {
      return .init(.missingKey, at: mark, path: KeyPathText.child(path, missing.stringValue), "the key is missing")
    }
    return .init(.undecodable, at: mark, path: path, context.debugDescription)
  }
}

extension Mark {
  /// The place of a key, or of the closest mapping around it that has one.
  static func nearest(to path: String, in marks: [String: Mark], file: String) -> Mark {
    var path: String? = path
    while let here = path {
      if let mark = marks[here] { return mark }
      path = KeyPathText.parent(here)
    }
    return Mark(file: file, line: 1, column: 1)
  }
}

/// A text file that a user hands in: at most 1 MiB of UTF-8.
public enum TextFile {
  /// The whole text of a file.
  /// - Throws: `UnreadableInput`; `RecipeError` if the file is too large or not UTF-8.
  public static func read(_ path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw UnreadableInput(path: path, reason: "no such file")
    }
    guard !isFolder.boolValue else { throw UnreadableInput(path: path, reason: "this is a folder, not a file") }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw UnreadableInput(path: path, reason: "the file cannot be opened")
    }
    defer { try? file.close() }
    // One byte more than allowed tells a file that is too large without reading it all.
    let bytes: Data
    do {
      bytes = try file.read(upToCount: YAMLText.largestFile + 1) ?? Data()
    } catch {
      throw UnreadableInput(path: path, reason: "the file cannot be read")
    }
    let start = Mark(file: path, line: 1, column: 1)
    guard bytes.count <= YAMLText.largestFile else {
      throw RecipeError([.init(.tooLarge, at: start, path: "", "more than \(YAMLText.largestFile) bytes")])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecipeError([.init(.emptyFile, at: start, path: "", "the file is not UTF-8 text")])
    }
    return text
  }
}
