import Foundation
import Growth
import Quantities
import Recipes
import Specimens
import Testing

@Suite struct ConfinedGrowthTests {
  @Test func probe() throws {
    for width in [48, 64, 96, 128, 256] {
      let recipe = try Fixture.recipe("process[0].mapWidth=\(width)")
      for _ in 0..<1 {
        let t0 = clock()
        let c = try Fixture.crystals(recipe, runs: 4)
        let t = Double(clock() - t0) / 1e6
        print(width, t / 4, c.map { "\($0.crystalCount) \($0.lateralSize.si * 1e3) \($0.sizes.reduce(0,{$0+$1*$1})*1e6) cov \($0.coverage!.si) y \($0.yield.si) b \($0.soluteBalanceError) n \($0.record.count) T \($0.nucleationTemperature.si - 273.15)" }.joined(separator: "\n   "))
      }
    }
  }
}
