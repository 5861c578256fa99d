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
    var (lower, diagonal, upper) = ([Double](repeating: 0, count: n), lowerZeros(n), lowerZeros(n))
    var (right, border) = (lowerZeros(n), lowerZeros(n))
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

  private func lowerZeros(_ n: Int) -> [Double] { [Double](repeating: 0, count: n) }

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

  /// Current into the top between neighbors, and its value where it is known best.
  ///
  ///     J = −Σ z Γ + ∂(dψ/dx)/∂t
  func current(
    _ state: SpaceChargeUnknowns, rates: SpaceChargeUnknowns? = nil, ionsMove: Bool = false
  ) -> (profile: [Double], value: Double) {
    let n = count
    var profile = [Double](repeating: 0, count: n - 1)
    var (sum, weights) = (0.0, 0.0)
    for i in 0..<(n - 1) {
      let bernoulli = Bernoulli(state.potential[i + 1] - state.potential[i])
      var noise = 1e-300
      for (s, kind) in species.enumerated() where s != ions || ionsMove {
        let a = kind.diffusivity / spacings[i]
        let positive = kind.charge > 0
        let leaving = a * (positive ? bernoulli.value : bernoulli.mirrored) * state.densities[s * n + i]
        let arriving = a * (positive ? bernoulli.mirrored : bernoulli.value) * state.densities[s * n + i + 1]
        profile[i] -= kind.charge * (leaving - arriving)
        noise += leaving + arriving
      }
      if let rates { profile[i] += (rates.potential[i + 1] - rates.potential[i]) / spacings[i] }
      // Rounding spoils the difference of two large fluxes, as next to a rich contact.
      let weight = 1 / (noise * noise)
      sum += weight * profile[i]
      weights += weight
    }
    return (profile, sum / weights)
  }
}
