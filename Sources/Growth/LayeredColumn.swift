import Foundation
import Materials
import NumericalMethods
import Quantities

/// A column of solution under an antisolvent's vapor, and the crystals in it.
///
///     ln c* = ln c*₀ − s_m [modulator] − s_a [antisolvent],   c = w (1 − φ)
///     ∂w/∂t = ∂/∂m [D_s (1 − φ)² ∂w/∂m] − crystals
///
/// w: moles of solute per volume of solvent, carried along by it; φ by `SwellingLayer`. Nuclei come in the liquid and on the
/// round wall, each height with its own hazard. A crystal on the wall stays where it was born; one from the liquid sinks to
/// the bottom while it is still small, at once here. Concentrations c are moles per volume of solvent and antisolvent.
struct LayeredColumn {
  /// What stays the same over a run.
  struct Setting {
    let liquor: MotherLiquor
    let nucleation: ClassicalNucleation
    let growth: FaceGrowth
    let temperature: Double
    /// Of the vial, m².
    let area: Double
    /// Of the crystal, m³/mol.
    let formulaVolume: Double
    let molarMass: Double
    /// Of the antisolvent, m³/mol.
    let antisolventVolume: Double
    /// ln(c*/c*₀) in the antisolvent alone.
    private let wholeGain: Double
    /// Solubility and diffusivity without antisolvent.
    private let pureSaturation: Double
    private let pureDiffusivity: Double
    /// ln of the viscosities of the solvent and of the antisolvent, Pa s.
    private let logViscosities: (solvent: Double, antisolvent: Double)

    /// - Parameters:
    ///   - solubilityFall: s_a, m³/mol.
    ///   - viscosity: of the solvent, Pa s.
    init(
      liquor: MotherLiquor, nucleation: ClassicalNucleation, growth: FaceGrowth, temperature: Double, area: Double,
      formulaVolume: Double, molarMass: Double, solubilityFall: Double, antisolventVolume: Double, viscosity: Double,
      antisolventViscosity: Double
    ) {
      self.liquor = liquor
      self.nucleation = nucleation
      self.growth = growth
      self.temperature = temperature
      self.area = area
      self.formulaVolume = formulaVolume
      self.molarMass = molarMass
      self.antisolventVolume = antisolventVolume
      wholeGain = liquor.fall - solubilityFall / antisolventVolume
      pureSaturation = liquor.saturation(at: temperature)
      pureDiffusivity = liquor.diffusivity(at: temperature)
      logViscosities = (log(viscosity), log(antisolventViscosity))
    }

    /// c* where antisolvent fills a fraction; the modulator thins with the solvent.
    func saturation(_ fraction: Double) -> Double { pureSaturation * exp(gain(fraction)) }

    /// ln(c*/c*₀).
    func gain(_ fraction: Double) -> Double { fraction * wholeGain }

    /// Diffusivity of the solute: the mixture flows with log-linear viscosity.
    func diffusivity(_ fraction: Double) -> Double {
      pureDiffusivity * exp(fraction * (logViscosities.solvent - logViscosities.antisolvent))
    }

    /// Of the mixture, Pa s.
    func viscosity(_ fraction: Double) -> Double {
      exp((1 - fraction) * logViscosities.solvent + fraction * logViscosities.antisolvent)
    }
  }

  struct Cohort {
    var count: Double
    var birth: Double
    var cell: Int
    var edge: Double
  }

  static let mostSubsteps = 20
  /// An edge below which still solution feeds a face faster than steps take it up, m.
  static let freeGrowth = 20e-6

  let setting: Setting
  private(set) var layer: SwellingLayer
  /// w of each cell.
  private(set) var solute: [Double]
  private(set) var cohorts: [Cohort] = []
  private(set) var time = 0.0
  /// Largest c/c* of any cell so far.
  private(set) var largestRatio = 0.0
  private let dissolved: Double
  /// Births per second in each cell, in the liquid and on the wall.
  private var hazards: [(liquid: Double, wall: Double)]
  private var saturations: [Double]
  private var diffusivities: [Double]
  private var links: [Double]
  private var lower: [Double]
  private var values: [Double]
  /// Cohorts by cell and age, and the speeds of their faces.
  private var order: [Int] = []
  private var speeds: [Double] = []
  private var total = 0.0

  init(_ setting: Setting, layer: SwellingLayer, concentration: Double) {
    self.setting = setting
    self.layer = layer
    let n = layer.loading.count
    solute = [Double](repeating: concentration, count: n)
    dissolved = concentration
    hazards = [(Double, Double)](repeating: (0, 0), count: n)
    saturations = solute
    diffusivities = solute
    links = solute
    lower = solute
    values = solute
    survey()
  }

  /// Births per second in the whole column.
  var hazard: Double { total }

  /// Height of a cell's middle above the bottom, m.
  func height(_ index: Int) -> Double {
    var sum = 0.0
    for i in 0..<index { sum += thickness(i) }
    return sum + 0.5 * thickness(index)
  }

  var surfaceHeight: Double { solute.indices.reduce(0) { $0 + thickness($1) } }

  /// Thickness of a cell with all that is dissolved in it, m.
  func thickness(_ index: Int) -> Double {
    layer.cell * (1 + layer.loading[index] + solute[index] * setting.formulaVolume)
  }

  /// Moles per volume of solvent and antisolvent.
  func concentration(_ index: Int) -> Double { solute[index] / (1 + layer.loading[index]) }

  func saturation(_ index: Int) -> Double { saturations[index] }

  var meanConcentration: Double {
    solute.reduce(0, +) * layer.cell / layer.loading.reduce(0) { $0 + layer.cell * (1 + $1) }
  }

  /// Moles in solution and in crystals over those at the start, less 1.
  var soluteError: Double {
    let volume = setting.area * layer.cell
    let crystals = cohorts.reduce(0) { $0 + $1.count * $1.edge * $1.edge * $1.edge } / setting.formulaVolume
    return abs((solute.reduce(0, +) * volume + crystals) / (dissolved * volume * Double(solute.count)) - 1)
  }

  /// Antisolvent found over that taken up, less 1.
  var antisolventError: Double {
    guard layer.uptake > 0 else { return 0 }
    return abs(layer.loading.reduce(0, +) * layer.cell / layer.uptake - 1)
  }

  /// Moles that the crystals hold over those dissolved.
  var yield: Double { 1 - solute.reduce(0, +) / (dissolved * Double(solute.count)) }

  /// Carries the column through a time without births.
  /// - Throws: `GrowthError.integration`.
  mutating func advance(by step: Double, surface: SwellingLayer.Surface) throws {
    try layer.advance(by: step, surface: surface)
    if !cohorts.isEmpty {
      diffuse(for: step)
      try grow(for: step)
    }
    time += step
    survey()
  }

  /// Adds crystals where chance puts them; returns the cell, and whether they sit on the wall.
  mutating func insert(count: Double, random: inout RandomSource) -> (cell: Int, isOnWall: Bool) {
    var place = random.uniform() * total
    var found = (cell: hazards.count - 1, isOnWall: false)
    search: for i in hazards.indices {
      for (rate, isOnWall) in [(hazards[i].liquid, false), (hazards[i].wall, true)] where rate > 0 {
        found = (i, isOnWall)
        place -= rate
        if place <= 0 { break search }
      }
    }
    // A nucleus takes its solute from the solution like any other crystal.
    let edge = PopulationBalance.nucleusEdge
    let moles = count * edge * edge * edge / setting.formulaVolume
    let home = found.isOnWall ? found.cell : 0
    solute[found.cell] -= moles / (setting.area * layer.cell)
    order.insert(cohorts.count, at: order.firstIndex { cohorts[$0].cell > home } ?? order.count)
    speeds.append(0)
    cohorts.append(Cohort(count: count, birth: time, cell: home, edge: edge))
    return found
  }

  /// Saturation and hazard of every cell.
  private mutating func survey() {
    let perimeter = 2 * (Double.pi * setting.area).squareRoot()
    total = 0
    for i in solute.indices {
      let saturation = setting.saturation(layer.fraction(i))
      saturations[i] = saturation
      let ratio = concentration(i) / saturation
      largestRatio = max(largestRatio, ratio)
      hazards[i] = (0, 0)
      guard ratio > 1 else { continue }
      let work = setting.nucleation.workOverThermal(
        supersaturation: ratio, saturation: saturation, temperature: setting.temperature)
      // exp(−100) of any prefactor is never.
      guard work * min(1, setting.nucleation.wallFactor) < 100 else { continue }
      let thickness = thickness(i)
      let wall = perimeter * thickness + (i == 0 ? setting.area : 0)
      hazards[i].liquid = setting.area * thickness * setting.nucleation.prefactor * ratio * exp(-work)
      hazards[i].wall =
        wall * setting.nucleation.wallPrefactor * ratio * exp(-work * setting.nucleation.wallFactor)
      total += hazards[i].liquid + hazards[i].wall
    }
  }

  /// Euler's implicit step for the solute: no undershoot next to a crystal.
  private mutating func diffuse(for step: Double) {
    let n = solute.count
    let scale = step / (layer.cell * layer.cell)
    for i in 0..<n {
      let fraction = layer.fraction(i)
      diffusivities[i] = setting.diffusivity(fraction) * (1 - fraction) * (1 - fraction)
    }
    for i in 0..<(n - 1) {
      links[i] = 2 * scale * diffusivities[i] * diffusivities[i + 1] / (diffusivities[i] + diffusivities[i + 1])
    }
    var last = 0.0
    for i in 0..<n {
      let down = i > 0 ? links[i - 1] : 0
      let up = i < n - 1 ? links[i] : 0
      let pivot = 1 + down + up - down * last
      values[i] = (solute[i] + (i > 0 ? down * values[i - 1] : 0)) / pivot
      last = up / pivot
      lower[i] = last
    }
    for i in stride(from: n - 2, through: 0, by: -1) { values[i] += lower[i] * values[i + 1] }
    // Exchanged in pairs, so that nothing is lost to rounding.
    for i in 0..<(n - 1) {
      let passed = links[i] * (values[i + 1] - values[i])
      solute[i] += passed
      solute[i + 1] -= passed
    }
  }

  /// Lets the crystals of each cell grow from it.
  private mutating func grow(for step: Double) throws {
    var start = 0
    while start < order.count {
      let cell = cohorts[order[start]].cell
      var end = start
      while end < order.count, cohorts[order[end]].cell == cell { end += 1 }
      try grow(start..<end, in: cell, for: step)
      start = end
    }
  }

  /// Substeps in which no crystal doubles, or grows by `freeGrowth`; within one the excess falls exponentially.
  private mutating func grow(_ members: Range<Int>, in cell: Int, for step: Double) throws {
    let fraction = layer.fraction(cell)
    let saturation = setting.saturation(fraction)
    let volume = setting.area * layer.cell
    let swollen = volume * (1 + layer.loading[cell])
    var left = step
    for substep in 1...Self.mostSubsteps where left > 0 {
      let c = solute[cell] * volume / swollen
      var length = left
      var known = (edge: 0.0, speed: 0.0)
      for member in members {
        let index = order[member]
        let edge = max(cohorts[index].edge, Self.freeGrowth)
        // Neighbors in size move alike; below the least edge transport does not limit a face.
        if abs(edge - known.edge) > 0.02 * known.edge {
          known = (edge, try speed(c, saturation, edge: edge, fraction: fraction))
        }
        speeds[index] = known.speed
        length = min(length, edge / max(2 * abs(known.speed), 1e-300))
      }
      if substep == Self.mostSubsteps { length = left }
      let whole = abs(taken(by: members, length))
      let excess = abs(c - saturation) * swollen
      let effective = whole > 1e-3 * excess ? try time(in: length, excess: excess, of: whole, members) : length
      solute[cell] -= taken(by: members, effective) / volume
      for member in members {
        let index = order[member]
        cohorts[index].edge = grown(cohorts[index].edge, speeds[index], effective)
      }
      left -= length
    }
  }

  /// The time in which crystals at constant speeds take what they take while the excess falls.
  private func time(in length: Double, excess: Double, of whole: Double, _ members: Range<Int>) throws -> Double {
    let target = -excess * expm1(-whole / excess)
    if let found = timeOfGrowth(length, target: target, members) { return found }
    do {
      return try Roots.brent(0, length, tolerance: 1e-9 * length) {
        abs(taken(by: members, $0)) - target
      }
    } catch let failure as Roots.Failure {
      throw GrowthError.integration(reason: failure.description)
    }
  }

  /// The same by Newton's method where no crystal dissolves, for there it is the root of a cubic that bends upward:
  ///
  ///     Σ n [(L + 2Rt)³ − L³] = t (a + t (b + t c))
  private func timeOfGrowth(_ length: Double, target: Double, _ members: Range<Int>) -> Double? {
    var (a, b, c) = (0.0, 0.0, 0.0)
    for member in members {
      let cohort = cohorts[order[member]]
      let rise = 2 * speeds[order[member]]
      guard rise >= 0 else { return nil }
      a += cohort.count * 3 * cohort.edge * cohort.edge * rise
      b += cohort.count * 3 * cohort.edge * rise * rise
      c += cohort.count * rise * rise * rise
    }
    let volume = target * setting.formulaVolume
    var t = length
    for _ in 0..<40 {
      let change = (t * (a + t * (b + t * c)) - volume) / (a + t * (2 * b + 3 * t * c))
      guard change.isFinite else { return nil }
      t -= change
      if abs(change) <= 1e-9 * length { return min(max(t, 0), length) }
    }
    return nil
  }

  private func grown(_ edge: Double, _ speed: Double, _ time: Double) -> Double {
    max(PopulationBalance.nucleusEdge, edge + 2 * speed * time)
  }

  /// Moles that crystals take in a time at their speeds.
  private func taken(by members: Range<Int>, _ time: Double) -> Double {
    var volume = 0.0
    for member in members {
      let index = order[member]
      let edge = cohorts[index].edge
      let next = grown(edge, speeds[index], time)
      volume += cohorts[index].count * (next * next * next - edge * edge * edge)
    }
    return volume / setting.formulaVolume
  }

  /// Speed of a face in still solution, m/s.
  private func speed(_ c: Double, _ saturation: Double, edge: Double, fraction: Double) throws -> Double {
    let inSolution = { (c: Double) -> Double in c / (1 + c * setting.formulaVolume) }
    let diffusivity = setting.diffusivity(fraction)
    let viscosity = setting.viscosity(fraction)
    let density = setting.molarMass * (1 - setting.liquor.density * setting.formulaVolume / setting.molarMass)
    let rayleigh =
      Constants.gravity * max(0, c - saturation) * density * edge * edge * edge / (viscosity * diffusivity)
    do {
      return try setting.growth.speed(
        concentration: inSolution(c), saturation: inSolution(saturation), temperature: setting.temperature,
        transport: .coefficient(FaceGrowth.stillSherwood(rayleigh: rayleigh) * diffusivity / edge))
    } catch let failure as Roots.Failure {
      throw GrowthError.integration(reason: failure.description)
    }
  }
}
