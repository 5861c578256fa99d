import Defects
import Fields
import Foundation
import Microstructure
import Quantities
import Testing

/// Check V44 of the physics design, and what holds for every bending of bands.
@Suite struct BandBendingTests {
  static let temperature = 300.0
  static let thermalVoltage = Constants.boltzmann * temperature / Constants.elementaryCharge
  static let permittivity = 25 * Constants.vacuumPermittivity

  /// λ of a density of charges of one sign, twice in n and p.
  static func debyeLength(_ density: Double) -> Double {
    (permittivity * thermalVoltage / (Constants.elementaryCharge * density)).squareRoot()
  }

  /// A contact at a potential, bands of no gap.
  static func contact(_ potential: Double) -> BandContact {
    BandContact(barrier: -potential * Constants.elementaryCharge)
  }

  static func column(_ n: Int, length: Double, lateral: Int = 1) -> Grid {
    Grid(nx: lateral, ny: lateral, nz: n, spacing: SIMD3(length / Double(n), length / Double(n), length / Double(n)))
  }

  /// tanh(ψ/4) falls exponentially from a plate (Gouy and Chapman), ψ over kT/q.
  @Test func carriersNearAPlateFollowGouyAndChapman() throws {
    let density = 1e23
    let length = Self.debyeLength(2 * density)
    var errors: [Double] = []
    let surface = 2.0
    for perLength in [5, 10, 20] {
      let grid = Self.column(20 * perLength, length: 20 * length)
      var solver = try BandBendingSolver(
        grid, boundary: PotentialBoundary(top: .insulating),
        permittivity: Conductivity(grid, uniform: Self.permittivity),
        bands: CarrierBands(intrinsicCarriers: density), temperature: Self.temperature)
      let solution = try solver.solve(contacts: [Self.contact(surface * Self.thermalVoltage)])
      var worst = 0.0
      for k in 0..<grid.nz {
        let decay = tanh(surface / 4) * exp(-grid.center(0, 0, k).z / length)
        worst = max(worst, abs(solution.potential.values[k] / Self.thermalVoltage - 4 * atanh(decay)))
      }
      errors.append(worst / surface)
      #expect(solution.chargeMismatch <= 1e-9)
      // Grahame's law of the plate's charge.
      let exact =
        4 * density * Constants.elementaryCharge * length * sinh(surface / 2) * grid.spacing.x * grid.spacing.y
      #expect(abs(solution.electrodeCharges[0] / exact - 1) < 0.5 / Double(perLength * perLength))
    }
    print("Gouy-Chapman: errors \(errors) at 5, 10, 20 cells per Debye length")
    #expect(errors[0] < 0.01)
    #expect(abs(log2(errors[0] / errors[1]) - 2) < 0.3)
    #expect(abs(log2(errors[1] / errors[2]) - 2) < 0.15)
  }

  /// ψ between like plates from its first integral, ½ (λ ψ′)² = cosh ψ − cosh ψ_m, from the middle outward.
  @Test func carriersBetweenPlatesKeepTheFirstIntegral() throws {
    let density = 1e23
    let length = Self.debyeLength(2 * density)
    let grid = Self.column(200, length: 4 * length)
    var solver = try BandBendingSolver(
      grid, permittivity: Conductivity(grid, uniform: Self.permittivity),
      bands: CarrierBands(intrinsicCarriers: density), temperature: Self.temperature)
    let contacts = [Self.contact(3 * Self.thermalVoltage), Self.contact(3 * Self.thermalVoltage)]
    let psi = try solver.solve(contacts: contacts).potential.values.map { $0 / Self.thermalVoltage }
    var worst = 0.0
    for k in 1..<100 {
      let h = grid.spacing.z / length
      let slope = (psi[k - 1] - psi[k]) / h
      // At the face between two cells; in the middle ψ has no slope.
      let face = 0.5 * (psi[k - 1] + psi[k])
      worst = max(worst, abs(0.5 * slope * slope - (cosh(face) - cosh(psi[99]))))
    }
    #expect(worst < 2e-3 * cosh(3))
    for k in 0..<100 { #expect(abs(psi[k] - psi[199 - k]) < 1e-9) }
  }

  /// Vacancies over a fixed background, one to a site: ψ from its first integral
  ///
  ///     ½ ψ′² = (q²/εkT) {c_max [ln(1 + e^{m − ψ}) − ln(1 + e^m)] + c_b ψ},  e^m = c_b/(c_max − c_b).
  @Test(arguments: [-20.0, 20]) func vacanciesFillTheirSitesAndNoMore(_ surface: Double) throws {
    let (sites, bulk) = (2e26, 2e24)
    let length = Self.debyeLength(bulk * (1 - bulk / sites))
    let m = log(bulk / (sites - bulk))
    let scale = Constants.elementaryCharge / (Self.permittivity * Self.thermalVoltage)
    func slope(_ psi: Double) -> Double {
      let full = sites * (log1p(exp(m - psi)) - log1p(exp(m))) + bulk * psi
      return (psi < 0 ? 1 : -1) * (2 * scale * max(full, 0)).squareRoot()
    }
    let vacancies = MobileIons(charge: 1, siteDensity: sites, supply: .reservoir(density: bulk, potential: 0))
    var errors: [Double] = []
    for perLength in [10, 20, 40] {
      let grid = Self.column(24 * perLength, length: 24 * length)
      var solver = try BandBendingSolver(
        grid, permittivity: Conductivity(grid, uniform: Self.permittivity), bands: nil,
        temperature: Self.temperature, ions: [vacancies])
      let solution = try solver.solve(
        contacts: [Self.contact(surface * Self.thermalVoltage), Self.contact(0)],
        fixedCharge: Field(grid, filledWith: -bulk))
      var (psi, worst) = (surface, 0.0)
      for k in 0..<grid.nz {
        // Fourth-order Runge-Kutta over a cell; the first is half.
        let distance = (k == 0 ? 0.5 : 1) * grid.spacing.z / 200
        for _ in 0..<200 {
          let a = slope(psi)
          let b = slope(psi + 0.5 * distance * a)
          let c = slope(psi + 0.5 * distance * b)
          psi += distance / 6 * (a + 2 * b + 2 * c + slope(psi + distance * c))
        }
        worst = max(worst, abs(solution.potential.values[k] / Self.thermalVoltage - psi))
      }
      errors.append(worst / abs(surface))
      #expect(solution.ions[0].extremes.high <= sites)
      if surface < 0 { #expect(solution.ions[0].values[0] > 0.999 * sites) }
    }
    print("Bikerman, \(surface) kT/q: errors \(errors) at 10, 20, 40 cells per Debye length")
    #expect(errors[2] < 0.005)
    #expect(errors[2] < 0.4 * errors[1])
  }

  /// A small charge among carriers: e^{−r/λ}/4πεr (Debye and Hückel).
  @Test func aSmallChargeIsScreened() throws {
    let density = 1e24
    let length = Self.debyeLength(2 * density)
    let n = 48
    let h = length / 6
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: h))
    var charge = Field(grid)
    let small = 1e-4
    charge[24, 24, 24] = small / grid.voxelVolume
    var solver = try BandBendingSolver(
      grid, permittivity: Conductivity(grid, uniform: Self.permittivity),
      bands: CarrierBands(intrinsicCarriers: density), temperature: Self.temperature)
    let solution = try solver.solve(contacts: [BandContact(), BandContact()], fixedCharge: charge)
    for (dx, dy, dz) in [(5, 0, 0), (0, 5, 5), (0, 0, 9), (6, 6, 6), (14, 0, 0), (0, 12, -8)] {
      let r = h * Double(dx * dx + dy * dy + dz * dz).squareRoot()
      let exact = small * Constants.elementaryCharge * exp(-r / length) / (4 * Double.pi * Self.permittivity * r)
      #expect(abs(solution.potential[24 + dx, 24 + dy, 24 + dz] / exact - 1) < 0.025)
    }
  }

  @Test func withoutChargeAllIsExactlyFlat() throws {
    let grid = Grid(nx: 6, ny: 5, nz: 7, spacing: SIMD3(repeating: 1e-9))
    let medium = Conductivity(grid, uniform: Self.permittivity)
    let vacancies = MobileIons(charge: 1, siteDensity: 1e28, supply: .conserved(mean: 3e24))
    let contacts = [BandContact(voltage: 0.7, barrier: 1e-19), BandContact(voltage: 0.7, barrier: 1e-19)]
    var bare = try BandBendingSolver(grid, permittivity: medium, bands: nil, temperature: 300)
    var neutral = try BandBendingSolver(grid, permittivity: medium, bands: nil, temperature: 300, ions: [vacancies])
    for solution in [
      try bare.solve(contacts: contacts),
      try neutral.solve(contacts: contacts, fixedCharge: Field(grid, filledWith: -3e24)),
    ] {
      #expect(Set(solution.potential.values) == [0.7 - 1e-19 / Constants.elementaryCharge])
      #expect(solution.steps.isEmpty)
      #expect(solution.electrodeCharges == [0, 0])
    }
  }

  /// A perovskite between two metals: E_F lies in the gap as the contacts say, and far from them where n = p.
  @Test func theFermiLevelLiesWhereTheContactsPutIt() throws {
    let structure = try Fixture.compound().electronicStructure
    let grid = Self.column(64, length: 50e-9)
    let electronVolt = Constants.elementaryCharge
    var solver = try BandBendingSolver(grid, of: structure, temperature: 300)
    let solution = try solver.solve(
      contacts: [BandContact(barrier: 0.9 * electronVolt), BandContact(barrier: 1.3 * electronVolt)])
    let level = try #require(solution.fermiLevelAboveValence)
    // Next to nothing screens: the bands tilt evenly by what is built in.
    let cell = 0.5 / 64
    #expect(abs(level.values[0] / electronVolt - (2.3 - 0.9 - 0.4 * cell)) < 1e-6)
    #expect(abs(level.values[63] / electronVolt - (2.3 - 1.3 + 0.4 * cell)) < 1e-6)
    let product = solution.electrons!.values[20] * solution.holes!.values[20]
    let intrinsic = solver.bands!.intrinsicDensity(at: 300)
    #expect(abs(product / (intrinsic * intrinsic) - 1) < 1e-9)
    #expect(solution.warnings.isEmpty)
    let degenerate = try solver.solve(
      contacts: [BandContact(barrier: 0.05 * electronVolt), BandContact(barrier: 1.3 * electronVolt)])
    #expect(degenerate.warnings.map(\.code) == ["degenerateCarriers"])
    #expect(throws: BandBendingError.noFermiLevel(voltages: [0, 1])) {
      try solver.solve(contacts: [BandContact(), BandContact(voltage: 1)])
    }
  }

  /// Half-filled donors hold the Fermi level where they are, far from the contacts; near them they bend the bands.
  @Test func deepLevelsPinTheFermiLevel() throws {
    let structure = try Fixture.compound().electronicStructure
    let grid = Self.column(320, length: 1600e-9)
    let electronVolt = Constants.elementaryCharge
    let donors = GapLevel(density: Field(grid, filledWith: 1e23), energy: 1.4 * electronVolt, emptyCharge: 1)
    let acceptors = Field(grid, filledWith: -5e22)
    var solver = try BandBendingSolver(grid, of: structure, temperature: 300)
    let contacts = [BandContact(barrier: 0.6 * electronVolt), BandContact(barrier: 1.3 * electronVolt)]
    let solution = try solver.solve(contacts: contacts, fixedCharge: acceptors, levels: [donors])
    let level = try #require(solution.fermiLevelAboveValence)
    #expect(abs(level.values[160] / electronVolt - 1.4) < 1e-4)
    #expect(abs(solution.filledLevels[0].values[160] / 5e22 - 1) < 1e-2)
    #expect(solution.chargeMismatch <= 1e-9)
    // Toward the first contact, with its bands lower, more are filled.
    #expect(solution.filledLevels[0].values[0] > 0.9e23)
    #expect(solution.filledLevels[0].values[319] < 0.1e23)
    // One Fermi level given per voxel is the same.
    let again = try solver.solve(
      contacts: contacts, fixedCharge: acceptors, levels: [donors], fermiPotential: Field(grid))
    #expect(PotentialFixture.difference(again.potential, solution.potential) < 1e-9)
    // What is filled is Fermi's share.
    let filled = solution.filledLevels[0].values[3]
    let exact = 1e23 / (1 + exp((1.4 * electronVolt - level.values[3]) / (Constants.boltzmann * 300)))
    #expect(abs(filled / exact - 1) < 1e-9)
  }

  /// Under a voltage carriers need a Fermi level of their own; one that falls with the voltage tilts with the bands.
  @Test func aGivenFermiLevelMayFall() throws {
    let structure = try Fixture.compound().electronicStructure
    let grid = Self.column(64, length: 50e-9)
    let barrier = 1.1 * Constants.elementaryCharge
    var solver = try BandBendingSolver(grid, of: structure, temperature: 300)
    let fall = PotentialFixture.field(grid) { 0.4 * (1 - $0.z / 50e-9) }
    let solution = try solver.solve(
      contacts: [BandContact(voltage: 0.4, barrier: barrier), BandContact(barrier: barrier)], fermiPotential: fall)
    let distance = zip(solution.conductionBand.values, solution.fermiLevel!.values).map { $0 - $1 }
    #expect(distance.allSatisfy { abs($0 / barrier - 1) < 1e-6 })
  }
}
