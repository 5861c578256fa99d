import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching
import Testing

/// The compact level against the resolved one, by the results that data/emulators holds: what `make emulator` has run.
@Suite struct EmulatorTableTests {
  /// Every compound that has a table.
  static let compounds = ((try? Fixture.library())?.emulators.keys).map { $0.sorted() } ?? []

  static func table(_ compound: String) throws -> EmulatorTable {
    try #require(try Fixture.library().emulators[compound])
  }

  /// Without tables the others would have nothing to test.
  @Test func thereIsATable() {
    #expect(Self.compounds.contains("MAPbBr3"))
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

  @Test(arguments: compounds) func leftOutStatesArePredicted(_ compound: String) throws {
    let emulator = try #require(ContactEmulator(try Self.table(compound)))
    for process in [emulator.voltageShift, emulator.logScaleRatio] {
      let predictivity = GaussianProcess.predictivity(of: process.leaveOneOut, for: process.outputs)
      #expect(predictivity > 0.9)
    }
  }

  @Test(arguments: compounds) func unseenStatesArePredicted(_ compound: String) throws {
    let table = try Self.table(compound)
    let emulator = try #require(ContactEmulator(table))
    let passages = try Self.passages(table, emulator, role: "unseen")
    #expect(passages.count == 32)
    let voltages = table.column("voltage", role: "unseen")
    let predicted = passages.map { $0.corrected.voltageOfHazardOne(rampRate: ContactEmulator.rampRate) }
    #expect(GaussianProcess.predictivity(of: predicted, for: voltages) > 0.9)
    let scales = table.column("scale", role: "unseen")
    #expect(GaussianProcess.predictivity(of: passages.map(\.corrected.voltageScale), for: scales) > 0.9)
  }

  @Test(arguments: compounds) func setVoltagesOfUnseenStatesFollowTheCompactLaw(_ compound: String) throws {
    let table = try Self.table(compound)
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

  @Test(arguments: compounds) func setVoltagesStayWithinThreePerCentOnOtherGridsAndSteps(_ compound: String) throws {
    let table = try Self.table(compound)
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

  /// Why these have no table: with so few ions in the crystal the contact layer takes a small share of the voltage, which the
  /// compact level, by its own warning, does not see.
  @Test(arguments: ["cs2ageubr6-memory", "pea2pbbr4-memory"])
  func devicesWithTooFewIonsAreNotSwitchedByTheirSweepWhereTheyAreResolved(_ name: String) throws {
    let recipe = try Recipe(
      contentsOf: Fixture.package.appending(path: "recipes/\(name).yaml").path(percentEncoded: false))
    let library = try Fixture.library()
    #expect(library.emulators[recipe.material] == nil)
    let specification = try #require(recipe.device)
    let support = try specification.stack.prefix { $0.layer != StackLayer.crystal }.map { part in
      let layer = try library.layer(part.layer)
      return (layer, part.thickness ?? layer.usualThickness)
    }
    let fields = try recipe.fields.resolve(
      try Fixture.crystals(recipe, runs: 1)[0], of: try library.material(recipe.material), on: support,
      electrode: specification.area, seed: 5)
    let amplitudes = recipe.test.compactMap { if case .sweep(let ramp, _) = $0 { abs(ramp.amplitude.si) } else { nil } }
    let amplitude = try #require(amplitudes.max())
    let compact = try VacancyDevice(specification, of: library, in: fields)
    #expect(compact.warnings(for: recipe.test).contains { $0.code == "tooFewIons" })
    #expect(compact.landscape.pristine.voltageOfHazardOne(rampRate: ContactEmulator.rampRate) < amplitude)
    let resolved = try ResolvedVacancyDevice(specification, of: library, in: fields, resolution: .coarse)
      .prepared(for: recipe.test)
    let curve = try resolved.firstPassage(rampRate: ContactEmulator.rampRate, upTo: amplitude, step: 0.05)
    #expect(curve.voltage(at: 1) == nil)
  }
}
