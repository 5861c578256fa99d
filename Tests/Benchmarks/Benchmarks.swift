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
    let films = try FilmParts()
    let experiment = try Experiment(recipe, source: source)
    let ensemble = { (workers: Int) in
      TimedTask("\(devices) devices on \(workers) \(workers == 1 ? "worker" : "workers")") {
        _ = try await experiment.ensemble(of: devices, options: Experiment.Options(threads: workers, storedFields: []))
      }
    }
    let stopwatch = try await Stopwatch(
      parts.tasks + growth.tasks + phaseField.tasks + elasticity.tasks + films.tasks + [ensemble(1), ensemble(2)],
      rounds: rounds)

    let cores = ProcessInfo.processInfo.activeProcessorCount
    print("Median of \(rounds) rounds on \(cores) cores; one unit is the first line.\n")
    printTable(stopwatch)
    let last = stopwatch.tasks.count - 1
    print(String(format: "\nSpeed-up of 2 workers: %.2f", stopwatch.median(last - 1) / stopwatch.median(last)))
    print("An iteration of the strain solvers over its raw transforms:")
    for n in [64, 128] {
      let kinds = [
        ("3 + 3 Fourier transforms, \(n)^3", "periodic strain, \(n)^3"),
        ("3 + 3 transforms of planes, \(n)^2 x \(FilmParts.planes)", "film strain, \(n)^2"),
      ]
      for (transforms, prefix) in kinds {
        guard let raw = stopwatch.median(of: transforms) else { continue }
        for task in stopwatch.tasks where task.name.hasPrefix(prefix) {
          let ratio = stopwatch.median(of: task.name)! / raw
          print("  \(padded(task.name, 48))\(String(format: "%6.2f", ratio))")
        }
      }
    }
    print("A whole solve of the periodic strain solver beside muGrid, one thread:")
    if let comparison = PeerComparison(package: package) {
      for row in try comparison.rows() {
        let raw = stopwatch.median(of: "3 + 3 Fourier transforms, \(row.points)^3")!
        print(
          String(
            format:
              "  %d^3, contrast %4.0f: %2d iterations, %.3f s; muGrid %2d, %.2f s; ratio %.1f; over raw transforms "
              + "%.2f, muGrid %.1f; mean stress %.12f, muGrid %.12f", row.points, row.contrast, row.iterations.own,
            row.seconds.own, row.iterations.peer, row.seconds.peer, row.seconds.peer / row.seconds.own,
            row.seconds.own / raw / Double(row.iterations.own), row.seconds.peer / raw / Double(row.iterations.peer),
            row.stress.own, row.stress.peer))
      }
    } else {
      print("  muGrid is not set up: `make bench` does")
    }
    print(try await PotentialParts.report(rounds: rounds))
    print(KineticParts.report())
    print("Memory per voxel of the window:")
    for (name, bytes) in parts.memory { print("  \(padded(name, 48))\(String(format: "%6.1f B", bytes))") }
  }

  private static func printTable(_ stopwatch: Stopwatch) {
    let unit = stopwatch.median(0)
    print("\(padded("", 50))    median      fastest      slowest     units")
    for (index, task) in stopwatch.tasks.enumerated() {
      let times = stopwatch.times[index]
      let columns = [stopwatch.median(index), times.first!, times.last!].map {
        String(format: $0 < 1e-4 ? "%10.5f ms" : "%10.2f ms", 1000 * $0)
      }
      print(padded(task.name, 50) + columns.joined() + String(format: "%10.2f", stopwatch.median(index) / unit))
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
