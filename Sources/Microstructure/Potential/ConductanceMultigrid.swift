import NumericalMethods

/// One cycle of multigrid on a network of conductances, to precondition conjugate gradients.
///
/// From level to level cells are merged into groups whose inner differences relaxation smooths, so that no coarse node
/// joins conductors which an insulator keeps apart; boxes of 2 × 2 × 2 cells do, and took thousands of iterations on
/// percolating media where these take about 25. Conductances of coarse nodes are sums (Galerkin). Values go down by sums and
/// up unchanged; a Gauss-Seidel sweep stands before and one in the opposite order after, so that each level's operator
/// is symmetric and positive. Coarse systems get two over-relaxed steps with the next level (W-cycle), and the coarsest
/// is factored. The cycle does not depend on the residual, so that conjugate gradients keep the weak currents of an
/// insulator's islands apart from the strong ones.
/// Sources: Notay, *Electron. Trans. Numer. Anal.* 37 (2010) 123; Braess, *Computing* 55 (1995) 379 (over-relaxation).
struct ConductanceMultigrid: Sendable {
  /// Nodes down to which levels are made.
  private static let coarsest = 200
  /// Of the steps on coarse levels; below 2, or the cycle is not positive.
  private static let relaxation = 1.5
  /// Nodes up to which the coarsest level is factored, should merging stop early.
  private static let largestFactor = 1500

  /// Where a level below the network stands in the common arrays.
  struct Level: Sendable {
    var count: Int
    var starts: Int
    var links: Int
    var nodes: Int
    /// First of three vectors in the workspace.
    var work: Int
  }

  var levels: [Level] = []
  var starts: [Int32] = []
  /// Where each node's links to later nodes start.
  private var middles: [Int32] = []
  var neighbors: [Int32] = []
  var links: [Double] = []
  var inverseSums: [Double] = []
  /// The coarse node of each cell, then of each node of the levels below.
  var parents: [Int32] = []
  var coarsest: CholeskyFactor?
  let cells: Int
  /// Doubles to work in.
  private(set) var workCount: Int

  init(_ network: ConductanceNetwork) {
    cells = network.count
    workCount = network.count
    var graph = ConductanceGraph(network)
    var limit = ConductanceGrouping.usualLimit
    while true {
      var grouping = ConductanceGrouping(graph, limit: limit)
      grouping.run()
      var coarse = graph.merged(grouping.parents, into: grouping.count)
      let stalls = 10 * coarse.count > 9 * graph.count
      parents += grouping.parents
      middles += coarse.sortLinks()
      levels.append(
        Level(
          count: coarse.count, starts: starts.count, links: links.count, nodes: inverseSums.count, work: workCount))
      starts += coarse.starts
      neighbors += coarse.neighbors
      links += coarse.links
      inverseSums += coarse.inverseSums()
      workCount += 3 * coarse.count
      graph = coarse
      if graph.count <= Self.coarsest || (stalls && graph.count <= Self.largestFactor) || limit > 1000 { break }
      // What is left is too much to factor: poorer groups are better than none.
      if stalls { limit *= 1.5 }
    }
    if graph.count <= Self.largestFactor { coarsest = Self.factored(graph) }
  }

  /// Levels below the network, and all their nodes as a share of the cells.
  var complexity: (levels: Int, nodes: Double) {
    (levels.count, Double(inverseSums.count) / Double(cells))
  }

  private static func factored(_ graph: ConductanceGraph) -> CholeskyFactor? {
    let count = graph.count
    var matrix = [Double](repeating: 0, count: count * count)
    for node in 0..<count {
      var sum = graph.grounds[node]
      for link in Int(graph.starts[node])..<Int(graph.starts[node + 1]) {
        matrix[node * count + Int(graph.neighbors[link])] = -graph.links[link]
        sum += graph.links[link]
      }
      matrix[node * count + node] = sum
    }
    return CholeskyFactor(matrix, count: count, skippingNull: true)
  }

  /// z ≈ A⁻¹ r on the network that the levels were made from.
  func cycle(
    _ network: ConductanceNetwork, _ r: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>, zeros: UnsafePointer<Double>
  ) {
    let residual = work
    network.presmooth(r, into: z, residual: residual, zeros: zeros)
    correct(z, count: cells, by: residual, first: 0, level: 0, work)
    network.smooth(z, r, zeros: zeros, backward: true)
  }

  /// Adds to x the solution on a level of what a residual of `count` nodes leaves.
  private func correct(
    _ x: UnsafeMutablePointer<Double>, count: Int, by residual: UnsafePointer<Double>, first: Int, level index: Int,
    _ work: UnsafeMutablePointer<Double>
  ) {
    let level = levels[index]
    let target = work + level.work
    let right = target + level.count
    right.update(repeating: 0, count: level.count)
    parents.withUnsafeBufferPointer {
      let parents = $0.baseAddress! + first
      for node in 0..<count where parents[node] >= 0 { right[Int(parents[node])] += residual[node] }
      solve(index, work)
      for node in 0..<count where parents[node] >= 0 { x[node] += target[Int(parents[node])] }
    }
  }

  /// Two relaxed steps on a level, α B (2 f − α A B f) with B its cycle, or its factor; the right side is changed.
  private func solve(_ index: Int, _ work: UnsafeMutablePointer<Double>) {
    let level = levels[index]
    let n = level.count
    let x = work + level.work
    let (f, product) = (x + n, x + 2 * n)
    if index == levels.count - 1 {
      x.update(from: f, count: n)
      if let coarsest { return coarsest.solve(x) }
      x.update(repeating: 0, count: n)
      for _ in 0..<4 {
        smooth(level, x, f, backward: false)
        smooth(level, x, f, backward: true)
      }
      return
    }
    descend(index, work)
    apply(level, x, into: product)
    for node in 0..<n { f[node] = 2 * f[node] - Self.relaxation * product[node] }
    descend(index, work)
    for node in 0..<n { x[node] *= Self.relaxation }
  }

  /// One cycle on a level: x from f.
  private func descend(_ index: Int, _ work: UnsafeMutablePointer<Double>) {
    let level = levels[index]
    let n = level.count
    let x = work + level.work
    let (f, residual) = (x + n, x + 2 * n)
    presmooth(level, f, into: x, residual: residual)
    correct(x, count: n, by: residual, first: cells + level.nodes, level: index + 1, work)
    smooth(level, x, f, backward: true)
  }

  @inline(__always)
  private func smooth(
    _ level: Level, _ x: UnsafeMutablePointer<Double>, _ f: UnsafePointer<Double>, backward: Bool
  ) {
    withGraph(level) { starts, neighbors, links, inverseSums in
      for step in 0..<level.count {
        let node = backward ? level.count &- 1 &- step : step
        var sum = f[node]
        for link in Int(starts[node])..<Int(starts[node &+ 1]) { sum += links[link] * x[Int(neighbors[link])] }
        x[node] = inverseSums[node] * sum
      }
    }
  }

  /// A forward sweep from x = 0, which sees earlier nodes alone, and the residual, which later nodes alone leave.
  private func presmooth(
    _ level: Level, _ f: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>,
    residual: UnsafeMutablePointer<Double>
  ) {
    withGraph(level) { starts, neighbors, links, inverseSums in
      middles.withUnsafeBufferPointer {
        let middles = $0.baseAddress! + level.nodes
        for node in 0..<level.count {
          var sum = f[node]
          for link in Int(starts[node])..<Int(middles[node]) { sum += links[link] * x[Int(neighbors[link])] }
          x[node] = inverseSums[node] * sum
        }
        for node in 0..<level.count {
          var sum = 0.0
          for link in Int(middles[node])..<Int(starts[node &+ 1]) { sum += links[link] * x[Int(neighbors[link])] }
          // A node that nothing holds keeps what stands in it.
          residual[node] = inverseSums[node] > 0 ? sum : f[node]
        }
      }
    }
  }

  /// y = A x.
  private func apply(_ level: Level, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>) {
    withGraph(level) { starts, neighbors, links, inverseSums in
      for node in 0..<level.count {
        var sum = inverseSums[node] > 0 ? x[node] / inverseSums[node] : 0
        for link in Int(starts[node])..<Int(starts[node &+ 1]) { sum -= links[link] * x[Int(neighbors[link])] }
        y[node] = sum
      }
    }
  }

  @inline(__always)
  private func withGraph<Result>(
    _ level: Level,
    _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Double>, UnsafePointer<Double>) -> Result
  ) -> Result {
    starts.withUnsafeBufferPointer { starts in
      neighbors.withUnsafeBufferPointer { neighbors in
        links.withUnsafeBufferPointer { links in
          inverseSums.withUnsafeBufferPointer { inverseSums in
            body(
              starts.baseAddress! + level.starts, neighbors.baseAddress! + level.links,
              links.baseAddress! + level.links, inverseSums.baseAddress! + level.nodes)
          }
        }
      }
    }
  }
}
