import Foundation
import Materials
import Quantities
import Specimens
import Switching
import Testing

/// Switches for what surrounds a device.
@Suite struct ScenarioTests {
  private func device(_ adjust: (inout DeviceSpecification) -> Void = { _ in }) throws -> VacancyDevice {
    let library = try Fixture.library()
    var specification = Fixture.stack
    adjust(&specification)
    return try VacancyDevice(specification, of: library, in: Fixture.fields(of: try library.material("MAPbBr3")))
  }

  @Test func neutralScenariosChangeNothing() throws {
    let neutral = try device {
      $0.moisture = Ratio(si: 1)
      $0.photocarriers = NumberDensity(si: 0)
    }
    let test: [TestProtocol] = [.forming(Fixture.ramp(-4)), .sweep(Fixture.ramp(-2.5), cycles: 5)]
    #expect(try TestBench(neutral).run(test, seed: 3) == TestBench(device()).run(test, seed: 3))
  }

  /// Every ionic rate doubles: the contact answers in half the time, and a sweep at twice the rate gives the same voltages (M01).
  @Test func moistureIsAFasterClockForIons() throws {
    let wet = try device { $0.moisture = Ratio(si: 2) }
    let dry = try device()
    #expect(abs(wet.contact.kineticTime(charge: 0) / dry.contact.kineticTime(charge: 0) - 0.5) < 1e-12)
    let slow = try TestBench(dry).run([.sweep(Fixture.ramp(-2.5, rate: 0.5), cycles: 8)], seed: 3)
    let fast = try TestBench(wet).run([.sweep(Fixture.ramp(-2.5, rate: 1), cycles: 8)], seed: 3)
    for (one, other) in zip(slow.cycles, fast.cycles) {
      #expect((one.setVoltage == nil) == (other.setVoltage == nil))
      if let a = one.setVoltage, let b = other.setVoltage { #expect(abs(a - b) < 1e-9) }
      #expect(one.vacanciesOn == other.vacanciesOn)
    }
  }

  /// I = q n (µ_e + µ_h) (A/L) V beside the dark current.
  @Test func lightAddsAnOhmicCurrent() throws {
    let density = 1e20
    let lit = try device { $0.photocarriers = NumberDensity(si: density) }
    let dark = try device()
    let electronic = try Fixture.library().material("MAPbBr3").electronicStructure
    let mobilities = electronic.electronMobility.si + (electronic.holeMobility ?? electronic.electronMobility).si
    for voltage in [0.1, -1.0, 2.0] {
      let added =
        lit.current(voltage: voltage, charge: 0, vacancies: 0) - dark.current(voltage: voltage, charge: 0, vacancies: 0)
      let expected = Constants.elementaryCharge * density * mobilities * 4e-8 / 20e-6 * voltage
      #expect(abs(added / expected - 1) < 1e-9)
    }
  }
}
