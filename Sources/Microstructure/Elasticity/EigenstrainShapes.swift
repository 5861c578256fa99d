import Fields
import Foundation
import NumericalMethods

extension Eigenstrain {
  /// Bends a film that is flat in the mean: its total strain is that of the solution and in addition, per voxel,
  ///
  ///     ε_xx = κ_xx (z − z₀),   ε_yy = κ_yy (z − z₀),   ε_xy = κ_xy (z − z₀)
  ///
  /// as on a bent support. The stress is that of the total strain, so the eigenstrain is its negative.
  /// - Parameters:
  ///   - xx, yy, xy: curvature, 1/m, positive if the top is stretched.
  ///   - neutral: the height z₀ that bending leaves as it is, m, as the grid counts it.
  public static func bending(
    _ grid: Grid, xx: Double, yy: Double, xy: Double = 0, neutral: Double
  ) -> Eigenstrain {
    var field = SymmetricTensorField(grid)
    for k in 0..<grid.nz {
      let height = grid.center(0, 0, k).z - neutral
      for voxel in (k * grid.planeCount)..<((k + 1) * grid.planeCount) {
        field.components[0].values[voxel] = -xx * height
        field.components[1].values[voxel] = -yy * height
        field.components[3].values[voxel] = -xy * height
      }
    }
    return Eigenstrain(field: field)
  }
}

extension SymmetricTensorField {
  /// Adds the eigenstrain of a slip on a plate of voxels, one voxel thick: its edge is a dislocation.
  ///
  ///     ε* = (b ⊗ n + n ⊗ b) / 2h
  ///
  /// What lies on the side of n moves by b against the rest. A plate across a whole period leaves two straight
  /// dislocations of opposite sign. Their cores are as wide as a voxel; from two or three voxels on the field is that
  /// of a dislocation. With b along n the plate is a prismatic loop.
  /// - Parameters:
  ///   - burgers: b, m.
  ///   - axis: of the plate's normal n; 0 x, 1 y, 2 z.
  ///   - layer: the plate's number along that axis.
  ///   - first, second: the plate's voxels along the other two axes, in the order x, y, z.
  public mutating func addSlip(
    _ burgers: SIMD3<Double>, normal axis: Int, layer: Int, _ first: Range<Int>, _ second: Range<Int>
  ) {
    precondition((0..<3).contains(axis), "an axis is 0, 1 or 2")
    var ranges = [first, second]
    ranges.insert(layer..<(layer + 1), at: axis)
    var normal = SIMD3<Double>.zero
    normal[axis] = 1 / grid.spacing[axis]
    let pairs = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]
    for k in ranges[2] {
      for j in ranges[1] {
        for i in ranges[0] {
          for (n, (a, b)) in pairs.enumerated() {
            components[n][i, j, k] += 0.5 * (burgers[a] * normal[b] + burgers[b] * normal[a])
          }
        }
      }
    }
  }

  /// Adds an eigenstrain in a ball, in each voxel times its share of the ball: a quantum dot, a precipitate.
  ///
  /// Shares of voxels on the surface are counted from 8³ points each and multiplied by one factor, so that the ball has
  /// its volume. Along x and y the grid repeats; what lies below or above it is left out.
  /// - Parameters:
  ///   - center: m, as the grid counts it.
  ///   - radius: m, above 0 and at most half the period.
  public mutating func addBall(at center: SIMD3<Double>, radius: Double, _ strain: SymmetricTensor) {
    let grid = grid
    let low = (center - radius - grid.origin) / grid.spacing
    let high = (center + radius - grid.origin) / grid.spacing
    let counts = SIMD3(grid.nx, grid.ny, grid.nz)
    var ranges = (0..<3).map { Int(low[$0].rounded(.down))..<Int(high[$0].rounded(.up)) }
    for axis in 0..<2 { precondition(ranges[axis].count <= counts[axis] + 1, "the ball is wider than the period") }
    var cells: [(SIMD3<Int>, Double)] = []
    var (inside, surface) = (0.0, 0.0)
    for k in ranges[2] {
      for j in ranges[1] {
        for i in ranges[0] {
          let share = Self.share(SIMD3(i, j, k), of: grid, center, radius)
          if share == 1 { inside += 1 } else { surface += share }
          if share > 0 { cells.append((SIMD3(i, j, k), share)) }
        }
      }
    }
    let volume = 4 * Double.pi / 3 * radius * radius * radius / grid.voxelVolume
    if cells.isEmpty {
      // Smaller than the points see: all of it in its center's voxel.
      let place = ((center - grid.origin) / grid.spacing).rounded(.down)
      cells = [(SIMD3(Int(place.x), Int(place.y), Int(place.z)), volume)]
      surface = volume
    }
    let factor = surface > 0 ? (volume - inside) / surface : 1
    ranges[2] = ranges[2].clamped(to: 0..<grid.nz)
    let values = [strain.xx, strain.yy, strain.zz, strain.xy, strain.yz, strain.xz]
    for (cell, share) in cells where ranges[2].contains(cell.z) {
      let (i, j) = ((cell.x % grid.nx + grid.nx) % grid.nx, (cell.y % grid.ny + grid.ny) % grid.ny)
      let amount = share == 1 ? 1 : factor * share
      for n in 0..<6 { components[n][i, j, cell.z] += amount * values[n] }
    }
  }

  /// Points to an edge of a voxel.
  private static let points = 8

  /// The share of a voxel that a ball takes.
  private static func share(_ cell: SIMD3<Int>, of grid: Grid, _ center: SIMD3<Double>, _ radius: Double) -> Double {
    let corner = grid.origin + SIMD3(Double(cell.x), Double(cell.y), Double(cell.z)) * grid.spacing - center
    let farthest = pointwiseMax(corner * corner, (corner + grid.spacing) * (corner + grid.spacing))
    if farthest.sum() <= radius * radius { return 1 }
    let nearest = corner.clamped(lowerBound: -grid.spacing, upperBound: .zero) - corner
    if (nearest * nearest).sum() >= radius * radius { return 0 }
    var count = 0
    for index in 0..<(points * points * points) {
      let place = SIMD3(Double(index % points), Double(index / points % points), Double(index / (points * points)))
      let at = corner + (place + 0.5) / Double(points) * grid.spacing
      if (at * at).sum() < radius * radius { count += 1 }
    }
    // Never 1, which says that the voxel lies inside.
    return min(Double(count), Double(points * points * points) - 0.5) / Double(points * points * points)
  }
}
