import Fields
import Foundation
import Microstructure
import Testing

/// Heat in time: physics (7.14), and the balance of check V40.
@Suite struct TransientHeatTests {
  /// The fundamental wave of a slab between cold plates fades as exp(−κ π² t/ρc L²), on the grid's own wave exactly.
  @Test func aWaveFadesAtSecondOrder() throws {
    let (n, side, kappa, capacity) = (32, 1e-6, 0.42, 1.05e6)
    let grid = Grid(nx: 2, ny: 2, nz: n, spacing: SIMD3(repeating: side / Double(n)))
    let wave = PotentialFixture.field(grid) { sin(Double.pi * $0.z / side) }
    let h = side / Double(n)
    let s = 2 / h * sin(Double.pi / (2 * Double(n)))
    let (discrete, continuous) = (kappa / capacity * s * s, kappa / capacity * pow(Double.pi / side, 2))
    let duration = 1 / continuous
    var errors: [Double] = []
    for steps in [4, 8, 16, 32] {
      var heat = try TransientHeat(
        grid, conductivity: Conductivity(grid, uniform: kappa), capacity: Field(grid, filledWith: capacity),
        step: duration / Double(steps))
      var temperature = Field(grid, values: wave.values.map { 300 + $0 })
      for _ in 0..<steps { temperature = try heat.advance(temperature, electrodes: [300, 300]).temperature }
      let left = (temperature.values[2 * n] - 300) / wave.values[2 * n]
      errors.append(abs(left / exp(-discrete * duration) - 1))
      #expect(abs(left / exp(-1) - 1) < errors.last! + 2e-3)
    }
    print("a fading wave: errors \(errors) in 4, 8, 16, 32 steps")
    for n in 1..<4 { #expect(abs(log2(errors[n - 1] / errors[n]) - 2) < 0.1) }
    #expect(errors[3] < 1e-4)
  }

  /// A filament heats its surroundings: stored and what leaves are what is supplied, and in the end it is steady.
  @Test func heatIsBalancedUntilItIsSteady() throws {
    let grid = Grid(nx: 24, ny: 20, nz: 28, spacing: SIMD3(1e-9, 1e-9, 2e-9))
    var (sigma, kappa, capacity) = (Field(grid, filledWith: 1), Field(grid, filledWith: 0.42), Field(grid))
    for cell in 0..<grid.count { capacity.values[cell] = 1.05e6 }
    for k in 0..<20 {
      for j in 9..<12 {
        for i in 9..<12 {
          (sigma[i, j, k], kappa[i, j, k], capacity[i, j, k]) = (1e4, 50, 2.5e6)
        }
      }
    }
    let electric = Conductivity(sigma)
    var solver = try PotentialSolver(grid, conductivity: electric)
    let source = solver.jouleHeat(
      of: try solver.solve(potentials: [0, 0.5]), potentials: [0, 0.5], conductivity: electric)
    // The bottom is held, the top cools into air of 290 K.
    let boundary = PotentialBoundary(topTransfer: 2e7)
    var steady = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(kappa))
    let limit = try steady.solve(potentials: [300, 290], source: source).potential
    var temperature = Field(grid, filledWith: 300)
    var worst = 0.0
    var iterations: [Int] = []
    for step in [1e-10, 1e-9, 1e-7, 1e-5, 1e-3] {
      var heat = try TransientHeat(
        grid, boundary: boundary, conductivity: Conductivity(kappa), capacity: capacity, step: step)
      for _ in 0..<4 {
        let next = try heat.advance(temperature, electrodes: [300, 290], source: source)
        worst = max(worst, next.mismatch)
        iterations.append(next.iterations)
        temperature = next.temperature
      }
    }
    print("mismatch \(worst), iterations \(iterations)")
    #expect(worst < 1e-8)
    #expect(zip(temperature.values, limit.values).allSatisfy { abs($0 - $1) < 1e-6 * limit.extremes.high })
  }

  /// A body that is uniform inside cools through its faces: exp(−2 h t/ρc L) where h L is far below κ.
  @Test func aBodyCoolsIntoAir() throws {
    let (n, side, capacity, transfer) = (16, 1e-3, 1.05e6, 10.0)
    let grid = PotentialFixture.cube(n, side: side)
    let time = capacity * side / (2 * transfer)
    var heat = try TransientHeat(
      grid, boundary: PotentialBoundary(lateral: .insulating, bottomTransfer: transfer, topTransfer: transfer),
      conductivity: Conductivity(grid, uniform: 0.42), capacity: Field(grid, filledWith: capacity), step: time / 20)
    var temperature = Field(grid, filledWith: 310)
    for _ in 0..<20 { temperature = try heat.advance(temperature, electrodes: [300, 300]).temperature }
    // Biot's number h L/2κ = 0.012 slows the decay by a third of it.
    let exact = 10 * exp(-1 / (1 + transfer * side / (6 * 0.42)))
    #expect(abs((temperature.mean - 300) / exact - 1) < 1e-3)
  }

  /// Nothing enters an insulated body, and nothing leaves it.
  @Test func anInsulatedBodyKeepsItsHeat() throws {
    let grid = PotentialFixture.cube(12, side: 1e-8)
    var heat = try TransientHeat(
      grid, boundary: PotentialBoundary(bottom: .insulating, top: .insulating),
      conductivity: Conductivity(grid, uniform: 0.42), capacity: Field(grid, filledWith: 1e6), step: 1e-11)
    var temperature = Field(grid, values: PotentialFixture.noise(grid.count).map { 300 + $0 })
    let mean = temperature.mean
    for _ in 0..<30 { temperature = try heat.advance(temperature, electrodes: []).temperature }
    #expect(abs(temperature.mean / mean - 1) < 1e-9)
    #expect(temperature.extremes.high - temperature.extremes.low < 0.1)
  }
}
