/// Events grouped by equal rates: one is chosen, opened or closed in a number of steps that does not grow with theirs.
///
/// Each class lists its open events without gaps: the last one takes the place of one that closes. The total is counts
/// times rates, so it cannot drift. With few distinct rates it is faster than a tree, physics (8.12).
public struct RateClasses: ~Copyable, Sendable {
  /// 1/s, per class.
  public let rates: [Double]
  /// Events, open or closed.
  public let count: Int
  private var classRates: HeapArray<Double>
  private var sizes: HeapArray<Int>
  /// Open events of each class, `count` places for each.
  private var members: HeapArray<Int32>
  /// Place of an event in `members`, -1 while it is closed.
  private var places: HeapArray<Int32>

  /// - Parameters:
  ///   - rates: 1/s, of each class.
  ///   - count: events, all closed at first; the classes times the events stay below 2³¹.
  public init(rates: [Double], count: Int) {
    precondition(rates.allSatisfy { $0 >= 0 && $0.isFinite }, "a class has no finite rate")
    precondition(rates.count * count < Int(Int32.max), "too many events for so many classes")
    self.rates = rates
    self.count = count
    classRates = HeapArray(rates)
    sizes = HeapArray(repeating: 0, count: rates.count)
    members = HeapArray(repeating: 0, count: rates.count * count)
    places = HeapArray(repeating: -1, count: count)
  }

  /// Groups rates that agree to a relative 1e-12, and the class of each.
  static func grouping(_ values: [Double]) -> (rates: [Double], classes: [Int]) {
    var rates: [Double] = []
    var classes = [Int](repeating: 0, count: values.count)
    for index in values.indices.sorted(by: { values[$0] < values[$1] }) {
      if let last = rates.last, values[index] <= last * (1 + 1e-12) {
        classes[index] = rates.count - 1
      } else {
        classes[index] = rates.count
        rates.append(values[index])
      }
    }
    return (rates, classes)
  }

  /// Events per second, of all open ones together.
  public var total: Double {
    var sum = 0.0
    for index in 0..<sizes.count { sum += classRates[index] * Double(sizes[index]) }
    return sum
  }

  /// Open events of a class.
  public func size(_ index: Int) -> Int { sizes[index] }

  /// The class of an event, nil while it is closed.
  public func classOf(_ event: Int) -> Int? { places[event] < 0 ? nil : Int(places[event]) / count }

  /// Opens an event in a class, or moves it there.
  public mutating func open(_ event: Int, in index: Int) {
    let place = Int(places[event])
    let start = index &* count
    if place >= start && place < start &+ sizes[index] { return }
    if place >= 0 { close(event) }
    let size = sizes[index]
    members[start &+ size] = Int32(truncatingIfNeeded: event)
    places[event] = Int32(truncatingIfNeeded: start &+ size)
    sizes[index] = size &+ 1
  }

  /// Closes an event; nothing happens to one that is closed.
  public mutating func close(_ event: Int) {
    let place = Int(places[event])
    if place < 0 { return }
    var index = 0
    var start = 0
    while place >= start &+ count {
      index = index &+ 1
      start = start &+ count
    }
    let last = sizes[index] &- 1
    let moved = members[start &+ last]
    members[place] = moved
    places[Int(moved)] = Int32(truncatingIfNeeded: place)
    places[event] = -1
    sizes[index] = last
  }

  /// The open event at a mark between 0 and `total`; there must be one.
  public func event(at mark: Double) -> Int {
    var rest = mark
    var chosen = -1
    for index in 0..<sizes.count where sizes[index] > 0 && classRates[index] > 0 {
      chosen = index
      let share = classRates[index] * Double(sizes[index])
      if rest < share { break }
      rest -= share
    }
    precondition(chosen >= 0, "no event is open")
    // A mark that rounding has moved past the total counts as the last event.
    let place = min(Int(rest / classRates[chosen]), sizes[chosen] &- 1)
    return Int(members[chosen &* count &+ place])
  }
}
