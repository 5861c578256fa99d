import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What follows from how a crystal, or the grains of a film, lie.
extension FieldModel {
  /// Barrier of a hop along z before strain acts, J: one of all, or one per column of voxels.
  ///
  /// A layered compound lets ions across its layers more slowly, so a crystal's barrier along z depends on how it lies:
  ///
  ///     E = E_m − kT ln(D_zz/D_ab),  D = D_g [1 + (m − 1) δ S_v]
  ///
  /// Beside it, grain boundaries are ways side by side (Hart, *Acta Metall.* 5 (1957) 597): m of the boundary's
  /// diffusivity over the grain's, δ of its width, S_v of boundary per volume. Physics (3.12), (5.5): m is 1 unless the
  /// recipe says otherwise.
  func hopBarriers(of crystal: GrownCrystal, grains: WindowGrains?) -> [Double] {
    let thermal = Constants.boltzmann * crystal.temperature.si
    let hop = compound.defects.halideMigrationEnergy.si
    let isLayered = compound.defects.interlayerBarrier != nil
    func barrier(_ rotation: Rotation) -> Double {
      guard isLayered else { return hop }
      let tensor = HalideDiffusion.tensor(in: compound, at: crystal.temperature)
      let fastest = max(tensor.xx, tensor.yy, tensor.zz)
      return hop - thermal * log(tensor.rotated(by: rotation).zz / fastest)
    }
    guard let grains, let structure = crystal.grains else {
      return [barrier(Rotation(crystal.orientation.quaternion))]
    }
    var ofGrain = grains.rotations.map(barrier)
    if !grains.isResolved {
      // Ways through many grains side by side.
      let mean = ofGrain.reduce(0) { $0 + exp((hop - $1) / thermal) } / Double(ofGrain.count)
      ofGrain = [hop - thermal * log(mean)]
    }
    let mobility = (boundaryMobility ?? structure.boundaryMobility).si
    return grains.labels.indices.map { column in
      let share = min(1, DefectExcess.boundaryWidth * grains.boundaryDensity[column])
      return ofGrain[grains.labels[column]] - thermal * log1p((mobility - 1) * share)
    }
  }

  /// cos² between the stacking axis and z, mean over grains.
  func stackingAlignment(of crystal: GrownCrystal, grains: WindowGrains?) -> Double {
    let axis = compound.lattice.reciprocal(0, 0, 1).normalized
    let rotations = grains?.rotations ?? [Rotation(crystal.orientation.quaternion)]
    return rotations.reduce(0) { sum, rotation in
      let cosine = rotation(axis).z
      return sum + cosine * cosine
    } / Double(rotations.count)
  }

  /// The angle between the support's normal and the nearest normal of the face's family, rad.
  func tilt(of orientation: Orientation) throws -> Double {
    let rotation = Rotation(orientation.quaternion)
    let family = try LatticeSymmetry(of: compound.lattice).family(orientation.face)
    let largest = family.map { face in
      rotation(compound.lattice.reciprocal(face.x, face.y, face.z).normalized).z
    }.max()!
    return acos(min(1, largest))
  }
}
