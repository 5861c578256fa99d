import Foundation
import Materials
import NumericalMethods
import Recipes
import Testing

/// The first line of each file lists what must be found: `# R013 10 fragment of the message ; ...`.
@Test(arguments: Files.named(in: Files.wrong))
func aWrongRecipeGivesItsNamedErrors(path: String) throws {
  let text = try Files.text(path)
  let library = try MaterialLibrary(contentsOf: Files.data)
  let first = try #require(text.split(separator: "\n").first).dropFirst(2)
  let expected = first.components(separatedBy: " ; ").map { item in
    let parts = item.split(separator: " ", maxSplits: 2).map(String.init)
    return (code: parts[0], line: Int(parts[1]) ?? 0, fragment: parts[2])
  }
  var found = try problems(in: text, library: library)
  #expect(found == found.sorted())
  for problem in expected {
    let place = found.firstIndex {
      $0.code.rawValue == problem.code && $0.line == problem.line && $0.description.contains(problem.fragment)
    }
    if let place { found.remove(at: place) } else { Issue.record("\(problem) was not found among \(found)") }
  }
  #expect(found.isEmpty)
}

@Test func thereAreEnoughWrongRecipes() {
  #expect(Files.named(in: Files.wrong).count >= 45)
}

@Test func aProblemNamesFileLineColumnAndPath() throws {
  let text = Samples.good.replacing("gap: 20 µm ± 1 µm", with: "gap: 20")
  let found = try problems(in: text)
  #expect(
    found.map(\.description) == [
      "recipe.yaml:9:10: R013 process[0].gap: `20` has no unit; a length is expected, such as 20 µm"
    ])
}

@Test func codesAreUniqueAndExplained() {
  let codes = RecipeProblem.Code.allCases
  #expect(Set(codes.map(\.rawValue)).count == codes.count)
  for code in codes { #expect(code.meaning.hasSuffix(".")) }
}

/// Letters, lines and values of a good recipe are moved, dropped, doubled and replaced: it reads or it throws.
@Test func noMutationOfARecipeCrashes() throws {
  var random = RandomSource(seed: 20, stream: RandomStream(rawValue: 99))
  let pieces = [
    "[", "]", "{", "}", ":", ": ", "- ", "&a", "*a", "!!x", "'", "\"", "#", "\n", "\t", "null", "~", "±", "°C", "%",
    "e99",
    "1e400", "-", "(", "^", "² ", "\u{0}", "\u{FEFF}", "\u{1F980}", "---", "? ", "|", ">", "auto", "0x1",
    "9999999999999999999",
  ]
  var accepted = 0
  for _ in 0..<500 {
    var scalars = Array(Samples.good.unicodeScalars)
    for _ in 0..<(1 + Int(random.next() % 4)) {
      let place = Int(random.next() % UInt64(scalars.count))
      switch random.next() % 4 {
      case 0: scalars.remove(at: place)
      case 1: scalars.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))].unicodeScalars, at: place)
      case 2:
        let end = min(scalars.count, place + 1 + Int(random.next() % 30))
        scalars.removeSubrange(place..<end)
      default:
        let end = min(scalars.count, place + 1 + Int(random.next() % 60))
        scalars.insert(contentsOf: scalars[place..<end], at: Int(random.next() % UInt64(scalars.count)))
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    let found = try problems(in: String(text))
    if found.isEmpty { accepted += 1 }
    for problem in found { #expect(problem.line >= 1 && problem.code != .undecodable, "\(problem)") }
  }
  #expect(accepted > 0 && accepted < 400)
}
