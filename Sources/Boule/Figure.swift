import Foundation
import NumericalMethods
import Quantities
import Reporting
import Specimens

/// A number that is forecast, and how it is read off a device.
///
/// The one list of figures: table, report and summary.json all follow it.
public struct Figure: Sendable {
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
  /// The device's values; a test that stopped first gives none and counts in `censored`.
  public var values: @Sendable (DeviceOutcome) -> [Double]
  /// How many of a device's tests stopped before the event; nil where that cannot happen.
  public var censored: (@Sendable (DeviceOutcome) -> Int)?

  init(
    _ section: String, _ key: String, _ label: String, unit: String, shown: ReportUnit,
    spread: ReportNumber.Spread = .standardDeviation, mark: ReportNumber.Mark = .predicted,
    censored: (@Sendable (DeviceOutcome) -> Int)? = nil,
    values: @escaping @Sendable (DeviceOutcome) -> [Double]
  ) {
    self.section = section
    self.key = key
    self.label = label
    self.unit = unit
    self.shown = shown
    self.spread = spread
    self.mark = mark
    self.values = values
    self.censored = censored
  }

  /// A figure of the crystal; nil where the process does not define it.
  private static func crystal(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    _ value: @escaping @Sendable (GrownCrystal) -> Double?
  ) -> Figure {
    Figure("crystal", key, label, unit: unit, shown: shown, spread: spread) {
      $0.crystal.flatMap(value).map { [$0] } ?? []
    }
  }

  /// The probability that a run ends in a way.
  private static func share(
    _ key: String, _ label: String, _ isSo: @escaping @Sendable (DeviceOutcome) -> Bool?
  ) -> Figure {
    var figure = Figure("crystal", key, label, unit: "1", shown: .percent) { outcome in
      // The classes are those of vessels: a film or a flake is none of them.
      let isNoVessel =
        key.hasPrefix("outcome.") && (outcome.crystal?.grains != nil || outcome.crystal?.layerCount != nil)
      return isNoVessel ? [] : isSo(outcome).map { [$0 ? 1 : 0] } ?? []
    }
    figure.isShare = true
    return figure
  }

  /// A figure of one protocol's results; a nil value that is not censored is none at all.
  static func results<Result>(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    of results: @escaping @Sendable (SwitchingTrace) -> [Result],
    isCensored: (@Sendable (Result) -> Bool)? = nil, _ value: @escaping @Sendable (Result) -> Double?
  ) -> Figure {
    var figure = Figure(
      "devices", key, label, unit: unit, shown: shown, spread: spread, mark: .conditional,
      values: { outcome in
        guard let trace = outcome.trace else { return [] }
        return results(trace).compactMap(value)
      })
    if let isCensored {
      figure.censored = { outcome in
        guard let trace = outcome.trace else { return 0 }
        return results(trace).count { value($0) == nil && isCensored($0) }
      }
    }
    return figure
  }

  private static func cycles(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    calibratedThrough: String? = nil, isIdle: @escaping @Sendable (SwitchingTrace.Cycle) -> Bool = { _ in false },
    _ value: @escaping @Sendable (SwitchingTrace.Cycle) -> Double?
  ) -> Figure {
    var figure = Figure(
      "devices", key, label, unit: unit, shown: shown, spread: spread, mark: .conditional,
      censored: { outcome in outcome.trace?.cycles.count { value($0) == nil && !isIdle($0) } ?? 0 },
      values: { $0.trace?.cycles.compactMap(value) ?? [] })
    figure.calibratedThrough = calibratedThrough
    return figure
  }

  private static func forming(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    mark: ReportNumber.Mark = .conditional, calibratedThrough: String? = nil,
    _ value: @escaping @Sendable (SwitchingTrace.Forming) -> Double?
  ) -> Figure {
    var figure = Figure(
      "devices", key, label, unit: unit, shown: shown, spread: spread, mark: mark,
      censored: { outcome in outcome.trace?.forming.map { value($0) == nil ? 1 : 0 } ?? 0 },
      values: { $0.trace?.forming.flatMap(value).map { [$0] } ?? [] })
    figure.calibratedThrough = calibratedThrough
    return figure
  }

  /// Of the double layer; none where no vacancies make one.
  private static func kineticTime(
    _ key: String, _ label: String, _ value: @escaping @Sendable (SwitchingTrace.Forming) -> Double
  ) -> Figure {
    Figure("devices", key, label, unit: "s", shown: .second) {
      $0.trace?.forming.map(value).flatMap { $0.isFinite ? [$0] : nil } ?? []
    }
  }

  /// Every figure, in the order of the table.
  public static let all: [Figure] =
    crystalFigures + fieldFigures + formingFigures + cycleFigures + [retentionTime, ionCrossings] + bulkFigures
    + lightFigures
    + protocolFigures

  private static let nanometersPerSecond = ReportUnit(symbol: "nm/s", scale: 1e-9)

  private static let squareCentimetersPerVoltSecond = ReportUnit(symbol: "cm²/(V s)", scale: 1e-4)

  private static let crystalFigures: [Figure] = [
    share("outcome.clear", "Runs without a crystal") { $0.run.map { $0 == .clear } },
    share("outcome.powder", "Runs that end in powder") { $0.run.map { $0 == .powder } },
    share("outcome.small", "Runs of many small crystals") { $0.run.map { $0 == .small } },
    share("outcome.large", "Runs of large crystals") { $0.run.map { $0 == .large } },
    crystal("inductionTime", "Time of the first nucleus", unit: "s", shown: .hour) { $0.inductionTime.si },
    crystal("nucleationTemperature", "Temperature of the first nucleus", unit: "K", shown: .celsius) {
      $0.nucleationTemperature.si
    },
    crystal("nucleationHeight", "Height of the first nucleus", unit: "m", shown: .meter) { $0.nucleationHeight?.si },
    crystal("thickness", "Crystal thickness", unit: "m", shown: .meter) { $0.thickness.si },
    crystal("thicknessDeviation", "Thickness spread over a crystal", unit: "m", shown: .meter) {
      $0.thicknessDeviation.si
    },
    crystal("plateThicknessDeviation", "Thickness spread over a plate", unit: "m", shown: .meter) {
      $0.plateThicknessDeviation?.si
    },
    crystal("layerCount", "Molecular layers", unit: "1", shown: .count) { $0.layerCount.map(Double.init) },
    crystal("lateralSize", "Lateral size, largest crystal", unit: "m", shown: .meter) { $0.lateralSize.si },
    crystal("crystalCount", "Crystals per run", unit: "1", shown: .count) { Double($0.crystalCount) },
    plateYield,
    part("coverage", "Plate covered") { $0.coverage?.si },
    crystal("grainSize", "Grain size", unit: "m", shown: .meter, spread: .factor) { $0.grains?.size.si },
    crystal("texture", "March-Dollase r of the grains' face", unit: "1", shown: .one) { $0.grains?.texture.si },
    crystal("roughness", "Roughness, standard deviation", unit: "m", shown: .meter) { $0.roughness?.deviation.si },
    part("pinholeShare", "Support left bare") { $0.roughness?.pinholeShare.si },
    part("secondaryPhases", "Other compounds by volume") { crystal in
      // Of a film from vapors none is a number as well.
      crystal.secondaryPhases.isEmpty && crystal.saltLayers == nil
        ? nil : crystal.secondaryPhases.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.si }
    },
    crystal("growthRate", "Mean face speed", unit: "m/s", shown: nanometersPerSecond) { $0.growthRate.si },
    part("yield", "Yield of material") { $0.yield.si },
    crystal("growthTemperature", "Mean growth temperature", unit: "K", shown: .celsius) { $0.growthTemperature.si },
    part("inclusionFraction", "Included solvent by volume") { $0.inclusionFraction.si },
    density("defects.halideVacancy", "Mobile halide vacancies") { $0.defects.halideVacancies.si },
    density("defects.cationVacancy", "Cation vacancies") { $0.defects.cationVacancies.si },
    density("defects.leadVacancy", "Lead vacancies") { $0.defects.leadVacancies.si },
    density("defects.cationAntisite", "Cations on metal sites") { $0.defects.cationAntisites.si },
    density("defects.metalAntisite", "Metal ions on cation sites") { $0.defects.metalAntisites.si },
    density("defects.halideInterstitial", "Halide interstitials") { $0.defects.halideInterstitials.si },
    density("defects.cationInterstitial", "Cation interstitials") { $0.defects.cationInterstitials.si },
    density("defects.impurity", "Foreign ions") { $0.defects.impurities.values.map(\.si).reduce(0, +) },
    density("trapDensity", "Deep traps") { $0.traps.density.si },
    crystal(
      "surfaceTrapDensity", "Deep traps at a surface", unit: "1/m^2", shown: .perSquareCentimeter, spread: .factor
    ) {
      $0.traps.surfaceDensity.si > 0 ? $0.traps.surfaceDensity.si : nil
    },
    density("apparentTrapDensity", "Deep traps as SCLC would read") { $0.traps.apparentDensity?.si },
    density("trapDensityFloor", "Fewest traps that SCLC tells from none") { $0.traps.geometricFloor.si },
    crystal(
      "apparentMobility", "Mobility as SCLC would read", unit: "m^2/(V s)", shown: squareCentimetersPerVoltSecond,
      spread: .factor
    ) { $0.traps.apparentMobility?.si },
    crystal("trapFilledLimitVoltage", "Trap-filled-limit voltage", unit: "V", shown: .volt, spread: .factor) {
      $0.traps.trapFilledLimitVoltage?.si
    },
    share("trapReadingIsValid", "Crystals whose SCLC reading is valid") { $0.crystal?.traps.isValid },
  ]

  /// Counted over the crystals, flakes or dies of each run.
  private static let plateYield: Figure = {
    var figure = Figure("crystal", "plateYield", "Within bounds, of a run's crystals", unit: "1", shown: .percent) {
      $0.plateYield.map { [$0.si] } ?? []
    }
    figure.isPart = true
    return figure
  }()

  /// A part of a whole, shown in percent.
  private static func part(
    _ key: String, _ label: String, _ value: @escaping @Sendable (GrownCrystal) -> Double?
  ) -> Figure {
    var figure = crystal(key, label, unit: "1", shown: .percent, value)
    figure.isPart = true
    return figure
  }

  /// A density; absent where there are none.
  private static func density(
    _ key: String, _ label: String, _ value: @escaping @Sendable (GrownCrystal) -> Double?
  ) -> Figure {
    crystal(key, label, unit: "1/m^3", shown: .perCubicCentimeter, spread: .factor) { crystal in
      value(crystal).flatMap { $0 > 0 ? $0 : nil }
    }
  }

  private static func field(
    _ key: String, _ label: String, unit: String, shown: ReportUnit,
    spread: ReportNumber.Spread = .standardDeviation, _ value: @escaping @Sendable (FieldFigures) -> Double
  ) -> Figure {
    Figure("fields", key, label, unit: unit, shown: shown, spread: spread) { $0.fields.map { [value($0)] } ?? [] }
  }

  private static let fieldFigures: [Figure] = [
    field("strain", "In-plane elastic strain", unit: "1", shown: .percent) { $0.strain.si },
    field("stress", "In-plane stress", unit: "Pa", shown: .pascal) { $0.stress.si },
    field("vacancyDensity", "Vacancies under the electrode", unit: "1/m^3", shown: .perCubicCentimeter, spread: .factor)
    {
      $0.vacancyDensity.si
    },
    field(
      "contactVacancies", "Vacancies at the contact", unit: "1/m^3", shown: .perCubicCentimeter, spread: .factor
    ) {
      $0.contactVacancies.si
    },
    field("migrationBarrier", "Barrier of a halide hop", unit: "J", shown: .electronvolt) { $0.migrationBarrier.si },
  ]

  private static let formingFigures: [Figure] = [
    forming("formingVoltage", "Forming voltage", unit: "V", shown: .volt) { $0.voltage },
    forming(
      "formingGain", "Conductance gained in forming", unit: "1", shown: .one, spread: .factor,
      calibratedThrough: "contactSwitching.discVacancyDensity"
    ) {
      $0.pristineResistance / $0.formedResistance
    },
    kineticTime("kineticTimeBefore", "Kinetic time before forming") { $0.kineticTimeBefore },
    kineticTime("kineticTimeAfter", "Kinetic time after forming") { $0.kineticTimeAfter },
    Figure("devices", "kineticTimeFall", "Fall of the kinetic time in forming", unit: "1", shown: .one, spread: .factor)
    {
      guard let forming = $0.trace?.forming, forming.kineticTimeAfter.isFinite, forming.kineticTimeAfter > 0 else {
        return []
      }
      return [forming.kineticTimeBefore / forming.kineticTimeAfter]
    },
  ]

  private static let cycleFigures: [Figure] = [
    cycles(
      "setVoltage", "V_SET", unit: "V", shown: .volt, calibratedThrough: "metallization.hopEnergy",
      isIdle: { $0.setIsIdle }
    ) { $0.setVoltage },
    cycles(
      "resetVoltage", "V_RESET", unit: "V", shown: .volt, calibratedThrough: "metallization.tipRadius",
      isIdle: { $0.resetIsIdle }
    ) { $0.resetVoltage },
    cycles("highResistance", "HRS at 0.1 V", unit: "ohm", shown: .ohm, spread: .factor) { $0.highResistance },
    cycles("lowResistance", "LRS at 0.1 V", unit: "ohm", shown: .ohm, spread: .factor) { $0.lowResistance },
    cycles(
      "onOffRatio", "ON/OFF ratio", unit: "1", shown: .one, spread: .factor,
      calibratedThrough: "contactSwitching.detachmentEnergy"
    ) {
      $0.highResistance / $0.lowResistance
    },
    cycles("switchingEnergy", "Energy of a SET sweep", unit: "J", shown: .joule, spread: .factor) { $0.setEnergy },
  ]

  private static let retentionTime: Figure = {
    var figure = Figure(
      "devices", "retentionTime", "Retention without a voltage", unit: "s", shown: .second, spread: .factor,
      mark: .conditional,
      censored: { $0.trace?.firstStays.count { $0.isWritten && $0.time == nil } ?? 0 },
      values: { $0.trace?.firstStays.compactMap(\.time) ?? [] })
    figure.calibratedThrough = "metallization.exchangeDensity"
    return figure
  }()

  private static let ionCrossings = Figure(
    "devices", "ionCrossings", "Crossings of an ion in a sweep", unit: "1", shown: .one, spread: .factor
  ) {
    $0.trace?.ionCrossings.map { [$0] } ?? []
  }

  /// The number that the interval is about: the median, or the mean of a share.
  func center(of statistic: Statistic) -> Double { isShare ? statistic.mean : statistic.median }

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

extension SwitchingTrace {
  /// The stays at the temperature of the first.
  fileprivate var firstStays: [Retention] { retentions.filter { $0.temperature == retentions[0].temperature } }
}
