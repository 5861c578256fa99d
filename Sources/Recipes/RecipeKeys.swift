import Growth
import Microstructure
import Quantities
import Specimens
import Switching

extension Recipe {
  /// The newest version of the format.
  public static let newestSchema = 1

  /// The keys of a recipe; everything that reads, checks or explains recipes goes by this list.
  public static let keys: [ParameterKey] = [
    ParameterKey("schema", .integer(newestSchema...newestSchema), "Version of the recipe format."),
    ParameterKey("name", .text(choices: []), "What the recipe is called in tables and reports."),
    ParameterKey("material", .text(choices: []), "Name of a compound in data/."),
    ParameterKey("seed", .integer(0...Int.max), default: "1", "Root of all random numbers."),
    ParameterKey("process", .models(processModels), "Steps that make the crystal, in order."),
    ParameterKey(
      "bounds", .mapping(SpecimenBounds.keys), default: "",
      "What crystals, flakes or dies of a run are held to: the yield counts those that meet it. No device is left out for it; an `exfoliation` step chooses its flakes by keys of its own."
    ),
    ParameterKey(
      "fields", .mapping(FieldResolution.keys), default: "{}", "How finely the device's fields are resolved."),
    ParameterKey("device", .mapping(DeviceSpecification.keys), default: "", "The device that the crystal becomes."),
    ParameterKey("test", .models(testModels), default: "[]", "What is done to the device, in order."),
  ]

  /// The process models and their keys.
  public static let processModels: [ModelKeys] = ProcessCatalog.models.map {
    ModelKeys(name: $0.name, summary: $0.summary, keys: $0.keys)
  }

  /// The test models and their keys.
  public static let testModels: [ModelKeys] = TestProtocol.models.map {
    ModelKeys(name: $0.name, summary: $0.summary, keys: $0.keys)
  }

  /// One key of a recipe as the reference and `explain` show it.
  public struct Entry: Hashable, Sendable {
    /// `process[].gap`.
    public var path: String
    /// The model that has the key, if one does.
    public var model: String?
    /// `length`, `whole number`, `text`, ...
    public var kind: String
    /// A value with its unit, where the key is a quantity.
    public var example: String?
    /// The range as people read it, or the choices.
    public var range: String?
    /// nil: required; empty: optional and absent.
    public var defaultText: String?
    public var meaning: String
  }

  /// Every key of a recipe, flat, in the order of the lists.
  public static var entries: [Entry] { entries(of: keys, under: "", model: nil) }

  /// The keys whose path or last word is `name`; indices may be given or left out.
  public static func explain(_ name: String) -> [Entry] {
    let wanted = String(name.filter { !$0.isNumber })
    return entries.filter { entry in
      entry.path == wanted || entry.path.hasSuffix("." + wanted)
        || entry.path.replacing("[]", with: "") == wanted.replacing("[]", with: "")
    }
  }

  private static func entries(of keys: [ParameterKey], under path: String, model: String?) -> [Entry] {
    keys.flatMap { key -> [Entry] in
      let keyPath = KeyPathText.child(path, key.name)
      var entry = Entry(
        path: keyPath, model: model, kind: "", example: nil, range: nil, defaultText: key.defaultText,
        meaning: key.meaning)
      var children: [Entry] = []
      switch key.kind {
      case .quantity(let dimension, let range):
        entry.kind = dimension.name
        entry.example = key.kind.example
        entry.range =
          "\(QuantityText.range(range.lowerBound, dimension)) to \(QuantityText.range(range.upperBound, dimension))"
      case .quantities(let dimension, let range, let count):
        entry.kind = "list of \(count.lowerBound) to \(count.upperBound), each a \(dimension.name)"
        entry.example = key.kind.example
        entry.range =
          "\(QuantityText.range(range.lowerBound, dimension)) to \(QuantityText.range(range.upperBound, dimension))"
      case .integer(let range):
        entry.kind = "whole number"
        entry.range =
          range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      case .text(let choices):
        entry.kind = "text"
        entry.range = choices.isEmpty ? nil : choices.joined(separator: ", ")
      case .flag: entry.kind = "true or false"
      case .mapping(let keys):
        entry.kind = "mapping"
        children = entries(of: keys, under: keyPath, model: model)
      case .list(let keys):
        entry.kind = "list"
        children = entries(of: keys, under: keyPath + "[]", model: model)
      case .extent: entry.kind = "three lengths, the last may be auto"
      case .layers:
        entry.kind = "list of layers"
        children = entries(of: StackLayerKeys.keys, under: keyPath + "[]", model: model)
      case .models(let models):
        entry.kind = "list of models"
        children = models.flatMap { entries(of: $0.keys, under: keyPath + "[]", model: $0.name) }
      }
      return [entry] + children
    }
  }
}
