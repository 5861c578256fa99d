import Foundation
import Testing

extension CommandTests {
  @Suite struct FieldsTests {
    @Test func aMissingMicrostructureExits66() throws {
      let outcome = try Workplace().boule(["fields", "absent.h5"])
      #expect(outcome.status == 66)
      #expect(outcome.log.contains("absent.h5"), "\(outcome.log)")
    }

    @Test func whatIsNoHDF5Exits74AndLeavesNothing() throws {
      let place = try Workplace()
      let outcome = try place.boule(["fields", Workplace.recipe])
      #expect(outcome.status == 74)
      #expect(outcome.log.contains("cannot read \(Workplace.recipe)"), "\(outcome.log)")
      #expect(try place.names(in: "") == [Workplace.recipe])
    }

    @Test func theAnswerIsNotWrittenOverTheQuestion() throws {
      let place = try Workplace()
      let bytes = try place.bytes(Workplace.recipe)
      let outcome = try place.boule(["fields", Workplace.recipe, "--out", "./" + Workplace.recipe])
      #expect(outcome.status == 73)
      #expect(outcome.log.contains("the microstructure itself stands there"), "\(outcome.log)")
      #expect(try place.bytes(Workplace.recipe) == bytes)
    }

    @Test func aToleranceThatIsNoneExits64() throws {
      #expect(try Workplace().boule(["fields", "a.h5", "--tolerance", "0"]).status == 64)
    }
  }
}
