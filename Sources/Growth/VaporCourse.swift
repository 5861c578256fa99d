import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A run of `AntisolventDiffusion` in time: uptake, births by chance, growth.
struct VaporCourse {
  /// The first nucleus.
  struct Birth {
    var time: Double
    var height: Double
    var surroundings: NucleusSurroundings
  }

  private(set) var column: LayeredColumn
  private(set) var birth: Birth?
  /// The front of each cohort's crystals.
  private(set) var fronts: [[FrontHistory.Moment]] = []
  private(set) var record: [GrowthRecord] = []
  private let surface: SwellingLayer.Surface
  /// Volume of the pool over the vial's cross section, m.
  private let pool: Double
  private let modulatorConcentration: Concentration?
  /// kg/m³.
  private let antisolventDensity: Double
  /// Largest density of a layer less that of the one below it, over the mean, at any time.
  private var overturn = 0.0
  private var isPoolEmpty = false

  /// First step and longest step, over the duration.
  static let firstStep = 1e-4
  static let longestStep = 1.0 / 200
  /// Up to here each birth is an event of its own; beyond, an event stands for a fifth of the crystals there are.
  static let separateBirths = 32

  /// - Throws: `MaterialError.unknown`, `GrowthError.noVapor`.
  init(_ process: AntisolventDiffusion, of material: Compound, in library: MaterialLibrary) throws {
    let liquor = try process.liquor(of: material, in: library)
    let liquid = try library.solvent(process.antisolvent)
    let action = try process.action(in: material, library)
    let temperature = process.temperature.si
    let formulaVolume = 1 / material.molarDensity
    let solventVolume = process.volume.si / (1 + process.concentration.si * formulaVolume)
    guard let pressure = liquid.vaporPressure(at: temperature), pressure < AntisolventDiffusion.airPressure else {
      throw GrowthError.noVapor(antisolvent: liquid.name)
    }
    let solventMolarVolume = try Self.molarVolume(process, library)
    // D_g ∝ T^1.75 (Fuller), at constant pressure.
    let vaporDiffusivity =
      (liquid.vaporDiffusivity?.si ?? AntisolventDiffusion.usualVaporDiffusivity)
      * pow(temperature / Solvent.referenceTemperature, 1.75)
    surface = .vapor(
      .init(
        conductance: liquid.molarVolume * vaporDiffusivity * AntisolventDiffusion.airPressure
          / (Constants.gas * temperature * process.vaporPath.si),
        pressureRatio: pressure / AntisolventDiffusion.airPressure,
        molarVolumeRatio: liquid.molarVolume / solventMolarVolume))
    pool = process.antisolventVolume.si / process.crossSection.si
    modulatorConcentration = process.modulatorConcentration
    antisolventDensity = liquid.density.si
    column = LayeredColumn(
      .init(
        liquor: liquor, nucleation: ClassicalNucleation(of: material, in: liquor, contactAngle: process.contactAngle),
        growth: FaceGrowth(of: material), temperature: temperature, area: process.crossSection.si,
        formulaVolume: formulaVolume, molarMass: material.molarMass.si, solubilityFall: action.fall,
        antisolventVolume: liquid.molarVolume, viscosity: liquor.viscosity(at: temperature),
        antisolventViscosity: liquid.viscosity(at: temperature)),
      layer: SwellingLayer(
        cells: AntisolventDiffusion.cellCount, thickness: solventVolume / process.crossSection.si,
        diffusivity: action.diffusivity),
      concentration: process.concentration.si)
  }

  /// Mean molar volume of the solvents by mole, m³/mol.
  private static func molarVolume(_ process: AntisolventDiffusion, _ library: MaterialLibrary) throws -> Double {
    let first = try library.solvent(process.solvent)
    guard let name = process.cosolvent, let share = process.cosolventFraction?.si else { return first.molarVolume }
    return 1 / ((1 - share) / first.molarVolume + share / (try library.solvent(name)).molarVolume)
  }

  /// The largest c/c* that any mixture with the antisolvent has.
  ///
  ///     ln(c/c*) = ln(c₀/c*₀) + ln(1 − φ) + g φ, at its largest where φ = 1 − 1/g
  func highestRatio(_ concentration: Double) -> Double {
    let gain = -column.setting.gain(1)
    let fraction = max(0, 1 - 1 / max(gain, 1))
    return concentration * (1 - fraction) / column.setting.saturation(fraction)
  }

  /// - Throws: `GrowthError.integration`.
  mutating func run(until end: Double, random: inout RandomSource) throws {
    var target = random.exponential()
    var step = end * Self.firstStep
    note()
    while column.time < end {
      let left = end - column.time
      var length = min(step, left)
      let before = column
      try advance(by: length)
      let (early, late) = (before.hazard, column.hazard)
      // Births are counted with a hazard that rises as a power of e; a step must not see it jump from nothing to much.
      if late * length > 0.05, late > 8 * max(early, 1e-300), length > end * 1e-7 {
        column = before
        step = 0.4 * length
        continue
      }
      let expected = Self.births(early, late, length)
      if expected < target {
        target -= expected
      } else {
        column = before
        length = Self.time(of: target, early, late, length)
        try advance(by: length)
        target = insert(&random)
      }
      step = min(1.15 * step, end * Self.longestStep)
      note()
      if left - length <= 1e-12 * end { break }
    }
  }

  /// ∫ of a hazard that goes from one value to another along an exponential.
  private static func births(_ early: Double, _ late: Double, _ length: Double) -> Double {
    guard early > 0, late > 0, abs(log(late / early)) > 1e-3 else { return 0.5 * (early + late) * length }
    return (late - early) / log(late / early) * length
  }

  /// The time at which that integral reaches a value that it does reach.
  private static func time(of target: Double, _ early: Double, _ late: Double, _ length: Double) -> Double {
    guard early > 0, late > 0, abs(log(late / early)) > 1e-3 else {
      // A straight line: the root that lies within the step.
      let slope = (late - early) / length
      let root = (early * early + 2 * slope * target).squareRoot()
      return min(length, 2 * target / (early + root))
    }
    let rate = log(late / early) / length
    return min(length, log1p(target * rate / early) / rate)
  }

  private mutating func advance(by length: Double) throws {
    let spent = column.layer.uptake
    let isEmpty = spent >= pool
    try column.advance(by: length, surface: isEmpty ? .closed : surface)
    isPoolEmpty = isPoolEmpty || isEmpty
  }

  /// Adds what one event stands for; returns the integral of the hazard at which the next one comes.
  private mutating func insert(_ random: inout RandomSource) -> Double {
    let count = column.cohorts.reduce(0) { $0 + Int($1.count) }
    let multiplicity = count < Self.separateBirths ? 1 : count / 5
    let concentrations = column.solute.indices.map { column.concentration($0) }
    let (cell, isOnWall) = column.insert(count: Double(multiplicity), random: &random)
    if birth == nil {
      let u = column.layer.loading[cell]
      let solution = 1 + u + column.solute[cell] * column.setting.formulaVolume
      let height = column.height(cell) + (random.uniform() - 0.5) * column.thickness(cell)
      birth = Birth(
        time: column.time, height: height,
        surroundings: NucleusSurroundings(
          solute: Concentration(si: column.solute[cell] / solution),
          antisolvent: Concentration(si: u / solution / column.setting.antisolventVolume),
          modulator: modulatorConcentration.map { Concentration(si: $0.si / solution) },
          saturation: Ratio(si: concentrations[cell] / column.saturation(cell)),
          surfaceHeight: Length(si: column.surfaceHeight), isOnWall: isOnWall))
    }
    fronts.append([])
    // The sum of many exponential draws is as good as normal.
    guard multiplicity > Self.separateBirths else {
      return (0..<multiplicity).reduce(0) { sum, _ in sum + random.exponential() }
    }
    let mean = Double(multiplicity)
    return max(0, mean + mean.squareRoot() * random.normal())
  }

  /// Remembers the moment.
  private mutating func note() {
    let setting = column.setting
    // Of the solvent itself, without the antisolvent that thins the solute but takes none of it.
    let remaining = setting.liquor.composition.concentration * (1 - column.yield)
    for (index, cohort) in column.cohorts.enumerated() {
      fronts[index].append(
        FrontHistory.Moment(
          time: column.time, temperature: setting.temperature, concentration: column.concentration(cohort.cell),
          edge: cohort.edge, saturation: column.saturation(cohort.cell), remaining: remaining))
    }
    record.append(
      GrowthRecord(
        time: TimeSpan(si: column.time), temperature: .kelvin(setting.temperature),
        concentration: Concentration(si: column.meanConcentration),
        saturation: Ratio(
          si: column.solute.indices.map { column.concentration($0) / column.saturation($0) }.max() ?? 0),
        largestSize: Length(si: column.cohorts.map(\.edge).max() ?? 0),
        crystalCount: column.cohorts.reduce(0) { $0 + Int($1.count) }))
    var below = density(0)
    for i in 1..<column.solute.count {
      let here = density(i)
      overturn = max(overturn, here / below - 1)
      below = here
    }
  }

  /// kg/m³ of a cell.
  private func density(_ i: Int) -> Double {
    let (u, w) = (column.layer.loading[i], column.solute[i])
    let setting = column.setting
    return (setting.liquor.density + u * antisolventDensity + w * setting.molarMass)
      / (1 + u + w * setting.formulaVolume)
  }

  /// Relative density step between neighboring cells above which layers overturn; below it diffusion evens them out.
  static let overturnLimit = 1e-4

  func warnings(at concentration: Concentration) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    if overturn > Self.overturnLimit {
      warn(
        "layersOverturn",
        "a layer is up to \(String(format: "%.2g", overturn)) heavier than the one below it: the solution would "
          + "overturn, which is left out")
    }
    if isPoolEmpty { warn("antisolventUsedUp", "the pool of antisolvent ran dry before the end") }
    if concentration.si > 2000 {
      warn(
        "concentratedSolution",
        "\(concentration.si / 1000) mol/L: above 2 mol/L activities are no longer concentrations")
    }
    if column.cohorts.count > Self.separateBirths {
      warn("manyCrystals", "more than \(Self.separateBirths) crystals: later births are lumped")
    }
    return found
  }
}
