import Foundation
import NumericalMethods

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
      self.normal = normal.normalized
      self.distance = distance
    }
  }

  public let faces: [Face]
  /// Corners of each face, in order around it; none for a face that the others cut off.
  public let polygons: [[SIMD3<Double>]]
  /// Area of each face; zero for a face that the others cut off.
  public let areas: [Double]
  public let volume: Double

  /// - Parameter faces: enough to enclose a finite body; every distance above 0.
  public init(faces: [Face]) {
    self.faces = faces
    let reach = 100 * faces.reduce(0) { max($0, $1.distance) }
    polygons = faces.indices.map { Self.polygon(of: faces[$0], among: faces, except: $0, reach: reach) }
    areas = zip(faces, polygons).map { Self.area(of: $1, normal: $0.normal) }
    volume = zip(faces, areas).reduce(0) { $0 + $1.0.distance * $1.1 / 3 }
  }

  /// The corner farthest from the center: the direction that grows fastest.
  public var farthestCorner: SIMD3<Double> {
    polygons.joined().reduce(.zero) { ($1 * $1).sum() > ($0 * $0).sum() * (1 + 1e-9) ? $1 : $0 }
  }

  /// The farthest that the body reaches along a unit vector.
  public func reach(along direction: SIMD3<Double>) -> Double {
    polygons.joined().reduce(-.infinity) { max($0, $1.dot(direction)) }
  }

  /// Area of the cut through the center, across a direction: how fast the plan of a crystal that rests on that face grows.
  public func section(across direction: SIMD3<Double>) -> Double {
    let plane = Face(normal: direction, distance: 0)
    let reach = 100 * faces.reduce(0) { max($0, $1.distance) }
    return Self.area(of: Self.polygon(of: plane, among: faces, except: nil, reach: reach), normal: plane.normal)
  }

  /// A large square in the face's plane, clipped by every other half-space.
  private static func polygon(
    of face: Face, among faces: [Face], except index: Int?, reach: Double
  ) -> [SIMD3<Double>] {
    let u = face.normal.anyNormal
    let v = face.normal.cross(u)
    var polygon = [SIMD2(-reach, -reach), SIMD2(reach, -reach), SIMD2(reach, reach), SIMD2(-reach, reach)]
    for (other, plane) in faces.enumerated() where other != index {
      let a = plane.normal.dot(u)
      let b = plane.normal.dot(v)
      let rest = plane.distance - plane.normal.dot(face.normal) * face.distance
      if a * a + b * b < 1e-24 {
        if rest < 0 { return [] }
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
      if polygon.count < 3 { return [] }
    }
    return polygon.map { face.distance * face.normal + $0.x * u + $0.y * v }
  }

  private static func area(of polygon: [SIMD3<Double>], normal: SIMD3<Double>) -> Double {
    guard polygon.count > 2 else { return 0 }
    var twice = SIMD3<Double>.zero
    for i in 1..<(polygon.count - 1) {
      twice += (polygon[i] - polygon[0]).cross(polygon[i + 1] - polygon[0])
    }
    return abs(twice.dot(normal)) / 2
  }
}
