import Fields
import Foundation
import Specimens

/// Where a crystal's deep traps lie in the window: what growth gives as densities, put in its places.
///
///     n(x) = n_b f ρ(x) + N_s/h at the faces + N_b S_v(x) at grain boundaries + N_e/h at a torn edge
///
/// Traps of the bulk come with its point defects: they scatter with them, ρ, and are as many more in the window, f. Those
/// of a flake's edge are given over its volume; they lie on the four sides of its plan.
struct TrapField {
  let crystal: GrownCrystal
  /// Of the window's lower corner, m from the plate's.
  let corner: SIMD2<Double>
  let grains: WindowGrains?

  /// Of the bulk alone, 1/m³.
  private var bulkDensity: Double { max(0, crystal.traps.density.si - crystal.boundaryTraps.si) }

  /// Deep traps, 1/m³.
  /// - Parameters:
  ///   - relative: ρ, mean 1, on the window.
  ///   - thickness: of the crystal, m; the window's top is the crystal's.
  ///   - richness: f, vacancies of the window over the crystal's.
  func density(relative: Field, thickness: Double, richness: Double) -> Field {
    let grid = relative.grid
    let h = grid.spacing
    var field = relative
    let bulk = richness * bulkDensity
    field.values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] *= bulk }
    }
    let atFaces = crystal.traps.surfaceDensity.si / h.z
    if atFaces > 0 {
      for column in 0..<grid.planeCount {
        field.values[(grid.nz - 1) * grid.planeCount + column] += atFaces
        if Double(grid.nz) * h.z > thickness - 0.5 * h.z { field.values[column] += atFaces }
      }
    }
    if let grains, let structure = crystal.grains {
      add(grains.boundaryDensity.map { $0 * structure.boundaryTraps.si }, to: &field)
    }
    if crystal.edgeTraps.si > 0 { add(edgeColumns(grid), to: &field) }
    return field
  }

  private func add(_ columns: [Double], to field: inout Field) {
    let plane = field.grid.planeCount
    for k in 0..<field.grid.nz {
      for column in 0..<plane { field.values[k * plane + column] += columns[column] }
    }
  }

  /// The torn edge in each column of voxels, 1/m³: on four sides of an even square of edge L and thickness t, n L² t
  /// traps are n L/4 per area.
  private func edgeColumns(_ grid: Grid) -> [Double] {
    let edge = crystal.lateralSize.si
    let areal = 0.25 * crystal.edgeTraps.si * edge
    let low = crystal.center - 0.5 * edge
    let high = crystal.center + 0.5 * edge
    var columns = [Double](repeating: 0, count: grid.planeCount)
    for j in 0..<grid.ny {
      for i in 0..<grid.nx {
        let start = corner + SIMD2(Double(i) * grid.spacing.x, Double(j) * grid.spacing.y)
        let end = start + SIMD2(grid.spacing.x, grid.spacing.y)
        // The share of this column's plan that lies within the flake along the other axis.
        let inside = SIMD2(
          max(0, min(end.x, high.x) - max(start.x, low.x)), max(0, min(end.y, high.y) - max(start.y, low.y)))
        let area = grid.spacing.x * grid.spacing.y
        // An upper edge belongs to the column below it.
        for (side, isUpper) in [(low.x, false), (high.x, true)]
        where isUpper ? start.x < side && side <= end.x : start.x <= side && side < end.x {
          columns[j * grid.nx + i] += areal * inside.y / area
        }
        for (side, isUpper) in [(low.y, false), (high.y, true)]
        where isUpper ? start.y < side && side <= end.y : start.y <= side && side < end.y {
          columns[j * grid.nx + i] += areal * inside.x / area
        }
      }
    }
    return columns
  }
}
