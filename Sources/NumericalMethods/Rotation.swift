import Foundation

/// A proper rotation, as a unit quaternion q = (w, x, y, z): v′ = q v q*.
///
/// Active and right-handed: `Rotation(axis: z, angle: π/2)` takes x to y. `a * b` is b first, then a. q and −q are the
/// same rotation. Morawiec, *Orientations and Rotations* (2004).
public struct Rotation: Hashable, Sendable {
  /// (w, x, y, z), of norm 1.
  public let quaternion: SIMD4<Double>

  public static let identity = Rotation(SIMD4(1, 0, 0, 0))

  /// - Parameter quaternion: (w, x, y, z) of any norm but 0.
  public init(_ quaternion: SIMD4<Double>) {
    let square = (quaternion * quaternion).sum()
    precondition(square > 0 && square.isFinite, "a rotation's quaternion is finite and not 0")
    self.quaternion = quaternion / square.squareRoot()
  }

  /// - Parameter angle: rad, right-handed about the axis, which may have any length but 0.
  public init(axis: SIMD3<Double>, angle: Double) {
    let unit = axis.normalized * sin(angle / 2)
    self.init(SIMD4(cos(angle / 2), unit.x, unit.y, unit.z))
  }

  /// The rotation by |v| rad about v; none for 0.
  public init(vector: SIMD3<Double>) {
    let angle = vector.norm
    self = angle > 0 ? Rotation(axis: vector, angle: angle) : .identity
  }

  /// The shortest rotation that takes one direction to another; lengths do not count.
  public init(from start: SIMD3<Double>, to end: SIMD3<Double>) {
    let (a, b) = (start.normalized, end.normalized)
    let middle = a + b
    // Opposite directions leave the axis free: any one normal to them.
    guard middle.norm > 1e-9 else {
      self.init(axis: a.anyNormal, angle: Double.pi)
      return
    }
    let half = middle.normalized
    let axis = a.cross(half)
    self.init(SIMD4(a.dot(half), axis.x, axis.y, axis.z))
  }

  /// The rotation that takes x, y, z to the columns: right-handed, of unit length, normal to each other.
  ///
  /// Shepperd, *J. Guidance Control* 1 (1978) 223: the largest of the four components is found first.
  public init(columns x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>) {
    let trace = x.x + y.y + z.z
    if trace >= max(x.x, y.y, z.z) {
      self.init(SIMD4(1 + trace, y.z - z.y, z.x - x.z, x.y - y.x))
    } else if x.x >= max(y.y, z.z) {
      self.init(SIMD4(y.z - z.y, 1 + x.x - y.y - z.z, x.y + y.x, z.x + x.z))
    } else if y.y >= z.z {
      self.init(SIMD4(z.x - x.z, x.y + y.x, 1 - x.x + y.y - z.z, y.z + z.y))
    } else {
      self.init(SIMD4(x.y - y.x, z.x + x.z, y.z + z.y, 1 - x.x - y.y + z.z))
    }
  }

  /// The images of x, y and z.
  public var columns: (x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
    let q = quaternion
    let (w, x, y, z) = (q.x, q.y, q.z, q.w)
    return (
      SIMD3(1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)),
      SIMD3(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)),
      SIMD3(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y))
    )
  }

  public var inverse: Rotation {
    let q = quaternion
    return Rotation(SIMD4(q.x, -q.y, -q.z, -q.w))
  }

  /// Between 0 and π, rad.
  public var angle: Double {
    let q = quaternion
    let vector = SIMD3(q.y, q.z, q.w)
    // The arctangent keeps its digits where the angle is small.
    return 2 * atan2(vector.norm, abs(q.x))
  }

  @inlinable
  public static func * (a: Rotation, b: Rotation) -> Rotation {
    let (p, q) = (a.quaternion, b.quaternion)
    return Rotation(
      SIMD4(
        p.x * q.x - p.y * q.y - p.z * q.z - p.w * q.w, p.x * q.y + p.y * q.x + p.z * q.w - p.w * q.z,
        p.x * q.z - p.y * q.w + p.z * q.x + p.w * q.y, p.x * q.w + p.y * q.z - p.z * q.y + p.w * q.x))
  }

  /// v′ = q v q*.
  public func callAsFunction(_ v: SIMD3<Double>) -> SIMD3<Double> {
    let q = quaternion
    let vector = SIMD3(q.y, q.z, q.w)
    let twice = 2 * vector.cross(v)
    return v + q.x * twice + vector.cross(twice)
  }

  /// The angle of the rotation between two, rad.
  public func angle(to other: Rotation) -> Double { (inverse * other).angle }
}

extension Rotation {
  /// A rotation drawn so that every orientation is as likely: the Haar measure of SO(3).
  ///
  /// Shoemake, *Graphics Gems III* (1992) 124. Three draws.
  public static func uniform(random: inout RandomSource) -> Rotation {
    let share = random.uniform()
    let (a, b) = (2 * Double.pi * random.uniform(), 2 * Double.pi * random.uniform())
    let (r, s) = ((1 - share).squareRoot(), share.squareRoot())
    return Rotation(SIMD4(s * cos(b), r * sin(a), r * cos(a), s * sin(b)))
  }

  /// A small rotation of a mosaic block against the mean lattice: normal about each of three axes.
  ///
  /// A rocking curve turns about one axis and sees that axis's part alone, of standard deviation FWHM/√(8 ln 2).
  /// Needs FWHM ≪ 1 rad.
  /// - Parameter fullWidth: FWHM of the rocking curve, rad. Three draws.
  public static func mosaic(fullWidth: Double, random: inout RandomSource) -> Rotation {
    let deviation = fullWidth / (8 * log(2.0)).squareRoot()
    let (x, y, z) = (random.normal(), random.normal(), random.normal())
    return Rotation(vector: deviation * SIMD3(x, y, z))
  }
}

extension SIMD3<Double> {
  @inlinable
  public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

  @inlinable
  public func cross(_ other: Self) -> Self {
    SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// Length.
  @inlinable
  public var norm: Double { dot(self).squareRoot() }

  /// Of length 1, in the same direction.
  @inlinable
  public var normalized: Self { self / norm }

  /// A unit vector normal to this one.
  public var anyNormal: Self {
    let flattest: Self =
      abs(x) <= abs(y)
      ? (abs(x) <= abs(z) ? SIMD3(1, 0, 0) : SIMD3(0, 0, 1))
      : (abs(y) <= abs(z) ? SIMD3(0, 1, 0) : SIMD3(0, 0, 1))
    return cross(flattest).normalized
  }
}
