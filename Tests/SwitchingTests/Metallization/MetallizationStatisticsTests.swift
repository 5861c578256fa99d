import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// First passage of metal nuclei under a ramp, and what scaling all rates does.
@Suite struct MetallizationStatisticsTests {
  /// A cell that waits for its nucleus, then grows at once.
  static func nucleationLimited(_ adjust: (inout MetallizationParameters) -> Void = { _ in }) -> MetallizationCell {
    Metallization.cell {
      $0.nucleationEnergy = 1.34 * Metallization.q
      $0.exchangeDensity = 100
      $0.hopBarrier = 0.15 * Metallization.q
      adjust(&$0)
    }
  }

  static func outcomes(
    _ cell: MetallizationCell, rate: Double, count: Int, step: Double = 0.01
  ) throws -> [TestBench<MetallizationDevice>.Outcome] {
    var bench = TestBench(MetallizationDevice(cell))
    bench.voltageStep = step
    return try (0..<count).map {
      try bench.outcome(
        of: [.forming(Metallization.ramp(1, rate: rate, compliance: 1e-6))], seed: 21, device: $0)
    }
  }

  @Test func nucleiFollowGumbelsLaw() throws {
    let cell = Self.nucleationLimited()
    let voltages = try Self.outcomes(cell, rate: 0.5, count: 2000).map { try #require($0.nucleations[0]) }
    let law = cell.nucleation
    let test = try KolmogorovSmirnovTest(voltages) { -expm1(-law.hazard(from: 0, to: $0, during: $0 / 0.5)) }
    #expect(test.pValue > 0.01)
    #expect(abs(Metallization.deviation(voltages) / law.standardDeviation - 1) < 0.05)
  }

  @Test func aDecadeOfRampShiftsTheVoltageByItsLogarithm() throws {
    let cell = Self.nucleationLimited()
    func mean(_ rate: Double) throws -> Double {
      try Self.outcomes(cell, rate: rate, count: 1000).reduce(0) { $0 + (try #require($1.nucleations[0])) } / 1000
    }
    let shift = try mean(5) - mean(0.5)
    #expect(abs(shift / (cell.nucleation.voltageScale * log(10)) - 1) < 0.02)
  }

  @Test func aLargerElectrodeSetsEarlierByTheLogarithmOfItsArea() {
    let one = Self.nucleationLimited().nucleation
    let four = Self.nucleationLimited { $0.electrodeArea *= 4 }.nucleation
    let shift = four.mode(rampRate: 0.5) - one.mode(rampRate: 0.5)
    #expect(abs(shift / (-one.voltageScale * log(4)) - 1) < 1e-6)
  }

  /// physics check M04 for the step of the sweep: same random numbers, half the step.
  @Test(arguments: [1.34, 1.0])
  func halvingTheStepKeepsMedianAndSpreadOfTheSetVoltage(work: Double) throws {
    // The lower work leaves most of the spread to growth.
    let cell = Self.nucleationLimited {
      $0.nucleationEnergy = work * Metallization.q
      $0.exchangeDensity = 10
    }
    let coarse = try Self.outcomes(cell, rate: 0.5, count: 500).map { try #require($0.turnOns[0]) }
    let fine = try Self.outcomes(cell, rate: 0.5, count: 500, step: 0.005).map { try #require($0.turnOns[0]) }
    #expect(abs(Metallization.median(fine) / Metallization.median(coarse) - 1) < 0.03)
    #expect(abs(Metallization.deviation(fine) / Metallization.deviation(coarse) - 1) < 0.03)
  }

  /// physics check M01.
  @Test(arguments: [1e-3, 1e3], [1e-8, 1e-4, 1e-3])
  func rampAndRatesScaledAlikeLeaveTheLoop(scale: Double, compliance: Double) throws {
    func loop(_ s: Double, counted: Bool) throws -> [SwitchingTrace.Point] {
      let cell = Metallization.cell {
        $0.exchangeDensity *= s
        $0.nucleationRate *= s
        $0.attemptFrequency *= s
        $0.surfaceDiffusivity *= s
      }
      var device = MetallizationDevice(cell)
      device.isStochastic = counted
      var bench = TestBench(device)
      bench.keptCycles = [1]
      return try #require(
        try bench.run(
          [.sweep(Metallization.ramp(1.2, rate: 0.5 * s, compliance: compliance), cycles: 1)], seed: 4
        ).curves[1])
    }
    for counted in [false, true] {
      for (one, other) in zip(try loop(1, counted: counted), try loop(scale, counted: counted)) {
        #expect(abs(other.current - one.current) <= 0.01 * abs(one.current))
      }
    }
  }
}
