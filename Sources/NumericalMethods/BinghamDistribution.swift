import Foundation

/// Orientations that scatter about one, by another width about each of three axes: Bingham's law of the quaternion.
///
///     f(q) ∝ exp(−λ_x δ_x² − λ_y δ_y² − λ_z δ_z²),   g = g₀ u δ u⁻¹
///
/// with δ_x, δ_y, δ_z the vector part of δ, u the axes in the crystal's frame. Kunze & Schaeben, *Math. Geol.* 36 (2004)
/// 917; physics (5.3). For λ ≫ 1 the angle about an axis has the variance 2/λ, rad²; λ = 0 is the uniform law.
public struct BinghamDistribution: Hashable, Sendable {
  /// g₀, the most likely orientation.
  public let mode: Rotation
  /// λ about each axis.
  public let concentrations: SIMD3<Double>
  /// u: takes x, y, z to the three axes, in the crystal's frame.
  public let axes: Rotation
  /// b of the envelope, the root of Σ 1/(b + 2λ_i) = 1, the sum over 0 and the three λ.
  private let envelope: Double

  /// - Parameter concentrations: λ, finite and 0 or more.
  public init(mode: Rotation, concentrations: SIMD3<Double>, axes: Rotation = .identity) {
    precondition(
      (0..<3).allSatisfy { concentrations[$0] >= 0 && concentrations[$0].isFinite },
      "the λ of a Bingham law are finite and not negative")
    self.mode = mode
    self.concentrations = concentrations
    self.axes = axes
    // The sum falls from infinity at 0 to at most 1 at 4.
    var (low, high) = (0.0, 4.0)
    while high - low > 4e-16 * high {
      let middle = 0.5 * (low + high)
      if middle == low || middle == high { break }
      let sum = 1 / middle + (1 / (middle + 2 * concentrations)).sum()
      if sum > 1 { low = middle } else { high = middle }
    }
    envelope = 0.5 * (low + high)
  }

  /// One orientation.
  ///
  /// Rejection from an angular central Gaussian envelope, Kent, Ganeiber & Mardia, *J. Comput. Graph. Stat.* 27 (2018)
  /// 291: about two trials of five draws each, whatever the concentrations.
  public func sample(random: inout RandomSource) -> Rotation {
    let stretch = 1 + 2 * concentrations / envelope
    let narrow = 1 / SIMD3(stretch.x.squareRoot(), stretch.y.squareRoot(), stretch.z.squareRoot())
    let largest = -(4 - envelope) / 2 + 2 * log(4 / envelope)
    while true {
      let (w, x, y, z) = (random.normal(), random.normal(), random.normal(), random.normal())
      let vector = SIMD3(x, y, z) * narrow
      let square = w * w + vector.dot(vector)
      guard square > 0 else { continue }
      let parts = vector * vector / square
      let cost = (concentrations * parts).sum()
      let width = w * w / square + (stretch * parts).sum()
      guard log(random.uniform()) < -cost + 2 * log(width) - largest else { continue }
      return mode * axes * Rotation(SIMD4(w, vector.x, vector.y, vector.z)) * axes.inverse
    }
  }
}
