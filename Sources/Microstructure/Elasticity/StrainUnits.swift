import CKernels
import Fields
import Foundation
import NumericalMethods

/// Takes a body of any voxels and units to one of cubic voxels and numbers near 1, and back.
///
/// With ρ_a = h/h_a, h³ the voxel's volume: u_c = ρ_c h v_c, ε_ab = ρ_a ρ_b e_ab, c_abcd = ρ_a ρ_b ρ_c ρ_d C_abcd/C₀,
/// ρ_a ρ_b σ_ab = C₀ s_ab and s = c : e hold of the same element integrals as if all edges were 1.
struct StrainUnits: Sendable {
  static let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]

  /// C₀, Pa.
  let stiffness: Double
  /// ρ_c h, m.
  let length: SIMD3<Double>
  let ratios: SIMD3<Double>
  /// ρ_a ρ_b in Voigt's order.
  let products: [Double]
  let isCubic: Bool

  init(_ grid: Grid, stiffness: [ElasticTensor]) {
    let largest = stiffness.reduce(0.0) { max($0, $1.voigt.reduce(0) { max($0, abs($1)) }) }
    self.stiffness = largest
    isCubic = grid.spacing.x == grid.spacing.y && grid.spacing.y == grid.spacing.z
    let edge = isCubic ? grid.spacing.x : cbrt(grid.spacing.x) * cbrt(grid.spacing.y) * cbrt(grid.spacing.z)
    let ratios = isCubic ? SIMD3(repeating: 1.0) : edge / grid.spacing
    self.ratios = ratios
    length = ratios * edge
    products = Self.pairs.map { ratios[$0.0] * ratios[$0.1] }
  }

  /// c, 36 numbers.
  func scaled(_ tensor: ElasticTensor) -> [Double] {
    (0..<36).map { tensor.voigt[$0] / stiffness * (products[$0 / 6] * products[$0 % 6]) }
  }

  /// c of a medium with a mirror plane.
  func scaled(_ medium: Stiffness) -> Stiffness { mirrorPart(medium.tensor) }

  /// The part of c that a mirror plane z = 0 allows.
  func mirrorPart(_ tensor: ElasticTensor) -> Stiffness {
    let c = scaled(tensor)
    var result = ElasticTensor()
    for m in 0..<6 {
      for n in m..<6 { result[m + 1, n + 1] = c[6 * m + n] }
    }
    return Stiffness(mirrorPartOf: result)
  }

  /// e with twice the tensor's shear, in Voigt's order.
  func scaled(strain: SymmetricTensor) -> [Double] {
    let e = [strain.xx, strain.yy, strain.zz, 2 * strain.yz, 2 * strain.xz, 2 * strain.xy]
    return (0..<6).map { e[$0] / products[$0] }
  }

  /// ε of an e with twice the tensor's shear.
  func strain(_ e: [Double]) -> SymmetricTensor {
    let s = (0..<6).map { e[$0] * products[$0] }
    return SymmetricTensor(xx: s[0], yy: s[1], zz: s[2], yz: s[3] / 2, xz: s[4] / 2, xy: s[5] / 2)
  }

  /// s of one component of the stress, Pa.
  func scaled(stress: Double, component: Int) -> Double { stress / stiffness * products[component] }

  /// σ, Pa.
  func stress(_ s: [Double]) -> SymmetricTensor {
    let t = (0..<6).map { s[$0] * stiffness / products[$0] }
    return SymmetricTensor(xx: t[0], yy: t[1], zz: t[2], yz: t[3], xz: t[4], xy: t[5])
  }

  /// The kernels' table of phases: c/16, in the layout that `ck_medium` asks for.
  func table(_ stiffness: [ElasticTensor]) -> (kind: Int32, values: [Double]) {
    let media = stiffness.map { scaled($0).map { $0 / 16 } }
    if isCubic, stiffness.allSatisfy(\.isIsotropic) {
      return (Int32(ck_isotropic), media.flatMap { [$0[1], $0[21]] })
    }
    return (Int32(ck_general), media.flatMap(Self.generalRow))
  }

  /// The upper triangle, and the six components of c_ijkj / 9.
  private static func generalRow(_ c: [Double]) -> [Double] {
    let voigt = [[0, 5, 4], [5, 1, 3], [4, 3, 2]]
    var row: [Double] = []
    for m in 0..<6 {
      for n in m..<6 { row.append(c[6 * m + n]) }
    }
    for i in 0..<3 {
      for k in i..<3 {
        var sum = 0.0
        for j in 0..<3 { sum += c[6 * voigt[i][j] + voigt[k][j]] }
        row.append(sum / 9)
      }
    }
    return row
  }
}

extension ElasticTensor {
  /// Whether two constants say all: exactly, as the fast kernel leaves out the rest.
  var isIsotropic: Bool {
    let (lame, shear) = (self[1, 2], self[4, 4])
    let largest = voigt.reduce(0.0) { max($0, abs($1)) }
    return (0..<36).allSatisfy { index in
      let (m, n) = (index / 6, index % 6)
      let value = m < 3 && n < 3 ? lame + (m == n ? 2 * shear : 0) : m == n ? shear : 0
      return abs(voigt[index] - value) <= 4e-16 * largest
    }
  }

  /// λ and μ of the isotropic medium nearest in Voigt's sense.
  var isotropicPart: (lame: Double, shear: Double) {
    let (dilatation, shear, _) = invariants
    let bulk = dilatation / 9
    let mu = (3 * shear - dilatation) / 30
    return (bulk - 2 * mu / 3, mu)
  }

  /// Whether no strain releases energy: the factors of Cholesky's decomposition exist, or their rows vanish.
  var isSemidefinite: Bool {
    var rest = voigt
    let scale = (0..<6).reduce(0.0) { max($0, abs(voigt[7 * $1])) }
    guard rest.allSatisfy({ abs($0) <= scale * (1 + 1e-12) }) else { return false }
    for p in 0..<6 {
      let pivot = rest[7 * p]
      if pivot > 1e-12 * scale {
        for m in (p + 1)..<max(6, p + 1) {
          for n in (p + 1)..<6 { rest[6 * m + n] -= rest[6 * m + p] * rest[6 * p + n] / pivot }
        }
      } else {
        guard pivot >= -1e-12 * scale, (p..<6).allSatisfy({ abs(rest[6 * p + $0]) <= 1e-6 * scale }) else {
          return false
        }
      }
    }
    return true
  }
}
