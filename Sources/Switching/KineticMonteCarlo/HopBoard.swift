/// One hopping ion or vacancy.
struct Carrier: BitwiseCopyable, Sendable {
  /// Cell along x, y, z, and the site in it.
  var place: SIMD4<Int32>
  /// What it has traveled since the last reset along x, y, z, half cells.
  var travel = SIMD4<Int32>.zero
}

/// Which carrier sits where, and the neighbors of a place, with tables for the inner loop.
struct HopBoard: ~Copyable, Sendable {
  /// A hop: steps plus one along x, y, z and the site of the cell; its way in half cells and the hop back.
  struct Move: BitwiseCopyable, Sendable {
    var shift: SIMD4<Int32>
    var halves: SIMD4<Int32>
    var reverse: Int
  }

  let neighbors: Int
  private let xSteps: HeapArray<Int>
  private let ySteps: HeapArray<Int>
  private let zSteps: HeapArray<Int>
  private let xCells: HeapArray<Int32>
  private let yCells: HeapArray<Int32>
  private let zCells: HeapArray<Int32>
  let moves: HeapArray<Move>
  /// The carrier at each site, -1 where there is none.
  var occupants: HeapArray<Int32>
  var carriers: HeapArray<Carrier>

  /// - Parameter sites: those of the carriers; a site taken twice stops the program.
  init(_ lattice: HopLattice, carriers sites: [Int]) {
    neighbors = lattice.neighbors
    xSteps = HeapArray(lattice.steps[0])
    ySteps = HeapArray(lattice.steps[1])
    zSteps = HeapArray(lattice.steps[2])
    xCells = HeapArray(lattice.wrapped[0])
    yCells = HeapArray(lattice.wrapped[1])
    zCells = HeapArray(lattice.wrapped[2])
    moves = HeapArray(
      lattice.moves.map { move in
        let shift = move.shift &+ 1
        return Move(
          shift: SIMD4(Int32(shift.x), Int32(shift.y), Int32(shift.z), Int32(move.target)),
          halves: SIMD4(move.halves, 0), reverse: move.reverse)
      })
    occupants = HeapArray(repeating: -1, count: lattice.siteCount)
    carriers = HeapArray(
      sites.map { site in
        let (cell, member) = lattice.cell(of: site)
        return Carrier(place: SIMD4(Int32(cell.x), Int32(cell.y), Int32(cell.z), Int32(member)))
      })
    for (carrier, site) in sites.enumerated() {
      precondition(occupants[site] < 0, "two carriers at site \(site)")
      occupants[site] = Int32(carrier)
    }
  }

  /// The number of the first hop from a place, in `moves`.
  func firstMove(_ place: SIMD4<Int32>) -> Int { Int(place.w) &* neighbors }

  func site(_ place: SIMD4<Int32>) -> Int {
    xSteps[Int(place.x) &+ 1] &+ ySteps[Int(place.y) &+ 1] &+ zSteps[Int(place.z) &+ 1] &+ Int(place.w)
  }

  /// The site that a hop leads to, below zero behind a wall.
  func neighbor(_ place: SIMD4<Int32>, _ move: Int) -> Int {
    let shift = moves[move].shift
    return xSteps[Int(place.x &+ shift.x)] &+ ySteps[Int(place.y &+ shift.y)] &+ zSteps[Int(place.z &+ shift.z)]
      &+ Int(shift.w)
  }

  /// The place that a hop leads to; not for hops into walls.
  func end(_ place: SIMD4<Int32>, _ move: Int) -> SIMD4<Int32> {
    let shift = moves[move].shift
    return SIMD4(
      xCells[Int(place.x &+ shift.x)], yCells[Int(place.y &+ shift.y)], zCells[Int(place.z &+ shift.z)], shift.w)
  }
}
