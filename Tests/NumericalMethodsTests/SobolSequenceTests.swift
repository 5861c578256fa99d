import NumericalMethods
import Testing

@Suite struct SobolSequenceTests {
  @Test func eachSlabOfEachAxisHoldsOnePoint() {
    let sequence = SobolSequence(dimensions: 8)
    for power in [3, 6, 9] {
      let count = 1 << power
      let points = (0..<count).map(sequence.point)
      for axis in 0..<8 {
        let slabs = Set(points.map { Int($0[axis] * Double(count)) })
        #expect(slabs.count == count)
      }
    }
  }

  @Test func pairsOfAxesFillTheSquare() {
    // A (t, m, 2)-net: 256 points leave none of 8 × 8 squares empty on the tabulated pairs.
    let points = (0..<256).map(SobolSequence(dimensions: 8).point)
    for a in 0..<8 {
      for b in 0..<a {
        let squares = Set(points.map { Int($0[a] * 8) * 8 + Int($0[b] * 8) })
        #expect(squares.count == 64)
      }
    }
  }

  @Test func theFirstPointsAreThePublishedOnes() {
    // Joe & Kuo's own program, three dimensions.
    let expected: [[Double]] = [
      [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375], [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ]
    let sequence = SobolSequence(dimensions: 3)
    for (number, point) in expected.enumerated() { #expect(sequence.point(number) == point) }
  }
}
