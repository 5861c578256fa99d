import Foundation
import NumericalMethods
import Quantities
import Reporting
import Specimens

/// A number that is forecast, and how it is read off a device.
///
/// The one list of figures: table, report and summary.json all follow it.
public struct Figure: Sendable {
  /// What one test says.
  public enum Reading: Hashable, Sendable {
    case value(Double)
    /// The test stopped first, or its meter told no more: the value is this or larger.
    case atLeast(Double)
    /// The test stopped before the event, and no bound is known.
    case missed
  }

  /// `crystal`, `fields` or `devices`: the block of summary.json.
  public var section: String
  /// The key within the block, with dots for inner blocks: `defects.halideVacancy`.
  public var key: String
  /// What table and report call it.
  public var label: String
  /// SI unit.
  public var unit: String
  /// The unit in which people read it.
  public var shown: ReportUnit
  /// How the chance part is written.
  public var spread: ReportNumber.Spread
  /// Whether it is predicted, conditional or calibrated.
  public var mark: ReportNumber.Mark
  /// Whether the values are 0 and 1 and their mean, a probability, is what counts.
  public var isShare = false
  /// Whether each value is a part of a whole, so that none lies beyond 0 and 1.
  public var isPart = false
  /// The compound's number that this outcome fixes where it was calibrated: `contactSwitching.detachmentEnergy`.
  public var calibratedThrough: String?
  /// What the device's tests say; none where it had no such test.
  public var read: @Sendable (DeviceOutcome) -> [Reading]

  init(
    _ section: String, _ key: String, _ label: String, unit: String, shown: ReportUnit,
    spread: ReportNumber.Spread = .standardDeviation, mark: ReportNumber.Mark = .predicted,
    read: @escaping @Sendable (DeviceOutcome) -> [Reading]
  ) {
    self.section = section
    self.key = key
    self.label = label
    self.unit = unit
    self.shown = shown
    self.spread = spread
    self.mark = mark
    self.read = read
  }

  /// Every figure, in the order of the table.
  public static let all: [Figure] =
    crystalFigures + fieldFigures + formingFigures + cycleFigures + [retentionTime, ionCrossings] + bulkFigures
    + lightFigures + protocolFigures

  /// The device's numbers in SI, with bounds in the place of what was not told.
  public func values(_ outcome: DeviceOutcome) -> [Double] { read(outcome).compactMap(\.number) }

  /// The number that the interval is about: the median, or the mean of a share.
  func center(of statistic: Statistic) -> Double { isShare ? statistic.mean : statistic.median }

  /// Tests of an ensemble that stopped before the event.
  func censored(in outcomes: [DeviceOutcome]) -> Int {
    outcomes.reduce(0) { $0 + read($1).count(where: \.isCensored) }
  }

  /// Distribution over an ensemble, without interval; nil when no device has a number.
  ///
  /// Tests that stopped first stand in it with their bound; where half of them did, the median is a bound as well.
  func statistic(of outcomes: [DeviceOutcome]) throws -> Statistic? {
    let readings = outcomes.flatMap(read)
    let numbers = readings.compactMap(\.number)
    guard !numbers.isEmpty else { return nil }
    let summary = try SampleSummary(numbers)
    let censored = readings.count(where: \.isCensored)
    let told = readings.count { !$0.isCensored }
    let bounds = readings.count { if case .atLeast = $0 { true } else { false } }
    return Statistic(
      unit: unit, count: told, mean: summary.mean, sd: summary.sd ?? 0, median: summary.median,
      p05: try summary.quantile(0.05), p95: try summary.quantile(0.95), censored: censored > 0 ? censored : nil,
      isBound: bounds > 0 && 2 * bounds >= numbers.count ? true : nil)
  }
}

extension Figure.Reading {
  /// In SI; nil where nothing is known.
  var number: Double? {
    switch self {
    case .value(let x), .atLeast(let x): x
    case .missed: nil
    }
  }

  var isCensored: Bool { if case .value = self { false } else { true } }

  /// A value that is not there was missed, if the test was one of it.
  init?(_ value: Double?, isMissed: Bool = false) {
    guard value != nil || isMissed else { return nil }
    self = value.map { .value($0) } ?? .missed
  }
}
