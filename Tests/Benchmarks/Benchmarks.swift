import Boule
import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching

/// Prints how long the parts of an evaluation of the shipped recipe, and growth by every route, take, beside one Fourier transform of their size.
@main
struct Benchmarks {
  static let rounds = 7
  static let devices = 16

  static func main() async throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let recipe = try Recipe(contentsOf: package.appending(path: "recipes/mapbbr3-confined-itc.yaml").path)
    let source = try LibrarySource(contentsOf: package.appending(path: "data").path)
    let parts = try EvaluationParts(recipe, library: source.nominal)
    let growth = try GrowthParts(recipes: package.appending(path: "recipes"), library: source.nominal)
    let phaseField = try PhaseFieldParts()
    let elasticity = try ElasticityParts()
    let experiment = try Experiment(recipe, source: source)
    let ensemble = { (workers: Int) in
      TimedTask("\(devices) devices on \(workers) \(workers == 1 ? "worker" : "workers")") {
        _ = try await experiment.ensemble(of: devices, options: Experiment.Options(threads: workers, storedFields: []))
      }
    }
    let stopwatch = try await Stopwatch(
      parts.tasks + growth.tasks + phaseField.tasks + elasticity.tasks + [ensemble(1), ensemble(2)], rounds: rounds)

    let cores = ProcessInfo.processInfo.activeProcessorCount
    print("Median of \(rounds) rounds on \(cores) cores; one unit is the first line.\n")
    printTable(stopwatch)
    let last = stopwatch.tasks.count - 1
    print(String(format: "\nSpeed-up of 2 workers: %.2f", stopwatch.median(last - 1) / stopwatch.median(last)))
    print("An iteration of the periodic strain solver over its raw transforms:")
    for n in [64, 128] {
      guard let raw = stopwatch.median(of: "3 + 3 Fourier transforms, \(n)^3") else { continue }
      for task in stopwatch.tasks where task.name.hasPrefix("periodic strain, \(n)^3") {
        let ratio = stopwatch.median(of: task.name)! / raw
        print("  \(padded(task.name, 48))\(String(format: "%6.2f", ratio))")
      }
    }
    print(try await PotentialParts.report(rounds: rounds))
    print("Memory per voxel of the window:")
    for (name, bytes) in parts.memory { print("  \(padded(name, 48))\(String(format: "%6.1f B", bytes))") }
  }

  private static func printTable(_ stopwatch: Stopwatch) {
    let unit = stopwatch.median(0)
    print("\(padded("", 50))    median      fastest      slowest     units")
    for (index, task) in stopwatch.tasks.enumerated() {
      let times = stopwatch.times[index]
      let columns = [stopwatch.median(index), times.first!, times.last!].map { String(format: $0 < 1e-4 ? "%10.5f ms" : "%10.2f ms", 1000 * $0) }
      print(padded(task.name, 50) + columns.joined() + String(format: "%10.2f", stopwatch.median(index) / unit))
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
