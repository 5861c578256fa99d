import Defects
import Fields
import Foundation
import Materials
import Quantities
import Specimens

/// Bands and vacancies of a window in equilibrium with its contacts: what a device is before any voltage.
///
///     div(ε grad φ) = −q [c(φ) − c₀ + p − n − (p − n)_bulk],   c = c₀ where φ is that of the bulk
///
/// Physics (7.11), (8.6). As grown every voxel is neutral: what balances its vacancies (cation vacancies, antisites, foreign
/// ions) stays where it is. The random density c₀(x) is read as the energies of the places that vacancies took, so that
/// without contacts nothing moves. A window that is all of the crystal keeps its vacancies; another exchanges them with the
/// bulk below. The bulk's Fermi level is that of its surplus of electrons.
public struct WindowBands: Sendable {
  /// Surplus of electrons over holes in the bulk, 1/m³.
  public var excessElectrons: Double
  /// From the Fermi level up to the conduction band's edge at the top contact.
  public var topBarrier: Energy
  /// The same at the bottom contact, where the window reaches it; without one the lower end is insulating.
  public var bottomBarrier: Energy?

  /// Potential, over kT/q, that may be left at the lower end of a window that ends in the bulk.
  static let settledLimit = 0.5

  public init(excessElectrons: Double, topBarrier: Energy, bottomBarrier: Energy?) {
    self.excessElectrons = excessElectrons
    self.topBarrier = topBarrier
    self.bottomBarrier = bottomBarrier
  }

  /// - Throws: `BandBendingError`, `TransformError`.
  public func bands(of fields: CrystalFields, compound: Compound) throws -> BandFields {
    let structure = compound.electronicStructure
    let grid = fields.vacancyDensity.grid
    let temperature = fields.temperature.si
    let thermal = Constants.boltzmann * temperature
    let bands = CarrierBands(of: structure)
    let intrinsic = bands.intrinsicDensity(at: temperature)
    let bulkLevel = bands.intrinsicLevel(at: temperature) + thermal * asinh(excessElectrons / (2 * intrinsic))
    // E_F is 0, as the electrodes' voltage is.
    let bulkPotential = -(bands.gap - bulkLevel) / Constants.elementaryCharge

    // As `FieldWindow` has it: a remainder below half a plane is rounding.
    let isWhole = grid.origin.z < 0.5 * grid.spacing.z
    let reachesBottom = bottomBarrier != nil && isWhole
    let sites = compound.halideSiteDensity
    let mean = fields.vacancyDensity.mean
    var ions: [MobileIons] = []
    if mean > 0 {
      let level = log((sites - mean) / mean)
      let energy = fields.vacancyDensity.values.map { c -> Double in
        c > 0 ? thermal * (log((sites - c) / c) - level) : .infinity
      }
      ions = [
        MobileIons(
          charge: 1, siteDensity: sites,
          supply: isWhole ? .conserved(mean: mean) : .reservoir(density: mean, potential: bulkPotential),
          energy: Field(grid, values: energy))
      ]
    }
    var solver = try BandBendingSolver(
      grid, boundary: PotentialBoundary(bottom: reachesBottom ? .electrode : .insulating), of: structure,
      temperature: temperature, ions: ions)
    let contacts = (reachesBottom ? [bottomBarrier!] : []) + [topBarrier]
    let fixed = Field(grid, values: fields.vacancyDensity.values.map { excessElectrons - $0 })
    let solution = try solver.solve(contacts: contacts.map { BandContact(barrier: $0.si) }, fixedCharge: fixed)

    var warnings = solution.warnings
    let potential = Field(grid, values: solution.potential.values.map { $0 - bulkPotential })
    if !isWhole {
      let left = potential.values[..<grid.planeCount].reduce(0) { max($0, abs($1)) }
      let share = left * Constants.elementaryCharge / thermal
      if share > Self.settledLimit {
        warnings.append(
          .fields(
            "bandsBeyondWindow",
            "at the lower end of the window the bands are still bent by \(String(format: "%.2g", share)) kT; use a higher "
              + "window"))
      }
    }
    // What screens where it is densest, as a rule at the contact.
    var densest = 0.0
    let carriers = [solution.electrons, solution.holes].compactMap { $0 }
    for voxel in 0..<grid.count {
      densest = max(
        densest, carriers.reduce(ions.isEmpty ? 0 : solution.ions[0].values[voxel]) { $0 + $1.values[voxel] })
    }
    let debye =
      (structure.staticPermittivity.si * Constants.vacuumPermittivity * thermal
      / (Constants.elementaryCharge * Constants.elementaryCharge * max(densest, 1))).squareRoot()
    if grid.spacing.z > debye {
      warnings.append(
        .fields(
          "coarseDebyeLength",
          "voxels of \(String(format: "%.3g", grid.spacing.z * 1e9)) nm do not resolve the Debye length of "
            + "\(String(format: "%.3g", debye * 1e9)) nm where charges are densest; the bands there are too smooth"))
    }
    return BandFields(
      potential: potential, fermiLevel: solution.fermiLevelAboveValence!,
      vacancyDensity: ions.isEmpty ? fields.vacancyDensity : solution.ions[0], warnings: warnings)
  }
}
