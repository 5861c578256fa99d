import Defects
import Foundation
import Materials
import Quantities
import Recipes
import Specimens
import Testing

/// What a space-charge-limited current tells of the traps of a crystal, and what mobile ions make of it.
@Suite struct TrapMeasurementTests {
  private static let bromide = try! Fixture.library().material("MAPbBr3")

  /// Vacancies in balance: as many of the cation as of the halide.
  private static func inventory(_ ions: Double) -> DefectInventory {
    DefectInventory(
      halideVacancies: NumberDensity(si: ions), cationVacancies: NumberDensity(si: ions),
      leadVacancies: NumberDensity(si: 0), freezeTemperature: .kelvin(300))
  }

  /// MAPbBr3 with a share of deep traps that gives the wanted density.
  private static func compound(traps: Double, ions: Double) throws -> Compound {
    var compound = Self.bromide
    compound.defects.deepTrapFraction = Ratio(si: traps / (2 * ions))
    compound.defects.surfaceTrapDensity = nil
    return compound
  }

  private static func reading(
    traps: Double, ions: Double, thickness: Double, by scheme: TrapMeasurement.Scheme = .fresh
  ) throws -> TrapReading {
    try TrapMeasurement.reading(
      of: inventory(ions), inclusions: Ratio(si: 0), thickness: Length(si: thickness),
      in: try compound(traps: traps, ions: ions), by: scheme)
  }

  /// From films to crystals of a millimeter, wherever the kink stands clear.
  @Test(arguments: [(4e-7, 4e22), (2e-5, 3e19), (1e-4, 1e18), (1e-3, 3e16), (2e-3, 6e15)])
  func aFreshCrystalReadsItsTraps(thickness: Double, traps: Double) throws {
    let reading = try Self.reading(traps: traps, ions: traps, thickness: thickness)
    #expect(reading.isSimulated && reading.isResolved)
    let apparent = try #require(reading.apparentDensity)
    #expect(abs(log(apparent.si / reading.density.si)) < log(1.3))
    let law =
      Constants.elementaryCharge * apparent.si * thickness * thickness
      / (2 * 25.5 * Constants.vacuumPermittivity)
    let voltage = try #require(reading.trapFilledLimitVoltage)
    #expect(abs(voltage.si / law - 1) < 1e-9)
    let mobility = try #require(reading.apparentMobility)
    #expect(mobility.si > 0.5 * 50e-4 && mobility.si < 1.3 * 50e-4)
  }

  /// (6.5): the floor falls with L², so few traps show in thick crystals alone.
  @Test func fewTrapsShowInThickCrystalsAlone() throws {
    let thin = try Self.reading(traps: 3e16, ions: 3e16, thickness: 2e-5)
    let thick = try Self.reading(traps: 3e16, ions: 3e16, thickness: 2e-3)
    #expect(!thin.isResolved && thick.isResolved)
    #expect(thin.apparentDensity == nil && thin.trapFilledLimitVoltage == nil)
    #expect(abs(thin.geometricFloor.si / thick.geometricFloor.si / 1e4 - 1) < 1e-9)
    #expect(thin.geometricFloor.si > 100 * thin.density.si)
  }

  /// Traps that no voltage of a laboratory's source fills, from just beyond it to far: nothing is read.
  @Test(arguments: [(1.5e-3, 3e17), (5e-3, 6e16), (5e-3, 1e18)])
  func trapsThatDoNotFillGiveNoVoltage(thickness: Double, traps: Double) throws {
    let reading = try Self.reading(traps: traps, ions: traps, thickness: thickness)
    #expect(reading.isSimulated && !reading.isResolved && !reading.isValid)
    #expect(reading.trapFilledLimitVoltage == nil && reading.apparentMobility == nil)
    #expect(reading.apparentDensity == nil && reading.geometricFloor < reading.density)
  }

  /// How far a reading is from that of ions at their places, as a logarithm.
  private static func bias(ions: Double, by scheme: TrapMeasurement.Scheme) throws -> (Double, TrapReading) {
    let still = try reading(traps: 4e22, ions: ions, thickness: 4e-7)
    let reading = try reading(traps: 4e22, ions: ions, thickness: 4e-7, by: scheme)
    // No reading at all is as far off as can be.
    guard let shifted = reading.apparentDensity else { return (.infinity, reading) }
    return (abs(log(shifted.si / (try #require(still.apparentDensity)).si)), reading)
  }

  /// L05: ions above 1e17 cm⁻³ shift the reading of a 400 nm film at least threefold; pulses shift it less.
  @Test(arguments: [1.05e23, 1.2e23]) func mobileIonsShiftTheReadingOfAThinFilmAndPulsesHelp(ions: Double) throws {
    let (swept, sweptReading) = try Self.bias(ions: ions, by: .swept)
    let (pulsed, pulsedReading) = try Self.bias(ions: ions, by: .pulsed)
    #expect(sweptReading.isResolved && swept > log(3))
    #expect(pulsedReading.isResolved && pulsed < 0.6 * swept)
    #expect(!sweptReading.isValid && !pulsedReading.isValid)
  }

  /// More ions than that, and the kink goes or is another's; either way the reading says that it is not valid.
  @Test(arguments: [2e23, 4e23, 1e24]) func manyIonsLeaveNoReading(ions: Double) throws {
    let (swept, reading) = try Self.bias(ions: ions, by: .swept)
    #expect(!reading.isResolved || swept > log(3))
    #expect(!reading.isValid)
  }

  @Test(arguments: [1e21, 1e22]) func fewIonsLeaveTheReadingOfAThinFilm(ions: Double) throws {
    let still = try Self.reading(traps: 4e22, ions: ions, thickness: 4e-7)
    for scheme in [TrapMeasurement.Scheme.swept, .pulsed] {
      let reading = try Self.reading(traps: 4e22, ions: ions, thickness: 4e-7, by: scheme)
      let (a, b) = (try #require(reading.apparentDensity), try #require(still.apparentDensity))
      #expect(abs(log(a.si / b.si)) < log(1.25))
      #expect(reading.isValid)
    }
  }

  /// L06 (Ni 2020, Science 367, 1352): 1e8 cm⁻² at the surface (PMC5919775) beside 3e10 cm⁻³ inside (10.1038/s42005-025-02202-1). Both are
  /// inputs; what the model adds is the length over which a profile by capacitance spreads the sheet.
  @Test func theInterfaceHoldsFarMoreTrapsThanTheBulk() throws {
    let compound = Self.bromide
    for ions in [5e22, 1e24] {
      let interface = TrapMeasurement.interfaceDensity(
        of: ArealDensity(si: 1e12), ions: NumberDensity(si: ions), in: compound)
      #expect(interface.si / 3.03e16 > 1e3 && interface.si / 3.03e16 < 1e5)
    }
  }

  /// Ions of MAPbBr3 screen a crystal of a millimeter within minutes: a sweep of an hour finds them at rest.
  @Test func ionsAnswerWithinASweep() throws {
    let compound = Self.bromide
    let time = TrapMeasurement.ionResponseTime(
      of: Self.inventory(5e22), thickness: .millimeters(1), in: compound)
    #expect(time.si > 1e-3 && time.si < 600)
  }

  /// Thin to thick, pure to full of traps and ions, cold to hot: the simulation converges, or the reading would say so.
  @Test func everyReadingIsSimulated() throws {
    let all = Fixture.effort > 1
    for temperature in all ? [200.0, 250, 300, 400] : [200, 400] {
      for thickness in all ? [1e-7, 4e-7, 2e-5, 1e-3, 5e-3] : [1e-7, 2e-5, 5e-3] {
        for traps in all ? [0, 1e15, 1e18, 1e20, 1e22, 1e24] : [0, 1e18, 1e22] {
          for ions in all ? [1e18, 1e21, 1e23, 1e25, 1e26] : [1e18, 1e22, 1e26] {
            var compound = try Self.compound(traps: traps, ions: ions)
            compound.defects.surfaceTrapDensity = ArealDensity(si: 1e14)
            for scheme in TrapMeasurement.Scheme.allCases {
              let reading = try TrapMeasurement.reading(
                of: Self.inventory(ions), inclusions: Ratio(si: 0), thickness: Length(si: thickness), in: compound,
                by: scheme, at: .kelvin(temperature))
              #expect(reading.isSimulated, "\(temperature) K, \(thickness) m, \(traps), \(ions), \(scheme)")
              if let apparent = reading.apparentDensity {
                #expect(apparent.si.isFinite && apparent >= reading.geometricFloor)
              }
            }
          }
        }
      }
    }
  }
}
