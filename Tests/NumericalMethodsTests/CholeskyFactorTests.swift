import NumericalMethods
import Testing

@Suite struct CholeskyFactorTests {
  /// Hilbert-like, but well conditioned: 1/(1 + |i − j|), and more on the diagonal.
  private func matrix(_ n: Int) -> [Double] {
    (0..<(n * n)).map { 1 / Double(1 + abs($0 / n - $0 % n)) + ($0 / n == $0 % n ? 1 : 0) }
  }

  @Test(arguments: [1, 7, 8, 40]) func theSolutionFitsTheMatrix(_ n: Int) throws {
    let a = matrix(n)
    let exact = (0..<n).map { Double($0 * 7 % 5) - 2 }
    let right = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + a[i * n + $1] * exact[$1] } }
    let solution = try #require(CholeskyFactor(a, count: n)).solution(of: right)
    for (x, y) in zip(solution, exact) { #expect(abs(x - y) < 1e-12) }
  }

  @Test func anIndefiniteMatrixHasNoFactor() {
    #expect(CholeskyFactor([1, 2, 2, 1], count: 2) == nil)
    #expect(CholeskyFactor([1, -1, -1, 1], count: 2) == nil)
  }

  @Test func aNullRowCanBeLeftOut() throws {
    let factor = try #require(CholeskyFactor([1, -1, -1, 1], count: 2, skippingNull: true))
    #expect(factor.solution(of: [2, -2]) == [2, 0])
  }
}
