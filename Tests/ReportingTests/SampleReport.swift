import Fields
import Foundation
import Materials
import NumericalMethods
import Reporting
import Specimens

/// A report with made-up but realistic content: the shape of a run of 200 devices with 50 cycles.
enum SampleReport {
  static let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"

  static let chartCount = 17

  static func make(title: String = "Forecast: MAPbBr3 memristor by confined crystallization") -> Report {
    Report(
      title: title,
      verdict: "Of 200 devices 197 switch, with V_SET = -1.42 V ± 0.19 V; 61 % of its variance is between devices.",
      facts: ["MAPbBr3 from DMF", "ITO / PTAA / crystal / graphite", "200 devices × 50 cycles", "seed 7"],
      recipeName: "mapbbr3-confined-itc.yaml",
      recipeText: "# MAPbBr3 memristor\nschema: 1\nname: \(hostile)\nprocess:\n  - gap: 20 µm ± 2 µm\n",
      keyFigures: keyFigures, sections: [crystal, fields, switching, distributions, variance], provenance: provenance,
      warnings: [
        ValidityWarning(
          stage: "switching", code: "imageForceAtLowField",
          message: "the field at the contact is 0.8 MV/m, below 1 MV/m; the barrier lowering is uncertain by 20 %"),
        ValidityWarning(
          stage: "growth", code: "convectionInGap",
          message: "the Rayleigh number is 2100, above 1708; diffusion alone underestimates the growth rate"),
      ],
      software: "Boule 0.1.0")
  }

  static let keyFigures: [ReportNumber] = [
    ReportNumber("Crystal thickness", statistic("m", 20.1e-6, 1.9e-6, interval: [18.2e-6, 22.3e-6])),
    ReportNumber("Lateral size", statistic("m", 1.34e-3, 0.22e-3, interval: [0.71e-3, 2.2e-3])),
    ReportNumber(
      "Halide vacancies", statistic("1/m^3", 2.31e23, 0.74e23, interval: [0.6e23, 8.9e23]), spread: .factor),
    ReportNumber("V_SET", statistic("V", -1.42, 0.19, interval: [-1.9, -1.1], censored: 3), mark: .conditional),
    ReportNumber("V_RESET", statistic("V", 1.13, 0.11, interval: [0.9, 1.5]), mark: .conditional),
    ReportNumber(
      "ON/OFF ratio", statistic("1", 51, 21, interval: [18, 160]), unit: .one, spread: .factor, mark: .calibrated),
    ReportNumber("V_SET between devices", si: 0.61, unit: .percent, interval: 0.55...0.68, note: "share of variance"),
    ReportNumber("V_SET between cycles", si: 0.39, unit: .percent, interval: 0.32...0.45, note: "share of variance"),
  ]

  static func statistic(
    _ unit: String, _ median: Double, _ sd: Double, interval: [Double]? = nil, censored: Int? = nil
  ) -> Statistic {
    Statistic(
      unit: unit, count: 200, mean: median * 1.01, sd: sd, median: median, p05: median - 1.6 * sd.magnitude * 0.6,
      p95: median + 1.6 * sd, censored: censored, interval: interval)
  }

  static var crystal: ReportSection {
    let edge = 1.4e-3
    let grid = Grid(nx: 120, ny: 120, nz: 1, spacing: SIMD3(edge / 120, edge / 120, 1))
    var thickness = Field(grid)
    for j in 0..<120 {
      for i in 0..<120 where (8...112).contains(i) && (8...112).contains(j) {
        thickness[i, j, 0] = 20e-6 + 20e-6 * 1.4e-3 * Double(i) + 0.15e-6 * sin(Double(j) / 9)
      }
    }
    let hours = (0...240).map { Double($0) * 300 }
    let sizes = hours.map { $0 < 14_000 ? 0 : 1.34e-3 * (1 - exp(-($0 - 14_000) / 15_000)) }
    let rings = (0...60).map { Double($0) * 0.67e-3 / 60 }
    return ReportSection(
      "The crystal", introduction: "Confined inverse temperature crystallization in a 20 µm gap, then cooling.",
      [
        .numbers([
          ReportNumber("Thickness", statistic("m", 20.1e-6, 1.9e-6, interval: [18.2e-6, 22.3e-6]), mark: .predicted),
          ReportNumber("Lateral size", statistic("m", 1.34e-3, 0.22e-3, interval: [0.71e-3, 2.2e-3])),
          ReportNumber("Crystals on the plate", statistic("1", 7, 2.6, interval: [1, 31])),
          ReportNumber(
            "Halide vacancies", statistic("1/m^3", 2.31e23, 0.74e23, interval: [0.6e23, 8.9e23]), spread: .factor,
            mark: .predicted),
          ReportNumber(
            "Trap density, apparent", .unreached(tests: 200), unit: .perCubicCentimeter, mark: .bound,
            note: "SCLC reading at the geometric floor 2 ε V/(e L²)"),
          ReportNumber("Growth temperature", si: 331.2, unit: .celsius, interval: 329.4...333.8),
        ]),
        .map(
          MapChart(
            "Thickness over the plan", caption: "The wedge of the clamped plates makes one side thicker.",
            label: "thickness", unit: .meter, of: thickness, plane: .xy(z: 0), blank: 0,
            frames: [.init("electrode", x: 0.6e-3...0.8e-3, y: 0.6e-3...0.8e-3)])),
        .lines(
          LineChart(
            "Zoning from nucleus to edge", caption: "What each ring kept from the moment it grew.",
            horizontal: ReportAxis("distance from the nucleus", unit: .meter),
            vertical: ReportAxis("density", unit: .perCubicCentimeter, scale: .logarithmic),
            curves: [
              .init("halide vacancies", x: rings, y: rings.map { 2.3e23 * (1 + $0 / 4e-4) }, color: .series(0)),
              .init(
                "cation vacancies", x: rings, y: rings.map { 1.2e23 * exp(-$0 / 3e-4) }, style: .dashed,
                color: .series(1)),
            ])),
        .lines(
          LineChart(
            "Temperature", horizontal: ReportAxis("time", unit: .hour),
            vertical: ReportAxis("temperature", unit: .celsius),
            curves: [
              .init("", x: hours, y: hours.map { min(358.15, 298.15 + $0 / 720) }, color: .series(1))
            ]), width: .third),
        .lines(
          LineChart(
            "Supersaturation", horizontal: ReportAxis("time", unit: .hour),
            vertical: ReportAxis("C / C₀", unit: .one),
            curves: [
              .init("", x: hours, y: hours.map { 0.85 + 0.3 * exp(-pow(($0 - 15_000) / 9000, 2)) }, color: .series(2))
            ]), width: .third),
        .lines(
          LineChart(
            "Largest crystal", horizontal: ReportAxis("time", unit: .hour), vertical: ReportAxis("edge", unit: .meter),
            curves: [.init("", x: hours, y: sizes, color: .series(0))]), width: .third),
      ])
  }

  static var fields: ReportSection {
    let grid = Grid(nx: 64, ny: 64, nz: 64, spacing: SIMD3(repeating: 4e-9))
    var random = RandomSource(seed: 3, stream: RandomStream(rawValue: 1))
    var strain = Field(grid)
    var density = Field(grid)
    // A few plane waves stand for a correlated field.
    let waves = (0..<24).map { _ in
      (SIMD3(random.normal(), random.normal(), random.normal()) * 4e7, random.uniform() * 6.28)
    }
    for k in 0..<64 {
      for j in 0..<64 {
        for i in 0..<64 {
          let place = grid.center(i, j, k)
          let sum = waves.reduce(0) { $0 + cos(($1.0 * place).sum() + $1.1) } / 4
          strain[i, j, k] = 6e-4 * sum - 1e-4 * Double(k) / 64
          density[i, j, k] = 2.3e23 * exp(0.9 * sum)
        }
      }
    }
    var barrier = strain
    barrier.values = strain.values.map { (0.31 - 12 * $0) * 1.602176634e-19 }
    return ReportSection(
      "Strain and migration barrier", introduction: "The window at the switching contact of device 0.",
      [
        .map(
          MapChart(
            "In-plane strain, vertical cut", label: "strain εₓₓ", unit: .percent, of: strain, plane: .xz(y: 32),
            colors: .diverging(around: 0))),
        .map(
          MapChart(
            "Migration barrier, vertical cut", label: "barrier", unit: .electronvolt, of: barrier,
            plane: .xz(y: 32))),
        .map(
          MapChart(
            "Vacancy density at the contact", label: "density", unit: .perCubicCentimeter, of: density,
            plane: .xy(z: 63), isLogarithmic: true)),
        .map(
          MapChart(
            "Migration barrier at the contact", label: "barrier", unit: .electronvolt, of: barrier,
            plane: .xy(z: 63))),
      ])
  }

  static var switching: ReportSection {
    var random = RandomSource(seed: 5, stream: RandomStream(rawValue: 1))
    let curves = (0..<50).map { cycle in
      loop(
        set: -1.42 + 0.12 * random.normal(), reset: 1.13 + 0.08 * random.normal(),
        shade: Double(cycle) / 49)
    }
    let cycles = (1...50).map(Double.init)
    func resistances(_ center: Double, _ spread: Double) -> [Double] {
      cycles.map { _ in center * exp(spread * random.normal()) }
    }
    func band(_ name: String, _ center: Double, _ spread: Double, _ color: ReportColor) -> LineChart.Band {
      let wobble = cycles.map { 1 + 0.04 * sin($0) }
      return .init(
        name, x: cycles, low: wobble.map { center * $0 * exp(-1.64 * spread) },
        high: wobble.map { center * $0 * exp(1.64 * spread) }, color: color)
    }
    return ReportSection(
      "Switching",
      [
        .lines(
          LineChart(
            "Fifty cycles of device 0", caption: "Sweep of 0.5 V/s, compliance 1 mA.",
            horizontal: ReportAxis("voltage", unit: .volt),
            vertical: ReportAxis("|I|", unit: .ampere, scale: .logarithmicMagnitude), curves: curves,
            shading: .init("cycle", from: "1", to: "50"))),
        .lines(
          LineChart(
            "Resistance over cycles", caption: "Median and 5–95 % of 200 devices; thin: three devices.",
            horizontal: ReportAxis("cycle", unit: .one),
            vertical: ReportAxis("resistance at -0.1 V", unit: .ohm, scale: .logarithmic),
            curves: [
              .init(
                "HRS median", x: cycles, y: cycles.map { 2.1e5 * (1 + 0.04 * sin($0)) }, style: .thick,
                color: .series(0)),
              .init(
                "LRS median", x: cycles, y: cycles.map { 4.1e3 * (1 + 0.04 * sin($0)) }, style: .thick,
                color: .series(1)),
            ]
              + (0..<3).map { _ in
                .init("", x: cycles, y: resistances(2.1e5, 0.3), style: .thin, color: .series(0))
              }
              + (0..<3).map { _ in
                .init("", x: cycles, y: resistances(4.1e3, 0.1), style: .thin, color: .series(1))
              },
            bands: [band("HRS 5–95 %", 2.1e5, 0.4, .series(0)), band("LRS 5–95 %", 4.1e3, 0.15, .series(1))])),
        .numbers([
          ReportNumber("V_SET", statistic("V", -1.42, 0.19, interval: [-1.9, -1.1], censored: 3), mark: .conditional),
          ReportNumber("V_RESET", statistic("V", 1.13, 0.11, interval: [0.9, 1.5]), mark: .conditional),
          ReportNumber("High resistance", statistic("ohm", 2.1e5, 0.8e5, interval: [0.9e5, 6.1e5]), spread: .factor),
          ReportNumber("Low resistance", statistic("ohm", 4.1e3, 0.6e3, interval: [2.1e3, 7.7e3])),
          ReportNumber(
            "ON/OFF ratio", statistic("1", 51, 21, interval: [18, 160]), spread: .factor, mark: .calibrated),
          ReportNumber("Energy of a SET", statistic("J", 3.4e-7, 0.9e-7)),
        ]),
      ])
  }

  /// One bipolar loop: 0, -3 V, 0, +3 V, 0 with SET and RESET at the given voltages.
  static func loop(set: Double, reset: Double, shade: Double) -> LineChart.Curve {
    let ramp = (0..<60).map { Double($0) / 20 }
    let voltages = ramp.map { -$0 } + ramp.reversed().map { -$0 } + ramp + ramp.reversed()
    var isOn = false
    let currents = voltages.map { voltage in
      if voltage < set { isOn = true }
      if voltage > reset { isOn = false }
      return max(-1e-3, min(1e-3, (isOn ? 2.5e-4 : 5e-6) * sinh(voltage)))
    }
    return .init("", x: voltages, y: currents, style: .thin, color: .shade(shade))
  }

  static var distributions: ReportSection {
    let set = sample("SET", around: 1.42, spread: 0.13, .series(0))
    let reset = sample("RESET", around: 1.13, spread: 0.09, .series(1))
    func fit(_ name: String, _ color: ReportColor, _ share: (Double) -> Double) -> DistributionChart.Fit {
      let values = (0...120).map { 0.75 + Double($0) * 0.012 }
      return .init(name, values: values, probabilities: values.map(share), color: color)
    }
    let weibull = fit("Weibull", .series(2)) { 1 - exp(-pow($0 / 1.51, 8.2)) }
    let logNormal = fit("log-normal", .series(3)) { NormalDistribution.cumulative(log($0 / 1.42) / 0.13) }
    let gumbel = fit("Gumbel", .series(4)) { exp(-exp(-($0 - 1.34) / 0.16)) }
    let rule = "Hazen, (i − 0.5)/n, with a 95 % confidence band"
    return ReportSection(
      "Distributions of the switching voltages",
      [
        .distribution(
          DistributionChart(
            "Cumulative distribution", label: "voltage, magnitude", unit: .volt, paper: .plain, plottingRule: rule,
            samples: [set, reset])),
        .distribution(
          DistributionChart(
            "V_SET on Weibull paper", label: "SET voltage, magnitude", unit: .volt, paper: .weibull,
            plottingRule: rule, samples: [set], fits: [weibull, logNormal, gumbel])),
        .distribution(
          DistributionChart(
            "Low resistance", label: "LRS", unit: .ohm, paper: .normal, plottingRule: rule,
            samples: [sample("LRS", around: 4.1e3, spread: 0.1, .series(1))])),
        .distribution(
          DistributionChart(
            "High resistance", label: "HRS", unit: .ohm, paper: .logNormal, plottingRule: rule,
            samples: [sample("HRS", around: 2.1e5, spread: 0.9, .series(0))])),
        .table(
          ReportTable(
            "Fitted families", caption: "Maximum likelihood, censored tests included; the lowest AIC in bold.",
            columns: [
              .init("Quantity"), .init("Family"), .init("Location or scale", isNumeric: true),
              .init("Shape", isNumeric: true), .init("AIC", isNumeric: true),
              .init("Anderson-Darling", isNumeric: true),
            ],
            rows: [
              ["V_SET", "Weibull", "1.51 V", "8.2", "-132.4", "1.92"],
              ["V_SET", "log-normal", "1.42 V", "0.131", "-171.0", "0.31"],
              ["V_SET", "Gumbel", "1.34 V", "0.162 V", "-158.8", "0.77"],
            ], emphasized: [1])),
      ])
  }

  static func sample(_ name: String, around center: Double, spread: Double, _ color: ReportColor)
    -> DistributionChart.Sample
  {
    var random = RandomSource(seed: 11, stream: RandomStream(rawValue: 1))
    let values = (0..<200).map { _ in center * exp(spread * random.normal()) }.sorted()
    let probabilities = (0..<200).map { (Double($0) + 0.5) / 200 }
    let half = probabilities.map { 1.96 * sqrt($0 * (1 - $0) / 200) + 0.002 }
    return .init(
      name, values: values, probabilities: probabilities, low: zip(probabilities, half).map { max(0, $0 - $1) },
      high: zip(probabilities, half).map { min(1, $0 + $1) }, color: color)
  }

  static var variance: ReportSection {
    ReportSection(
      "Where the spread comes from",
      [
        .bars(
          BarChart(
            "Variance between devices and between cycles", axis: ReportAxis("share", unit: .percent, range: 0...1),
            categories: ["SET voltage", "RESET voltage", "ln HRS", "ln LRS"],
            series: [
              .init("between devices", values: [0.61, 0.48, 0.72, 0.33], color: .series(0)),
              .init("between cycles", values: [0.39, 0.52, 0.28, 0.67], color: .series(4)),
            ], isStacked: true)),
        .bars(
          BarChart(
            "Share of V_SET's variance by input", axis: ReportAxis("first-order index", unit: .one),
            categories: ["gap", "concentration", "ramp", "plate temperature"],
            series: [
              .init(
                "first order", values: [0.31, 0.22, 0.08, 0.02],
                intervals: [0.24...0.38, 0.17...0.28, 0.04...0.13, 0.0...0.05], color: .series(2))
            ], isStacked: false)),
      ])
  }

  static let provenance: [Provenance] = [
    Provenance(
      path: "MAPbBr3.elasticity.c11", text: "32.2 GPa", value: 32.2e9, uncertainty: .absolute(2e9), kind: .measured,
      source: "Ferreira et al., Phys. Rev. Lett. 121, 085502 (2018), 10.1103/PhysRevLett.121.085502", read: .abstract),
    Provenance(
      path: "MAPbBr3.vacancies.migrationBarrier", text: "0.23 eV", value: 3.7e-20, uncertainty: .absolute(0.8e-20),
      kind: .computed, source: "Azpiroz et al., Energy Environ. Sci. 8, 2118 (2015)", read: .secondary),
    Provenance(
      path: "graphite.workFunction", text: "4.6 eV", value: 7.4e-19, uncertainty: .absolute(0.2e-19), kind: .estimated,
      source: "handbook", read: .fromMemory, note: "paint, not a crystal face"),
    Provenance(
      path: "MAPbBr3.contact.attemptRate", text: "1e12 1/s", value: 1e12, uncertainty: .factor(3), kind: .assumed,
      source: "order of a phonon", read: .none, calibratedOn: "D4: ON/OFF 50"),
  ]
}
