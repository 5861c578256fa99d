/// The rates of many events in a binary tree of sums: one is chosen by its rate in O(log N) steps.
///
/// Each node is the sum of the two below it, worked out anew on every update rather than changed by a difference: the
/// total stays that of the leaves to rounding however many updates there were. Bortz, Kalos & Lebowitz, *J. Comput.
/// Phys.* 17 (1975) 10; Blue, Beichl & Sullivan, *Phys. Rev. E* 51 (1995) R867; physics (8.12).
public struct EventTree: ~Copyable, Sendable {
  /// Events, active or not.
  public let count: Int
  /// Leaves: the power of two from `count` on.
  private let width: Int
  /// The root at 1, the leaves from `width` on.
  private var nodes: HeapArray<Double>

  /// - Parameter count: events, all of rate zero at first.
  public init(count: Int) {
    self.count = count
    var width = 1
    while width < count { width *= 2 }
    self.width = width
    nodes = HeapArray(repeating: 0, count: 2 * width)
  }

  /// Events per second, of all together.
  public var total: Double { nodes[1] }

  /// Events per second of one.
  public func rate(_ event: Int) -> Double { nodes[width + event] }

  /// Changes the rate of an event; a rate below zero or NaN stops the program.
  public mutating func update(_ event: Int, rate: Double) {
    precondition(rate >= 0, "an event's rate is \(rate)")
    var node = width + event
    if nodes[node] == rate { return }
    nodes[node] = rate
    while node > 1 {
      node &>>= 1
      nodes[node] = nodes[2 &* node] + nodes[2 &* node &+ 1]
    }
  }

  /// Changes the rate of an event and leaves the sums above it alone until `rebuild()`.
  mutating func set(_ event: Int, rate: Double) { nodes[width + event] = rate }

  /// All sums anew, in O(N): after many rates were set.
  public mutating func rebuild() {
    for node in stride(from: width - 1, to: 0, by: -1) { nodes[node] = nodes[2 * node] + nodes[2 * node + 1] }
  }

  /// The event at a mark between 0 and `total`, and what of the mark is left within it.
  ///
  /// Events of rate zero are never chosen, not even by a mark that rounding has moved past the total.
  public func event(at mark: Double) -> (event: Int, rest: Double) {
    var node = 1
    var rest = mark
    while node < width {
      node = 2 &* node
      let left = nodes[node]
      if rest >= left && nodes[node &+ 1] > 0 {
        rest -= left
        node = node &+ 1
      }
    }
    return (node - width, rest)
  }
}
