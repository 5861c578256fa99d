import Foundation
import NumericalMethods
import Testing

@Suite struct VoronoiTessellationTests {
  private static func points(_ count: Int, seed: UInt64) -> [SIMD2<Double>] {
    var random = RandomSource(seed: seed, stream: .growth)
    return (0..<count).map { _ in SIMD2(random.uniform(), random.uniform()) }
  }

  @Test func aSquareLatticeHasSquareCells() {
    let n = 8
    let points = (0..<(n * n)).map { SIMD2(Double($0 % n) + 0.5, Double($0 / n) + 0.5) / Double(n) }
    for cell in VoronoiTessellation(of: points, edge: 1).cells {
      #expect(abs(cell.area * Double(n * n) - 1) < 1e-12)
    }
  }

  /// The cells fill the square, and by Euler's theorem on a torus they have six sides in the mean, exactly.
  @Test(arguments: [2, 7, 200]) func cellsFillTheSquareAndObeyEuler(count: Int) {
    let cells = VoronoiTessellation(of: Self.points(count, seed: 21), edge: 1).cells
    #expect(abs(cells.reduce(0) { $0 + $1.area } - 1) < 1e-12)
    if count > 100 { #expect(cells.reduce(0) { $0 + $1.sideCount } == 6 * count) }
  }

  /// Every corner is as far from its own point as from the nearest other ones.
  @Test func noPointLiesNearerToACornerThanItsOwn() {
    let points = Self.points(150, seed: 22)
    for (point, cell) in zip(points, VoronoiTessellation(of: points, edge: 1).cells) {
      for corner in cell.corners {
        let place = point + corner
        let nearest = points.map { other -> Double in
          let offset = place - other
          let wrapped = offset - offset.rounded(.toNearestOrEven)
          return (wrapped * wrapped).sum().squareRoot()
        }.min()!
        #expect(abs(nearest - (corner * corner).sum().squareRoot()) < 1e-12)
      }
    }
  }

  /// Points at random, as nuclei born at one moment: six sides, areas of relative deviation 0.529 (Kiang's simulations, later
  /// ones to four digits).
  @Test func randomNucleiGiveThePoissonVoronoiAreas() {
    let count = 20_000
    let cells = VoronoiTessellation(of: Self.points(count, seed: 23), edge: 1).cells
    let sides = Double(cells.reduce(0) { $0 + $1.sideCount }) / Double(count)
    #expect(abs(sides - 6) < 0.02)
    let areas = cells.map { $0.area * Double(count) }
    let variance = areas.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Double(count)
    #expect(abs(variance.squareRoot() - 0.529) < 0.01)
    // Sides scatter by 1.33.
    let spread = cells.reduce(0.0) { $0 + pow(Double($1.sideCount) - 6, 2) } / Double(count)
    #expect(abs(spread.squareRoot() - 1.33) < 0.03)
  }
}
