import Fields
import Foundation
import NumericalMethods

/// Single defects where a count per voxel put them: what a simulation of single ions or of hops between traps starts from.
public struct DefectPositions: Hashable, Sendable {
  /// m, in the order of the voxels.
  public let positions: [SIMD3<Double>]

  /// Each defect anywhere in its voxel, all places alike: three draws each.
  /// - Parameter counts: whole numbers per voxel.
  public init(counts: Field, random: inout RandomSource) {
    let grid = counts.grid
    var stream = random
    defer { random = stream }
    var positions: [SIMD3<Double>] = []
    positions.reserveCapacity(Int(counts.values.reduce(0, +)))
    var voxel = 0
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          let corner = grid.origin + SIMD3(Double(i), Double(j), Double(k)) * grid.spacing
          for _ in 0..<Int(counts.values[voxel]) {
            let share = SIMD3(stream.uniform(), stream.uniform(), stream.uniform())
            positions.append(corner + share * grid.spacing)
          }
          voxel += 1
        }
      }
    }
    self.positions = positions
  }

  /// Each defect on a site of a simple lattice with this spacing, one to a site.
  ///
  /// The sites of a voxel are those whose centers it holds. A voxel of more defects than sites is full, and the rest is
  /// counted in `crowdedOut`. Draws one number per defect (a shuffle of its voxel's sites).
  /// - Parameter siteSpacing: m; the sites' centers stand half of it off the grid's corner.
  public init(counts: Field, siteSpacing: Double, random: inout RandomSource) {
    let grid = counts.grid
    var stream = random
    defer { random = stream }
    var positions: [SIMD3<Double>] = []
    var crowded = 0
    func sites(_ index: Int, _ spacing: Double) -> Range<Int> {
      let first = Int((Double(index) * spacing / siteSpacing - 0.5).rounded(.up))
      let end = Int((Double(index + 1) * spacing / siteSpacing - 0.5).rounded(.up))
      return first..<end
    }
    var voxel = 0
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          var wanted = Int(counts.values[voxel])
          voxel += 1
          guard wanted > 0 else { continue }
          let (x, y, z) = (sites(i, grid.spacing.x), sites(j, grid.spacing.y), sites(k, grid.spacing.z))
          let room = x.count * y.count * z.count
          crowded += max(0, wanted - room)
          wanted = min(wanted, room)
          // The first of a shuffle of the sites, of which only the moved ones are kept.
          var moved: [Int: Int] = [:]
          for draw in 0..<wanted {
            let pick = min(room - 1, draw + Int(stream.uniform() * Double(room - draw)))
            let site = moved[pick] ?? pick
            moved[pick] = moved[draw] ?? draw
            let place = SIMD3(
              Double(x.lowerBound + site % x.count), Double(y.lowerBound + site / x.count % y.count),
              Double(z.lowerBound + site / (x.count * y.count)))
            positions.append(grid.origin + (place + 0.5) * siteSpacing)
          }
        }
      }
    }
    self.positions = positions
    crowdedOut = crowded
  }

  /// Defects for which their voxel had no site.
  public private(set) var crowdedOut = 0
}
