import Foundation

/// A straight line through values with normal errors, some of them known only as lower bounds.
///
///     y = a + b x + s ε,   ε normal
///
/// Maximum likelihood in γ = 1/s, γa, γb, in which it has one maximum (Olsen, *Econometrica* 46 (1978) 1211). Errors from the
/// observed information.
public struct CensoredLine: Hashable, Sendable {
  /// a, b and s.
  public let intercept: Double
  public let slope: Double
  public let deviation: Double
  /// Standard error of b.
  public let slopeError: Double

  /// - Parameters:
  ///   - x: at two different values at least where there are events.
  ///   - isCensored: whether y is only a lower bound.
  /// - Throws: `SampleError.unequalCounts`, `.notFinite`, `.tooFew` below three events, `.noSpread` where all events have one x
  ///   or all of them lie on a line, `.noConvergence`.
  public init(x: [Double], y: [Double], isCensored: [Bool]) throws(SampleError) {
    guard x.count == y.count else { throw .unequalCounts(what: "x and y", first: x.count, second: y.count) }
    guard y.count == isCensored.count else {
      throw .unequalCounts(what: "values and censoring marks", first: y.count, second: isCensored.count)
    }
    try SampleError.requireFinite(x)
    try SampleError.requireFinite(y)
    let events = x.indices.filter { !isCensored[$0] }
    guard events.count >= 3 else { throw .tooFew(what: "events", found: events.count, needed: 3) }

    // Least squares on the events: the start, and the scales that make all numbers near 1.
    let count = Double(events.count)
    let meanX = events.reduce(0) { $0 + x[$1] } / count
    let meanY = events.reduce(0) { $0 + y[$1] } / count
    let spreadX = (events.reduce(0) { $0 + (x[$1] - meanX) * (x[$1] - meanX) } / count).squareRoot()
    guard spreadX > 1e-12 * abs(meanX) else { throw .noSpread(value: meanX) }
    let covariance = events.reduce(0) { $0 + (x[$1] - meanX) * (y[$1] - meanY) } / count
    let first = covariance / spreadX
    let residual = events.reduce(0) { sum, i in
      let error = y[i] - meanY - first * (x[i] - meanX) / spreadX
      return sum + error * error
    }
    let unit = (residual / count).squareRoot()
    guard unit > 1e-12 * max(abs(meanY), abs(first)) else { throw .noSpread(value: first / spreadX) }
    let points = x.indices.map { ((x[$0] - meanX) / spreadX, (y[$0] - meanY) / unit, isCensored[$0]) }

    var p = [1.0, 0.0, first / unit]
    var information = [[Double]](repeating: [0, 0, 0], count: 3)
    var value = Self.likelihood(p, points)
    var isDone = false
    for _ in 0..<200 where !isDone {
      var gradient = [1 / p[0] * count, 0, 0]
      information = [[count / (p[0] * p[0]), 0, 0], [0, 0, 0], [0, 0, 0]]
      for (u, v, censored) in points {
        let (slope, curvature) = StandardLaw.normal.slopeAndCurvature(p[0] * v - p[1] - p[2] * u, isCensored: censored)
        let direction = [v, -1, -u]
        for i in 0..<3 {
          gradient[i] += slope * direction[i]
          for j in 0..<3 { information[i][j] += curvature * direction[i] * direction[j] }
        }
      }
      let step = Self.solve(information, gradient)
      var share = 1.0
      while true {
        let next = (0..<3).map { p[$0] + share * step[$0] }
        let then = next[0] > 0 ? Self.likelihood(next, points) : -.infinity
        if then >= value - 1e-12 * abs(value) {
          isDone = (0..<3).allSatisfy { abs(next[$0] - p[$0]) <= 1e-10 * (1 + abs(p[$0])) }
          p = next
          value = then
          break
        }
        share *= 0.5
        guard share > 1e-12 else { throw .noConvergence(what: "the fit of a line", steps: 200) }
      }
    }
    guard isDone else { throw .noConvergence(what: "the fit of a line", steps: 200) }
    deviation = unit / p[0]
    slope = unit * p[2] / p[0] / spreadX
    intercept = meanY + unit * p[1] / p[0] - slope * meanX
    // b = p₂/p₀ by the delta method.
    let direction = [-p[2] / (p[0] * p[0]), 0, 1 / p[0]]
    let back = Self.solve(information, direction)
    slopeError = unit / spreadX * zip(direction, back).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
  }

  private static func likelihood(_ p: [Double], _ points: [(Double, Double, Bool)]) -> Double {
    points.reduce(0) { sum, point in
      let z = p[0] * point.1 - p[1] - p[2] * point.0
      return sum + (point.2 ? StandardLaw.normal.logSurvival(z) : log(p[0]) + StandardLaw.normal.logDensity(z))
    }
  }

  /// Cramer's rule.
  private static func solve(_ m: [[Double]], _ b: [Double]) -> [Double] {
    func determinant(_ m: [[Double]]) -> Double {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    let whole = determinant(m)
    return (0..<3).map { column in
      var changed = m
      for row in 0..<3 { changed[row][column] = b[row] }
      return determinant(changed) / whole
    }
  }
}
