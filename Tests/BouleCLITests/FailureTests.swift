import Foundation
import Testing

extension CommandTests {
  @Suite struct FailureTests {
    @Test func aWrongRecipeExits65AndWritesNothing() throws {
      let place = try Workplace()
      let line = try place.writeRecipe("wrong.yaml", with: "    gap: 20 furlongs", inPlaceOf: "gap:")
      let outcome = try place.boule(["evaluate", "wrong.yaml"])
      #expect(outcome.status == 65)
      #expect(outcome.output.isEmpty)
      #expect(outcome.log.hasPrefix("wrong.yaml:\(line):10: R012 process[0].gap: "), "\(outcome.log)")
      #expect(outcome.log.split(separator: "\n").count == 1)
      #expect(try place.names(in: "") == [Workplace.recipe, "wrong.yaml"])
    }

    @Test func oneWrongRecipeKeepsTheOthersFromRunning() throws {
      let place = try Workplace()
      _ = try place.writeRecipe("wrong.yaml", with: "    gap: 20", inPlaceOf: "gap:")
      let outcome = try place.boule(["evaluate", Workplace.recipe, "wrong.yaml"] + Workplace.small)
      #expect(outcome.status == 65)
      #expect(outcome.output.isEmpty && !place.exists("boule-results"))
    }

    @Test(arguments: [
      (["evaluate", "absent.yaml"], [:], "absent.yaml: no such file"),
      (["evaluate", Workplace.recipe, "--data", "absent"], [:], "the data folder was not found in absent"),
      (["evaluate", Workplace.recipe], ["BOULE_DATA": "absent"], "the data folder was not found in absent"),
      (["evaluate", Workplace.recipe], ["BOULE_CHARTJS": "absent.js"], "was not found in absent.js"),
    ])
    func aMissingInputExits66BeforeTheRun(arguments: [String], settings: [String: String], message: String) throws {
      let place = try Workplace()
      let outcome = try place.boule(arguments, environment: settings)
      #expect(outcome.status == 66)
      #expect(outcome.output.isEmpty)
      #expect(outcome.log.hasPrefix("boule: ") && outcome.log.contains(message), "\(outcome.log)")
      #expect(outcome.log.split(separator: "\n").count == 1)
      #expect(try place.names(in: "") == [Workplace.recipe])
    }

    @Test func aScriptThatIsNotChartJSIsRefusedBeforeTheRun() throws {
      let place = try Workplace()
      let outcome = try place.boule(["evaluate", Workplace.recipe], environment: ["BOULE_CHARTJS": Workplace.recipe])
      #expect(outcome.status == 65)
      #expect(outcome.log.contains("is not Chart.js") && outcome.log.split(separator: "\n").count == 1)
      #expect(try place.names(in: "") == [Workplace.recipe])
    }

    @Test func aFileInPlaceOfTheFolderExits73BeforeTheRun() throws {
      let place = try Workplace()
      for out in [Workplace.recipe, "\(Workplace.recipe)/out"] {
        let outcome = try place.boule(["evaluate", Workplace.recipe, "--out", out])
        #expect(outcome.status == 73)
        #expect(outcome.output.isEmpty)
        #expect(
          outcome.log == "boule: cannot create \(out): \(Workplace.recipe) is a file, not a folder; "
            + "choose another output folder with --out\n")
      }
    }

    @Test func aFolderWithoutPermissionExits73BeforeTheRun() throws {
      let place = try Workplace()
      try place.makeFolder("locked")
      #expect(chmod(place.url("locked").path, 0o555) == 0)
      // Root may write anywhere unless it gives that right away.
      let lowered = geteuid() == 0 ? "setpriv --bounding-set -dac_override --inh-caps -dac_override " : ""
      for out in ["locked", "locked/out"] {
        let outcome = try place.boule(["evaluate", Workplace.recipe, "--out", out], script: "exec \(lowered)\"$@\"")
        #expect(outcome.status == 73)
        #expect(outcome.output.isEmpty)
        #expect(outcome.log.contains("Permission denied"), "\(outcome.log)")
        #expect(outcome.log.split(separator: "\n").count == 1)
      }
      #expect(try place.names(in: "locked").isEmpty)
    }

    /// A limit on the size of files stands for the full disk: the same call fails in the same way.
    @Test func aFullDiskExits74AndLosesNothing() throws {
      let place = try Workplace()
      #expect(try place.evaluate(into: "out", ["--seed", "1"]).status == 0)
      let old = try place.results(in: "out")
      let record = try place.bytes("out/run.json")
      // In blocks of 512 or 1024 bytes, after the shell: less than fields.h5, then less than any file.
      for blocks in [500, 1] {
        let outcome = try place.evaluate(
          into: "out", ["--seed", "2", "--quiet"], script: "ulimit -f \(blocks) && exec \"$@\"")
        #expect(outcome.status == 74)
        #expect(outcome.output.isEmpty)
        #expect(
          outcome.log.hasPrefix("boule: writing out/fields.h5 failed: ")
            && outcome.log.hasSuffix("; a file that stood there before is unchanged\n"), "\(outcome.log)")
        #expect(outcome.log.split(separator: "\n").count == 1)
        #expect(try place.results(in: "out") == old)
        #expect(try place.bytes("out/run.json") == record)
        #expect(try place.names(in: "out") == ["fields.h5", "report.html", "run.json", "summary.json"])
      }
    }

    @Test func aClosedStdoutExits74AndAClosedStderrChangesNothing() throws {
      let place = try Workplace()
      let deaf = try place.boule(["list"], script: "exec \"$@\" >&-")
      #expect(deaf.status == 74)
      #expect(deaf.log.hasPrefix("boule: writing to stdout failed: ") && deaf.log.split(separator: "\n").count == 1)
      let mute = try place.boule(["check", "absent.yaml"], script: "exec \"$@\" 2>&-")
      #expect(mute.status == 66 && mute.output.isEmpty)
    }
  }
}
