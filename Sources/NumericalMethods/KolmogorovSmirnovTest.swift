import Foundation

/// The largest distance between two distribution functions, and how likely chance alone makes it that large.
///
/// The p-value of one sample is Kolmogorov's limit law with Stephens' correction (*J. R. Stat. Soc. B* 32 (1970) 115),
/// good to some per cent from five values on; that of two samples is exact up to a product of their sizes of 10⁶, the
/// corrected limit above. It holds for laws given beforehand: a law fitted to the same sample passes too easily.
public struct KolmogorovSmirnovTest: Hashable, Sendable {
  /// The largest distance between the distribution functions.
  public let statistic: Double
  /// The probability of a distance at least as large if the laws agree.
  public let pValue: Double

  /// Compares a sample with a continuous law.
  ///
  /// - Parameter cumulative: the law's distribution function.
  /// - Throws: `SampleError.tooFew` for an empty sample, `.notFinite`, `.notAProbability` if the law gives one.
  public init(_ values: [Double], cumulative: (Double) -> Double) throws(SampleError) {
    guard !values.isEmpty else { throw .tooFew(what: "values", found: 0, needed: 1) }
    try SampleError.requireFinite(values)
    let n = Double(values.count)
    var largest = 0.0
    for (index, value) in values.sorted().enumerated() {
      let share = cumulative(value)
      guard share >= 0, share <= 1 else { throw .notAProbability("\(share), the law's share below \(value),") }
      largest = max(largest, share - Double(index) / n, Double(index + 1) / n - share)
    }
    statistic = largest
    pValue = Self.limitTail(largest, effectiveCount: n)
  }

  /// Compares two samples of continuous laws; equal values in both make the p-value too large, if anything.
  ///
  /// - Throws: `SampleError.tooFew` for an empty sample, `.notFinite`.
  public init(_ first: [Double], _ second: [Double]) throws(SampleError) {
    guard !first.isEmpty, !second.isEmpty else { throw .tooFew(what: "values", found: 0, needed: 1) }
    try SampleError.requireFinite(first)
    try SampleError.requireFinite(second)
    let a = first.sorted()
    let b = second.sorted()
    var i = 0
    var j = 0
    var largest = 0.0
    while i < a.count && j < b.count {
      let value = min(a[i], b[j])
      while i < a.count && a[i] == value { i += 1 }
      while j < b.count && b[j] == value { j += 1 }
      largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
    }
    statistic = largest
    if a.count <= 1_000_000 / b.count {
      pValue = Self.exactTail(largest, min(a.count, b.count), max(a.count, b.count))
    } else {
      let n = Double(a.count) * Double(b.count) / Double(a.count + b.count)
      pValue = Self.limitTail(largest, effectiveCount: n)
    }
  }

  private static func limitTail(_ distance: Double, effectiveCount: Double) -> Double {
    let root = effectiveCount.squareRoot()
    return survival((root + 0.12 + 0.11 / root) * distance)
  }

  /// The share of orders of m and n values, all equally likely, whose distance is at least `distance`.
  ///
  /// Paths on a lattice that stay closer to the diagonal are counted row by row, as shares (Hodges, *Ark. Mat.* 3
  /// (1958) 469).
  private static func exactTail(_ distance: Double, _ m: Int, _ n: Int) -> Double {
    let steps = Double(m) * Double(n)
    // Distances are multiples of 1/(m n): half a step below this one nothing can be mistaken by rounding.
    let limit = ((distance * steps).rounded() - 0.5) / steps
    let across = Double(n)
    var shares = (0...n).map { Double($0) / across > limit ? 0.0 : 1.0 }
    shares.withUnsafeMutableBufferPointer { shares in
      for i in 1...m {
        let row = Double(i) / Double(m)
        let weight = Double(i) / Double(i + n)
        shares[0] = row > limit ? 0 : weight * shares[0]
        for j in 1...n {
          shares[j] = abs(row - Double(j) / across) > limit ? 0 : weight * shares[j] + shares[j - 1]
        }
      }
    }
    return min(1, max(0, 1 - shares[n]))
  }

  /// The upper tail of Kolmogorov's law, 2 Σ (-1)^{k-1} exp(-2 k² x²), or its theta-function form for small x.
  public static func survival(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    var sum = 0.0
    if x < 1.18 {
      for k in 1...4 {
        let odd = Double(2 * k - 1)
        sum += exp(-odd * odd * Double.pi * Double.pi / (8 * x * x))
      }
      return 1 - (2 * Double.pi).squareRoot() / x * sum
    }
    for k in 1...4 { sum += (k % 2 == 1 ? 2 : -2) * exp(-2 * Double(k * k) * x * x) }
    return sum
  }
}
