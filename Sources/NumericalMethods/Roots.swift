import Foundation

/// Roots of a function of one variable.
public enum Roots {
  /// Why no root was returned.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    case notBracketed(low: Double, high: Double, valueAtLow: Double, valueAtHigh: Double)
    case notFinite(at: Double)
    case notConverged(after: Int, remainingWidth: Double)

    public var description: String {
      switch self {
      case .notBracketed(let low, let high, let a, let b):
        "no sign change between \(low) (value \(a)) and \(high) (value \(b)); widen the bracket"
      case .notFinite(let x): "the function is not finite at \(x)"
      case .notConverged(let steps, let width): "no convergence in \(steps) steps; the bracket is still \(width) wide"
      }
    }
  }

  /// The root between two points of opposite sign, by Brent's method.
  ///
  /// R. P. Brent, *Algorithms for Minimization without Derivatives* (1973), ch. 4.
  /// - Parameter tolerance: width of the final bracket; rounding of `x` is added.
  /// - Throws: `Failure`.
  @inlinable
  public static func brent(
    _ low: Double, _ high: Double, tolerance: Double, maximumSteps: Int = 200, _ f: (Double) throws -> Double
  ) throws -> Double {
    var a = low
    var b = high
    var fa = try f(a)
    var fb = try f(b)
    guard fa.isFinite else { throw Failure.notFinite(at: a) }
    guard fb.isFinite else { throw Failure.notFinite(at: b) }
    if fa == 0 { return a }
    if fb == 0 { return b }
    guard (fa < 0) != (fb < 0) else {
      throw Failure.notBracketed(low: low, high: high, valueAtLow: fa, valueAtHigh: fb)
    }
    var c = a
    var fc = fa
    var step = b - a
    var lastStep = step
    for _ in 0..<maximumSteps {
      if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
      let limit = 2 * Double.ulpOfOne * abs(b) + 0.5 * tolerance
      let middle = 0.5 * (c - b)
      if abs(middle) <= limit || fb == 0 { return b }
      if abs(lastStep) < limit || abs(fa) <= abs(fb) {
        step = middle
        lastStep = middle
      } else {
        let s = fb / fa
        var p: Double
        var q: Double
        if a == c {
          p = 2 * middle * s
          q = 1 - s
        } else {
          let r = fb / fc
          let t = fa / fc
          p = s * (2 * middle * t * (t - r) - (b - a) * (r - 1))
          q = (t - 1) * (r - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * middle * q - abs(limit * q), abs(lastStep * q)) {
          lastStep = step
          step = p / q
        } else {
          step = middle
          lastStep = middle
        }
      }
      a = b
      fa = fb
      b += abs(step) > limit ? step : (middle > 0 ? limit : -limit)
      fb = try f(b)
      guard fb.isFinite else { throw Failure.notFinite(at: b) }
      if (fb > 0) == (fc > 0) {
        c = a
        fc = fa
        step = b - a
        lastStep = step
      }
    }
    throw Failure.notConverged(after: maximumSteps, remainingWidth: abs(c - b))
  }
}
