/// Four lateral modes that are worked on side by side.
typealias Lanes = SIMD4<Double>

/// The quadratic form of elastic energy per height at one lateral wave vector, and the finite element it gives.
///
/// With u = (a_x, a_y, i w) e^(i k·x) the strain is A q + B q′ in q = (a_x, a_y, w): its components xx, yy, zz, xy
/// are i times real combinations, yz and xz are real, and a mirror plane z = 0 keeps the two groups apart. Hence
/// every matrix is real: P = AᵀCA, R = AᵀCB, T = BᵀCB.
struct LayeredElement {
  private let pxx, pxy, pyy, pww, rxw, ryw, rwx, rwy: Lanes
  private let txx, txy, tyy, tww: Double

  /// - Parameters:
  ///   - scale: stress by which the matrices are divided.
  init(_ c: Stiffness, kx: Lanes, ky: Lanes, scale: Double) {
    let s = 1 / scale
    let (xx, xy, yy) = (kx * kx, kx * ky, ky * ky)
    pxx = s * (c.c11 * xx + 2 * c.c16 * xy + c.c66 * yy)
    pyy = s * (c.c22 * yy + 2 * c.c26 * xy + c.c66 * xx)
    pxy = s * ((c.c12 + c.c66) * xy + c.c16 * xx + c.c26 * yy)
    pww = s * (c.c44 * yy + 2 * c.c45 * xy + c.c55 * xx)
    rxw = s * (c.c13 * kx + c.c36 * ky)
    ryw = s * (c.c23 * ky + c.c36 * kx)
    rwx = -s * (c.c45 * ky + c.c55 * kx)
    rwy = -s * (c.c44 * ky + c.c45 * kx)
    txx = s * c.c55
    txy = s * c.c45
    tyy = s * c.c44
    tww = s * c.c33
  }

  /// The block of one node with itself: `side` is −1 for the lower, +1 for the upper node of an element of height h.
  func own(_ h: Double, side: Double) -> SymmetricBlock {
    SymmetricBlock(
      xx: pxx * (h / 3) + txx / h, xy: pxy * (h / 3) + txy / h, xw: (0.5 * side) * (rxw + rwx),
      yy: pyy * (h / 3) + tyy / h, yw: (0.5 * side) * (ryw + rwy), ww: pww * (h / 3) + tww / h)
  }

  /// The block that couples the upper node (row) to the lower node (column).
  func coupling(_ h: Double) -> CouplingBlock {
    CouplingBlock(
      xx: pxx * (h / 6) - txx / h, xy: pxy * (h / 6) - txy / h, yy: pyy * (h / 6) - tyy / h,
      ww: pww * (h / 6) - tww / h, wx: 0.5 * (rxw - rwx), wy: 0.5 * (ryw - rwy))
  }
}

/// A symmetric 3 × 3 matrix per lane.
struct SymmetricBlock {
  var xx, xy, xw, yy, yw, ww: Lanes

  static func + (a: Self, b: Self) -> Self {
    Self(xx: a.xx + b.xx, xy: a.xy + b.xy, xw: a.xw + b.xw, yy: a.yy + b.yy, yw: a.yw + b.yw, ww: a.ww + b.ww)
  }

  static func - (a: Self, b: Self) -> Self {
    Self(xx: a.xx - b.xx, xy: a.xy - b.xy, xw: a.xw - b.xw, yy: a.yy - b.yy, yw: a.yw - b.yw, ww: a.ww - b.ww)
  }

  /// By cofactors.
  var inverse: Self {
    let a = yy * ww - yw * yw
    let b = xw * yw - xy * ww
    let c = xy * yw - xw * yy
    let r = 1 / (xx * a + xy * b + xw * c)
    return Self(
      xx: a * r, xy: b * r, xw: c * r, yy: (xx * ww - xw * xw) * r, yw: (xy * xw - xx * yw) * r,
      ww: (xx * yy - xy * xy) * r)
  }
}

/// The coupling block O of two nodes: symmetric in x, y and antisymmetric between those and w.
struct CouplingBlock {
  var xx, xy, yy, ww, wx, wy: Lanes

  /// M = O D, row by row.
  func times(_ d: SymmetricBlock) -> [Lanes] {
    [
      xx * d.xx + xy * d.xy - wx * d.xw, xx * d.xy + xy * d.yy - wx * d.yw, xx * d.xw + xy * d.yw - wx * d.ww,
      xy * d.xx + yy * d.xy - wy * d.xw, xy * d.xy + yy * d.yy - wy * d.yw, xy * d.xw + yy * d.yw - wy * d.ww,
      wx * d.xx + wy * d.xy + ww * d.xw, wx * d.xy + wy * d.yy + ww * d.yw, wx * d.xw + wy * d.yw + ww * d.ww,
    ]
  }

  /// M Oᵀ, which is symmetric when M = O D.
  func transposed(after m: [Lanes]) -> SymmetricBlock {
    SymmetricBlock(
      xx: m[0] * xx + m[1] * xy - m[2] * wx, xy: m[0] * xy + m[1] * yy - m[2] * wy,
      xw: m[0] * wx + m[1] * wy + m[2] * ww, yy: m[3] * xy + m[4] * yy - m[5] * wy,
      yw: m[3] * wx + m[4] * wy + m[5] * ww, ww: m[6] * wx + m[7] * wy + m[8] * ww)
  }
}
