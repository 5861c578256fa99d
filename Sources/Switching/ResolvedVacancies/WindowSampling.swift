import Fields
import Specimens

/// A field window, taken over to the cells under the switching contact.
///
/// Values are means over what a cell overlaps, so nothing is lost or gained; below the window the crystal goes on evenly.
struct WindowSampling: Sendable {
  let nx: Int
  let ny: Int
  private let across: [[(index: Int, share: Double)]]
  private let along: [[(index: Int, share: Double)]]
  private let grid: Grid

  /// - Parameter lateral: cells wanted along x and y; no more than the field has are used.
  init(_ grid: Grid, lateral: SIMD2<Int>) {
    self.grid = grid
    nx = min(lateral.x, grid.nx)
    ny = min(lateral.y, grid.ny)
    across = Self.overlaps(of: nx, with: grid.nx)
    along = Self.overlaps(of: ny, with: grid.ny)
  }

  /// Lengths of a cell, m.
  var edges: SIMD2<Double> {
    SIMD2(Double(grid.nx) * grid.spacing.x / Double(nx), Double(grid.ny) * grid.spacing.y / Double(ny))
  }

  private static func overlaps(of cells: Int, with voxels: Int) -> [[(index: Int, share: Double)]] {
    (0..<cells).map { cell in
      let low = Double(cell * voxels) / Double(cells)
      let high = Double((cell + 1) * voxels) / Double(cells)
      return (Int(low)..<min(voxels, Int(high.rounded(.up)))).map { voxel in
        (voxel, (min(high, Double(voxel + 1)) - max(low, Double(voxel))) / (high - low))
      }
    }
  }

  /// A field's plane of voxels, given by its number from the bottom.
  func plane(_ field: Field, _ k: Int) -> [Double] {
    var values = [Double](repeating: 0, count: nx * ny)
    for j in 0..<ny {
      for i in 0..<nx {
        var sum = 0.0
        for (row, weight) in along[j] {
          for (column, share) in across[i] { sum += weight * share * field[column, row, k] }
        }
        values[j * nx + i] = sum
      }
    }
    return values
  }

  /// A field over layers from the top down; `below` beyond the window.
  func layers(_ field: Field, heights: [Double], below: Double) -> [Double] {
    let planes = (0..<grid.nz).map { plane(field, grid.nz - 1 - $0) }
    let spacing = grid.spacing.z
    let depth = Double(grid.nz) * spacing
    var values: [Double] = []
    values.reserveCapacity(nx * ny * heights.count)
    var top = 0.0
    for height in heights {
      let bottom = top + height
      var layer = [Double](repeating: below * max(0, bottom - max(top, depth)) / height, count: nx * ny)
      var k = min(grid.nz, Int(top / spacing))
      while k < grid.nz, Double(k) * spacing < bottom {
        let share = max(0, min(bottom, Double(k + 1) * spacing) - max(top, Double(k) * spacing)) / height
        if share > 0 { for i in layer.indices { layer[i] += share * planes[k][i] } }
        k += 1
      }
      values += layer
      top = bottom
    }
    return values
  }
}
