import Foundation
import Growth
import NumericalMethods
import Quantities
import Testing

/// A cooling batch whose moments obey closed equations: size-independent growth, cubes, births at a known law.
///
///     dµ₀/dt = B,  dµ_j/dt = B L₀ʲ + j G µ_{j−1},  dc/dt = −ρ (3 G µ₂ + B L₀³)
@Suite struct PopulationBalanceTests {
  static let crystalDensity = 7960.0
  static let program = try! TemperatureProgram([
    ProgramSegment(from: .kelvin(360), to: .kelvin(320), rate: HeatingRate(si: 40.0 / 7200))
  ])
  static func saturation(_ t: Double) -> Double { 600 * exp(0.02 * (t - 320)) }
  static func speed(_ c: Double, _ t: Double) -> Double { 2e-7 * max(0, log(c / saturation(t))) }
  static func births(_ c: Double, _ t: Double) -> Double { 3e7 * pow(max(0, log(c / saturation(t))), 2) }
  static let start = 1.02 * saturation(360)

  /// Sizes near those of the nucleus, where what the integrator takes for nothing is worth the whole solution.
  @Test(arguments: [1e10, 1e12, 1e13])
  func noCrowdOfCrystalsTakesMoreThanIsDissolved(count: Double) throws {
    var batch = PopulationBalance(
      crystalDensity: Self.crystalDensity, solventVolume: 1e-6, concentration: 1.5 * Self.saturation(360),
      program: Self.program, faceSpeed: { c, t, _, _ in c < Self.saturation(t) ? -1e-6 : Self.speed(c, t) })
    batch.insert(count: count)
    var random = RandomSource(seed: 1, stream: .growth)
    try batch.run(random: &random) { _ in (.zero, .infinity) }
    for moment in batch.history { #expect(moment.concentration >= 0, "at \(moment.time) s") }
    #expect(batch.crystallized >= 0)
  }

  @Test func cohortsReproduceTheClosedMomentEquations() throws {
    // Reference: the moments themselves, integrated to 1e-12.
    let line = Self.program.lines[0]
    let l0 = PopulationBalance.nucleusEdge
    var reference = DormandPrince(
      relativeTolerance: 1e-12, absoluteTolerance: [1e-9, 1e-6, 1e-12, 1e-16, 1e-20], firstStep: 1)
    var moments = [Self.start, 0, 0, 0, 0]
    var time = 0.0
    while time < line.end {
      time = try reference.step(from: time, limit: line.end, state: &moments) { t, y, dy in
        let temperature = line.temperature(at: t)
        let g = 2 * Self.speed(y[0], temperature)
        let b = Self.births(y[0], temperature)
        dy[0] = -Self.crystalDensity * (3 * g * y[3] + b * l0 * l0 * l0)
        dy[1] = b
        for j in 1...3 { dy[1 + j] = b * pow(l0, Double(j)) + Double(j) * g * y[j] }
      }
    }

    var batch = PopulationBalance(
      crystalDensity: Self.crystalDensity, solventVolume: 1, concentration: Self.start, program: Self.program,
      relativeTolerance: 1e-10, faceSpeed: { c, t, _, _ in Self.speed(c, t) })
    // Deterministic births: one cohort per Gauss point of each interval.
    let nodes = [-0.7745966692414834, 0, 0.7745966692414834]
    let weights = [5.0 / 9, 8.0 / 9, 5.0 / 9]
    let intervals = 400
    let width = line.end / Double(intervals)
    for interval in 0..<intervals {
      for (node, weight) in zip(nodes, weights) {
        let instant = width * (Double(interval) + 0.5 * (1 + node))
        try batch.advance(to: instant)
        batch.insert(count: 0.5 * width * weight * Self.births(batch.concentration, line.temperature(at: instant)))
      }
    }
    try batch.advance(to: line.end)

    #expect(abs(batch.concentration / moments[0] - 1) < 1e-6)
    for order in 0...3 { #expect(abs(batch.moment(order) / moments[1 + order] - 1) < 1e-6, "moment \(order)") }
    #expect(moments[0] < 0.8 * Self.start)
    #expect(abs((batch.concentration + batch.crystallized) / Self.start - 1) < 1e-10)
  }

  /// What leaves the solution, integrated as a flux, is what the crystals hold: cubes in the open, plates in a gap.
  @Test(arguments: [(Double.infinity, 1e-6, 2e7), (4e-5, 6e-5, 1e9)])
  func soluteLeavesTheSolutionAsFastAsFacesTakeItUp(height: Double, edge: Double, count: Double) throws {
    let line = Self.program.lines[0]
    var batch = PopulationBalance(
      crystalDensity: Self.crystalDensity, solventVolume: 1, concentration: Self.start, program: Self.program,
      relativeTolerance: 1e-12, faceSpeed: { c, t, _, _ in Self.speed(c, t) })
    batch.insert(count: count, height: height, edge: edge)
    let initial = batch.concentration
    let held = batch.crystallized
    try batch.advance(to: line.end)

    var reference = DormandPrince(relativeTolerance: 1e-13, absoluteTolerance: [1e-12, 1e-19], firstStep: 1)
    var state = [initial, edge]
    var time = 0.0
    while time < line.end {
      time = try reference.step(from: time, limit: line.end, state: &state) { t, y, dy in
        let speed = Self.speed(y[0], line.temperature(at: t))
        dy[0] = -Self.crystalDensity * count * 2 * speed * y[1] * (height.isInfinite ? 3 * y[1] : 2 * height)
        dy[1] = 2 * speed
      }
    }
    #expect(state[0] < 0.9 * initial)
    #expect(abs(batch.concentration / state[0] - 1) < 1e-10)
    #expect(abs((initial - state[0]) / (batch.crystallized - held) - 1) < 1e-9)
  }

  @Test func soluteIsKeptWhereCrystalsTouchBothPlatesAndWhereTheyDissolve() throws {
    var random = RandomSource(seed: 3, stream: .growth)
    let program = try TemperatureProgram([
      ProgramSegment(from: .kelvin(360), to: .kelvin(320), rate: HeatingRate(si: 0.01)),
      ProgramSegment(hold: TimeSpan(si: 3000)),
      ProgramSegment(to: .kelvin(350), rate: HeatingRate(si: 0.01)),
    ])
    var batch = PopulationBalance(
      crystalDensity: Self.crystalDensity, solventVolume: 1e-9, concentration: Self.start, program: program,
      faceSpeed: { c, t, edge, _ in 2e-7 * log(c / Self.saturation(t)) * (1 + edge * 1e3) },
      birthRate: { c, t, _ in 1e-9 * Self.births(c, t) * 10 })
    try batch.run(random: &random) { random in (SIMD2(random.uniform(), random.uniform()), 2e-5) }
    #expect(batch.cohorts.count > 5)
    #expect(abs((batch.concentration * 1e-9 + batch.crystallized) / (Self.start * 1e-9) - 1) < 1e-10)
    let edges = batch.history.map { $0.edges.first ?? 0 }
    #expect(edges.max()! > 2e-5, "crystals should have met both plates")
    #expect(edges.last! < edges.max()!, "the end of the program should have dissolved some")
  }

  @Test func theNucleusSizeDoesNotMatter() throws {
    func finalEdge(_ nucleus: Double) throws -> Double {
      var batch = PopulationBalance(
        crystalDensity: Self.crystalDensity, solventVolume: 1, concentration: Self.start, program: Self.program,
        faceSpeed: { c, t, _, _ in Self.speed(c, t) })
      try batch.advance(to: 600)
      batch.insert(count: 1e6, edge: nucleus)
      try batch.advance(to: 7200)
      return batch.edge(0)
    }
    #expect(abs(try finalEdge(10e-9) / finalEdge(20e-9) - 1) < 1e-3)
  }
}
