import Foundation

/// How the correlation of a random field falls with distance, normalized to 1 at 0.
///
/// Matérn 3/2 is the default: its fields have gradients, so strain and barriers computed from them settle as the
/// grid is refined; those of the exponential are rough at every scale and their voxel-to-voxel steps depend on the
/// spacing.
public enum Covariance: String, Hashable, Sendable, Codable, CaseIterable {
  /// e^(−r/l), Matérn 1/2
  case exponential
  /// (1 + √3 r/l) e^(−√3 r/l)
  case matern32
  /// (1 + √5 r/l + 5r²/3l²) e^(−√5 r/l)
  case matern52

  /// The correlation at a distance of `x` correlation lengths.
  public func value(at x: Double) -> Double {
    switch self {
    case .exponential: return exp(-x)
    case .matern32:
      let y = 3.0.squareRoot() * x
      return (1 + y) * exp(-y)
    case .matern52:
      let y = 5.0.squareRoot() * x
      return (1 + y + y * y / 3) * exp(-y)
    }
  }

  /// Its derivative there.
  func slope(at x: Double) -> Double {
    switch self {
    case .exponential: return -exp(-x)
    case .matern32: return -3 * x * exp(-3.0.squareRoot() * x)
    case .matern52:
      let y = 5.0.squareRoot() * x
      return -5.0 / 3 * x * (1 + y) * exp(-y)
    }
  }
}

/// A covariance that is 0 from some distance on: the given one up to a reach, b (Rᵃ − xᵃ)²ᵃ from there to R.
///
/// Value and slope go on smoothly at the reach. Wrapped on a torus of at least 2R it is seen once, whatever the
/// correlation length: cutoff embedding, Gneiting, Ševčíková, Percival, Schlather & Jiang, *J. Comput. Graph. Stat.*
/// 15 (2006) 483. Whether the sum is a covariance in three dimensions depends on the law; its spectrum says.
struct CutCovariance: Hashable, Sendable {
  let covariance: Covariance
  /// Correlation lengths up to which the covariance is the given one.
  let reach: Double
  /// R.
  let range: Double
  private let power: Double
  private let factor: Double

  /// - Parameter power: a, 1/2 or 1.
  init(_ covariance: Covariance, reach: Double, power: Double) {
    self.covariance = covariance
    self.reach = reach
    self.power = power
    let (value, slope) = (covariance.value(at: reach), covariance.slope(at: reach))
    let root = pow(reach, power)
    // From the two conditions Rᵃ − rᵃ = −2a² rᵃ⁻¹ φ/φ'.
    let rest = -2 * power * power * pow(reach, power - 1) * value / slope
    range = pow(root + rest, 1 / power)
    factor = value / pow(rest, 2 * power)
  }

  func value(at x: Double) -> Double {
    if x <= reach { return covariance.value(at: x) }
    if x >= range { return 0 }
    return factor * pow(pow(range, power) - pow(x, power), 2 * power)
  }
}
