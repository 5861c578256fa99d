import Defects
import Fields
import Foundation
import Microstructure
import Quantities
import Testing

/// What keeps a bending of bands in balance on a grid, and how many steps it takes.
@Suite struct BandBendingLawTests {
  private let unit = BandBendingTests.thermalVoltage

  /// Donors in clumps, vacancies that are conserved and gather where it is soft, and carriers.
  private func medium(_ n: Int, side: Double = 32e-9) throws -> (BandBendingSolver, Field) {
    let grid = PotentialFixture.cube(n, side: side)
    let soft = PotentialFixture.field(grid) { position in
      let x = position / side
      return 3e-21 * cos(2 * Double.pi * x.x) * cos(2 * Double.pi * x.y) * sin(Double.pi * x.z)
    }
    let vacancies = MobileIons(charge: 1, siteDensity: 1.46e28, supply: .conserved(mean: 1e24), energy: soft)
    var blob = PotentialFixture.field(grid) { position in
      let d = position / side - SIMD3(0.3, 0.6, 0.4)
      return -4e24 * exp(-30 * (d * d).sum())
    }
    for cell in blob.values.indices { blob.values[cell] -= 5e23 }
    let epsilon = PotentialFixture.field(grid) {
      (20 + 8 * sin(2 * Double.pi * $0.x / side)) * Constants.vacuumPermittivity
    }
    let solver = try BandBendingSolver(
      grid, permittivity: Conductivity(epsilon), bands: CarrierBands(intrinsicCarriers: 1e22), temperature: 300,
      ions: [vacancies])
    return (solver, blob)
  }

  @Test(arguments: [16, 32, 48]) func chargeIsTheFluxAndIonsStay(_ n: Int) throws {
    var (solver, fixed) = try medium(n)
    let contacts = [BandBendingTests.contact(0.1), BandBendingTests.contact(-0.2)]
    let solution = try solver.solve(contacts: contacts, fixedCharge: fixed)
    let volume = solver.grid.voxelVolume
    let total = solution.charge.values.reduce(0, +) * volume
    let turnover = solution.charge.values.reduce(0) { $0 + abs($1) } * volume
    #expect(abs(total + solution.electrodeCharges.reduce(0, +)) < 1e-9 * turnover)
    #expect(solution.chargeMismatch <= 1e-9)
    #expect(abs(solution.ions[0].mean / 1e24 - 1) < 1e-12)
    // The free energy falls at every step, and the residual over all.
    #expect(solution.steps.allSatisfy { $0.decrease > 0 })
    #expect(solution.residual < 1e-8)
    print(
      "\(n) cells a side, cold: steps", solution.steps.map(\.length), "iterations", solution.steps.map(\.iterations))
    #expect(solution.steps.count <= 8)
    #expect(solution.steps.allSatisfy { $0.iterations < 20 })
  }

  /// Check M02.
  @Test func aShiftOfBothElectrodesShiftsThePotentialAlone() throws {
    var (solver, fixed) = try medium(12)
    var solutions: [BandBending] = []
    for shift in [0, 0.7] {
      solutions.append(
        try solver.solve(
          contacts: [
            BandContact(voltage: shift, barrier: 2e-20), BandContact(voltage: shift, barrier: -1e-20),
          ], fixedCharge: fixed))
    }
    let shifted = Field(solver.grid, values: solutions[1].potential.values.map { $0 - 0.7 })
    #expect(zip(shifted.values, solutions[0].potential.values).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(PotentialFixture.difference(solutions[1].ions[0], solutions[0].ions[0]) < 1e-9)
    #expect(PotentialFixture.difference(solutions[1].electrons!, solutions[0].electrons!) < 1e-9)
  }

  /// 4 to 8 steps from voltage to voltage, at any density and on any grid; cold at 1 V more, but bounded.
  @Test(arguments: [1e23, 1e24, 1e25, 1e26]) func stepsStayFewAlongARamp(_ density: Double) throws {
    var counts: [[Int]] = []
    for n in [32, 64, 128] {
      let grid = Grid(nx: 2, ny: 2, nz: n, spacing: SIMD3(repeating: 50e-9 / Double(n)))
      let vacancies = MobileIons(charge: 1, siteDensity: 1.46e28, supply: .conserved(mean: density))
      var solver = try BandBendingSolver(
        grid, permittivity: Conductivity(grid, uniform: BandBendingTests.permittivity), bands: nil, temperature: 300,
        ions: [vacancies])
      let fixed = Field(grid, filledWith: -density)
      var last: BandBending?
      var warm: [Int] = []
      for step in 0...20 {
        let solution = try solver.solve(
          contacts: [BandContact(voltage: 0.05 * Double(step)), BandContact()], fixedCharge: fixed, from: last)
        if step > 0 { warm.append(solution.steps.count) }
        last = solution
      }
      let cold = try solver.solve(contacts: [BandContact(voltage: 1), BandContact()], fixedCharge: fixed)
      #expect(PotentialFixture.difference(cold.potential, last!.potential) < 1e-6)
      #expect(abs(cold.ions[0].mean / density - 1) < 1e-12)
      counts.append([warm.max()!, warm.reduce(0, +), cold.steps.count])
      #expect(warm.max()! <= 8)
      #expect(cold.steps.count <= 40)
    }
    print("\(density)/m³ on 32, 64, 128 planes: most, all of 20, cold:", counts)
  }

  /// Planar electrodes at 1 V on patches of charge, and a barrier far beyond Boltzmann's law: harder than any device.
  @Test func hardProblemsConverge() throws {
    let (n, side) = (32, 40e-9)
    let grid = PotentialFixture.cube(n, side: side)
    let gap = PotentialFace.electrodes((0..<(n * n)).map { $0 % n < 8 ? 0 : $0 % n >= 20 ? 1 : nil })
    let vacancies = MobileIons(charge: 1, siteDensity: 1.46e28, supply: .conserved(mean: 1e25))
    let patches = Field(
      grid, values: PotentialFixture.noise(grid.count).map { $0 < 0.01 ? -1e27 : 0 })
    var planar = try BandBendingSolver(
      grid, boundary: PotentialBoundary(lateral: .insulating, bottom: .insulating, top: gap),
      permittivity: Conductivity(grid, uniform: BandBendingTests.permittivity), bands: nil, temperature: 300,
      ions: [vacancies])
    let solution = try planar.solve(contacts: [BandContact(voltage: 1), BandContact()], fixedCharge: patches)
    print("planar:", solution.steps.map(\.length), solution.steps.map(\.iterations))
    #expect(solution.chargeMismatch <= 1e-9)
    #expect(abs(solution.ions[0].mean / 1e25 - 1) < 1e-12)
    #expect(solution.steps.allSatisfy { $0.decrease > 0 })
    var steep = try BandBendingSolver(
      grid, permittivity: Conductivity(grid, uniform: BandBendingTests.permittivity),
      bands: CarrierBands(intrinsicCarriers: 1e22), temperature: 300)
    let contacts = [BandBendingTests.contact(0.8), BandBendingTests.contact(-0.8)]
    let bent = try steep.solve(contacts: contacts, fixedCharge: patches)
    print("steep:", bent.steps.map(\.length), bent.steps.map(\.iterations))
    #expect(bent.chargeMismatch <= 1e-9)
    let again = try steep.solve(contacts: contacts, fixedCharge: patches, from: bent)
    #expect(again.steps.isEmpty)
  }

  @Test func wrongProblemsAreNamed() throws {
    let grid = PotentialFixture.cube(4)
    let medium = Conductivity(grid, uniform: 1e-10)
    func solver(_ ions: [MobileIons] = [], temperature: Double = 300) throws -> BandBendingSolver {
      try BandBendingSolver(grid, permittivity: medium, bands: nil, temperature: temperature, ions: ions)
    }
    #expect(throws: BandBendingError.badTemperature(0)) { try solver(temperature: 0) }
    #expect(throws: BandBendingError.badDensity(2, ions: 0)) {
      try solver([MobileIons(charge: 1, siteDensity: 1, supply: .conserved(mean: 2))])
    }
    var wall = Field(grid)
    for cell in 0..<48 { wall.values[cell] = .infinity }
    #expect(throws: BandBendingError.noRoom(ions: 0, demanded: 0.5, sites: 0.25)) {
      try solver([MobileIons(charge: 1, siteDensity: 1, supply: .conserved(mean: 0.5), energy: wall)])
    }
    wall.values[3] = .nan
    #expect(throws: BandBendingError.self) {
      try solver([MobileIons(charge: 1, siteDensity: 1, supply: .conserved(mean: 0.1), energy: wall)])
    }
    #expect(throws: BandBendingError.noElectrode) {
      try BandBendingSolver(
        grid, boundary: PotentialBoundary(bottom: .insulating, top: .insulating), permittivity: medium, bands: nil,
        temperature: 300)
    }
    var bare = try solver()
    #expect(throws: BandBendingError.potential(.shapeMismatch(of: "the list of contacts", found: 1, expected: 2))) {
      try bare.solve(contacts: [BandContact()])
    }
    var hasty = try BandBendingSolver(
      grid, permittivity: medium, bands: CarrierBands(intrinsicCarriers: 1e22), temperature: 300,
      tolerance: PotentialTolerance(iterationLimit: 1))
    let error = #expect(throws: BandBendingError.self) {
      try hasty.solve(contacts: [BandBendingTests.contact(1), BandBendingTests.contact(0)])
    }
    guard case .notConverged(1, _, let residual) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(residual > 0)
  }
}
