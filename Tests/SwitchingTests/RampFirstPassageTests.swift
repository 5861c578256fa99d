import Foundation
import NumericalMethods
import Quantities
import Switching
import Testing

/// SET voltages of the bench against the closed form for rates k₀ e^{V/V₀} under a ramp.
@Suite struct RampFirstPassageTests {
  /// Forming voltages of many identical devices, their size only.
  static func voltages(rate: Double, count: Int) throws -> (voltages: [Double], law: RampFirstPassage) {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    let bench = TestBench(try VacancyDevice(Fixture.stack, of: library, in: fields))
    var found: [Double] = []
    for device in 0..<count {
      let trace = try bench.run([.forming(Fixture.ramp(-8, rate: rate))], seed: 11, device: device)
      found.append(-(try #require(trace.forming?.voltage)))
    }
    return (found, bench.device.landscape.pristine)
  }

  @Test func modeSpreadAndRampShiftAreThoseOfTheClosedForm() throws {
    let count = 12_000
    let (slow, law) = try Self.voltages(rate: 0.5, count: count)
    let (fast, _) = try Self.voltages(rate: 5, count: count)
    func moments(_ x: [Double]) -> (mean: Double, sd: Double) {
      let mean = x.reduce(0, +) / Double(x.count)
      return (mean, (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)).squareRoot())
    }
    let (mean, sd) = moments(slow)
    // Smallest-extreme-value law: mean = mode − γ V₀; the mode from the moments is the estimator with the least noise.
    let scale = sd * 6.0.squareRoot() / Double.pi
    let mode = mean + 0.577215664901532860606512 * scale
    #expect(abs(mode / law.mode(rampRate: 0.5) - 1) < 0.03)
    #expect(abs(sd / law.standardDeviation - 1) < 0.03)
    let shift = moments(fast).mean - mean
    #expect(abs(shift / (law.voltageScale * log(10)) - 1) < 0.03)
    #expect(slow.allSatisfy { $0 > 0 })
  }

  /// The whole law, not just its moments: P = 1 − survival is uniform.
  @Test func survivalIsUniformUnderTheClosedForm() throws {
    let (voltages, law) = try Self.voltages(rate: 0.5, count: 4000)
    let shares = voltages.map { -expm1(-law.hazard(from: 0, to: $0, during: $0 / 0.5)) }.sorted()
    var distance = 0.0
    for (i, share) in shares.enumerated() {
      distance = max(distance, abs(share - Double(i) / 4000), abs(share - Double(i + 1) / 4000))
    }
    // Kolmogorov's 1 % point.
    #expect(distance < 1.63 / 4000.0.squareRoot())
  }

  @Test func theStepOfTheSweepDoesNotMoveTheEvent() throws {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    var bench = TestBench(try VacancyDevice(Fixture.stack, of: library, in: fields))
    let fine = try bench.run([.forming(Fixture.ramp(-5))], seed: 5).forming?.voltage
    bench.voltageStep = 0.05
    let coarse = try bench.run([.forming(Fixture.ramp(-5))], seed: 5).forming?.voltage
    #expect(abs(try #require(fine) - (try #require(coarse))) < 1e-9)
  }

  @Test func fourTimesTheAreaShiftsTheModeByTheLogarithm() throws {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    var large = Fixture.stack
    large.area = Area(si: 4 * large.area.si)
    let one = try VacancyDevice(Fixture.stack, of: library, in: fields).landscape.pristine
    let four = try VacancyDevice(large, of: library, in: fields).landscape.pristine
    let shift = four.mode(rampRate: 0.5) - one.mode(rampRate: 0.5)
    #expect(abs(shift / (-one.voltageScale * log(4)) - 1) < 1e-4)
  }
}
