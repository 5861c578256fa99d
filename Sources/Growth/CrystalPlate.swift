import Fields
import Foundation
import Quantities

/// The crystal of a habit as it lies: how thick and how wide it is beside a cube of its volume.
///
/// The population balance follows cubes whose faces move alike; a crystal whose forms move unlike has the same volume in the
/// proportions of its habit. Its plan counts as a square of the habit's section along the plate.
struct CrystalPlate {
  /// Over the edge of the cube.
  let thicknessRatio: Double
  let lateralRatio: Double

  init(of habit: CrystalHabit) {
    let resting = habit.forms[0]
    let scale = 1 / cbrt(habit.shape.volume)
    thicknessRatio = 2 * resting.distance * scale
    lateralRatio = habit.shape.section(across: resting.normals[0]).squareRoot() * scale
  }

  func thickness(cubeEdge: Double) -> Length { Length(si: thicknessRatio * cubeEdge) }

  func lateralSize(cubeEdge: Double) -> Length { Length(si: lateralRatio * cubeEdge) }

  /// Voxels along the edge of a thickness map.
  static let mapWidth = 48

  /// A plate of even thickness, m; `center` says where on the map.
  func thicknessMap(cubeEdge: Double, center: SIMD2<Double>) -> Field {
    Self.evenMap(edge: lateralRatio * cubeEdge, thickness: thicknessRatio * cubeEdge, center: center)
  }

  /// The map of any square plate of even thickness, m.
  static func evenMap(edge: Double, thickness: Double, center: SIMD2<Double>) -> Field {
    let n = mapWidth
    let spacing = edge / Double(n)
    let corner = center - 0.5 * edge
    let grid = Grid(
      nx: n, ny: n, nz: 1, spacing: SIMD3(spacing, spacing, thickness), origin: SIMD3(corner.x, corner.y, 0))
    return Field(grid, values: [Double](repeating: thickness, count: n * n))
  }
}
