import Foundation

extension SpaceChargeSystem {
  /// Residuals (with the sign turned) and their derivatives by the potential and by ln c.
  ///
  ///     d(ε dψ/dx)/dx = −ρ,  ρ = background + Σ z c + Σ N_t (z_empty − f)
  ///     (c − known)/τ + dΓ/dx + U = 0,  Γ = −D (dc/dx + z c dψ/dx)
  ///     (f − known)/τ = c_n n (1 − f) − e_n f − c_p p f + e_p (1 − f)
  ///
  /// Fluxes by Scharfetter and Gummel: Γ = (D/h) [B(z Δψ) c_i − B(−z Δψ) c_{i+1}], B(u) = u/(eᵘ − 1).
  /// Physics (6.1), (6.4). The occupancy f is linear in itself, hence eliminated.
  func assemble(
    _ state: SpaceChargeUnknowns, known: SpaceChargeUnknowns, inverseStep: Double, active: [Int], bordered: Bool,
    into matrix: SpaceChargeMatrix
  ) {
    state.potential.withUnsafeBufferPointer { psi in
      state.densities.withUnsafeBufferPointer { density in
        edges(psi, density, active: active, into: matrix)
        known.densities.withUnsafeBufferPointer { knownDensity in
          for i in 0..<count {
            store(i, density, knownDensity, inverseStep: inverseStep, active: active, into: matrix)
            charge(i, density, bordered: bordered, active: active, into: matrix)
          }
        }
        if !levels.isEmpty {
          known.occupancies.withUnsafeBufferPointer { knownOccupancy in
            for l in levels.indices {
              levels[l].amounts.withUnsafeBufferPointer { amounts in
                trap(
                  l, amounts, psi, density, knownOccupancy, inverseStep: inverseStep, active: active, into: matrix)
              }
            }
          }
        }
      }
    }
    bound(active: active, density: state.densities, bordered: bordered, into: matrix)
  }

  /// Fluxes and the field between neighbors.
  private func edges(
    _ psi: UnsafeBufferPointer<Double>, _ density: UnsafeBufferPointer<Double>, active: [Int],
    into matrix: SpaceChargeMatrix
  ) {
    let n = count
    let m = matrix.size
    let last = m - 1
    for i in 0..<(n - 1) {
      let h = 1 / spacings[i]
      let u = psi[i + 1] - psi[i]
      let here = matrix.diagonal + i * m * m
      let there = matrix.diagonal + (i + 1) * m * m
      here[last * m + last] += h
      there[last * m + last] += h
      matrix.upperOwn[i * m + last] -= h
      matrix.lowerOwn[(i + 1) * m + last] -= h
      matrix.right[i * m + last] += u * h
      matrix.right[(i + 1) * m + last] -= u * h
      let bernoulli = Bernoulli(u)
      for slot in 0..<active.count {
        let s = active[slot]
        let kind = species[s]
        let a = kind.diffusivity * h
        let c = density[s * n + i]
        let d = density[s * n + i + 1]
        let positive = kind.charge > 0
        let leaving = a * (positive ? bernoulli.value : bernoulli.mirrored) * c
        let arriving = a * (positive ? bernoulli.mirrored : bernoulli.value) * d
        let flux = leaving - arriving
        let slope =
          a * kind.charge
          * (positive
            ? bernoulli.slope * c + bernoulli.mirroredSlope * d : bernoulli.mirroredSlope * c + bernoulli.slope * d)
        matrix.right[i * m + slot] -= flux
        matrix.right[(i + 1) * m + slot] += flux
        here[slot * m + slot] += leaving
        there[slot * m + slot] += arriving
        matrix.upperOwn[i * m + slot] -= arriving
        matrix.lowerOwn[(i + 1) * m + slot] -= leaving
        here[slot * m + last] -= slope
        there[slot * m + last] -= slope
        matrix.upperPotential[i * m + slot] += slope
        matrix.lowerPotential[(i + 1) * m + slot] += slope
      }
    }
  }

  /// What a node stores of each species since the known state.
  private func store(
    _ i: Int, _ density: UnsafeBufferPointer<Double>, _ known: UnsafeBufferPointer<Double>, inverseStep: Double,
    active: [Int], into matrix: SpaceChargeMatrix
  ) {
    guard inverseStep > 0 else { return }
    let n = count
    let m = matrix.size
    let rate = boxes[i] * inverseStep
    for slot in 0..<active.count {
      let k = active[slot] * n + i
      matrix.right[i * m + slot] -= rate * (density[k] - known[k])
      matrix.diagonal[i * m * m + slot * m + slot] += rate * density[k]
    }
  }

  /// Charge of a node but for its traps.
  private func charge(
    _ i: Int, _ density: UnsafeBufferPointer<Double>, bordered: Bool, active: [Int], into matrix: SpaceChargeMatrix
  ) {
    let n = count
    let m = matrix.size
    let last = m - 1
    var total = background[i]
    for s in 0..<species.count { total += boxes[i] * species[s].charge * density[s * n + i] }
    matrix.right[i * m + last] += total
    for slot in 0..<active.count {
      let s = active[slot]
      matrix.diagonal[i * m * m + last * m + slot] -= boxes[i] * species[s].charge * density[s * n + i]
    }
    if bordered, let ions {
      let held = boxes[i] * density[ions * n + i]
      matrix.diagonal[i * m * m + last * m + last] += held
      matrix.border[i * m + last] -= held
    }
  }

  /// Charge and recombination of one trap level.
  private func trap(
    _ l: Int, _ amounts: UnsafeBufferPointer<Double>, _ psi: UnsafeBufferPointer<Double>,
    _ density: UnsafeBufferPointer<Double>, _ known: UnsafeBufferPointer<Double>, inverseStep: Double, active: [Int],
    into matrix: SpaceChargeMatrix
  ) {
    let n = count
    let m = matrix.size
    let last = m - 1
    let electronSlot = electrons.flatMap { active.firstIndex(of: $0) }
    let holeSlot = holes.flatMap { active.firstIndex(of: $0) }
    let emptyCharge = levels[l].emptyCharge
    let (cn, cp) = (levels[l].electronCapture, levels[l].holeCapture)
    let (en, ep) = (levels[l].electronEmission, levels[l].holeEmission)
    for i in 1..<(n - 1) where amounts[i] > 0 {
      let amount = amounts[i]
      let a = electronSlot == nil ? 0 : cn * density[electrons! * n + i]
      let c = holeSlot == nil ? 0 : cp * density[holes! * n + i]
      var (b, d) = (en, ep)
      var boostSlope = 0.0
      if pooleFrenkel > 0 {
        let width = spacings[i - 1] + spacings[i]
        let field = (psi[i + 1] - psi[i - 1]) / width
        let root = (field * field + 1).squareRoot().squareRoot()
        let boost = exp(pooleFrenkel * root)
        b *= boost
        d *= boost
        // d(ln boost)/dψ_{i+1}
        boostSlope = pooleFrenkel * field / (2 * root * root * root) / width
      }
      let filled = inverseStep * known[l * n + i]
      let unfilled = inverseStep - filled
      let sum = inverseStep + a + b + c + d
      let f = (filled + a + d) / sum
      let empty = (unfilled + b + c) / sum
      matrix.right[i * m + last] += amount * (emptyCharge - f)
      let row = matrix.diagonal + i * m * m
      // ∂f by ln n, ln p and ln boost.
      let byElectrons = a * empty / sum
      let byHoles = -c * f / sum
      let byBoost = (d * empty - b * f) / sum
      if let slot = electronSlot { row[last * m + slot] += amount * byElectrons }
      if let slot = holeSlot { row[last * m + slot] += amount * byHoles }
      if boostSlope != 0 {
        matrix.upperOwn[i * m + last] += amount * byBoost * boostSlope
        matrix.lowerOwn[i * m + last] -= amount * byBoost * boostSlope
      }
      // Both captures hold a c − b d, the net pair rate; written so that it cancels where n p = n_i².
      let pairs = a * c - b * d
      if let slot = electronSlot {
        let net = a * unfilled - b * filled + pairs
        matrix.right[i * m + slot] -= amount * net / sum
        row[slot * m + slot] += amount * a * (unfilled + c - net / sum) / sum
        if let other = holeSlot { row[slot * m + other] += amount * c * (a - net / sum) / sum }
        if boostSlope != 0 {
          let byField = amount * boostSlope * (-b * (filled + d) - b * d - net * (b + d) / sum) / sum
          matrix.upperPotential[i * m + slot] += byField
          matrix.lowerPotential[i * m + slot] -= byField
        }
      }
      if let slot = holeSlot {
        let net = c * filled - d * unfilled + pairs
        matrix.right[i * m + slot] -= amount * net / sum
        row[slot * m + slot] += amount * c * (filled + a - net / sum) / sum
        if let other = electronSlot { row[slot * m + other] += amount * a * (c - net / sum) / sum }
        if boostSlope != 0 {
          let byField = amount * boostSlope * (-d * (unfilled + b) - b * d - net * (b + d) / sum) / sum
          matrix.upperPotential[i * m + slot] += byField
          matrix.lowerPotential[i * m + slot] -= byField
        }
      }
    }
  }

  /// Contacts, and rows scaled to a diagonal of 1.
  private func bound(active: [Int], density: [Double], bordered: Bool, into matrix: SpaceChargeMatrix) {
    let n = count
    let m = matrix.size
    let last = m - 1
    for side in 0..<2 {
      let top = side == 1
      let i = top ? n - 1 : 0
      for slot in 0..<active.count {
        let s = active[slot]
        let kind = species[s]
        let speed = top ? kind.topSpeed : kind.bottomSpeed
        if speed == .infinity {
          fix(i, slot, matrix)
        } else {
          let c = density[s * n + i]
          matrix.right[i * m + slot] -= speed * (c - (top ? kind.top : kind.bottom))
          matrix.diagonal[i * m * m + slot * m + slot] += speed * c
        }
      }
      fix(i, last, matrix)
    }
    for i in 0..<n {
      for slot in 0..<last {
        let value = matrix.diagonal[i * m * m + slot * m + slot]
        guard value > 0 else { continue }
        let scale = 1 / value
        for k in 0..<m { matrix.diagonal[i * m * m + slot * m + k] *= scale }
        matrix.lowerOwn[i * m + slot] *= scale
        matrix.lowerPotential[i * m + slot] *= scale
        matrix.upperOwn[i * m + slot] *= scale
        matrix.upperPotential[i * m + slot] *= scale
        matrix.right[i * m + slot] *= scale
      }
    }
  }

  /// Turns a row into "no change".
  private func fix(_ i: Int, _ slot: Int, _ matrix: SpaceChargeMatrix) {
    let m = matrix.size
    for k in 0..<m { matrix.diagonal[i * m * m + slot * m + k] = 0 }
    matrix.diagonal[i * m * m + slot * m + slot] = 1
    matrix.lowerOwn[i * m + slot] = 0
    matrix.lowerPotential[i * m + slot] = 0
    matrix.upperOwn[i * m + slot] = 0
    matrix.upperPotential[i * m + slot] = 0
    matrix.right[i * m + slot] = 0
    matrix.border[i * m + slot] = 0
  }
}

/// Bernoulli's function B(u) = u/(eᵘ − 1) and B(−u), with their derivatives.
struct Bernoulli {
  let value: Double
  let mirrored: Double
  /// B′(u) and B′(−u).
  let slope: Double
  let mirroredSlope: Double

  @inline(__always)
  init(_ u: Double) {
    if abs(u) < 1e-3 {
      let square = u * u
      let even = 1 + square / 12
      value = even - 0.5 * u
      mirrored = even + 0.5 * u
      slope = -0.5 + u / 6
      mirroredSlope = -0.5 - u / 6
    } else {
      value = u / expm1(u)
      mirrored = value + u
      slope = value * (1 - mirrored) / u
      mirroredSlope = -1 - slope
    }
  }
}
