import Boule
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching
import Testing

/// How much of the spread comes from the fields, with tolerances off and one crystal under all devices.
@Suite struct FieldShareTests {
  static let devices = 320 * Fixture.effort

  /// One crystal whose rings all hold the same vacancies, so that only fields differ.
  static func crystal(_ recipe: Recipe) throws -> GrownCrystal {
    var crystal = try Fixture.crystals(recipe, runs: 1)[0]
    for i in crystal.zoning.indices {
      crystal.zoning[i].halideVacancies = crystal.defects.halideVacancies
      crystal.zoning[i].cationVacancies = crystal.defects.cationVacancies
    }
    let thickness = crystal.thickness.si
    crystal.thicknessMap.values = crystal.thicknessMap.values.map { $0 > 0 ? thickness : 0 }
    return crystal
  }

  /// Devices that differ in their fields, and in the counts of their switching.
  static func traces(
    short: Double, steps: Double, extra: [String] = [], cycles: Int = 12
  ) throws -> (traces: [SwitchingTrace], devices: [VacancyDevice]) {
    let overrides = [
      "fields.spacing=16 nm", "fields.logDeviation=\(short)", "fields.stepLogDeviation=\(steps)",
      "test[1].cycles=\(cycles)",
    ]
    let path = Fixture.package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path(percentEncoded: false)
    let recipe = try Recipe(contentsOf: path, overrides: try (overrides + extra).map { try Override($0) })
    // The compact level by itself: the widths compared lie in and out of the states at which its contact was resolved.
    var library = try Fixture.library()
    library.emulators = [:]
    let material = try library.material(recipe.material)
    let specification = try #require(recipe.device)
    let crystal = try crystal(try Fixture.recipe())
    let support = try ["glass", "ITO", "PTAA"].map { name in
      let layer = try library.layer(name)
      return (layer, layer.usualThickness)
    }
    let model = try FieldModel(recipe.fields, of: material, on: support, electrode: specification.area)
    var traces: [SwitchingTrace] = []
    var all: [VacancyDevice] = []
    for number in 0..<devices {
      var random = RandomSource(seed: 5, device: number, stream: .fields)
      let fields = try model.resolve(crystal, random: &random)
      let device = try VacancyDevice(specification, of: library, in: fields)
      all.append(device)
      traces.append(try TestBench(device).run(recipe.test, seed: 5, device: number))
    }
    return (traces, all)
  }

  static func variance(_ values: [Double]) throws -> Double { pow(try #require(try SampleSummary(values).sd), 2) }

  @Test func aFieldFlattenedToItsMeanLeavesOnlyTheCountsShare() throws {
    let (traces, devices) = try Self.traces(short: 0, steps: 0)
    let rates = Set(devices.map { $0.landscape.totalRate })
    #expect(rates.count == 1, "flat fields make equal devices")
    // Forming: the closed form of first passage is all of the spread.
    let forming = traces.compactMap { $0.forming?.voltage }
    let expected = pow(devices[0].landscape.pristine.standardDeviation, 2)
    let relativeError = (2.4 / Double(forming.count)).squareRoot()
    #expect(abs(try Self.variance(forming) / expected - 1) < 4 * relativeError)
    // Cycling: no part of the variance lies between devices.
    let parts = try VarianceComponents(cycles: traces.map { $0.cycles.compactMap(\.setVoltage) })
    #expect(abs(parts.deviceToDeviceUnclipped) < 4 * parts.deviceToDeviceError)
    #expect(parts.deviceToDevice < 0.05 * parts.cycleToCycle)
  }

  @Test func aWiderFieldWidensTheSpreadBetweenDevices() throws {
    var forming: [Double] = []
    var cycling: [VarianceComponents] = []
    for width in [0.0, 0.5, 1.0] {
      let (traces, _) = try Self.traces(short: width, steps: width)
      forming.append(try Self.variance(traces.compactMap { $0.forming?.voltage }))
      cycling.append(try VarianceComponents(cycles: traces.map { $0.cycles.compactMap(\.setVoltage) }))
    }
    // Forming: the relative error of a variance of Gumbel's law, kurtosis 5.4, is √(4.4/n).
    let relativeError = (4.4 / Double(Self.devices)).squareRoot()
    #expect(forming[1] > forming[0])
    #expect(forming[2] > forming[0] * (1 + 3 * relativeError))
    #expect(forming[2] > forming[1])
    // Cycling: wider still, V_SET comes near zero, where its spread has no room.
    let error = hypot(cycling[0].deviceToDeviceError, cycling[1].deviceToDeviceError)
    #expect(cycling[1].deviceToDeviceUnclipped > cycling[0].deviceToDeviceUnclipped + 3 * error)
  }

  /// The window is a numerical choice: its size leaves rates and their spread alone.
  @Test func theForecastDoesNotDependOnTheWindow() throws {
    var logarithms: [[Double]] = []
    for edge in [128, 256, 512] {
      let (_, devices) = try Self.traces(
        short: 0.4, steps: 0.2, extra: ["fields.size=[\(edge) nm, \(edge) nm, 128 nm]"], cycles: 1)
      logarithms.append(devices.map { log($0.landscape.totalRate) })
    }
    for other in [0, 2] {
      let a = try SampleSummary(logarithms[1])
      let b = try SampleSummary(logarithms[other])
      let error = ((pow(a.sd!, 2) + pow(b.sd!, 2)) / Double(Self.devices)).squareRoot()
      #expect(abs(a.mean - b.mean) < 4 * error + 0.01)
      #expect(try KolmogorovSmirnovTest(logarithms[1], logarithms[other]).pValue > 0.01)
    }
  }
}
