import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// How many vacancies a closing disc takes where the source limits the current.
@Suite struct ClosureTests {
  private func device() throws -> VacancyDevice {
    let library = try Fixture.library()
    return try VacancyDevice(Fixture.stack, of: library, in: Fixture.fields(of: try library.material("MAPbBr3")))
  }

  /// Forms many devices at a limit of current in A; what each holds, and the voltage at which it closed.
  private func formed(limit: Double) throws -> [(count: Int, voltage: Double, state: VacancyDevice.State)] {
    let bench = TestBench(try device())
    let ramp = TestProtocol.Ramp(
      amplitude: .volts(-5), rate: VoltageRate(si: 0.5), compliance: Current(si: limit))
    return try (0..<60).map { number in
      let outcome = try bench.outcome(of: [.forming(ramp)], seed: 5, device: number)
      let voltage = try #require(outcome.trace.forming?.voltage)
      return (bench.device.count(outcome.state), voltage, outcome.state)
    }
  }

  /// The source reaches its limit with the count that closes the disc and does not with one vacancy less, so the mean current at
  /// closing is the limit; counts scatter as Poisson's, and some of them have left on the way back.
  @Test(arguments: [1e-10, 3e-10]) func aDiscClosesAtTheLimitOfTheSource(limit: Double) throws {
    let device = try device()
    let found = try formed(limit: limit)
    let mean = Double(found.map(\.count).reduce(0, +)) / Double(found.count)
    #expect(mean < 0.9 * device.discCapacity)
    let deviation =
      found.map { (Double($0.count) - mean) * (Double($0.count) - mean) }.reduce(0, +) / Double(found.count - 1)
    // Closing voltages differ as well, so not below Poisson's; sixty devices tell a variance to a fifth.
    #expect(deviation > 0.5 * mean)
    // With three standard deviations fewer the source would not have been at its limit.
    for one in found {
      let fewer = max(1, one.count - 3 * Int(mean.squareRoot()) - 1)
      let current = device.current(voltage: one.voltage, charge: 0, vacancies: fewer)
      #expect(abs(current) < limit)
    }
  }

  @Test func aHigherLimitLeavesMoreVacanciesAndALowerResistance() throws {
    let device = try device()
    let levels = try [1e-10, 3e-10, 1e-9].map { limit in
      let found = try formed(limit: limit)
      return (
        count: Double(found.map(\.count).reduce(0, +)) / Double(found.count),
        resistance: try SampleSummary(found.map { try device.resistance($0.state, at: 0.1) }).median
      )
    }
    for (low, high) in zip(levels, levels.dropFirst()) {
      #expect(high.count > low.count)
      #expect(high.resistance < low.resistance)
    }
  }

  /// A limit beyond what the full disc carries changes nothing.
  @Test func aLimitOutOfReachLeavesTheDiscToItsCapacity() throws {
    let found = try formed(limit: 1e-3)
    let mean = Double(found.map(\.count).reduce(0, +)) / Double(found.count)
    // Some vacancies leave on the way back.
    #expect(mean < 1.05 * (try device().discCapacity))
    #expect(mean > 0.5 * (try device().discCapacity))
  }
}
