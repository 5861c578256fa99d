import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct QuantumDotsTests {
  static func dots(_ density: Double = 1e22, binding: Double = 0.3) -> QuantumDots {
    QuantumDots(
      density: NumberDensity(si: density), radius: .nanometers(2), bindingEnergy: .electronvolts(binding))
  }

  static func device(_ dots: QuantumDots?, density: Double = 5e22, logDeviation: Double = 0) throws -> VacancyDevice {
    let library = try Fixture.library()
    let compound = try library.material("MAPbBr3")
    var specification = Fixture.stack
    specification.quantumDots = dots
    return try VacancyDevice(
      specification, of: library, in: Fixture.fields(of: compound, density: density, logDeviation: logDeviation))
  }

  @Test func aCrystalWithoutDotsIsTheCrystal() throws {
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-4)), .sweep(Fixture.ramp(-3), cycles: 3)]
    let none = try TestBench(Self.device(nil)).run(protocols, seed: 5)
    let zero = try TestBench(Self.device(Self.dots(0))).run(protocols, seed: 5)
    #expect(none == zero)
  }

  /// Every vacancy is free or bound: c = c_f + n_s K x/(1 + K x).
  @Test func boundAndFreeVacanciesAddUp() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    for vacancies in [1e18, 5e22, 1e26] {
      for density in [1e18, 1e22, 1e24] {
        let dots = Self.dots(density)
        let share = dots.freeShare(of: vacancies, in: compound, at: 300)
        let free = share * vacancies
        let bound =
          dots.siteDensity(in: compound)
          * dots.occupancy(siteFraction: free / compound.halideSiteDensity, temperature: 300)
        #expect(share > 0 && share <= 1)
        #expect(abs(free + bound - vacancies) < 1e-9 * vacancies)
      }
    }
  }

  @Test func dotsThatBindNothingLeaveIonsFree() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    #expect(Self.dots(1e18, binding: 0).freeShare(of: 5e22, in: compound, at: 300) > 0.999)
    var last = 1.0
    for binding in [0.1, 0.2, 0.3, 0.4] {
      let share = Self.dots(1e22, binding: binding).freeShare(of: 5e22, in: compound, at: 300)
      #expect(share < last)
      last = share
    }
  }

  /// At the pole of a sphere: 3 for a metal, 1 without contrast.
  @Test func theFieldAtADotIsThatOfADielectricSphere() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    var dots = Self.dots()
    dots.permittivity = compound.electronicStructure.staticPermittivity
    #expect(abs(dots.fieldFactor(in: compound) - 1) < 1e-12)
    dots.permittivity = Ratio(si: 1e9)
    #expect(abs(dots.fieldFactor(in: compound) - 3) < 1e-6)
  }

  @Test func boundIonsAreSlowAndScreenLess() throws {
    let plain = try Self.device(nil)
    let dotted = try Self.device(Self.dots())
    let before = try #require(plain.bulk.ions)
    let after = try #require(dotted.bulk.ions)
    #expect(after.mobility < 0.1 * before.mobility)
    #expect(after.peakVoltage(rampRate: 1) > 3 * before.peakVoltage(rampRate: 1))
  }

  /// Clusters at dots see the stronger field, all alike: the forming voltages are lower, and scatter less.
  @Test func dotsSeedFilamentsAtLowerAndNarrowerVoltages() throws {
    func voltages(_ dots: QuantumDots?) throws -> [Double] {
      let device = try Self.device(dots)
      return try (0..<200).compactMap {
        try TestBench(device).run([.forming(Fixture.ramp(-5))], seed: 11, device: $0).forming?.voltage.map(abs)
      }
    }
    let plain = try SampleSummary(try voltages(nil))
    let dotted = try SampleSummary(try voltages(Self.dots()))
    #expect(plain.count == 200 && dotted.count == 200)
    #expect(dotted.median < plain.median)
    #expect(try #require(dotted.sd) < 0.7 * #require(plain.sd))
  }
}
