import Defects
import Fields
import Foundation
import Microstructure
import Quantities

/// An iteration of the potential solver beside the transforms it contains, and whole solutions.
struct PotentialParts {
  /// Per grid: plane-wise transforms forward and back, then iterations with them and with multigrid; then solutions.
  let tasks: [TimedTask]

  init() throws {
    tasks = try [64, 128].flatMap { try Self.iterations($0) } + Self.solutions()
  }

  /// Times, the share of transforms in an iteration, and memory, as lines of text.
  static func report(rounds: Int) async throws -> String {
    let memory = try memory(128)
    let stopwatch = try await Stopwatch(PotentialParts().tasks, rounds: rounds)
    var lines = ["Potentials, median of \(rounds) rounds:"]
    for (index, task) in stopwatch.tasks.enumerated() {
      lines.append(line(task.name, String(format: "%10.2f ms", 1000 * stopwatch.median(index))))
    }
    lines.append("An iteration of the potential solver over the transforms of one:")
    for n in [64, 128] {
      guard let raw = stopwatch.median(of: transformName(n)) else { continue }
      for name in [transformIterations(n), multigridIterations(n)] {
        guard let time = stopwatch.median(of: name) else { continue }
        lines.append(line(name, String(format: "%6.2f", time / Double(PotentialTrial.count) / raw)))
      }
    }
    lines.append("Memory per voxel, of a solver and a solution on 128^3:")
    lines += memory.map { line($0, String(format: "%6.0f B", $1)) }
    return lines.joined(separator: "\n")
  }

  private static func line(_ name: String, _ value: String) -> String {
    "  \(name)\(String(repeating: " ", count: max(0, 56 - name.count)))\(value)"
  }

  private static func transformName(_ n: Int) -> String { "lateral transforms, forward and back, \(n)^3" }
  private static func transformIterations(_ n: Int) -> String { "potential, 20 iterations with transforms, \(n)^3" }
  private static func multigridIterations(_ n: Int) -> String { "potential, 20 iterations with multigrid, \(n)^3" }

  /// What the process holds more after a solution than before, per voxel; nothing where the system does not tell.
  private static func memory(_ n: Int) throws -> [(String, Double)] {
    guard let before = residentBytes() else { return [] }
    let kappa = filament(n, height: n / 2, contrast: 1e4)
    let voxels = Double(n * n * n)
    var results: [(String, Double)] = []
    for method in [PotentialMethod.transform, .multigrid] {
      let start = residentBytes() ?? before
      let trial = PotentialTrial(try PotentialSolver(grid(n), conductivity: kappa, method: method))
      trial.iterate()
      results.append(("\(method)", Double((residentBytes() ?? before) - start) / voxels))
      withExtendedLifetime(trial) {}
    }
    let start = residentBytes() ?? before
    let bands = try bandBending(n)
    try bands.solve(0.1, warm: false)
    results.append(("bands and vacancies", Double((residentBytes() ?? before) - start) / voxels))
    withExtendedLifetime(bands) {}
    return results
  }

  private static func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let words = text.split(separator: " ")
    return words.count > 1 ? Int(words[1]).map { $0 * 4096 } : nil
  }

  private static func grid(_ n: Int) -> Grid { Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1e-9)) }

  /// Numbers from 0 to 1 without much order, of mean ½.
  private static func scatter(_ cell: Int) -> Double { Double(cell * 7919 % 1000) / 999 }

  /// A filament of 4 by 4 cells from the bottom up to a height, its conductivity over that of what surrounds it.
  private static func filament(_ n: Int, height: Int, contrast: Double) -> Conductivity {
    var kappa = Field(grid(n), filledWith: 1)
    for k in 0..<height {
      for j in (n / 2 - 2)..<(n / 2 + 2) { for i in (n / 2 - 2)..<(n / 2 + 2) { kappa[i, j, k] = contrast } }
    }
    return Conductivity(kappa)
  }

  private static func iterations(_ n: Int) throws -> [TimedTask] {
    let transform = try RealTransform.planes(nx: n, ny: n, batch: n)
    // All stay until the process ends.
    let values = UnsafeMutablePointer<Double>.allocate(capacity: transform.valueCount)
    values.initialize(repeating: 1, count: transform.valueCount)
    let spectra = UnsafeMutablePointer<Double>.allocate(capacity: transform.spectrumCount)
    spectra.initialize(repeating: 0, count: transform.spectrumCount)
    let raw = TimedTask(transformName(n), calls: n < 100 ? 8 : 2) {
      transform.forward(values, into: spectra)
      transform.backward(spectra, into: values)
    }
    let iterations = try [(PotentialMethod.transform, transformIterations(n)), (.multigrid, multigridIterations(n))].map
    {
      method, name in
      let trial = try PotentialTrial(
        PotentialSolver(grid(n), conductivity: filament(n, height: 3 * n / 4, contrast: 1e4), method: method))
      return TimedTask(name) { trial.iterate() }
    }
    return [raw] + iterations
  }

  private static func solutions() throws -> [TimedTask] {
    let n = 64
    let grid = grid(n)
    var source = Field(grid)
    for cell in 0..<grid.count { source.values[cell] = scatter(cell) - 0.5 }
    let uniform = PotentialTrial(try PotentialSolver(grid, conductivity: Conductivity(grid, uniform: 1)))
    let lower = filament(n, height: 48, contrast: 1e4)
    let upper = filament(n, height: 49, contrast: 1e4)
    let middle = (n / 2 - 2)..<(n / 2 + 2)
    var tip: [Int] = []
    for j in middle { for i in middle { tip.append(grid.index(i, j, 48)) } }
    let growing = PotentialTrial(try PotentialSolver(grid, conductivity: lower))
    _ = try growing.solve(nil)
    let bands = try bandBending(n)
    return [
      TimedTask("potential, uniform, \(n)^3") { [source] in _ = try uniform.solve(source) },
      TimedTask("potential of a filament, cold with set-up, \(n)^3") {
        var solver = try PotentialSolver(grid, conductivity: upper)
        _ = try solver.solve(potentials: [0, 1])
      },
      // Grows and shrinks by a layer of cells: two updates and two solutions.
      TimedTask("potential of a filament, warm, twice, \(n)^3") { [tip] in
        try growing.update(upper, tip)
        try growing.update(lower, tip)
      },
      TimedTask("bands and vacancies, 0.8 V, cold, \(n)^3") { try bands.solve(0.8, warm: false) },
      TimedTask("bands and vacancies, 50 mV more, warm, \(n)^3") { try bands.solve(0.85, warm: true) },
    ]
  }

  /// Vacancies among scattered acceptors, and few carriers.
  private static func bandBending(_ n: Int) throws -> BandBendingTrial {
    let grid = grid(n)
    let vacancies = MobileIons(charge: 1, siteDensity: 1.46e28, supply: .conserved(mean: 1e24))
    var acceptors = Field(grid)
    for cell in 0..<grid.count { acceptors.values[cell] = -1e24 * (0.5 + scatter(cell)) }
    return BandBendingTrial(
      try BandBendingSolver(
        grid, permittivity: Conductivity(grid, uniform: 25 * Constants.vacuumPermittivity),
        bands: CarrierBands(intrinsicCarriers: 1e15), temperature: 300, ions: [vacancies]), acceptors)
  }
}

/// A solver and the solution that it starts from.
private final class PotentialTrial: @unchecked Sendable {
  /// Iterations of one call.
  static let count = 20

  private var solver: PotentialSolver
  private var last: PotentialSolution?

  init(_ solver: PotentialSolver) { self.solver = solver }

  func solve(_ source: Field?) throws -> PotentialSolution {
    let solution = try solver.solve(potentials: [0, 1], source: source)
    last = solution
    return solution
  }

  func update(_ conductivity: Conductivity, _ cells: [Int]) throws {
    try solver.update(conductivity, cells: cells)
    last = try solver.solve(potentials: [0, 1], from: last?.potential)
  }

  /// Iterates as often as wanted, without reaching the end.
  func iterate() {
    solver.tolerance = PotentialTolerance(currentMismatch: 0, residual: 0, iterationLimit: Self.count)
    _ = try? solver.solve(potentials: [0, 1])
  }
}

private final class BandBendingTrial: @unchecked Sendable {
  private var solver: BandBendingSolver
  private let acceptors: Field
  private var last: BandBending?

  init(_ solver: BandBendingSolver, _ acceptors: Field) {
    self.solver = solver
    self.acceptors = acceptors
  }

  /// Warm from the last cold one.
  func solve(_ voltage: Double, warm: Bool) throws {
    let contacts = [
      BandContact(barrier: -voltage * Constants.elementaryCharge), BandContact(barrier: 0),
    ]
    let solution = try solver.solve(contacts: contacts, fixedCharge: acceptors, from: warm ? last : nil)
    if !warm { last = solution }
  }
}
