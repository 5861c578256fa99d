import Foundation
import Quantities
import Switching
import Testing

@Suite struct IonColumnTests {
  static let temperature = 300.0
  static let permittivity = 25 * Constants.vacuumPermittivity
  static var thermal: Double { Constants.boltzmann * temperature }

  static func composition(
    sites: Double = 1.4e28, counterMoves: Bool = true, layer: Double = 1e3, diffusivity: Double = 1e-12
  ) -> IonColumn.Composition {
    IonColumn.Composition(
      ions: LatticeIons(charge: 1, siteDensity: sites, diffusivity: diffusivity),
      countercharge: LatticeIons(charge: -1, siteDensity: sites, diffusivity: counterMoves ? diffusivity : 0),
      permittivity: permittivity, layerCapacitance: layer, temperature: temperature)
  }

  static func column(
    _ composition: IonColumn.Composition, density: Double = 1e24, thickness: Double = 200e-9, cells: Int = 800
  ) -> IonColumn {
    IonColumn(
      .uniform(thickness: thickness, count: cells), composition,
      restDensity: [Double](repeating: density, count: cells))
  }

  static func debyeLength(_ density: Double) -> Double {
    let q = Constants.elementaryCharge
    return (permittivity * thermal / (q * q * density)).squareRoot()
  }

  @Test func aWeakDoubleLayerIsThatOfGouyAndChapman() throws {
    var column = Self.column(Self.composition())
    try column.equilibrate(at: -0.2)
    // That of the symmetric pair: both charges screen.
    let length = Self.debyeLength(2 * column.ionDensity[400])
    let middle = column.potential[400]
    // The column's own surface potential, so that the half cell at the wall does not count.
    let surface = column.potential[0] - middle
    let tangent = tanh(surface / 4)
    for i in stride(from: 0, to: 200, by: 10) {
      let expected = 4 * atanh(tangent * exp(-(column.mesh.depths[i] - column.mesh.depths[0]) / length))
      #expect(abs(column.potential[i] - middle - expected) < 0.01 * abs(surface))
    }
  }

  @Test func crowdedIonsFollowBikerman() throws {
    // ν = 2 c/c_max = 0.1 of the sites are taken at rest: crowding within a few kT/q.
    let sites = 2e25
    let density = 1e24
    var column = Self.column(Self.composition(sites: sites), density: density, thickness: 400e-9, cells: 1600)
    try column.equilibrate(at: -1.0)
    let middle = column.mesh.count / 2
    let bulk = column.ionDensity[middle]
    // First integral of Poisson's equation for two lattice gases, each on sites of its own:
    // (ε/2)(dφ/dz)² = kT c_max [ln(1 − x + x e^{−ψ}) + ln(1 − x + x e^{ψ})], x = c_b/c_max.
    let x = bulk / sites
    for i in [2, 5, 10, 20, 40] {
      let phase = column.potential[i] - column.potential[middle]
      let slope = (column.potential[i + 1] - column.potential[i - 1]) / (2 * column.mesh.heights[i])
      let q = Constants.elementaryCharge
      let left = 0.5 * Self.permittivity * pow(slope * Self.thermal / q, 2)
      let right = Self.thermal * sites * (log(1 - x + x * exp(-phase)) + log(1 - x + x * exp(phase)))
      #expect(abs(left / right - 1) < 0.01)
    }
    #expect(column.ionDensity.allSatisfy { $0 < sites })
    #expect(column.ionDensity[0] > 0.5 * sites)
  }

  @Test(arguments: [true, false])
  func ionsAreConservedAndTheFreeEnergyFallsAtAFixedVoltage(counterMoves: Bool) throws {
    var column = Self.column(Self.composition(counterMoves: counterMoves), cells: 200)
    let before = column.ionsPerArea
    try column.advance(to: -0.5, during: 1e-9)
    var energy = column.freeEnergy
    for _ in 0..<60 {
      try column.advance(to: -0.5, during: 1e-5)
      #expect(column.freeEnergy <= energy + 1e-14 * abs(energy))
      energy = column.freeEnergy
      #expect(abs(column.ionsPerArea / before - 1) < 1e-12)
    }
  }

  @Test(arguments: [true, false])
  func longTimesEndInQuasiEquilibrium(counterMoves: Bool) throws {
    let composition = Self.composition(counterMoves: counterMoves, layer: 0.05)
    let mesh = try ColumnMesh.graded(thickness: 2e-6, half: 40, finest: 0.3e-9)
    let rest = [Double](repeating: 1e23, count: mesh.count)
    var slow = IonColumn(mesh, composition, restDensity: rest)
    var still = slow
    for _ in 0..<40 { try slow.advance(to: -0.8, during: 0.5) }
    try still.equilibrate(at: -0.8)
    for i in 0..<mesh.count {
      #expect(abs(slow.potential[i] - still.potential[i]) < 1e-5)
      #expect(abs(slow.ionDensity[i] / still.ionDensity[i] - 1) < 1e-5)
    }
    #expect(abs(still.ionsPerArea / (1e23 * 2e-6) - 1) < 1e-10)
  }

  @Test func theFluxIsExactInAConstantField() {
    // J = (D/h) d/(e^d − 1) … of a steady state c = A + B e^{−zφ'} with J = D z φ' A.
    let ions = LatticeIons(charge: 1, siteDensity: 1e40, diffusivity: 1)
    for field in [-3.0, -0.2, 1e-5, 0.7, 12.0] {
      for h in [0.1, 0.5, 1.0] {
        let (a, b) = (3e20, 2e20)
        let density = { (z: Double) in a + b * exp(-field * z) }
        let flux = ions.flux(
          ions.logit(density(0)), ions.logit(density(h)), potentials: 0, field * h, energyStep: 0)
        // −dc/dz − c φ' of the profile above.
        #expect(abs(flux.value / h / (-field * a) - 1) < (abs(field) < 1e-3 ? 1e-8 : 1e-12))
      }
    }
  }

  @Test func aSmoothSolutionIsMetAtSecondOrder() throws {
    // A charging layer at a fixed time, in steps short enough that space alone counts.
    func surface(_ cells: Int) throws -> Double {
      var column = Self.column(Self.composition(layer: 0.2), density: 1e24, thickness: 40e-9, cells: cells)
      for _ in 0..<40 { try column.advance(to: -0.1, during: 5e-6) }
      return column.layerDrop
    }
    let drops = try [20, 40, 80, 160].map(surface)
    for i in 0..<2 {
      let order = log2(abs((drops[i + 1] - drops[i]) / (drops[i + 2] - drops[i + 1])))
      #expect(order > 1.9 && order < 2.2)
    }
  }

  @Test func withoutIonsTheColumnIsACapacitor() throws {
    let composition = Self.composition(layer: 0.05)
    var column = Self.column(composition, density: 0, cells: 100)
    try column.advance(to: -1, during: 1)
    let capacitance = 1 / (2 / 0.05 + 200e-9 / Self.permittivity)
    #expect(abs(column.layerDrop / (capacitance * 1 / 0.05) - 1) < 1e-9)
  }

  @Test func theMeshFillsTheCrystalAndMirrorsItself() throws {
    for thickness in [20e-9, 400e-9, 20e-6, 1e-3] {
      let mesh = try ColumnMesh.graded(thickness: thickness, half: 48, finest: 0.3e-9)
      #expect(mesh.count == 96)
      #expect(abs(mesh.thickness / thickness - 1) < 1e-9)
      for i in 0..<48 { #expect(abs(mesh.heights[i] / mesh.heights[95 - i] - 1) < 1e-12) }
    }
  }
}
