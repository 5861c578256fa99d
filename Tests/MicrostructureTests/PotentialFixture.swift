import Fields
import Foundation
import Microstructure

/// Media and measures that the tests of potentials share.
enum PotentialFixture {
  static func cube(_ n: Int, side: Double = 1) -> Grid {
    Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: side / Double(n)))
  }

  static func field(_ grid: Grid, _ value: (SIMD3<Double>) -> Double) -> Field {
    var field = Field(grid)
    for k in 0..<grid.nz {
      for j in 0..<grid.ny { for i in 0..<grid.nx { field[i, j, k] = value(grid.center(i, j, k)) } }
    }
    return field
  }

  /// Numbers from 0 to 1 without structure.
  static func noise(_ count: Int, seed: UInt64 = 99) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
  }

  /// Cells that conduct with probability p, the others a million times less.
  static func percolating(_ grid: Grid, p: Double = 0.4, contrast: Double = 1e6) -> Conductivity {
    Conductivity(Field(grid, values: noise(grid.count, seed: 7).map { $0 < p ? 1 : 1 / contrast }))
  }

  /// The share by which two fields differ, by their roots of mean square.
  static func difference(_ a: Field, _ b: Field) -> Double {
    var (difference, total) = (0.0, 0.0)
    for (x, y) in zip(a.values, b.values) {
      difference += (x - y) * (x - y)
      total += y * y
    }
    return (difference / total).squareRoot()
  }

  /// Electrodes under a disc of a radius in cells, around a corner or the middle of a face.
  static func disc(_ nx: Int, _ ny: Int, radius: Double, center: SIMD2<Double>) -> PotentialFace {
    .electrodes(
      (0..<(nx * ny)).map { cell in
        let d = SIMD2(Double(cell % nx) + 0.5, Double(cell / nx) + 0.5) - center
        return (d * d).sum() < radius * radius ? 0 : nil
      })
  }
}
