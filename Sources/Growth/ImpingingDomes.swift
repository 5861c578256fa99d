import Foundation
import NumericalMethods

/// The film that half spheres make which start at random points and grow alike until they meet.
///
///     x = √(πn) R,   √(πn) ⟨h⟩ = x − D(x),   πn ⟨h²⟩ = x² − 1 + e^(−x²),   bare = e^(−x²)
///
/// D is Dawson's integral. Johnson, Mehl & Avrami's impingement with all seeds there from the start; the height at a
/// point is that of the nearest seed's sphere. Physics (3.8): the film closes at ⟨h⟩ of order n^(−½).
public struct ImpingingDomes: Hashable, Sendable {
  /// x.
  public let reach: Double
  /// Of the seeds, 1/m².
  public let density: Double

  /// - Parameter thickness: mean, m.
  public init(density: Double, thickness: Double) {
    self.density = density
    let target = thickness * (Double.pi * density).squareRoot()
    // x − D(x) rises from 2x³/3 to x.
    var (low, high) = (0.0, target + 1)
    for _ in 0..<200 where high - low > 1e-14 * high {
      let middle = 0.5 * (low + high)
      if middle - Self.dawson(middle) < target { low = middle } else { high = middle }
    }
    reach = 0.5 * (low + high)
  }

  /// R, m.
  public var radius: Double { reach / (Double.pi * density).squareRoot() }

  /// Share of the substrate that no sphere reaches.
  public var bareShare: Double { exp(-reach * reach) }

  /// Standard deviation of the height, m.
  public var roughness: Double {
    let scale = 1 / (Double.pi * density).squareRoot()
    // Far beyond contact, caps of width n^(−½) on spheres of radius R.
    guard reach < 30 else { return scale / (2 * reach) }
    let mean = reach - Self.dawson(reach)
    return scale * max(0, reach * reach + expm1(-reach * reach) - mean * mean).squareRoot()
  }

  /// Mean height of the boundaries between the seeds' cells, 0 where spheres do not touch, m.
  ///
  ///     R (4/√π) ∫₀ˣ t² e^(−t²) √(1 − t²/x²) dt
  ///
  /// A boundary at a distance s from its two seeds has no seed nearer, which thins it by e^(−πns²); spheres meet there
  /// at the height √(R² − s²).
  public var boundaryHeight: Double {
    // The midpoint rule in the angle of t = x sin φ, whose integrand is smooth; nothing is left beyond t = 7.
    let last = reach > 7 ? asin(7 / reach) : 0.5 * Double.pi
    let count = 400
    let sum = (0..<count).reduce(0.0) { sum, k in
      let angle = (Double(k) + 0.5) * last / Double(count)
      let t = reach * sin(angle)
      return sum + t * t * exp(-t * t) * cos(angle) * reach * cos(angle)
    }
    return radius * 4 / Double.pi.squareRoot() * sum * last / Double(count)
  }

  /// The film over a periodic square, m, x fastest: random seeds, two draws each.
  func heights(width: Int, edge: Double, count: Int, random: inout RandomSource) -> [Double] {
    let seeds = (0..<count).map { _ in edge * SIMD2(random.uniform(), random.uniform()) }
    let square = radius * radius
    return (0..<(width * width)).map { index in
      let point = edge / Double(width) * (SIMD2(Double(index % width), Double(index / width)) + 0.5)
      let nearest = seeds.reduce(Double.infinity) { least, seed in
        var way = (point - seed) / edge
        way -= way.rounded(.toNearestOrAwayFromZero)
        return min(least, edge * edge * (way * way).sum())
      }
      return max(0, square - nearest).squareRoot()
    }
  }

  /// e^(−x²) ∫₀ˣ e^(t²) dt.
  public static func dawson(_ x: Double) -> Double {
    guard x < 6 else {
      let u = 1 / (2 * x * x)
      return (1 + u * (1 + 3 * u * (1 + 5 * u * (1 + 7 * u * (1 + 9 * u))))) / (2 * x)
    }
    // Simpson's rule; the integrand is smooth.
    let count = 200
    let h = x / Double(count)
    var sum = exp(-x * x) + 1
    for k in 1..<count {
      let t = Double(k) * h
      sum += (k % 2 == 1 ? 4 : 2) * exp(t * t - x * x)
    }
    return sum * h / 3
  }
}
