import Foundation

/// What crystals fill of each cell of a plate.
///
/// A cell gives its room to those who come first; where crystals meet, and at the plate's edge, nothing is counted
/// twice.
public struct ConfinedCoverage: Sendable {
  public let width: Int
  public let spacing: Double
  /// Thickness that a crystal may reach at each cell, m.
  public let limits: [Double]
  /// Share of each cell's area under crystals.
  public private(set) var covered: [Double]
  /// Crystal volume over the cell's area, m.
  public private(set) var thickness: [Double]
  /// 1 + the number of the crystal that has most recently taken most of the cell; 0 where none stands.
  public private(set) var owners: [Int32]

  public init(width: Int, spacing: Double, limits: [Double]) {
    self.width = width
    self.spacing = spacing
    self.limits = limits
    covered = [Double](repeating: 0, count: width * width)
    thickness = covered
    owners = [Int32](repeating: 0, count: width * width)
  }

  /// Share of the plate under crystals.
  public var share: Double { covered.reduce(0, +) / Double(covered.count) }

  private func cells(_ low: Double, _ high: Double) -> Range<Int> {
    let first = max(0, Int(low / spacing))
    let last = min(width - 1, Int(max(0, high) / spacing))
    return first..<max(first, last + 1)
  }

  /// Length that an interval shares with a cell, over the cell's.
  private static func overlap(_ low: Double, _ high: Double, cell: Int, _ spacing: Double) -> Double {
    max(0, min(high, Double(cell + 1) * spacing) - max(low, Double(cell) * spacing)) / spacing
  }

  /// Gives a crystal what it has gained, or takes what it has lost; returns the change of its volume, m³.
  mutating func update(_ index: Int, from old: ConfinedCrystal, to new: ConfinedCrystal) -> Double {
    let n = width
    let d = spacing
    let (x, y) = (new.nucleus.x, new.nucleus.y)
    let most = SIMD4<Double>(
      max(old.reach[0], new.reach[0]), max(old.reach[1], new.reach[1]), max(old.reach[2], new.reach[2]),
      max(old.reach[3], new.reach[3]))
    let columns = cells(x - most[2], x + most[0])
    let isAtTop = old.height == new.height
    var change = 0.0
    for j in cells(y - most[3], y + most[1]) {
      let newRow = Self.overlap(y - new.reach[3], y + new.reach[1], cell: j, d)
      let oldRow = old.volume > 0 ? Self.overlap(y - old.reach[3], y + old.reach[1], cell: j, d) : 0
      for i in columns {
        let before = oldRow * Self.overlap(x - old.reach[2], x + old.reach[0], cell: i, d)
        let after = newRow * Self.overlap(x - new.reach[2], x + new.reach[0], cell: i, d)
        if before == after && isAtTop { continue }
        let cell = j &* n &+ i
        let top = min(new.height, limits[cell])
        let gain = after > before ? min(after - before, 1 - covered[cell]) : max(after - before, -covered[cell])
        var rise = gain * top
        if !isAtTop { rise += min(before, covered[cell]) * (top - min(old.height, limits[cell])) }
        rise = max(rise, -thickness[cell])
        covered[cell] += gain
        thickness[cell] += rise
        change += rise
        if covered[cell] <= 0 { owners[cell] = 0 } else if after > 0.5 && gain > 0 { owners[cell] = Int32(index + 1) }
      }
    }
    return change * d * d
  }

  /// Covered share around a point, between the cells' centers linear as any field that is read there.
  func share(around point: SIMD2<Double>) -> Double {
    let (cells, weights) = Self.stencil(point, width: width, spacing: spacing)
    var sum = 0.0
    for k in 0..<4 { sum += weights[k] * covered[cells[k]] }
    return sum
  }

  /// Mean of a field over what a crystal fills.
  func mean(of field: [Double], under crystal: ConfinedCrystal) -> Double {
    let d = spacing
    let (x, y) = (crystal.nucleus.x, crystal.nucleus.y)
    let columns = cells(x - crystal.reach[2], x + crystal.reach[0])
    var sum = 0.0
    var weight = 0.0
    for j in cells(y - crystal.reach[3], y + crystal.reach[1]) {
      let row = Self.overlap(y - crystal.reach[3], y + crystal.reach[1], cell: j, d)
      for i in columns {
        let cell = j &* width &+ i
        let share =
          row * Self.overlap(x - crystal.reach[2], x + crystal.reach[0], cell: i, d)
          * min(crystal.height, limits[cell])
        sum += share * field[cell]
        weight += share
      }
    }
    return weight > 0 ? sum / weight : 0
  }

  /// Σ thickness · field over the plate, times the cell's area.
  func displaced(_ field: [Double]) -> Double {
    // Four sums at a time, for one addition would have to wait for the one before it.
    var sums = SIMD4<Double>.zero
    let count = thickness.count
    thickness.withUnsafeBufferPointer { thickness in
      field.withUnsafeBufferPointer { field in
        for i in 0..<count / 4 {
          for lane in 0..<4 { sums[lane] += thickness[4 &* i &+ lane] * field[4 &* i &+ lane] }
        }
        for i in (count / 4 * 4)..<count { sums[0] += thickness[i] * field[i] }
      }
    }
    return sums.sum() * spacing * spacing
  }

  /// The four cells around a point and their weights; beyond the outermost centers the outermost count.
  @inline(__always)
  static func stencil(
    _ point: SIMD2<Double>, width: Int, spacing: Double
  ) -> (cells: SIMD4<Int>, weights: SIMD4<Double>) {
    let x = min(max(point.x / spacing - 0.5, 0), Double(width - 1))
    let y = min(max(point.y / spacing - 0.5, 0), Double(width - 1))
    let (i, j) = (min(Int(x), max(width - 2, 0)), min(Int(y), max(width - 2, 0)))
    let (u, v) = (x - Double(i), y - Double(j))
    let corner = j &* width &+ i
    return (
      SIMD4(corner, corner &+ 1, corner &+ width, corner &+ width &+ 1),
      SIMD4((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
    )
  }
}
