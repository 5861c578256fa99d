/// Some of the axes x, y, z.
public struct LatticeAxes: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public static let x = LatticeAxes(rawValue: 1)
  public static let y = LatticeAxes(rawValue: 2)
  public static let z = LatticeAxes(rawValue: 4)
  public static let all: LatticeAxes = [.x, .y, .z]

  /// Whether axis 0, 1 or 2 is among them.
  func contains(_ axis: Int) -> Bool { rawValue >> axis & 1 == 1 }
}

/// The sites of a lattice and the hops between neighbors.
///
/// Cells repeat along x, y, z with x fastest; each holds the same few sites. An axis is periodic or ends in walls.
public struct HopLattice: Sendable {
  /// A hop from one site of a cell.
  struct Move: Sendable {
    /// Cells along x, y, z, each -1, 0 or 1, and the site of the cell it leads to.
    var shift: SIMD3<Int>
    var target: Int
    /// The number of the hop back, among those of `target`.
    var reverse = 0
    /// In half cells.
    var halves: SIMD3<Int32>
  }

  /// Cells along x, y, z.
  public let cells: SIMD3<Int>
  public let periodic: LatticeAxes
  /// Sites per cell.
  public let sitesPerCell: Int
  /// Hops per site, at most eight.
  public let neighbors: Int
  /// Edge of a cell, m.
  public let cellEdge: Double
  /// Hops of each site of a cell, one site after the other.
  let moves: [Move]
  /// Places of the sites in a cell, in half cells.
  let places: [SIMD3<Int32>]
  /// What each coordinate from -1 to n adds to a site's number, and the coordinate it stands for; beyond a wall, a
  /// number that no sum lifts to zero.
  private(set) var steps: [[Int]] = []
  private(set) var wrapped: [[Int32]] = []

  public var siteCount: Int { cells.x * cells.y * cells.z * sitesPerCell }

  /// One site per cell, six neighbors at its edge.
  public static func simpleCubic(
    _ cells: SIMD3<Int>, edge: Double, periodic: LatticeAxes = .all
  ) -> HopLattice {
    var moves: [Move] = []
    for axis in 0..<3 {
      for sign in [1, -1] {
        var shift = SIMD3<Int>.zero
        shift[axis] = sign
        moves.append(Move(shift: shift, target: 0, halves: SIMD3<Int32>(truncatingIfNeeded: shift &* 2)))
      }
    }
    return HopLattice(cells, edge: edge, periodic: periodic, places: [.zero], moves: [moves])
  }

  /// The halides of a cubic perovskite ABX₃: three sites per cell of edge a, eight neighbors of each at a/√2.
  public static func perovskiteHalides(
    _ cells: SIMD3<Int>, edge: Double, periodic: LatticeAxes = .all
  ) -> HopLattice {
    // The site of axis n sits in the middle of the face with that normal, seen from a corner of the cell.
    let places: [SIMD3<Int32>] = [SIMD3(0, 1, 1), SIMD3(1, 0, 1), SIMD3(1, 1, 0)]
    var moves: [[Move]] = []
    for site in 0..<3 {
      var list: [Move] = []
      for target in 0..<3 where target != site {
        for first: Int32 in [1, -1] {
          for second: Int32 in [1, -1] {
            var halves = SIMD3<Int32>.zero
            halves[site] = first
            halves[target] = second
            let end = places[site] &+ halves
            // Floor of the half: the cell that the hop ends in.
            let shift = SIMD3<Int>(Int(end.x >> 1), Int(end.y >> 1), Int(end.z >> 1))
            list.append(Move(shift: shift, target: target, halves: halves))
          }
        }
      }
      moves.append(list)
    }
    return HopLattice(cells, edge: edge, periodic: periodic, places: places, moves: moves)
  }

  private init(
    _ cells: SIMD3<Int>, edge: Double, periodic: LatticeAxes, places: [SIMD3<Int32>], moves: [[Move]]
  ) {
    // With fewer, a site would be its own neighbor, or one neighbor twice over.
    for axis in 0..<3 {
      precondition(cells[axis] > (periodic.contains(axis) ? 2 : 0), "a periodic lattice needs three cells")
    }
    self.cells = cells
    self.periodic = periodic
    self.places = places
    sitesPerCell = places.count
    neighbors = moves[0].count
    cellEdge = edge
    self.moves = moves.flatMap { list in
      list.map { move in
        var move = move
        move.reverse = moves[move.target].firstIndex { $0.halves == SIMD3<Int32>(repeating: 0) &- move.halves }!
        return move
      }
    }
    precondition(siteCount < Int(Int32.max), "too many sites")
    let strides = [places.count, places.count * cells.x, places.count * cells.x * cells.y]
    for axis in 0..<3 {
      let n = cells[axis]
      let inside = Array(0..<n)
      let ends = periodic.contains(axis) ? [n - 1, 0] : [-1, -1]
      let all = [ends[0]] + inside + [ends[1]]
      steps.append(all.map { $0 < 0 ? -(1 << 40) : $0 * strides[axis] })
      wrapped.append(all.map { Int32($0) })
    }
  }

  /// The cell of a site (x, y, z) and its number in the cell.
  public func cell(of site: Int) -> (cell: SIMD3<Int>, member: Int) {
    let (cell, member) = site.quotientAndRemainder(dividingBy: sitesPerCell)
    let (row, x) = cell.quotientAndRemainder(dividingBy: cells.x)
    let (z, y) = row.quotientAndRemainder(dividingBy: cells.y)
    return (SIMD3(x, y, z), member)
  }

  /// The site of a cell.
  public func site(_ cell: SIMD3<Int>, member: Int = 0) -> Int {
    ((cell.z * cells.y + cell.y) * cells.x + cell.x) * sitesPerCell + member
  }

  /// The site that a hop leads to, nil behind a wall.
  public func neighbor(of site: Int, hop: Int) -> Int? {
    let (cell, member) = cell(of: site)
    let move = moves[member * neighbors + hop]
    let end = cell &+ move.shift &+ 1
    let site = steps[0][end.x] + steps[1][end.y] + steps[2][end.z] + move.target
    return site < 0 ? nil : site
  }

  /// Where a site is, m.
  public func position(of site: Int) -> SIMD3<Double> {
    let (cell, member) = cell(of: site)
    return (SIMD3<Double>(cell) + 0.5 * SIMD3<Double>(places[member])) * cellEdge
  }

  /// The way of a hop, m.
  public func displacement(from member: Int, hop: Int) -> SIMD3<Double> {
    0.5 * cellEdge * SIMD3<Double>(moves[member * neighbors + hop].halves)
  }

  /// Length of a hop, m.
  public var hopLength: Double {
    let way = displacement(from: 0, hop: 0)
    return (way * way).sum().squareRoot()
  }
}
