import Foundation

extension SpaceChargeSystem {
  /// The state without voltage: carriers and ions follow Boltzmann, traps Fermi's statistics.
  ///
  /// Newton's method on Poisson's equation alone, steps bounded; the energy is convex, so it does not fail.
  func equilibrium() -> SpaceChargeUnknowns? {
    let n = count
    var state = SpaceChargeUnknowns(
      potential: (0..<n).map { builtIn * Double($0) / Double(n - 1) },
      densities: [Double](repeating: 1e-250, count: species.count * n),
      occupancies: [Double](repeating: 0, count: levels.count * n))
    let zeros = [Double](repeating: 0, count: n)
    var (lower, diagonal, upper, right, border) = (zeros, zeros, zeros, zeros, zeros)
    var previous = Double.infinity
    for _ in 0..<400 {
      boltzmann(&state)
      var total = 0.0
      for i in 0..<n {
        guard i > 0, i < n - 1 else {
          (lower[i], diagonal[i], upper[i], right[i], border[i]) = (0, 1, 0, 0, 0)
          if let ions { total += boxes[i] * state.densities[ions * n + i] }
          continue
        }
        let (a, b) = (1 / spacings[i - 1], 1 / spacings[i])
        let psi = state.potential
        var charge = background[i]
        var response = 0.0
        for (s, kind) in species.enumerated() {
          let held = boxes[i] * state.densities[s * n + i]
          charge += kind.charge * held
          response += held
        }
        for (l, level) in levels.enumerated() where level.amounts[i] > 0 {
          let f = state.occupancies[l * n + i]
          charge += level.amounts[i] * (level.emptyCharge - f)
          response += level.amounts[i] * f * (1 - f)
        }
        (lower[i], upper[i], diagonal[i]) = (-a, -b, a + b + response)
        right[i] = (psi[i + 1] - psi[i]) * b - (psi[i] - psi[i - 1]) * a + charge
        let held = ions.map { boxes[i] * state.densities[$0 * n + i] } ?? 0
        border[i] = -held
        total += held
      }
      for i in 1..<n {
        let factor = lower[i] / diagonal[i - 1]
        diagonal[i] -= factor * upper[i - 1]
        right[i] -= factor * right[i - 1]
        border[i] -= factor * border[i - 1]
      }
      for i in stride(from: n - 1, through: 0, by: -1) {
        right[i] = (right[i] - (i < n - 1 ? upper[i] * right[i + 1] : 0)) / diagonal[i]
        border[i] = (border[i] - (i < n - 1 ? upper[i] * border[i + 1] : 0)) / diagonal[i]
      }
      if let ions {
        var (weighted, response) = (0.0, 0.0)
        for i in 0..<n {
          let held = boxes[i] * state.densities[ions * n + i]
          weighted += held * right[i]
          response += held * border[i]
        }
        let shift = weighted / (total + response)
        for i in 0..<n { right[i] -= shift * border[i] }
      }
      let largest = right.reduce(0) { max($0, abs($1)) }
      guard largest.isFinite else { return nil }
      let damping = min(1, 2 / largest)
      for i in 0..<n { state.potential[i] += damping * right[i] }
      // Rounding may stop the steps from shrinking before they are as small as asked.
      if largest < 1e-10 || (largest < 1e-6 && largest > 0.5 * previous) {
        boltzmann(&state)
        return state
      }
      previous = largest
    }
    return nil
  }

  /// Densities and occupancies that belong to the potential at equilibrium.
  private func boltzmann(_ state: inout SpaceChargeUnknowns) {
    let n = count
    for (s, kind) in species.enumerated() where s != ions {
      for i in 0..<n {
        state.densities[s * n + i] = max(1e-250, kind.bottom * exp(-kind.charge * state.potential[i]))
      }
    }
    spread(&state)
    occupy(&state, known: state, inverseStep: 0)
  }
}
