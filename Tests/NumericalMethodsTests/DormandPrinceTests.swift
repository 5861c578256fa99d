import Foundation
import NumericalMethods
import Testing

@Suite struct DormandPrinceTests {
  /// y' = 10 y (1 − y), which nobody can tell beyond 1.2; the first steps tried go far beyond.
  @Test func aStageOutsideTheLawShortensTheStep() throws {
    struct Outside: Error {}
    var integrator = DormandPrince(relativeTolerance: 1e-9, absoluteTolerance: [1e-12], firstStep: 10)
    var (time, state) = (0.0, [0.1])
    while time < 1 {
      time = try integrator.step(from: time, limit: 1, state: &state) { _, y, slope in
        guard y[0] <= 1.2, y[0] >= 0 else { throw Outside() }
        slope[0] = 10 * y[0] * (1 - y[0])
      }
    }
    #expect(abs(state[0] - 1 / (1 + 9 * exp(-10))) < 1e-8)
    // Where the law fails at the beginning itself, the reason comes out.
    var beyond = [1.3]
    #expect(throws: Outside.self) {
      _ = try integrator.step(from: 1, limit: 2, state: &beyond) { _, _, _ in throw Outside() }
    }
  }

  @Test func theStateWithinAStepLiesOnTheSolution() throws {
    // Three rates at once, each y = e^{−kt}.
    let rates = [0.5, 1, 2]
    var integrator = DormandPrince(relativeTolerance: 1e-6, absoluteTolerance: [1e-9], firstStep: 1e-3)
    var state = [1.0, 1, 1]
    var time = 0.0
    while time < 2 {
      let before = state
      let start = time
      time = try integrator.step(from: start, limit: 2, state: &state) { _, y, dy in
        for i in 0..<3 { dy[i] = -rates[i] * y[i] }
      }
      for share in [0, 0.3, 0.7, 1] {
        let within = integrator.state(after: share, from: before, to: state, step: time - start)
        for i in 0..<3 {
          // A cubic's error: (k h)⁴/384 of the value.
          let allowed = 1e-5 + pow(rates[i] * (time - start), 4) / 384
          #expect(abs(within[i] / exp(-rates[i] * (start + share * (time - start))) - 1) < 3 * allowed)
        }
      }
    }
  }
}
