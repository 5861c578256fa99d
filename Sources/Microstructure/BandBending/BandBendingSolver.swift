import Defects
import Fields
import Foundation
import Materials
import Quantities

/// Bands between electrodes, bent by charges that follow the potential: Poisson's equation with Boltzmann's law.
///
///     div(ε grad φ) = −ρ(φ),   ρ = ρ_fixed + Σ z q c(φ) + q (p − n)
///     n = n_i exp[(E_F − E_i)/kT],  p = n_i exp[(E_i − E_F)/kT],  E_i = E_c − E_g + E_F,intrinsic,  E_c = −q φ
///
/// and ions as in `MobileIons`: physics (7.11) and (8.6). Its solution is where a convex free energy is least, and
/// Newton's method goes down to that: each step comes from conjugate gradients, preconditioned by lateral transforms
/// with each plane's mean screening, as exactly as the residual deserves (Eisenstat & Walker, *SIAM J. Sci. Comput.* 17
/// (1996) 16), and is shortened until the energy falls. Numbers of conserved ions hold at every step.
/// Cells, faces and electrodes are those of `PotentialSolver`; second order in the spacing where that resolves the
/// Debye length. Memory: about 200 B per voxel and 16 B per kind of ions. A solver is a value: threads take copies.
public struct BandBendingSolver: Sendable {
  public let grid: Grid
  public let boundary: PotentialBoundary
  /// K.
  public let temperature: Double
  /// Where electrons and holes come from; nil if there are none.
  public let bands: CarrierBands?
  public let ions: [MobileIons]
  /// When to stop; the limit is that of Newton's steps.
  public var tolerance: PotentialTolerance

  let layout: NetworkLayout
  /// Conductances in elementary charges per kT/q.
  var conductances: [Double]
  var layered: LayeredPotential
  var work: [Double] = []

  /// Prepares one medium and boundary.
  /// - Parameters:
  ///   - grid: cells along x, y, z and their spacing in m.
  ///   - permittivity: on that grid, F/m.
  ///   - bands: of the compound; none where carriers do not count.
  ///   - temperature: K.
  ///   - ions: of any kinds, with densities in 1/m³.
  /// - Throws: `BandBendingError`; `TransformError`.
  public init(
    _ grid: Grid, boundary: PotentialBoundary = PotentialBoundary(), permittivity: Conductivity, bands: CarrierBands?,
    temperature: Double, ions: [MobileIons] = [],
    tolerance: PotentialTolerance = PotentialTolerance(currentMismatch: 1e-9, iterationLimit: 200)
  ) throws {
    guard temperature.isFinite, temperature > 0 else { throw BandBendingError.badTemperature(temperature) }
    guard boundary.electrodeCount > 0 else { throw BandBendingError.noElectrode }
    do { try PotentialSolver.check(grid, boundary, permittivity, nil) } catch let error as PotentialError {
      throw BandBendingError.potential(error)
    }
    for (number, kind) in ions.enumerated() { try Self.check(kind, number, grid) }
    self.grid = grid
    self.boundary = boundary
    self.temperature = temperature
    self.bands = bands
    self.ions = ions
    self.tolerance = tolerance
    layout = NetworkLayout(nx: grid.nx, ny: grid.ny, nz: grid.nz, hasSinks: true)
    let layout = self.layout
    var storage = [Double](repeating: 0, count: layout.size)
    let unit = Constants.boltzmann * temperature / (Constants.elementaryCharge * Constants.elementaryCharge)
    let layers = storage.withUnsafeMutableBufferPointer { buffer in
      layout.network(in: buffer.baseAddress!).fill(grid, permittivity, boundary)
      for place in 0..<layout.inverseSum { buffer[place] *= unit }
      return ConductanceLayers(layout.network(in: buffer.baseAddress!), boundary)
    }
    conductances = storage
    layered = try LayeredPotential(
      nx: grid.nx, ny: grid.ny, gx: layers.gx, gy: layers.gy, rises: layers.rises, boundary.lateral)
  }

  /// The bands of a compound with its static permittivity everywhere.
  public init(
    _ grid: Grid, boundary: PotentialBoundary = PotentialBoundary(), of structure: ElectronicStructure,
    temperature: Double, ions: [MobileIons] = []
  ) throws {
    try self.init(
      grid, boundary: boundary,
      permittivity: Conductivity(grid, uniform: structure.staticPermittivity.si * Constants.vacuumPermittivity),
      bands: CarrierBands(of: structure), temperature: temperature, ions: ions)
  }

  private static func check(_ kind: MobileIons, _ number: Int, _ grid: Grid) throws {
    let sites = kind.siteDensity
    guard sites.isFinite, sites > 0 else { throw BandBendingError.badDensity(sites, ions: number) }
    let density: Double
    switch kind.supply {
    case .conserved(let mean): density = mean
    case .reservoir(let bulk, let potential):
      density = bulk
      guard potential.isFinite else { throw BandBendingError.badReservoir(potential, ions: number) }
    }
    guard density > 0, density < sites else { throw BandBendingError.badDensity(density, ions: number) }
    guard let energy = kind.energy else { return }
    guard SIMD3(energy.grid.nx, energy.grid.ny, energy.grid.nz) == SIMD3(grid.nx, grid.ny, grid.nz) else {
      throw BandBendingError.potential(
        .shapeMismatch(of: "the energy of ions", found: energy.values.count, expected: grid.count))
    }
    if let bad = energy.values.firstIndex(where: { $0.isNaN || $0 == -.infinity }) {
      throw BandBendingError.badEnergy(energy.values[bad], ions: number, cell: grid.cell(bad))
    }
    guard case .conserved(let mean) = kind.supply else { return }
    let demanded = mean * grid.voxelVolume * Double(grid.count)
    let open = sites * grid.voxelVolume * Double(energy.values.count { $0 < .infinity })
    guard demanded < open else { throw BandBendingError.noRoom(ions: number, demanded: demanded, sites: open) }
  }
}
