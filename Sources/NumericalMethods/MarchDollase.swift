import Foundation

/// March's law of the angle between a crystal direction and the texture's axis, one parameter.
///
///     P(α) = (r² cos² α + sin² α / r)^(−3/2),   ∫ P d cos α over 0…1 = 1
///
/// March, *Z. Krist.* 81 (1932) 285; Dollase, *J. Appl. Cryst.* 19 (1986) 267. r < 1: the direction gathers about the
/// axis, as plates that lie flat; r = 1: no texture; r > 1: it avoids the axis. It is the law of a random set of directions
/// after a stretch by 1/r along the axis and by √r across, so tan α = r^{3/2} tan α₀.
public struct MarchDollase: Hashable, Sendable {
  public let r: Double

  /// - Parameter r: above 0.
  public init(r: Double) {
    precondition(r > 0 && r.isFinite, "r of March and Dollase is finite and above 0")
    self.r = r
  }

  /// The law with this mean of cos² α; a set of directions is described by the mean over it.
  /// - Parameter meanSquareCosine: between 0 and 1, without these.
  /// - Throws: `SampleError.notProbability`, outside of it.
  public init(meanSquareCosine: Double) throws(SampleError) {
    try SampleError.requireProbability(meanSquareCosine)
    // ⟨cos²⟩ falls with r; bisection in ln r, whose range covers all that doubles tell apart.
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<100 {
      let middle = 0.5 * (low + high)
      if MarchDollase(r: exp(middle)).meanSquareCosine > meanSquareCosine { low = middle } else { high = middle }
    }
    self.init(r: exp(0.5 * (low + high)))
  }

  /// P(α), over a random set's density.
  public func density(cosine: Double) -> Double {
    let square = cosine * cosine
    return pow(r * r * square + (1 - square) / r, -1.5)
  }

  /// ⟨cos² α⟩ = (1 − k atan(e/k)/e)/(1 − k²), k = r^{3/2}, e = √(1 − k²); its continuation for k > 1.
  public var meanSquareCosine: Double {
    let k = pow(r, 1.5)
    let square = 1 - k * k
    if abs(square) < 1e-3 {
      // Σ over n of 2 s^n/((2n + 1)(2n + 3)) would start at 1/3; the closed forms cancel here.
      return Self.series(square)
    }
    if square > 0 {
      let e = square.squareRoot()
      return (1 - k * atan2(e, k) / e) / square
    }
    let e = (-square).squareRoot()
    // atanh(e/k) = ln(k + e), because k² − e² = 1.
    return (k * log(k + e) / e - 1) / -square
  }

  /// ∫ c²/(k² + s c²) dc over 0…1 in powers of s = 1 − k²: Σ s^n ∫ c² (1 − c²)^n dc.
  private static func series(_ s: Double) -> Double {
    var term = 1.0 / 3
    var sum = 0.0
    for n in 0..<8 {
      sum += term
      // ∫ c² (1 − c²)^{n+1} dc over the integral at n.
      term *= s * Double(2 * n + 2) / Double(2 * n + 5)
    }
    return sum
  }

  /// cos α below which a share of directions lies.
  public func cosine(quantile c: Double) -> Double {
    let k = pow(r, 1.5)
    return c / (c * c + k * k * (1 - c * c)).squareRoot()
  }

  /// cos α of one direction, between 0 and 1: one draw.
  public func sample(random: inout RandomSource) -> Double {
    cosine(quantile: random.uniform())
  }
}
