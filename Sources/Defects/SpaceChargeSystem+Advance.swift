import Foundation

extension SpaceChargeSystem {
  static let gamma = 2 - 2.0.squareRoot()

  /// One step of TR-BDF2, or nil where a stage does not converge.
  func advance(
    _ start: SpaceChargeUnknowns, rates: SpaceChargeUnknowns, by step: Double, from first: Double, middle: Double,
    to last: Double, motion: Ions, nodes: [Double]
  ) -> (unknowns: SpaceChargeUnknowns, rates: SpaceChargeUnknowns, error: Double, steps: Int)? {
    let gamma = Self.gamma
    let tau = 0.5 * gamma * step
    func guess(_ base: SpaceChargeUnknowns, _ change: Double) -> SpaceChargeUnknowns {
      var result = base
      for i in nodes.indices { result.potential[i] += change * nodes[i] }
      return result
    }
    let knownMiddle = start.combined(1, rates, tau)
    var half = guess(start, middle - first)
    guard let a = solve(&half, known: knownMiddle, inverseStep: 1 / tau, voltage: middle, motion: motion) else {
      return nil
    }
    let ratesMiddle = half.combined(1 / tau, knownMiddle, -1 / tau)
    let weight = 1 / (gamma * (2 - gamma))
    let known = half.combined(weight, start, 1 - weight)
    var end = guess(half, last - middle)
    guard let b = solve(&end, known: known, inverseStep: 1 / tau, voltage: last, motion: motion) else { return nil }
    let ratesEnd = end.combined(1 / tau, known, -1 / tau)
    // The third derivative, from the three slopes.
    let k = (-3 * gamma * gamma + 4 * gamma - 2) / (12 * (2 - gamma))
    let difference = rates.combined(1 / gamma, ratesMiddle, -1 / (gamma * (1 - gamma))).combined(
      1, ratesEnd, 1 / (1 - gamma))
    return (end, ratesEnd, 2 * abs(k) * step * size(of: difference, beside: end), a + b)
  }

  /// Largest share of a species' number, or of a level's traps, that a difference stands for.
  private func size(of difference: SpaceChargeUnknowns, beside state: SpaceChargeUnknowns) -> Double {
    let n = count
    var largest = 0.0
    for s in species.indices {
      var (change, total) = (0.0, 0.0)
      for i in 0..<n {
        change += boxes[i] * abs(difference.densities[s * n + i])
        total += boxes[i] * state.densities[s * n + i]
      }
      if total > 0 { largest = max(largest, change / total) }
    }
    for (l, level) in levels.enumerated() {
      var (change, total) = (0.0, 0.0)
      for i in 0..<n {
        change += level.amounts[i] * abs(difference.occupancies[l * n + i])
        total += level.amounts[i]
      }
      if total > 0 { largest = max(largest, change / total) }
    }
    return largest
  }
}
