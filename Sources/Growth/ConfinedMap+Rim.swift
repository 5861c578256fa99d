import Foundation
import NumericalMethods

/// How a rim answers to the solution that it reads.
extension ConfinedMap {
  /// What a crystal's rim answers with in a step.
  struct Rim {
    /// Length of the free facets, m.
    var perimeter: Double
    /// Fall on the grid for what is taken more than in the step before, mol/m³ per mol/s; twice that where another
    /// rim, or its own image in the plate's edge, faces the facet and takes from the same solution.
    var seen: SIMD4<Double>
    /// Fall at a facet for each m/s that it moves.
    var impedance: SIMD4<Double>
    /// ρ_c − c*: moles that a volume of crystal takes beyond what its place held.
    var density: Double
    /// Distances and height at which this holds.
    var reach: SIMD4<Double>
  }

  /// The rim of a crystal beyond a cell halfway through the step.
  func rim(
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

  /// c − c* before a rim that takes nothing: no less than a tenth of c* and no more than the richest solution, whatever
  /// the field foresees.
  private func freeExcess(_ concentration: Double, _ around: Surroundings) -> Double {
    min(max(concentration, 0.1 * around.saturation), ceiling) - around.saturation
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
    moved.height = max(smallest, crystal.height + laws.heightRatio * height)
    return moved
  }

  /// A crystal after the step, and how much less it takes for each mol/m³ that the solution falls, m³/s.
  func move(
    _ crystal: ConfinedCrystal, rim: Rim, reads: SIMD4<Double>, free: SIMD4<Double>, shift: Double,
    _ around: Surroundings
  ) throws -> (ConfinedCrystal, slope: Double) {
    guard free.sum() > 0 else { return (crystal, 0) }
    if crystal.edge < diffusion.spacing {
      return (try moveSmall(crystal, reads: reads, free: free, shift: shift, around), 0)
    }
    var faces = crystal.faces
    var speeds = SIMD4<Double>.zero
    var slopes = SIMD4<Double>.zero
    for facet in 0..<4 where free[facet] > 0 {
      let face = try laws.faceExcess(
        free: freeExcess(reads[facet] - shift + rim.seen[facet] * crystal.loads[facet], around), start: faces[facet],
        impedance: rim.impedance[facet],
        saturation: around.saturation,
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

  /// A crystal below a cell after the step, all free facets alike, in as many midpoint steps as its growth by quarters
  /// needs.
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
        free: freeExcess(read + rim.seen[0] * load, around), start: start, impedance: rim.impedance[0],
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
}
