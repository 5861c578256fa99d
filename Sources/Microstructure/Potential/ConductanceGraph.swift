/// Nodes joined by conductances in any pattern: what a network becomes when its cells are merged.
struct ConductanceGraph: Sendable {
  /// Where each node's links start; one more than nodes.
  var starts: [Int32] = [0]
  var neighbors: [Int32] = []
  var links: [Double] = []
  /// Conductance to electrodes and sinks per node.
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
          let at = network.neighbors(i, j, k)
          let own = at.own
          add(at.west, network.gx[own])
          add(at.east, network.gx[at.east])
          add(at.south, network.gy[own])
          add(at.north, network.gy[at.north])
          if k > 0 { add(own - plane, network.gz[own]) }
          if k + 1 < nz { add(own + plane, network.gz[own + plane]) }
          let (low, high) = (k == 0 ? network.gz[own] : 0, k + 1 == nz ? network.gz[own + plane] : 0)
          grounds.append(low + high + (network.sinks?[own] ?? 0))
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

  /// Sorts each node's links by neighbor; gives where those to later nodes start.
  mutating func sortLinks() -> [Int32] {
    var middles: [Int32] = []
    middles.reserveCapacity(count)
    for node in 0..<count {
      let range = Int(starts[node])..<Int(starts[node + 1])
      // Rows are short: by insertion.
      for place in range.dropFirst() {
        let (neighbor, link) = (neighbors[place], links[place])
        var hole = place
        while hole > range.lowerBound, neighbors[hole - 1] > neighbor {
          neighbors[hole] = neighbors[hole - 1]
          links[hole] = links[hole - 1]
          hole -= 1
        }
        neighbors[hole] = neighbor
        links[hole] = link
      }
      middles.append(Int32(range.first { neighbors[$0] > node } ?? range.upperBound))
    }
    return middles
  }

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
