import Foundation
import Testing

/// Black-box tests of the `boule` command; one at a time, since each keeps the cores busy.
@Suite(.serialized) struct CommandTests {
  @Test func helpAndVersionAreResults() throws {
    let place = try Workplace()
    let version = try place.boule(["--version"])
    #expect(version.status == 0 && version.log.isEmpty)
    #expect(version.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
    let help = try place.boule(["--help"])
    #expect(help.status == 0 && help.log.isEmpty)
    for command in ["evaluate", "check", "schema", "list"] {
      #expect(help.output.contains("  \(command) "))
      let own = try place.boule([command, "--help"])
      #expect(own.status == 0 && own.output.contains("USAGE: boule \(command)"))
    }
  }

  @Test(arguments: [
    ["devise"], ["evaluate"], ["evaluate", "--bogus", Workplace.recipe], ["check"], ["schema", "more"],
    ["evaluate", Workplace.recipe, "--devices", "0"], ["evaluate", Workplace.recipe, "--devices", "few"],
    ["evaluate", Workplace.recipe, "--draws", "-1"], ["evaluate", Workplace.recipe, "--cycles", "0"],
    ["evaluate", Workplace.recipe, "--threads", "0"], ["evaluate", Workplace.recipe, "--store-fields", "a"],
    ["evaluate", Workplace.recipe, "--devices", "4", "--store-fields", "4"],
    ["evaluate", Workplace.recipe, "other.yaml", "--out", "out"],
    ["evaluate", Workplace.recipe, "copies/" + Workplace.recipe],
  ])
  func aMisspelledCommandLineExits64(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try place.boule(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.log.components(separatedBy: "Error: ").count == 2, "\(outcome.log)")
    #expect(try place.names(in: "") == [Workplace.recipe])
  }

  @Test func theSchemaIsJSON() throws {
    let outcome = try Workplace().boule(["schema"])
    #expect(outcome.status == 0 && outcome.log.isEmpty)
    let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let properties = try #require(schema?["properties"] as? [String: Any])
    #expect(properties.keys.contains("process") && properties.keys.contains("test"))
    #expect(outcome.output.hasSuffix("}\n") && !outcome.output.hasSuffix("\n\n"))
  }

  @Test func theListNamesModelsAndMaterials() throws {
    let outcome = try Workplace().boule(["list"])
    #expect(outcome.status == 0 && outcome.log.isEmpty)
    for name in ["spaceConfinedGrowth", "cooling", "forming", "sweep", "MAPbBr3", "DMF", "PTAA", "graphite"] {
      #expect(outcome.output.contains(name))
    }
  }
}
