import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Reporting
import Specimens
import Switching

/// What a recipe leads to: the spread over devices and cycles, and the interval that ignorance leaves.
public struct Forecast: Sendable {
  /// The recipe, its tolerances included.
  public let recipe: Recipe
  /// The library of the ensemble: every number as data/ states it.
  public let library: MaterialLibrary
  let source: LibrarySource
  /// The devices that give every distribution.
  public let ensemble: Ensemble
  /// One small ensemble for each draw of the uncertain parameters; nil where a draw left the models' physics.
  public let members: [Ensemble?]
  /// The nominal counterpart of a member: the first devices of the ensemble.
  let devicesPerMember: Int

  /// A figure with its distribution.
  public struct Row: Sendable {
    /// What the number is.
    public var figure: Figure
    /// Its distribution over devices and cycles, in SI; the interval is from the parameter draws.
    public var statistic: Statistic
    /// Parameter draws that gave no value at all.
    public var silentDraws: Int
    /// The number of data/ that this very outcome of a published device fixed.
    public var calibration: Provenance?

    /// How far the figure may count as a forecast.
    public var mark: ReportNumber.Mark {
      statistic.isBound == true ? .bound : calibration == nil ? figure.mark : .calibrated
    }
  }

  /// Every figure that at least one device has.
  public func rows() throws -> [Row] {
    return try Figure.all.compactMap { figure in
      guard var statistic = try figure.statistic(of: ensemble.outcomes) else { return nil }
      let centers = try centers(of: figure).compactMap { $0 }
      if centers.count >= 3 {
        let spread = try SampleSummary(centers)
        // The numbers of data/ as they are belong to what may be.
        let value = figure.center(of: statistic)
        statistic.interval = [min(value, try spread.quantile(0.05)), max(value, try spread.quantile(0.95))]
      }
      let number = figure.calibratedThrough.map { "\(recipe.material).\($0)" }
      return Row(
        figure: figure, statistic: statistic, silentDraws: members.count - centers.count,
        calibration: library.provenance.first { $0.path == number && $0.calibratedOn != nil })
    }
  }

  /// Figures whose every test stopped before the event, with the number of tests.
  public var unreached: [(figure: Figure, tests: Int)] {
    Figure.all.compactMap { figure in
      let readings = ensemble.outcomes.flatMap(figure.read)
      return !readings.isEmpty && readings.allSatisfy { $0 == .missed } ? (figure, readings.count) : nil
    }
  }

  /// Where a figure would lie in each draw of the uncertain parameters; nil where a draw gave no value.
  func centers(of figure: Figure) throws -> [Double?] {
    let nominal = Array(ensemble.outcomes.prefix(devicesPerMember))
    guard let center = try figure.statistic(of: ensemble.outcomes).map(figure.center),
      let reference = try figure.statistic(of: nominal).map(figure.center)
    else { return members.map { _ in nil } }
    return try members.map { member in
      guard let member, let own = try figure.statistic(of: member.outcomes).map(figure.center) else { return nil }
      if figure.isShare { return min(max(center + own - reference, 0), 1) }
      // Common random numbers cancel chance in the ratio; where signs differ only a shift makes sense.
      let isRatio = own * reference > 0 && center * reference > 0
      let shifted = isRatio ? center * (own / reference) : center + own - reference
      return figure.isPart ? min(max(shifted, 0), 1) : shifted
    }
  }

  /// The parts of a spread that lie between devices and between cycles of one device; nil without two devices and cycles.
  public func variance(_ value: (SwitchingTrace.Cycle) -> Double?) -> VarianceComponents? {
    try? VarianceComponents(cycles: ensemble.traces.map { $0.trace.cycles.compactMap(value) })
  }

  /// How many devices came to a test, and how many of these switched at least once.
  public var switched: (tested: Int, switched: Int) {
    let traces = ensemble.traces
    return (traces.count, traces.count { $0.trace.cycles.contains { $0.setVoltage != nil } })
  }

  /// Devices that failed, by stage, with the reason of the first.
  public var failures: [(stage: String, reason: String, count: Int)] {
    let failed = ensemble.outcomes.compactMap(\.failure)
    return ["growth", "fields", "switching"].compactMap { stage in
      let here = failed.filter { $0.stage == stage }
      return here.first.map { (stage, $0.reason, here.count) }
    }
  }

  /// What the ensemble counts.
  private var unitName: String { recipe.device == nil ? "growth runs" : "devices" }

  /// Every limit that was passed, once per code, with the number of devices and the first message.
  public var warnings: [ValidityWarning] {
    var found: [String: (warning: ValidityWarning, devices: Int)] = [:]
    for outcome in ensemble.outcomes {
      for code in Set(outcome.warnings.map(\.code)) {
        let warning = outcome.warnings.first { $0.code == code }!
        found[code] = (found[code]?.warning ?? warning, (found[code]?.devices ?? 0) + 1)
      }
    }
    var list = found.values.map { entry in
      var warning = entry.warning
      if ensemble.outcomes.count > 1 {
        warning.message += " (\(entry.devices) of \(ensemble.outcomes.count) \(unitName))"
      }
      return warning
    }
    let silent = members.count { $0 == nil || $0!.outcomes.allSatisfy { $0.failure != nil } }
    if silent > 0 {
      list.append(
        ValidityWarning(
          stage: "experiment", code: "silentDraws",
          message:
            "\(silent) of \(members.count) draws of the uncertain parameters gave no "
            + (recipe.device == nil ? "crystal" : "working device")
            + (silent < members.count ? "; intervals speak of the others only" : "")))
    }
    for failure in failures {
      list.append(
        ValidityWarning(
          stage: failure.stage, code: "noDevice",
          message: "\(failure.count) of \(ensemble.outcomes.count) \(unitName) were lost: \(failure.reason)"))
    }
    return list.sorted()
  }
}
