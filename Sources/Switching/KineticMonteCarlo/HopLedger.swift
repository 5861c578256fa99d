/// The open hops of all carriers and their rates.
protocol HopLedger: ~Copyable {
  /// Hops per second.
  var total: Double { get }
  /// Opens a hop of a carrier from a site to an empty one; `move` is its number among the lattice's.
  mutating func open(_ carrier: Int, _ hop: Int, move: Int, from site: Int, to target: Int)
  mutating func close(_ carrier: Int, _ hop: Int)
  /// All hops of a carrier are as they shall be.
  mutating func settle(_ carrier: Int)
  /// The hop at a mark between 0 and `total`.
  func choose(at mark: Double) -> (carrier: Int, hop: Int)
}

/// Hops whose rates depend on their direction alone.
struct ClassLedger: HopLedger, ~Copyable, Sendable {
  private var events: RateClasses
  private let classes: HeapArray<Int>

  /// - Parameter rates: 1/s, of each of the lattice's moves.
  init(rates: [Double], carriers: Int) {
    let groups = RateClasses.grouping(rates)
    events = RateClasses(rates: groups.rates, count: 8 * carriers)
    classes = HeapArray(groups.classes)
  }

  var total: Double { events.total }

  mutating func open(_ carrier: Int, _ hop: Int, move: Int, from site: Int, to target: Int) {
    events.open(8 &* carrier &+ hop, in: classes[move])
  }

  mutating func close(_ carrier: Int, _ hop: Int) { events.close(8 &* carrier &+ hop) }

  mutating func settle(_ carrier: Int) {}

  func choose(at mark: Double) -> (carrier: Int, hop: Int) {
    let event = events.event(at: mark)
    return (event &>> 3, event & 7)
  }
}

/// Hops whose rates depend on where they start and end: a leaf per carrier, the sum of its hops.
struct TreeLedger: HopLedger, ~Copyable, Sendable {
  private var tree: EventTree
  /// Rates of each carrier's hops, eight places for each.
  private var hops: HeapArray<Double>
  /// Rate of each of the lattice's moves on a level landscape, 1/s.
  private let moveRates: HeapArray<Double>
  /// Factors of a hop from a site and to a site.
  private let leaving: HeapArray<Double>
  private let entering: HeapArray<Double>

  init(rates: [Double], leaving: [Double], entering: [Double], carriers: Int) {
    tree = EventTree(count: max(1, carriers))
    hops = HeapArray(repeating: 0, count: 8 * carriers)
    moveRates = HeapArray(rates)
    self.leaving = HeapArray(leaving)
    self.entering = HeapArray(entering)
  }

  var total: Double { tree.total }

  mutating func open(_ carrier: Int, _ hop: Int, move: Int, from site: Int, to target: Int) {
    hops[8 &* carrier &+ hop] = moveRates[move] * leaving[site] * entering[target]
  }

  mutating func close(_ carrier: Int, _ hop: Int) { hops[8 &* carrier &+ hop] = 0 }

  mutating func settle(_ carrier: Int) {
    var sum = 0.0
    for hop in 0..<8 { sum += hops[8 &* carrier &+ hop] }
    tree.update(carrier, rate: sum)
  }

  func choose(at mark: Double) -> (carrier: Int, hop: Int) {
    let (carrier, left) = tree.event(at: mark)
    var rest = left
    var chosen = 0
    for hop in 0..<8 where hops[8 &* carrier &+ hop] > 0 {
      chosen = hop
      let rate = hops[8 &* carrier &+ hop]
      if rest < rate { break }
      rest -= rate
    }
    return (carrier, chosen)
  }
}
