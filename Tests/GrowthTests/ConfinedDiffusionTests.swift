import Foundation
import Growth
import Testing

@Suite struct ConfinedDiffusionTests {
  static let edge = 1e-2
  static let diffusivity = 7e-10

  private func wave(_ n: Int, _ p: Int, _ q: Int) -> [Double] {
    func cosine(_ order: Int, _ i: Int) -> Double { cos(.pi * Double(order) * (Double(i) + 0.5) / Double(n)) }
    return (0..<n * n).map { 600 + 40 * cosine(p, $0 % n) * cosine(q, $0 / n) }
  }

  private func field(_ n: Int, height: (Double, Double) -> Double = { _, _ in 2e-5 }) throws -> ConfinedDiffusion {
    try ConfinedDiffusion(width: n, edge: Self.edge, concentration: 600, height: height)
  }

  /// Any step, large or small: the modes of the five-point Laplacian decay exactly.
  @Test(arguments: [(1, 0), (3, 2), (20, 17)], [10.0, 4e3])
  func cosinesDecayExactly(mode: (Int, Int), step: Double) throws {
    let n = 48
    var solution = try field(n)
    solution.set(concentrations: wave(n, mode.0, mode.1))
    for _ in 0..<5 { solution.advance(step: step, diffusivity: Self.diffusivity) { _ in } }
    solution.refresh()
    let h = Self.edge / Double(n)
    let rate = [mode.0, mode.1].reduce(0.0) { $0 + pow(2 * sin(.pi * Double($1) / Double(2 * n)) / h, 2) }
    let left = exp(-5 * step * Self.diffusivity * rate)
    let start = wave(n, mode.0, mode.1)
    for (a, b) in zip(solution.concentrations, start) { #expect(abs(a - 600 - left * (b - 600)) < 40e-10) }
  }

  /// The rate of decay tends to D (π p/W)², with the square of the cell.
  @Test func theDecayTendsToThatOfTheContinuumWithTheSquareOfTheCell() throws {
    let step = 2000.0
    let exact = exp(-step * Self.diffusivity * 2 * pow(3 * .pi / Self.edge, 2))
    let errors = try [16, 32, 64].map { n in
      var solution = try field(n)
      solution.set(concentrations: wave(n, 3, 3))
      solution.advance(step: step, diffusivity: Self.diffusivity) { _ in }
      solution.refresh()
      return (solution.concentrations[0] - 600) / (wave(n, 3, 3)[0] - 600) / exact - 1
    }
    for (a, b) in zip(errors, errors.dropFirst()) { #expect(abs(log2(a / b) - 2) < 0.1) }
  }

  /// Equal fluxes through all four edges for one step, short or long: the field rises by the row's response and the
  /// column's.
  @Test(arguments: [0.1, 30, 1e5])
  func equalFluxesThroughTheEdgesAddWhatTheResponseTells(step: Double) throws {
    let (n, flux) = (24, 1e-5)
    let face = Self.edge / Double(n) * 2e-5
    var solution = try field(n)
    solution.advance(step: step, diffusivity: Self.diffusivity) { rates in
      for k in 0..<n { for cell in [k, (n - 1) * n + k, k * n, k * n + n - 1] { rates[cell] += flux * face } }
    }
    solution.refresh()
    let response = solution.edgeResponse(step: step, diffusivity: Self.diffusivity)
    let largest = 2 * flux * response[0]
    for (i, c) in solution.concentrations.enumerated() {
      #expect(abs(c - 600 - flux * (response[i % n] + response[i / n])) < 1e-9 * largest + 1e-10)
    }
    // A half-space answers like 2 √(τ/πD), where the step reaches over some cells and not to the middle.
    if step == 30 {
      let fine = try field(512).edgeResponse(step: 300, diffusivity: Self.diffusivity)[0]
      let cell = Self.edge / 512
      let half = 2 * (300 / (Double.pi * Self.diffusivity)).squareRoot() - 0.5 * cell / Self.diffusivity
      #expect(abs(fine / half - 1) < 0.02, "\(fine) for \(half)")
    }
  }

  @Test func aGapThatVariesKeepsAUniformSolutionAndTheSolute() throws {
    var solution = try field(40) { x, y in 2e-5 + 1e-3 * (x - 5e-3) + 0.4 * (y - 5e-3) * (y - 5e-3) }
    let before = solution.content
    for _ in 0..<20 {
      solution.predict(step: 300, diffusivity: Self.diffusivity)
      solution.advance(step: 300, diffusivity: Self.diffusivity) { _ in }
    }
    solution.refresh()
    for c in solution.concentrations { #expect(abs(c / 600 - 1) < 1e-11) }
    #expect(abs(solution.content / before - 1) < 1e-13)
    // A bump spreads toward a uniform c, not a uniform h c.
    var bump = [Double](repeating: 500, count: 1600)
    for i in 0..<200 { bump[i] = 900 }
    solution.set(concentrations: bump)
    let held = solution.content
    for _ in 0..<800 {
      solution.predict(step: 500, diffusivity: Self.diffusivity)
      solution.advance(step: 500, diffusivity: Self.diffusivity) { _ in }
    }
    solution.refresh()
    let (low, high) = (solution.concentrations.min()!, solution.concentrations.max()!)
    #expect(high / low - 1 < 1e-4)
    #expect(abs(solution.content / held - 1) < 1e-12)
  }

  @Test func sourcesAreCountedToRounding() throws {
    var solution = try field(32)
    let before = solution.content
    for _ in 0..<100 {
      solution.advance(step: 70, diffusivity: Self.diffusivity) { rates in
        rates[5] += 2e-13
        rates[700] -= 1e-13
      }
    }
    #expect(abs((solution.content - before) / (7000 * 1e-13) - 1) < 1e-9)
    solution.refresh()
    let sum = solution.concentrations.reduce(0) { $0 + $1 * 2e-5 * pow(Self.edge / 32, 2) }
    #expect(abs(sum / solution.content - 1) < 1e-12)
  }
}
