import Foundation
import NumericalMethods
import Quantities
import Switching

/// Events per second of the kinetic Monte Carlo of the switching stage, on one core.
enum KineticParts {
  /// Rates as lines of text; `rounds` runs each, of which the median counts.
  static func report(rounds: Int = 3) -> String {
    var lines = ["Kinetic Monte Carlo, median of \(rounds) rounds on one core:"]
    let rows: [(String, () -> Double)] = [
      ("vacancies, 100^3 simple cubic, 1 %, equal rates", { vacancies(level: true) }),
      ("vacancies, 100^3 simple cubic, 1 %, site energies", { vacancies(level: false) }),
      ("halide vacancies, 60^3 cells, 1 %, in a field", halides),
      ("filament, 40 x 40 x 40, atoms come and go", { filament(hops: false) }),
      ("filament, 40 x 40 x 40, with surface hops", { filament(hops: true) }),
      ("ions between 16^3 cells, 50 each, one by one", { cells(50, leaps: false) }),
      ("ions between 16^3 cells, 50 each, by leaps", { cells(50, leaps: true) }),
      ("ions between 16^3 cells, 5000 each, by leaps", { cells(5000, leaps: true) }),
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

  private static func halides() -> Double {
    let lattice = HopLattice.perovskiteHalides(SIMD3(repeating: 60), edge: 5.9e-10, periodic: [.x, .y])
    let hop = IonHop(
      attemptFrequency: 2e12, distance: lattice.hopLength, neighbors: 8, charge: 1, temperature: 300)
    let sites = (0..<lattice.siteCount / 100).map { 100 * $0 + $0 % 89 }
    var random = RandomSource(seed: 2, stream: .switching)
    var diffusion = LatticeDiffusion(
      lattice, hop: hop, barrier: 5e-20, field: SIMD3(0, 0, 1e7), carriers: sites)
    return eventsPerSecond { diffusion.advance(eventLimit: 2_000_000, random: &random) }
  }

  private static func filament(hops: Bool) -> Double {
    let thermal = Constants.boltzmann * 300
    let metal = FilamentMetal(
      atomEdge: 5e-10, bondEnergy: 2 * thermal,
      reaction: ButlerVolmer(exchangeDensity: 1, transferCoefficient: 0.5, charge: 1, temperature: 300),
      surfaceBarrier: hops ? 28 * thermal : nil)
    var filament = FilamentLattice(
      sites: SIMD3(repeating: 40), metal: metal, startsOnElectrode: false, overpotential: -0.05,
      atoms: (0..<16).map { 40 * (18 + $0 / 4) + 18 + $0 % 4 })
    var random = RandomSource(seed: 3, stream: .switching)
    return eventsPerSecond { filament.advance(eventLimit: 500_000, random: &random) }
  }

  /// Hops of ions per second; those of leaps are the expected ones.
  private static func cells(_ count: Int, leaps: Bool) -> Double {
    let lattice = HopLattice.simpleCubic(SIMD3(repeating: 16), edge: 1e-9)
    var cells = CellDiffusion(lattice, diffusivity: 1e-18, counts: [Int](repeating: count, count: lattice.siteCount))
    var random = RandomSource(seed: 4, stream: .switching)
    return eventsPerSecond {
      if !leaps { return cells.advanceExactly(for: 1, random: &random) }
      cells.leap(for: 1, random: &random)
      return 6 * count * lattice.siteCount
    }
  }

  /// Per second of the processor, not of the clock; `body` returns the events it made.
  private static func eventsPerSecond(_ body: () -> Int) -> Double {
    let start = processorTime()
    let events = body()
    return Double(events) / (processorTime() - start)
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
