import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// Laws of one metallization cell, mostly in the limit of expected counts.
@Suite struct MetallizationCellTests {
  static let unit = Metallization.q / Metallization.kT

  /// physics check V49: nucleation, then transfer, then hops take the time to SET.
  @Test func theTimeToSetFallsInThreeRegimes() {
    let cell = Metallization.cell {
      $0.surfaceEnergy = 0
      $0.nucleationEnergy = 1 * Metallization.q
      $0.hopBarrier = 0.15 * Metallization.q
    }
    func slope(_ voltage: Double) -> Double {
      let time = { (v: Double) in
        let parts = cell.setTime(voltage: v)
        return log(parts.nucleation + parts.growth)
      }
      return (time(voltage + 0.005) - time(voltage - 0.005)) / 0.01
    }
    let p = cell.parameters
    let nucleation = -(p.criticalClusterSize + p.transferCoefficient) * Self.unit
    let transfer = -p.transferCoefficient * Self.unit
    #expect(abs(slope(0.08) / nucleation - 1) < 0.02)
    #expect(abs(slope(0.4) / transfer - 1) < 0.02)
    #expect(slope(4) > 0.15 * transfer && slope(4) < 0)
  }

  @Test func whereHopsAreSlowTheTimeToGrowIsTheirsAlone() {
    let cell = Metallization.cell {
      $0.surfaceEnergy = 0
      $0.exchangeDensity = 1e8
      $0.hopBarrier = 0.5 * Metallization.q
    }
    let p = cell.parameters
    let law = IonHopping(
      density: p.ionDensity, distance: p.hopDistance, attemptFrequency: p.attemptFrequency, barrier: p.hopBarrier,
      charge: 1, temperature: 300)
    for voltage in [0.5, 2, 5] {
      var time = 0.0
      for i in 0..<2000 {
        let gap = p.length * (Double(i) + 0.5) / 2000
        time += p.length / 2000 * Metallization.q / p.atomicVolume / law.currentDensity(field: voltage / gap)
      }
      #expect(abs(cell.setTime(voltage: voltage).growth / time - 1) < 0.01)
    }
  }

  @Test(arguments: [0.3, 0.5, 0.8])
  func ratesOfThePathBalanceAndTheSlowestStepTakesTheVoltage(alpha: Double) {
    for (exchange, hop) in [(1.0, 1e25), (1e12, 1.0), (1, 1)] {
      let path = IonPath(
        transfer: ButlerVolmer(exchangeDensity: exchange, transferCoefficient: alpha, charge: 1, temperature: 300),
        hopDensity: hop, hopDistance: 0.4e-9, tipArea: 1e-17, activeArea: 1e6, gap: 5e-9)
      for voltage in [-1.0, -0.1, -1e-3, 1e-3, 0.1, 1] {
        let rates = path.rates(driving: voltage)
        #expect(abs(log(rates.deposition / rates.dissolution) / (voltage * Self.unit) - 1) < 1e-4)
        if hop == 1e25 {
          let alone = -path.transfer.netDensity(overpotential: -voltage) * 1e-17 / Metallization.q
          #expect(abs(rates.net / alone - 1) < 1e-3)
        }
      }
      let equilibrium = path.rates(driving: 0)
      #expect(abs(equilibrium.net) < 2e-6 * equilibrium.deposition)
    }
  }

  @Test(arguments: [1e-3, 0.5, 1e3])
  func withoutMobileIonsThereIsNoHysteresisAtAnyRate(rate: Double) throws {
    let cell = MetallizationCell(Metallization.silver { $0.ionDensity = 0 }) { 1e-9 * sinh(3 * $0) }
    var bench = TestBench(MetallizationDevice(cell))
    bench.keptCycles = [1]
    let trace = try bench.run([.sweep(Metallization.ramp(3, rate: rate), cycles: 1)], seed: 1)
    let curve = try #require(trace.curves[1])
    let half = curve.count / 2
    for points in [Array(curve[..<half]), Array(curve[half...])] {
      for (up, down) in zip(points, points.reversed()) { #expect(up.current == down.current) }
    }
    #expect(trace.cycles.allSatisfy { $0.setVoltage == nil && $0.resetVoltage == nil })
  }

  // MARK: lifetime

  @Test func aNeckThinsByTheFourthPowerOfItsRadius() throws {
    let cell = Metallization.cell {
      $0.exchangeDensity = 0
      $0.surfaceDiffusivity = 1e-16
    }
    let law = cell.lifetime(at: 300)
    for radius in [1e-9, 3e-9, 5e-9] {
      var state = cell.state(neckRadius: radius)
      var none: RandomSource?
      let life = law.lifetime(radius: radius)
      try cell.rest(&state, for: 0.5 * life, random: &none)
      #expect(abs(pow(cell.radius(state) / radius, 4) - 0.5) < 5e-3)
      try cell.rest(&state, for: 0.51 * life, random: &none)
      #expect(!cell.conducts(state, at: 0.1) || cell.gap(state) > 0)
    }
  }

  /// Where the bridge holds under the compliance; just below, it flickers and may be left fresh.
  @Test(arguments: [(1e-16, [1e-3, 3e-3, 1e-2]), (1e-19, [1e-4, 3e-4, 1e-3, 3e-3])])
  func aLargerComplianceLastsLonger(diffusivity: Double, compliances: [Double]) throws {
    let cell = Metallization.cell {
      $0.exchangeDensity = 1e-3
      $0.surfaceDiffusivity = diffusivity
    }
    var last = 0.0
    for compliance in compliances {
      var none: RandomSource?
      var state = MetallizationCell.State()
      _ = try cell.advance(&state, from: 0, to: 2, during: 4, compliance: compliance, random: &none)
      _ = try cell.advance(&state, from: 2, to: 0, during: 1e-6, compliance: compliance, random: &none)
      let time = try #require(try cell.retention(of: state, until: 1e12, random: &none))
      #expect(time > last)
      last = time
    }
  }

  /// Joule heat alone breaks a bridge: the sign of the voltage does not matter (unipolar RESET).
  @Test func aHotNeckThinsFasterWhateverTheSign() throws {
    let cell = Metallization.cell {
      $0.exchangeDensity = 0
      $0.surfaceDiffusivity = 1e-16
    }
    func left(_ voltage: Double) throws -> Double {
      var none: RandomSource?
      var state = cell.state(neckRadius: 5e-9)
      _ = try cell.advance(&state, from: voltage, to: voltage, during: 0.01, random: &none)
      return state.isBridged ? cell.radius(state) : 0
    }
    #expect(try left(0.2) == left(-0.2))
    #expect(try left(0.05) > left(0.1) && left(0.1) > left(0.2))
  }

  /// What a compliance below bridging holds is the tip's own voltage: R I_cc = V_GT.
  @Test func theHeldResistanceFallsAsTheComplianceRises() throws {
    let cell = Metallization.cell { $0.exchangeDensity = 10 }
    for compliance in [1e-9, 1e-8, 1e-7, 1e-6] {
      var none: RandomSource?
      var state = cell.state(gap: 3e-9)
      _ = try cell.advance(&state, from: 1, to: 1, during: 100, compliance: compliance, random: &none)
      let held = compliance / cell.conductance(state)
      #expect(abs(held / cell.capillarity.tip(radius: cell.parameters.tipRadius) - 1) < 0.05)
    }
  }

  // MARK: levels

  /// physics (8.40): the gap is the level, and ln R runs linearly in it.
  @Test func resetToALargerVoltageOpensTheGapAndTheLogarithmOfTheResistanceFollowsIt() throws {
    let cell = MetallizationCell(
      Metallization.silver {
        $0.exchangeDensity = 1e-2
        $0.hopBarrier = 0.5 * Metallization.q
        $0.neckLength = 0.6e-9
      })
    var gaps: [Double] = []
    var levels: [Double] = []
    for stop in [0.2, 0.25, 0.3, 0.35] {
      var none: RandomSource?
      var state = cell.state(neckRadius: 1e-9)
      _ = try cell.advance(&state, from: 0, to: -stop, during: stop / 0.5, random: &none)
      _ = try cell.advance(&state, from: -stop, to: 0, during: stop / 0.5, random: &none)
      gaps.append(cell.gap(state))
      levels.append(log(cell.resistance(state, at: 0.1)))
    }
    #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $0 < $1 })
    // Two decades and more between the levels, at 2κ per gap but for the prefactor's own 1/g.
    #expect(levels[3] - levels[0] > log(100))
    for i in 1..<4 {
      let reduced = [i - 1, i].map { levels[$0] + log((1 - 1 / (cell.tunnelGap.decay * gaps[$0])) / gaps[$0]) }
      let slope = (reduced[1] - reduced[0]) / (gaps[i] - gaps[i - 1])
      #expect(abs(slope / (2 * cell.tunnelGap.decay) - 1) < 0.01)
    }
  }

  // MARK: noise

  /// The mean of many counted growths is that of the expected counts.
  @Test func countsAverageToTheDeterministicLimit() throws {
    let cell = Metallization.cell { $0.exchangeDensity = 10 }
    func growth(_ seed: UInt64?) throws -> Double {
      var random = seed.map { RandomSource(seed: $0, stream: .switching) }
      var state = cell.state(gap: 3e-9)
      var time = 0.0
      while cell.gap(state) > 1e-9, time < 1 {
        _ = try cell.advance(&state, from: 0.3, to: 0.3, during: 1e-4, random: &random)
        time += 1e-4
      }
      return time
    }
    let times = try (0..<300).map { try growth(UInt64($0)) }
    let mean = times.reduce(0, +) / 300
    #expect(abs(mean / (try growth(nil)) - 1) < 0.03)
    #expect(Metallization.deviation(times) > 0)
  }

  /// A gap that the compliance holds open breathes as much whatever the step is.
  @Test func theBalanceUnderAComplianceHasItsOwnNoise() throws {
    let cell = Metallization.cell { $0.exchangeDensity = 10 }
    func spread(step: Double, stride: Int) throws -> (mean: Double, sd: Double) {
      var random: RandomSource? = RandomSource(seed: 5, stream: .switching)
      var state = cell.state(gap: 2e-9)
      _ = try cell.advance(&state, from: 1, to: 1, during: 10, compliance: 1e-7, random: &random)
      var gaps: [Double] = []
      for _ in 0..<3000 {
        for _ in 0..<stride {
          _ = try cell.advance(&state, from: 1, to: 1, during: step, compliance: 1e-7, random: &random)
        }
        gaps.append(cell.gap(state))
      }
      return (gaps.reduce(0, +) / 3000, Metallization.deviation(gaps))
    }
    let coarse = try spread(step: 0.1, stride: 1)
    let fine = try spread(step: 0.1 / 40, stride: 40)
    #expect(abs(coarse.mean / fine.mean - 1) < 0.02)
    #expect(abs(coarse.sd / fine.sd - 1) < 0.15)
    // The held voltage balances the tip.
    let voltage = 1e-7 / cell.conductance(cell.state(gap: fine.mean))
    #expect(abs(voltage / cell.capillarity.tip(radius: 2e-9) - 1) < 0.1)
  }

  @Test func theEnergyOfAStepIsTheIntegralOfPower() throws {
    let cell = Metallization.cell { $0.seriesResistance = 2e3 }
    var bench = TestBench(MetallizationDevice(cell))
    bench.voltageStep = 1e-4
    bench.keptCycles = [0]
    let outcome = try bench.outcome(of: [.forming(Metallization.ramp(1.5, compliance: 1))], seed: 2)
    let points = try #require(outcome.trace.curves[0])
    // What the source gives less what the leads take.
    var energy = 0.0
    for (a, b) in zip(points, points.dropFirst()) {
      let power = { (p: SwitchingTrace.Point) in p.voltage * p.current - 2e3 * p.current * p.current }
      energy += 0.5 * (power(a) + power(b)) * (b.time - a.time)
    }
    #expect(outcome.energy > 0)
    #expect(abs(outcome.energy / energy - 1) < 0.01)
  }
}
