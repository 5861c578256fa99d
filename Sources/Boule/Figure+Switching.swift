import Reporting
import Specimens

/// Figures of forming, cycles and stays.
extension Figure {
  /// A figure of a device's test; conditional on numbers that published devices have fixed, unless told otherwise.
  static func device(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    mark: ReportNumber.Mark = .conditional, calibratedThrough: String? = nil,
    _ read: @escaping @Sendable (SwitchingTrace) -> [Reading]
  ) -> Figure {
    var figure = Figure("devices", key, label, unit: unit, shown: shown, spread: spread, mark: mark) {
      $0.trace.map(read) ?? []
    }
    figure.calibratedThrough = calibratedThrough
    return figure
  }

  private static func cycles(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    calibratedThrough: String? = nil, _ read: @escaping @Sendable (SwitchingTrace.Cycle) -> Reading?
  ) -> Figure {
    device(key, label, unit: unit, shown: shown, spread: spread, calibratedThrough: calibratedThrough) {
      $0.cycles.compactMap(read)
    }
  }

  static let formingFigures: [Figure] = [
    device("formingVoltage", "Forming voltage", unit: "V", shown: .volt) { trace in
      trace.forming.flatMap { Reading($0.voltage, isMissed: true) }.map { [$0] } ?? []
    },
    device(
      "formingGain", "Conductance gained in forming", unit: "1", shown: .one, spread: .factor,
      calibratedThrough: "contactSwitching.discVacancyDensity"
    ) { trace in
      trace.forming.map { forming in
        let gain = forming.pristineResistance / forming.formedResistance
        return [forming.pristineIsBound ? .atLeast(gain) : .value(gain)]
      } ?? []
    },
    kineticTime("kineticTimeBefore", "Kinetic time before forming", unit: "s", shown: .second) {
      $0.kineticTimeBefore
    },
    kineticTime("kineticTimeAfter", "Kinetic time after forming", unit: "s", shown: .second) { $0.kineticTimeAfter },
    kineticTime(
      "kineticTimeFall", "Fall of the kinetic time in forming", unit: "1", shown: .one, spread: .factor
    ) { $0.kineticTimeBefore / $0.kineticTimeAfter },
  ]

  /// Of the double layer; none where no vacancies make one.
  private static func kineticTime(
    _ key: String, _ label: String, unit: String, shown: ReportUnit, spread: ReportNumber.Spread = .standardDeviation,
    _ value: @escaping @Sendable (SwitchingTrace.Forming) -> Double
  ) -> Figure {
    device(key, label, unit: unit, shown: shown, spread: spread, mark: .predicted) { trace in
      trace.forming.map(value).flatMap { $0.isFinite ? [.value($0)] : nil } ?? []
    }
  }

  static let cycleFigures: [Figure] = [
    cycles("setVoltage", "V_SET", unit: "V", shown: .volt, calibratedThrough: "metallization.hopEnergy") {
      Reading($0.setVoltage, isMissed: !$0.setIsIdle)
    },
    volatileShare,
    cycles("reverseSetVoltage", "V_SET of the other sign", unit: "V", shown: .volt) { Reading($0.reverseSetVoltage) },
    cycles("resetVoltage", "V_RESET", unit: "V", shown: .volt, calibratedThrough: "metallization.tipRadius") {
      Reading($0.resetVoltage, isMissed: !$0.resetIsIdle)
    },
    cycles("highResistance", "HRS at 0.1 V", unit: "ohm", shown: .ohm, spread: .factor) {
      $0.highIsBound ? .atLeast($0.highResistance) : .value($0.highResistance)
    },
    cycles("lowResistance", "LRS at 0.1 V", unit: "ohm", shown: .ohm, spread: .factor) { .value($0.lowResistance) },
    cycles(
      "onOffRatio", "ON/OFF ratio", unit: "1", shown: .one, spread: .factor,
      calibratedThrough: "contactSwitching.detachmentEnergy"
    ) { cycle in
      let ratio = cycle.highResistance / cycle.lowResistance
      return cycle.highIsBound ? .atLeast(ratio) : .value(ratio)
    },
    cycles("switchingEnergy", "Energy of a SET sweep", unit: "J", shown: .joule, spread: .factor) {
      .value($0.setEnergy)
    },
  ]

  /// Threshold switching: of the cycles that set, those that forgot it.
  private static let volatileShare: Figure = {
    var figure = cycles("volatileShare", "Cycles that forget their SET at once", unit: "1", shown: .percent) {
      $0.setVoltage == nil ? nil : .value($0.isVolatile ? 1 : 0)
    }
    figure.isShare = true
    return figure
  }()

  /// Of the stays at the temperature of the first.
  static let retentionTime = device(
    "retentionTime", "Retention without a voltage", unit: "s", shown: .second, spread: .factor,
    calibratedThrough: "metallization.exchangeDensity"
  ) { trace in
    trace.retentions.filter { $0.isWritten && $0.temperature == trace.retentions[0].temperature }.map {
      $0.time.map { .value($0) } ?? .atLeast($0.duration)
    }
  }

  static let ionCrossings = device(
    "ionCrossings", "Crossings of an ion in a sweep", unit: "1", shown: .one, spread: .factor, mark: .predicted
  ) { $0.ionCrossings.map { [.value($0)] } ?? [] }
}
