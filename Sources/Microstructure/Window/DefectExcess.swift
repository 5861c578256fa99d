import Fields
import Foundation
import Quantities
import Specimens

/// Defects that gather at the crystal's faces and at grain boundaries, beyond those of its bulk.
///
///     w = 1 + A_s e^(−d_s/λ) + A_i e^(−d_i/λ) + A_b δ S_v
///
/// Physics (7.2), (7.3): d is the depth below the free surface (s) and above the support (i), S_v of boundary per volume,
/// δ the width of a boundary. What growth predicts is the bulk; the excesses A are the recipe's, 0 unless it says so,
/// because no measurement ties them to a way of growth.
struct DefectExcess: Hashable, Sendable {
  let surface: Double
  let interface: Double
  let boundary: Double
  /// λ, m.
  let depth: Double

  /// Thickness of a grain boundary, m.
  static let boundaryWidth = 0.5e-9

  init(_ resolution: FieldResolution) {
    surface = resolution.surfaceExcess?.si ?? 0
    interface = resolution.interfaceExcess?.si ?? 0
    boundary = resolution.boundaryExcess?.si ?? 0
    depth = resolution.excessDepth?.si ?? 2e-9
  }

  /// Mean of w over each plane of voxels at a place without boundaries, bottom up: its sum over planes does not depend on
  /// the voxels, what the contact sees of it does where they do not resolve λ.
  /// - Parameters:
  ///   - planes: of height `spacing`, the uppermost at the free surface.
  ///   - thickness: of the crystal, m.
  func profile(planes: Int, spacing: Double, thickness: Double) -> [Double] {
    // A remainder below half a plane is rounding of the plane count: then the lowest plane lies on the support.
    let full = Double(planes) * spacing
    let thickness = abs(thickness - full) < 0.5 * spacing ? full : thickness
    return (0..<planes).map { plane in
      let below = Double(planes - plane) * spacing
      let layer = { (from: Double, to: Double) -> Double in
        depth / spacing * (exp(-max(0, from) / depth) - exp(-max(0, to) / depth))
      }
      let rise = thickness - below
      // Two lacks may meet in a thin crystal.
      return max(0, 1 + surface * layer(below - spacing, below) + interface * layer(rise, rise + spacing))
    }
  }

  /// A_b δ S_v of a column of voxels.
  func atBoundaries(_ density: Double) -> Double { boundary * min(1, Self.boundaryWidth * density) }

  /// Due where voxels do not resolve what the recipe asks for.
  func warning(spacing: Double) -> ValidityWarning? {
    if surface != 0 || interface != 0, spacing > depth {
      return .fields(
        "coarseExcess",
        String(
          format:
            "voxels of %.3g nm do not resolve an excess %.3g nm deep; what the contact sees of it depends on them",
          spacing * 1e9, depth * 1e9))
    }
    if boundary != 0, spacing > 4 * Self.boundaryWidth {
      return .fields(
        "coarseExcess",
        String(
          format:
            "voxels of %.3g nm spread the excess of a boundary %.1g nm wide; what the contact sees of it depends on "
            + "them", spacing * 1e9, Self.boundaryWidth * 1e9))
    }
    return nil
  }
}

/// w over a window: by plane, and what boundaries add by column.
struct ExcessFactors: Hashable, Sendable {
  let planes: [Double]
  let columns: [Double]

  var isNone: Bool { planes.allSatisfy { $0 == 1 } && columns.allSatisfy { $0 == 0 } }

  /// Two lacks may meet: never below 0.
  func value(plane: Int, column: Int) -> Double { max(0, planes[plane] + columns[column]) }

  var largest: Double { max(0, planes.max()! + columns.max()!) }

  /// That of the uppermost plane.
  func contact(on grid: Grid) -> Field {
    var plane = grid
    plane.nz = 1
    return Field(plane, values: columns.indices.map { value(plane: planes.count - 1, column: $0) })
  }
}
