/// Four lateral modes that are worked on side by side.
typealias Lanes = SIMD4<Double>

/// The quadratic form of elastic energy per height at one lateral wave vector, and the finite element it gives.
///
/// With u = (a_x, a_y, i w) e^(i k·x) the strain is A q + B q′ in q = (a_x, a_y, w): its components xx, yy, zz, xy
/// are i times real combinations, yz and xz are real, and a mirror plane z = 0 keeps the two groups apart. Hence
/// every matrix is real: P = AᵀCA, R = AᵀCB, T = BᵀCB.
struct LayeredElement {
  private let pxx, pxy, pyy, pww, rxw, ryw, rwx, rwy: Lanes
  private let txx, txy, tyy, tww: Lanes

  /// - Parameters:
  ///   - scale: stress by which the matrices are divided.
  init(_ c: Stiffness, _ symbols: LateralSymbols, scale: Double) {
    let s = 1 / scale
    let (xx, xy, yy) = (symbols.xx, symbols.xy, symbols.yy)
    let (x, y, one) = (symbols.x, symbols.y, symbols.one)
    pxx = s * (c.c11 * xx + 2 * c.c16 * xy + c.c66 * yy)
    pyy = s * (c.c22 * yy + 2 * c.c26 * xy + c.c66 * xx)
    pxy = s * ((c.c12 + c.c66) * xy + c.c16 * xx + c.c26 * yy)
    pww = s * (c.c44 * yy + 2 * c.c45 * xy + c.c55 * xx)
    rxw = s * (c.c13 * x + c.c36 * y)
    ryw = s * (c.c23 * y + c.c36 * x)
    rwx = -s * (c.c45 * y + c.c55 * x)
    rwy = -s * (c.c44 * y + c.c45 * x)
    txx = s * c.c55 * one
    txy = s * c.c45 * one
    tyy = s * c.c44 * one
    tww = s * c.c33 * one
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

  static let zero = SymmetricBlock(xx: .zero, xy: .zero, xw: .zero, yy: .zero, yw: .zero, ww: .zero)

  static func + (a: Self, b: Self) -> Self {
    Self(xx: a.xx + b.xx, xy: a.xy + b.xy, xw: a.xw + b.xw, yy: a.yy + b.yy, yw: a.yw + b.yw, ww: a.ww + b.ww)
  }

  static func - (a: Self, b: Self) -> Self {
    Self(xx: a.xx - b.xx, xy: a.xy - b.xy, xw: a.xw - b.xw, yy: a.yy - b.yy, yw: a.yw - b.yw, ww: a.ww - b.ww)
  }

  /// Each lane times a factor.
  func masked(_ factor: Lanes) -> Self {
    Self(xx: xx * factor, xy: xy * factor, xw: xw * factor, yy: yy * factor, yw: yw * factor, ww: ww * factor)
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

  /// One step up a chain of elements, from the inverse D⁻¹ of a node's block without the nodes below it: M = O D⁻¹ and
  /// the next node's block without this one, of which the element between them gives `own`.
  func eliminated(_ coupling: CouplingBlock, from own: SymmetricBlock) -> (multiplier: Multiplier, next: SymmetricBlock)
  {
    let multiplier = coupling.times(self)
    return (multiplier, own - coupling.transposed(after: multiplier))
  }

  var components: [Lanes] { [xx, xy, xw, yy, yw, ww] }
}

/// A 3 × 3 matrix per lane.
struct Multiplier {
  var xx, xy, xw, yx, yy, yw, wx, wy, ww: Lanes

  var components: [Lanes] { [xx, xy, xw, yx, yy, yw, wx, wy, ww] }
}

/// The coupling block O of two nodes: symmetric in x, y and antisymmetric between those and w.
struct CouplingBlock {
  var xx, xy, yy, ww, wx, wy: Lanes

  /// M = O D.
  func times(_ d: SymmetricBlock) -> Multiplier {
    Multiplier(
      xx: xx * d.xx + xy * d.xy - wx * d.xw, xy: xx * d.xy + xy * d.yy - wx * d.yw,
      xw: xx * d.xw + xy * d.yw - wx * d.ww,
      yx: xy * d.xx + yy * d.xy - wy * d.xw, yy: xy * d.xy + yy * d.yy - wy * d.yw,
      yw: xy * d.xw + yy * d.yw - wy * d.ww,
      wx: wx * d.xx + wy * d.xy + ww * d.xw, wy: wx * d.xy + wy * d.yy + ww * d.yw,
      ww: wx * d.xw + wy * d.yw + ww * d.ww)
  }

  /// M Oᵀ, which is symmetric when M = O D.
  func transposed(after m: Multiplier) -> SymmetricBlock {
    SymmetricBlock(
      xx: m.xx * xx + m.xy * xy - m.xw * wx, xy: m.xx * xy + m.xy * yy - m.xw * wy,
      xw: m.xx * wx + m.xy * wy + m.xw * ww, yy: m.yx * xy + m.yy * yy - m.yw * wy,
      yw: m.yx * wx + m.yy * wy + m.yw * ww, ww: m.wx * wx + m.wy * wy + m.ww * ww)
  }
}
