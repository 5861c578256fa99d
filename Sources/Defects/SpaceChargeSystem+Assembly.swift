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
          store(density, knownDensity, inverseStep: inverseStep, active: active, into: matrix)
        }
        charge(density, bordered: bordered, active: active, into: matrix)
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
    let (upperOwn, lowerOwn) = (matrix.upperOwn, matrix.lowerOwn)
    let (upperPotential, lowerPotential) = (matrix.upperPotential, matrix.lowerPotential)
    let right = matrix.right
    inverseSpacings.withUnsafeBufferPointer { inverseSpacings in
      for slot in 0..<active.count {
        let kind = species[active[slot]]
        let sign = kind.charge
        let c = density.baseAddress! + active[slot] * n
        // What the edge before brought to a node: flux, its share of the diagonal, and its slope by the potential.
        var (brought, held, before) = (0.0, 0.0, 0.0)
        // B(z Δψ) leaves a node, B(−z Δψ) leaves the next one.
        for i in 0..<(n - 1) {
          let bernoulli = Bernoulli(sign * (psi[i + 1] - psi[i]))
          let a = kind.diffusivity * inverseSpacings[i]
          let leaving = a * bernoulli.value * c[i]
          let arriving = a * bernoulli.mirrored * c[i + 1]
          let flux = leaving - arriving
          let slope = a * sign * (bernoulli.slope * c[i] + bernoulli.mirroredSlope * c[i + 1])
          let row = matrix.diagonal + i * m * m + slot * m
          let k = i * m + slot
          right[k] = brought - flux
          row[slot] = held + leaving
          row[last] = -before - slope
          upperOwn[k] = -arriving
          lowerOwn[k + m] = -leaving
          upperPotential[k] = slope
          lowerPotential[k + m] = slope
          (brought, held, before) = (flux, arriving, slope)
        }
        let row = matrix.diagonal + (n - 1) * m * m + slot * m
        right[(n - 1) * m + slot] = brought
        row[slot] = held
        row[last] = -before
      }
      var (before, brought) = (0.0, 0.0)
      for i in 0..<(n - 1) {
        let h = inverseSpacings[i]
        let field = (psi[i + 1] - psi[i]) * h
        let k = i * m + last
        matrix.diagonal[k * m + last] = before + h
        right[k] = field - brought
        upperOwn[k] = -h
        lowerOwn[k + m] = -h
        (before, brought) = (h, field)
      }
      matrix.diagonal[n * m * m - 1] = before
      right[n * m - 1] = -brought
    }
  }

  /// What the nodes store of each species since the known state.
  private func store(
    _ density: UnsafeBufferPointer<Double>, _ known: UnsafeBufferPointer<Double>, inverseStep: Double, active: [Int],
    into matrix: SpaceChargeMatrix
  ) {
    guard inverseStep > 0 else { return }
    let n = count
    let m = matrix.size
    for slot in 0..<active.count {
      for i in 0..<n {
        let k = active[slot] * n + i
        let rate = boxes[i] * inverseStep
        matrix.right[i * m + slot] -= rate * (density[k] - known[k])
        matrix.diagonal[i * m * m + slot * m + slot] += rate * density[k]
      }
    }
  }

  /// Charge of the nodes but for their traps.
  private func charge(
    _ density: UnsafeBufferPointer<Double>, bordered: Bool, active: [Int], into matrix: SpaceChargeMatrix
  ) {
    let n = count
    let m = matrix.size
    let last = m - 1
    boxes.withUnsafeBufferPointer { boxes in
      background.withUnsafeBufferPointer { background in
        for i in 0..<n { matrix.right[i * m + last] += background[i] }
      }
      for s in 0..<species.count {
        let sign = species[s].charge
        let c = density.baseAddress! + s * n
        if let slot = active.firstIndex(of: s) {
          for i in 0..<n {
            let held = sign * boxes[i] * c[i]
            matrix.right[i * m + last] += held
            matrix.diagonal[i * m * m + last * m + slot] -= held
          }
        } else {
          for i in 0..<n { matrix.right[i * m + last] += sign * boxes[i] * c[i] }
        }
      }
      if bordered, let ions {
        for i in 0..<n {
          let held = boxes[i] * density[ions * n + i]
          matrix.diagonal[i * m * m + last * m + last] += held
          matrix.border[i * m + last] -= held
        }
      }
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
    let block = m * m
    // A carrier that is not there has slot −1 and no captures.
    let electronSlot = electrons.flatMap { active.firstIndex(of: $0) } ?? -1
    let holeSlot = holes.flatMap { active.firstIndex(of: $0) } ?? -1
    let electronDensity = density.baseAddress! + (electrons ?? 0) * n
    let holeDensity = density.baseAddress! + (holes ?? 0) * n
    let nodes = levels[l].nodes
    let emptyCharge = levels[l].emptyCharge
    let (cn, cp) = (electronSlot < 0 ? 0 : levels[l].electronCapture, holeSlot < 0 ? 0 : levels[l].holeCapture)
    let (en, ep) = (levels[l].electronEmission, levels[l].holeEmission)
    if inverseStep == 0, pooleFrenkel == 0, electronSlot < 0 || holeSlot < 0 {
      // One carrier at rest: emission balances capture, and only the charge is left.
      let slot = max(electronSlot, holeSlot)
      let carriers = electronSlot < 0 ? holeDensity : electronDensity
      let (capture, emission) = electronSlot < 0 ? (cp, ep) : (cn, en)
      let sign = electronSlot < 0 ? -1.0 : 1.0
      for i in nodes {
        let captured = capture * carriers[i]
        let time = 1 / (captured + emission)
        let caught = captured * time
        let free = emission * time
        let k = i * m + last
        matrix.right[k] += amounts[i] * (emptyCharge - (electronSlot < 0 ? free : caught))
        matrix.diagonal[k * m + slot] += sign * amounts[i] * caught * free
      }
      return
    }
    for i in nodes {
      let amount = amounts[i]
      let a = cn * electronDensity[i]
      let c = cp * holeDensity[i]
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
      let filled = inverseStep == 0 ? 0 : inverseStep * known[l * n + i]
      let unfilled = inverseStep - filled
      let time = 1 / (inverseStep + a + b + c + d)
      let f = (filled + a + d) * time
      let empty = (unfilled + b + c) * time
      let k = i * m
      let row = matrix.diagonal + i * block
      let poisson = row + last * m
      matrix.right[k + last] += amount * (emptyCharge - f)
      if boostSlope != 0 {
        let byBoost = amount * (d * empty - b * f) * time * boostSlope
        matrix.upperOwn[k + last] += byBoost
        matrix.lowerOwn[k + last] -= byBoost
      }
      // Both captures hold a c − b d, the net pair rate; written so that it cancels where n p = n_i².
      let pairs = a * c - b * d
      if electronSlot >= 0 {
        let net = (a * unfilled - b * filled + pairs) * time
        let own = row + electronSlot * m
        // ∂f by ln n
        poisson[electronSlot] += amount * a * empty * time
        matrix.right[k + electronSlot] -= amount * net
        own[electronSlot] += amount * a * (unfilled + c - net) * time
        if holeSlot >= 0 { own[holeSlot] += amount * c * (a - net) * time }
        if boostSlope != 0 {
          let byField = amount * boostSlope * (-b * (filled + d) - b * d - net * (b + d)) * time
          matrix.upperPotential[k + electronSlot] += byField
          matrix.lowerPotential[k + electronSlot] -= byField
        }
      }
      if holeSlot >= 0 {
        let net = (c * filled - d * unfilled + pairs) * time
        let own = row + holeSlot * m
        // ∂f by ln p
        poisson[holeSlot] -= amount * c * f * time
        matrix.right[k + holeSlot] -= amount * net
        own[holeSlot] += amount * c * (filled + a - net) * time
        if electronSlot >= 0 { own[electronSlot] += amount * a * (c - net) * time }
        if boostSlope != 0 {
          let byField = amount * boostSlope * (-d * (unfilled + b) - b * d - net * (b + d)) * time
          matrix.upperPotential[k + holeSlot] += byField
          matrix.lowerPotential[k + holeSlot] -= byField
        }
      }
    }
  }

  /// Contacts, and rows scaled to a diagonal of 1 where pivots are chosen.
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
    guard m > 2 else { return }
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
    let size = abs(u)
    if size < 0.5 {
      // B(u) + u/2 = Σ B₂ₖ u²ᵏ/(2k)! of Bernoulli's numbers; what is left out is below 1e-17.
      let x = u * u
      let low = 1.0 / 12 + x * (-1.0 / 720 + x * (1.0 / 30240 - x / 1_209_600))
      let high = 1.0 / 47_900_160 + x * (-691.0 / 1_307_674_368_000 + x / 74_724_249_600)
      let even = 1 + x * (low + x * x * x * x * high)
      let odd = u * (1.0 / 6 + x * (-1.0 / 180 + x * (1.0 / 5040 - x / 151_200)))
      value = even - 0.5 * u
      mirrored = even + 0.5 * u
      slope = odd - 0.5
      mirroredSlope = -0.5 - odd
    } else {
      // The smaller of the two first: the larger one is without cancellation then.
      let factor = 1 / (exp(size) - 1)
      let small = size * factor
      let large = small + size
      let bend = factor * (1 - large)
      value = u > 0 ? small : large
      mirrored = u > 0 ? large : small
      slope = u > 0 ? bend : -1 - bend
      mirroredSlope = u > 0 ? -1 - bend : bend
    }
  }
}
