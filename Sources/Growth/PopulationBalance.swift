import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The crystals of a batch and the solute that is left for them, followed cohort by cohort.
///
///     dL/dt = 2 R(c, T, L),   c = c₀ − (ρ_c/V_s) Σ n V(L),   V(L) = L² min(L, h)
///
/// Method of characteristics for the population balance, physics (1.9): a cohort is born once and then carried along, so the
/// size distribution does not smear. The edges are the unknowns; the solute that crystals hold is taken off the solution at
/// every evaluation, so nothing is lost. Births come with a hazard whose integral is one more unknown; the event is located
/// where the integral reaches an Exp(1) draw, physics (1.6). c is in moles per volume of solvent.
public struct PopulationBalance {
  /// Crystals that were born together.
  public struct Cohort: Hashable, Sendable {
    public var count: Double
    public var birth: Double
    /// Place on the plate, m.
    public var center: SIMD2<Double>
    /// Height at which a crystal stops growing upward, m; infinite in open solution.
    public var height: Double

    /// Volume of a crystal of an edge.
    public func volume(edge: Double) -> Double { edge * edge * min(edge, height) }
  }

  /// The state at the end of one time step.
  public struct Moment: Hashable, Sendable {
    public var time: Double
    public var temperature: Double
    public var concentration: Double
    /// Edges of the cohorts known by then, m.
    public var edges: [Double]
  }

  /// Speed of a face, m/s: (concentration per solvent volume, temperature, edge, cohort).
  public typealias FaceSpeed = (Double, Double, Double, Cohort) throws -> Double
  /// The same for many crystals at one moment: (concentration, temperature, edges, cohorts, speeds to be written).
  public typealias FaceLaw = (
    Double, Double, UnsafeBufferPointer<Double>, [Cohort], UnsafeMutableBufferPointer<Double>
  ) throws -> Void
  /// Births per second: (concentration, temperature, covered plan area in m²).
  public typealias BirthRate = (Double, Double, Double) -> Double
  /// Where the next crystal appears, and how high it may grow.
  public typealias Site = (inout RandomSource) -> (center: SIMD2<Double>, height: Double)

  /// Edge of a nucleus, m. Far below anything measured; results do not depend on it (a test shows it).
  public static let nucleusEdge = 10e-9
  /// Step to try after a birth, s.
  static let firstStep = 300.0
  /// Up to here each birth is an event of its own.
  static let separateBirths = 64.0
  /// Beyond, an event stands for several: on the mean one in so many of all that were born before it.
  static let lumpedBirths = 16.0

  public let crystalDensity: Double
  public let solventVolume: Double
  public let program: TemperatureProgram
  public private(set) var cohorts: [Cohort] = []
  public private(set) var time: Double
  public private(set) var history: [Moment] = []

  private let faceLaw: FaceLaw
  private let birthRate: BirthRate
  /// Moles per volume of solvent with no crystals.
  private var dissolved: Double
  /// Hazard, then the edge of each cohort's crystals.
  private var state: [Double]
  private var integrator: DormandPrince
  private var hazardTarget = Double.infinity

  public init(
    crystalDensity: Double, solventVolume: Double, concentration: Double, program: TemperatureProgram,
    relativeTolerance: Double = 1e-6, faceSpeed: @escaping FaceSpeed, birthRate: @escaping BirthRate = { _, _, _ in 0 }
  ) {
    self.init(
      crystalDensity: crystalDensity, solventVolume: solventVolume, concentration: concentration, program: program,
      relativeTolerance: relativeTolerance,
      faceLaw: { c, temperature, edges, cohorts, speeds in
        for i in edges.indices { speeds[i] = try faceSpeed(c, temperature, edges[i], cohorts[i]) }
      },
      birthRate: birthRate)
  }

  /// - Parameters:
  ///   - crystalDensity: moles per volume of crystal.
  ///   - concentration: at the beginning, mol/m³ of solvent.
  ///   - relativeTolerance: of the time integration.
  public init(
    crystalDensity: Double, solventVolume: Double, concentration: Double, program: TemperatureProgram,
    relativeTolerance: Double = 1e-6, faceLaw: @escaping FaceLaw, birthRate: @escaping BirthRate = { _, _, _ in 0 }
  ) {
    self.crystalDensity = crystalDensity
    self.solventVolume = solventVolume
    self.program = program
    self.faceLaw = faceLaw
    self.birthRate = birthRate
    time = program.lines[0].start
    dissolved = concentration
    state = [0]
    integrator = DormandPrince(
      relativeTolerance: relativeTolerance, absoluteTolerance: [], firstStep: max(1, program.end * 1e-4))
  }

  /// What is left in solution, moles per volume of solvent.
  public var concentration: Double {
    state.withUnsafeBufferPointer {
      Self.solution(dissolved, $0.baseAddress! + 1, cohorts, crystalDensity / solventVolume).concentration
    }
  }

  /// Edge of a cohort's crystals, m.
  public func edge(_ index: Int) -> Double { state[1 + index] }

  /// Moles that the crystals hold.
  public var crystallized: Double {
    var volume = 0.0
    for (index, cohort) in cohorts.enumerated() { volume += cohort.count * cohort.volume(edge: edge(index)) }
    return crystalDensity * volume
  }

  /// The moment Σ n L^order over all crystals.
  public func moment(_ order: Int) -> Double {
    var sum = 0.0
    for (index, cohort) in cohorts.enumerated() { sum += cohort.count * pow(edge(index), Double(order)) }
    return sum
  }

  /// Adds crystals of the nucleus's size.
  public mutating func insert(
    count: Double, center: SIMD2<Double> = .zero, height: Double = .infinity, edge: Double = Self.nucleusEdge
  ) {
    cohorts.append(Cohort(count: count, birth: time, center: center, height: height))
    state.append(edge)
    integrator.restart()
    integrator.nextStep = min(integrator.nextStep, Self.firstStep)
  }

  /// Adds crystals that the solution did not feed: what they hold comes on top of what is dissolved.
  public mutating func seed(count: Double, edge: Double) {
    insert(count: count, edge: edge)
    dissolved += crystalDensity / solventVolume * count * cohorts[cohorts.count - 1].volume(edge: edge)
  }

  /// Draws a share of the suspension off and fills up with fresh solution, as a continuous crystallizer does bit by bit.
  public mutating func exchange(share: Double, feed: Double) {
    for i in cohorts.indices { cohorts[i].count *= 1 - share }
    dissolved += share * (feed - dissolved)
    integrator.restart()
  }

  /// Carries the batch to a time without births.
  /// - Throws: `GrowthError.integration`.
  public mutating func advance(to limit: Double) throws {
    for line in program.lines where line.end > time && time < limit {
      integrator.restart()
      while time < min(limit, line.end) { try step(line, limit: min(limit, line.end)) }
    }
  }

  /// Carries the batch to the end of the program; crystals are born at random times and places.
  /// - Throws: `GrowthError.integration`.
  public mutating func run(random: inout RandomSource, site: Site) throws {
    // One event stands for more crystals the more there are: the first are chance, the many are a mean.
    var born = 0.0
    var pending = 1.0
    var rest = 0.0
    hazardTarget = random.exponential()
    record(program.lines[0])
    for line in program.lines {
      integrator.restart()
      while time < line.end {
        try step(line, limit: line.end)
        if state[0] >= hazardTarget {
          let (center, height) = site(&random)
          insert(count: pending, center: center, height: height)
          state[0] = 0
          born += pending
          // Uneven lumps, so that no number of crystals is favored.
          pending =
            born < Self.separateBirths
            ? 1 : max(2, (born / Self.lumpedBirths * (0.5 + random.uniform())).rounded(.down))
          let whole = Self.hazard(of: pending, random: &random)
          // A lump stands in the middle of the births that it stands for, so that none are late on the mean.
          hazardTarget = rest + (pending > 1 ? 0.5 * whole : whole)
          rest = pending > 1 ? 0.5 * whole : 0
        }
        record(line)
      }
    }
    hazardTarget = .infinity
  }

  /// The integrated hazard at which so many crystals are born together: a sum of Exp(1) draws, by its normal limit for many.
  private static func hazard(of count: Double, random: inout RandomSource) -> Double {
    guard count > 64 else {
      return (0..<Int(count)).reduce(0) { sum, _ in sum + random.exponential() }
    }
    return max(0.5 * count, count + count.squareRoot() * random.normal())
  }

  private mutating func record(_ line: TemperatureProgram.Line) {
    history.append(
      Moment(
        time: time, temperature: line.temperature(at: time), concentration: concentration,
        edges: cohorts.indices.map { edge($0) }))
  }

  /// One accepted step, cut where the hazard reaches its target.
  private mutating func step(_ line: TemperatureProgram.Line, limit: Double) throws {
    let derivative = self.derivative(line)
    let before = state
    let start = time
    setTolerances()
    // Crystals that dissolve stop at the nucleus to within a tolerance; none holds less than nothing.
    defer { for i in 1..<state.count where state[i] < 0 { state[i] = 0 } }
    do {
      time = try integrator.step(from: start, limit: limit, state: &state, derivative)
      var attempts = 0
      while concentration < 0, attempts < 60 {
        // So many crystals that the edges' tolerance is worth more than the solution holds.
        state = before
        integrator.restart()
        integrator.nextStep = 0.2 * (time - start)
        time = try integrator.step(from: start, limit: limit, state: &state, derivative)
        attempts += 1
      }
      guard state[0] > hazardTarget, before[0] < hazardTarget else { return }
      let end = state
      let share = try integrator.share(
        reaching: hazardTarget, component: 0, from: before[0], to: end[0], step: time - start)
      let length = share * (time - start)
      // What stands for many births is no event to be met to the last digit.
      state =
        Double(cohorts.count) > Self.separateBirths
        ? integrator.state(after: share, from: before, to: end, step: time - start)
        : try integrator.plainStep(from: start, length: length, state: before, derivative)
      if concentration < 0 {
        // A straight line between two states that leave some solution leaves some, for volume is convex in the edges.
        for i in state.indices { state[i] = before[i] + share * (end[i] - before[i]) }
      }
      state[0] = max(state[0], hazardTarget)
      time = start + length
      integrator.restart()
    } catch let failure as DormandPrince.Failure {
      throw GrowthError.integration(reason: failure.description)
    } catch let failure as Roots.Failure {
      throw GrowthError.integration(reason: failure.description)
    }
  }

  private mutating func setTolerances() {
    guard integrator.absoluteTolerance.count != state.count else { return }
    // At the usual relative tolerance of 1e-6: a nucleus's size, and a hundredth of a percent of the hazard of one event.
    let scale = integrator.relativeTolerance * 1e6
    integrator.absoluteTolerance =
      [1e-4 * scale] + [Double](repeating: Self.nucleusEdge * scale, count: state.count - 1)
  }

  /// What is left in solution beside crystals of given edges, and the plan area that they cover.
  private static func solution(
    _ dissolved: Double, _ edges: UnsafePointer<Double>, _ cohorts: [Cohort], _ molesPerVolume: Double
  ) -> (concentration: Double, covered: Double) {
    var volume = 0.0
    var covered = 0.0
    cohorts.withUnsafeBufferPointer { cohorts in
      for i in cohorts.indices {
        let edge = edges[i]
        let plan = cohorts[i].count * edge * edge
        covered += plan
        volume += plan * min(edge, cohorts[i].height)
      }
    }
    return (dissolved - molesPerVolume * volume, covered)
  }

  private func derivative(_ line: TemperatureProgram.Line) -> DormandPrince.Derivative {
    let cohorts = self.cohorts
    let dissolved = self.dissolved
    let molesPerVolume = crystalDensity / solventVolume
    let faceLaw = self.faceLaw
    let birthRate = self.birthRate
    let smallest = Self.nucleusEdge
    return { time, y, dy in
      let temperature = line.temperature(at: time)
      let (left, covered) = Self.solution(dissolved, y + 1, cohorts, molesPerVolume)
      let c = max(0, left)
      let count = cohorts.count
      try withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { edges in
        for i in 0..<count { edges[i] = max(y[1 + i], smallest) }
        let speeds = UnsafeMutableBufferPointer(start: dy + 1, count: count)
        try faceLaw(c, temperature, UnsafeBufferPointer(edges), cohorts, speeds)
        for i in 0..<count {
          // A crystal that has dissolved to its nucleus stays there, so that no edge turns negative.
          speeds[i] = speeds[i] < 0 && y[1 + i] <= smallest ? 0 : 2 * speeds[i]
        }
      }
      dy[0] = birthRate(c, temperature, covered)
    }
  }
}

/// What a batch that has run hands on.
extension PopulationBalance {
  /// The front of one cohort's crystals, from their birth on.
  func front(_ cohort: Int) -> [FrontHistory.Moment] {
    history.filter { $0.edges.count > cohort }.map {
      FrontHistory.Moment(
        time: $0.time, temperature: $0.temperature, concentration: $0.concentration, edge: $0.edges[cohort])
    }
  }

  /// Share of all solute, that of seeds included, that is in crystals.
  ///
  /// Crystals that have just dissolved leave a rounding of either sign.
  var yield: Ratio { Ratio(si: max(0, crystallized) / (dissolved * solventVolume)) }

  /// Relative error of the solute balance.
  var balanceError: Double {
    abs((concentration * solventVolume + crystallized) / (dissolved * solventVolume) - 1)
  }

  /// The course of the run, for plots.
  func record(_ liquor: MotherLiquor) -> [GrowthRecord] {
    history.map { moment in
      GrowthRecord(
        time: TimeSpan(si: moment.time), temperature: .kelvin(moment.temperature),
        concentration: Concentration(si: moment.concentration),
        saturation: Ratio(si: moment.concentration / liquor.saturation(at: moment.temperature)),
        largestSize: Length(si: moment.edges.max() ?? 0),
        crystalCount: zip(moment.edges, cohorts).reduce(0) { $0 + Int($1.1.count) })
    }
  }
}
