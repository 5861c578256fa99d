import Fields
import Foundation
import Microstructure
import Testing

/// Checks V37 and V40 of the physics design, and what holds for every potential.
@Suite struct PotentialLawTests {
  /// φ of a point charge between grounded plates at 0 and L, by its images: Σ (±) q / 4πε |r − r_n|.
  private func images(_ r: SIMD3<Double>, charge at: SIMD3<Double>, gap: Double) -> Double {
    var sum = 0.0
    for n in -4000...4000 {
      let shift = 2 * Double(n) * gap
      let across = (r.x - at.x) * (r.x - at.x) + (r.y - at.y) * (r.y - at.y)
      let (up, down) = (r.z - at.z - shift, r.z + at.z - shift)
      sum += 1 / (across + up * up).squareRoot() - 1 / (across + down * down).squareRoot()
    }
    return sum / (4 * Double.pi)
  }

  @Test func aPointChargeBetweenPlatesHasItsImages() throws {
    let (n, nz) = (128, 40)
    let grid = Grid(nx: n, ny: n, nz: nz, spacing: SIMD3(repeating: 1))
    let boundary = PotentialBoundary()
    let cloud = ChargeCloud(grid, boundary: boundary)
    let charge = PointCharge(charge: 1, position: SIMD3(64.3, 63.9, 13.2))
    var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 1))
    let solution = try solver.solve(potentials: [0, 0], source: try cloud.density(of: [charge]))
    var worst = 0.0
    for cell in [SIMD3(70, 64, 13), SIMD3(64, 72, 20), SIMD3(64, 64, 30), SIMD3(58, 60, 6), SIMD3(84, 64, 20)] {
      let exact = images(grid.center(cell.x, cell.y, cell.z), charge: charge.position, gap: Double(nz))
      worst = max(worst, abs(solution.potential[cell.x, cell.y, cell.z] / exact - 1))
    }
    #expect(worst < 0.01)
    // The plates take up the charge by their distances.
    #expect(abs(solution.currents[1] + 13.2 / 40) < 1e-9)
    #expect(abs(solution.currents[0] + 1 - 13.2 / 40) < 1e-9)
  }

  /// What pushes a charge is the plates' images alone: −dφ_images/dz, nothing along the plates.
  @Test func aChargeDoesNotPushItself() throws {
    let (n, nz) = (64, 32)
    let grid = Grid(nx: n, ny: n, nz: nz, spacing: SIMD3(repeating: 1))
    let boundary = PotentialBoundary()
    let cloud = ChargeCloud(grid, boundary: boundary)
    var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 1))
    let numbers = PotentialFixture.noise(60, seed: 5)
    var worst = (along: 0.0, across: 0.0)
    for m in 0..<20 {
      let position = SIMD3(64 * numbers[3 * m], 64 * numbers[3 * m + 1], 6 + 20 * numbers[3 * m + 2])
      let density = try cloud.density(of: [PointCharge(charge: 1, position: position)])
      let potential = try solver.solve(potentials: [0, 0], source: density).potential
      let force = try cloud.field(at: [position], in: potential, potentials: [0, 0])[0]
      var exact = 0.0
      let gap = Double(nz)
      for k in -2000...2000 {
        let d = 2 * (position.z - Double(k) * gap)
        exact -= d / (4 * Double.pi * abs(d * d * d))
      }
      worst.along = max(worst.along, abs(force.x), abs(force.y))
      worst.across = max(worst.across, abs(force.z - exact))
    }
    #expect(worst.along < 1e-3)
    #expect(worst.across < 1e-3)
  }

  /// The thermal resistance of a round contact, 1/(4 κ r) times the cell's factor.
  @Test func aContactSpreadsItsHeat() throws {
    let n = 96
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1e-9))
    let face = PotentialFixture.disc(n, n, radius: 32, center: .zero)
    let kappa = 0.42
    var solver = try PotentialSolver(
      grid, boundary: PotentialBoundary(lateral: .insulating, top: face),
      conductivity: Conductivity(grid, uniform: kappa))
    let solution = try solver.solve(potentials: [300, 310])
    let side = Double(n) * 1e-9
    let ratio = 32e-9 / (2 * side / Double.pi.squareRoot())
    let exact = (1 - 1.409 * ratio + 0.296 * ratio * ratio * ratio) / (4 * kappa * 32e-9)
    let resistance = 10 / (4 * solution.currents[1]) - side / (kappa * 4 * side * side)
    #expect(abs(resistance / exact - 1) < 0.03)
  }

  /// Σ I V is the heat of the cells, and that leaves through the electrodes.
  @Test func theHeatOfTheCurrentsLeaves() throws {
    let grid = Grid(nx: 24, ny: 20, nz: 28, spacing: SIMD3(1e-9, 1e-9, 2e-9))
    var sigma = PotentialFixture.percolating(grid, p: 0.2, contrast: 1e3).x
    for k in 0..<20 { for j in 9..<12 { for i in 9..<12 { sigma[i, j, k] = 1e4 } } }
    let electric = Conductivity(sigma)
    let tight = PotentialTolerance(currentMismatch: 1e-10, residual: 1e-12)
    var solver = try PotentialSolver(grid, conductivity: electric, tolerance: tight)
    let potentials = [0, 0.5]
    let solution = try solver.solve(potentials: potentials)
    let heat = solver.jouleHeat(of: solution, potentials: potentials, conductivity: electric)
    let power = zip(solution.currents, potentials).reduce(0) { $0 + $1.0 * $1.1 }
    let total = heat.values.reduce(0, +) * grid.voxelVolume
    let thermal = Field(grid, values: sigma.values.map { $0 > 1e3 ? 50 : 0.42 })
    var heater = try PotentialSolver(grid, conductivity: Conductivity(thermal), tolerance: tight)
    let temperature = try heater.solve(potentials: [300, 300], source: heat)
    let out = -temperature.currents.reduce(0, +)
    #expect(abs(total / power - 1) < 1e-8)
    #expect(abs(out / total - 1) < 1e-8)
    #expect(temperature.potential.extremes.low >= 300)
  }

  @Test func unitsDoNotMatter() throws {
    let medium = PotentialFixture.percolating(PotentialFixture.cube(16), p: 0.5, contrast: 1e4).x.values
    let boundary = PotentialBoundary(top: PotentialFixture.disc(16, 16, radius: 5, center: SIMD2(8, 8)))
    var fields: [[Double]] = []
    for (length, kappa, volt) in [(1.0, 1.0, 1.0), (0x1p-30, 0x1p-40, 0x1p7)] {
      let grid = PotentialFixture.cube(16, side: 16 * length)
      var solver = try PotentialSolver(
        grid, boundary: boundary, conductivity: Conductivity(Field(grid, values: medium.map { kappa * $0 })))
      let density = kappa * volt / (length * length)
      let source = Field(grid, values: PotentialFixture.noise(grid.count).map { 1e-3 * density * ($0 - 0.5) })
      let solution = try solver.solve(potentials: [0, volt], source: source)
      fields.append(solution.potential.values.map { $0 / volt })
    }
    #expect(fields[0] == fields[1])
  }

  @Test func iterationsStayBoundedAsTheGridIsRefined() throws {
    var counts: [PotentialMethod: [Int]] = [:]
    for n in [16, 32, 64] {
      let grid = PotentialFixture.cube(n)
      let kappa = PotentialFixture.field(grid) { exp(2 * sin(2 * Double.pi * $0.x) * sin(Double.pi * $0.z)) }
      for method in [PotentialMethod.transform, .multigrid] {
        var solver = try PotentialSolver(grid, conductivity: Conductivity(kappa), method: method)
        counts[method, default: []].append(try solver.solve(potentials: [0, 1]).iterations)
      }
    }
    print(
      "16, 32, 64 cells a side: \(counts[.transform]!) iterations by transforms, \(counts[.multigrid]!) by multigrid")
    // A coarse grid sees less of the contrast, the square root of which bounds the transforms' count.
    #expect(counts[.transform]![2] <= counts[.transform]![1] + 4)
    #expect(counts[.multigrid]!.max()! < 25)
  }

  /// Along the plates the system is closed, and near a plate a cloud is cut off alike for both.
  @Test func twoChargesPushEachOtherEqually() throws {
    let grid = Grid(nx: 24, ny: 20, nz: 16, spacing: SIMD3(1, 1.2, 0.8))
    for boundary in [PotentialBoundary(bottom: .insulating), PotentialBoundary()] {
      let cloud = ChargeCloud(grid, boundary: boundary)
      let potentials = [Double](repeating: 0, count: boundary.electrodeCount)
      var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 2))
      let places = [SIMD3(3.2, 4.7, 0.1), SIMD3(6.1, 23.9, 12.75)]
      var forces: [SIMD3<Double>] = []
      for (own, other) in [(0, 1), (1, 0)] {
        let density = try cloud.density(of: [PointCharge(charge: 1, position: places[other])])
        let potential = try solver.solve(potentials: potentials, source: density).potential
        forces.append(try cloud.field(at: [places[own]], in: potential, potentials: potentials)[0])
      }
      let size = max(abs(forces[0].x), abs(forces[0].y))
      #expect(size > 0)
      #expect(abs(forces[0].x + forces[1].x) < 1e-11 * size)
      #expect(abs(forces[0].y + forces[1].y) < 1e-11 * size)
    }
  }

  @Test func wrongProblemsAreNamed() throws {
    let grid = PotentialFixture.cube(4)
    let uniform = Conductivity(grid, uniform: 1)
    for bad in [-1, Double.nan, .infinity] {
      var field = Field(grid, filledWith: 1)
      field[1, 2, 3] = bad
      let error = #expect(throws: PotentialError.self) { try PotentialSolver(grid, conductivity: Conductivity(field)) }
      guard case .badConductivity(_, let cell) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cell == SIMD3(1, 2, 3))
    }
    #expect(throws: PotentialError.noConductor) {
      try PotentialSolver(grid, conductivity: Conductivity(grid, uniform: 0))
    }
    #expect(throws: PotentialError.shapeMismatch(of: "the conductivity", found: 27, expected: 64)) {
      try PotentialSolver(grid, conductivity: Conductivity(PotentialFixture.cube(3), uniform: 1))
    }
    #expect(throws: PotentialError.shapeMismatch(of: "a face's list of electrodes", found: 3, expected: 16)) {
      try PotentialSolver(
        grid, boundary: PotentialBoundary(top: .electrodes([nil, 0, 1])), conductivity: uniform)
    }
    var floating = try PotentialSolver(
      grid, boundary: PotentialBoundary(bottom: .insulating, top: .insulating), conductivity: uniform)
    #expect(throws: PotentialError.unbalancedSource(net: 1)) {
      try floating.solve(potentials: [], source: Field(grid, filledWith: 1))
    }
    var solver = try PotentialSolver(grid, conductivity: uniform)
    #expect(throws: PotentialError.shapeMismatch(of: "the list of potentials", found: 1, expected: 2)) {
      try solver.solve(potentials: [1])
    }
    #expect(throws: PotentialError.self) { try solver.solve(potentials: [1, .nan]) }
    #expect(throws: PotentialError.self) {
      try solver.solve(potentials: [0, 1], source: Field(grid, filledWith: .nan))
    }
    let hard = PotentialFixture.cube(16)
    var limited = try PotentialSolver(
      hard, conductivity: PotentialFixture.percolating(hard), tolerance: PotentialTolerance(iterationLimit: 3))
    let error = #expect(throws: PotentialError.self) { try limited.solve(potentials: [0, 1]) }
    guard case .notConverged(let iterations, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(iterations == 3)
  }

  /// Sources that add up to 0 need no electrode; the mean of the potential is 0.
  @Test func aFloatingPotentialHasNoMean() throws {
    let n = 32
    let grid = PotentialFixture.cube(n)
    let k = 2 * Double.pi
    let source = PotentialFixture.field(grid) { cos(k * $0.x) * cos(0.5 * k * $0.z) }
    for method in [PotentialMethod.direct, .multigrid] {
      var solver = try PotentialSolver(
        grid, boundary: PotentialBoundary(bottom: .insulating, top: .insulating),
        conductivity: Conductivity(grid, uniform: 1), method: method)
      let solution = try solver.solve(potentials: [], source: source)
      let s = { (angle: Double) -> Double in pow(sin(angle) * 2 * Double(n), 2) }
      let share = 1 / (s(Double.pi / Double(n)) + s(0.5 * Double.pi / Double(n)))
      let exact = Field(grid, values: source.values.map { share * $0 })
      #expect(PotentialFixture.difference(solution.potential, exact) < 1e-7)
      #expect(abs(solution.potential.mean) < 1e-15)
    }
  }

  @Test func equalPotentialsDriveNothing() throws {
    let grid = PotentialFixture.cube(12)
    for medium in [PotentialFixture.percolating(grid), Conductivity(grid, uniform: 1)] {
      var solver = try PotentialSolver(grid, conductivity: medium)
      let solution = try solver.solve(potentials: [0.7, 0.7])
      #expect(solution.currents == [0, 0])
      #expect(solution.iterations == 0)
    }
  }

  /// Voids conduct nothing and hold nothing up.
  @Test func voidsDoNotConduct() throws {
    let grid = PotentialFixture.cube(16)
    var kappa = Field(grid, filledWith: 0)
    for k in 0..<16 { for j in 4..<8 { for i in 4..<8 { kappa[i, j, k] = 2 } } }
    kappa[12, 12, 8] = 1
    var solver = try PotentialSolver(grid, conductivity: Conductivity(kappa))
    let solution = try solver.solve(potentials: [0, 1])
    #expect(solver.contrast == .infinity)
    #expect(abs(solution.currents[1] - 2 * 16 / 256) < 1e-6)
  }
}
