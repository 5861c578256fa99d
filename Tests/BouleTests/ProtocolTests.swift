import Archive
import Boule
import Foundation
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching
import Testing

/// A recipe with every protocol, from the file to the results.
@Suite struct ProtocolTests {
  static let protocols = """
    test:
      - {model: forming, amplitude: -2.5 V, rate: 0.5 V/s, compliance: 1 mA}
      - {model: sweep, amplitude: -2.5 V, rate: 0.5 V/s, compliance: 1 mA, cycles: 3}
      - {model: pulses, amplitude: -1.5 V, width: 0.1 s, interval: 0.1 s, count: 20}
      - {model: endurance, amplitude: -2.5 V, width: 10 s, cycles: 6}
      - {model: multilevel, amplitude: -2.5 V, stopVoltages: [0.5 V, 1.5 V, 2.5 V], repeats: 3}
      - {model: multilevel, amplitude: -2.5 V, compliances: [1 nA, 1 µA]}
      - {model: pairedPulse, amplitude: -1 V, width: 0.5 s, intervals: [10 ms, 1 s, 100 s]}
      - {model: potentiation, amplitude: -1.8 V, width: 0.1 s, interval: 0.1 s, count: 10}
      - {model: spikeTiming, amplitude: -1 V, tailAmplitude: 0.5 V, delays: [-2 ms, 2 ms, 5 ms]}
      - {model: impedance, bias: -0.5 V, lowest: 1 mHz, highest: 1 kHz}
      - {model: retention, amplitude: -3 V, duration: 1e12 s, temperatures: [300 K, 330 K, 360 K]}

    """

  static func recipe() throws -> (recipe: Recipe, text: String) {
    let whole = try String(contentsOfFile: EnsembleTests.recipePath, encoding: .utf8)
    let place = try #require(whole.range(of: "test:"))
    let text = whole[..<place.lowerBound] + protocols
    return (
      try Recipe(yaml: String(text), overrides: [try Override("fields.spacing=16 nm")]), String(text)
    )
  }

  @Test func everyProtocolComesToFiguresTablesChartsAndTheSummary() async throws {
    let (recipe, text) = try Self.recipe()
    let experiment = try Experiment(recipe, data: EnsembleTests.data)
    let forecast = try await experiment.forecast(devices: 6, draws: 0)
    #expect(forecast.failures.isEmpty, "\(forecast.failures)")
    let found = Set(try forecast.rows().map(\.figure.key))
    for key in [
      "pulseEnergy", "pulseGain", "complianceLevelRange", "stopLevelRange", "pairedPulseFacilitation",
      "smallSignalTime", "spikeTimingGain",
      "potentiationNonlinearity", "retentionTime",
    ] { #expect(found.contains(key), "\(key)") }

    let traces = forecast.ensemble.traces
    let tables = Table.protocols(of: traces)
    let counts = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.rowCount) })
    #expect(counts["pulses"] == 6 * 20 && counts["levels"] == 6 * (3 * 3 + 2) && counts["pairedPulses"] == 6 * 3)
    #expect(counts["potentiations"] == 6 * 21 && counts["spikeTimings"] == 6 * 3 && counts["impedances"] == 6 * 31)
    let windows = traces.flatMap { $0.trace.endurances.flatMap(\.windows) }
    #expect(counts["endurances"] == windows.count)

    let folder = FileManager.default.temporaryDirectory.appending(
      path: "boule protocols \(ProcessInfo.processInfo.processIdentifier)")
    let results = try ResultFolder(folder.path(percentEncoded: false))
    try results.write(
      forecast, recipeText: text, overrides: [], chartLibrary: "/* none */", date: Boule.releaseDate)
    let page = try String(contentsOfFile: results.report, encoding: .utf8)
    for title in [
      "Conductance under pulses", "Endurance", "Levels by stop voltage", "Levels by compliance",
      "Paired-pulse facilitation", "Potentiation and depression", "Spike timing", "Impedance of the first device",
      "Retention against temperature",
    ] { #expect(page.contains(title), "\(title)") }
    let summary = try String(contentsOfFile: results.summary, encoding: .utf8)
    #expect(summary.contains("\"retentionActivation\""))
    try FileManager.default.removeItem(at: folder)
  }

  /// The energy that is put in comes out, also where half of the stays are cut short.
  @Test func staysAtThreeTemperaturesGiveTheBarrierOfDetachment() throws {
    var random = RandomSource(seed: 3, stream: .parameters)
    let energy = 0.95 * Constants.elementaryCharge
    for duration in [1e12, 1e5] {
      let stays = (0..<300).map { index -> SwitchingTrace.Retention in
        let temperature = [300.0, 320, 340][index % 3]
        let time = exp(energy / (Constants.boltzmann * temperature) - 26 + 0.3 * random.normal())
        return SwitchingTrace.Retention(
          time: time < duration ? time : nil, isWritten: true, duration: duration, temperature: temperature,
          startResistance: 1, endResistance: 1)
      }
      let activation = try #require(RetentionActivation(stays))
      #expect(activation.events + activation.censored == 300 && (duration > 1e6) == (activation.censored == 0))
      let half = 0.5 * (activation.interval[1].si - activation.interval[0].si)
      #expect(abs(activation.energy.si - energy) < 2 * half && half < 0.03 * energy)
    }
    #expect(RetentionActivation([]) == nil)
  }
}
