import Defects
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
}
