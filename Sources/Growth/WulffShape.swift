import Foundation

/// The convex body { x : x · n ≤ γ } that a set of faces encloses.
///
/// With surface energies it is the equilibrium shape (Wulff 1901), with face speeds the shape of steady growth; physics (5.2).
/// Distances are in the unit of γ.
public struct WulffShape: Sendable {
  /// A face by its outward normal and its distance from the center.
  public struct Face: Hashable, Sendable {
    public var normal: SIMD3<Double>
    public var distance: Double

    public init(normal: SIMD3<Double>, distance: Double) {
      let length = (normal * normal).sum().squareRoot()
      self.normal = normal / length
      self.distance = distance
    }
  }

  public let faces: [Face]
  /// Area of each face; zero for a face that the others cut off.
  public let areas: [Double]
  public let volume: Double

  /// - Parameter faces: enough to enclose a finite body; every distance above 0.
  public init(faces: [Face]) {
    self.faces = faces
    areas = faces.indices.map { Self.area(of: $0, among: faces) }
    volume = zip(faces, areas).reduce(0) { $0 + $1.0.distance * $1.1 / 3 }
  }

  /// The body of the {100}, {110} and {111} faces of a cubic crystal.
  public init(cubic100: Double, cubic110: Double, cubic111: Double) {
    var faces: [Face] = []
    for (indices, distance) in [((1, 0, 0), cubic100), ((1, 1, 0), cubic110), ((1, 1, 1), cubic111)] {
      for normal in Self.family(indices.0, indices.1, indices.2) {
        faces.append(Face(normal: normal, distance: distance))
      }
    }
    self.init(faces: faces)
  }

  /// Total area of the faces of a family.
  public func area(ofFamily h: Int, _ k: Int, _ l: Int) -> Double {
    let members = Self.family(h, k, l).map { $0 / ($0 * $0).sum().squareRoot() }
    var sum = 0.0
    for (face, area) in zip(faces, areas)
    where members.contains(where: { ((($0 - face.normal) * ($0 - face.normal)).sum()) < 1e-18 }) {
      sum += area
    }
    return sum
  }

  /// All distinct normals of a cubic family, in a fixed order.
  public static func family(_ h: Int, _ k: Int, _ l: Int) -> [SIMD3<Double>] {
    var members: [SIMD3<Int>] = []
    for order in [[h, k, l], [h, l, k], [k, h, l], [k, l, h], [l, h, k], [l, k, h]] {
      for signs in 0..<8 {
        let member = SIMD3(
          signs & 1 == 0 ? order[0] : -order[0], signs & 2 == 0 ? order[1] : -order[1],
          signs & 4 == 0 ? order[2] : -order[2])
        if !members.contains(member) { members.append(member) }
      }
    }
    return members.map { SIMD3(Double($0.x), Double($0.y), Double($0.z)) }
  }

  /// The face's polygon: a large square in its plane, clipped by every other half-space.
  private static func area(of index: Int, among faces: [Face]) -> Double {
    let face = faces[index]
    let reach = 100 * faces.map(\.distance).max()!
    let reference: SIMD3<Double> = abs(face.normal.x) < 0.6 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)
    let u = normalized(cross(face.normal, reference))
    let v = cross(face.normal, u)
    var polygon = [SIMD2(-reach, -reach), SIMD2(reach, -reach), SIMD2(reach, reach), SIMD2(-reach, reach)]
    for (other, plane) in faces.enumerated() where other != index {
      let a = (plane.normal * u).sum()
      let b = (plane.normal * v).sum()
      let rest = plane.distance - (plane.normal * face.normal).sum() * face.distance
      if a * a + b * b < 1e-24 {
        if rest < 0 { return 0 }
        continue
      }
      var clipped: [SIMD2<Double>] = []
      for i in polygon.indices {
        let p = polygon[i]
        let q = polygon[(i + 1) % polygon.count]
        let sp = rest - (a * p.x + b * p.y)
        let sq = rest - (a * q.x + b * q.y)
        if sp >= 0 { clipped.append(p) }
        if (sp > 0 && sq < 0) || (sp < 0 && sq > 0) { clipped.append(p + (q - p) * (sp / (sp - sq))) }
      }
      polygon = clipped
      if polygon.count < 3 { return 0 }
    }
    var twice = 0.0
    for i in polygon.indices {
      let p = polygon[i]
      let q = polygon[(i + 1) % polygon.count]
      twice += p.x * q.y - p.y * q.x
    }
    return abs(twice) / 2
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  private static func normalized(_ a: SIMD3<Double>) -> SIMD3<Double> { a / (a * a).sum().squareRoot() }
}
