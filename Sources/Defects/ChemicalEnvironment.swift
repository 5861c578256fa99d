import Foundation
import Quantities

/// What the crystal may exchange atoms with: activities relative to a reference in which all are 1.
///
/// The perovskite itself is there, so of the salts AX and BX₂ only one activity is free:
///
///     a_AX^n_A · a_BX₂^n_B = 1
///
/// The halogen's activity is that of X = ½X₂. An activity is exp(Δμ/kT), so none of them is exact beyond dilute solutions.
public struct ChemicalEnvironment: Hashable, Sendable {
  /// ln a_AX.
  public var logSalt: Double
  /// ln a_BX₂.
  public var logMetalHalide: Double
  /// ln a_X; halide-rich above 0, halide-poor below.
  public var logHalide: Double

  public static let reference = ChemicalEnvironment(saltActivity: 1)

  /// The surroundings of a compound with n_A cations and n_B metals in its formula unit.
  public init(saltActivity: Double, halideActivity: Double = 1, cations: Int = 1, metals: Int = 1) {
    logSalt = log(saltActivity)
    logMetalHalide = metals > 0 ? -logSalt * Double(cations) / Double(metals) : 0
    logHalide = log(halideActivity)
  }

  /// A solution in equilibrium with the crystal, by its moles of AX over BX₂ relative to the compound's.
  ///
  ///     a_AX / a_BX₂ = r,  a_AX^n_A · a_BX₂^n_B = 1  →  ln a_AX = n_B/(n_A + n_B) ln r
  ///
  /// Ideal solutes: valid while complexes of the metal do not depend on r.
  public init(precursorRatio ratio: Double, halideActivity: Double = 1, cations: Int = 1, metals: Int = 1) {
    self.init(
      saltActivity: pow(ratio, Double(metals) / Double(metals + cations)), halideActivity: halideActivity,
      cations: cations, metals: metals)
  }

  /// The nearest surroundings in which the compound does not fall apart into AX or BX₂.
  ///
  ///     n_A μ_AX + n_B μ_BX₂ = −E,  μ ≤ 0  →  |ln a_AX| ≤ E/(2 n_A kT)
  ///
  /// μ from the solid salts. The reference is taken to lie in the middle of the window; where it does lie is not known.
  public func bounded(by energy: Energy, at temperature: Temperature, cations: Int = 1, metals: Int = 1) -> Self {
    let limit = max(0, energy.si) / (2 * Double(cations) * Constants.boltzmann * temperature.si)
    var inside = Self(
      saltActivity: exp(min(max(logSalt, -limit), limit)), cations: cations, metals: metals)
    inside.logHalide = logHalide
    return inside
  }

  /// Σ n_i μ_i / kT of the atoms that a defect takes in, relative to the reference.
  func logActivity(of atoms: AtomExchange) -> Double {
    Double(atoms.cation) * (logSalt - logHalide) + Double(atoms.metal) * (logMetalHalide - 2 * logHalide)
      + Double(atoms.halide) * logHalide
  }
}

/// Atoms that the crystal takes in when a defect forms: −1 for what a vacancy gives away.
public struct AtomExchange: Hashable, Sendable {
  public var cation: Int
  public var metal: Int
  public var halide: Int

  public init(cation: Int = 0, metal: Int = 0, halide: Int = 0) {
    self.cation = cation
    self.metal = metal
    self.halide = halide
  }
}
