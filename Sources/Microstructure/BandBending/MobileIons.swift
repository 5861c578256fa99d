import Fields

/// Ions, or vacancies, that move among sites until they are in equilibrium.
///
///     c = c_max / {1 + exp[(z q φ + U − μ)/kT]}
///
/// One to a site: physics (8.6). Source: Bikerman, *Philos. Mag.* 33 (1942) 384; Kilic, Bazant & Ajdari, *Phys. Rev. E*
/// 75 (2007) 021502.
public struct MobileIons: Hashable, Sendable {
  /// What sets the chemical potential μ.
  public enum Supply: Hashable, Sendable {
    /// As many as there are: their mean density over the grid, 1/m³.
    case conserved(mean: Double)
    /// A bulk far away in which U is 0: its density in 1/m³, and its potential in V as that of a solution counts.
    case reservoir(density: Double, potential: Double)
  }

  /// z, in elementary charges; +1 for vacancies of a halide.
  public var charge: Int
  /// c_max, 1/m³.
  public var siteDensity: Double
  public var supply: Supply
  /// U per voxel, J: of strain, or of places that ions like; infinite where they cannot be. 0 if there is none.
  public var energy: Field?

  public init(charge: Int, siteDensity: Double, supply: Supply, energy: Field? = nil) {
    self.charge = charge
    self.siteDensity = siteDensity
    self.supply = supply
    self.energy = energy
  }
}
