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

  /// A stretch between two nodes: the rates on a wall and in the volume where it begins, and what they gain along it.
  private struct Stretch {
    var wall = 0.0
    var wallRise = 0.0
    var volume = 0.0
    var volumeRise = 0.0
  }

  /// One beyond the last node too: the largest concentration may round into it.
  private var stretches = [Stretch](repeating: Stretch(), count: nodeCount + 1)
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
    var rates = law(saturation)
    for i in 0..<Self.nodeCount {
      let next = law(saturation + Double(i + 1) * step)
      stretches[i] = Stretch(
        wall: rates.wall, wallRise: next.wall - rates.wall, volume: rates.volume,
        volumeRise: next.volume - rates.volume)
      rates = next
    }
    stretches[Self.nodeCount] = Stretch(wall: rates.wall, volume: rates.volume)
  }

  /// Nuclei per time of a cell over the cell's area.
  @inline(__always)
  private static func density(
    _ c: Double, height: Double, covered: Double, _ stretches: UnsafePointer<Stretch>, _ saturation: Double,
    _ nodesPerConcentration: Double
  ) -> Double {
    let position = (c - saturation) * nodesPerConcentration
    guard position > 0 else { return 0 }
    // The nearest number to ½ less, by its place among the digits of 2⁵²; of two neighbors at a node either will do.
    let shifted = position - 0.5 + 0x1p52
    let i = min(Int(truncatingIfNeeded: shifted.bitPattern & 0xffff_ffff), nodeCount)
    let t = position - (shifted - 0x1p52)
    let stretch = stretches[i]
    let onWalls = stretch.wall + t * stretch.wallRise
    let inVolume = stretch.volume + t * stretch.volumeRise
    return max(0, 1 - covered) * (2 * onWalls + height * inVolume)
  }

  /// Nuclei per time of the whole plate.
  func total(concentrations: [Double], heights: [Double], covered: [Double]) -> Double {
    guard nodesPerConcentration > 0 else { return 0 }
    let (saturation, nodesPerConcentration) = (saturation, nodesPerConcentration)
    var sum = 0.0
    stretches.withUnsafeBufferPointer { stretches in
      concentrations.withUnsafeBufferPointer { c in
        heights.withUnsafeBufferPointer { h in
          covered.withUnsafeBufferPointer { covered in
            for i in c.indices {
              sum += Self.density(
                c[i], height: h[i], covered: covered[i], stretches.baseAddress!, saturation, nodesPerConcentration)
            }
          }
        }
      }
    }
    return sum * cellArea
  }

  /// The cell of a nucleus, by its share of the total.
  func cell(
    total: Double, share: Double, concentrations: [Double], heights: [Double], covered: [Double]
  ) -> Int {
    var left = share * total / cellArea
    var last = 0
    stretches.withUnsafeBufferPointer { stretches in
      for i in concentrations.indices {
        let rate = Self.density(
          concentrations[i], height: heights[i], covered: covered[i], stretches.baseAddress!, saturation,
          nodesPerConcentration)
        guard rate > 0 else { continue }
        last = i
        left -= rate
        if left <= 0 { break }
      }
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
