import Foundation
import Materials
import Quantities
import Specimens
import Switching
import Testing

@Suite struct VacancyDiscTests {
  func bench(_ adjust: (inout Compound) -> Void = { _ in }, density: Double = 5e22) throws -> TestBench<VacancyDevice> {
    var library = try Fixture.library()
    var compound = try library.material("MAPbBr3")
    adjust(&compound)
    library.compounds["MAPbBr3"] = compound
    return TestBench(
      try VacancyDevice(Fixture.stack, of: library, in: Fixture.fields(of: compound, density: density)))
  }

  @Test(arguments: [1e-3, 0.5, 1e3])
  func withoutMobileIonsThereIsNoHysteresisAtAnyRate(rate: Double) throws {
    var bench = try bench(density: 0)
    bench.keptCycles = [1, 2]
    let trace = try bench.run([.sweep(Fixture.ramp(-3, rate: rate), cycles: 2)], seed: 1)
    for (_, curve) in trace.curves {
      let half = curve.count / 2
      for range in [0..<half, half..<curve.count] {
        let points = Array(curve[range])
        for (up, down) in zip(points, points.reversed()) {
          #expect(abs(up.voltage - down.voltage) < 1e-12)
          #expect(abs(up.current - down.current) <= 1e-12 * abs(up.current))
        }
      }
    }
    #expect(trace.cycles.allSatisfy { $0.setVoltage == nil && $0.resetVoltage == nil })
  }

  @Test func vacanciesSetTheDeviceWhenTheTopIsNegativeAndResetItWhenPositive() throws {
    let trace = try bench().run(
      [.forming(Fixture.ramp(-5)), .sweep(Fixture.ramp(-3), cycles: 20)], seed: 3)
    let forming = try #require(trace.forming)
    #expect(try #require(forming.voltage) < 0)
    #expect(forming.formedResistance < forming.pristineResistance / 10)
    #expect(forming.kineticTimeAfter < forming.kineticTimeBefore)
    let sets = trace.cycles.compactMap(\.setVoltage)
    #expect(sets.count >= 15 && sets.allSatisfy { $0 < 0 })
    #expect(trace.cycles.compactMap(\.resetVoltage).allSatisfy { $0 > 0 })
    #expect(trace.cycles.filter { $0.highResistance > 2 * $0.lowResistance }.count >= 15)
  }

  @Test func formingTheWrongWayIsSaid() throws {
    let trace = try bench().run([.forming(Fixture.ramp(5))], seed: 3)
    #expect(trace.warnings.contains { $0.code == "notFormed" && $0.message.contains("negative amplitude") })
  }

  @Test func areaFourTimesLargerLeavesTheFilamentAndQuartersTheRest() throws {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    var large = Fixture.stack
    large.area = Area(si: 4 * large.area.si)
    let one = try VacancyDevice(Fixture.stack, of: library, in: fields)
    let four = try VacancyDevice(large, of: library, in: fields)
    let pristine =
      four.current(voltage: 0.1, charge: 0, vacancies: 0) / one.current(voltage: 0.1, charge: 0, vacancies: 0)
    #expect(abs(pristine / 4 - 1) < 1e-3)
    let count = Int(one.discCapacity)
    let formed =
      four.current(voltage: 0.1, charge: 0, vacancies: count) / one.current(voltage: 0.1, charge: 0, vacancies: count)
    #expect(abs(formed - 1) < 0.1)
  }

  @Test func aSeriesResistanceTakesItsShareAndTheComplianceCaps() throws {
    var specification = Fixture.stack
    specification.seriesResistance = Resistance(si: 1e9)
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    var bench = TestBench(try VacancyDevice(specification, of: library, in: fields))
    bench.keptCycles = [0]
    var ramp = Fixture.ramp(-5)
    ramp.compliance = Current(si: 1e-12)
    let trace = try bench.run([.forming(ramp)], seed: 2)
    let points = try #require(trace.curves[0])
    #expect(points.allSatisfy { abs($0.current) <= 1e-12 * (1 + 1e-9) })
    #expect(points.contains { abs($0.current) > 0.999e-12 })
  }

  @Test func aComplianceOfZeroGivesNoCurrentAndNoSwitching() throws {
    var ramp = Fixture.ramp(-5)
    ramp.compliance = Current(si: 0)
    let trace = try bench().run([.forming(ramp)], seed: 2)
    #expect(trace.forming?.voltage == nil)
  }

  @Test func theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws {
    let bench = try bench()
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-5)), .sweep(Fixture.ramp(-3), cycles: 5)]
    let first = try bench.run(protocols, seed: 9, device: 4)
    #expect(first == (try bench.run(protocols, seed: 9, device: 4)))
    #expect(first != (try bench.run(protocols, seed: 9, device: 5)))
    #expect(first != (try bench.run(protocols, seed: 10, device: 4)))
  }

  @Test func aThinnerBarrierLayerNeedsLessVoltage() throws {
    let thin = try bench { $0.contactSwitching!.layerThickness = .nanometers(2) }.device.landscape.pristine
    let thick = try bench { $0.contactSwitching!.layerThickness = .nanometers(4) }.device.landscape.pristine
    #expect(thin.mode(rampRate: 0.5) < thick.mode(rampRate: 0.5))
  }
}
