import Foundation
import Testing

extension CommandTests {
  @Suite struct CheckTests {
    @Test func aValidRecipeIsCalledValid() throws {
      let outcome = try Workplace().boule(["check", Workplace.recipe])
      #expect(outcome.status == 0)
      #expect(outcome.output == "\(Workplace.recipe): valid\n")
      #expect(outcome.log.isEmpty)
    }

    @Test func allProblemsOfAllFilesComeAtOnce() throws {
      let place = try Workplace()
      let gap = try place.writeRecipe("no unit.yaml", with: "    gap: 20", inPlaceOf: "gap:")
      let solvent = try place.writeRecipe("misspelled.yaml", with: "    solvant: DMF", inPlaceOf: "solvent:")
      let material = try place.writeRecipe("unknown.yaml", with: "material: unobtainium", inPlaceOf: "material:")
      let outcome = try place.boule([
        "check", "no unit.yaml", "misspelled.yaml", Workplace.recipe, "absent.yaml", "unknown.yaml",
      ])
      #expect(outcome.status == 65)
      #expect(outcome.output == "\(Workplace.recipe): valid\n")
      for line in [
        "no unit.yaml:\(gap):10: R013 process[0].gap: ", "misspelled.yaml:\(solvent):5: R007 process[0].solvant: ",
        "unknown.yaml:\(material):11: R030 material: ", "boule: absent.yaml: no such file",
      ] {
        #expect(outcome.log.components(separatedBy: line).count == 2, "\(line) once in \(outcome.log)")
      }
    }

    @Test func missingRecipesAloneExit66() throws {
      let outcome = try Workplace().boule(["check", "absent.yaml", "away.yaml"])
      #expect(outcome.status == 66)
      #expect(outcome.log == "boule: absent.yaml: no such file\nboule: away.yaml: no such file\n")
    }

    @Test func anOverrideIsCheckedLikeTheFile() throws {
      let outcome = try Workplace().boule(["check", Workplace.recipe, "--set", "process[0].gap=20"])
      #expect(outcome.status == 65)
      #expect(outcome.log.contains("--set process[0].gap:1:1: R013"))
      let nowhere = try Workplace().boule(["check", Workplace.recipe, "--set", "process[7].gap=20 µm"])
      #expect(nowhere.status == 65 && nowhere.log.contains("R021"))
    }

    @Test func whatTheRunWouldRefuseTheCheckRefuses() throws {
      let place = try Workplace()
      let odd = ["--set", "fields.spacing=16 nm", "--set", "fields.size=[112 nm, 256 nm, auto]"]
      for command in ["check", "evaluate"] {
        let outcome = try place.boule([command, Workplace.recipe] + odd)
        #expect(outcome.status == 65 && outcome.log.contains("R039 fields.size[0]"), "\(outcome.log)")
      }
      #expect(try place.names(in: "") == [Workplace.recipe])
    }

    @Test func dataIsFoundByOptionAndEnvironment() throws {
      let place = try Workplace()
      try place.copyData(to: "my data")
      try FileManager.default.removeItem(at: place.url("my data/layers/graphite.yaml"))
      let environment = try place.boule(["check", Workplace.recipe], environment: ["BOULE_DATA": "my data"])
      #expect(environment.status == 65 && environment.log.contains("R032 device.stack[4]"), "\(environment.log)")
      let option = try place.boule(
        ["check", Workplace.recipe, "--data", "my data"], environment: ["BOULE_DATA": "nowhere"])
      #expect(option.status == 65 && option.log.contains("R032 device.stack[4]"), "\(option.log)")
      let list = try place.boule(["list", "--data", "my data"])
      #expect(list.status == 0 && list.output.contains("PTAA") && !list.output.contains("graphite"))
    }

    @Test func wrongDataNamesItsFileAndLine() throws {
      let place = try Workplace()
      try place.copyData(to: "data")
      try place.write("name: DMF\n  boilingPoint: [", to: "data/solvents/DMF.yaml")
      let outcome = try place.boule(["check", Workplace.recipe, "--data", "data"])
      #expect(outcome.status == 65)
      #expect(outcome.log.contains("data/solvents/DMF.yaml:2:"), "\(outcome.log)")
    }
  }
}
