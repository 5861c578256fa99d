import Foundation
import NumericalMethods
import Quantities
import Reporting
import Specimens

/// Recipes side by side: how each figure differs from that of the first recipe, and how sure that is.
///
/// All forecasts must come from one seed and as many parameter draws: draw n is then the same set of material constants in every
/// recipe, so that what is not known about the materials cancels where it acts alike.
public struct Comparison: Sendable {
  /// How one recipe's figure stands against the first recipe's.
  public struct Contrast: Sendable {
    /// Whether `value` is a ratio; a difference otherwise.
    public var isRatio: Bool
    public var value: Double
    /// 90 % interval over the draws of the uncertain parameters; nil with fewer than three.
    public var interval: ClosedRange<Double>?
    /// Share of the draws that agree with the sign of the difference; nil with fewer than three.
    public var agreement: Double?
    /// Probability that a crystal or device of this recipe exceeds one of the first, ties counted half.
    public var exceedance: Double
    /// Standard error of the exceedance if there were no difference.
    public var exceedanceError: Double

    /// Whether neither ignorance nor chance explains the difference: 95 % of the draws agree, and the samples differ by
    /// two standard errors.
    public var matters: Bool {
      (agreement ?? 0) >= 0.95 && abs(exceedance - 0.5) > 2 * exceedanceError
    }
  }

  /// One figure in every recipe.
  public struct Row: Sendable {
    public var figure: Figure
    /// nil where a recipe has no such figure.
    public var centers: [Double?]
    /// Against the first recipe; the first one's own is nil.
    public var contrasts: [Contrast?]

    var matters: Bool { contrasts.contains { $0?.matters ?? false } }

    /// Whether the recipes differ at all, in the nominal ensemble or in any draw.
    var differs: Bool {
      zip(centers, contrasts).dropFirst().contains { center, contrast in
        guard let contrast else { return center != nil || centers[0] != nil }
        let none = contrast.isRatio ? 1.0 : 0
        return contrast.value != none
          || contrast.interval.map { $0.lowerBound != none || $0.upperBound != none } ?? false
      }
    }
  }

  /// The recipes' names, the first being the reference.
  public let names: [String]
  /// Differences that matter first, each group in the order of the figures.
  public let rows: [Row]

  /// - Throws: `SampleError`.
  public init(_ forecasts: [Forecast], names: [String]) throws {
    self.names = names
    var rows: [Row] = []
    for figure in Figure.all {
      let centers = try forecasts.map { try figure.statistic(of: $0.ensemble.outcomes).map(figure.center) }
      guard centers.contains(where: { $0 != nil }) else { continue }
      var contrasts: [Contrast?] = [nil]
      for index in forecasts.indices.dropFirst() {
        contrasts.append(try Self.contrast(figure, forecasts[index], against: forecasts[0]))
      }
      rows.append(Row(figure: figure, centers: centers, contrasts: contrasts))
    }
    self.rows = rows.filter(\.matters) + rows.filter { !$0.matters }
  }

  private static func contrast(_ figure: Figure, _ own: Forecast, against first: Forecast) throws -> Contrast? {
    let mine = own.ensemble.outcomes.flatMap(figure.values)
    let theirs = first.ensemble.outcomes.flatMap(figure.values)
    guard let a = try figure.statistic(of: first.ensemble.outcomes).map(figure.center),
      let b = try figure.statistic(of: own.ensemble.outcomes).map(figure.center)
    else { return nil }
    // A ratio speaks for itself where zero means nothing there: not for temperatures, shares and signed numbers.
    let isRatio = a > 0 && b > 0 && !figure.isShare && figure.shown.zero == 0
    let contrast = { (a: Double, b: Double) -> Double in isRatio ? b / a : b - a }
    let none = isRatio ? 1.0 : 0
    let value = contrast(a, b)
    var draws: [Double] = []
    for (x, y) in zip(try first.centers(of: figure), try own.centers(of: figure)) {
      guard let x, let y, !isRatio || (x > 0 && y > 0) else { continue }
      draws.append(contrast(x, y))
    }
    var interval: ClosedRange<Double>?
    var agreement: Double?
    if draws.count >= 3 {
      let spread = try SampleSummary(draws)
      interval = try spread.quantile(0.05)...spread.quantile(0.95)
      let sign = value > none ? 1.0 : -1
      agreement = value == none ? 0 : Double(draws.count { ($0 - none) * sign > 0 }) / Double(draws.count)
    }
    let (n, m) = (Double(mine.count), Double(theirs.count))
    return Contrast(
      isRatio: isRatio, value: value, interval: interval, agreement: agreement,
      exceedance: exceedance(of: mine, over: theirs), exceedanceError: ((n + m + 1) / (12 * n * m)).squareRoot())
  }

  /// P(x > y) + P(x = y)/2 of Mann and Whitney.
  static func exceedance(of x: [Double], over y: [Double]) -> Double {
    let sorted = y.sorted()
    func below(_ value: Double, orEqual: Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < value || (orEqual && sorted[middle] == value) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let sum = x.reduce(0) { $0 + 0.5 * Double(below($1, orEqual: false) + below($1, orEqual: true)) }
    return sum / Double(x.count * y.count)
  }

  /// The recipes in the order of a figure, lowest first; recipes without it last.
  /// - Parameter key: `trapDensity` or `crystal.trapDensity`.
  /// - Returns: nil where no recipe has such a figure.
  public func ranking(by key: String) -> [String]? {
    guard let row = rows.first(where: { $0.figure.key == key || "\($0.figure.section).\($0.figure.key)" == key }) else {
      return nil
    }
    return names.indices.sorted { (row.centers[$0] ?? .infinity, $0) < (row.centers[$1] ?? .infinity, $1) }.map {
      names[$0]
    }
  }
}
