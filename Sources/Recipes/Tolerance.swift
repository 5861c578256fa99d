import Foundation
import NumericalMethods
import Quantities

/// How one value of a recipe scatters from run to run, kept apart from the value by its key path.
public struct Tolerance: Hashable, Sendable {
  public enum Distribution: String, Hashable, Sendable, Codable, CaseIterable {
    /// Mean is the value.
    case normal
    /// Median is the value.
    case logNormal
    /// The value ± √3 standard deviations.
    case uniform
  }

  /// `process[0].gap`.
  public var path: String
  /// In SI.
  public var value: Double
  public var distribution: Distribution
  /// In SI.
  public var standardDeviation: Double
  /// The SI unit, as the unit grammar reads it.
  public var unit: String
  /// The key's range in SI; no draw lies outside.
  public var range: ClosedRange<Double>

  public init(
    path: String, value: Double, distribution: Distribution, standardDeviation: Double, unit: String,
    range: ClosedRange<Double>
  ) {
    self.path = path
    self.value = value
    self.distribution = distribution
    self.standardDeviation = standardDeviation
    self.unit = unit
    self.range = range
  }

  /// The value in SI below which a share of the draws lies, the range apart.
  ///
  /// The log-normal keeps the standard deviation: with r = sd/value, exp(s²) = (1 + √(1 + 4r²))/2.
  public func quantile(_ share: Double) -> Double {
    switch distribution {
    case .normal:
      return value + standardDeviation * NormalDistribution.quantile(share)
    case .logNormal:
      let ratio = standardDeviation / value
      let growth = (1 + (1 + 4 * ratio * ratio).squareRoot()) / 2
      return value * exp(log(growth).squareRoot() * NormalDistribution.quantile(share))
    case .uniform:
      return value + 3.0.squareRoot() * standardDeviation * (2 * share - 1)
    }
  }

  /// A draw in SI; what falls outside the range is drawn again.
  /// - Throws: `ToleranceError` after 10,000 draws outside.
  public func draw(random: inout RandomSource) throws(ToleranceError) -> Double {
    for _ in 0..<10_000 {
      let draw = quantile(random.uniform())
      if draw.isFinite && range.contains(draw) { return draw }
    }
    throw .neverInRange(path: path)
  }
}

public enum ToleranceError: Error, Hashable, Sendable, CustomStringConvertible {
  case neverInRange(path: String)
  case countMismatch(given: Int, tolerances: Int)
  case lostPlace(path: String)

  public var description: String {
    switch self {
    case .neverInRange(let path):
      "\(path): no draw of the tolerance lies in the key's range; make the standard deviation smaller"
    case .countMismatch(let given, let tolerances):
      "\(given) values are given for \(tolerances) tolerances"
    case .lostPlace(let path):
      "\(path): the recipe no longer has the value that this tolerance belongs to"
    }
  }
}
