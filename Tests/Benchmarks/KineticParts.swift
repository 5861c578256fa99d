import Foundation
import NumericalMethods
import Switching

/// Events per second of the kinetic Monte Carlo of the switching stage, on one core.
enum KineticParts {
  /// Rates as lines of text; `rounds` runs each, of which the median counts.
  static func report(rounds: Int = 3) -> String {
    var lines = ["Kinetic Monte Carlo, median of \(rounds) rounds on one core:"]
    let rows: [(String, () -> Double)] = [
      ("vacancies, 100^3 simple cubic, 1 %, equal rates", { vacancies(level: true) }),
      ("vacancies, 100^3 simple cubic, 1 %, site energies", { vacancies(level: false) }),
    ]
    for (name, run) in rows {
      let rates = (0..<rounds).map { _ in run() }.sorted()
      let value = String(format: "%8.2f million events/s", 1e-6 * rates[rounds / 2])
      lines.append("  \(name)\(String(repeating: " ", count: max(1, 56 - name.count)))\(value)")
    }
    return lines.joined(separator: "\n")
  }

  /// SPPARKS does the same with 0.08 million events per second (diffusion app, tree solver).
  private static func vacancies(level: Bool) -> Double {
    let lattice = HopLattice.simpleCubic(SIMD3(repeating: 100), edge: 1e-9)
    var random = RandomSource(seed: 1, stream: .switching)
    var taken = Set<Int>()
    while taken.count < 10_000 { taken.insert(Int(random.next() % UInt64(lattice.siteCount))) }
    let hop = IonHop(attemptFrequency: 1, distance: 1e-9, neighbors: 6, charge: 1, temperature: 300)
    let landscape =
      level ? .level : HopLandscape(energies: (0..<lattice.siteCount).map { _ in 4e-21 * random.uniform() })
    var diffusion = LatticeDiffusion(lattice, hop: hop, barrier: 0, landscape: landscape, carriers: taken.sorted())
    return eventsPerSecond { diffusion.advance(eventLimit: 2_000_000, random: &random) }
  }

  /// `body` returns the events it made.
  private static func eventsPerSecond(_ body: () -> Int) -> Double {
    let start = ContinuousClock.now
    let events = body()
    return Double(events) / ((ContinuousClock.now - start) / .seconds(1))
  }
}
