import Foundation

extension SpaceChargeSystem {
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
