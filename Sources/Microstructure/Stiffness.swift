import Foundation
import Materials
import Quantities

/// The elastic constants of a medium with a mirror plane z = 0, Pa, in Voigt's numbering 1 xx, 2 yy, 3 zz, 4 yz, 5
/// xz, 6 xy.
///
/// Isotropic media, and cubic crystals turned about z, are such media; both answer an equal strain of all axes with
/// an equal stress on all axes, 3B per unit, which the strain solver relies on.
public struct Stiffness: Hashable, Sendable {
  public let c11, c12, c13, c16, c22, c23, c26, c33, c36, c44, c45, c55, c66: Double
  /// Bulk modulus B.
  public let bulkModulus: Double

  /// An isotropic medium by Young's modulus (Pa) and Poisson's ratio.
  public static func isotropic(
    youngModulus: Double, poissonRatio: Double, name: String = "the layer"
  ) throws -> Stiffness {
    guard youngModulus > 0, youngModulus.isFinite, poissonRatio > -1, poissonRatio < 0.5 else {
      throw FieldError.unstableStiffness(name: name)
    }
    let shear = youngModulus / (2 * (1 + poissonRatio))
    let lame = youngModulus * poissonRatio / ((1 + poissonRatio) * (1 - 2 * poissonRatio))
    return try cubic(c11: lame + 2 * shear, c12: lame, c44: shear, name: name)
  }

  /// A cubic crystal that rests on a face, Miller indices; `azimuth` turns it about z, rad.
  ///
  /// With azimuth 0, x is the cube axis (or its projection) farthest from the face's normal.
  public static func cubic(
    c11: Double, c12: Double, c44: Double, face: SIMD3<Int> = SIMD3(0, 0, 1), azimuth: Double = 0,
    name: String = "the crystal"
  ) throws -> Stiffness {
    guard c11 > abs(c12), c11 + 2 * c12 > 0, c44 > 0, (c11 + c12 + c44).isFinite else {
      throw FieldError.unstableStiffness(name: name)
    }
    return try Stiffness(c11: c11, c12: c12, c44: c44, axes: axes(on: face, azimuth: azimuth), face: face)
  }

  /// The rows are the device's x, y, z axes in crystal coordinates.
  private static func axes(on face: SIMD3<Int>, azimuth: Double) -> [SIMD3<Double>] {
    let indices = SIMD3(Double(face.x), Double(face.y), Double(face.z))
    let up = indices / (indices * indices).sum().squareRoot()
    let flattest = (0..<3).min { abs(up[$0]) < abs(up[$1]) }!
    var x = SIMD3<Double>.zero
    x[flattest] = 1
    x -= up * up[flattest]
    x /= (x * x).sum().squareRoot()
    let y = SIMD3(up.y * x.z - up.z * x.y, up.z * x.x - up.x * x.z, up.x * x.y - up.y * x.x)
    let (c, s) = (cos(azimuth), sin(azimuth))
    return [c * x + s * y, c * y - s * x, up]
  }

  /// C_ijkl = C₁₂ δ_ij δ_kl + C₄₄ (δ_ik δ_jl + δ_il δ_jk) + (C₁₁ − C₁₂ − 2 C₄₄) Σ_p R_ip R_jp R_kp R_lp.
  private init(c11 a: Double, c12 b: Double, c44 c: Double, axes: [SIMD3<Double>], face: SIMD3<Int>) throws {
    let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    func constant(_ m: Int, _ n: Int) -> Double {
      let ((i, j), (k, l)) = (pairs[m - 1], pairs[n - 1])
      let same = { (p: Int, q: Int) -> Double in p == q ? 1 : 0 }
      return b * same(i, j) * same(k, l) + c * (same(i, k) * same(j, l) + same(i, l) * same(j, k))
        + (a - b - 2 * c) * (axes[i] * axes[j] * axes[k] * axes[l]).sum()
    }
    let broken = [(1, 4), (1, 5), (2, 4), (2, 5), (3, 4), (3, 5), (4, 6), (5, 6)]
    guard broken.allSatisfy({ abs(constant($0.0, $0.1)) < 1e-9 * a }) else {
      throw FieldError.noMirrorPlane(face: face)
    }
    c11 = constant(1, 1)
    c12 = constant(1, 2)
    c13 = constant(1, 3)
    c16 = constant(1, 6)
    c22 = constant(2, 2)
    c23 = constant(2, 3)
    c26 = constant(2, 6)
    c33 = constant(3, 3)
    c36 = constant(3, 6)
    c44 = constant(4, 4)
    c45 = constant(4, 5)
    c55 = constant(5, 5)
    c66 = constant(6, 6)
    bulkModulus = (a + 2 * b) / 3
  }

  /// The stress of an elastic strain, both in the order xx, yy, zz, xy, yz, xz of `SymmetricTensorField`.
  public func stress(of strain: [Double]) -> [Double] {
    let (xx, yy, zz, xy, yz, xz) = (strain[0], strain[1], strain[2], 2 * strain[3], 2 * strain[4], 2 * strain[5])
    return [
      c11 * xx + c12 * yy + c13 * zz + c16 * xy, c12 * xx + c22 * yy + c23 * zz + c26 * xy,
      c13 * xx + c23 * yy + c33 * zz + c36 * xy, c16 * xx + c26 * yy + c36 * zz + c66 * xy,
      c44 * yz + c45 * xz, c45 * yz + c55 * xz,
    ]
  }

  /// The strain along z of a film with this elastic strain along x and y and no stress on its top.
  public func normalStrain(biaxial strain: Double) -> Double { -(c13 + c23) / c33 * strain }
}

/// A layer of uniform stiffness in the strain solver's stack.
public struct ElasticLayer: Hashable, Sendable {
  public var stiffness: Stiffness
  /// Thickness, m.
  public var thickness: Double

  public init(_ stiffness: Stiffness, thickness: Double) {
    self.stiffness = stiffness
    self.thickness = thickness
  }
}
