import Defects
import Foundation
import Materials
import Quantities
import Recipes
import Specimens
import Testing

/// What a space-charge-limited current tells of the traps of a crystal, and what mobile ions make of it.
@Suite struct TrapMeasurementTests {
  /// Vacancies in balance: as many of the cation as of the halide.
  private static func inventory(_ ions: Double) -> DefectInventory {
    DefectInventory(
      halideVacancies: NumberDensity(si: ions), cationVacancies: NumberDensity(si: ions),
      leadVacancies: NumberDensity(si: 0), freezeTemperature: .kelvin(300))
  }

  /// MAPbBr3 with a share of deep traps that gives the wanted density.
  private static func compound(traps: Double, ions: Double) throws -> Compound {
    var compound = try Fixture.library().material("MAPbBr3")
    compound.defects.deepTrapFraction = Ratio(si: traps / (2 * ions))
    compound.defects.surfaceTrapDensity = nil
    return compound
  }

  private static func reading(
    traps: Double, ions: Double, thickness: Double, by scheme: TrapMeasurement.Scheme = .fresh
  ) throws -> TrapReading {
    TrapMeasurement.reading(
      of: inventory(ions), inclusions: Ratio(si: 0), thickness: Length(si: thickness),
      in: try compound(traps: traps, ions: ions), by: scheme)
  }

  /// From films to crystals of a millimeter, wherever the kink stands clear.
  @Test(arguments: [(4e-7, 4e22), (2e-5, 3e19), (1e-4, 1e18), (1e-3, 3e16), (2e-3, 6e15)])
  func aFreshCrystalReadsItsTraps(thickness: Double, traps: Double) throws {
    let reading = try Self.reading(traps: traps, ions: traps, thickness: thickness)
    #expect(reading.isSimulated && reading.isResolved)
    #expect(abs(log(reading.apparentDensity.si / reading.density.si)) < log(1.3))
    let law =
      Constants.elementaryCharge * reading.apparentDensity.si * thickness * thickness
      / (2 * 25.5 * Constants.vacuumPermittivity)
    #expect(abs(reading.trapFilledLimitVoltage.si / law - 1) < 1e-9)
    let mobility = try #require(reading.apparentMobility)
    #expect(mobility.si > 0.5 * 50e-4 && mobility.si < 1.3 * 50e-4)
  }

  /// (6.5): the floor falls with L², so few traps show in thick crystals alone.
  @Test func fewTrapsShowInThickCrystalsAlone() throws {
    let thin = try Self.reading(traps: 3e16, ions: 3e16, thickness: 2e-5)
    let thick = try Self.reading(traps: 3e16, ions: 3e16, thickness: 2e-3)
    #expect(!thin.isResolved && thick.isResolved)
    #expect(thin.apparentDensity == thin.geometricFloor)
    #expect(abs(thin.geometricFloor.si / thick.geometricFloor.si / 1e4 - 1) < 1e-9)
    #expect(thin.apparentDensity.si > 100 * thin.density.si)
  }

  /// L05, [R26]: ions above 1e17 cm⁻³ spoil the reading of a 400 nm film at least threefold; few do not.
  @Test(arguments: [2e23, 4e23, 1e24]) func mobileIonsSpoilTheReadingOfAThinFilm(ions: Double) throws {
    let traps = 4e22
    let length = 4e-7
    let still = try Self.reading(traps: traps, ions: ions, thickness: length)
    let swept = try Self.reading(traps: traps, ions: ions, thickness: length, by: .swept)
    let pulsed = try Self.reading(traps: traps, ions: ions, thickness: length, by: .pulsed)
    func bias(_ reading: TrapReading) -> Double {
      abs(log(reading.apparentDensity.si / still.apparentDensity.si))
    }
    print("L05", ions, still.apparentDensity.si, swept.apparentDensity.si, pulsed.apparentDensity.si,
      swept.isResolved, pulsed.isResolved, still.isValid, swept.isValid, still.apparentMobility?.si ?? 0)
    #expect(bias(swept) > log(3))
    #expect(bias(pulsed) < bias(swept))
    #expect(!swept.isValid)
  }

  @Test(arguments: [1e21, 1e22]) func fewIonsLeaveTheReadingOfAThinFilm(ions: Double) throws {
    let still = try Self.reading(traps: 4e22, ions: ions, thickness: 4e-7)
    for scheme in [TrapMeasurement.Scheme.swept, .pulsed] {
      let reading = try Self.reading(traps: 4e22, ions: ions, thickness: 4e-7, by: scheme)
      print("FEW", ions, scheme, reading.apparentDensity.si / still.apparentDensity.si)
      #expect(abs(log(reading.apparentDensity.si / still.apparentDensity.si)) < log(1.25))
      #expect(reading.isValid)
    }
  }

  /// L06, [R27]: 1e8 cm⁻² at the surface (PMC5919775) beside 3e10 cm⁻³ inside (10.1038/s42005-025-02202-1). Both are inputs; what
  /// the model adds is the length over which a profile by capacitance spreads the sheet.
  @Test func theInterfaceHoldsFarMoreTrapsThanTheBulk() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    for ions in [1e22, 5e22, 1e24] {
      let interface = TrapMeasurement.interfaceDensity(
        of: ArealDensity(si: 1e12), ions: NumberDensity(si: ions), in: compound)
      #expect(interface.si / 3.03e16 > 1e3 * 0.5 && interface.si / 3.03e16 < 1e5)
      print("L06", ions, interface.si / 3.03e16)
    }
  }

  /// Ions of MAPbBr3 screen a crystal of a millimeter within minutes: a sweep of an hour finds them at rest.
  @Test func ionsAnswerWithinASweep() throws {
    let compound = try Fixture.library().material("MAPbBr3")
    let time = TrapMeasurement.ionResponseTime(
      of: Self.inventory(5e22), thickness: .millimeters(1), in: compound)
    print("ION", time.si)
    #expect(time.si > 1e-3 && time.si < 600)
  }

  @Test func aReadingTakesMilliseconds() throws {
    for scheme in TrapMeasurement.Scheme.allCases {
      let start = ContinuousClock.now
      for _ in 0..<10 { _ = try Self.reading(traps: 1e19, ions: 5e22, thickness: 2e-5, by: scheme) }
      let taken = (ContinuousClock.now - start) / 10
      print("TIME", scheme, taken)
    }
  }
}
