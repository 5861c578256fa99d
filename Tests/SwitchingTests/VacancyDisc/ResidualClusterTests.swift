import Foundation
import Materials
import NumericalMethods
import Quantities
import Switching
import Testing

/// What a SET leaves behind makes the next one easier: V_SET(k) = V_∞ + (V₁ − V_∞) ρ^{k−1}.
@Suite struct ResidualClusterTests {
  /// Mean size of the voltage of the event by cycle, and V₀ w.
  static func means(share: Double?, recovery: Double, rate: Double = 0.5) throws -> (volts: [Double], scale: Double) {
    var library = try Fixture.library()
    var compound = try library.material("MAPbBr3")
    compound.contactSwitching?.residualShare = share.map { Ratio(si: $0) }
    compound.contactSwitching?.recoveryTime = TimeSpan(si: recovery)
    // A disc that outlasts its SET closes once a cycle; one that RESET clears leaves no vacancies for the old place to win by.
    compound.contactSwitching?.detachmentEnergy = .electronvolts(0.76)
    library.compounds["MAPbBr3"] = compound
    let device = try VacancyDevice(Fixture.stack, of: library, in: Fixture.fields(of: compound))
    var sums = [Double](repeating: 0, count: 40)
    let devices = 60
    for number in 0..<devices {
      let outcome = try TestBench(device).outcome(
        of: [.sweep(Fixture.ramp(-4, rate: rate), cycles: 40)], seed: 2, device: number)
      for cycle in 1...40 { sums[cycle - 1] += abs(try #require(outcome.turnOns[cycle])) / Double(devices) }
    }
    return (sums, device.landscape.voltageScale * device.landscape.work)
  }

  @Test func theVoltageFallsTowardsItsLimitWithTheMemoryOfACycle() throws {
    let share = 0.008
    let found = try Self.means(share: share, recovery: 300)
    // One cycle of 4 V up and down on either side.
    let memory = exp(-32.0 / 300)
    for cycle in [2, 5, 10, 20, 40] {
      let left = share * memory * (1 - pow(memory, Double(cycle - 1))) / (1 - memory)
      let fall = found.scale * left
      #expect(abs(found.volts[0] - found.volts[cycle - 1] - fall) < 0.1 * fall + 0.09)
    }
    #expect(found.volts[39] < found.volts[0] - 0.2)
  }

  @Test func withoutResidueTheVoltageStays() throws {
    let found = try Self.means(share: nil, recovery: 300)
    let late = found.volts.suffix(20).reduce(0, +) / 20
    #expect(abs(late - found.volts[0]) < 0.09)
  }

  /// Slow cycles leave time to recover: the drift depends on the time between SETs, not on their number alone.
  @Test func restUndoesTheDrift() throws {
    let quick = try Self.means(share: 0.008, recovery: 100)
    let slow = try Self.means(share: 0.008, recovery: 10)
    let fall = { (volts: [Double]) in volts[0] - volts.suffix(20).reduce(0, +) / 20 }
    #expect(fall(quick.volts) > 3 * max(0, fall(slow.volts)))
  }
}
