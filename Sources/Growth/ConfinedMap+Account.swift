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
    let volumes = crystals.map(\.volume)
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
    // What lies under a crystal is priced by the field foreseen, and what was foreseen wrongly is made up for as
    // slowly as it came: within a step much shorter than the one before it would be a jolt.
    let patience = lastStep.isFinite ? around.step / max(around.step, lastStep) : 1
    var strengths = [SIMD4<Double>](repeating: .zero, count: count)
    for index in 0..<count {
      let now = crystals[index].volume
      let due = laws.crystalDensity * now - factor * held[index] - crystals[index].gain
      let swept = now > 0 ? (laws.crystalDensity - factor * held[index] / now) * (now - volumes[index]) : due
      let taken = swept + patience * (due - swept)
      crystals[index].rate = taken / around.step
      crystals[index].gain += taken
      strengths[index] = share(index, free: free[index], around)
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
  ///
  /// A facet takes (ρ_c − c*) of what it sweeps, and gives it where it recedes; what the crystal's account has beyond
  /// that (its height, what other crystals cover) goes with the ways, whatever their signs.
  private mutating func share(_ index: Int, free: SIMD4<Double>, _ around: Surroundings) -> SIMD4<Double> {
    let crystal = crystals[index]
    let (along, across) = (ConfinedCrystal.length(0, crystal.marks), ConfinedCrystal.length(1, crystal.marks))
    let lengths = SIMD4(along, across, along, across)
    let open = lengths * free
    let travelled = 2 * (crystal.reach - crystal.marks)
    let gap = geometry.height(x: crystal.nucleus.x, y: crystal.nucleus.y)
    let swept =
      (laws.crystalDensity - around.saturation) * min(crystal.height, gap - geometry.wettingFilm) / around.step
      * open * travelled
    var weights = swept.replacing(with: -swept, where: swept .< 0)
    var taken = swept
    if weights.sum() <= 0 {
      taken = .zero
      weights = open.sum() > 0 ? open : lengths
    }
    taken += (crystal.rate - taken.sum()) / weights.sum() * weights
    let perimeter = open.sum()
    var loads = SIMD4<Double>.zero
    for facet in 0..<4 where free[facet] > 0 { loads[facet] = taken[facet] * perimeter / open[facet] }
    crystals[index].loads = loads
    crystals[index].densities = perimeter > 0 ? loads / perimeter : .zero
    return taken
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
  /// The edge answers within the step as the grid would to fluxes equal along it (`ConfinedDiffusion.edgeResponse`);
  /// unequal ones bring less, so the answer never swings. Half a cell lies before the first center.
  private mutating func edgeInflow(_ around: Surroundings) -> Double {
    guard edgeTransfer > 0 else { return 0 }
    let (spacing, width) = (diffusion.spacing, diffusion.width)
    let response = diffusion.edgeResponse(step: around.step, diffusivity: around.diffusivity)
    let resistance = 1 / edgeTransfer + 0.5 * spacing / around.diffusivity
    var sum = 0.0
    for k in edgeFluxes.indices {
      let cell = Self.edgeCell(k, width)
      let seen = response[0] + response[k % width]
      let flux = (reservoir - diffusion.concentrations[cell] + seen * edgeFluxes[k]) / (resistance + seen)
      edgeFluxes[k] = flux * max(0, 1 - coverage.covered[cell])
      sum += edgeFluxes[k] * diffusion.heights[cell] * spacing
    }
    return sum
  }

  /// Closes the account: the last step priced what lies under crystals by the field foreseen, not by the field that
  /// came.
  ///
  /// Free facets move by some 1e-5 of their distance until ρ_c V − ∫c dV is what left the field; to recede, every facet is
  /// free.
  /// Where no facet is free to move, the solution beside the crystals takes the rest.
  mutating func settle() {
    for _ in 0..<20 {
      let solid = crystals.reduce(0) { $0 + $1.volume }
      let held = coverage.displaced(diffusion.concentrations)
      let owed = owed
      let recedes = owed > 0
      let growth = crystals.indices.reduce(0.0) { $0 + dilation($1, recedes: recedes) }
      guard abs(owed) > 1e-14 * supply else { return }
      guard growth > 0, laws.crystalDensity * solid > held else { break }
      let share = -owed / ((laws.crystalDensity - held / solid) * growth)
      for index in crystals.indices {
        let before = crystals[index]
        var after = before
        for facet in 0..<4 where recedes || masks[index][facet] != 0 {
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

  /// Volume that a crystal gains for a relative growth of its facets' distances.
  private func dilation(_ index: Int, recedes: Bool) -> Double {
    guard index < masks.count else { return 0 }
    let crystal = crystals[index]
    var sum = 0.0
    for facet in 0..<4 where recedes || masks[index][facet] != 0 {
      let middle = crystal.point(facet, 0.5, crystal.reach)
      let open = Double(masks[index][facet].nonzeroBitCount) / Double(counts[index][facet])
      sum +=
        ConfinedCrystal.length(facet, crystal.reach) * (recedes ? 1 : open) * crystal.reach[facet]
        * min(crystal.height, geometry.height(x: middle.x, y: middle.y) - geometry.wettingFilm)
    }
    return sum
  }
}
