import Foundation
import Materials
import NumericalMethods
import Quantities

/// How fast halide vacancies spread, as a tensor: layered compounds hold them between their layers.
///
///     D = D_ab (I − n nᵀ) + D_n n nᵀ,   D_ab = (4/3) d² ν₀ exp(−E_m/kT),   D_n/D_ab = exp(−ΔE/kT)
///
/// Physics (5.5) and (8.1): eight neighbors at the distance d; n is the normal of the layers (001), ΔE what a hop across them
/// costs more, none if the compound gives no `interlayerBarrier`.
public enum HalideDiffusion {
  /// In the frame of `Lattice.axes`, m²/s.
  public static func tensor(in compound: Compound, at temperature: Temperature) -> SymmetricTensor {
    let law = compound.defects
    let kT = Constants.boltzmann * temperature.si
    let distance = compound.halideHopDistance
    let inPlane = 4.0 / 3 * distance * distance * law.attemptFrequency.si * exp(-law.halideMigrationEnergy.si / kT)
    guard let barrier = law.interlayerBarrier else { return SymmetricTensor(isotropic: inPlane) }
    return SymmetricTensor(
      along: inPlane * exp(-barrier.si / kT), across: inPlane, axis: compound.lattice.reciprocal(0, 0, 1))
  }

  /// In the frame of the device, for a crystal that lies like this: D′ = Q D Qᵀ, physics (5.4).
  public static func tensor(
    in compound: Compound, at temperature: Temperature, turned orientation: Rotation
  ) -> SymmetricTensor {
    tensor(in: compound, at: temperature).rotated(by: orientation)
  }
}
