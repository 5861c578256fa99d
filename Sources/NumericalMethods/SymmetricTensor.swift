/// A symmetric tensor of rank 2: strain, stress, diffusivity, permittivity, an elastic dipole.
public struct SymmetricTensor: Hashable, Sendable {
  public var xx, yy, zz, yz, xz, xy: Double

  public init(xx: Double, yy: Double, zz: Double, yz: Double = 0, xz: Double = 0, xy: Double = 0) {
    self.xx = xx
    self.yy = yy
    self.zz = zz
    self.yz = yz
    self.xz = xz
    self.xy = xy
  }

  /// The same in all directions.
  public init(isotropic value: Double) { self.init(xx: value, yy: value, zz: value) }

  /// `along` an axis, `across` in every direction normal to it: across (I − n nᵀ) + along n nᵀ.
  public init(along: Double, across: Double, axis: SIMD3<Double>) {
    let n = axis.normalized
    let excess = along - across
    self.init(
      xx: across + excess * n.x * n.x, yy: across + excess * n.y * n.y, zz: across + excess * n.z * n.z,
      yz: excess * n.y * n.z, xz: excess * n.x * n.z, xy: excess * n.x * n.y)
  }

  /// T v.
  public func callAsFunction(_ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(xx * v.x + xy * v.y + xz * v.z, xy * v.x + yy * v.y + yz * v.z, xz * v.x + yz * v.y + zz * v.z)
  }

  /// nᵀ T n of a direction; its length does not count.
  public func along(_ direction: SIMD3<Double>) -> Double {
    let n = direction.normalized
    return n.dot(self(n))
  }

  /// T′ = Q T Qᵀ, physics (5.4).
  public func rotated(by rotation: Rotation) -> SymmetricTensor {
    // T′_ij = Σ Q_ia T_ab Q_jb: with r_i the rows of Q, r_i · T r_j.
    let (x, y, z) = rotation.inverse.columns
    let (tx, ty, tz) = (self(x), self(y), self(z))
    return SymmetricTensor(
      xx: x.dot(tx), yy: y.dot(ty), zz: z.dot(tz), yz: y.dot(tz), xz: x.dot(tz), xy: x.dot(ty))
  }

  /// tr T, (tr² T − tr T²)/2 and det T, which no rotation changes.
  public var invariants: (first: Double, second: Double, third: Double) {
    (
      xx + yy + zz, xx * yy + yy * zz + zz * xx - xy * xy - yz * yz - xz * xz,
      xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
    )
  }
}
