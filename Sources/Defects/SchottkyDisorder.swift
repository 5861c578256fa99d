import Foundation
import Materials
import NumericalMethods
import Quantities

/// The Schottky disorder of ABX₃ at one temperature: V_X⁺, V_A⁻, V_B²⁻, electrons and holes, tied by mass action.
///
///     [V_A'][V_X•] = K_AX,  K_AX  = N_A N_X  exp(−2 E_AX / kT)
///     [V_B''][V_X•]² = K_BX2, K_BX2 = N_B N_X² exp(−3 E_BX2 / kT)
///     n p = n_i²
///     [V_X•] + p = [V_A'] + 2 [V_B''] + n
///
/// Kröger-Vink notation; physics (1.15), (1.16). Dilute defects: valid while fewer than a few percent of the sites are empty.
public struct SchottkyDisorder: Sendable {
  /// Densities in 1/m³ at one halide activity.
  public struct Densities: Hashable, Sendable {
    public var halideVacancies: Double
    public var cationVacancies: Double
    public var leadVacancies: Double
    public var electrons: Double
    public var holes: Double
    /// Fermi level above the intrinsic one, J.
    public var fermiLevel: Double
    /// Net charge over the sum of all charges.
    public var neutralityResidual: Double
  }

  public let temperature: Double
  /// [V_A'][V_X•], m⁻⁶.
  public let productAX: Double
  /// [V_B''][V_X•]², m⁻⁹.
  public let productBX2: Double
  /// Intrinsic carrier density, 1/m³.
  public let intrinsicCarriers: Double
  /// [V_X•] of the stoichiometric crystal, 1/m³.
  public let stoichiometricHalideVacancies: Double

  /// - Parameter temperature: K, above 0.
  /// - Throws: `Roots.Failure` for energies that leave no root.
  public init(of compound: Compound, at temperature: Temperature) throws {
    let kT = Constants.boltzmann * temperature.si
    let sites = compound.formulaUnitDensity
    let defects = compound.defects
    let electronic = compound.electronicStructure
    let quantumDensity = { (mass: Double) -> Double in
      2 * pow(2 * Double.pi * mass * Constants.electronMass * kT / (Constants.planck * Constants.planck), 1.5)
    }
    try self.init(
      temperature: temperature.si,
      productAX: 3 * sites * sites * exp(-2 * defects.schottkyEnergyAX.si / kT),
      productBX2: 9 * sites * sites * sites * exp(-3 * defects.schottkyEnergyBX2.si / kT),
      intrinsicCarriers: (quantumDensity(electronic.electronMass.si) * quantumDensity(electronic.holeMass.si))
        .squareRoot() * exp(-electronic.bandGap.si / (2 * kT)))
  }

  /// The disorder with given mass-action constants.
  public init(temperature: Double, productAX: Double, productBX2: Double, intrinsicCarriers: Double) throws {
    self.temperature = temperature
    self.productAX = productAX
    self.productBX2 = productBX2
    self.intrinsicCarriers = intrinsicCarriers
    // x = K_AX/x + 2 K_BX2/x², in the logarithm of x, where it is monotone.
    let scale = max(productAX.squareRoot(), cbrt(2 * productBX2))
    guard scale > 0, scale.isFinite else {
      stoichiometricHalideVacancies = 0
      return
    }
    let logarithm = try Roots.brent(-1, 1.5, tolerance: 1e-16) { s in
      let x = scale * exp(s)
      return (x - productAX / x - 2 * productBX2 / (x * x)) / scale
    }
    stoichiometricHalideVacancies = scale * exp(logarithm)
  }

  /// The densities where the halide activity is `activity` times that of the stoichiometric crystal.
  ///
  /// Monotone Newton iteration in the Fermi level, guarded by bisection.
  /// - Throws: `Roots.Failure.notConverged`, never seen for positive constants.
  public func densities(halideActivity activity: Double = 1) throws -> Densities {
    let base = stoichiometricHalideVacancies / activity
    guard base > 0 else {
      return Densities(
        halideVacancies: 0, cationVacancies: 0, leadVacancies: 0, electrons: intrinsicCarriers,
        holes: intrinsicCarriers, fermiLevel: 0, neutralityResidual: 0)
    }
    func charges(_ level: Double) -> (x: Double, a: Double, b: Double, n: Double, p: Double) {
      let x = base * exp(-level)
      return (x, productAX / x, productBX2 / (x * x), intrinsicCarriers * exp(level), intrinsicCarriers * exp(-level))
    }
    var low = -200.0
    var high = 200.0
    var level = 0.0
    for _ in 0..<200 {
      let (x, a, b, n, p) = charges(level)
      let net = x + p - a - 2 * b - n
      let slope = -(x + p + a + 4 * b + n)
      if net == 0 { break }
      if net > 0 { low = level } else { high = level }
      var next = level - net / slope
      if !(next >= low && next <= high) { next = 0.5 * (low + high) }
      let step = abs(next - level)
      level = next
      if step <= 1e-15 * max(1, abs(level)) { break }
    }
    let (x, a, b, n, p) = charges(level)
    let total = x + p + a + 2 * b + n
    let residual = (x + p - a - 2 * b - n) / total
    guard abs(residual) < 1e-10 else { throw Roots.Failure.notConverged(after: 200, remainingWidth: high - low) }
    return Densities(
      halideVacancies: x, cationVacancies: a, leadVacancies: b, electrons: n, holes: p,
      fermiLevel: level * Constants.boltzmann * temperature, neutralityResidual: residual)
  }
}
