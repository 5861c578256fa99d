import Foundation
import Growth
import NumericalMethods
import Testing

@Suite("Grain growth on a map")
struct GrainGrowthMapTests {
  private func voronoi(_ count: Int, width: Int, seed: UInt64) -> GrainGrowthMap {
    var random = RandomSource(seed: seed, stream: .growth)
    return GrainGrowthMap(width: width, points: (0..<count).map { _ in SIMD2(random.uniform(), random.uniform()) })
  }

  @Test func aRoundGrainShrinksAtAConstantRate() throws {
    // dA/dt = −2π M γ whatever the radius.
    let n = 128
    for blur in [2, 2.5, 4] {
      for center in [SIMD2(64.0, 64), SIMD2(3.3, 120.7)] {
        let labels = (0..<(n * n)).map { cell in
          var offset = SIMD2(Double(cell % n) + 0.5, Double(cell / n) + 0.5) - center
          offset -= Double(n) * (offset / Double(n)).rounded(.toNearestOrAwayFromZero)
          return (offset * offset).sum() < 900 ? 1 : 0
        }
        var map = GrainGrowthMap(width: n, labels: labels)
        map.advance(by: 20, blur: blur)
        let (a, start) = (map.areas[1], map.progress)
        map.advance(by: 250, blur: blur)
        let rate = (map.areas[1] - a) / (map.progress - start) / (-2 * Double.pi)
        #expect(abs(rate - 1) < 0.025, "\(blur) \(rate)")
        #expect(abs(map.areas.reduce(0, +) - Double(n * n)) < 1)
      }
    }
  }

  @Test func grainsGainByTheirNumberOfSides() throws {
    // Von Neumann and Mullins: dA/dt = (π/3) M γ (n − 6).
    var (top, bottom, used) = (0.0, 0.0, 0)
    for seed in 1...4 as ClosedRange<UInt64> {
      var map = voronoi(60, width: 256, seed: seed)
      map.advance(by: 60, blur: 2)
      for _ in 0..<3 {
        let (areas, sides, start) = (map.areas, map.neighborCounts, map.progress)
        map.advance(by: 25, blur: 2)
        let after = map.areas
        let sidesAfter = map.neighborCounts
        for grain in areas.indices where areas[grain] > 150 && sides[grain] == sidesAfter[grain] {
          let excess = Double(sides[grain] - 6)
          top += excess * (after[grain] - areas[grain]) / (map.progress - start)
          bottom += excess * excess
          used += 1
        }
      }
    }
    let slope = top / bottom
    #expect(abs(slope / (.pi / 3) - 1) < 0.05, "\(slope)")
  }

  @Test func theMeanAreaGrowsAtItsOwnRate() throws {
    let rates = (1...3 as ClosedRange<UInt64>).map { seed in
      var map = voronoi(400, width: 256, seed: seed)
      map.advance(by: 150, blur: 2)
      let (start, before) = (map.progress, 65536 / Double(map.grainCount))
      map.advance(by: 300, blur: 2)
      return (65536 / Double(map.grainCount) - before) / (map.progress - start)
    }
    let mean = rates.reduce(0, +) / Double(rates.count)
    #expect(abs(mean / GrainGrowthMap.meanAreaRate - 1) < 0.1, "\(mean)")
  }

  @Test func aMapOfManyGrainsCoarsensToTheNumberAsked() throws {
    var map = voronoi(600, width: 256, seed: 1)
    map.advance(toCount: 160)
    #expect(map.grainCount <= 160 && map.grainCount > 140)
    let sides = map.neighborCounts.filter { $0 > 0 }
    #expect(abs(Double(sides.reduce(0, +)) / Double(sides.count) - 6) < 0.15)
  }

  @Test func theBoundariesOfRandomCellsAreTwiceTheRootOfTheirNumber() throws {
    let map = voronoi(100, width: 256, seed: 9)
    #expect(abs(map.boundaryLength / (2 * 256 * 100.0.squareRoot()) - 1) < 0.05)
    #expect(map.grainCount == 100)
    let sides = map.neighborCounts
    #expect(abs(Double(sides.reduce(0, +)) / 100 - 6) < 0.15)
  }

  @Test func whatIsLessThanACellIsHandedBack() throws {
    var map = voronoi(50, width: 64, seed: 2)
    let labels = map.labels
    #expect(map.advance(by: 0.2) == 0.2)
    #expect(map.labels == labels)
  }
}
