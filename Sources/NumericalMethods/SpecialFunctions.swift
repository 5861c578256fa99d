import Foundation

/// Functions that the C library lacks, or names differently on different systems.
public enum SpecialFunctions {
  /// ln Γ(x) for x > 0.
  ///
  /// Stirling's series after shifting the argument above 12; relative error below 1e-14, absolute near the zeros at
  /// 1 and 2.
  public static func logGamma(_ x: Double) -> Double {
    var shift = 0.0
    var y = x
    while y < 12 {
      shift -= log(y)
      y += 1
    }
    let r = 1 / (y * y)
    let series = 1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))
    return shift + (y - 0.5) * log(y) - y + 0.5 * log(2 * Double.pi) + series / y
  }

  /// The exponential integral E₁(x) = ∫ₓ^∞ e⁻ᵗ/t dt for x > 0.
  ///
  /// Power series below 1, Lentz's continued fraction above (Abramowitz & Stegun 5.1.11, 5.1.22); relative error below
  /// 1e-13.
  public static func exponentialIntegral(_ x: Double) -> Double { scaledExponentialIntegral(x) * exp(-x) }

  /// eˣ E₁(x), which stays finite for large x.
  public static func scaledExponentialIntegral(_ x: Double) -> Double {
    precondition(x > 0, "E1 needs an argument above 0")
    if x < 1 {
      let euler = 0.577215664901532860606512
      var sum = -euler - log(x)
      var term = 1.0
      for n in 1...40 {
        term *= -x / Double(n)
        sum -= term / Double(n)
        if abs(term) < 1e-18 * abs(sum) { break }
      }
      return sum * exp(x)
    }
    var b = x + 1
    var c = 1e300
    var d = 1 / b
    var h = d
    for n in 1...400 {
      let a = -Double(n * n)
      b += 2
      d = 1 / (a * d + b)
      c = b + a / c
      let delta = c * d
      h *= delta
      if abs(delta - 1) < 1e-15 { break }
    }
    return h
  }

  /// e^{x²} erfc(x), which stays finite for large x.
  public static func scaledComplementaryError(_ x: Double) -> Double {
    if x < 20 { return exp(x * x) * erfc(x) }
    let r = 1 / (2 * x * x)
    return (1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r))))) / (x * Double.pi.squareRoot())
  }

  /// The digamma function ψ(x) for x > 0.
  public static func digamma(_ x: Double) -> Double {
    var y = x
    var sum = 0.0
    while y < 12 {
      sum -= 1 / y
      y += 1
    }
    let r = 1 / (y * y)
    return sum + log(y) - 0.5 / y - r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r / 132))))
  }
}

/// The standard normal distribution.
public enum NormalDistribution {
  @inlinable
  public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x * 0.707106781186547524) }

  @inlinable
  public static func density(_ x: Double) -> Double { exp(-0.5 * x * x) * 0.398942280401432678 }

  /// The value below which a share `p` of the distribution lies, 0 < p < 1.
  ///
  /// Wichura's algorithm AS 241 (PPND16), *Appl. Statist.* 37 (1988) 477; relative error about 1e-16.
  @inlinable
  public static func quantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      let above =
        (((((((r * 2509.0809287301226727 + 33430.575583588128105) * r + 67265.770927008700853) * r
          + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
          + 133.14166789178437745) * r + 3.387132872796366608)
      let below =
        (((((((r * 5226.495278852545925 + 28729.085735721942674) * r + 39307.89580009271061) * r
          + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
          + 42.313330701600911252) * r + 1)
      return q * above / below
    }
    var r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let magnitude: Double
    if r <= 5 {
      r -= 1.6
      let above =
        (((((((r * 7.7454501427834140764e-4 + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
          + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
          + 4.6303378461565452959) * r + 1.42343711074968357734)
      let below =
        (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
          + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
          + 2.05319162663775882187) * r + 1)
      magnitude = above / below
    } else {
      r -= 5
      let above =
        (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + 0.0012426609473880784383) * r
          + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
          + 5.4637849111641143699) * r + 6.6579046435011037772)
      let below =
        (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
          + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
          + 0.59983220655588793769) * r + 1)
      magnitude = above / below
    }
    return q < 0 ? -magnitude : magnitude
  }
}
