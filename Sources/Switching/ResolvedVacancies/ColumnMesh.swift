import NumericalMethods

/// Cells across a crystal, from the switching contact at depth 0 to the other one, fine at both and geometric in between.
public struct ColumnMesh: Hashable, Sendable {
  /// Height of each cell, m.
  public let heights: [Double]
  /// Depth of each cell's center, m.
  public let depths: [Double]

  public var count: Int { heights.count }
  public var thickness: Double { heights.reduce(0, +) }

  /// - Parameter heights: of each cell, m; all above 0.
  public init(heights: [Double]) {
    precondition(!heights.isEmpty && heights.allSatisfy { $0 > 0 }, "a column has cells of heights above 0")
    self.heights = heights
    var face = 0.0
    depths = heights.map { height in
      face += height
      return face - 0.5 * height
    }
  }

  /// Equal cells.
  public static func uniform(thickness: Double, count: Int) -> ColumnMesh {
    ColumnMesh(heights: [Double](repeating: thickness / Double(count), count: count))
  }

  /// Cells that mirror each other about the middle: four of the finest height at each contact, then each higher than the last
  /// by one factor.
  ///
  /// The finest height is the distance of the halide planes where ions crowd, so that the first cell is the first plane of
  /// sites: a finer cell would resolve what the lattice does not have.
  /// - Parameters:
  ///   - half: cells between a contact and the middle.
  ///   - finest: m; a crystal that this many cells of it would fill gets equal ones.
  /// - Throws: `Roots.Failure`.
  public static func graded(thickness: Double, half: Int, finest: Double) throws -> ColumnMesh {
    let fixed = min(4, half - 1)
    let rest = 0.5 * thickness - Double(fixed) * finest
    let count = half - fixed
    guard rest > Double(count) * finest else { return uniform(thickness: thickness, count: 2 * half) }
    // Sum of the geometric series finest · (r + r² + …) less what is left to fill.
    let excess = { (r: Double) -> Double in
      var sum = 0.0
      var height = finest
      for _ in 0..<count {
        height *= r
        sum += height
      }
      return sum / rest - 1
    }
    let ratio = try Roots.brent(1, max(2, 2 * rest / finest), tolerance: 1e-14, excess)
    var heights = [Double](repeating: finest, count: fixed)
    for _ in 0..<count { heights.append((heights.last ?? finest) * ratio) }
    return ColumnMesh(heights: heights + heights.reversed())
  }
}
