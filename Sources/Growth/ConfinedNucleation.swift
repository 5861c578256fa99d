import Foundation
import NumericalMethods

/// Nuclei per time of each cell of a plate, as solution is left there.
///
///     rate = (1 − X) [2 J_w(c, T) + h J(c, T)] Δ²
///
/// A space-time Poisson process, physics (2.6): depletion around crystals lowers c and with it the rate. Both plates
/// count.
struct ConfinedNucleation {
  /// Nodes of the law between c* and the largest c of the map; linear between, within 1 % where the rate counts.
  private static let nodeCount = 256

  private var wall = [Double](repeating: 0, count: nodeCount + 1)
  private var volume = [Double](repeating: 0, count: nodeCount + 1)
  private var saturation = 0.0
  private var nodesPerConcentration = 0.0
  private let cellArea: Double

  init(cellArea: Double) { self.cellArea = cellArea }

  /// Prepares the law at a temperature for concentrations up to a largest.
  mutating func prepare(_ laws: ConfinedLaws, temperature: Double, largest: Double) {
    saturation = laws.saturation(temperature)
    guard largest > saturation else {
      nodesPerConcentration = 0
      return
    }
    let step = (largest - saturation) / Double(Self.nodeCount)
    nodesPerConcentration = 1 / step
    let law = laws.nucleation(temperature)
    for i in 0...Self.nodeCount {
      let rates = law(saturation + Double(i) * step)
      wall[i] = rates.wall
      volume[i] = rates.volume
    }
  }

  @inline(__always)
  private func rate(_ c: Double, height: Double, covered: Double) -> Double {
    let position = (c - saturation) * nodesPerConcentration
    guard position > 0 else { return 0 }
    let i = min(Int(position), Self.nodeCount - 1)
    let t = position - Double(i)
    let onWalls = wall[i] + t * (wall[i + 1] - wall[i])
    let inVolume = volume[i] + t * (volume[i + 1] - volume[i])
    return max(0, 1 - covered) * (2 * onWalls + height * inVolume) * cellArea
  }

  /// Nuclei per time of the whole plate.
  func total(concentrations: [Double], heights: [Double], covered: [Double]) -> Double {
    guard nodesPerConcentration > 0 else { return 0 }
    var sum = 0.0
    for i in concentrations.indices { sum += rate(concentrations[i], height: heights[i], covered: covered[i]) }
    return sum
  }

  /// The cell of a nucleus, by its share of the total.
  func cell(
    total: Double, share: Double, concentrations: [Double], heights: [Double], covered: [Double]
  ) -> Int {
    var left = share * total
    var last = 0
    for i in concentrations.indices {
      let rate = rate(concentrations[i], height: heights[i], covered: covered[i])
      guard rate > 0 else { continue }
      last = i
      left -= rate
      if left <= 0 { break }
    }
    return last
  }
}

/// A hazard between its values at either end of a step: exponential in time, as nucleation is along a ramp.
struct HazardSegment {
  let start: Double
  let end: Double
  let length: Double

  private var logarithm: Double { start > 0 && end > 0 ? log(end / start) : 0 }

  /// ∫ up to a time in the step.
  func integral(to time: Double) -> Double {
    guard start > 0, end > 0 else { return start * time + 0.5 * (end - start) * time * time / length }
    let rise = logarithm
    return abs(rise) < 1e-9 ? start * time : start * length / rise * expm1(rise * time / length)
  }

  /// The time at which the integral reaches a value that it does reach.
  func time(reaching value: Double) -> Double {
    guard start > 0, end > 0 else {
      // A hazard that begins or ends at zero runs along a straight line.
      let slope = (end - start) / length
      return min(length, 2 * value / (start + max(0, start * start + 2 * slope * value).squareRoot()))
    }
    let rise = logarithm
    let time = abs(rise) < 1e-9 ? value / start : length / rise * log1p(rise * value / (start * length))
    return min(max(time, 0), length)
  }
}
