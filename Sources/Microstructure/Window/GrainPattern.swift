import Fields
import Foundation
import NumericalMethods

/// Which grain of a film stands where, seen from a window that lies anywhere on it.
///
/// Either the film's own map, which repeats, or cells about points that fell at random on a torus (Poisson-Voronoi).
struct GrainPattern {
  private enum Kind {
    case map(labels: [Int], Grid, stretch: Double)
    case cells(points: [SIMD2<Double>], edge: Double)
  }

  private let kind: Kind
  /// Of the window's corner on the pattern, m.
  private let corner: SIMD2<Double>
  /// Edges of the period, m.
  private let period: SIMD2<Double>

  /// A boundary of no preferred way crosses more edges of a square grid than it is long, by 4/π.
  private static let digitization = Double.pi / 4
  /// Grains along an edge of a torus of cells, at least.
  private static let torusGrains = 8.0

  /// A film's map. Grains have grown alike since it was drawn: it is stretched to their size. Two draws; none and nil where
  /// the window is wider than the map, which would show the same grains twice.
  init?(map: Field, size: Double, window: SIMD2<Double>, random: inout RandomSource) {
    let grid = map.grid
    let extent = SIMD2(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y)
    let labels = map.values.map { Int($0) }
    let stretch = size / (extent.x * extent.y / Double(Set(labels).count)).squareRoot()
    period = extent * stretch
    guard window.x <= period.x, window.y <= period.y else { return nil }
    kind = .map(labels: labels, grid, stretch: stretch)
    corner = SIMD2(random.uniform(), random.uniform()) * period
  }

  /// Cells of a mean size, on a torus that holds the window: some draws.
  init(size: Double, window: SIMD2<Double>, random: inout RandomSource) {
    let edge = max(Self.torusGrains * size, window.max() + 2 * size)
    let count = max(1, random.poisson(mean: edge * edge / (size * size)))
    kind = .cells(points: (0..<count).map { _ in SIMD2(random.uniform(), random.uniform()) * edge }, edge: edge)
    period = SIMD2(repeating: edge)
    corner = .zero
  }

  /// - Parameter place: from the window's corner, m.
  func grain(at place: SIMD2<Double>) -> Int {
    let place = corner + place
    switch kind {
    case .map(let labels, let grid, let stretch):
      func cell(_ x: Double, _ count: Int) -> Int {
        let index = Int(x.rounded(.down)) % count
        return index < 0 ? index + count : index
      }
      return labels[
        grid.index(
          cell(place.x / stretch / grid.spacing.x, grid.nx), cell(place.y / stretch / grid.spacing.y, grid.ny), 0)]
    case .cells(let points, let edge):
      var (nearest, least) = (0, Double.infinity)
      for (index, point) in points.enumerated() {
        var offset = place - point
        offset -= edge * (offset / edge).rounded(.toNearestOrEven)
        let square = (offset * offset).sum()
        if square < least { (nearest, least) = (index, square) }
      }
      return nearest
    }
  }

  /// Boundary per area of the whole pattern, 1/m, as columns of this spacing see it: what lies between two columns'
  /// centers they do not see, so it is less than the boundaries' length the finer grains are.
  func boundaryDensity(spacing: SIMD3<Double>) -> Double {
    /// Changes along lines of one axis, over their number.
    func changes(_ axis: Int) -> Double {
      let count = max(2, Int((period[axis] / (axis == 0 ? spacing.x : spacing.y)).rounded()))
      var sum = 0
      for line in 0..<Self.lines {
        var place = SIMD2<Double>.zero
        place[1 - axis] = period[1 - axis] * (Double(line) + 0.5) / Double(Self.lines)
        var last = grain(at: place)
        for step in 1...count {
          place[axis] = period[axis] * Double(step) / Double(count)
          let next = grain(at: place)
          if next != last { sum += 1 }
          last = next
        }
      }
      return Double(sum) / Double(Self.lines) / period[axis]
    }
    return Self.digitization * (changes(0) + changes(1))
  }

  /// Lines along each axis on which the pattern is measured.
  private static let lines = 96

  /// Length of boundary per area in one column of a square grid, 1/m: each face between unlike columns counts half for
  /// either.
  /// - Parameter label: of the column this many columns away along x and y.
  static func boundaryDensity(spacing: SIMD3<Double>, label: (Int, Int) -> Int) -> Double {
    let here = label(0, 0)
    let sides = (label(-1, 0) != here ? 1.0 : 0) + (label(1, 0) != here ? 1.0 : 0)
    let ends = (label(0, -1) != here ? 1.0 : 0) + (label(0, 1) != here ? 1.0 : 0)
    return 0.5 * digitization * (sides / spacing.x + ends / spacing.y)
  }
}
