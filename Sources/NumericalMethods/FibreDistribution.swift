import Foundation

/// Orientations of a fibre texture: one crystal direction scatters about one direction of the sample, and the crystal
/// turns freely about it.
///
///     f(g) ∝ exp(κ n · (g a))
///
/// A von Mises-Fisher law of the direction (Mardia & Jupp, *Directional Statistics*, 2000, 9.3), physics (5.3). κ = 0 is
/// the uniform law; the tilt of a sharp fibre has the mean square 2/κ, rad².
public struct FibreDistribution: Hashable, Sendable {
  /// a, a direction of the crystal.
  public let crystalAxis: SIMD3<Double>
  /// n, a direction of the sample.
  public let normal: SIMD3<Double>
  /// κ.
  public let concentration: Double

  /// - Parameter concentration: κ, finite and 0 or more.
  public init(of crystalAxis: SIMD3<Double>, about normal: SIMD3<Double>, concentration: Double) {
    precondition(concentration >= 0 && concentration.isFinite, "κ of a fibre is finite and not negative")
    self.crystalAxis = crystalAxis.normalized
    self.normal = normal.normalized
    self.concentration = concentration
  }

  /// ⟨cos θ⟩ = coth κ − 1/κ of the tilt θ between the two directions.
  public var meanCosine: Double {
    let k = concentration
    // The difference cancels near 0; its series is exact to 1e-16 there.
    return k < 1e-2 ? k / 3 - k * k * k / 45 + 2 * pow(k, 5) / 945 : 1 / tanh(k) - 1 / k
  }

  /// ⟨cos² θ⟩ = 1 − 2⟨cos θ⟩/κ.
  public var meanSquareCosine: Double {
    let k = concentration
    return k < 1e-2 ? 1.0 / 3 + 2 * k * k / 45 - 4 * pow(k, 4) / 945 : 1 - 2 * meanCosine / k
  }

  /// One orientation: three draws.
  public func sample(random: inout RandomSource) -> Rotation {
    let (u, k) = (random.uniform(), concentration)
    // The inverse of the law of cos θ.
    let cosine = k > 0 ? max(-1, 1 + log1p((1 - u) * expm1(-2 * k)) / k) : 2 * u - 1
    let (azimuth, spin) = (2 * Double.pi * random.uniform(), 2 * Double.pi * random.uniform())
    let sine = max(0, 1 - cosine * cosine).squareRoot()
    let across = normal.anyNormal
    let direction =
      cosine * normal + sine * (cos(azimuth) * across + sin(azimuth) * normal.cross(across))
    return Rotation(from: crystalAxis, to: direction) * Rotation(axis: crystalAxis, angle: spin)
  }
}
