/// One thing wrong in a recipe or material file: where it stands, what it is, and what would be right.
public struct RecipeProblem: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The kinds of problem. A code keeps its meaning for ever.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case syntax = "R001"
    case tooLarge = "R002"
    case tooDeep = "R003"
    case anchor = "R004"
    case severalDocuments = "R005"
    case duplicateKey = "R006"
    case unknownKey = "R007"
    case missingKey = "R008"
    case wrongType = "R009"
    case emptyValue = "R010"
    case notAValue = "R011"
    case unknownUnit = "R012"
    case missingUnit = "R013"
    case wrongDimension = "R014"
    case celsiusInDifference = "R015"
    case outOfRange = "R016"
    case unknownModel = "R017"
    case unknownChoice = "R018"
    case schemaVersion = "R019"
    case badTolerance = "R020"
    case badOverride = "R021"
    case undecodable = "R022"
    case emptyFile = "R023"
    case unknownMaterial = "R030"
    case unknownSolvent = "R031"
    case unknownLayer = "R032"
    case processConflict = "R033"
    case gapTooSmall = "R034"
    case complianceTooLarge = "R035"
    case badStack = "R036"
    case windowTooLarge = "R037"
    case spacingTooSmall = "R038"
    case badVoxelCount = "R039"
    case missingDevice = "R040"
    case deviceConflict = "R041"
    case missingProvenance = "R050"
    case badProvenance = "R051"

    /// What the code stands for, in a sentence.
    public var meaning: String {
      switch self {
      case .syntax: "The file is not YAML."
      case .tooLarge: "The file is larger than 1 MiB."
      case .tooDeep: "The file nests deeper than 64 levels."
      case .anchor: "The file uses an anchor, an alias or a tag; they can expand without bound and are refused."
      case .severalDocuments: "The file holds more than one YAML document."
      case .duplicateKey: "A mapping has the same key twice."
      case .unknownKey: "A key is not one of those that stand here; the nearest known key is named."
      case .missingKey: "A key that has no default is absent."
      case .wrongType: "A list, a mapping or a single value stands where another of them belongs."
      case .emptyValue: "A key has no value, or `null` or `~`, which are not text."
      case .notAValue: "A text is not a number with a unit, or not a whole number."
      case .unknownUnit: "No unit has that symbol."
      case .missingUnit: "A bare number stands where a unit is needed."
      case .wrongDimension: "The unit belongs to another dimension than the key."
      case .celsiusInDifference: "°C stands in a temperature difference or a rate, which are written in K."
      case .outOfRange: "A value lies outside the range of its key."
      case .unknownModel: "No model has the name after `model:`."
      case .unknownChoice: "A word is not one of those that the key takes."
      case .schemaVersion: "The recipe is written for another version of the format."
      case .badTolerance: "A tolerance is not a standard deviation of its value, or stands where none can."
      case .badOverride: "A `--set` names no place in the recipe."
      case .undecodable: "The checked file does not decode: a key list and its type disagree."
      case .emptyFile: "The file is empty or is not UTF-8 text."
      case .unknownMaterial: "The library has no compound of that name."
      case .unknownSolvent: "The library has no solvent of that name, or no solution of the compound in it."
      case .unknownLayer: "The library has no layer of that name."
      case .processConflict: "A step contradicts the material: too hot, never saturated, already saturated."
      case .gapTooSmall: "A growth gap is not larger than ten unit cells."
      case .complianceTooLarge: "The compliance is more than the contact can carry, 1e9 A/m²."
      case .badStack: "The stack lacks its crystal or an electrode on one of its sides."
      case .windowTooLarge: "The field window is larger than the electrode."
      case .spacingTooSmall: "The voxels are not larger than a lattice constant."
      case .badVoxelCount:
        "An axis of the field window has fewer than 4 or more than 512 voxels, or an odd number in plane."
      case .missingDevice: "A test stands without a device."
      case .deviceConflict:
        "The device does not take the level or the test that is asked of it, or the library has no constants for it."
      case .missingProvenance: "A number in data/ stands bare, without its source, kind and uncertainty."
      case .badProvenance: "The source, kind, reading or uncertainty of a number in data/ is not readable."
      }
    }
  }

  public var file: String
  /// From 1; 0 when the problem belongs to no line.
  public var line: Int
  /// In Unicode scalars, from 1.
  public var column: Int
  public var code: Code
  /// The key path, `process[0].gap`; empty for the whole file.
  public var path: String
  public var message: String

  public init(file: String, line: Int, column: Int, code: Code, path: String, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.code = code
    self.path = path
    self.message = message
  }

  init(_ code: Code, at mark: Mark, path: String, _ message: String) {
    self.init(file: mark.file, line: mark.line, column: mark.column, code: code, path: path, message: message)
  }

  public var description: String {
    "\(file):\(line):\(column): \(code.rawValue)" + (path.isEmpty ? "" : " \(path)") + ": \(message)"
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.file, a.line, a.column, a.code.rawValue, a.path, a.message)
      < (b.file, b.line, b.column, b.code.rawValue, b.path, b.message)
  }
}

/// Everything that is wrong with a file, sorted by position.
public struct RecipeError: Error, Hashable, Sendable, CustomStringConvertible {
  public var problems: [RecipeProblem]

  public init(_ problems: [RecipeProblem]) { self.problems = Set(problems).sorted() }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A file or folder that is not there or cannot be opened.
public struct UnreadableInput: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
