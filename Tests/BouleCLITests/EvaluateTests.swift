import Foundation
import Testing

extension CommandTests {
  @Suite struct EvaluateTests {
    /// A voltage so high that the field in the contact layer leaves the range of its model.
    static let excessive = ["--set", "test[0].amplitude=-6 V"]

    @Test func resultsGoToStdoutAndAllElseToStderr() throws {
      let place = try Workplace()
      let loud = try place.evaluate(into: "loud", Self.excessive)
      #expect(loud.status == 0)
      let progress = loud.log.split(separator: "\n").filter { $0.hasSuffix(" % of 4 devices") }
      let warnings = loud.log.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
      #expect(progress.last == "100 % of 4 devices")
      #expect(warnings.contains { $0.hasPrefix("warning: switching: ") })
      #expect(progress.count + warnings.count == loud.log.split(separator: "\n").count, "\(loud.log)")
      #expect(loud.output.contains("V_SET") && loud.output.hasSuffix("\nreport: loud/report.html\n"))
      #expect(!loud.output.contains("warning") && !loud.output.contains(" % of 4"))

      let quiet = try place.evaluate(into: "quiet", Self.excessive + ["--quiet"])
      #expect(quiet.status == 0 && quiet.log.isEmpty)
      #expect(quiet.output.replacing("quiet/", with: "loud/") == loud.output)
    }

    @Test func theJSONOfStdoutIsTheSummary() throws {
      let place = try Workplace()
      let outcome = try place.evaluate(into: "out", ["--json", "--quiet"])
      #expect(outcome.status == 0 && outcome.log.isEmpty)
      #expect(try Data(outcome.output.utf8) == place.bytes("out/summary.json"))
      let summary = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(summary?["schema"] as? String == "boule-summary/1")
      #expect((summary?["devices"] as? [String: Any])?["count"] as? Int == 4)
      #expect(summary?["overrides"] as? [String] == ["fields.spacing=16 nm", "cycles=2"])
      #expect(try place.names(in: "out") == ["fields.h5", "report.html", "run.json", "summary.json"])
    }

    @Test func anOverrideIsRecordedAndChangesTheResult() throws {
      let place = try Workplace()
      #expect(try place.evaluate(into: "thin", ["--set", "process[0].gap=10 µm ± 0.1 µm"]).status == 0)
      #expect(try place.evaluate(into: "thick", ["--set", "process[0].gap=40 µm ± 0.1 µm"]).status == 0)
      let thin = try Self.thickness(try place.bytes("thin/summary.json"))
      let thick = try Self.thickness(try place.bytes("thick/summary.json"))
      #expect(thin < 15e-6 && thick > 30e-6)
      #expect(try place.text("thin/summary.json").contains("process[0].gap=10 µm ± 0.1 µm"))
    }

    /// The median thickness of the crystals, m.
    private static func thickness(_ summary: Data) throws -> Double {
      let root = try JSONSerialization.jsonObject(with: summary) as? [String: Any]
      let thickness = (root?["crystal"] as? [String: Any])?["thickness"] as? [String: Any]
      return try #require(thickness?["median"] as? Double)
    }

    @Test func anyWorkingFolderServes() throws {
      let place = try Workplace()
      try place.makeFolder("else where")
      let outcome = try place.boule(
        ["evaluate", "../\(Workplace.recipe)", "--quiet"] + Workplace.small, in: "else where")
      #expect(outcome.status == 0, "\(outcome.log)")
      #expect(outcome.output.hasSuffix("report: boule-results/my recipe/report.html\n"))
      #expect(try place.names(in: "else where/boule-results/my recipe").contains("report.html"))
    }

    @Test func aRecipeFromAPipeIsRead() throws {
      let place = try Workplace()
      let outcome = try place.boule(
        ["evaluate", "/dev/stdin", "--out", "out", "--quiet"] + Workplace.small,
        script: "cat \"\(Workplace.recipe)\" | \"$@\"")
      #expect(outcome.status == 0, "\(outcome.log)")
      #expect(try place.text("out/report.html").contains("Fernandez-Guillen"))
    }

    @Test func strictExits2AfterAWarningAndWritesTheResults() throws {
      let place = try Workplace()
      let outcome = try place.evaluate(into: "out", Self.excessive + ["--strict", "--quiet"])
      #expect(outcome.status == 2)
      #expect(outcome.log.hasPrefix("boule: "))
      #expect(outcome.log.hasSuffix(", and --strict was given; the results are written\n"))
      #expect(outcome.log.split(separator: "\n").count == 1)
      #expect(outcome.output.contains("V_SET"))
      #expect(try place.names(in: "out") == ["fields.h5", "report.html", "run.json", "summary.json"])
      let summary = try JSONSerialization.jsonObject(with: try place.bytes("out/summary.json")) as? [String: Any]
      #expect((summary?["warnings"] as? [[String: String]])?.contains { $0["code"] == "fieldTooHigh" } == true)
    }
  }
}
