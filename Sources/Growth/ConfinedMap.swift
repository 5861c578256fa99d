import Foundation
import NumericalMethods

/// Crystals between two plates, each fed by the solution around it.
///
/// Solute diffuses over the plate by `ConfinedDiffusion`; every facet is a line of sinks on its rim, equally strong
/// along its length, so that facets stay flat and the solution is richest at corners. The speed of a facet follows
/// from the mean concentration along it through integration at steps, physics (2.3). What a grid cannot show, the fall
/// close to a rim, comes from the rim's own impedance; so a crystal below one cell grows as in Frank's solution and
/// there is no switch between small and large (`ConfinedImpedance`).
///
/// The field fills the plate, crystals included: what it holds under a crystal is on the crystal's account. A crystal
/// of volume V has taken ρ_c V − ∫c dV from the field, so (ρ_c − c_i) R leaves the solution per area of rim, and
/// solution and crystals together keep the solute to rounding. Nuclei come as a Poisson process in space and time.
public struct ConfinedMap {
  /// The state at the end of a step.
  public struct Moment: Hashable, Sendable {
    public var time: Double
    public var temperature: Double
    /// Mean of the solution, moles per volume of solution.
    public var concentration: Double
    /// Edges of the crystals known by then, m.
    public var edges: [Double]
  }

  /// Crystals of one run that a map follows; with more, spacing falls below what the map resolves.
  public static let largestCount = 400
  /// More crystals appeared than a map follows.
  public struct TooManyCrystals: Error {}

  public let laws: ConfinedLaws
  public let geometry: GapGeometry
  public let program: TemperatureProgram
  /// Speed at which the open edge exchanges solute with a reservoir of the first concentration, m/s; 0 is a closed
  /// edge.
  public let edgeTransfer: Double
  /// Of the usual time steps; for tests.
  public let stepScale: Double
  public internal(set) var crystals: [ConfinedCrystal] = []
  public internal(set) var coverage: ConfinedCoverage
  public internal(set) var history: [Moment] = []
  public internal(set) var time: Double
  /// Moles that came in over the edge.
  public internal(set) var inflow = 0.0
  var diffusion: ConfinedDiffusion
  /// What the solution held at first, mol.
  let supply: Double
  let reservoir: Double
  let gapVolume: Double
  /// The largest of the first concentration and every c* since.
  var ceiling: Double
  var edgeFluxes: [Double]
  var nucleation: ConfinedNucleation
  private var hazard = 0.0
  private var hazardTarget = Double.infinity
  private var hazardRate: Double?
  private var hazardSlope = 0.0
  var lastStep = Double.infinity
  var coupling: [Double] = []
  var masks: [SIMD4<UInt64>] = []
  var counts: [SIMD4<Int>] = []

  /// - Parameters:
  ///   - width: cells along an edge of the plate.
  ///   - concentration: at first, moles per volume of solution.
  /// - Throws: `TransformError`.
  public init(
    width: Int, geometry: GapGeometry, concentration: Double, program: TemperatureProgram, laws: ConfinedLaws,
    edgeTransfer: Double = 0, stepScale: Double = 1
  ) throws {
    self.laws = laws
    self.geometry = geometry
    self.program = program
    self.edgeTransfer = edgeTransfer
    self.stepScale = stepScale
    diffusion = try ConfinedDiffusion(
      width: width, edge: geometry.edge, concentration: concentration, height: { geometry.height(x: $0, y: $1) })
    let area = diffusion.spacing * diffusion.spacing
    coverage = ConfinedCoverage(
      width: width, spacing: diffusion.spacing, limits: diffusion.heights.map { $0 - geometry.wettingFilm })
    supply = diffusion.content
    reservoir = concentration
    ceiling = concentration
    gapVolume = diffusion.heights.reduce(0, +) * area
    edgeFluxes = [Double](repeating: 0, count: edgeTransfer > 0 ? 4 * width : 0)
    nucleation = ConfinedNucleation(cellArea: area)
    time = program.lines[0].start
  }

  /// Adds a nucleus by hand, now.
  public mutating func insert(at nucleus: SIMD2<Double>) {
    crystals.append(ConfinedCrystal(nucleus: nucleus, birth: time))
  }

  /// c of each cell as the last step left it, moles per volume of solution.
  public var concentrations: [Double] { diffusion.concentrations }

  /// Moles in solution: the field less what it holds under crystals.
  public var dissolved: Double { diffusion.content - coverage.displaced(diffusion.concentrations) }

  /// Moles in crystals.
  public var crystallized: Double { laws.crystalDensity * crystals.reduce(0) { $0 + $1.volume } }

  /// Relative error of the solute balance.
  public var balanceError: Double { abs((dissolved + crystallized) / (supply + inflow) - 1) }

  /// Carries the plate to the end of the program.
  /// - Throws: `GrowthError.integration`; `TooManyCrystals`.
  public mutating func run(random: inout RandomSource) throws {
    hazardTarget = random.exponential()
    record(temperature: program.lines[0].from)
    for line in program.lines {
      hazardRate = nil
      while time < line.end * (1 - 1e-12), !isFull { try step(line, random: &random) }
      time = max(time, line.end)
    }
    diffusion.refresh()
    settle()
  }

  /// Share of the gap in crystals above which the solution left is too little for the map to tell.
  static let largestShare = 0.9

  /// Densest solution of a record, over the crystal's density: what is left in a full gap is no solution any more.
  static let densest = 0.99

  /// Whether crystals leave so little solution that the run has come to its end.
  var isFull: Bool { crystals.reduce(0) { $0 + $1.volume } > Self.largestShare * gapVolume }

  private mutating func record(temperature: Double) {
    let solid = crystals.reduce(0) { $0 + $1.volume }
    // Of a plate that fills within one step next to nothing is left, and what is left is rounding.
    let left = max(gapVolume - solid, 1e-3 * gapVolume)
    history.append(
      Moment(
        time: time, temperature: temperature, concentration: min(max(0, dissolved) / left, Self.densest * laws.crystalDensity),
        edges: crystals.map(\.edge)))
  }

  private mutating func step(_ line: TemperatureProgram.Line, random: inout RandomSource) throws {
    let isQuiet = crystals.isEmpty && edgeTransfer == 0
    let beginning = hazardRate ?? nucleationRate(line.temperature(at: time))
    var length = stepLength(line, rate: beginning, isQuiet: isQuiet)
    var temperature = line.temperature(at: time + length)
    let diffusivity = laws.diffusivity(line.temperature(at: time + 0.5 * length))
    if !isQuiet { diffusion.predict(step: length, diffusivity: diffusivity) }
    let end = nucleationRate(temperature)
    let segment = HazardSegment(start: beginning, end: end, length: length)
    hazardSlope = beginning > 0 && end > 0 ? log(end / beginning) / length : 0
    let start = time
    var births: [ConfinedCrystal] = []
    let whole = segment.integral(to: length)
    var spent = 0.0
    while hazard + whole - spent > hazardTarget {
      // One step alone may call for more nuclei than could ever be placed.
      guard crystals.count + births.count < Self.largestCount else { throw TooManyCrystals() }
      spent += hazardTarget - hazard
      let instant = segment.time(reaching: spent)
      births.append(ConfinedCrystal(nucleus: site(total: end, random: &random), birth: start + instant))
      hazard = 0
      hazardTarget = random.exponential()
      if isQuiet {
        // Nothing has happened yet: the step may as well end here.
        length = max(instant, 1e-12 * line.end)
        temperature = line.temperature(at: time + length)
        spent = whole
        births[0] = ConfinedCrystal(nucleus: births[0].nucleus, birth: start + length)
        break
      }
    }
    hazard += whole - spent
    if !isQuiet {
      try grow(births: births, step: length, temperature: temperature, diffusivity: diffusivity)
    } else {
      crystals += births
    }
    time = start + length
    lastStep = length
    hazardRate = isQuiet && !births.isEmpty ? nil : end
    record(temperature: temperature)
  }

  private mutating func nucleationRate(_ temperature: Double) -> Double {
    let largest = diffusion.largest
    // Where even the richest spot over the whole plate would bring nothing, the map need not be asked.
    let rates = laws.nucleation(temperature)(largest)
    let plate = geometry.edge * geometry.edge
    guard 2 * plate * rates.wall + gapVolume * rates.volume > 1e-9 / program.end else { return 0 }
    nucleation.prepare(laws, temperature: temperature, largest: largest)
    return nucleation.total(
      concentrations: diffusion.concentrations, heights: diffusion.heights, covered: coverage.covered)
  }

  /// A place for a nucleus, by the rates last found.
  private func site(total: Double, random: inout RandomSource) -> SIMD2<Double> {
    let cell = nucleation.cell(
      total: total, share: random.uniform(), concentrations: diffusion.concentrations, heights: diffusion.heights,
      covered: coverage.covered)
    let corner = SIMD2(Double(cell % diffusion.width), Double(cell / diffusion.width))
    var place = SIMD2<Double>.zero
    for _ in 0..<16 {
      place = diffusion.spacing * (corner + SIMD2(random.uniform(), random.uniform()))
      if !crystals.contains(where: { $0.contains(place) }) { break }
    }
    return place
  }

  /// Steps follow temperature, the fastest facet, and the nuclei to be expected.
  private func stepLength(_ line: TemperatureProgram.Line, rate: Double, isQuiet: Bool) -> Double {
    let left = line.end - time
    let ramp = abs(line.to - line.from) / max(line.end - line.start, 1e-300)
    var length = left
    if ramp > 0 { length = min(length, 0.5 * stepScale / ramp) }
    if isQuiet { return length }
    length = min(length, 1.3 * lastStep)
    let spacing = diffusion.spacing
    let temperature = line.temperature(at: time)
    let saturation = laws.saturation(temperature)
    var hasYoung = false
    for crystal in crystals {
      let size = crystal.edge
      if size < spacing {
        hasYoung = true
      } else {
        length = min(
          length, stepScale * max(0.5 * spacing, 0.02 * size) / max(crystal.speeds.max(), -crystal.speeds.min(), 1e-300)
        )
      }
    }
    if hasYoung {
      let excess = (history.last?.concentration ?? reservoir) - saturation
      let fastest = abs(laws.integrationSpeed(excess, saturation, temperature))
      length = min(
        length, stepScale * spacing * max(0.5 / max(fastest, 1e-300), spacing / laws.diffusivity(temperature)))
    }
    // At most half a nucleus a step while they are few; a sixteenth of them when many.
    let share = max(0.5, Double(crystals.count) / 16) * stepScale
    if rate > 0 {
      let grown = hazardSlope * share / rate
      length = min(length, grown > 1e-6 ? log1p(grown) / hazardSlope : share / rate)
    }
    return min(left, max(length, 1e-9 * line.end))
  }
}
