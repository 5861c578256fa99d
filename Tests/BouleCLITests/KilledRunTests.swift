import Foundation
import NumericalMethods
import Programs
import Testing

extension CommandTests {
  @Suite struct KilledRunTests {
    /// Kill -9 at ten random moments: five anywhere in the run, five while a file is being written.
    @Test func aKilledRunLeavesTheOldFilesOrTheNewOnes() throws {
      let place = try Workplace()
      var known: [[String: Data]] = []
      var shortest = Double.infinity
      for seed in 1...2 {
        let start = ContinuousClock.now
        #expect(try place.evaluate(into: "\(seed)", ["--seed", "\(seed)", "--quiet"]).status == 0)
        shortest = min(shortest, (ContinuousClock.now - start) / .seconds(1))
        known.append(try place.results(in: "\(seed)"))
      }
      for name in known[0].keys { #expect(known[0][name] != known[1][name], "\(name) depends on the seed") }
      try FileManager.default.copyItem(at: place.url("1"), to: place.url("out"))

      var random = RandomSource(seed: 9, stream: RandomStream(rawValue: 99))
      var killed = 0
      for kill in 0..<10 {
        let options = ["--seed", "\(1 + (kill + 1) % 2)", "--quiet"]
        let outcome: Program.Outcome
        if kill % 2 == 0 {
          outcome = try place.evaluate(into: "out", options, killedAfter: random.uniform() * shortest)
        } else {
          let name = ["fields.h5", "summary.json", "report.html"][kill / 2 % 3]
          outcome = try place.evaluate(
            into: "out", options,
            script: Self.killer(atTemporaryOf: name, delayed: 0.005 * random.uniform()))
        }
        if outcome.status == 128 + SIGKILL { killed += 1 }
        #expect([0, 128 + SIGKILL].contains(outcome.status), "\(outcome.log)")
        for (name, bytes) in try place.results(in: "out") {
          #expect(known.contains { $0[name] == bytes }, "\(name) is neither the old file nor the new one")
        }
        if place.exists("out/run.json") {
          _ = try JSONSerialization.jsonObject(with: try place.bytes("out/run.json"))
        }
      }
      #expect(killed >= 5, "only \(killed) runs were killed before their end")

      // What a killed run may leave beside the files must not disturb the next one, nor stay.
      for name in ["fields.h5", "report.html", "run.json", "summary.json"] {
        try place.write("half a file", to: "out/\(name).tmp")
      }
      let last = try place.evaluate(into: "out", ["--seed", "2", "--quiet"])
      #expect(last.status == 0, "\(last.log)")
      #expect(try place.results(in: "out") == known[1])
      #expect(try place.names(in: "out") == ["fields.h5", "report.html", "run.json", "summary.json"])
    }

    /// Shell commands that kill the command once the temporary of a file is there and a delay in s has passed.
    ///
    /// The loop also ends with the run itself, whose last file is run.json.
    private static func killer(atTemporaryOf name: String, delayed delay: Double) -> String {
      """
      rm -f out/run.json; "$@" & child=$!
      while [ ! -e out/\(name).tmp ] && [ ! -e out/run.json ]; do :; done
      sleep \(String(format: "%.4f", delay)); kill -9 $child; wait $child
      """
    }
  }
}
