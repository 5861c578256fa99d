import Foundation
import NumericalMethods

/// One step of all crystals.
extension ConfinedMap {
  /// What all crystals of a step see alike.
  struct Surroundings {
    var step: Double
    var temperature: Double
    var saturation: Double
    var diffusivity: Double
  }

  /// Most points at which a facet is asked for its concentration.
  private static let mostPoints = 64
  /// Times that crystals which feel each other are asked anew within one step.
  private static let mostPasses = 4
  /// Sweeps over their linear answers.
  private static let mostSweeps = 200

  mutating func grow(births: [ConfinedCrystal], step: Double, temperature: Double, diffusivity: Double) throws {
    crystals += births
    let around = Surroundings(
      step: step, temperature: temperature, saturation: laws.saturation(temperature), diffusivity: diffusivity)
    let count = crystals.count
    masks.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    var reads: [SIMD4<Double>] = []
    reads.reserveCapacity(count)
    var free: [SIMD4<Double>] = []
    free.reserveCapacity(count)
    var crowds: [SIMD4<Double>] = []
    crowds.reserveCapacity(count)
    for index in 0..<count {
      let view = look(index, step: step, diffusivity: diffusivity)
      reads.append(view.read)
      free.append(view.free)
      crowds.append(view.crowd)
    }
    let rims = (0..<count).map { rim(crystals[$0], free: free[$0], crowd: crowds[$0], around) }
    let isCoupled = couple(around)
    var shifts = [Double](repeating: 0, count: count)
    var moved = crystals
    var changes = [Double](repeating: 0, count: count)
    var slopes = changes
    for pass in 0..<Self.mostPasses {
      for index in 0..<count {
        (moved[index], slopes[index]) = try move(
          crystals[index], rim: rims[index], reads: reads[index], free: free[index], shift: shifts[index], around)
        let taken = rims[index].density * (plainVolume(moved[index]) - plainVolume(crystals[index])) / step
        changes[index] = taken - crystals[index].rate
      }
      guard isCoupled, pass + 1 < Self.mostPasses else { break }
      let difference = relax(&shifts, changes: &changes, slopes: slopes)
      let drive = reads.reduce(0.0) { max($0, abs($1.max() - around.saturation)) }
      if pass > 0 && difference < 0.01 * drive { break }
    }
    try settleAccounts(moved: moved, free: free, around)
  }

  /// Solves for the fall that each crystal owes to what the others take more than a step before, all answering in a straight
  /// line; returns the largest correction, mol/m³.
  private func relax(_ shifts: inout [Double], changes: inout [Double], slopes: [Double]) -> Double {
    let count = shifts.count
    let base = changes
    let before = shifts
    coupling.withUnsafeBufferPointer { coupling in
      for _ in 0..<Self.mostSweeps {
        var largest = 0.0
        var scale = 1e-300
        for a in 0..<count {
          var shift = 0.0
          let row = a &* count
          for b in 0..<count { shift += coupling[row &+ b] * changes[b] }
          largest = max(largest, abs(shift - shifts[a]))
          scale = max(scale, abs(shift))
          shifts[a] = shift
          changes[a] = base[a] + slopes[a] * (shift - before[a])
        }
        if largest < 1e-3 * scale { break }
      }
    }
    return zip(shifts, before).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Concentration along each facet where it last took solute, the share of it that can still move, and the share of that
  /// which another crystal or the plate's edge faces within a step's diffusion.
  private mutating func look(_ index: Int, step: Double, diffusivity: Double) -> (
    read: SIMD4<Double>, free: SIMD4<Double>, crowd: SIMD4<Double>
  ) {
    let crystal = crystals[index]
    let spacing = diffusion.spacing
    let width = diffusion.width
    let edge = geometry.edge
    var reads = SIMD4<Double>.zero
    var free = SIMD4<Double>.zero
    var mask = SIMD4<UInt64>.zero
    var points = SIMD4<Int>.zero
    var crowd = SIMD4<Double>.zero
    let view = (diffusivity * step).squareRoot()
    // The rim moves on while the field foreseen has its sinks where they were. What a sink does is even about its place, so
    // the odd part of the field is what the rim moves into. The step's own sinks stand halfway, and a line of sinks is felt
    // less by x/2D at a distance x.
    let large = min(1, max(0, crystal.edge / spacing - 1))
    let lead = 0.5 * large * step * crystal.speeds
    let ahead = crystal.reach - crystal.marks + 0.5 * step * crystal.speeds + lead
    let gap = geometry.height(x: crystal.nucleus.x, y: crystal.nucleus.y)
    let relief = lead * crystal.densities / (2 * diffusivity * gap)
    diffusion.concentrations.withUnsafeBufferPointer { c in
      for facet in 0..<4 {
        let count = min(
          Self.mostPoints, max(1, Int((ConfinedCrystal.length(facet, crystal.reach) / spacing).rounded(.up))))
        points[facet] = count
        var sum = 0.0
        var open = 0
        let span = max(abs(ahead[facet]), spacing)
        var reachOut = SIMD4<Double>.zero
        reachOut[facet] = span
        let slope = 0.5 * ahead[facet] / span
        for k in 0..<count {
          let share = (Double(k) + 0.5) / Double(count)
          let now = crystal.point(facet, share, crystal.reach)
          if now.x <= 0 || now.y <= 0 || now.x >= edge || now.y >= edge { continue }
          var isFree = true
          for other in crystals.indices where other != index && crystals[other].contains(now) {
            isFree = false
            break
          }
          guard isFree else { continue }
          sum += Self.value(c, crystal.point(facet, share, crystal.marks), width, spacing)
          if ahead[facet] != 0 {
            let far = crystal.point(facet, share, crystal.marks + reachOut)
            let near = crystal.point(facet, share, crystal.marks - reachOut)
            sum += slope * (Self.value(c, far, width, spacing) - Self.value(c, near, width, spacing))
          }
          open += 1
          mask[facet] |= 1 << UInt64(k)
          if isCrowded(crystal.point(facet, share, crystal.reach + view), besides: index) { crowd[facet] += 1 }
        }
        free[facet] = Double(open) / Double(count)
        crowd[facet] /= Double(max(1, open))
        reads[facet] = open > 0 ? sum / Double(open) + relief[facet] : 0
      }
    }
    masks.append(mask)
    counts.append(points)
    return (reads, free, crowd)
  }

  private func isCrowded(_ point: SIMD2<Double>, besides index: Int) -> Bool {
    if min(point.x, point.y) <= 0 || max(point.x, point.y) >= geometry.edge { return true }
    for other in crystals.indices where other != index && crystals[other].contains(point) { return true }
    return false
  }

  @inline(__always)
  private static func value(
    _ field: UnsafeBufferPointer<Double>, _ point: SIMD2<Double>, _ width: Int, _ spacing: Double
  ) -> Double {
    let (cells, weights) = ConfinedCoverage.stencil(point, width: width, spacing: spacing)
    return weights[0] * field[cells[0]] + weights[1] * field[cells[1]] + weights[2] * field[cells[2]]
      + weights[3] * field[cells[3]]
  }

  /// The fall at each crystal for what the others take more than in the step before: E₁(r²/4Dτ)/(4π D h).
  private mutating func couple(_ around: Surroundings) -> Bool {
    let count = crystals.count
    guard count > 1 else { return false }
    coupling = [Double](repeating: 0, count: count * count)
    let reach = 4 * around.diffusivity * around.step
    var found = false
    for a in 0..<count {
      let gap = geometry.height(x: crystals[a].nucleus.x, y: crystals[a].nucleus.y)
      for b in 0..<count where b != a {
        let distance = crystals[b].center - crystals[a].center
        let closest = 0.25 * (crystals[a].extent.sum() + crystals[b].extent.sum())
        let square = max((distance * distance).sum(), closest * closest, 0.05 * diffusion.spacing * diffusion.spacing)
        guard square < 5 * reach else { continue }
        coupling[a * count + b] =
          SpecialFunctions.exponentialIntegral(square / reach) / (4 * .pi * around.diffusivity * gap)
        found = true
      }
    }
    return found
  }

  /// Volume of the box up to the gap's height at the nucleus.
  private func plainVolume(_ crystal: ConfinedCrystal) -> Double {
    let gap = geometry.height(x: crystal.nucleus.x, y: crystal.nucleus.y)
    return crystal.extent.x * crystal.extent.y * min(crystal.height, gap - geometry.wettingFilm)
  }

  /// What a crystal's rim answers with in a step.
  struct Rim {
    /// Length of the free facets, m.
    var perimeter: Double
    /// Fall on the grid for what is taken more than in the step before, mol/m³ per mol/s; twice that where another rim, or
    /// its own image in the plate's edge, faces the facet and takes from the same solution.
    var seen: SIMD4<Double>
    /// Fall at a facet for each m/s that it moves.
    var impedance: SIMD4<Double>
    /// ρ_c − c*: moles that a volume of crystal takes beyond what its place held.
    var density: Double
    /// Distances and height at which this holds.
    var reach: SIMD4<Double>
  }

  /// The rim of a crystal beyond a cell halfway through the step.
  private func rim(
    _ crystal: ConfinedCrystal, free: SIMD4<Double>, crowd: SIMD4<Double>, _ around: Surroundings
  ) -> Rim {
    let halfway = advanced(crystal, by: 0.5 * around.step * crystal.speeds, free: free, height: 0)
    return rim(
      halfway, free: free, crowd: crowd, since: max(0, crystal.birth - time), at: around.step, around)
  }

  private func rim(
    _ crystal: ConfinedCrystal, free: SIMD4<Double>, crowd: SIMD4<Double> = .zero, since begun: Double,
    at elapsed: Double, _ around: Surroundings
  ) -> Rim {
    let density = laws.crystalDensity - around.saturation
    let perimeter = (crystal.facetLengths * free).sum()
    guard perimeter > 0, elapsed > begun else {
      return Rim(perimeter: 0, seen: .zero, impedance: .zero, density: density, reach: crystal.reach)
    }
    let gap = geometry.height(x: crystal.nucleus.x, y: crystal.nucleus.y)
    let radius = perimeter / (2 * .pi)
    let law = ConfinedImpedance.shared
    let seen =
      (1 + crowd)
      * law.resolved(
        radius: radius, gap: gap, diffusivity: around.diffusivity, spacing: diffusion.spacing, step: elapsed - begun)
      + (crystal.edge < diffusion.spacing ? images(crystal.nucleus, gap: gap, time: elapsed - begun, around) : 0)
    let unseen =
      law.unresolved(
        radius: radius, gap: gap, diffusivity: around.diffusivity, spacing: diffusion.spacing,
        age: time + elapsed - crystal.birth)
      + ConfinedImpedance.constriction(
        edge: crystal.edge, height: crystal.height, gap: gap, diffusivity: around.diffusivity)
    let top = min(crystal.height, gap - geometry.wettingFilm)
    return Rim(
      perimeter: perimeter, seen: seen, impedance: (seen + unseen) * (perimeter * top * density), density: density,
      reach: crystal.reach)
  }

  /// The fall that a small crystal's images in the nearest edges and their corner bring it: E₁(r²/4Dτ)/(4π D h).
  private func images(_ place: SIMD2<Double>, gap: Double, time: Double, _ around: Surroundings) -> Double {
    let across = 2 * min(place.x, geometry.edge - place.x)
    let along = 2 * min(place.y, geometry.edge - place.y)
    let reach = 4 * around.diffusivity * time
    var sum = 0.0
    for square in [across * across, along * along, across * across + along * along] where square < 8 * reach {
      let closest = max(square, 0.05 * diffusion.spacing * diffusion.spacing)
      sum += SpecialFunctions.exponentialIntegral(closest / reach)
    }
    return sum / (4 * .pi * around.diffusivity * gap)
  }

  private func advanced(
    _ crystal: ConfinedCrystal, by way: SIMD4<Double>, free: SIMD4<Double>, height: Double
  ) -> ConfinedCrystal {
    var moved = crystal
    let smallest = ConfinedCrystal.nucleusReach
    for facet in 0..<4 {
      let room = facet < 2 ? geometry.edge - crystal.nucleus[facet] : crystal.nucleus[facet - 2]
      if free[facet] > 0 {
        moved.reach[facet] = min(max(crystal.reach[facet] + way[facet], min(smallest, room)), room)
      }
    }
    moved.height = max(smallest, crystal.height + height)
    return moved
  }

  /// A crystal after the step, and how much less it takes for each mol/m³ that the solution falls, m³/s.
  private func move(
    _ crystal: ConfinedCrystal, rim: Rim, reads: SIMD4<Double>, free: SIMD4<Double>, shift: Double,
    _ around: Surroundings
  ) throws -> (ConfinedCrystal, slope: Double) {
    guard free.sum() > 0 else { return (crystal, 0) }
    if crystal.edge < diffusion.spacing {
      return (try moveSmall(crystal, reads: reads, free: free, shift: shift, around), 0)
    }
    // No rim answers to less solute than a tenth of c*, whatever the field foresees.
    let emptiest = -0.9 * around.saturation
    var faces = crystal.faces
    var speeds = SIMD4<Double>.zero
    var slopes = SIMD4<Double>.zero
    for facet in 0..<4 where free[facet] > 0 {
      let excess = reads[facet] - shift + rim.seen[facet] * crystal.loads[facet] - around.saturation
      let face = try laws.faceExcess(
        free: max(excess, emptiest), start: faces[facet], impedance: rim.impedance[facet], saturation: around.saturation,
        temperature: around.temperature)
      faces[facet] = face.excess
      speeds[facet] = face.speed
      slopes[facet] = face.slope
    }
    var new = advanced(
      crystal, by: around.step * speeds, free: free, height: around.step * (speeds * free).sum() / free.sum())
    new.faces = faces
    new.speeds = (new.reach - crystal.reach) / around.step
    let gap = geometry.height(x: crystal.nucleus.x, y: crystal.nucleus.y) - geometry.wettingFilm
    let slope = -(slopes * crystal.facetLengths * free).sum() * min(crystal.height, gap) * rim.density
    return (new, slope)
  }

  /// A crystal below a cell after the step, all free facets alike, in as many midpoint steps as its growth by quarters needs.
  private func moveSmall(
    _ crystal: ConfinedCrystal, reads: SIMD4<Double>, free: SIMD4<Double>, shift: Double, _ around: Surroundings
  ) throws -> ConfinedCrystal {
    var new = crystal
    let begun = max(0, crystal.birth - time)
    let open = free.sum()
    let read = (reads * free).sum() / open - shift
    let load = (crystal.loads * free).sum() / open
    let smallest = ConfinedCrystal.nucleusReach
    var start = crystal.faces.max()
    func speed(_ now: ConfinedCrystal, _ elapsed: Double) throws -> Double {
      let rim = rim(now, free: free, since: begun, at: elapsed, around)
      let face = try laws.faceExcess(
        free: max(read + rim.seen[0] * load - around.saturation, -0.9 * around.saturation), start: start, impedance: rim.impedance[0],
        saturation: around.saturation, temperature: around.temperature)
      start = face.excess
      return face.speed
    }
    var elapsed = begun
    var steps = 0
    while elapsed < around.step {
      var length = around.step - elapsed
      let early = try speed(new, max(elapsed, begun + 1e-3 * length))
      if early == 0 { break }
      let size = 0.25 * new.reach.sum()
      if early < 0 && size <= 1.001 * smallest { break }
      if steps < 400 { length = min(length, 0.25 * size / abs(early)) }
      let middle = advanced(
        new, by: SIMD4(repeating: 0.5 * length * early), free: free, height: 0.5 * length * early)
      let late = try speed(middle, elapsed + length)
      new = advanced(new, by: SIMD4(repeating: length * late), free: free, height: length * late)
      elapsed += length
      steps += 1
    }
    new.faces = SIMD4(repeating: start)
    new.speeds = (new.reach - crystal.reach) / max(around.step - begun, 1e-300)
    return new
  }

  /// Books what each crystal has gained, takes it from the field along its facets, and carries the field through the step.
  private mutating func settleAccounts(
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
  /// The edge answers within the step like the face of a half-space: 2 √(τ/πD) per flux; half a cell lies before the first
  /// center.
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

  /// Closes the account: the last step priced what lies under crystals by the field foreseen, not by the field that came.
  ///
  /// Free facets move by some 1e-5 of their distance until ρ_c V − ∫c dV is what left the field.
  mutating func settle() {
    for _ in 0..<20 {
      let solid = crystals.reduce(0) { $0 + $1.volume }
      let held = coverage.displaced(diffusion.concentrations)
      let owed = laws.crystalDensity * solid - held - crystals.reduce(0) { $0 + $1.gain }
      let growth = crystals.indices.reduce(0.0) { $0 + dilation($1) }
      guard growth > 0, abs(owed) > 1e-14 * supply, laws.crystalDensity * solid > held else { return }
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
