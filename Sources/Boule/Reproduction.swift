import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Reporting
import Specimens

/// A published case run again: each reported outcome beside the computed one.
public struct Reproduction: Sendable {
  public let published: PublishedCase
  public let rows: [Row]

  /// What a comparison can prove.
  public enum Kind: String, Sendable, CaseIterable {
    /// No outcome of the case was used.
    case predicted
    /// Predicted once other outcomes of the same case are given, or with inputs that were chosen with results in view.
    case conditional
    /// Fixed on this very outcome.
    case calibrated
    /// The publication gives a limit only.
    case bound
    /// The publication's number was not read: no verdict.
    case fromMemory = "from memory"
  }

  public enum Verdict: String, Sendable {
    /// The center of the forecast lies in the band.
    case agrees
    /// It does not, but its interval or spread reaches the band.
    case reaches = "interval reaches"
    case misses
    /// Nothing is proved either way.
    case none = "–"
  }

  /// One reported number and its forecast.
  public struct Row: Sendable {
    public var outcome: PublishedCase.Outcome
    public var kind: Kind
    /// Median of the forecast, or the mean of a share, in SI; nil where no run gave the number.
    public var computed: Double?
    /// The wider of the spread by chance (5 to 95 %) and the 90 % interval from what is not known, on either side.
    public var reach: ClosedRange<Double>?
    public var verdict: Verdict

    /// Whether the forecast fails where it counts.
    public var fails: Bool { verdict == .misses }
  }

  /// How much work a case may cost.
  public struct Effort: Sendable {
    /// Growth runs.
    public var lots: Int
    /// Draws of the uncertain parameters, and runs of each.
    public var draws: Int
    public var runsPerDraw: Int
    public var threads: Int

    public init(
      lots: Int = 24, draws: Int = 16, runsPerDraw: Int = 3,
      threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
      self.lots = lots
      self.draws = draws
      self.runsPerDraw = runsPerDraw
      self.threads = threads
    }
  }

  /// The cases that stand in a folder data/.
  public static func cases(in data: String) throws -> [PublishedCase] {
    try PublishedCase.all(in: data + "/validation")
  }

  /// Runs a case.
  /// - Throws: what is wrong with the recipe or the case: `RecipeError`, `UnreadableInput`, `ReproductionError`.
  public init(_ published: PublishedCase, source: LibrarySource, effort: Effort = Effort()) async throws {
    self.published = published
    let fixed = Self.fixed(by: published, in: source.nominal)
    guard let path = published.recipe else {
      rows = published.outcomes.map {
        Row(outcome: $0, kind: Self.kind($0, fixed: fixed), computed: nil, reach: nil, verdict: .none)
      }
      return
    }
    var forecasts: [[Override]: Forecast] = [:]
    var rows: [Row] = []
    for outcome in published.outcomes {
      let figure = try Self.figure(of: outcome, in: published)
      let forecast = { (overrides: [Override]) async throws -> Forecast in
        if let known = forecasts[overrides] { return known }
        let recipe = try Recipe(contentsOf: path, overrides: overrides)
        let new = try await Experiment(recipe, source: source).forecast(
          devices: effort.lots, draws: effort.draws, perDraw: effort.runsPerDraw,
          options: Experiment.Options(threads: effort.threads, storedFields: []))
        forecasts[overrides] = new
        return new
      }
      let own = try await forecast(outcome.with)
      var row = Row(
        outcome: outcome, kind: Self.kind(outcome, fixed: fixed), computed: nil, reach: nil, verdict: .none)
      let found =
        outcome.against.isEmpty
        ? try own.outlook(of: figure, for: outcome)
        : try own.outlook(of: figure, over: try await forecast(outcome.with + outcome.against))
      row.computed = found?.center
      row.reach = found?.reach
      row.verdict = Self.verdict(row)
      rows.append(row)
    }
    self.rows = rows
  }

  static func figure(of outcome: PublishedCase.Outcome, in published: PublishedCase) throws -> Figure {
    guard let figure = Figure.all.first(where: { "\($0.section).\($0.key)" == outcome.figure }) else {
      throw ReproductionError.unknownFigure(name: published.name, figure: outcome.figure)
    }
    let unit = outcome.against.isEmpty ? figure.unit : "1"
    // "1" is the unit of a ratio in summary.json; the reader of quantities takes it for a number.
    let exponents = unit == "1" ? .none : try WrittenQuantity("1 \(unit)").exponents
    guard exponents == outcome.exponents else {
      throw ReproductionError.wrongUnit(name: published.name, figure: outcome.figure, text: outcome.text, unit: unit)
    }
    return figure
  }

  /// Whether the case had a part in its own inputs or in numbers of data/, by its own word or by theirs.
  private static func fixed(by published: PublishedCase, in library: MaterialLibrary) -> Bool {
    published.adjusted != nil || published.outcomes.contains { !$0.fixes.isEmpty }
      || library.provenance.contains { $0.calibratedOn == published.name }
  }

  static func kind(_ outcome: PublishedCase.Outcome, fixed: Bool) -> Kind {
    if !outcome.fixes.isEmpty { return .calibrated }
    if outcome.read == .fromMemory || outcome.read == .none { return .fromMemory }
    if fixed { return .conditional }
    return outcome.sense == .value ? .predicted : .bound
  }

  static func verdict(_ row: Row) -> Verdict {
    guard row.kind != .calibrated && row.kind != .fromMemory else { return .none }
    guard let computed = row.computed else { return .misses }
    let band = row.outcome.agreement
    if band.contains(computed) { return .agrees }
    return row.reach.map { $0.overlaps(band) } ?? false ? .reaches : .misses
  }
}

public enum ReproductionError: Error, Hashable, CustomStringConvertible {
  case unknownFigure(name: String, figure: String)
  case wrongUnit(name: String, figure: String, text: String, unit: String)

  public var description: String {
    switch self {
    case .unknownFigure(let name, let figure): "\(name) compares `\(figure)`, which is no figure of a forecast"
    case .wrongUnit(let name, let figure, let text, let unit):
      "\(name) reports \(text) for \(figure), whose unit is \(unit)"
    }
  }
}

extension Forecast {
  /// What an outcome is held against, with its reach; nil where no run gave a value.
  ///
  /// A limit for a share of the devices: the value that just this share keeps, and what the interval of the median does to it.
  fileprivate func outlook(
    of figure: Figure, for outcome: PublishedCase.Outcome
  ) throws -> (center: Double, reach: ClosedRange<Double>)? {
    guard let share = outcome.share else { return try outlook(of: figure) }
    let values = ensemble.outcomes.flatMap(figure.values)
    guard !values.isEmpty,
      let row = try rows().first(where: { $0.figure.section == figure.section && $0.figure.key == figure.key })
    else { return nil }
    let kept = try SampleSummary(values).quantile(outcome.sense == .atLeast ? 1 - share : share)
    let median = row.statistic.median
    let ends = (row.statistic.interval ?? []).map { median > 0 ? kept * $0 / median : kept + $0 - median } + [kept]
    return (kept, ends.min()!...ends.max()!)
  }

  /// Center of a figure, and how far spread and interval reach together; nil where no run gave a value.
  private func outlook(of figure: Figure) throws -> (center: Double, reach: ClosedRange<Double>)? {
    guard let row = try rows().first(where: { $0.figure.section == figure.section && $0.figure.key == figure.key })
    else { return nil }
    let center = figure.center(of: row.statistic)
    var ends = row.statistic.interval ?? []
    if !figure.isShare { ends += [row.statistic.p05, row.statistic.p95] }
    ends.append(center)
    return (center, ends.min()!...ends.max()!)
  }

  /// Ratio of a figure's center to that of another forecast, draw by draw; nil where either has none.
  fileprivate func outlook(
    of figure: Figure, over other: Forecast
  ) throws -> (center: Double, reach: ClosedRange<Double>)? {
    guard let own = try outlook(of: figure)?.center, let reference = try other.outlook(of: figure)?.center,
      reference > 0
    else { return nil }
    let ratios = zip(try centers(of: figure), try other.centers(of: figure)).compactMap { pair -> Double? in
      guard let first = pair.0, let second = pair.1, second > 0 else { return nil }
      return first / second
    }
    let ends = (ratios.count >= 3 ? try [0.05, 0.95].map(SampleSummary(ratios).quantile) : []) + [own / reference]
    return (own / reference, ends.min()!...ends.max()!)
  }
}
