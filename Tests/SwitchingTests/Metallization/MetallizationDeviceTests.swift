import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct MetallizationDeviceTests {
  static func bench(
    activeIsTop: Bool = true, _ adjust: (inout MetallizationParameters) -> Void = { _ in }
  ) -> TestBench<MetallizationDevice> {
    TestBench(MetallizationDevice(Metallization.cell(adjust), activeIsTop: activeIsTop))
  }

  @Test func theActiveElectrodeSetsWhenPositiveWhereverItIs() throws {
    for activeIsTop in [true, false] {
      let sign: Double = activeIsTop ? 1 : -1
      let trace = try Self.bench(activeIsTop: activeIsTop).run(
        [.forming(Metallization.ramp(1.5 * sign)), .sweep(Metallization.ramp(1.2 * sign, reset: 0.1), cycles: 20)],
        seed: 3)
      let forming = try #require(trace.forming)
      #expect(sign * (try #require(forming.voltage)) > 0)
      #expect(forming.formedResistance < 1e-3 * forming.pristineResistance)
      let sets = trace.cycles.compactMap(\.setVoltage)
      #expect(sets.count >= 15 && sets.allSatisfy { sign * $0 > 0 })
      #expect(trace.cycles.compactMap(\.resetVoltage).allSatisfy { sign * $0 < 0 })
      #expect(trace.cycles.dropFirst().allSatisfy { $0.highResistance > 1e3 * $0.lowResistance })
      #expect(trace.warnings.isEmpty)
    }
  }

  @Test func theMirroredDeviceGivesTheMirroredCurve() throws {
    func curve(_ top: Bool) throws -> [SwitchingTrace.Point] {
      var bench = Self.bench(activeIsTop: top)
      bench.keptCycles = [1]
      return try #require(
        try bench.run([.sweep(Metallization.ramp(top ? 1.2 : -1.2, reset: 0.1), cycles: 1)], seed: 8).curves[1])
    }
    for (a, b) in zip(try curve(true), try curve(false)) {
      #expect(a.voltage == -b.voltage && a.current == -b.current && a.time == b.time)
    }
  }

  @Test func formingTheWrongWayIsSaid() throws {
    let trace = try Self.bench().run([.forming(Metallization.ramp(-3))], seed: 3)
    #expect(trace.forming?.voltage == nil)
    #expect(trace.warnings.contains { $0.code == "notFormed" && $0.message.contains("positive amplitude") })
  }

  /// Below some current the filament is gone with the voltage, above it stays: threshold and resistive switching.
  @Test func theComplianceDecidesBetweenThresholdAndResistiveSwitching() throws {
    func share(_ compliance: Double) throws -> Double {
      let outcome = try Self.bench { $0.exchangeDensity = 100 }.outcome(
        of: [.sweep(Metallization.ramp(1.2, compliance: compliance, reset: 0.1), cycles: 10)], seed: 5)
      return Double(outcome.trace.cycles.count(where: \.isVolatile)) / 10
    }
    let shares = try [1e-7, 1e-5, 1e-3, 3e-3].map(share)
    #expect(shares[0] == 1 && shares[3] == 0)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func twoActiveElectrodesSwitchTheThresholdBothWays() throws {
    var bench = Self.bench {
      $0.exchangeDensity = 100
      $0.bothElectrodesActive = true
    }
    let (forth, back) = try (
      bench.outcome(of: [.forming(Metallization.ramp(1.2, compliance: 1e-7))], seed: 5),
      bench.outcome(of: [.forming(Metallization.ramp(-1.2, compliance: 1e-7))], seed: 5)
    )
    #expect(abs(try #require(forth.turnOns[0]) + (try #require(back.turnOns[0]))) < 1e-9)
    // And one after the other, in one cycle.
    bench.keptCycles = [1]
    let trace = try bench.run([.sweep(Metallization.ramp(1.2, compliance: 1e-7), cycles: 1)], seed: 5)
    let curve = try #require(trace.curves[1])
    #expect(curve.contains { $0.current >= 0.999e-7 } && curve.contains { $0.current <= -0.999e-7 })
  }

  @Test func theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws {
    let bench = Self.bench()
    let protocols: [TestProtocol] = [
      .forming(Metallization.ramp(1.5)), .sweep(Metallization.ramp(1.2, reset: 0.1), cycles: 5),
    ]
    let first = try bench.outcome(of: protocols, seed: 9, device: 4)
    #expect(first == (try bench.outcome(of: protocols, seed: 9, device: 4)))
    #expect(first != (try bench.outcome(of: protocols, seed: 9, device: 5)))
    #expect(first != (try bench.outcome(of: protocols, seed: 10, device: 4)))
  }

  @Test func metalLostForGoodEndsTheCycling() throws {
    let outcome = try Self.bench {
      $0.lossPerCharge = 1e7
      $0.reservoir = 4e4
    }.outcome(of: [.sweep(Metallization.ramp(1.2, reset: 0.1), cycles: 400)], seed: 5)
    let last = outcome.trace.cycles.lastIndex { $0.setVoltage != nil }
    #expect(try #require(last) > 10 && (try #require(last)) < 390)
    #expect(outcome.state.lostAtoms <= 4e4)
  }

  // MARK: limits

  @Test func aComplianceOfZeroGivesNoCurrentAndNoSwitching() throws {
    var bench = Self.bench()
    bench.keptCycles = [0]
    let trace = try bench.run([.forming(Metallization.ramp(3, compliance: 0))], seed: 2)
    #expect(trace.forming?.voltage == nil)
    #expect(try #require(trace.curves[0]).allSatisfy { $0.current == 0 })
  }

  /// Whatever the parameters are, numbers stay finite and states within their bounds.
  @Test func extremesStayFiniteAndBounded() throws {
    var random = RandomSource(seed: 12, stream: .parameters)
    func pick(_ low: Double, _ high: Double) -> Double { low * pow(high / low, random.uniform()) }
    for number in 0..<80 {
      var p = Metallization.silver()
      p.temperature = [250, 300, 400][number % 3]
      p.length = pick(1e-9, 1e-5)
      p.electrodeArea = number % 5 == 0 ? p.siteArea : pick(1e-18, 1e-6)
      p.exchangeDensity = number % 7 == 0 ? 0 : pick(1e-6, 1e6)
      p.transferCoefficient = [0, 0.3, 0.5, 1][number % 4]
      p.hopBarrier = pick(0.1, 1) * Metallization.q
      p.ionDensity = number % 11 == 0 ? 0 : pick(1e20, 1e28)
      p.tipRadius = pick(0.3e-9, 5e-9)
      p.neckLength = pick(0.5e-9, 5e-9)
      p.surfaceDiffusivity = number % 4 == 0 ? 0 : pick(1e-22, 1e-12)
      p.seriesResistance = pick(1e-2, 1e8)
      p.charge = number % 2 == 0 ? 1 : 2
      p.bothElectrodesActive = number % 3 == 1
      let side = pick(1e-15, 1e-3)
      var bench = TestBench(MetallizationDevice(MetallizationCell(p) { side * sinh(min(50, max(-50, 2 * $0))) }))
      bench.keptCycles = [1]
      let amplitude = pick(0.1, 100)
      bench.voltageStep = amplitude / 100
      let outcome = try bench.outcome(
        of: [.sweep(Metallization.ramp(amplitude, rate: pick(1e-3, 1e6), compliance: pick(1e-12, 1)), cycles: 1)],
        seed: UInt64(number))
      #expect(outcome.energy.isFinite && outcome.energy >= 0)
      let gap = bench.device.cell.gap(outcome.state)
      #expect(gap >= 0 && gap <= p.length)
      #expect(bench.device.cell.radius(outcome.state).isFinite && bench.device.cell.radius(outcome.state) > 0)
      let curve = try #require(outcome.trace.curves[1])
      #expect(curve.allSatisfy { $0.current.isFinite && $0.current * $0.voltage >= 0 })
    }
  }

  @Test func warmerCellsSetAtLowerVoltage() throws {
    let voltages = try [250.0, 300, 400].map { temperature in
      let trace = try Self.bench { $0.temperature = temperature }.run(
        [.forming(Metallization.ramp(3))], seed: 3)
      return try #require(trace.forming?.voltage)
    }
    #expect(voltages[0] > voltages[1] && voltages[1] > voltages[2])
  }
}
