import Quantities

extension Recipe {
  /// The recipe format as JSON Schema (draft 2020-12), generated from the key lists, for editors.
  public static var jsonSchema: String {
    let root = members(of: keys, leader: nil)
    let members: [(String, JSONText)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Boule recipe")),
    ]
    return JSONText.object(members + root).text() + "\n"
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
      members.append(("description", .string(key.meaning + note(on: key.kind))))
      if let text = key.defaultText {
        if !text.isEmpty { members.append(("$comment", .string("default: \(text)"))) }
      } else {
        required.append(.string(key.name))
      }
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
      return quantity(dimension)
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
      let edge = JSONText.object([
        ("anyOf", .list([.object([("const", .string("auto"))]), .object(plain(LengthDimension.self))]))
      ])
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
      let one = JSONText.object([("oneOf", .list(choices))])
      return [("anyOf", .list([.object([("type", .string("array")), ("items", one)]), one]))]
    }
  }

  private static func plain(_ dimension: any Dimension.Type) -> [(String, JSONText)] {
    // A sign, digits, and then a unit; what the unit grammar says of the rest only a program can tell.
    let pattern = "^\\s*[-+\u{2212}]?\\.?[0-9]"
    return [("type", .string("string")), ("pattern", .string(pattern)), ("examples", .list([.string(dimension.example)]))]
  }

  private static func quantity(_ dimension: any Dimension.Type) -> [(String, JSONText)] {
    var value: [JSONText] = [.object(plain(dimension))]
    if dimension.exponents == .none { value.append(.object([("type", .string("number"))])) }
    let names = Tolerance.Distribution.allCases.map { JSONText.string($0.rawValue) }
    let tolerance = JSONText.object([
      ("type", .string("object")),
      (
        "properties",
        .object([
          ("value", .object([("anyOf", .list(value))])),
          ("sd", .object([("anyOf", .list([.object(plain(dimension)), .object([("type", .string("number"))])]))])),
          ("distribution", .object([("enum", .list(names))])),
        ])
      ),
      ("required", .list([.string("value"), .string("sd")])),
      ("additionalProperties", .flag(false)),
    ])
    return [("anyOf", .list(value + [tolerance]))]
  }

  private static func note(on kind: ParameterKey.Kind) -> String {
    guard case .quantity(let dimension, let range) = kind else { return "" }
    let low = QuantityText.range(range.lowerBound, dimension)
    let high = QuantityText.range(range.upperBound, dimension)
    return " A \(dimension.name) from \(low) to \(high)."
  }
}
