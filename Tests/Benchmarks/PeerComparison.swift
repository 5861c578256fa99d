import Fields
import Foundation
import Microstructure
import NumericalMethods
import Programs

/// The periodic strain solver beside muGrid on one problem, both on one thread, in turn.
///
/// A sphere of a quarter of the period's radius, ν 0.3, stretched along x, to a residual of 1e-8: the same elements, the
/// same norm and so the same mean stress.
struct PeerComparison {
  struct Row {
    var points: Int
    var contrast: Double
    var iterations: (own: Int, peer: Int)
    /// Median of a whole solve, s.
    var seconds: (own: Double, peer: Double)
    /// Mean σ_xx.
    var stress: (own: Double, peer: Double)
  }

  private static let cases = [(64, 10.0, 5), (64, 1000, 3), (128, 10, 3), (128, 1000, 1)]
  private let python: URL
  private let script: URL

  /// Nil where `make bench` has not set muGrid up.
  init?(package: URL) {
    python = package.appending(path: ".venv-bench/bin/python")
    script = package.appending(path: "Tests/Benchmarks/mugrid_sphere.py")
    guard FileManager.default.isExecutableFile(atPath: python.path) else { return nil }
  }

  func rows() throws -> [Row] {
    try Self.cases.map { points, contrast, rounds in
      let solver = try ElasticityParts.sphere(points, contrast: contrast)
      let load = MeanLoad.strain(SymmetricTensor(xx: 0.01, yy: 0, zz: 0))
      var row = Row(points: points, contrast: contrast, iterations: (0, 0), seconds: (0, 0), stress: (0, 0))
      var (own, peer): ([Double], [Double]) = ([], [])
      for _ in 0..<rounds {
        let start = ContinuousClock.now
        let solution = try solver.solve(load)
        own.append((ContinuousClock.now - start) / .seconds(1))
        (row.iterations.own, row.stress.own) = (solution.iterations, solution.meanStress.xx)
        let outcome = try Program(
          python, [script.path, String(points), String(contrast)], environment: ["OMP_NUM_THREADS": "1"]
        ).run(within: 600)
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        guard outcome.status == 0, words.count == 3, let iterations = Int(words[0]), let seconds = Double(words[1]),
          let stress = Double(words[2])
        else { throw Failure(log: outcome.log) }
        peer.append(seconds)
        (row.iterations.peer, row.stress.peer) = (iterations, stress)
      }
      row.seconds = (own.sorted()[rounds / 2], peer.sorted()[rounds / 2])
      return row
    }
  }

  struct Failure: Error, CustomStringConvertible {
    var log: String
    var description: String { "muGrid gave no answer: \(log)" }
  }
}
