import Foundation
import Materials
import NumericalMethods
import Recipes
import Switching
import Testing

/// The compact level against the resolved one, by the results that data/emulators holds: what `make emulator` has run.
@Suite struct EmulatorTableTests {
  static func table() throws -> EmulatorTable {
    try #require(try Fixture.library().emulators["MAPbBr3"])
  }

  static func passages(
    _ table: EmulatorTable, _ emulator: ContactEmulator, role: String
  ) throws -> [(corrected: RampFirstPassage, row: Int)] {
    let inputs = ContactEmulator.inputs.map { table.column($0, role: role) }
    let voltages = table.column("compactVoltage", role: role)
    let scales = table.column("compactScale", role: role)
    return try voltages.indices.map { row in
      let passage = RampFirstPassage(
        hazardOneAt: voltages[row], rampRate: ContactEmulator.rampRate, voltageScale: scales[row])
      return (try #require(emulator.corrected(passage, state: inputs.map { $0[row] })), row)
    }
  }

  @Test func leftOutStatesArePredicted() throws {
    let emulator = try #require(ContactEmulator(try Self.table()))
    for process in [emulator.voltageShift, emulator.logScaleRatio] {
      let predictivity = GaussianProcess.predictivity(of: process.leaveOneOut, for: process.outputs)
      #expect(predictivity > 0.9)
    }
  }

  @Test func unseenStatesArePredicted() throws {
    let table = try Self.table()
    let emulator = try #require(ContactEmulator(table))
    let passages = try Self.passages(table, emulator, role: "unseen")
    #expect(passages.count == 32)
    let voltages = table.column("voltage", role: "unseen")
    let predicted = passages.map { $0.corrected.voltageOfHazardOne(rampRate: ContactEmulator.rampRate) }
    #expect(GaussianProcess.predictivity(of: predicted, for: voltages) > 0.9)
    let scales = table.column("scale", role: "unseen")
    #expect(GaussianProcess.predictivity(of: passages.map(\.corrected.voltageScale), for: scales) > 0.9)
  }

  @Test func setVoltagesOfUnseenStatesFollowTheCompactLaw() throws {
    let table = try Self.table()
    let emulator = try #require(ContactEmulator(table))
    var shares: [Double] = []
    for sweep in 1...8 {
      let voltages = table.column("sweep\(sweep)", role: "unseen")
      for (passage, row) in try Self.passages(table, emulator, role: "unseen") {
        shares.append(passage.share(by: voltages[row], rampRate: ContactEmulator.rampRate))
      }
    }
    #expect(shares.count == 256)
    let distance = try KolmogorovSmirnovTest(shares) { min(1, max(0, $0)) }.statistic
    #expect(distance < 0.15)
    // Without the emulator they do not.
    var raw: [Double] = []
    let compact = table.column("compactVoltage", role: "unseen")
    let scales = table.column("compactScale", role: "unseen")
    for sweep in 1...8 {
      for (row, voltage) in table.column("sweep\(sweep)", role: "unseen").enumerated() {
        let passage = RampFirstPassage(
          hazardOneAt: compact[row], rampRate: ContactEmulator.rampRate, voltageScale: scales[row])
        raw.append(passage.share(by: voltage, rampRate: ContactEmulator.rampRate))
      }
    }
    #expect(try KolmogorovSmirnovTest(raw) { min(1, max(0, $0)) }.statistic > distance)
  }

  @Test func setVoltagesStayWithinThreePerCentOnOtherGridsAndSteps() throws {
    let table = try Self.table()
    // Common random numbers: the same fields, and the hazard itself instead of draws from it.
    for (coarse, fine) in [("grid24", "grid48"), ("unseen", "halfStep"), ("unseen", "grid48")] {
      let points = table.column("point", role: fine)
      let others = table.column("point", role: coarse)
      #expect(points.count == 4)
      for (row, point) in points.enumerated() {
        let other = try #require(others.firstIndex(of: point))
        for (name, limit) in [("voltage", 0.03), ("scale", 0.03)] {
          let ratio = table.column(name, role: coarse)[other] / table.column(name, role: fine)[row]
          #expect(abs(ratio - 1) < limit, "\(name) of state \(point), \(coarse) against \(fine)")
        }
      }
    }
  }
}
