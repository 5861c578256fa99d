import Foundation
import Testing

extension CommandTests {
  @Suite struct ExplainTests {
    @Test func aKeyIsExplainedWithUnitRangeAndDefault() throws {
      let outcome = try Workplace().boule(["explain", "process[0].gapBow"])
      #expect(outcome.status == 0)
      for part in ["process[].gapBow (spaceConfinedGrowth)", "curvature", "range", "default  0 1/m"] {
        #expect(outcome.output.contains(part), "\(part) in \(outcome.output)")
      }
    }

    @Test func aNumberIsExplainedWithValueKindAndSource() throws {
      let outcome = try Workplace().boule(["explain", "MAPbBr3.defects.trappingVelocity"])
      #expect(outcome.status == 0)
      for part in ["100 nm/s, factor 3", "assumed", "no source found"] {
        #expect(outcome.output.contains(part), "\(part) in \(outcome.output)")
      }
    }

    @Test func anUnknownNameIsAnsweredWithTheNearest() throws {
      let outcome = try Workplace().boule(["explain", "gapWege"])
      #expect(outcome.status == 64 && outcome.log.contains("did you mean `gapWedge`?"), "\(outcome.log)")
    }

    @Test func aComparisonShowsWhatDiffers() throws {
      let place = try Workplace()
      _ = try place.writeRecipe("thin.yaml", with: "    gap: 10 µm ± 1 µm", inPlaceOf: "gap:")
      let options = ["--devices", "6", "--draws", "4", "--set", "test=[]", "--quiet"]
      let outcome = try place.boule(["compare", Workplace.recipe, "thin.yaml"] + options)
      #expect(outcome.status == 0, "\(outcome.log)")
      let line = outcome.output.split(separator: "\n").first { $0.contains("Crystal thickness") }
      #expect(line?.contains("×0.5") ?? false, "\(outcome.output)")
      let json = try place.boule(["compare", Workplace.recipe, "thin.yaml", "--json"] + options)
      let tree = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let figures = try #require(tree["figures"] as? [String: [String: Any]])
      let contrasts = try #require(figures["crystal.thickness"]?["contrasts"] as? [Any])
      let thin = try #require(contrasts.last as? [String: Any])
      #expect(abs((thin["value"] as? Double ?? 0) - 0.5) < 0.1)
    }

    @Test func oneRecipeIsNoComparison() throws {
      #expect(try Workplace().boule(["compare", Workplace.recipe]).status == 64)
    }
  }
}
