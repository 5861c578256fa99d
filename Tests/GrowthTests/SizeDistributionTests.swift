import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Testing

/// Size distributions and birth times against laws that are known in closed form or solved in another way.
@Suite struct SizeDistributionTests {
  static func hold(_ time: Double) throws -> TemperatureProgram {
    try TemperatureProgram([
      ProgramSegment(from: .kelvin(340), to: .kelvin(341), rate: HeatingRate(si: 1)),
      ProgramSegment(hold: TimeSpan(si: time)),
    ])
  }

  /// Mixed suspension, mixed product removal: n = n₀ exp(−L/Gτ), n₀ = B/G, c_f − c = 6 ρ n₀ (Gτ)⁴ (Randolph and Larson).
  @Test func aContinuousCrystallizerReachesItsExponentialDistribution() throws {
    let (density, residence, feed) = (8000.0, 1000.0, 900.0)
    let speed = { (c: Double) -> Double in 1e-7 * max(0, c / 600 - 1) }
    let births = { (c: Double) -> Double in 2e8 * pow(max(0, c / 600 - 1), 2) }
    var batch = PopulationBalance(
      crystalDensity: density, solventVolume: 1, concentration: feed, program: try Self.hold(20 * residence),
      relativeTolerance: 1e-7, faceSpeed: { c, _, _, _ in speed(c) })
    // Strang's splitting: half an exchange, births in the middle of a step of growth, half an exchange.
    let steps = 40
    let width = residence / Double(steps)
    let share = 1 - exp(-0.5 / Double(steps))
    for step in 0..<(16 * steps) {
      batch.exchange(share: share, feed: feed)
      try batch.advance(to: width * (Double(step) + 0.5))
      batch.insert(count: width * births(batch.concentration), edge: PopulationBalance.nucleusEdge)
      try batch.advance(to: width * Double(step + 1))
      batch.exchange(share: share, feed: feed)
    }
    let c = batch.concentration
    let growth = 2 * speed(c)
    let length = growth * residence
    let source = births(c) / growth
    #expect(c > 650 && c < 850)
    #expect(abs(6 * density * source * pow(length, 4) / (feed - c) - 1) < 0.01)
    for order in 0...3 {
      let expected = source * pow(length, Double(order + 1)) * [1, 1, 2, 6][order]
      #expect(abs(batch.moment(order) / expected - 1) < 0.01, "moment \(order)")
    }
    // The share of crystals above L, for L up to five lengths.
    for multiple in 1...5 {
      var above = 0.0
      for (i, cohort) in batch.cohorts.enumerated() where batch.edge(i) > Double(multiple) * length {
        above += cohort.count
      }
      #expect(abs(above / (source * length) / exp(-Double(multiple)) - 1) < 0.03, "above \(multiple) lengths")
    }
  }

  @Test func theSlopeOverInverseSquaredDriveReturnsTheInterfacialEnergy() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    let nucleation = ClassicalNucleation(of: compound, contactAngle: Angle(si: .pi / 2))
    let (temperature, saturation) = (353.0, 630.0)
    var points: [(x: Double, y: Double)] = []
    for ratio in stride(from: 2.5, through: 8, by: 0.5) {
      let rate = nucleation.rate(supersaturation: ratio, saturation: saturation, temperature: temperature)
      points.append((1 / (log(ratio) * log(ratio)), log(rate / ratio)))
    }
    let n = Double(points.count)
    let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let slope =
      points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) } / points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
    let kT = Constants.boltzmann * temperature
    let ions = compound.growthKinetics.independentIons.si
    let volume = 1 / compound.formulaUnitDensity
    let gamma = cbrt(-slope * 3 * kT * kT * kT * ions * ions / (16 * Double.pi * volume * volume))
    #expect(
      abs(gamma / nucleation.interfacialEnergy(saturation: saturation, temperature: temperature) - 1) < 0.01)
  }

  @Test func inductionTimesAtAConstantSupersaturationAreExponential() throws {
    let rate = 1.0 / 700
    let program = try Self.hold(30 / rate)
    var times: [Double] = []
    for run in 0..<2000 {
      var random = RandomSource(seed: 11, device: run, stream: .growth)
      var batch = PopulationBalance(
        crystalDensity: 8000, solventVolume: 1e-5, concentration: 900, program: program,
        faceSpeed: { _, _, _, _ in 0 }, birthRate: { _, _, covered in covered > 0 ? 0 : rate })
      try batch.run(random: &random) { _ in (.zero, .infinity) }
      times.append(try #require(batch.cohorts.first).birth)
    }
    #expect(abs(times.reduce(0, +) / 2000 * rate - 1) < 0.07)
    #expect(try KolmogorovSmirnovTest(times) { 1 - exp(-rate * $0) }.pValue > 0.01)
  }

  /// Births are lumped beyond the first; their number keeps its mean and, where no crystal takes solute, Poisson's spread.
  @Test func lumpedBirthsKeepTheMeanNumber() throws {
    let expected = 2000.0
    let time = 5000.0
    let program = try Self.hold(time - 1)
    var counts: [Double] = []
    for run in 0..<100 {
      var random = RandomSource(seed: 12, device: run, stream: .growth)
      var batch = PopulationBalance(
        crystalDensity: 8000, solventVolume: 1, concentration: 900, program: program,
        faceSpeed: { _, _, _, _ in 0 }, birthRate: { _, _, _ in expected / time })
      try batch.run(random: &random) { _ in (.zero, .infinity) }
      counts.append(batch.moment(0))
      #expect(batch.cohorts.count < 160)
    }
    #expect(abs(counts.reduce(0, +) / 100 / expected - 1) < 0.02)
    // A lump is a sixteenth of what came before, on the mean.
    #expect(counts.allSatisfy { abs($0 / expected - 1) < 0.15 })
  }

  @Test func theTimeIntegrationIsOfFifthOrder() throws {
    func edge(_ step: Double, tolerance: Double) throws -> Double {
      var batch = PopulationBalance(
        crystalDensity: 8000, solventVolume: 1, concentration: 900,
        program: try TemperatureProgram([
          ProgramSegment(from: .kelvin(340), to: .kelvin(360), rate: HeatingRate(si: 20.0 / 7200))
        ]), relativeTolerance: tolerance,
        faceSpeed: { c, t, edge, _ in 8e-8 * log(c / (700 - 8 * (t - 340))) / (1 + edge * 1e4) })
      batch.seed(count: 1e10, edge: 1e-5)
      for index in 1...Int(7200 / step) { try batch.advance(to: step * Double(index)) }
      #expect(batch.concentration < 800)
      return batch.edge(0)
    }
    let exact = try edge(7200, tolerance: 1e-13)
    let errors = try [1800.0, 900, 450, 225].map { abs(try edge($0, tolerance: 1e9) - exact) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      let order = log2(coarse / fine)
      #expect(abs(order - 5) < 0.2, "order \(order)")
    }
  }

  /// The same batch by a finite-volume method of high resolution (Koren's limiter), physics (1.9).
  @Test func aFiniteVolumeMethodGivesTheSameSizeDistribution() throws {
    typealias Batch = PopulationBalanceTests
    let line = Batch.program.lines[0]
    // Cohorts.
    var batch = PopulationBalance(
      crystalDensity: Batch.crystalDensity, solventVolume: 1, concentration: Batch.start, program: Batch.program,
      relativeTolerance: 1e-8, faceSpeed: { c, t, _, _ in Batch.speed(c, t) })
    let intervals = 600
    let width = line.end / Double(intervals)
    for interval in 0..<intervals {
      let instant = width * (Double(interval) + 0.5)
      try batch.advance(to: instant)
      batch.insert(count: width * Batch.births(batch.concentration, line.temperature(at: instant)))
    }
    try batch.advance(to: line.end)

    let longest = 1.1 * batch.edge(0)
    let cells = 800
    let dx = longest / Double(cells)
    var n = [Double](repeating: 0, count: cells)
    func slope(_ n: [Double], _ time: Double) -> [Double] {
      let volume = n.enumerated().reduce(0) { $0 + $1.element * dx * pow(dx * (Double($1.offset) + 0.5), 3) }
      let c = Batch.start - Batch.crystalDensity * volume
      let temperature = line.temperature(at: time)
      let growth = 2 * Batch.speed(c, temperature)
      var flux = [Double](repeating: 0, count: cells + 1)
      flux[0] = Batch.births(c, temperature)
      for i in 1...cells {
        let here = n[i - 1]
        let before = i > 1 ? n[i - 2] : here
        let next = i < cells ? n[i] : here
        let difference = here - before
        let ratio = difference == 0 ? 0 : (next - here) / difference
        let limiter = max(0, min(2 * ratio, min(1.0 / 3 + 2.0 / 3 * ratio, 2)))
        flux[i] = growth * (here + 0.5 * limiter * difference)
      }
      return n.indices.map { (flux[$0] - flux[$0 + 1]) / dx }
    }
    var time = 0.0
    let step = 0.4 * dx / (2 * 2e-7 * 0.15)
    while time < line.end {
      let h = min(step, line.end - time)
      let a = slope(n, time)
      let trial = n.indices.map { n[$0] + h * a[$0] }
      let b = slope(trial, time + h)
      for i in n.indices { n[i] += 0.5 * h * (a[i] + b[i]) }
      time += h
    }
    // Crystals above each cell's face, by both.
    var (above, difference, total) = (0.0, 0.0, 0.0)
    for i in n.indices.reversed() {
      above += n[i] * dx
      let edge = dx * Double(i)
      var cohorts = 0.0
      for (index, cohort) in batch.cohorts.enumerated() where batch.edge(index) > edge { cohorts += cohort.count }
      difference += abs(above - cohorts)
      total += cohorts
    }
    #expect(total > 0)
    #expect(difference / total < 0.01, "L1 distance \(difference / total)")
  }
}
