import Foundation
import Testing

/// `boule reproduce`: reported beside computed, and an exit code that says whether what counts was met.
@Suite(.serialized) struct ReproduceTests {
  @Test func aCaseIsSetBesideItsForecast() throws {
    let place = try Workplace()
    let outcome = try place.boule(["reproduce", "cspbbr3-avc-ethanol", "--lots", "4", "--draws", "0", "--quiet"])
    #expect(outcome.status == 0 || outcome.status == 1)
    #expect(outcome.output.contains("cspbbr3-avc-ethanol: CsPbBr3"))
    #expect(outcome.output.contains("bound") && outcome.output.contains("abstract"))
    #expect((outcome.status == 1) == outcome.log.contains("missed: "))
  }

  @Test func theSameForMachines() throws {
    let arguments = ["reproduce", "checks-by-test", "--json", "--quiet"]
    let outcome = try Workplace().boule(arguments)
    #expect(outcome.status == 0 && outcome.log.isEmpty)
    let stored = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(stored["schema"] as? String == "boule-reproduction/1")
    let cases = try #require(stored["cases"] as? [String: Any])
    #expect(Array(cases.keys) == ["checks-by-test"])
  }

  @Test func anUnknownCaseIsNamed() throws {
    let outcome = try Workplace().boule(["reproduce", "mapbbr3-icc"])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.log.contains("did you mean `mapbbr3-itc`?"))
  }
}
