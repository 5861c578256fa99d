/// A tensor of rank 4 with the symmetries of an elastic stiffness: C_ijkl = C_jikl = C_ijlk = C_klij.
public struct ElasticTensor: Hashable, Sendable {
  /// C_mn, row by row, in Voigt's numbering 1 xx, 2 yy, 3 zz, 4 yz, 5 xz, 6 xy, without factors of 2.
  public private(set) var voigt: [Double]

  /// Zero but for what is set later.
  public init() { voigt = [Double](repeating: 0, count: 36) }

  /// A cubic crystal in its own axes.
  public init(c11: Double, c12: Double, c44: Double) {
    self.init(c11: c11, c12: c12, c13: c12, c33: c11, c44: c44, c66: c44)
  }

  /// A tetragonal crystal (classes with mirror planes) in its own axes, c along z; with c66 = (c11 − c12)/2 a hexagonal one.
  public init(c11: Double, c12: Double, c13: Double, c33: Double, c44: Double, c66: Double) {
    self.init()
    (self[1, 1], self[2, 2], self[3, 3]) = (c11, c11, c33)
    (self[1, 2], self[1, 3], self[2, 3]) = (c12, c13, c13)
    (self[4, 4], self[5, 5], self[6, 6]) = (c44, c44, c66)
  }

  /// C_mn by Voigt's numbers, 1 to 6; writing sets C_nm as well.
  public subscript(m: Int, n: Int) -> Double {
    get { voigt[6 * (m - 1) + n - 1] }
    set {
      voigt[6 * (m - 1) + n - 1] = newValue
      voigt[6 * (n - 1) + m - 1] = newValue
    }
  }

  private static let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]

  /// C′_ijkl = Q_ia Q_jb Q_kc Q_ld C_abcd, physics (5.4).
  ///
  /// In Bond's form C′ = M C Mᵀ, *Bell Syst. Tech. J.* 22 (1943) 1.
  public func rotated(by rotation: Rotation) -> ElasticTensor {
    let (x, y, z) = rotation.columns
    let columns = [x, y, z]
    let pairs = Self.pairs
    var bond = [Double](repeating: 0, count: 36)
    for (m, (i, j)) in pairs.enumerated() {
      for (n, (a, b)) in pairs.enumerated() {
        let product = columns[a][i] * columns[b][j]
        bond[6 * m + n] = a == b ? product : product + columns[b][i] * columns[a][j]
      }
    }
    var half = [Double](repeating: 0, count: 36)
    for m in 0..<6 {
      for n in 0..<6 {
        var sum = 0.0
        for k in 0..<6 { sum += bond[6 * m + k] * voigt[6 * k + n] }
        half[6 * m + n] = sum
      }
    }
    var result = ElasticTensor()
    for m in 0..<6 {
      for n in m..<6 {
        var sum = 0.0
        for k in 0..<6 { sum += half[6 * m + k] * bond[6 * n + k] }
        result[m + 1, n + 1] = sum
      }
    }
    return result
  }

  /// σ = C : ε.
  public func callAsFunction(_ strain: SymmetricTensor) -> SymmetricTensor {
    let e = [strain.xx, strain.yy, strain.zz, 2 * strain.yz, 2 * strain.xz, 2 * strain.xy]
    let s = (0..<6).map { m in (0..<6).reduce(0.0) { $0 + voigt[6 * m + $1] * e[$1] } }
    return SymmetricTensor(xx: s[0], yy: s[1], zz: s[2], yz: s[3], xz: s[4], xy: s[5])
  }

  /// C_iijj, C_ijij and C_ijkl C_ijkl, which no rotation changes.
  public var invariants: (dilatation: Double, shear: Double, square: Double) {
    let c = self
    var dilatation = 0.0
    var shear = 0.0
    var square = 0.0
    for m in 1...3 {
      for n in 1...3 { dilatation += c[m, n] }
      shear += c[m, m] + 2 * c[m + 3, m + 3]
    }
    for m in 1...6 {
      for n in 1...6 { square += (m > 3 ? 2 : 1) * (n > 3 ? 2 : 1) * c[m, n] * c[m, n] }
    }
    return (dilatation, shear, square)
  }

  /// Voigt's bulk modulus, C_iijj/9; the modulus itself for a cubic crystal.
  public var bulkModulus: Double { invariants.dilatation / 9 }

  /// Whether every strain costs energy: the factors of Cholesky's decomposition exist.
  public var isStable: Bool {
    var lower = [Double](repeating: 0, count: 36)
    let scale = (0..<6).reduce(0.0) { max($0, voigt[7 * $1]) }
    for m in 0..<6 {
      for n in 0...m {
        var sum = voigt[6 * m + n]
        for k in 0..<n { sum -= lower[6 * m + k] * lower[6 * n + k] }
        if m == n {
          guard sum > 1e-12 * scale, sum.isFinite else { return false }
          lower[6 * m + m] = sum.squareRoot()
        } else {
          lower[6 * m + n] = sum / lower[6 * n + n]
        }
      }
    }
    return true
  }
}
