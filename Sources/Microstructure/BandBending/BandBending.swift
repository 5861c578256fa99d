import Fields
import Foundation
import Quantities
import Specimens

/// One step of Newton's method.
public struct NewtonStep: Hashable, Sendable {
  /// Root mean square of the charge that does not fit, before the step, over that of the charge.
  public var residual: Double
  /// Share of the full step that was taken.
  public var length: Double
  /// By how much the free energy fell, J.
  public var decrease: Double
  /// Applications of the preconditioner.
  public var iterations: Int
}

/// A potential, the bands that follow it and the charges that make it.
public struct BandBending: Hashable, Sendable {
  /// φ at the cells' centers, V: −q φ is the conduction band's edge E_c, as −q times a voltage is a Fermi level.
  public var potential: Field
  /// Net charge, C/m³.
  public var charge: Field
  /// Density of each kind of ions, 1/m³.
  public var ions: [Field]
  /// μ of each kind of ions, J, on the scale of z q φ + U.
  public var chemicalPotentials: [Double]
  /// Density of electrons in each kind of levels of the gap, 1/m³.
  public var filledLevels: [Field]
  /// Densities of electrons and holes, 1/m³; nil without carriers.
  public var electrons: Field?
  public var holes: Field?
  /// E_F, J; nil without carriers.
  public var fermiLevel: Field?
  /// E_g, J; nil without carriers.
  public var gap: Double?
  /// Of each electrode into the medium, C: the charge it shows.
  public var electrodeCharges: [Double]
  /// Newton's steps, in order.
  public var steps: [NewtonStep]
  /// |Σ charges of the electrodes + Σ charge| over half the sum of their magnitudes.
  public var chargeMismatch: Double
  /// Root mean square of the charge that does not fit over that of the charge.
  public var residual: Double
  /// Least distance of E_F from a band's edge, over kT; carriers are not degenerate as long as it is above 3.
  /// Nil without carriers or gap.
  public var bandDistance: Double?

  /// E_c per voxel, J.
  public var conductionBand: Field {
    Field(potential.grid, values: potential.values.map { -Constants.elementaryCharge * $0 })
  }

  /// E_v per voxel, J; nil without carriers.
  public var valenceBand: Field? {
    gap.map { gap in Field(potential.grid, values: conductionBand.values.map { $0 - gap }) }
  }

  /// E_F above the valence band's edge, J; nil without carriers.
  public var fermiLevelAboveValence: Field? {
    guard let fermiLevel, let valenceBand else { return nil }
    return Field(potential.grid, values: zip(fermiLevel.values, valenceBand.values).map { $0 - $1 })
  }

  /// Distance from the bands, in kT, below which Boltzmann's law overstates the carriers by more than 2 %.
  public static let leastBandDistance = 3.0

  /// What the reader must know of the result.
  public var warnings: [ValidityWarning] {
    guard let bandDistance, bandDistance < Self.leastBandDistance else { return [] }
    let text =
      "the Fermi level comes within \(String(format: "%.2g", bandDistance)) kT of a band, less than "
      + "\(Self.leastBandDistance): carriers there are degenerate, and fewer than Boltzmann's law tells"
    return [ValidityWarning(stage: "fields", code: "degenerateCarriers", message: text)]
  }
}
