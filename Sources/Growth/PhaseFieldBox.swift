import Fields
import Foundation
import NumericalMethods
import Quantities

/// The part of the gap that a phase field covers, seen from above.
public struct PhaseFieldBox: Hashable, Sendable {
  /// What is beyond the edges.
  public enum Edges: Hashable, Sendable {
    /// The same again.
    case periodic
    /// Its mirror image: no solute passes. It costs four times the work.
    case walls
  }

  public let columns: Int
  public let rows: Int
  /// Distance of two points.
  public let spacing: Length
  public let edges: Edges

  /// - Throws: `PhaseFieldError.parameter` unless the counts are even and the spacing is above 0.
  public init(columns: Int, rows: Int, spacing: Length, edges: Edges = .periodic) throws {
    for (name, count) in [("columns", columns), ("rows", rows)] where count < 2 || count % 2 != 0 {
      throw PhaseFieldError.parameter(name, value: Double(count), range: "even and above 0")
    }
    guard spacing.si > 0, spacing.si.isFinite else {
      throw PhaseFieldError.parameter("spacing", value: spacing.si, range: "above 0")
    }
    self.columns = columns
    self.rows = rows
    self.spacing = spacing
    self.edges = edges
  }

  public var size: SIMD2<Double> { SIMD2(Double(columns), Double(rows)) * spacing.si }

  /// Points of the periodic plane that the transforms see.
  var planeColumns: Int { edges == .walls ? 2 * columns : columns }
  var planeRows: Int { edges == .walls ? 2 * rows : rows }
  var planeSize: SIMD2<Double> { SIMD2(Double(planeColumns), Double(planeRows)) * spacing.si }

  /// The position of a point, m from the box's corner.
  func point(_ i: Int, _ j: Int) -> SIMD2<Double> { SIMD2(Double(i) + 0.5, Double(j) + 0.5) * spacing.si }

  /// The shortest way from one point to another through the periodic plane.
  func displacement(from a: SIMD2<Double>, to b: SIMD2<Double>) -> SIMD2<Double> {
    let d = b - a
    return d - planeSize * (d / planeSize).rounded(.toNearestOrEven)
  }
}

/// A crystal at the phase field's start.
public struct PhaseFieldSeed: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    case disc
    /// A strip across the whole box, along y.
    case strip
  }

  public var shape: Shape
  /// From the box's corner, m; a strip takes its x.
  public var center: SIMD2<Double>
  /// Half width of a strip.
  public var radius: Length

  public init(_ shape: Shape = .disc, center: SIMD2<Double>, radius: Length) {
    self.shape = shape
    self.center = center
    self.radius = radius
  }

  /// Distance of a point from the seed's middle, m.
  func distance(of displacement: SIMD2<Double>) -> Double {
    shape == .strip ? abs(displacement.x) : (displacement * displacement).sum().squareRoot()
  }
}

/// The solute around the seeds at the start.
public enum PhaseFieldStart: Hashable, Sendable {
  /// The same supersaturation up to the faces.
  case uniform
  /// What each seed would have left had it grown alone from nothing: Frank's profile, the strip's similarity solution.
  case depleted

  /// Share of the supersaturation that is gone at a distance from the middle of a seed.
  ///
  ///     disc:  E₁(λ² r²/R²)/E₁(λ²),     strip: erfc(λ x/X)/erfc(λ)
  ///
  /// A solution that is not supersaturated starts uniform.
  func depletion(of seed: PhaseFieldSeed, growthCoefficient: Double) -> (Double) -> Double {
    switch (growthCoefficient > 0 ? self : .uniform, seed.shape) {
    case (.uniform, _): return { $0 < seed.radius.si ? 1 : 0 }
    case (.depleted, .disc):
      let square = growthCoefficient * growthCoefficient
      let rim = SpecialFunctions.exponentialIntegral(square)
      return { distance in
        let ratio = distance / seed.radius.si
        guard ratio > 1 else { return 1 }
        return square * ratio * ratio > 600 ? 0 : SpecialFunctions.exponentialIntegral(square * ratio * ratio) / rim
      }
    case (.depleted, .strip):
      return { erfc(growthCoefficient * max(1, $0 / seed.radius.si)) / erfc(growthCoefficient) }
    }
  }

  /// λ of an isolated seed at Ω below 1; 0 where it does not grow.
  ///
  ///     disc: Ω = λ² e^{λ²} E₁(λ²),     strip: Ω = √π λ e^{λ²} erfc λ;     size = 2 λ √(D t)
  static func growthCoefficient(of shape: PhaseFieldSeed.Shape, supersaturation: Double) throws -> Double {
    guard supersaturation > 0 else { return 0 }
    switch shape {
    case .disc: return try FrankGrowth.discCoefficient(supersaturation: supersaturation)
    case .strip:
      return try Roots.brent(1e-12, 1e3, tolerance: 1e-15) { lambda in
        Double.pi.squareRoot() * lambda * SpecialFunctions.scaledComplementaryError(lambda) - supersaturation
      }
    }
  }
}
