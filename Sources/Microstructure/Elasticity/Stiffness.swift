import Foundation
import Materials
import NumericalMethods
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
  /// With azimuth 0 the crystal is turned the shortest way that takes the face's normal to z.
  public static func cubic(
    c11: Double, c12: Double, c44: Double, face: SIMD3<Int> = SIMD3(0, 0, 1), azimuth: Double = 0,
    name: String = "the crystal"
  ) throws -> Stiffness {
    let crystal = ElasticTensor(c11: c11, c12: c12, c44: c44)
    guard crystal.isStable else { throw FieldError.unstableStiffness(name: name) }
    let up = SIMD3(0.0, 0, 1)
    let resting = Rotation(from: SIMD3(Double(face.x), Double(face.y), Double(face.z)), to: up)
    let turned = crystal.rotated(by: Rotation(axis: up, angle: azimuth) * resting)
    return try Stiffness(turned, scale: c11, bulkModulus: crystal.bulkModulus, face: face)
  }

  /// The isotropic medium that many cubic grains of all orientations make.
  ///
  ///     B = (c₁₁ + 2 c₁₂)/3,  G = (G_V + G_R)/2,  G_V = (c₁₁ − c₁₂ + 3 c₄₄)/5,  G_R = 5 (c₁₁ − c₁₂) c₄₄/[4 c₄₄ + 3 (c₁₁ − c₁₂)]
  ///
  /// The mean of the bounds of Voigt and Reuss: Hill, *Proc. Phys. Soc. A* 65 (1952) 349.
  public static func polycrystal(
    c11: Double, c12: Double, c44: Double, name: String = "the crystal"
  ) throws -> Stiffness {
    guard ElasticTensor(c11: c11, c12: c12, c44: c44).isStable else { throw FieldError.unstableStiffness(name: name) }
    let bulk = (c11 + 2 * c12) / 3
    let voigt = (c11 - c12 + 3 * c44) / 5
    let reuss = 5 * (c11 - c12) * c44 / (4 * c44 + 3 * (c11 - c12))
    let shear = 0.5 * (voigt + reuss)
    return try cubic(c11: bulk + 4 * shear / 3, c12: bulk - 2 * shear / 3, c44: shear, name: name)
  }

  /// The medium that cubic grains of a fibre texture make: the same along every direction in the plane.
  ///
  /// The mean of the bounds of Voigt and Reuss (Hill), over tilts of `normal`, in the crystal's axes, by March and
  /// Dollase's law and over all turns about it and about z. Like its grains it answers an equal strain of all axes with
  /// 3B on all axes. r = 1 is `polycrystal`.
  public static func film(
    c11: Double, c12: Double, c44: Double, normal: SIMD3<Double>, texture: MarchDollase, name: String = "the crystal"
  ) throws -> Stiffness {
    let crystal = ElasticTensor(c11: c11, c12: c12, c44: c44)
    guard crystal.isStable else { throw FieldError.unstableStiffness(name: name) }
    let det = (c11 - c12) * (c11 + 2 * c12)
    // As a tensor: the engineering factor 4 of shear is taken off.
    let compliance = ElasticTensor(c11: (c11 + c12) / det, c12: -c12 / det, c44: 0.25 / c44)
    let up = SIMD3(0.0, 0, 1)
    let resting = Rotation(from: normal, to: up)
    let tilts = 48
    // A tensor of rank four knows no more than four waves around the circle.
    let turns = 6
    var (voigt, reuss) = (FibreMean(), FibreMean())
    for tilt in 0..<tilts {
      let angle = acos(min(1, texture.cosine(quantile: (Double(tilt) + 0.5) / Double(tilts))))
      for turn in 0..<turns {
        let spin = Rotation(axis: up, angle: 2 * Double.pi * (Double(turn) + 0.5) / Double(turns))
        let rotation = Rotation(axis: SIMD3(1, 0, 0), angle: angle) * spin * resting
        voigt.add(crystal.rotated(by: rotation), share: 1 / Double(tilts * turns))
        reuss.add(compliance.rotated(by: rotation), share: 1 / Double(tilts * turns))
      }
    }
    let sum = reuss.inverse
    let hill = FibreMean(
      c11: 0.5 * (voigt.c11 + sum.c11), c12: 0.5 * (voigt.c12 + sum.c12), c13: 0.5 * (voigt.c13 + sum.c13),
      c33: 0.5 * (voigt.c33 + sum.c33), c44: 0.5 * (voigt.c44 + sum.c44))
    return Stiffness(
      mirrorPartOf: ElasticTensor(
        c11: hill.c11, c12: hill.c12, c13: hill.c13, c33: hill.c33, c44: hill.c44, c66: 0.5 * (hill.c11 - hill.c12)),
      bulkModulus: (c11 + 2 * c12) / 3)
  }

  /// A tensor's mean over all turns about z.
  private struct FibreMean {
    var c11 = 0.0, c12 = 0.0, c13 = 0.0, c33 = 0.0, c44 = 0.0

    mutating func add(_ c: ElasticTensor, share: Double) {
      let (sum, cross) = (c[1, 1] + c[2, 2], 2 * c[1, 2])
      let shear = 4 * c[6, 6]
      c11 += share * (3 * sum + cross + shear) / 8
      c12 += share * (sum + 3 * cross - shear) / 8
      c13 += share * 0.5 * (c[1, 3] + c[2, 3])
      c33 += share * c[3, 3]
      c44 += share * 0.5 * (c[4, 4] + c[5, 5])
    }

    /// The stiffness of a compliance whose shear is that of a tensor.
    var inverse: FibreMean {
      let det = (c11 + c12) * c33 - 2 * c13 * c13
      let (sum, difference) = (c33 / det, 1 / (c11 - c12))
      return FibreMean(
        c11: 0.5 * (sum + difference), c12: 0.5 * (sum - difference), c13: -c13 / det, c33: (c11 + c12) / det,
        c44: 0.25 / c44)
    }
  }

  /// - Parameter scale: Pa, of which the constants that a mirror plane forbids must be a rounding.
  private init(_ c: ElasticTensor, scale: Double, bulkModulus: Double, face: SIMD3<Int>) throws {
    let broken = [(1, 4), (1, 5), (2, 4), (2, 5), (3, 4), (3, 5), (4, 6), (5, 6)]
    guard broken.allSatisfy({ abs(c[$0.0, $0.1]) < 1e-9 * scale }) else { throw FieldError.noMirrorPlane(face: face) }
    c11 = c[1, 1]
    c12 = c[1, 2]
    c13 = c[1, 3]
    c16 = c[1, 6]
    c22 = c[2, 2]
    c23 = c[2, 3]
    c26 = c[2, 6]
    c33 = c[3, 3]
    c36 = c[3, 6]
    c44 = c[4, 4]
    c45 = c[4, 5]
    c55 = c[5, 5]
    c66 = c[6, 6]
    self.bulkModulus = bulkModulus
  }

  /// The part of any tensor that a mirror plane z = 0 allows.
  init(mirrorPartOf c: ElasticTensor, bulkModulus: Double? = nil) {
    (c11, c12, c13, c16) = (c[1, 1], c[1, 2], c[1, 3], c[1, 6])
    (c22, c23, c26) = (c[2, 2], c[2, 3], c[2, 6])
    (c33, c36) = (c[3, 3], c[3, 6])
    (c44, c45, c55, c66) = (c[4, 4], c[4, 5], c[5, 5], c[6, 6])
    self.bulkModulus = bulkModulus ?? c.bulkModulus
  }

  /// The whole tensor, Pa.
  var tensor: ElasticTensor {
    var c = ElasticTensor()
    (c[1, 1], c[1, 2], c[1, 3], c[1, 6]) = (c11, c12, c13, c16)
    (c[2, 2], c[2, 3], c[2, 6]) = (c22, c23, c26)
    (c[3, 3], c[3, 6]) = (c33, c36)
    (c[4, 4], c[4, 5], c[5, 5], c[6, 6]) = (c44, c45, c55, c66)
    return c
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
