import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The faces that a cubic perovskite shows, and how it lies on the plate.
///
/// Bravais-Friedel-Donnay-Harker: the slowest faces have the widest lattice planes, R_hkl ∝ 1/d_hkl, physics (5.1). Space
/// group Pm-3m extinguishes nothing, so d_hkl = a/√(h² + k² + l²).
public struct CrystalHabit: Sendable {
  public let shape: WulffShape
  /// The family with the largest area: the crystal rests on it.
  public let restingFace: SIMD3<Int>

  public init(of compound: Compound) {
    let inverse = { (square: Double) -> Double in square.squareRoot() / compound.latticeConstant.si }
    let scale = compound.latticeConstant.si
    shape = WulffShape(
      cubic100: inverse(1) * scale, cubic110: inverse(2) * scale, cubic111: inverse(3) * scale)
    let candidates = [SIMD3(0, 0, 1), SIMD3(0, 1, 1), SIMD3(1, 1, 1)]
    let shape = self.shape
    restingFace = candidates.max { a, b in
      shape.area(ofFamily: a.x, a.y, a.z) < shape.area(ofFamily: b.x, b.y, b.z)
    }!
  }

  /// The lattice of a crystal that rests on its face and is turned at random in the plane.
  ///
  /// The mosaic spread stands beside the mean orientation: it broadens a rocking curve and does not tilt the crystal.
  public func orientation(of compound: Compound, random: inout RandomSource) -> Orientation {
    let angle = 2 * Double.pi * random.uniform()
    return Orientation(
      quaternion: SIMD4(cos(angle / 2), 0, 0, sin(angle / 2)), face: restingFace,
      mosaicWidth: compound.disorder.mosaicWidth)
  }
}
