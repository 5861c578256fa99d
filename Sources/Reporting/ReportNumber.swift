import Specimens

/// One number of a report, with what is known about its spread and its interval.
public struct ReportNumber: Sendable {
  /// What stands behind a number.
  public enum Value: Sendable {
    /// A distribution over crystals, devices or cycles; its median is shown.
    case statistic(Statistic)
    /// One value in SI, with its 90 % interval where parameter uncertainty was drawn.
    case single(Double, interval: ClosedRange<Double>?)
    /// An event that none of so many tests came to.
    case unreached(tests: Int)
  }

  /// How the chance part is written.
  public enum Spread: Sendable {
    /// ± one standard deviation.
    case standardDeviation
    /// ×/÷ the factor of one standard deviation, taken from the 5 % and 95 % points: for resistances and densities.
    case factor
  }

  /// How far a number may count as a forecast.
  public enum Mark: String, Sendable, CaseIterable {
    /// No outcome of the device was used.
    case predicted
    /// Predicted once the calibrated numbers of the same device are given.
    case conditional
    /// Fixed on the published outcome; it does not count as predicted.
    case calibrated
    /// Only a limit.
    case bound
  }

  public var name: String
  public var value: Value
  /// How it is shown; the value itself is in SI.
  public var unit: ReportUnit
  public var spread: Spread
  public var mark: Mark?
  /// A definition or a caveat, short.
  public var note: String

  public init(
    _ name: String, _ value: Value, unit: ReportUnit, spread: Spread = .standardDeviation, mark: Mark? = nil,
    note: String = ""
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.spread = spread
    self.mark = mark
    self.note = note
  }

  /// A row from a statistic, shown in the usual unit for the statistic's own unless told otherwise.
  public init(
    _ name: String, _ statistic: Statistic, unit: ReportUnit? = nil, spread: Spread = .standardDeviation,
    mark: Mark? = nil, note: String = ""
  ) {
    self.init(
      name, .statistic(statistic), unit: unit ?? ReportUnit(si: statistic.unit), spread: spread, mark: mark, note: note)
  }

  /// A row from one value in SI.
  public init(
    _ name: String, si value: Double, unit: ReportUnit, interval: ClosedRange<Double>? = nil, mark: Mark? = nil,
    note: String = ""
  ) {
    self.init(name, .single(value, interval: interval), unit: unit, mark: mark, note: note)
  }
}
