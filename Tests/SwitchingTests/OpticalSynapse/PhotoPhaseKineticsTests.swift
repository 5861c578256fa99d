import Foundation
import Switching
import Testing

@Suite struct PhotoPhaseKineticsTests {
  static let phase = PhotoPhaseKinetics(nucleation: 7e-7, growth: 0.02, reversion: 0.04, saturation: 0.002)
  static let intensity = 1e4

  @Test(arguments: [0.0, 0.02, 1.0])
  func theClosedFormSolvesTheEquation(growth: Double) {
    var phase = Self.phase
    phase.growth = growth
    // Fourth-order Runge-Kutta with steps of a hundredth of the fastest time.
    let rate = { (x: Double) in
      (phase.nucleation + phase.growth * x) * Self.intensity * (phase.saturation - x) - phase.reversion * x
    }
    for start in [0.0, 0.0005, 0.002] {
      var x = start
      let h = 1e-3
      for _ in 0..<5000 {
        let a = rate(x)
        let b = rate(x + 0.5 * h * a)
        let c = rate(x + 0.5 * h * b)
        let d = rate(x + h * c)
        x += h / 6 * (a + 2 * b + 2 * c + d)
      }
      let exact = phase.share(after: 5, from: start, intensity: Self.intensity)
      #expect(abs(exact - x) < 1e-9 * phase.saturation)
    }
  }

  @Test func twoStepsMakeOne() {
    let phase = Self.phase
    let half = phase.share(after: 3, from: 1e-4, intensity: Self.intensity)
    let whole = phase.share(after: 5, from: half, intensity: Self.intensity)
    #expect(abs(whole - phase.share(after: 8, from: 1e-4, intensity: Self.intensity)) < 1e-15)
  }

  @Test func theShareStaysWithinItsBounds() {
    let phase = Self.phase
    for intensity in [0, 1, 1e4, 1e9, 1e14] {
      for start in [0, 1e-12, phase.saturation] {
        for time in [1e-9, 1, 1e6] {
          let share = phase.share(after: time, from: start, intensity: intensity)
          #expect(share >= 0 && share <= phase.saturation)
        }
      }
    }
  }

  @Test func inTheDarkThePhaseDecaysAndNeverBegins() {
    let phase = Self.phase
    #expect(phase.share(after: 100, from: 0, intensity: 0) == 0)
    let left = phase.share(after: 10, from: 1e-3, intensity: 0)
    #expect(abs(left / (1e-3 * exp(-phase.reversion * 10)) - 1) < 1e-12)
  }

  @Test func withoutLightOrReversionNothingChanges() {
    var phase = Self.phase
    phase.reversion = 0
    #expect(phase.share(after: 1e3, from: 1e-3, intensity: 0) == 1e-3)
  }
}
