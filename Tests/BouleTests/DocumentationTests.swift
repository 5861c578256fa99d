import Boule
import Foundation
import Testing

/// Holds the pages of the documentation to the lists that the code goes by.
@Suite struct DocumentationTests {
  static func page(_ name: String) throws -> String {
    let path = ReadmeTests.root + "Sources/Boule/Documentation.docc/\(name).md"
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  static func table(_ titles: [String], _ rows: [[String]]) -> String {
    let lines = [titles, titles.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  static func keyTable(_ entries: [Recipe.Entry]) -> String {
    table(
      ["key", "holds", "range or choices", "default", "meaning"],
      entries.map { entry in
        let standard = entry.defaultText.map { $0.isEmpty ? "absent" : "`\($0)`" } ?? "required"
        return [
          "`\(entry.path)`", entry.kind + (entry.example.map { ", `\($0)`" } ?? ""), entry.range ?? "", standard,
          entry.meaning,
        ]
      })
  }

  @Test func theRecipePageHasEveryKeyAsTheListsHaveIt() throws {
    let page = try Self.page("Recipes")
    let entries = Recipe.entries
    let common = Self.keyTable(entries.filter { $0.model == nil })
    #expect(page.contains(common), "the page lacks this table:\n\(common)")
    for (key, models) in [("process", Recipe.processModels), ("test", Recipe.testModels)] {
      for model in models {
        let keys = Self.keyTable(entries.filter { $0.model == model.name && $0.path.hasPrefix(key) })
        let section = "### \(model.name)\n\n\(model.summary)\n\n\(keys)"
        #expect(page.contains(section), "the page lacks this section:\n\(section)")
      }
    }
  }

  @Test func theRecipePageHasEveryUnit() throws {
    let page = try Self.page("Recipes")
    let prefixed = UnitTable.entries.filter(\.takesPrefix).map { "`\($0.symbol)`" }.joined(separator: ", ")
    let plain = UnitTable.entries.filter { !$0.takesPrefix }.map { "`\($0.symbol)`" }.joined(separator: ", ")
    let prefixes = UnitTable.prefixes.map { "`\($0.symbol)`" }.joined(separator: ", ")
    for line in ["- With prefix: \(prefixed).\n", "- Without: \(plain).\n", "- Prefixes: \(prefixes).\n"] {
      #expect(page.contains(line), "the page lacks this line:\n\(line)")
    }
  }

  @Test func theErrorPageHasEveryCodeWithItsMeaning() throws {
    let page = try Self.page("ErrorCodes")
    let codes = Self.table(
      ["code", "meaning"], RecipeProblem.Code.allCases.map { ["`\($0.rawValue)`", $0.meaning] })
    #expect(page.contains(codes), "the page lacks this table:\n\(codes)")
  }

  @Test func theResultPageHasEveryFigure() throws {
    let page = try Self.page("Results")
    let figures = Self.table(
      ["key", "unit", "figure", "mark"],
      Figure.all.map { ["`\($0.section).\($0.key)`", "`\($0.unit)`", $0.label, $0.mark.rawValue] })
    #expect(page.contains(figures), "the page lacks this table:\n\(figures)")
  }

  @Test func theDataPageHasEveryKindOfSource() throws {
    let page = try Self.page("Data")
    for kind in Provenance.Kind.allCases { #expect(page.contains("`\(kind.rawValue)`")) }
    for reading in Provenance.Reading.allCases { #expect(page.contains("`\(reading.rawValue)`")) }
    for role in LayerMaterial.Role.allCases { #expect(page.contains("`\(role.rawValue)`")) }
  }

  /// The codes that the sources give to `ValidityWarning`.
  @Test func theModelPageHasEveryWarning() throws {
    let page = try Self.page("Models")
    let sources = URL(filePath: ReadmeTests.root + "Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var codes: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      let places = [/code: "([a-zA-Z]+)"/, /\.fields\(\s*"([a-zA-Z]+)"/, /\bwarn\(\s*"([a-zA-Z]+)"/]
      for place in places { codes.formUnion(text.matches(of: place).map { String($0.1) }) }
    }
    #expect(codes.count >= 15, "\(codes.sorted())")
    for code in codes.sorted() { #expect(page.contains("| `\(code)` |"), "no line on \(code)") }
  }

  @Test func everyLinkLeadsSomewhere() throws {
    let folder = ReadmeTests.root + "Sources/Boule/Documentation.docc/"
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
    #expect(pages.count == 8, "\(pages.sorted())")
    var seen = 0
    for path in [ReadmeTests.root + "README.md"] + pages.map({ folder + $0 }) {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let base = URL(filePath: path).deletingLastPathComponent()
      for link in text.matches(of: /\]\(([^)#]+)\)/) where !link.1.hasPrefix("http") {
        let target = base.appending(path: String(link.1)).path(percentEncoded: false)
        #expect(FileManager.default.fileExists(atPath: target), "\(path): \(link.1)")
        seen += 1
      }
    }
    #expect(seen > 10)
    let landing = try Self.page("Boule")
    for page in pages where page != "Boule.md" { #expect(landing.contains("<doc:\(page.dropLast(3))>")) }
  }
}
