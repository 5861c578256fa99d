import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct ContactEmulatorTests {
  /// A table whose outputs are linear in the state, over a box that holds the fixture's crystal where it has disorder.
  static func table() throws -> EmulatorTable {
    let columns = ContactEmulator.inputs + ContactEmulator.outputs
    var lines = ["# shape,voltageShift,3,3,3,3,1e-6", "# shape,logScaleRatio,3,3,3,3,1e-6"]
    lines.append("role," + columns.joined(separator: ","))
    let sequence = SobolSequence(dimensions: 4)
    for number in 0..<64 {
      let point = sequence.point(number)
      let state = [
        log(1e22) + point[0] * log(100.0), 0.1 + 0.8 * point[1], 0.25 + 0.15 * point[2],
        log(5e-6) + point[3] * log(20.0),
      ]
      let values = state + [shift(state), ratio(state)]
      lines.append("design," + values.map { "\($0)" }.joined(separator: ","))
    }
    lines.append("design,1,2")
    return try #require(EmulatorTable(lines.joined(separator: "\n")))
  }

  static func shift(_ state: [Double]) -> Double { 0.1 + 0.05 * (state[0] - log(1e23)) }
  static func ratio(_ state: [Double]) -> Double { -0.2 + 0.3 * (state[1] - 0.5) }

  @Test func aTableLeavesOutALineThatBreaksOff() throws {
    let table = try Self.table()
    #expect(table.rows.count == 64)
    #expect(table.column("barrier", role: "design").count == 64)
    #expect(table.column("barrier", role: "unseen").isEmpty)
    #expect(table.shapes["voltageShift"] == [3, 3, 3, 3, 1e-6])
  }

  @Test func aCorrectedPassageHasTheShiftedVoltageAndTheOtherScale() throws {
    let emulator = try #require(ContactEmulator(try Self.table()))
    let passage = RampFirstPassage(rate: 1e-8, voltageScale: 0.12)
    let state = [log(6e22), 0.45, 0.32, log(2e-5)]
    let corrected = try #require(emulator.corrected(passage, state: state))
    let rate = ContactEmulator.rampRate
    let moved = corrected.voltageOfHazardOne(rampRate: rate) - passage.voltageOfHazardOne(rampRate: rate)
    #expect(abs(moved - Self.shift(state)) < 5e-3)
    #expect(abs(log(corrected.voltageScale / passage.voltageScale) - Self.ratio(state)) < 5e-3)
    #expect(
      abs(corrected.share(by: corrected.voltageOfHazardOne(rampRate: rate), rampRate: rate) - (1 - exp(-1))) < 1e-9)
  }

  @Test func outsideItsBoxTheDeviceRunsUncorrectedAndSaysSo() throws {
    var library = try Fixture.library()
    library.emulators = [:]
    let compound = try library.material("MAPbBr3")
    let inside = Fixture.fields(of: compound, density: 6e22, logDeviation: 0.45)
    let outside = Fixture.fields(of: compound, density: 6e22, logDeviation: 1.5)
    let bare = try [inside, outside].map { try VacancyDevice(Fixture.stack, of: library, in: $0) }
    library.emulators = ["MAPbBr3": try Self.table()]
    let device = try [inside, outside].map { try VacancyDevice(Fixture.stack, of: library, in: $0) }
    let rate = ContactEmulator.rampRate
    let moved =
      device[0].landscape.pristine.voltageOfHazardOne(rampRate: rate)
      - bare[0].landscape.pristine.voltageOfHazardOne(rampRate: rate)
    #expect(abs(moved - Self.shift([log(6e22)])) < 5e-3)
    #expect(!device[0].warnings.contains { $0.code == "outsideEmulator" })
    #expect(device[1].landscape.pristine == bare[1].landscape.pristine)
    #expect(device[1].warnings.contains { $0.code == "outsideEmulator" })
  }

  @Test func correctedPlacesKeepTheirSharesAndACompleteClusterItsRate() throws {
    var library = try Fixture.library()
    library.emulators = [:]
    let compound = try library.material("MAPbBr3")
    let fields = Fixture.fields(of: compound, density: 6e22, logDeviation: 0.45)
    let bare = try VacancyDevice(Fixture.stack, of: library, in: fields).landscape
    library.emulators = ["MAPbBr3": try Self.table()]
    let corrected = try VacancyDevice(Fixture.stack, of: library, in: fields).landscape
    for number in 0..<50 {
      var (one, other) = (
        RandomSource(seed: 1, device: number, stream: .switching),
        RandomSource(seed: 1, device: number, stream: .switching)
      )
      let (a, b) = (bare.site(random: &one), corrected.site(random: &other))
      #expect(abs(b.rate(remaining: 0) / a.rate(remaining: 0) / (corrected.totalRate / bare.totalRate) - 1) < 1e-9)
      #expect(abs(b.rate(remaining: 1) / a.rate(remaining: 1) - 1) < 1e-12)
    }
  }

  @Test func theResolvedPassageGrowsAndFollowsAnExponential() throws {
    let device = try ResolvedVacancyDeviceTests.device()
    let curve = try device.firstPassage(rampRate: 0.5, upTo: 5, step: 0.025)
    for (a, b) in zip(curve.points, curve.points.dropFirst()) { #expect(b.hazard >= a.hazard) }
    let fit = try #require(curve.exponential(rampRate: 0.5))
    let passage = RampFirstPassage(
      hazardOneAt: fit.voltageOfHazardOne, rampRate: 0.5, voltageScale: fit.voltageScale)
    for hazard in [0.1, 0.7, 2.3] {
      let voltage = try #require(curve.voltage(at: hazard))
      #expect(abs(passage.share(by: voltage, rampRate: 0.5) - (1 - exp(-hazard))) < 0.03)
    }
  }
}
