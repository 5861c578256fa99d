import Foundation
import NumericalMethods

/// Empirical distributions with confidence bands and fitted families, on an axis that makes one family straight.
public struct DistributionChart: Sendable {
  /// How the probability F is spaced, and whether values stand on a logarithmic axis.
  public enum Paper: String, Sendable, CaseIterable {
    /// F itself.
    case plain
    /// Φ⁻¹(F) against the value: a normal distribution is straight.
    case normal
    /// Φ⁻¹(F) against the value's logarithm.
    case logNormal
    /// ln(−ln(1 − F)) against the value's logarithm.
    case weibull
    /// −ln(−ln F) against the value: Gumbel's distribution of maxima.
    case gumbel

    var isLogarithmic: Bool { self == .logNormal || self == .weibull }

    /// Where a probability stands on the axis, 0 < p < 1 (0 and 1 too on plain paper).
    func place(_ p: Double) -> Double {
      switch self {
      case .plain: p
      case .normal, .logNormal: NormalDistribution.quantile(p)
      case .weibull: log(-log1p(-p))
      case .gumbel: -log(-log(p))
      }
    }

    var axisTitle: String {
      switch self {
      case .plain: "cumulative probability"
      case .normal, .logNormal: "cumulative probability (normal axis)"
      case .weibull: "cumulative probability (Weibull axis)"
      case .gumbel: "cumulative probability (Gumbel axis)"
      }
    }
  }

  /// Sorted values in SI with their plotting positions and confidence band.
  public struct Sample: Sendable {
    public var name: String
    public var values: [Double]
    /// Plotting positions F, between 0 and 1.
    public var probabilities: [Double]
    /// Confidence band of F at each value; empty when there is none.
    public var low: [Double]
    public var high: [Double]
    public var color: ReportColor

    public init(
      _ name: String, values: [Double], probabilities: [Double], low: [Double] = [], high: [Double] = [],
      color: ReportColor
    ) {
      self.name = name
      self.values = values
      self.probabilities = probabilities
      self.low = low
      self.high = high
      self.color = color
    }
  }

  /// A fitted family as a curve F(value), value in SI.
  public struct Fit: Sendable {
    public var name: String
    public var values: [Double]
    public var probabilities: [Double]
    public var color: ReportColor

    public init(_ name: String, values: [Double], probabilities: [Double], color: ReportColor) {
      self.name = name
      self.values = values
      self.probabilities = probabilities
      self.color = color
    }
  }

  public var title: String
  public var caption: String
  public var label: String
  public var unit: ReportUnit
  public var paper: Paper
  /// The rule of the plotting positions and the band's level: `Hazen (i − 0.5)/n, 95 % band`.
  public var plottingRule: String
  public var samples: [Sample]
  public var fits: [Fit]

  public init(
    _ title: String, caption: String = "", label: String, unit: ReportUnit, paper: Paper, plottingRule: String,
    samples: [Sample], fits: [Fit] = []
  ) {
    self.title = title
    self.caption = caption
    self.label = label
    self.unit = unit
    self.paper = paper
    self.plottingRule = plottingRule
    self.samples = samples
    self.fits = fits
  }

  var fullCaption: String {
    let rule = "Plotting positions: \(plottingRule)."
    return caption.isEmpty ? rule : "\(caption) \(rule)"
  }

  func json() throws -> JSONText {
    try check()
    let axis = ReportAxis(label, unit: unit, scale: paper.isLogarithmic ? .logarithmic : .linear)
    let x = try axis.fitted(to: samples.map(\.values).joined(), margin: 0.03, place: title)
    let drawn = samples.flatMap(\.probabilities)
    let ends = (low: drawn.min() ?? 0.01, high: drawn.max() ?? 0.99)
    let margin = paper == .plain ? 0 : 0.04 * (paper.place(ends.high) - paper.place(ends.low))
    let bottom = paper == .plain ? 0 : paper.place(ends.low) - margin
    let top = paper == .plain ? 1 : paper.place(ends.high) + margin
    let marks = paper == .plain ? [0, 0.25, 0.5, 0.75, 1] : Self.marks
    var ticks: [(value: Double, label: String)] = []
    for p in marks {
      let value = paper.place(p)
      // Labels closer than this would touch.
      let isFree = ticks.allSatisfy { abs($0.value - value) > 0.055 * (top - bottom) }
      if value >= bottom, value <= top, isFree { ticks.append((value, JSONText.digits(100 * p) + " %")) }
    }
    ticks.sort { $0.value < $1.value }
    let y = ReportAxis.Fitted(
      title: paper.axisTitle, unit: ReportUnit.Chosen(factor: 1, zero: 0, symbol: ""), scale: .linear,
      low: bottom, high: top, ticks: ticks)
    // A band's end at 0 or 1 lies at infinity on most papers; it is drawn at the edge of the chart.
    func placed(_ p: Double) -> Double {
      paper == .plain ? p : p <= 0 ? bottom : p >= 1 ? top : min(top, max(bottom, paper.place(p)))
    }
    let curves: [JSONText] = fits.map { fit in
      // What lies outside the drawn part would only widen the axes.
      let kept = fit.values.indices.filter {
        let p = fit.probabilities[$0]
        guard paper == .plain || (p > 0 && p < 1) else { return false }
        return paper.place(p) >= bottom && paper.place(p) <= top
      }
      return .object([
        "name": .text(fit.name), "style": .text("line"), "color": fit.color.json,
        "x": .numbers(kept.map { x.shown(fit.values[$0]) }),
        "y": .numbers(kept.map { paper.place(fit.probabilities[$0]) }),
        "p": .numbers(kept.map { fit.probabilities[$0] }),
      ])
    }
    let points: [JSONText] = samples.map { sample in
      .object([
        "name": .text(sample.name), "style": .text("points"), "color": sample.color.json,
        "x": .numbers(sample.values.map(x.shown)), "y": .numbers(sample.probabilities.map(placed)),
        "p": .numbers(sample.probabilities),
      ])
    }
    let bands: [JSONText] = samples.filter { !$0.low.isEmpty }.map { sample in
      .object([
        "name": .text(""), "color": sample.color.json, "x": .numbers(sample.values.map(x.shown)),
        "low": .numbers(sample.low.map(placed)), "high": .numbers(sample.high.map(placed)),
      ])
    }
    return .object([
      "kind": .text("lines"), "x": x.json, "y": y.json, "curves": .array(curves + points), "bands": .array(bands),
    ])
  }

  /// Probabilities to mark, the most wanted first.
  private static let marks = [0.5, 0.01, 0.99, 0.1, 0.9, 0.001, 0.999, 0.25, 0.75, 0.05, 0.95, 0.0001, 0.9999]

  private func check() throws {
    for sample in samples {
      let count = sample.values.count
      guard count > 0, sample.probabilities.count == count else {
        throw ReportError.malformed(
          place: title, reason: "sample \"\(sample.name)\" needs values and as many probabilities")
      }
      guard sample.low.count == sample.high.count, sample.low.isEmpty || sample.low.count == count else {
        throw ReportError.malformed(place: title, reason: "the band of \"\(sample.name)\" has another length")
      }
      try check(sample.probabilities + sample.low + sample.high, allowsEnds: true)
      if paper != .plain { try check(sample.probabilities, allowsEnds: false) }
    }
    for fit in fits {
      guard fit.values.count == fit.probabilities.count else {
        throw ReportError.malformed(place: title, reason: "fit \"\(fit.name)\" has lists of different length")
      }
      if let bad = fit.values.first(where: { !$0.isFinite }) {
        throw ReportError.notFinite(place: "\(title), \(fit.name)", value: bad)
      }
      try check(fit.probabilities, allowsEnds: true)
    }
  }

  private func check(_ probabilities: [Double], allowsEnds: Bool) throws {
    let isGood: (Double) -> Bool = { allowsEnds ? $0 >= 0 && $0 <= 1 : $0 > 0 && $0 < 1 }
    if let bad = probabilities.first(where: { !isGood($0) }) {
      throw ReportError.malformed(
        place: title, reason: "\(bad) is no probability that this axis can show; use a rule such as (i − 0.5)/n")
    }
  }
}
