import Foundation
import NumericalMethods
import Quantities
import Specimens

/// A number that is forecast, and how it is read off a device.
///
/// The one list of figures: table, report and summary.json all follow it.
public struct Figure: Sendable {
  /// How far a figure can claim to be predicted.
  public enum Standing: String, Hashable, Sendable, Codable {
    /// From the recipe and data/ alone.
    case predicted
    /// Predicted once the numbers calibrated on another outcome of the same device are given.
    case conditional
    /// A number in data/ was fixed by this outcome of a published device.
    case calibrated
  }

  /// `crystal`, `fields` or `devices`: the block of summary.json.
  public var section: String
  /// The key within the block, with dots for inner blocks: `defects.halideVacancy`.
  public var key: String
  public var label: String
  /// SI unit.
  public var unit: String
  /// The unit in which people read it.
  public var shownUnit: String
  public var standing: Standing
  /// The device's values; a test that stopped first gives none and counts in `censored`.
  public var values: @Sendable (DeviceOutcome) -> [Double]
  public var censored: (@Sendable (DeviceOutcome) -> Int)?

  init(
    _ section: String, _ key: String, _ label: String, unit: String, shownUnit: String? = nil,
    standing: Standing = .predicted, censored: (@Sendable (DeviceOutcome) -> Int)? = nil,
    values: @escaping @Sendable (DeviceOutcome) -> [Double]
  ) {
    self.section = section
    self.key = key
    self.label = label
    self.unit = unit
    self.shownUnit = shownUnit ?? unit
    self.standing = standing
    self.values = values
    self.censored = censored
  }

  private static func crystal(
    _ key: String, _ label: String, unit: String, shown: String? = nil, _ value: @escaping @Sendable (GrownCrystal) -> Double
  ) -> Figure {
    Figure("crystal", key, label, unit: unit, shownUnit: shown) { $0.crystal.map { [value($0)] } ?? [] }
  }

  private static func cycles(
    _ key: String, _ label: String, unit: String, shown: String? = nil, standing: Standing = .conditional,
    _ value: @escaping @Sendable (SwitchingTrace.Cycle) -> Double?
  ) -> Figure {
    Figure(
      "devices", key, label, unit: unit, shownUnit: shown, standing: standing,
      censored: { outcome in outcome.trace?.cycles.count { value($0) == nil } ?? 0 },
      values: { $0.trace?.cycles.compactMap(value) ?? [] })
  }

  private static func forming(
    _ key: String, _ label: String, unit: String, shown: String? = nil, standing: Standing,
    _ value: @escaping @Sendable (SwitchingTrace.Forming) -> Double?
  ) -> Figure {
    Figure(
      "devices", key, label, unit: unit, shownUnit: shown, standing: standing,
      censored: { outcome in outcome.trace?.forming.map { value($0) == nil ? 1 : 0 } ?? 0 },
      values: { $0.trace?.forming.flatMap(value).map { [$0] } ?? [] })
  }

  /// Every figure, in the order of the table.
  public static let all: [Figure] = [
    crystal("thickness", "Crystal thickness", unit: "m", shown: "µm") { $0.thickness.si },
    crystal("lateralSize", "Lateral size of the largest crystal", unit: "m", shown: "mm") { $0.lateralSize.si },
    crystal("crystalCount", "Crystals per run", unit: "1") { Double($0.crystalCount) },
    crystal("growthRate", "Mean face speed", unit: "m/s", shown: "nm/s") { $0.growthRate.si },
    crystal("yield", "Share of solute crystallized", unit: "1", shown: "%") { $0.yield.si },
    crystal("growthTemperature", "Mean growth temperature", unit: "K", shown: "°C") { $0.growthTemperature.si },
    crystal("defects.halideVacancy", "Mobile bromide vacancies", unit: "1/m^3", shown: "1/cm^3") { $0.defects.halideVacancies.si },
    crystal("defects.cationVacancy", "Cation vacancies", unit: "1/m^3", shown: "1/cm^3") { $0.defects.cationVacancies.si },
    crystal("defects.leadVacancy", "Lead vacancies", unit: "1/m^3", shown: "1/cm^3") { $0.defects.leadVacancies.si },
    crystal("trapDensity", "Deep traps", unit: "1/m^3", shown: "1/cm^3") { $0.traps.density.si },
    crystal("apparentTrapDensity", "Deep traps as SCLC would read", unit: "1/m^3", shown: "1/cm^3") { $0.traps.apparentDensity.si },
    crystal("trapFilledLimitVoltage", "Trap-filled-limit voltage", unit: "V") { $0.traps.trapFilledLimitVoltage.si },
    Figure("fields", "strain", "In-plane elastic strain", unit: "1", shownUnit: "%") { $0.fields.map { [$0.strain.si] } ?? [] },
    Figure("fields", "stress", "In-plane stress", unit: "Pa", shownUnit: "MPa") { $0.fields.map { [$0.stress.si] } ?? [] },
    Figure("fields", "vacancyDensity", "Mobile vacancies under the electrode", unit: "1/m^3", shownUnit: "1/cm^3") { $0.fields.map { [$0.vacancyDensity.si] } ?? [] },
    Figure("fields", "migrationBarrier", "Barrier of a halide hop", unit: "J", shownUnit: "eV") { $0.fields.map { [$0.migrationBarrier.si] } ?? [] },
    forming("formingVoltage", "Forming voltage", unit: "V", standing: .predicted) { $0.voltage },
    forming("formingGain", "Conductance gained in forming", unit: "1", standing: .conditional) { $0.pristineResistance / $0.formedResistance },
    forming("kineticTimeBefore", "Kinetic time before forming", unit: "s", standing: .predicted) { $0.kineticTimeBefore },
    forming("kineticTimeAfter", "Kinetic time after forming", unit: "s", standing: .predicted) { $0.kineticTimeAfter },
    cycles("setVoltage", "SET voltage", unit: "V") { $0.setVoltage },
    cycles("resetVoltage", "RESET voltage", unit: "V") { $0.resetVoltage },
    cycles("highResistance", "High resistance (0.1 V)", unit: "ohm") { $0.highResistance },
    cycles("lowResistance", "Low resistance (0.1 V)", unit: "ohm") { $0.lowResistance },
    cycles("onOffRatio", "ON/OFF ratio", unit: "1", standing: .calibrated) { $0.highResistance / $0.lowResistance },
    cycles("switchingEnergy", "Energy of a SET sweep", unit: "J", shown: "pJ") { $0.setEnergy },
  ]

  /// Distribution over an ensemble, without interval; nil when no device has a value.
  func statistic(of outcomes: [DeviceOutcome]) throws -> Statistic? {
    let pooled = outcomes.flatMap(values)
    guard !pooled.isEmpty else { return nil }
    let summary = try SampleSummary(pooled)
    return Statistic(
      unit: unit, count: summary.count, mean: summary.mean, sd: summary.sd ?? 0, median: summary.median,
      p05: try summary.quantile(0.05), p95: try summary.quantile(0.95),
      censored: censored.map { read in outcomes.reduce(0) { $0 + read($1) } })
  }
}
