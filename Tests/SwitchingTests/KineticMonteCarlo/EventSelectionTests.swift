import NumericalMethods
import Switching
import Testing

@Suite struct EventSelectionTests {
  let rates: [Double] = (0..<37).map { (event: Int) -> Double in event % 5 == 3 ? 0 : 0.2 + Double(event * 7919 % 101) }

  @Test func theTreeChoosesEventsByTheirRatesAfterExponentialWaits() throws {
    var random = RandomSource(seed: 1, stream: .switching)
    var tree = EventTree(count: rates.count)
    for (event, rate) in rates.enumerated() { tree.update(event, rate: rate) }
    let draws = 200_000
    var counts = [Int](repeating: 0, count: rates.count)
    var waits: [Double] = []
    for _ in 0..<draws {
      waits.append(random.exponential() / tree.total)
      counts[tree.event(at: random.uniform() * tree.total).event] += 1
    }
    let total = rates.reduce(0, +)
    for (event, rate) in rates.enumerated() where rate == 0 { #expect(counts[event] == 0) }
    let expected = rates.map { Double(draws) * $0 / total }
    #expect(try ChiSquaredTest(observed: counts, expected: expected).pValue > 0.01)
    let mean = waits.reduce(0, +) / Double(draws)
    #expect(abs(mean * total - 1) < 0.01)
  }

  @Test func theSumsOfTheTreeAreThoseOfItsLeavesAfterAMillionUpdates() {
    var random = RandomSource(seed: 12, stream: .switching)
    var tree = EventTree(count: 1000)
    for _ in 0..<1_000_000 { tree.update(Int(random.next() % 1000), rate: 1e6 * random.uniform()) }
    for event in 0..<1000 where event != 500 { tree.update(event, rate: 0) }
    #expect(tree.total == tree.rate(500))
    let total = tree.total
    tree.rebuild()
    #expect(tree.total == total)
  }

  @Test func marksAtEitherEndChooseEventsThatCanHappen() {
    var tree = EventTree(count: 6)
    tree.update(2, rate: 3)
    tree.update(3, rate: 1)
    #expect(tree.event(at: 0).event == 2)
    #expect(tree.event(at: 3).event == 3)
    // Past the total by rounding.
    #expect(tree.event(at: tree.total.nextUp).event == 3)
  }

  @Test func classesChooseEventsByTheirRates() throws {
    var random = RandomSource(seed: 13, stream: .switching)
    var classes = RateClasses(rates: [0.3, 1, 12], count: 30)
    for event in 0..<30 { classes.open(event, in: event % 3) }
    // Some close, some move, some do both more than once.
    for event in [3, 4, 5, 29, 3] { classes.close(event) }
    for event in [3, 6, 7, 6] { classes.open(event, in: 2) }
    var rates = (0..<30).map { event in classes.classOf(event).map { classes.rates[$0] } ?? 0 }
    #expect(rates[3] == 12 && rates[6] == 12 && rates[4] == 0)
    #expect(abs(classes.total / rates.reduce(0, +) - 1) < 1e-12)
    let draws = 200_000
    var counts = [Int](repeating: 0, count: 30)
    for _ in 0..<draws { counts[classes.event(at: random.uniform() * classes.total)] += 1 }
    let total = rates.reduce(0, +)
    rates = rates.map { Double(draws) * $0 / total }
    #expect(try ChiSquaredTest(observed: counts, expected: rates).pValue > 0.01)
  }
}
