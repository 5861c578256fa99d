/// Groups of a graph's nodes whose inner differences a relaxation smooths, by merging pairs again and again.
///
/// With A the conductances within a group and to electrodes, and D the sums of its nodes' conductances, the group counts
/// as good if
///
///     vᵀ D (1 − π) v ≤ K vᵀ A v  for all v,   π v the mean of v weighted by D
///
/// which bounds the condition number of the cycle with an exact coarse solution (Napov & Notay, *SIAM J. Sci. Comput.*
/// 34 (2012) A1079). In a uniform medium K is 3 for pairs, squares and cubes.
struct ConductanceGrouping {
  /// The usual K.
  static let usualLimit = 8.0
  /// Most nodes in a group.
  private static let capacity = 8
  /// Share of a node's conductance above which an electrode holds it, and relaxing it is enough.
  private static let held = 0.8

  private let graph: ConductanceGraph
  private let limit: Double
  private let sums: [Double]
  /// The group of each node, −1 where an electrode holds it or nothing does.
  private(set) var parents: [Int32]
  private(set) var count = 0
  /// Up to `capacity` nodes of each group.
  private var members: [Int32] = []
  private var sizes: [Int] = []
  /// Where a node stands in the group under test.
  private var places: [Int8]
  private var matrix = [Double](repeating: 0, count: capacity * capacity)

  init(_ graph: ConductanceGraph, limit: Double) {
    self.graph = graph
    self.limit = limit
    sums = graph.inverseSums().map { $0 > 0 ? 1 / $0 : 0 }
    parents = [Int32](repeating: -1, count: graph.count)
    places = [Int8](repeating: -1, count: graph.count)
    for node in 0..<graph.count {
      guard graph.grounds[node] < Self.held * sums[node], graph.starts[node] < graph.starts[node + 1] else { continue }
      parents[node] = Int32(count)
      members.append(Int32(node))
      members.append(contentsOf: repeatElement(-1, count: Self.capacity - 1))
      sizes.append(1)
      count += 1
    }
  }

  /// Merges until an eighth of the nodes is left, or three times.
  mutating func run() {
    for _ in 0..<3 where 8 * count > graph.count { merge() }
  }

  /// Merges groups in pairs; one that is left alone joins a pair if the three are good together.
  private mutating func merge() {
    let coarse = graph.merged(parents, into: count)
    let inverse = coarse.inverseSums()
    var next = [Int32](repeating: -1, count: count)
    var (merged, mergedSizes): ([Int32], [Int]) = ([], [])
    var alone: [Int] = []
    var union: [Int32] = []
    func append(_ nodes: [Int32]) {
      merged += nodes
      merged.append(contentsOf: repeatElement(-1, count: Self.capacity - nodes.count))
      mergedSizes.append(nodes.count)
    }
    func nodes(_ group: Int) -> ArraySlice<Int32> {
      members[(group * Self.capacity)..<(group * Self.capacity + sizes[group])]
    }
    for group in 0..<count where next[group] < 0 {
      var partner: Int?
      var tried = 0.0
      // The best by the pair alone is most often good by its nodes too.
      for _ in 0..<4 {
        var (best, candidate): (Double, Int?) = (.infinity, nil)
        for link in Int(coarse.starts[group])..<Int(coarse.starts[group + 1]) {
          let other = Int(coarse.neighbors[link])
          guard next[other] < 0, other != group, sizes[group] + sizes[other] <= Self.capacity else { continue }
          let roughness = 1 / ((inverse[group] + inverse[other]) * coarse.links[link])
          if roughness > tried, roughness < best { (best, candidate) = (roughness, other) }
        }
        guard let candidate else { break }
        union = Array(nodes(group)) + nodes(candidate)
        if isGood(union) {
          partner = candidate
          break
        }
        tried = best
      }
      guard let partner else {
        alone.append(group)
        continue
      }
      next[group] = Int32(mergedSizes.count)
      next[partner] = Int32(mergedSizes.count)
      append(union)
    }
    for group in alone {
      var (strongest, target): (Double, Int?) = (0, nil)
      for link in Int(coarse.starts[group])..<Int(coarse.starts[group + 1]) {
        let other = next[Int(coarse.neighbors[link])]
        guard other >= 0, mergedSizes[Int(other)] + sizes[group] <= Self.capacity else { continue }
        if coarse.links[link] > strongest { (strongest, target) = (coarse.links[link], Int(other)) }
      }
      if let target {
        let start = target * Self.capacity
        union = Array(merged[start..<(start + mergedSizes[target])]) + nodes(group)
        if isGood(union) {
          for (offset, node) in union.enumerated() { merged[start + offset] = node }
          mergedSizes[target] = union.count
          next[group] = Int32(target)
          continue
        }
      }
      next[group] = Int32(mergedSizes.count)
      append(Array(nodes(group)))
    }
    for node in parents.indices where parents[node] >= 0 { parents[node] = next[Int(parents[node])] }
    (members, sizes, count) = (merged, mergedSizes, mergedSizes.count)
  }

  /// Whether K A − D (1 − π) is positive; without a way to an electrode a constant makes it 0, and one node is left out.
  private mutating func isGood(_ nodes: [Int32]) -> Bool {
    let n = nodes.count
    let stride = Self.capacity
    var (total, isGrounded) = (0.0, false)
    for (place, node) in nodes.enumerated() {
      places[Int(node)] = Int8(place)
      total += sums[Int(node)]
      if graph.grounds[Int(node)] > 0 { isGrounded = true }
    }
    defer { for node in nodes { places[Int(node)] = -1 } }
    for (i, a) in nodes.enumerated() {
      let own = sums[Int(a)]
      for (j, b) in nodes.enumerated() { matrix[i * stride + j] = own * sums[Int(b)] / total }
      matrix[i * stride + i] += limit * graph.grounds[Int(a)] - own
      for link in Int(graph.starts[Int(a)])..<Int(graph.starts[Int(a) + 1]) {
        let j = Int(places[Int(graph.neighbors[link])])
        guard j >= 0 else { continue }
        matrix[i * stride + i] += limit * graph.links[link]
        matrix[i * stride + j] -= limit * graph.links[link]
      }
    }
    for k in 0..<(n - (isGrounded ? 0 : 1)) {
      let pivot = matrix[k * stride + k]
      guard pivot > 1e-12 * sums[Int(nodes[k])] else { return false }
      for i in (k + 1)..<n {
        let factor = matrix[i * stride + k] / pivot
        for j in (k + 1)..<n { matrix[i * stride + j] -= factor * matrix[k * stride + j] }
      }
    }
    return true
  }
}
