import Foundation
import Quantities

/// The cell of a crystal.
public struct Lattice: Hashable, Sendable, Codable {
  /// Bravais centering, which extinguishes reflections.
  public enum Centering: String, Hashable, Sendable, Codable, CaseIterable {
    case P, A, B, C, I, F, R

    /// Lattice translations within the cell, in 24ths of its axes, with the one by nothing; R on hexagonal axes, obverse.
    var translations: [SIMD3<Int>] {
      let (a, b, c) = (SIMD3(0, 12, 12), SIMD3(12, 0, 12), SIMD3(12, 12, 0))
      return [.zero]
        + {
          switch self {
          case .P: []
          case .A: [a]
          case .B: [b]
          case .C: [c]
          case .I: [SIMD3(12, 12, 12)]
          case .F: [a, b, c]
          case .R: [SIMD3(16, 8, 8), SIMD3(8, 16, 16)]
          }
        }()
    }
  }

  /// Formula units in the cell.
  public var formulaUnits: Int
  public var centering: Centering
  /// Hermann-Mauguin symbol, with `_` before the digit of a screw: `I4/mcm`; the symmetry of the bare lattice, if absent.
  public var spaceGroup: String?
  public var a: Length
  /// a, if absent.
  public var b: Length?
  /// a, if absent.
  public var c: Length?
  /// A right angle, if absent; so are β and γ.
  public var alpha: Angle?
  public var beta: Angle?
  public var gamma: Angle?

  public init(
    formulaUnits: Int, centering: Centering, spaceGroup: String? = nil, a: Length, b: Length? = nil, c: Length? = nil,
    alpha: Angle? = nil, beta: Angle? = nil, gamma: Angle? = nil
  ) {
    self.formulaUnits = formulaUnits
    self.centering = centering
    self.spaceGroup = spaceGroup
    self.a = a
    self.b = b
    self.c = c
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
  }

  /// The cell's axes as columns in a right-handed frame: a along x, b in the plane z = 0; m.
  ///
  /// International Tables for Crystallography.
  public var axes: (a: SIMD3<Double>, b: SIMD3<Double>, c: SIMD3<Double>) {
    let (a, b, c) = (self.a.si, (self.b ?? self.a).si, (self.c ?? self.a).si)
    // A missing angle is exactly right: its cosine is 0 and not the rounding of π/2.
    let cosine = { (angle: Angle?) -> Double in angle.map { cos($0.si) } ?? 0 }
    let (ca, cb, cg) = (cosine(alpha), cosine(beta), cosine(gamma))
    let sg = gamma.map { sin($0.si) } ?? 1
    let y = (ca - cb * cg) / sg
    return (SIMD3(a, 0, 0), SIMD3(b * cg, b * sg, 0), SIMD3(c * cb, c * y, c * (1 - cb * cb - y * y).squareRoot()))
  }

  /// m³.
  public var cellVolume: Double {
    let (a, b, c) = axes
    return a.x * b.y * c.z
  }

  /// Reciprocal vector of a plane (hkl), 1/m: normal to it, of length 1/d.
  public func reciprocal(_ h: Int, _ k: Int, _ l: Int) -> SIMD3<Double> {
    let (a, b, c) = axes
    func cross(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    }
    return (Double(h) * cross(b, c) + Double(k) * cross(c, a) + Double(l) * cross(a, b)) / cellVolume
  }
}
