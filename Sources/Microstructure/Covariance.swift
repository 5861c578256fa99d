import Foundation

/// How the correlation of a random field falls with distance, normalized to 1 at 0.
///
/// Matérn 3/2 is the default: its fields have gradients, so strain and barriers computed from them settle as the
/// grid is refined; those of the exponential are rough at every scale and their voxel-to-voxel steps depend on the
/// spacing.
public enum Covariance: String, Hashable, Sendable, CaseIterable {
  /// (1 + √3 r/l) e^(−√3 r/l)
  case matern32
  /// e^(−r/l)
  case exponential

  /// The correlation at a distance of `x` correlation lengths.
  public func value(at x: Double) -> Double {
    switch self {
    case .matern32:
      let y = 3.0.squareRoot() * x
      return (1 + y) * exp(-y)
    case .exponential: return exp(-x)
    }
  }
}
