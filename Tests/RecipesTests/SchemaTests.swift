import Foundation
import Growth
import Quantities
import Recipes
import Testing
import Yams

/// The part of JSON Schema that the generator uses.
private func violations(
  _ value: Any, _ schema: [String: Any], _ path: String, definitions: [String: Any]
) -> [String] {
  func violations(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    RecipesTests.violations(value, schema, path, definitions: definitions)
  }
  var found: [String] = []
  if let reference = schema["$ref"] as? String {
    guard let name = reference.split(separator: "/").last,
      let definition = definitions[String(name)] as? [String: Any]
    else { return ["\(path): \(reference) leads nowhere"] }
    found += violations(value, definition, path)
  }
  if let test = schema["if"] as? [String: Any] {
    let branch = violations(value, test, path).isEmpty ? "then" : "else"
    found += violations(value, schema[branch] as? [String: Any] ?? [:], path)
  }
  if schema["type"] == nil, let list = value as? [Any], let items = schema["items"] as? [String: Any] {
    for (index, item) in list.enumerated() { found += violations(item, items, "\(path)[\(index)]") }
  }
  if let options = schema["anyOf"] as? [[String: Any]],
    !options.contains(where: { violations(value, $0, path).isEmpty })
  {
    found.append("\(path): none of anyOf")
  }
  if let options = schema["oneOf"] as? [[String: Any]],
    options.count(where: { violations(value, $0, path).isEmpty }) != 1
  {
    found.append("\(path): not one of oneOf")
  }
  if let constant = schema["const"] as? String, value as? String != constant {
    found.append("\(path): not \(constant)")
  }
  if let choices = schema["enum"] as? [String], !choices.contains(value as? String ?? "") {
    found.append("\(path): not one of \(choices)")
  }
  switch schema["type"] as? String {
  case "object":
    guard let object = value as? [String: Any] else { return found + ["\(path): not an object"] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    for name in schema["required"] as? [String] ?? [] where object[name] == nil { found.append("\(path): no \(name)") }
    for (name, member) in object {
      if let property = properties[name] {
        found += violations(member, property, path + "." + name)
      } else {
        found.append("\(path): \(name) is unknown")
      }
    }
  case "array":
    guard let list = value as? [Any] else { return found + ["\(path): not an array"] }
    if let least = schema["minItems"] as? Int, list.count < least { found.append("\(path): too short") }
    if let most = schema["maxItems"] as? Int, list.count > most { found.append("\(path): too long") }
    let items = schema["items"] as? [String: Any] ?? [:]
    for (index, item) in list.enumerated() { found += violations(item, items, "\(path)[\(index)]") }
  case "string":
    guard let text = value as? String else { return found + ["\(path): not a string"] }
    if let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
      found.append("\(path): does not match")
    }
  case "integer":
    guard let number = value as? Int else { return found + ["\(path): not an integer"] }
    if let least = schema["minimum"] as? Int, number < least { found.append("\(path): below \(least)") }
    if let most = schema["maximum"] as? Int, number > most { found.append("\(path): above \(most)") }
  case "number":
    if !(value is Double || value is Int) { found.append("\(path): not a number") }
  default: break
  }
  return found
}

/// What a document breaks of the generated schema.
private func violations(_ document: Any) throws -> [String] {
  let schema = try schema()
  return violations(document, schema, "recipe", definitions: schema["$defs"] as? [String: Any] ?? [:])
}

private func schema() throws -> [String: Any] {
  let parsed = try JSONSerialization.jsonObject(with: Data(Recipe.jsonSchema.utf8))
  return try #require(parsed as? [String: Any])
}

@Test(arguments: Files.named(in: Files.root + "/recipes"))
func everyRecipeFitsTheSchema(path: String) throws {
  let value = try #require(try Yams.load(yaml: try Files.text(path)))
  #expect(try violations(value) == [])
}

@Test func theSchemaRefusesWhatTheReaderRefuses() throws {
  for (old, new) in [
    ("gap: 20", "gaps: 20"), ("cycles: 50", "cycles: none"), ("model: cooling", "model: coolng"),
    ("material: MAPbBr3\n", ""), ("gap: 20 µm ± 1 µm", "gap: 20"), ("[256 nm, 256 nm, auto]", "[256 nm, auto]"),
  ] {
    let value = try #require(try Yams.load(yaml: Samples.good.replacing(old, with: new)))
    #expect(try !violations(value).isEmpty, "\(new) passes the schema")
  }
  let good = try #require(try Yams.load(yaml: Samples.everyKey))
  #expect(try violations(good) == [])
}

@Test func theSchemaIsTheSameTextEachTime() { #expect(Recipe.jsonSchema == Recipe.jsonSchema) }

/// An example that its own key refuses teaches nothing.
@Test func everyExampleLiesInItsRange() throws {
  func check(_ keys: [ParameterKey]) throws {
    for key in keys {
      switch key.kind {
      case .quantity(let dimension, let range):
        let example = try #require(key.kind.example)
        #expect(range.contains(try WrittenQuantity(example, as: dimension).si), "\(key.name): \(example)")
      case .mapping(let inner), .list(let inner): try check(inner)
      default: break
      }
    }
  }
  try check(Recipe.keys)
  for model in ProcessCatalog.models { try check(model.keys) }
}
