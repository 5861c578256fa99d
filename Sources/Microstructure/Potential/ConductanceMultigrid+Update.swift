import NumericalMethods

/// A change of the conductance between two cells, or of a cell to the electrodes.
struct ConductanceChange {
  var first: Int
  /// None for an electrode.
  var second: Int?
  var amount: Double
}

extension ConductanceMultigrid {
  /// Nodes up to which the coarsest level is factored again.
  private static let largestRefactor = 400

  /// Carries changes of the network down all levels, whose groups stay; false if a link is missing, as between cells
  /// that did not conduct, and the levels must be made anew.
  mutating func apply(_ changes: [ConductanceChange]) -> Bool {
    var changes = changes
    var first = 0
    for level in levels {
      var coarse: [ConductanceChange] = []
      for change in changes {
        let a = Int(parents[first + change.first])
        let b = change.second.map { Int(parents[first + $0]) }
        let (node, other): (Int, Int?)
        // What leads to a node without a group leads to the ground.
        switch (a >= 0, b.map { $0 >= 0 }) {
        case (true, true?): (node, other) = (a, b)
        case (true, _): (node, other) = (a, nil)
        case (false, true?): (node, other) = (b!, nil)
        default: continue
        }
        guard node != other else { continue }
        guard let amount = adjust(level, node, other, by: change.amount) else { return false }
        coarse.append(ConductanceChange(first: node, second: other, amount: amount))
      }
      changes = coarse
      first = cells + level.nodes
    }
    if coarsest != nil, let level = levels.last, level.count <= Self.largestRefactor { refactor(level) }
    return true
  }

  /// Changes a link of a level, and the sums of its nodes; gives what it changed by, or none if there is no link.
  private mutating func adjust(_ level: Level, _ node: Int, _ other: Int?, by amount: Double) -> Double? {
    var amount = amount
    if let other {
      guard let there = link(level, node, other), let back = link(level, other, node) else { return nil }
      // Rounding must not make it negative.
      amount = max(amount, -links[there])
      links[there] += amount
      links[back] = links[there]
    }
    for end in [node, other].compactMap({ $0 }) {
      let place = level.nodes + end
      let sum = (inverseSums[place] > 0 ? 1 / inverseSums[place] : 0) + amount
      inverseSums[place] = sum > 0 ? 1 / sum : 0
    }
    return amount
  }

  private func link(_ level: Level, _ node: Int, _ other: Int) -> Int? {
    let range = Int(starts[level.starts + node])..<Int(starts[level.starts + node + 1])
    return range.first { neighbors[level.links + $0] == Int32(other) }.map { level.links + $0 }
  }

  private mutating func refactor(_ level: Level) {
    let count = level.count
    var matrix = [Double](repeating: 0, count: count * count)
    for node in 0..<count {
      for link in Int(starts[level.starts + node])..<Int(starts[level.starts + node + 1]) {
        matrix[node * count + Int(neighbors[level.links + link])] = -links[level.links + link]
      }
      let inverse = inverseSums[level.nodes + node]
      matrix[node * count + node] = inverse > 0 ? 1 / inverse : 0
    }
    coarsest = CholeskyFactor(matrix, count: count, skippingNull: true)
  }
}
