import Foundation

/// Location and scale of a standard law by maximum likelihood, with right-censoring.
struct LocationScaleFit {
  private(set) var location: Double
  private(set) var scale: Double
  /// Standard errors from the observed information at the maximum.
  private(set) var locationError = 0.0
  private(set) var scaleError = 0.0

  /// - Parameter y: ascending, with two events at least, and not all of them at the largest value: then the
  ///   likelihood has no maximum.
  init(_ law: StandardLaw, _ y: [Double], isCensored: [Bool]) throws(SampleError) {
    // The sample is moved to its mean and stretched to its spread, so that tolerances are relative.
    let center = y.reduce(0, +) / Double(y.count)
    let spread = y[y.count - 1] - y[0]
    guard spread.isFinite, center.isFinite else { throw .overflow(what: "the values") }
    guard spread > 0 else { throw .noSpread(value: y[0]) }
    let x = y.map { ($0 - center) / spread }
    var events = 0.0
    var eventSum = 0.0
    for (value, censored) in zip(x, isCensored) where !censored {
      events += 1
      eventSum += value
    }

    switch law {
    case .smallestExtreme:
      (location, scale) = try Self.extremeValue(x, events: events, eventMean: eventSum / events)
    case .normal:
      (location, scale) = try Self.normal(x, isCensored: isCensored, events: events, eventMean: eventSum / events)
    }

    var information = (0.0, 0.0, events)
    for (value, censored) in zip(x, isCensored) {
      let z = (value - location) / scale
      let curvature = law.slopeAndCurvature(z, isCensored: censored).curvature
      information.0 += curvature
      information.1 += curvature * z
      information.2 += curvature * z * z
    }
    let determinant = information.0 * information.2 - information.1 * information.1
    locationError = spread * scale * (information.2 / determinant).squareRoot()
    scaleError = spread * scale * (information.0 / determinant).squareRoot()
    location = center + spread * location
    scale *= spread
  }

  /// Newton's method in a bracket on the profile equation of b = 1/scale,
  /// Σ x e^{bx}/Σ e^{bx} - 1/b - (mean of the events) = 0, which rises with b.
  private static func extremeValue(
    _ x: [Double], events: Double, eventMean: Double
  ) throws(SampleError) -> (location: Double, scale: Double) {
    let top = x[x.count - 1]
    var low = 0.0
    var high = Double.infinity
    var b = 4.0
    let limit = 200
    for _ in 0..<limit {
      var s0 = 0.0
      var s1 = 0.0
      var s2 = 0.0
      for value in x {
        let weight = exp(b * (value - top))
        s0 += weight
        s1 += weight * value
        s2 += weight * value * value
      }
      let mean = s1 / s0
      let excess = mean - 1 / b - eventMean
      if excess > 0 { high = b } else { low = b }
      let slope = s2 / s0 - mean * mean + 1 / (b * b)
      var next = b - excess / slope
      if !(next > low && next < high) { next = high == .infinity ? 2 * b : 0.5 * (low + high) }
      if abs(next - b) <= 1e-13 * b {
        var sum = 0.0
        for value in x { sum += exp(next * (value - top)) }
        return (top + log(sum / events) / next, 1 / next)
      }
      b = next
    }
    throw .noConvergence(what: "the shape's profile likelihood", steps: limit)
  }

  /// Maximizes ln L in t = 1/scale and g = location/scale, where it is concave.
  private static func normal(
    _ x: [Double], isCensored: [Bool], events: Double, eventMean: Double
  ) throws(SampleError) -> (location: Double, scale: Double) {
    var mean = 0.0
    for value in x { mean += value }
    mean /= Double(x.count)
    var squares = 0.0
    for value in x { squares += (value - mean) * (value - mean) }
    let deviation = (squares / Double(x.count)).squareRoot()
    if Int(events) == x.count { return (mean, deviation) }

    func logLikelihood(_ t: Double, _ g: Double) -> Double {
      var sum = events * log(t)
      for (value, censored) in zip(x, isCensored) {
        let z = t * value - g
        sum += censored ? StandardLaw.normal.logSurvival(z) : -0.5 * z * z
      }
      return sum
    }

    var t = 1 / deviation
    var g = mean / deviation
    var current = logLikelihood(t, g)
    let limit = 200
    for _ in 0..<limit {
      var gradient = (events / t, 0.0)
      var hessian = (events / (t * t), 0.0, 0.0)
      for (value, censored) in zip(x, isCensored) {
        let (slope, curvature) = StandardLaw.normal.slopeAndCurvature(t * value - g, isCensored: censored)
        gradient.0 += slope * value
        gradient.1 -= slope
        hessian.0 += curvature * value * value
        hessian.1 -= curvature * value
        hessian.2 += curvature
      }
      let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
      let stepT = (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant
      let stepG = (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
      var share = 1.0
      var candidate = logLikelihood(t + stepT, g + stepG)
      // NaN, from a scale below zero, fails the comparison and is halved away too.
      while !(candidate >= current - 1e-12 * abs(current)) && share > 1e-9 {
        share *= 0.5
        candidate = logLikelihood(t + share * stepT, g + share * stepG)
      }
      t += share * stepT
      g += share * stepG
      current = candidate
      guard t > 0, current.isFinite else { break }
      if abs(stepT) <= 1e-12 * t && abs(stepG) <= 1e-12 * (abs(g) + 1) { return (g / t, 1 / t) }
    }
    throw .noConvergence(what: "the censored log-normal likelihood", steps: limit)
  }
}
