import Foundation

/// The cells of points in a square whose edges are joined: what grains look like that were born at one moment and grow alike.
///
/// Each cell is cut out by the lines halfway to its neighbors; neighbors are looked up ring by ring in a grid of buckets, until
/// none that is farther can cut the cell. Okabe, Boots, Sugihara & Chiu, *Spatial Tessellations* (2000).
public struct VoronoiTessellation: Sendable {
  public struct Cell: Hashable, Sendable {
    /// Corners about the point, counterclockwise.
    public var corners: [SIMD2<Double>]

    /// Neighbors that share a side.
    public var sideCount: Int { corners.count }

    public var area: Double {
      var twice = 0.0
      for (p, q) in zip(corners, corners.dropFirst() + [corners[0]]) { twice += p.x * q.y - p.y * q.x }
      return 0.5 * twice
    }
  }

  /// In the order of the points.
  public let cells: [Cell]

  /// - Parameters:
  ///   - points: at least 2, different, with coordinates in 0 ..< `edge`.
  ///   - edge: of the square.
  public init(of points: [SIMD2<Double>], edge: Double) {
    let side = max(1, Int(Double(points.count).squareRoot()))
    let width = edge / Double(side)
    var buckets = [[Int]](repeating: [], count: side * side)
    func bucket(_ p: SIMD2<Double>) -> (Int, Int) {
      (min(side - 1, max(0, Int(p.x / width))), min(side - 1, max(0, Int(p.y / width))))
    }
    for (index, p) in points.enumerated() {
      let (i, j) = bucket(p)
      buckets[j * side + i].append(index)
    }
    let half = 0.5 * edge
    cells = points.indices.map { index in
      let p = points[index]
      let (i, j) = bucket(p)
      // No cell of a torus is wider than the torus: its own images cut it there.
      var corners = [SIMD2(-half, -half), SIMD2(half, -half), SIMD2(half, half), SIMD2(-half, half)]
      var reach = 2 * half * half
      var ring = 0
      while true {
        for dj in -ring...ring {
          for di in -ring...ring where max(abs(di), abs(dj)) == ring {
            // The same bucket may be met again as an image of itself, which is another neighbor.
            let (x, y) = (i + di, j + dj)
            let (a, b) = (Self.wrapped(x, side), Self.wrapped(y, side))
            let image = SIMD2(Double((x - a) / side), Double((y - b) / side)) * edge
            for other in buckets[b * side + a] where other != index || image != .zero {
              let offset = points[other] + image - p
              let square = (offset * offset).sum()
              if square < 4 * reach { corners = Self.cut(corners, by: offset, square: square) }
            }
          }
        }
        reach = corners.reduce(0) { max($0, ($1 * $1).sum()) }
        // What is left lies at least `ring` buckets away.
        if Double(ring) * width > 2 * reach.squareRoot() { break }
        ring += 1
      }
      return Cell(corners: corners)
    }
  }

  private static func wrapped(_ i: Int, _ side: Int) -> Int { ((i % side) + side) % side }

  /// Keeps what is nearer to the origin than to `offset`.
  private static func cut(_ corners: [SIMD2<Double>], by offset: SIMD2<Double>, square: Double) -> [SIMD2<Double>] {
    var kept: [SIMD2<Double>] = []
    for (p, q) in zip(corners, corners.dropFirst() + [corners[0]]) {
      let sp = 0.5 * square - (p * offset).sum()
      let sq = 0.5 * square - (q * offset).sum()
      if sp >= 0 { kept.append(p) }
      if (sp > 0 && sq < 0) || (sp < 0 && sq > 0) { kept.append(p + (q - p) * (sp / (sp - sq))) }
    }
    return kept
  }
}
