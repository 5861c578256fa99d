import NumericalMethods
import Quantities
import Reporting
import Specimens

/// Figures of growth runs, their crystals and the fields under an electrode.
extension Figure {
  private static let nanometersPerSecond = ReportUnit(symbol: "nm/s", scale: 1e-9)

  private static let squareCentimetersPerVoltSecond = ReportUnit(symbol: "cm²/(V s)", scale: 1e-4)

  static let crystalFigures: [Figure] = [
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
      $0.plateYield.map { [.value($0.si)] } ?? []
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
    Figure("fields", key, label, unit: unit, shown: shown, spread: spread) {
      $0.fields.map { [.value(value($0))] } ?? []
    }
  }

  static let fieldFigures: [Figure] = [
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

  /// A figure of the crystal; nil where the process does not define it.
  private static func crystal(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    _ value: @escaping @Sendable (GrownCrystal) -> Double?
  ) -> Figure {
    Figure("crystal", key, label, unit: unit, shown: shown, spread: spread) {
      $0.crystal.flatMap(value).map { [.value($0)] } ?? []
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
      return isNoVessel ? [] : isSo(outcome).map { [.value($0 ? 1 : 0)] } ?? []
    }
    figure.isShare = true
    return figure
  }
}
