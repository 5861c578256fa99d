import Fields
import Foundation
import Quantities

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

  /// Mean of w over each plane of voxels at a place without boundaries, bottom up; exact, however coarse the voxels.
  /// - Parameters:
  ///   - planes: of height `spacing`, the uppermost at the free surface.
  ///   - thickness: of the crystal, m.
  func profile(planes: Int, spacing: Double, thickness: Double) -> [Double] {
    (0..<planes).map { plane in
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
}
