import Foundation

/// A smooth function known at some points, with what is left uncertain between them.
///
///     k(x, x') = s² [(1 + √5 r + 5r²/3) e^{−√5 r} + g δ],   r² = Σ (x_i − x'_i)²/l_i²
///
/// Kriging with a constant mean and a Matérn covariance of order 5/2, one length per axis, and noise of the data; Rasmussen &
/// Williams, *Gaussian Processes for Machine Learning*, ch. 2, 4 and 5. Mean and s² are those of largest likelihood in
/// closed form; lengths and g are searched by the simplex method from fixed starts, so equal data give equal bytes.
public struct GaussianProcess: Sendable {
  /// What shapes the covariance.
  public struct Shape: Hashable, Sendable {
    /// l of each axis, in the unit of the inputs.
    public var lengths: [Double]
    /// g: variance of the noise over s².
    public var noise: Double

    public init(lengths: [Double], noise: Double) {
      self.lengths = lengths
      self.noise = noise
    }
  }

  public let inputs: [[Double]]
  public let outputs: [Double]
  public let shape: Shape
  /// Mean of the process, and s².
  public let mean: Double
  public let variance: Double
  /// ln of the likelihood, without its constant.
  public let logLikelihood: Double
  private let factor: CholeskyFactor
  private let weights: [Double]

  /// The process of a given shape; nil where its covariance is not positive.
  public init?(inputs: [[Double]], outputs: [Double], shape: Shape) {
    precondition(inputs.count == outputs.count && inputs.count > 2, "one output for each of three points or more")
    let count = inputs.count
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i { matrix[i * count + j] = Self.correlation(inputs[i], inputs[j], shape.lengths) }
      matrix[i * count + i] += max(shape.noise, 1e-10)
    }
    guard let factor = CholeskyFactor(matrix, count: count) else { return nil }
    let ones = factor.solution(of: [Double](repeating: 1, count: count))
    let mean = zip(ones, outputs).reduce(0) { $0 + $1.0 * $1.1 } / ones.reduce(0, +)
    let rest = outputs.map { $0 - mean }
    let weights = factor.solution(of: rest)
    let variance = zip(rest, weights).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    guard variance > 0, variance.isFinite else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.shape = shape
    self.mean = mean
    self.variance = variance
    self.factor = factor
    self.weights = weights
    logLikelihood = -0.5 * (Double(count) * log(variance) + factor.logDeterminant)
  }

  /// The process of largest likelihood; nil where all outputs are equal.
  ///
  /// Inputs are meant to span about 0 to 1 on each axis.
  public init?(fitting outputs: [Double], at inputs: [[Double]]) {
    guard let axes = inputs.first?.count else { return nil }
    let bounds = [(low: log(0.05), high: log(20.0))] + [(low: log(1e-8), high: log(1.0))]
    let shape = { (p: [Double]) -> Shape in
      let limited = p.indices.map { i in
        let (low, high) = bounds[i < axes ? 0 : 1]
        return exp(min(high, max(low, p[i])))
      }
      return Shape(lengths: Array(limited.prefix(axes)), noise: limited[axes])
    }
    var best: GaussianProcess?
    for (length, noise) in [(0.5, 1e-3), (1.5, 1e-4), (4.0, 1e-2)] {
      let start = [Double](repeating: log(length), count: axes) + [log(noise)]
      let found = SimplexSearch.minimum(from: start, step: 0.7, evaluations: 150 * (axes + 1)) { p in
        guard let process = GaussianProcess(inputs: inputs, outputs: outputs, shape: shape(p)) else { return .infinity }
        // Beyond the bounds nothing is gained.
        let excess = p.indices.reduce(0.0) { sum, i in
          let (low, high) = bounds[i < axes ? 0 : 1]
          return sum + max(0, low - p[i]) + max(0, p[i] - high)
        }
        return -process.logLikelihood + excess
      }
      guard let process = GaussianProcess(inputs: inputs, outputs: outputs, shape: shape(found)) else { continue }
      if process.logLikelihood > best?.logLikelihood ?? -.infinity { best = process }
    }
    guard let best else { return nil }
    self = best
  }

  /// Expected value at a point, and its variance without noise.
  public func prediction(at x: [Double]) -> (mean: Double, variance: Double) {
    let links = inputs.map { Self.correlation($0, x, shape.lengths) }
    let value = zip(links, weights).reduce(mean) { $0 + $1.0 * $1.1 }
    let seen = zip(links, factor.solution(of: links)).reduce(0) { $0 + $1.0 * $1.1 }
    return (value, max(0, variance * (1 - seen)))
  }

  /// Each output as the others predict it with the same shape: y_i − [K⁻¹(y − m)]_i/[K⁻¹]_ii.
  public var leaveOneOut: [Double] {
    outputs.indices.map { i in
      var unit = [Double](repeating: 0, count: outputs.count)
      unit[i] = 1
      return outputs[i] - weights[i] / factor.solution(of: unit)[i]
    }
  }

  /// 1 − Σ (y − ŷ)²/Σ (y − ȳ)².
  public static func predictivity(of predictions: [Double], for outputs: [Double]) -> Double {
    let mean = outputs.reduce(0, +) / Double(outputs.count)
    let rest = zip(predictions, outputs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let whole = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return 1 - rest / whole
  }

  private static func correlation(_ a: [Double], _ b: [Double], _ lengths: [Double]) -> Double {
    var square = 0.0
    for i in a.indices {
      let d = (a[i] - b[i]) / lengths[i]
      square += d * d
    }
    let r = (5 * square).squareRoot()
    return (1 + r + r * r / 3) * exp(-r)
  }
}
