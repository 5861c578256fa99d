import Fields
import Foundation
import NumericalMethods

/// Grains of a film in its plane, moved by the curvature of their boundaries on a periodic square.
///
///     v = M γ κ,   dA/dt = (π/3) M γ (n − 6)
///
/// (von Neumann & Mullins; physics (3.10)), by diffusion-generated motion (Merriman, Bence & Osher, *J. Comput. Phys.*
/// 112 (1994) 334; several grains: Esedoḡlu & Otto, *Commun. Pure Appl. Math.* 68 (2015) 808): the share of every grain
/// is blurred by a Gaussian of variance s², and each place goes to the grain with the largest share, which moves
/// boundaries by M γ Δt κ with M γ Δt = s²/2. A cell on a boundary keeps the shares of its two grains, from the
/// distance to the boundary that the blurred shares tell, so that boundaries move by less than a cell and none is
/// pinned to the grid. Lengths in cells.
public struct GrainGrowthMap: Sendable {
  /// Cells along an edge.
  public let width: Int
  /// Grains at the beginning; labels run from 0.
  public let seedCount: Int
  /// Label of the grain that has most of each cell, and of the next; x fastest.
  private var first: [Int32]
  private var second: [Int32]
  /// Share of the first, ½ to 1.
  private var share: [Float]
  /// ∫ M γ dt so far, cells².
  public private(set) var progress = 0.0

  /// d⟨A⟩/dt = κ M γ of a map that has forgotten its start: ⟨A⟩ is the mean area.
  ///
  /// From the maps of this type with narrow blurs (a test shows it); at the usual width some 10 %
  /// more, as small grains go early. 2D phase fields give about the same: d⟨R⟩²/dt near 0.27 M γ (Kim, Kim &
  /// Suzuki, *Phys. Rev. E* 74 (2006) 061605, from memory) with ⟨R²⟩ = 1.2 ⟨R⟩².
  public static let meanAreaRate = 1.2

  /// Grains of any shape.
  /// - Parameter labels: width² numbers from 0.
  public init(width: Int, labels: [Int]) {
    precondition(labels.count == width * width, "one label per cell")
    self.width = width
    seedCount = (labels.max() ?? 0) + 1
    first = labels.map { Int32($0) }
    second = first
    share = [Float](repeating: 1, count: labels.count)
  }

  /// The cells of points in a square of edge 1: grains that were born at one moment and grew alike.
  public init(width: Int, points: [SIMD2<Double>]) {
    let count = points.count
    let side = max(1, Int((Double(count) / 2).squareRoot()))
    var buckets = [[Int]](repeating: [], count: side * side)
    for (index, p) in points.enumerated() {
      let (i, j) = (min(side - 1, Int(p.x * Double(side))), min(side - 1, Int(p.y * Double(side))))
      buckets[j * side + i].append(index)
    }
    var labels = [Int](repeating: 0, count: width * width)
    for j in 0..<width {
      for i in 0..<width {
        let place = (SIMD2(Double(i), Double(j)) + 0.5) / Double(width)
        let (bi, bj) = (Int(place.x * Double(side)), Int(place.y * Double(side)))
        var best = Double.infinity
        var ring = 0
        // Points in rings not yet looked at are at least `ring` buckets away.
        while ring <= side, best > pow(max(0, Double(ring) - 1) / Double(side), 2) {
          for dj in -ring...ring {
            for di in -ring...ring where max(abs(di), abs(dj)) == ring {
              let bucket = Self.wrapped(bj + dj, side) * side + Self.wrapped(bi + di, side)
              for index in buckets[bucket] {
                var offset = points[index] - place
                offset -= offset.rounded(.toNearestOrAwayFromZero)
                let square = (offset * offset).sum()
                if square < best {
                  best = square
                  labels[j * width + i] = index
                }
              }
            }
          }
          ring += 1
        }
      }
    }
    self.init(width: width, labels: labels)
  }

  private static func wrapped(_ i: Int, _ n: Int) -> Int { ((i % n) + n) % n }

  /// Label of the grain that has most of each cell.
  public var labels: [Int] { first.map { Int($0) } }

  /// Area of each grain, cells; 0 of those that are gone.
  public var areas: [Double] {
    var found = [Double](repeating: 0, count: seedCount)
    for i in first.indices {
      found[Int(first[i])] += Double(share[i])
      found[Int(second[i])] += Double(1 - share[i])
    }
    return found
  }

  public var grainCount: Int {
    var isThere = [Bool](repeating: false, count: seedCount)
    for label in first { isThere[Int(label)] = true }
    return isThere.count { $0 }
  }

  /// Length of all boundaries, cells, by Crofton's formula over four directions: exact on the mean over directions.
  public var boundaryLength: Double {
    let n = width
    var straight = 0
    var diagonal = 0
    for j in 0..<n {
      let up = (j + 1) % n * n
      for i in 0..<n {
        let right = (i + 1) % n
        let here = first[j * n + i]
        straight += (here != first[j * n + right] ? 1 : 0) + (here != first[up + i] ? 1 : 0)
        diagonal += (here != first[up + right] ? 1 : 0) + (first[j * n + right] != first[up + i] ? 1 : 0)
      }
    }
    return Double.pi / 8 * (Double(straight) + Double(diagonal) / 2.0.squareRoot())
  }

  /// Neighbors of each grain: those that share more than a corner.
  public var neighborCounts: [Int] {
    let n = width
    var contacts: [[Int32: Int]] = .init(repeating: [:], count: seedCount)
    for j in 0..<n {
      for i in 0..<n {
        let here = first[j * n + i]
        for other in [first[j * n + (i + 1) % n], first[(j + 1) % n * n + i]] where other != here {
          contacts[Int(here)][other, default: 0] += 1
          contacts[Int(other)][here, default: 0] += 1
        }
      }
    }
    return contacts.map(\.count)
  }

  /// Narrowest blur, cells: M γ comes out 2 % too small there, 0.5 % at 2.5 cells.
  public static let narrowestBlur = 2.0
  /// Blur of a step over the grain size: wider ones swallow small grains early.
  static let blurRatio = 0.16

  /// Moves the boundaries on.
  /// - Parameters:
  ///   - duration: ∫ M γ dt, cells²; what is less than half the shortest step does nothing.
  ///   - blur: width s of the Gaussian, cells; by the grain size, if nil.
  /// - Returns: what was left undone.
  @discardableResult
  public mutating func advance(by duration: Double, blur: Double? = nil) -> Double {
    var left = duration
    var mover = Mover(width: width, labels: seedCount)
    let shortest = 0.5 * pow(blur ?? Self.narrowestBlur, 2)
    while left >= 0.5 * shortest {
      let blur = blur ?? usualBlur
      // Equal last steps rather than a rest.
      let step = left / max(1, (2 * left / (blur * blur)).rounded())
      mover.move(&first, &second, &share, variance: 2 * step)
      progress += step
      left -= step
      if left < 1e-9 * duration { left = 0 }
    }
    return left
  }

  /// Moves the boundaries on until no more grains are left than asked.
  public mutating func advance(toCount count: Int) {
    precondition(count > 0, "no growth removes the last grain")
    var mover = Mover(width: width, labels: seedCount)
    while grainCount > count {
      let blur = usualBlur
      mover.move(&first, &second, &share, variance: blur * blur)
      progress += 0.5 * blur * blur
    }
  }

  private var usualBlur: Double {
    max(Self.narrowestBlur, Self.blurRatio * Double(width) / Double(grainCount).squareRoot())
  }
}

/// One step of all grains, and the memory that it works in.
private struct Mover {
  private struct Box {
    var anchor = (x: 0, y: 0)
    var low = (x: 0, y: 0)
    var high = (x: -1, y: -1)
  }

  /// The map before the step, and the two largest shares of each cell after it.
  private struct Cells {
    let first: UnsafePointer<Int32>
    let second: UnsafePointer<Int32>
    let share: UnsafePointer<Float>
    let best: UnsafeMutablePointer<Float>
    let next: UnsafeMutablePointer<Float>
    let bestLabel: UnsafeMutablePointer<Int32>
    let nextLabel: UnsafeMutablePointer<Int32>
    let values: UnsafeMutablePointer<Float>
    let rows: UnsafeMutablePointer<Float>
  }

  let width: Int
  private var boxes: [Box]
  private var best: [Float]
  private var next: [Float]
  private var bestLabel: [Int32]
  private var nextLabel: [Int32]
  private var values: [Float]
  private var rows: [Float]

  init(width: Int, labels: Int) {
    self.width = width
    boxes = .init(repeating: Box(), count: labels)
    best = .init(repeating: 0, count: width * width)
    next = best
    bestLabel = .init(repeating: 0, count: width * width)
    nextLabel = bestLabel
    // The widest box is the map and the reach of a blur on all sides, at most half the map.
    values = .init(repeating: 0, count: 4 * (width + 2) * (width + 2))
    rows = values
  }

  /// A Gaussian on cells whose own variance is the one asked for.
  private static func kernel(variance: Double, reach: Int) -> [Float] {
    var width = variance
    var weights: [Double] = []
    for _ in 0..<4 {
      weights = (-reach...reach).map { exp(-Double($0 * $0) / (2 * width)) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
      let own = zip(-reach...reach, weights).reduce(0) { $0 + Double($1.0 * $1.0) * $1.1 }
      width *= variance / own
    }
    return weights.map { Float($0) }
  }

  mutating func move(_ first: inout [Int32], _ second: inout [Int32], _ share: inout [Float], variance: Double) {
    let n = width
    let blur = variance.squareRoot()
    let reach = min(n / 2 - 1, max(2, Int((3 * blur).rounded(.up))))
    // Farther from its box than this a grain is neither the largest nor the next.
    let margin = min(reach, Int((2 * blur).rounded(.up)) + 1)
    let kernel = Self.kernel(variance: variance, reach: reach)
    findBoxes(first, second, share)
    for i in best.indices {
      best[i] = 0
      next[i] = 0
    }
    best.withUnsafeMutableBufferPointer { best in
      next.withUnsafeMutableBufferPointer { next in
        bestLabel.withUnsafeMutableBufferPointer { bestLabel in
          nextLabel.withUnsafeMutableBufferPointer { nextLabel in
            values.withUnsafeMutableBufferPointer { values in
              rows.withUnsafeMutableBufferPointer { rows in
                first.withUnsafeBufferPointer { first in
                  second.withUnsafeBufferPointer { second in
                    share.withUnsafeBufferPointer { share in
                      let cells = Cells(
                        first: first.baseAddress!, second: second.baseAddress!, share: share.baseAddress!,
                        best: best.baseAddress!, next: next.baseAddress!, bestLabel: bestLabel.baseAddress!,
                        nextLabel: nextLabel.baseAddress!, values: values.baseAddress!, rows: rows.baseAddress!)
                      for label in boxes.indices where boxes[label].high.x >= boxes[label].low.x {
                        Self.blur(
                          Int32(label), in: boxes[label], cells, width: n, kernel: kernel, reach: reach, margin: margin)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    // Across a straight boundary the shares differ by erf(x/(s√2)), x cells from it; the cell itself is half a cell to
    // either side.
    let slope = Float((Double.pi / 2 * variance).squareRoot())
    let cubic = Float(Double.pi / 12)
    for i in best.indices {
      first[i] = bestLabel[i]
      let difference = (best[i] - next[i]) / max(best[i] + next[i], 1e-12)
      let distance = next[i] > 0 ? slope * difference * (1 + cubic * difference * difference) : 1
      if distance < 0.5 {
        share[i] = 0.5 + distance
        second[i] = nextLabel[i]
      } else {
        share[i] = 1
        second[i] = bestLabel[i]
      }
    }
  }

  /// The boxes that the grains fill, each about the first of its cells, across the edges of the map.
  private mutating func findBoxes(_ first: [Int32], _ second: [Int32], _ share: [Float]) {
    let n = width
    let half = n / 2
    for label in boxes.indices { boxes[label] = Box() }
    boxes.withUnsafeMutableBufferPointer { boxes in
      func add(_ label: Int, _ x: Int, _ y: Int) {
        if boxes[label].high.x < boxes[label].low.x {
          boxes[label] = Box(anchor: (x, y), low: (0, 0), high: (0, 0))
          return
        }
        let anchor = boxes[label].anchor
        var (dx, dy) = (x - anchor.x, y - anchor.y)
        if dx >= half { dx -= n } else if dx < -half { dx += n }
        if dy >= half { dy -= n } else if dy < -half { dy += n }
        boxes[label].low = (min(boxes[label].low.x, dx), min(boxes[label].low.y, dy))
        boxes[label].high = (max(boxes[label].high.x, dx), max(boxes[label].high.y, dy))
      }
      for y in 0..<n {
        for x in 0..<n {
          let i = y * n + x
          add(Int(first[i]), x, y)
          if share[i] < 1 { add(Int(second[i]), x, y) }
        }
      }
    }
  }

  /// Blurs one grain within its box and a margin, and offers the result to the cells there.
  private static func blur(
    _ label: Int32, in box: Box, _ cells: Cells, width n: Int, kernel: [Float], reach: Int, margin wanted: Int
  ) {
    let inner = (x: box.high.x - box.low.x + 1, y: box.high.y - box.low.y + 1)
    // A box as wide as the map wraps onto itself; its margin ends where it would meet itself.
    let margin = (x: min(wanted, max(0, (n - inner.x + 1) / 2)), y: min(wanted, max(0, (n - inner.y + 1) / 2)))
    let outer = (x: inner.x + 2 * margin.x, y: inner.y + 2 * margin.y)
    let isRing = (x: outer.x >= n, y: outer.y >= n)
    let padded = outer.x + 2 * reach
    let origin = (x: box.anchor.x + box.low.x - margin.x, y: box.anchor.y + box.low.y - margin.y)
    // Rows of the padded box that hold anything.
    let filled = isRing.y ? 0..<(outer.y + 2 * reach) : (reach + margin.y)..<(reach + margin.y + inner.y)
    let from = isRing.x ? 0 : reach + margin.x
    let to = isRing.x ? padded : reach + margin.x + inner.x
    let start = wrapped(origin.x + from - reach, n)
    let taps = kernel.count
    kernel.withUnsafeBufferPointer { kernel in
      let line = cells.values
      for j in filled {
        for i in 0..<padded { line[i] = 0 }
        let row = wrapped(origin.y + j - reach, n) * n
        var x = start
        for i in from..<to {
          let cell = row + x
          line[i] =
            cells.first[cell] == label
            ? cells.share[cell] : cells.second[cell] == label ? 1 - cells.share[cell] : 0
          x = x + 1 == n ? 0 : x + 1
        }
        let result = cells.rows + j * outer.x
        for i in 0..<outer.x { result[i] = 0 }
        for k in 0..<taps {
          let weight = kernel[k]
          let shifted = line + k
          for i in 0..<outer.x { result[i] += weight * shifted[i] }
        }
      }
      for j in 0..<min(outer.y, n) {
        for i in 0..<outer.x { line[i] = 0 }
        for k in max(0, filled.lowerBound - j)..<max(0, min(taps, filled.upperBound - j), filled.lowerBound - j) {
          let weight = kernel[k]
          let shifted = cells.rows + (j + k) * outer.x
          for i in 0..<outer.x { line[i] += weight * shifted[i] }
        }
        let row = wrapped(origin.y + j, n) * n
        var x = wrapped(origin.x, n)
        for i in 0..<min(outer.x, n) {
          let value = line[i]
          let cell = row + x
          if value > cells.best[cell] {
            cells.next[cell] = cells.best[cell]
            cells.nextLabel[cell] = cells.bestLabel[cell]
            cells.best[cell] = value
            cells.bestLabel[cell] = label
          } else if value > cells.next[cell] {
            cells.next[cell] = value
            cells.nextLabel[cell] = label
          }
          x = x + 1 == n ? 0 : x + 1
        }
      }
    }
  }

  private static func wrapped(_ i: Int, _ n: Int) -> Int { ((i % n) + n) % n }
}
