import Foundation
import Testing

extension CommandTests {
  /// Law M10: the same input gives the same bytes.
  @Suite struct ReproducibilityTests {
    @Test func threadsTimeAndPlaceChangeNoByte() throws {
      let place = try Workplace()
      let draws = ["--draws", "3", "--quiet"]
      let one = try place.evaluate(into: "one", draws + ["--threads", "1"])
      #expect(one.status == 0, "\(one.log)")
      // The clock of run.json counts in seconds.
      Thread.sleep(forTimeInterval: 1.1)
      try place.makeFolder("else where")
      let two = try place.boule(
        ["evaluate", "../\(Workplace.recipe)", "--out", "../two"] + Workplace.small + draws + ["--threads", "2"],
        in: "else where", environment: ["TZ": "Asia/Kolkata", "LC_ALL": "C", "HOME": "/", "USER": "nobody"])
      #expect(two.status == 0, "\(two.log)")
      let first = try place.results(in: "one")
      let second = try place.results(in: "two")
      for name in first.keys.sorted() { #expect(first[name] == second[name], "\(name)") }

      let records = try ["one", "two"].map { try Self.record(try place.bytes("\($0)/run.json")) }
      #expect(records.map(\.threads) == [1, 2])
      #expect(records[0].started != records[1].started && records[0].ended != records[1].ended)
      #expect(records[0].commandLine.contains("one") && records[1].commandLine.contains("../two"))
      #expect(records.allSatisfy { !$0.host.isEmpty })
    }

    @Test func anotherSeedChangesEveryFile() throws {
      let place = try Workplace()
      #expect(try place.evaluate(into: "one", ["--seed", "1"]).status == 0)
      #expect(try place.evaluate(into: "two", ["--seed", "2"]).status == 0)
      let first = try place.results(in: "one")
      let second = try place.results(in: "two")
      for name in first.keys.sorted() { #expect(first[name] != second[name], "\(name)") }
    }

    private struct Record: Decodable {
      var threads: Int
      var started: String
      var ended: String
      var host: String
      var commandLine: [String]
    }

    private static func record(_ bytes: Data) throws -> Record { try JSONDecoder().decode(Record.self, from: bytes) }
  }
}
