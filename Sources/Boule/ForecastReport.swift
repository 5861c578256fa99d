import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Reporting
import Specimens
import Switching

/// The forecast as something to look at: one value behind the table and the page.
extension Forecast {
  /// - Parameter recipeText: the file as it was written.
  /// - Throws: `SampleError` for numbers that are not finite.
  public func report(recipeText: String) throws -> Report {
    let rows = try rows()
    let unreached = unreached
    let numbers = { (section: String) -> [ReportNumber] in
      Figure.all.filter { $0.section == section }.compactMap { figure in
        if let row = rows.first(where: { $0.figure.key == figure.key && $0.figure.section == section }) {
          return row.number
        }
        guard let missed = unreached.first(where: { $0.figure.key == figure.key && $0.figure.section == section })
        else { return nil }
        return ReportNumber(figure.label, .unreached(tests: missed.tests), unit: figure.shown)
      }
    }
    let keys = [
      "thickness", "lateralSize", "defects.halideVacancy", "formingVoltage", "setVoltage", "resetVoltage", "onOffRatio",
      "light.thirdTrough", "light.facilitation",
    ]
    var sections = [
      ReportSection(
        "Crystal",
        introduction:
          "What the growth run leaves; the spread is over runs, the interval from uncertain numbers in data/.",
        [.numbers(numbers("crystal"))] + runBlocks(rows) + crystalBlocks)
    ]
    if rows.contains(where: { $0.figure.section == "fields" }) {
      sections.append(
        ReportSection(
          "Fields in the device",
          introduction: "The window stands at the switching contact, in the cell of the electrode with most vacancies.",
          [.numbers(numbers("fields"))] + fieldBlocks))
    }
    if !numbers("devices").isEmpty {
      sections.append(
        ReportSection(
          "Devices",
          introduction: recipe.device?.gap == nil
            ? "Voltages are those of the top electrode against the bottom one."
            : "Voltages are those of the first electrode against the second, both on the upper face.",
          [.numbers(numbers("devices"))] + (try switchingBlocks())))
    }
    return Report(
      title: recipe.name, verdict: verdict(rows), facts: facts, recipeName: recipe.name, recipeText: recipeText,
      keyFigures: rows.filter { keys.contains($0.figure.key) }.map(\.number), sections: sections,
      provenance: usedProvenance, warnings: warnings, software: "Boule \(Boule.version)")
  }

  private var facts: [String] {
    let tested = switched
    var list = [recipe.material, "\(ensemble.outcomes.count) growth runs", "seed \(recipe.seed)"]
    if recipe.device != nil, !recipe.test.isEmpty {
      list.append("\(tested.switched) of \(ensemble.outcomes.count) devices switch")
    }
    if let trace = ensemble.traces.first?.trace {
      list.append("\(trace.level.rawValue) level" + (trace.ionSolver.map { ", ions call for \($0.words)" } ?? ""))
    }
    if members.count >= 3 { list.append("intervals from \(members.count) parameter draws") }
    return list
  }

  /// Numbers of the library that this recipe can have touched.
  private var usedProvenance: [Provenance] {
    var names = Set([recipe.material])
    for step in recipe.process.steps { names.formUnion(step.materials) }
    for layer in recipe.device?.stack ?? [] { names.insert(layer.layer) }
    return library.provenance.filter { names.contains(String($0.path.prefix { $0 != "." })) }
  }

  private func verdict(_ rows: [Row]) -> String {
    func median(_ key: String) -> Double? { rows.first { $0.figure.key == key }?.statistic.median }
    guard let thickness = median("thickness"), let size = median("lateralSize") else {
      return "No run of this recipe gave a crystal."
    }
    func length(_ si: Double) -> String {
      let unit = ReportUnit.meter.chosen(for: si)
      return QuantityText.number(unit.shown(si), digits: 3) + " " + unit.symbol
    }
    let crystal: String
    if let grain = median("grainSize") {
      let others = median("secondaryPhases") ?? 0
      let what = others > 0.5 ? String(format: "Films, %.0f %% of them other compounds,", 100 * others) : "Films"
      crystal = "\(what) \(length(thickness)) thick with grains of \(length(grain))"
    } else {
      let noun = median("layerCount") == nil ? "Crystals" : "Flakes"
      crystal = "\(noun) \(length(thickness)) thick and \(length(size)) wide"
    }
    guard let set = median("setVoltage") else {
      guard recipe.device != nil, !recipe.test.isEmpty else { return crystal + "." }
      if let kept = median("light.thirdTrough") {
        return crystal + String(format: "; light leaves %.0f %% of the weight of its third pulse.", 100 * kept)
      }
      if let gain = median("light.facilitation") {
        return crystal + String(format: "; a second pulse of light gives %.0f %% more than the first.", 100 * gain)
      }
      return crystal + (switched.tested > 0 ? "; no device switches." : "; no device could be tested.")
    }
    let devices = "; devices SET at %.2f V" + memory(rows)
    guard let parts = variance({ $0.setVoltage }) else { return crystal + String(format: devices + ".", set) }
    let between =
      parts.isClipped
      ? "no spread that could be told from device to device"
      : String(format: "%.0f mV of spread from device to device", 1000 * parts.deviceToDevice.squareRoot())
    return crystal
      + String(
        format: "; devices SET at %.2f V, with %@ and %.0f mV from cycle to cycle.", set, between,
        1000 * parts.cycleToCycle.squareRoot())
  }

  /// What becomes of a SET that a device forgets within ten seconds (threshold switching).
  private func memory(_ rows: [Row]) -> String {
    func statistic(_ key: String) -> Statistic? { rows.first { $0.figure.key == key }?.statistic }
    if let share = statistic("volatileShare"), share.mean > 0.5 { return " and forget it at once" }
    guard let kept = statistic("retentionTime"), kept.isBound != true, kept.median < 10 else { return "" }
    let unit = ReportUnit.second.chosen(for: kept.median)
    return " and forget it in " + QuantityText.number(unit.shown(kept.median), digits: 2) + " " + unit.symbol
  }

  /// The device whose fields were kept: maps are its.
  var exemplar: DeviceOutcome? { ensemble.outcomes.first { $0.storedFields != nil } }
}

extension Forecast.Row {
  var number: ReportNumber {
    var notes: [String] = []
    if let censored = statistic.censored, censored > 0 { notes.append("\(censored) did not get there") }
    if let calibration, let device = calibration.calibratedOn {
      notes.append("calibrated on \(device) through \(calibration.path)")
    }
    if figure.isShare {
      let interval = statistic.interval.map { $0[0]...$0[1] }
      return ReportNumber(
        figure.label, si: statistic.mean, unit: figure.shown, interval: interval, mark: mark,
        note: "of \(statistic.count) runs")
    }
    return ReportNumber(
      figure.label, statistic, unit: figure.shown, spread: figure.spread, mark: mark,
      note: notes.joined(separator: "; "))
  }
}

extension IonSolver {
  fileprivate var words: String {
    switch self {
    case .quasiEquilibrium: "equilibrium"
    case .finiteVolume: "finite volumes"
    case .counting: "counts of single ones"
    }
  }
}
