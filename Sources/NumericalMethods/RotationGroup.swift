import Foundation

/// A finite group of proper rotations: how a crystal of some class may be turned without a change.
public struct RotationGroup: Hashable, Sendable {
  /// The first is the identity.
  public let rotations: [Rotation]

  /// The smallest group that holds these rotations.
  /// - Precondition: it has at most 60 of them, as every finite group but the cyclic and dihedral ones.
  public init(generatedBy generators: [Rotation]) {
    var found: [Rotation] = [.identity]
    var next = 0
    while next < found.count {
      for generator in generators {
        let product = found[next] * generator
        if !found.contains(where: { Self.isSame($0, product) }) { found.append(product) }
      }
      precondition(found.count <= 60, "these rotations do not make a crystallographic group")
      next += 1
    }
    rotations = found
  }

  /// Class 432, the rotations of the cube: 24.
  public static let cubic = RotationGroup(generatedBy: [
    Rotation(axis: SIMD3(0, 0, 1), angle: Double.pi / 2), Rotation(axis: SIMD3(1, 1, 1), angle: 2 * Double.pi / 3),
  ])

  private static func isSame(_ a: Rotation, _ b: Rotation) -> Bool {
    abs((a.quaternion * b.quaternion).sum()) > 1 - 1e-9
  }

  /// The smallest angle, rad, that turns a lattice of this symmetry from one orientation into another.
  ///
  ///     ω = min over s of the angle of g_a⁻¹ g_b s
  ///
  /// Orientations take crystal axes to those of the sample, so symmetry acts from the right; the angle needs it on one side
  /// only. Mackenzie, *Biometrika* 45 (1958) 229.
  public func disorientation(_ a: Rotation, _ b: Rotation) -> Double {
    let step = a.inverse * b
    let (w, v) = (step.quaternion.x, SIMD3(step.quaternion.y, step.quaternion.z, step.quaternion.w))
    var best = Rotation.identity
    var largest = -1.0
    for rotation in rotations {
      let s = rotation.quaternion
      let cosine = abs(w * s.x - v.x * s.y - v.y * s.z - v.z * s.w)
      if cosine > largest {
        largest = cosine
        best = rotation
      }
    }
    return (step * best).angle
  }
}
