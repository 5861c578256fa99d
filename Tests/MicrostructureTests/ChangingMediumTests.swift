import Fields
import Foundation
import Microstructure
import Testing

/// Media that change from solution to solution, and the heat that they hold.
@Suite struct ChangingMediumTests {
  /// A filament of an even number of cells across, from the bottom up to a height.
  private func filament(_ grid: Grid, height: Int, contrast: Double) -> (Conductivity, tip: [Int]) {
    var kappa = Field(grid, filledWith: 1)
    let (low, high) = (grid.nx / 2 - 2, grid.nx / 2 + 2)
    for k in 0..<height { for j in low..<high { for i in low..<high { kappa[i, j, k] = contrast } } }
    let tip = (low..<high).flatMap { j in (low..<high).map { grid.index($0, j, height - 1) } }
    return (Conductivity(kappa), tip)
  }

  @Test(arguments: [PotentialMethod.transform, .multigrid])
  func aMediumThatChangesConductsAsANewOne(_ method: PotentialMethod) throws {
    let grid = PotentialFixture.cube(32)
    let tight = PotentialTolerance(currentMismatch: 3e-13, residual: 1e-13)
    let contrast = method == .transform ? 30.0 : 1e4
    var solver = try PotentialSolver(
      grid, conductivity: filament(grid, height: 20, contrast: contrast).0, method: method, tolerance: tight)
    let first = try solver.solve(potentials: [0, 1])
    var last = first
    for height in 21...24 {
      let (medium, tip) = filament(grid, height: height, contrast: contrast)
      try solver.update(medium, cells: tip)
      let cold = try solver.solve(potentials: [0, 1])
      last = try solver.solve(potentials: [0, 1], from: last.potential)
      var new = try PotentialSolver(grid, conductivity: medium, method: method, tolerance: tight)
      let fresh = try new.solve(potentials: [0, 1])
      #expect(abs(last.currents[1] / fresh.currents[1] - 1) < 1e-12)
      #expect(PotentialFixture.difference(last.potential, fresh.potential) < 1e-11)
      print("\(method), height \(height): \(fresh.iterations) new, \(cold.iterations) cold, \(last.iterations) warm")
      #expect(last.iterations <= cold.iterations)
    }
    // Back to the start, all at once: not a bit differs where the preconditioner does not.
    try solver.update(filament(grid, height: 20, contrast: contrast).0)
    let back = try solver.solve(potentials: [0, 1])
    if method == .transform { #expect(back == first) }
    #expect(abs(back.currents[1] / first.currents[1] - 1) < 1e-12)
    #expect(back.iterations <= first.iterations + 1)
  }

  /// With the tolerance of a sweep a filament that grows by a layer takes fewer iterations than one from nothing.
  @Test(arguments: [PotentialMethod.transform, .multigrid])
  func aWarmStartSavesIterations(_ method: PotentialMethod) throws {
    let grid = PotentialFixture.cube(48)
    let sweep = PotentialTolerance(currentMismatch: 1e-6, residual: 1e-6)
    var solver = try PotentialSolver(
      grid, conductivity: filament(grid, height: 30, contrast: 1e4).0, method: method, tolerance: sweep)
    var last = try solver.solve(potentials: [0, 1])
    for height in 31...33 {
      let (medium, tip) = filament(grid, height: height, contrast: 1e4)
      try solver.update(medium, cells: tip)
      let warm = try solver.solve(potentials: [0, 1], from: last.potential)
      let cold = try solver.solve(potentials: [0, 1])
      print("\(method), height \(height), 1e-6: \(cold.iterations) cold, \(warm.iterations) warm")
      #expect(Double(warm.iterations) <= 0.9 * Double(cold.iterations))
      #expect(abs(warm.currents[1] / cold.currents[1] - 1) < 1e-4)
      last = warm
    }
  }

  /// A conductor in a void links cells that no level knew of.
  @Test func aVoidIsFilled() throws {
    let grid = PotentialFixture.cube(16)
    var kappa = Field(grid, filledWith: 0)
    for k in 0..<16 { for j in 4..<8 { for i in 4..<8 { kappa[i, j, k] = 2 } } }
    var solver = try PotentialSolver(grid, conductivity: Conductivity(kappa))
    #expect(abs(try solver.solve(potentials: [0, 1]).currents[1] - 2 * 16 / 256) < 1e-6)
    var cells: [Int] = []
    for k in 0..<16 {
      kappa[12, 12, k] = 4
      cells.append(grid.index(12, 12, k))
    }
    try solver.update(Conductivity(kappa), cells: cells)
    #expect(abs(try solver.solve(potentials: [0, 1]).currents[1] - (2 * 16 + 4) / 256) < 1e-6)
  }

  @Test func layersThatChangeAreIterated() throws {
    let grid = PotentialFixture.cube(16)
    var solver = try PotentialSolver(grid, conductivity: Conductivity(grid, uniform: 1))
    #expect(solver.method == .direct)
    var kappa = Field(grid, filledWith: 1)
    kappa[3, 4, 5] = 10
    try solver.update(Conductivity(kappa), cells: [grid.index(3, 4, 5)])
    #expect(solver.method == .transform)
    let solution = try solver.solve(potentials: [0, 1])
    var new = try PotentialSolver(grid, conductivity: Conductivity(kappa))
    #expect(abs(solution.currents[1] / (try new.solve(potentials: [0, 1])).currents[1] - 1) < 1e-7)
    kappa[3, 4, 5] = -1
    #expect(throws: PotentialError.badConductivity(-1, cell: SIMD3(3, 4, 5))) {
      try solver.update(Conductivity(kappa), cells: [grid.index(3, 4, 5)])
    }
  }
}
