import Foundation
import Quantities

/// A crucible below a plate: which share of its molecules lands where.
///
/// The plate's middle is the origin, its plane z = 0, the crucible at z = −distance. The crucible's axis points at the
/// plate's middle, as crucibles are tilted.
public struct SourceGeometry: Hashable, Sendable {
  public let position: SIMD3<Double>
  /// n of cosⁿ θ: 1 for a flat open source, larger for a deep crucible.
  public let exponent: Double
  /// Mean free path in the residual gas, m.
  public let freePath: Double
  /// Whether the plate turns about its normal.
  public let isRotating: Bool

  /// - Parameters:
  ///   - distance: from the crucible's level up to the plate.
  ///   - offset: of the crucible from the plate's axis.
  ///   - azimuth: direction of the offset, from x.
  public init(
    distance: Length, offset: Length = Length(si: 0), azimuth: Angle = Angle(si: 0), exponent: Ratio = Ratio(si: 1),
    freePath: Length = Length(si: .infinity), isRotating: Bool = false
  ) {
    position = SIMD3(offset.si * cos(azimuth.si), offset.si * sin(azimuth.si), -distance.si)
    self.exponent = exponent.si
    self.freePath = freePath.si
    self.isRotating = isRotating
  }

  /// (n+1)/(2π) cosⁿ θ: share of the molecules per solid angle, 1/sr; its integral over the half space is 1.
  public static func intensity(cosine: Double, exponent: Double) -> Double {
    cosine > 0 ? (exponent + 1) / (2 * Double.pi) * pow(cosine, exponent) : 0
  }

  /// Share of the emitted molecules that land per area of the plate at a point, 1/m²; physics (3.3).
  ///
  ///     g = (n+1) cosⁿ θ cos θ' e^(−r/λ) / (2π r²)
  ///
  /// Knudsen's cosine law and its powers. A molecule that collides on its way counts as lost.
  public func share(at point: SIMD2<Double>) -> Double {
    guard isRotating, point != .zero else { return fixedShare(at: point) }
    let radius = (point * point).sum().squareRoot()
    let turns = 24
    return (0..<turns).reduce(0) { sum, turn in
      let angle = 2 * Double.pi * (Double(turn) + 0.5) / Double(turns)
      return sum + fixedShare(at: SIMD2(radius * cos(angle), radius * sin(angle)))
    } / Double(turns)
  }

  private func fixedShare(at point: SIMD2<Double>) -> Double {
    let way = SIMD3(point.x, point.y, 0) - position
    let square = (way * way).sum()
    let length = square.squareRoot()
    let axis = -position / (position * position).sum().squareRoot()
    let emission = Self.intensity(cosine: (way * axis).sum() / length, exponent: exponent)
    return emission * way.z / length / square * exp(-length / freePath)
  }

  /// λ = kT/(√2 π d² p): mean free path in a gas, for a collision diameter of 0.5 nm between air and a salt's molecule.
  ///
  /// √2 is that of like molecules. A salt's molecule, some ten times as heavy as air's, collides 2.4 times as often for
  /// it but each time keeps most of its way; the two are taken to cancel.
  public static func freePath(pressure: Pressure, temperature: Double = 298.15) -> Length {
    let diameter = 0.5e-9
    let area = 2.0.squareRoot() * Double.pi * diameter * diameter
    return Length(si: pressure.si > 0 ? Constants.boltzmann * temperature / (area * pressure.si) : .infinity)
  }
}
