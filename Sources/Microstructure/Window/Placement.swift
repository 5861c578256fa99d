import Fields
import Foundation
import Quantities
import Specimens

/// Where a device stands on its crystal, and what the crystal is like there.
struct Placement: Hashable, Sendable {
  /// From the crystal's center, m.
  let offset: SIMD2<Double>
  /// Local thickness, m.
  let thickness: Double
  /// Mobile halide vacancies of the ring on which the device's center lies, 1/m³.
  let vacancyDensity: Double

  /// - Parameter share: two numbers in (0, 1) that pick the place among those where the electrode fits.
  init(on crystal: GrownCrystal, electrodeEdge: Double, share: SIMD2<Double>) throws {
    let freedom = max(0, crystal.lateralSize.si - electrodeEdge)
    offset = (share - 0.5) * freedom
    let map = crystal.thicknessMap.grid
    // A map of some grains stands for a whole film, under whose electrode lie many of them.
    thickness =
      crystal.grains != nil && Double(map.nx) * map.spacing.x < 0.5 * crystal.lateralSize.si
      ? crystal.thickness.si : Self.value(of: crystal.thicknessMap, at: crystal.center + offset)
    guard thickness > 0, thickness.isFinite else { throw FieldError.noCrystal }
    vacancyDensity = crystal.halideVacancies(at: crystal.center + offset)
    guard vacancyDensity >= 0, vacancyDensity.isFinite else {
      throw FieldError.notFinite("the crystal's halide vacancy density")
    }
  }

  /// A map of one plane at a point, linear between the centers of its cells, constant beyond the outermost.
  static func value(of map: Field, at point: SIMD2<Double>) -> Double {
    let grid = map.grid
    func cell(_ x: Double, _ count: Int) -> (Int, Int, Double) {
      guard x > 0 else { return (0, 0, 0) }
      let low = min(count - 1, Int(min(x, Double(count))))
      return (low, min(count - 1, low + 1), x - Double(low))
    }
    let (i0, i1, u) = cell((point.x - grid.origin.x) / grid.spacing.x - 0.5, grid.nx)
    let (j0, j1, v) = cell((point.y - grid.origin.y) / grid.spacing.y - 0.5, grid.ny)
    let lower = map[i0, j0, 0] + (i1 > i0 ? u * (map[i1, j0, 0] - map[i0, j0, 0]) : 0)
    let upper = map[i0, j1, 0] + (i1 > i0 ? u * (map[i1, j1, 0] - map[i0, j1, 0]) : 0)
    return lower + (j1 > j0 ? v * (upper - lower) : 0)
  }
}
