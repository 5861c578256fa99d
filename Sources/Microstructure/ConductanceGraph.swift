/// Nodes joined by conductances in any pattern: what a network becomes when its cells are merged.
struct ConductanceGraph: Sendable {
  /// Where each node's links start; one more than nodes.
  var starts: [Int32] = [0]
  var neighbors: [Int32] = []
  var links: [Double] = []
  /// Conductance to electrodes per node.
  var grounds: [Double] = []

  var count: Int { grounds.count }

  init() {}

  /// The graph of a network's cells.
  init(_ network: ConductanceNetwork) {
    let (nx, ny, nz, plane) = (network.nx, network.ny, network.nz, network.plane)
    starts.reserveCapacity(network.count + 1)
    neighbors.reserveCapacity(6 * network.count)
    links.reserveCapacity(6 * network.count)
    grounds.reserveCapacity(network.count)
    for k in 0..<nz {
      for j in 0..<ny {
        for i in 0..<nx {
          let row = (k * ny + j) * nx
          let own = row + i
          let east = row + (i + 1 < nx ? i + 1 : 0)
          let north = k * plane + (j + 1 < ny ? j + 1 : 0) * nx + i
          let west = row + (i > 0 ? i - 1 : nx - 1)
          let south = k * plane + (j > 0 ? j - 1 : ny - 1) * nx + i
          add(west, network.gx[own])
          add(east, network.gx[east])
          add(south, network.gy[own])
          add(north, network.gy[north])
          if k > 0 { add(own - plane, network.gz[own]) }
          if k + 1 < nz { add(own + plane, network.gz[own + plane]) }
          let (low, high) = (k == 0 ? network.gz[own] : 0, k + 1 == nz ? network.gz[own + plane] : 0)
          grounds.append(low + high)
          starts.append(Int32(neighbors.count))
        }
      }
    }
  }

  private mutating func add(_ neighbor: Int, _ conductance: Double) {
    guard conductance > 0 else { return }
    neighbors.append(Int32(neighbor))
    links.append(conductance)
  }

  /// One over the sum of a node's conductances, 0 where it has none.
  func inverseSums() -> [Double] {
    (0..<count).map { node in
      let sum = (Int(starts[node])..<Int(starts[node + 1])).reduce(grounds[node]) { $0 + links[$1] }
      return sum > 0 ? 1 / sum : 0
    }
  }

  /// Merges nodes in pairs; gives the number of each node's pair, −1 where an electrode holds it or nothing does.
  ///
  /// How well relaxing smooths the difference between two nodes is told by the harmonic mean of their sums of conductances
  /// over the conductance between them (Napov & Notay, *SIAM J. Sci. Comput.* 34 (2012) A1079). A node takes the best
  /// partner of those that are free, if that number is below the limit. One that is left alone joins the pair of its
  /// strongest neighbor if relaxing it alone smooths the difference: else two conductors might meet in an insulator.
  func pairs(_ inverseSums: [Double], limit: Double) -> (parents: [Int32], count: Int) {
    var parents = [Int32](repeating: -1, count: count)
    var sizes: [UInt8] = []
    var alone: [Int] = []
    func best(_ node: Int, where isFit: (Int) -> Bool) -> Int? {
      var (lowest, partner): (Double, Int?) = (limit, nil)
      for link in Int(starts[node])..<Int(starts[node + 1]) {
        let other = Int(neighbors[link])
        guard other != node, isFit(other) else { continue }
        let roughness = 2 / ((inverseSums[node] + inverseSums[other]) * links[link])
        if roughness < lowest { (lowest, partner) = (roughness, other) }
      }
      return partner
    }
    let isHeld = (0..<count).map { grounds[$0] * inverseSums[$0] >= 0.8 || starts[$0] == starts[$0 + 1] }
    for node in 0..<count where parents[node] < 0 && !isHeld[node] {
      guard let partner = best(node, where: { parents[$0] < 0 && !isHeld[$0] }) else {
        alone.append(node)
        continue
      }
      parents[node] = Int32(sizes.count)
      parents[partner] = Int32(sizes.count)
      sizes.append(2)
    }
    for node in alone {
      var (strongest, partner): (Double, Int?) = (0, nil)
      for link in Int(starts[node])..<Int(starts[node + 1]) where parents[Int(neighbors[link])] >= 0 {
        if links[link] > strongest { (strongest, partner) = (links[link], Int(neighbors[link])) }
      }
      if let partner, strongest * inverseSums[node] * limit >= 2 {
        parents[node] = parents[partner]
      } else {
        parents[node] = Int32(sizes.count)
        sizes.append(1)
      }
    }
    return (parents, sizes.count)
  }

  /// The usual limit; a uniform medium has 6.
  static let usualLimit = 8.0

  /// The graph of groups of nodes, links in parallel (Galerkin's coarse operator for constant interpolation).
  func merged(_ parents: [Int32], into groups: Int) -> ConductanceGraph {
    var members = [Int32](repeating: 0, count: groups + 1)
    for parent in parents where parent >= 0 { members[Int(parent) + 1] += 1 }
    for group in 0..<groups { members[group + 1] += members[group] }
    var fill = members
    var order = [Int32](repeating: 0, count: Int(members[groups]))
    for node in 0..<count where parents[node] >= 0 {
      let group = Int(parents[node])
      order[Int(fill[group])] = Int32(node)
      fill[group] += 1
    }
    var result = ConductanceGraph()
    result.starts.reserveCapacity(groups + 1)
    var places = [Int32](repeating: -1, count: groups)
    for group in 0..<groups {
      let first = result.neighbors.count
      var ground = 0.0
      for position in Int(members[group])..<Int(members[group + 1]) {
        let node = Int(order[position])
        ground += grounds[node]
        for link in Int(starts[node])..<Int(starts[node + 1]) {
          let other = Int(parents[Int(neighbors[link])])
          guard other >= 0 else {
            ground += links[link]
            continue
          }
          guard other != group else { continue }
          if Int(places[other]) >= first {
            result.links[Int(places[other])] += links[link]
          } else {
            places[other] = Int32(result.neighbors.count)
            result.neighbors.append(Int32(other))
            result.links.append(links[link])
          }
        }
      }
      result.grounds.append(ground)
      result.starts.append(Int32(result.neighbors.count))
    }
    return result
  }
}
