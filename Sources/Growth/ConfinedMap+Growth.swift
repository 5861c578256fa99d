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
  /// Covered share of the cells around a facet's point above which the map shows no solution before it.
  private static let fullest = 0.8
  /// Largest share of the solute that the field foreseen may hold below nothing or above the richest solution.
  private static let mostSwing = 0.01

  mutating func grow(births: [ConfinedCrystal], step: Double, temperature: Double, diffusivity: Double) throws {
    crystals += births
    let around = Surroundings(
      step: step, temperature: temperature, saturation: laws.saturation(temperature), diffusivity: diffusivity)
    ceiling = max(ceiling, around.saturation)
    guard swing <= Self.mostSwing * supply else {
      throw GrowthError.integration(reason: "the solution between crystals swings from step to step")
    }
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
      // Diffusion makes no extremes; where the field foreseen does, crystals close to each other have outrun the step.
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

  /// Solves for the fall that each crystal owes to what the others take more than a step before, all answering in a
  /// straight line; returns the largest correction, mol/m³.
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

  /// Concentration along each facet where it last took solute, the share of it that can still move, and the share of
  /// that which another crystal or the plate's edge faces within a step's diffusion.
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
    // The rim moves on while the field foreseen has its sinks where they were. What a sink does is even about its
    // place, so the odd part of the field is what the rim moves into. The step's own sinks stand halfway, and a line
    // of sinks is felt less by x/2D at a distance x.
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
          guard isFree, coverage.share(around: now) < Self.fullest else { continue }
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

  /// Moles of solution that the field foreseen has below nothing or above the richest: diffusion makes no extremes, but
  /// crystals close to each other that outrun the step do.
  private var swing: Double {
    let ceiling = self.ceiling
    var sum = 0.0
    diffusion.concentrations.withUnsafeBufferPointer { c in
      coverage.covered.withUnsafeBufferPointer { covered in
        diffusion.heights.withUnsafeBufferPointer { h in
          for i in c.indices { sum += (max(0, -c[i]) + max(0, c[i] - ceiling)) * (1 - covered[i]) * h[i] }
        }
      }
    }
    return sum * diffusion.spacing * diffusion.spacing
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
}
