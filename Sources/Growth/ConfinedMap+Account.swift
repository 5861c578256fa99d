import Foundation

/// What crystals and edges take from the field, and how it is booked.
extension ConfinedMap {
  /// Books what each crystal has gained, takes it from the field along its facets, and carries the field through the
  /// step.
  mutating func settleAccounts(
    moved: [ConfinedCrystal], free: [SIMD4<Double>], _ around: Surroundings
  ) throws {
    let count = crystals.count
    var held = [Double](repeating: 0, count: count)
    for index in 0..<count {
      let before = crystals[index]
      var after = moved[index]
      after.volume += coverage.update(index, from: before, to: after)
      after.marks = 0.5 * (before.reach + after.reach)
      crystals[index] = after
    }
    for index in 0..<count {
      held[index] = coverage.mean(of: diffusion.concentrations, under: crystals[index]) * crystals[index].volume
    }
    let sum = held.reduce(0, +)
    let factor = sum > 0 ? coverage.displaced(diffusion.concentrations) / sum : 1
    var strengths = [SIMD4<Double>](repeating: .zero, count: count)
    for index in 0..<count {
      let gain = laws.crystalDensity * crystals[index].volume - factor * held[index]
      crystals[index].rate = (gain - crystals[index].gain) / around.step
      crystals[index].gain = gain
      strengths[index] = share(index, from: moved[index], free: free[index])
    }
    let edge = edgeInflow(around)
    inflow += edge * around.step
    let (spacing, width) = (diffusion.spacing, diffusion.width)
    let (crystals, masks, counts, fluxes) = (self.crystals, self.masks, self.counts, edgeFluxes)
    let heights = diffusion.heights
    diffusion.advance(step: around.step, diffusivity: around.diffusivity) { rates in
      for index in 0..<count {
        for facet in 0..<4 where strengths[index][facet] != 0 {
          let points = counts[index][facet]
          var mask = masks[index][facet]
          if mask == 0 { mask = ~0 }
          var open = 0
          for k in 0..<points where mask >> UInt64(k) & 1 == 1 { open += 1 }
          let strength = strengths[index][facet] / Double(open)
          for k in 0..<points where mask >> UInt64(k) & 1 == 1 {
            let place = crystals[index].point(facet, (Double(k) + 0.5) / Double(points), crystals[index].marks)
            let (cells, weights) = ConfinedCoverage.stencil(place, width: width, spacing: spacing)
            for corner in 0..<4 { rates[cells[corner]] -= strength * weights[corner] }
          }
        }
      }
      for (k, flux) in fluxes.enumerated() {
        let cell = Self.edgeCell(k, width)
        rates[cell] += flux * heights[cell] * spacing
      }
    }
  }

  /// How a crystal's rate falls to its facets, and the loads that the next step starts from.
  private mutating func share(_ index: Int, from moved: ConfinedCrystal, free: SIMD4<Double>) -> SIMD4<Double> {
    let crystal = crystals[index]
    let (along, across) = (ConfinedCrystal.length(0, crystal.marks), ConfinedCrystal.length(1, crystal.marks))
    let lengths = SIMD4(along, across, along, across)
    let travelled = 2 * (crystal.reach - crystal.marks)
    var weights = SIMD4<Double>.zero
    for facet in 0..<4 { weights[facet] = lengths[facet] * free[facet] * abs(travelled[facet]) }
    var sum = weights.sum()
    if sum <= 0 {
      weights = lengths * free
      sum = weights.sum()
    }
    if sum <= 0 {
      weights = lengths
      sum = weights.sum()
    }
    weights = weights / sum
    let perimeter = (lengths * free).sum()
    var loads = SIMD4<Double>.zero
    for facet in 0..<4 where free[facet] > 0 {
      loads[facet] = crystal.rate * weights[facet] * perimeter / (lengths[facet] * free[facet])
    }
    crystals[index].loads = loads
    crystals[index].densities = perimeter > 0 ? loads / perimeter : .zero
    return crystal.rate * weights
  }

  private static func edgeCell(_ k: Int, _ width: Int) -> Int {
    let i = k % width
    switch k / width {
    case 0: return i
    case 1: return (width - 1) * width + i
    case 2: return i * width
    default: return i * width + width - 1
    }
  }

  /// Sets the flux through each face of the edge and returns their sum, mol/s.
  ///
  ///     j = k_e (c₀ − c_edge)
  ///
  /// The edge answers within the step like the face of a half-space: 2 √(τ/πD) per flux; half a cell lies before the
  /// first center.
  private mutating func edgeInflow(_ around: Surroundings) -> Double {
    guard edgeTransfer > 0 else { return 0 }
    let spacing = diffusion.spacing
    let delay = ConfinedImpedance.gridDelay * spacing * spacing / around.diffusivity
    let seen =
      2 * ((around.step + delay).squareRoot() - delay.squareRoot()) / (Double.pi * around.diffusivity).squareRoot()
    let resistance = 1 / edgeTransfer + seen + 0.5 * spacing / around.diffusivity
    var sum = 0.0
    for k in edgeFluxes.indices {
      let cell = Self.edgeCell(k, diffusion.width)
      let flux = (reservoir - diffusion.concentrations[cell] + seen * edgeFluxes[k]) / resistance
      edgeFluxes[k] = flux * max(0, 1 - coverage.covered[cell])
      sum += edgeFluxes[k] * diffusion.heights[cell] * spacing
    }
    return sum
  }

  /// Closes the account: the last step priced what lies under crystals by the field foreseen, not by the field that
  /// came.
  ///
  /// Free facets move by some 1e-5 of their distance until ρ_c V − ∫c dV is what left the field.
  /// Where no facet is free to move, the solution beside the crystals takes the rest.
  mutating func settle() {
    for _ in 0..<20 {
      let solid = crystals.reduce(0) { $0 + $1.volume }
      let held = coverage.displaced(diffusion.concentrations)
      let owed = owed
      let growth = crystals.indices.reduce(0.0) { $0 + dilation($1) }
      guard abs(owed) > 1e-14 * supply else { return }
      guard growth > 0, laws.crystalDensity * solid > held else { break }
      let share = -owed / ((laws.crystalDensity - held / solid) * growth)
      for index in crystals.indices {
        let before = crystals[index]
        var after = before
        for facet in 0..<4 where masks[index][facet] != 0 {
          let limit = facet < 2 ? geometry.edge - before.nucleus[facet] : before.nucleus[facet - 2]
          after.reach[facet] = min(before.reach[facet] * (1 + share), limit)
        }
        after.volume += coverage.update(index, from: before, to: after)
        crystals[index] = after
      }
    }
    let free =
      diffusion.heights.reduce(0, +) * diffusion.spacing * diffusion.spacing
      - coverage.displaced([Double](repeating: 1, count: diffusion.heights.count))
    let shift = -owed / free
    guard free > 0, diffusion.concentrations.allSatisfy({ $0 + shift >= 0 }) else { return }
    diffusion.set(concentrations: diffusion.concentrations.map { $0 + shift })
  }

  /// Moles that crystals hold beyond what they have taken from the field.
  private var owed: Double {
    laws.crystalDensity * crystals.reduce(0) { $0 + $1.volume } - coverage.displaced(diffusion.concentrations)
      - crystals.reduce(0) { $0 + $1.gain }
  }

  /// Volume that a crystal gains for a relative growth of its free facets' distances.
  private func dilation(_ index: Int) -> Double {
    guard index < masks.count else { return 0 }
    let crystal = crystals[index]
    var sum = 0.0
    for facet in 0..<4 where masks[index][facet] != 0 {
      let middle = crystal.point(facet, 0.5, crystal.reach)
      sum +=
        ConfinedCrystal.length(facet, crystal.reach) * Double(masks[index][facet].nonzeroBitCount)
        / Double(counts[index][facet]) * crystal.reach[facet]
        * min(crystal.height, geometry.height(x: middle.x, y: middle.y) - geometry.wettingFilm)
    }
    return sum
  }
}
