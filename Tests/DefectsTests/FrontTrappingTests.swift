import Defects
import Foundation
import Materials
import Quantities
import Recipes
import Testing

@Suite struct FrontTrappingTests {
  @Test(arguments: [0.01, 0.3, 1.0, 4.0])
  func aSlowFrontPartitionsAsInEquilibriumAndAFastOneKeepsAll(equilibrium: Double) {
    let layered = {
      FrontTrapping.boundaryLayerCoefficient(equilibrium: equilibrium, speed: $0, layer: 1e-4, diffusivity: 5e-10)
    }
    let trapped = { FrontTrapping.coefficient(equilibrium: equilibrium, speed: $0, diffusiveSpeed: 1e-7) }
    for law in [layered, trapped] {
      #expect(abs(law(0) - equilibrium) < 1e-9)
      #expect(abs(law(1e4) - 1) < 1e-9)
    }
  }

  @Test(arguments: [0.01, 0.3, 4.0])
  func theCoefficientMovesMonotonicallyTowardOneWithSpeed(equilibrium: Double) {
    for law in [
      { FrontTrapping.boundaryLayerCoefficient(equilibrium: equilibrium, speed: $0, layer: 1e-4, diffusivity: 5e-10) },
      { FrontTrapping.coefficient(equilibrium: equilibrium, speed: $0, diffusiveSpeed: 1e-7) },
    ] {
      var last = law(0)
      for step in 1...200 {
        let next = law(Double(step) * 1e-7)
        #expect(equilibrium < 1 ? next >= last && next <= 1 : next <= last && next >= 1)
        last = next
      }
    }
  }

  /// (1.14): from what equilibrium holds to its multiple, half way at the trapping velocity, and rising in between.
  @Test func aFastFrontKeepsAMultipleOfEquilibrium() throws {
    var law = try MaterialLibrary(contentsOf: FreezeOutTests.data).material("MAPbI3").defects
    law.frontVacancyRatio = Ratio(si: 5)
    law.trappingVelocity = Velocity(si: 1e-7)
    func kept(_ speed: Double) -> Double {
      FrontTrapping.vacancyDensity(equilibrium: 3e25, speed: Velocity(si: speed), of: law) / 3e25
    }
    #expect(kept(0) == 1 && kept(-1e-7) == 1)
    #expect(abs(kept(1e-7) - 3) < 1e-12 && abs(kept(1e3) - 5) < 1e-8)
    let speeds = (0...50).map { kept(Double($0) * 1e-8) }
    #expect(zip(speeds, speeds.dropFirst()).allSatisfy { $0 < $1 })
  }
}
