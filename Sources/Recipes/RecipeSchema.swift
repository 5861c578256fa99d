import Quantities

extension Recipe {
  /// The recipe format as JSON Schema (draft 2020-12), generated from the key lists, for editors.
  public static var jsonSchema: String {
    let head: [(String, JSONText)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Boule recipe")),
    ]
    let definitions: [(String, JSONText)] = [
      ("quantity", quantity(isRatio: false)),
      ("ratio", quantity(isRatio: true)),
      ("length", .object(numberWithUnit)),
    ]
    let all = head + members(of: keys, leader: nil) + [("$defs", .object(definitions))]
    return JSONText.object(all).text() + "\n"
  }

  private static func members(of keys: [ParameterKey], leader: (key: String, word: String)?) -> [(String, JSONText)] {
    var properties: [(String, JSONText)] = []
    var required: [JSONText] = []
    if let leader {
      properties.append((leader.key, .object([("const", .string(leader.word))])))
      required.append(.string(leader.key))
    }
    for key in keys {
      var members = members(of: key.kind)
      members.append(("description", .string(key.meaning + note(on: key))))
      if key.defaultText == nil { required.append(.string(key.name)) }
      properties.append((key.name, .object(members)))
    }
    return [
      ("type", .string("object")), ("properties", .object(properties)), ("required", .list(required)),
      ("additionalProperties", .flag(false)),
    ]
  }

  private static func members(of kind: ParameterKey.Kind) -> [(String, JSONText)] {
    switch kind {
    case .quantity(let dimension, _):
      return reference(dimension.exponents == .none ? "ratio" : "quantity")
    case .quantities(let dimension, let range, let count):
      return [
        ("type", .string("array")), ("minItems", .integer(count.lowerBound)), ("maxItems", .integer(count.upperBound)),
        ("items", .object(self.members(of: .quantity(dimension: dimension, range: range)))),
      ]
    case .integer(let range):
      var members: [(String, JSONText)] = [("type", .string("integer")), ("minimum", .integer(range.lowerBound))]
      if range.upperBound < Int.max { members.append(("maximum", .integer(range.upperBound))) }
      return members
    case .text(let choices):
      if choices.isEmpty { return [("type", .string("string")), ("minLength", .integer(1))] }
      return [("enum", .list(choices.map { .string($0) }))]
    case .flag:
      return [("type", .string("boolean"))]
    case .mapping(let keys):
      return members(of: keys, leader: nil)
    case .list(let keys):
      return [("type", .string("array")), ("items", .object(members(of: keys, leader: nil)))]
    case .extent:
      let auto = JSONText.object([("const", .string("auto"))])
      let edge = JSONText.object([("anyOf", .list([auto, .object(reference("length"))]))])
      return [("type", .string("array")), ("minItems", .integer(3)), ("maxItems", .integer(3)), ("items", edge)]
    case .layers:
      let layer = JSONText.object(members(of: StackLayerKeys.keys, leader: nil))
      let name = JSONText.object([("type", .string("string")), ("minLength", .integer(1))])
      return [("type", .string("array")), ("items", .object([("anyOf", .list([name, layer]))]))]
    case .models(let models):
      let choices = models.map { model in
        JSONText.object(
          members(of: model.keys, leader: ("model", model.name)) + [("description", .string(model.summary))])
      }
      // One that stands alone needs no list.
      return [
        ("if", .object([("type", .string("array"))])),
        ("then", .object([("items", .object([("oneOf", .list(choices))]))])),
        ("else", .object([("oneOf", .list(choices))])),
      ]
    }
  }

  private static func reference(_ name: String) -> [(String, JSONText)] { [("$ref", .string("#/$defs/\(name)"))] }

  /// A sign, digits, and then a unit; what the unit grammar says of the rest only a program can tell.
  private static var numberWithUnit: [(String, JSONText)] {
    [("type", .string("string")), ("pattern", .string("^\\s*[-+\u{2212}]?\\.?[0-9]"))]
  }

  private static func quantity(isRatio: Bool) -> JSONText {
    let number = JSONText.object([("type", .string("number"))])
    let value = [JSONText.object(numberWithUnit)] + (isRatio ? [number] : [])
    let names = Tolerance.Distribution.allCases.map { JSONText.string($0.rawValue) }
    let properties: [(String, JSONText)] = [
      ("value", .object([("anyOf", .list(value))])),
      ("sd", .object([("anyOf", .list(value))])),
      ("distribution", .object([("enum", .list(names))])),
    ]
    let tolerance = JSONText.object([
      ("type", .string("object")), ("properties", .object(properties)),
      ("required", .list([.string("value"), .string("sd")])), ("additionalProperties", .flag(false)),
    ])
    return .object([("anyOf", .list(value + [tolerance]))])
  }

  private static func note(on key: ParameterKey) -> String {
    var note = ""
    let each: (dimension: any Dimension.Type, range: ClosedRange<Double>)? =
      switch key.kind {
      case .quantity(let dimension, let range), .quantities(let dimension, let range, _): (dimension, range)
      default: nil
      }
    if let (dimension, range) = each {
      let low = QuantityText.range(range.lowerBound, dimension)
      let high = QuantityText.range(range.upperBound, dimension)
      note = " \(dimension.name), \(low) to \(high), such as \(key.kind.example ?? dimension.example)."
    }
    if let text = key.defaultText, !text.isEmpty { note += " Default: \(text)." }
    return note
  }
}
