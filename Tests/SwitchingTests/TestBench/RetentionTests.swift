import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// How long a written state lasts without a voltage.
@Suite struct RetentionTests {
  private func retentions(
    _ kelvin: Double, devices: Int = 60, duration: Double = 1e15, detachment: Double = 0.95
  ) throws -> [SwitchingTrace.Retention] {
    var library = try Fixture.library()
    var compound = try library.material("MAPbBr3")
    compound.contactSwitching?.detachmentEnergy = .electronvolts(detachment)
    library.compounds["MAPbBr3"] = compound
    let bench = TestBench(try VacancyDevice(Fixture.stack, of: library, in: Fixture.fields(of: compound)))
    let rest = TestProtocol.Rest(duration: TimeSpan(si: duration), temperature: .kelvin(kelvin))
    return try (0..<devices).map {
      try bench.run([.retention(Fixture.ramp(-5), rest)], seed: 4, device: $0).retentions[0]
    }
  }

  /// Check M07: retention falls by exp[(E/k) ΔT/(T (T + ΔT))] of the barrier that is put in.
  @Test func retentionFollowsArrheniusLawOfItsBarrier() throws {
    func logMean(_ kelvin: Double) throws -> Double {
      let times = try retentions(kelvin).compactMap(\.time)
      #expect(times.count == 60)
      return times.reduce(0) { $0 + log($1) } / 60
    }
    let fall = try logMean(300) - logMean(310)
    let expected = 0.95 * Constants.elementaryCharge / Constants.boltzmann * 10 / (300 * 310)
    #expect(abs(fall / expected - 1) < 0.02, "\(fall) for \(expected)")
  }

  @Test func theStateEndsHigherThanItBeganAndNotBeforeTheWindow() throws {
    for stay in try retentions(300) {
      #expect(stay.isWritten && stay.endResistance > 2 * stay.startResistance)
      #expect(try #require(stay.time) < stay.duration)
    }
    // A short stay changes nothing, and is censored.
    for stay in try retentions(300, devices: 5, duration: 1e-9) {
      #expect(stay.time == nil && stay.isWritten && stay.endResistance == stay.startResistance)
    }
  }

  @Test func whereNothingWasWrittenThereIsNothingToKeep() throws {
    let library = try Fixture.library()
    let device = try VacancyDevice(Fixture.stack, of: library, in: Fixture.fields(of: try library.material("MAPbBr3")))
    let rest = TestProtocol.Rest(duration: TimeSpan(si: 1e4))
    let trace = try TestBench(device).run([.retention(Fixture.ramp(-0.05), rest)], seed: 4)
    #expect(trace.retentions[0].time == nil && !trace.retentions[0].isWritten)
  }
}
