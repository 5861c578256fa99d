import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The dies of a plate, and where the models end.
extension SpinCoating {
  /// Dies of the plate. Chance alone tells them apart: what is left of the roughness over a die, and of its count of
  /// grains.
  ///
  ///     ⟨δh²⟩ = W² min(1, d²/A),   ⟨(δb/b)²⟩ = (ς_A² d²/A)/4,  ς_A² = e^{4 ς²} − 1
  ///
  /// A of the die, b its boundary per volume, ς the deviation of ln √area of the grains.
  func members(of crystal: GrownCrystal, random: inout RandomSource) -> [PlateMember] {
    guard let dieEdge, let grains = crystal.grains, let roughness = crystal.roughness else { return [] }
    let edge = plateArea.si.squareRoot()
    let count = Int(min(Self.mostDies, (edge / dieEdge.si).rounded(.down)))
    let area = dieEdge.si * dieEdge.si
    let share = min(1, grains.size.si * grains.size.si / area)
    let height = roughness.deviation.si * share.squareRoot()
    let spread = 0.5 * (expm1(4 * grains.logDeviation * grains.logDeviation) * share).squareRoot()
    let atBoundaries = grains.boundaryDensity * grains.boundaryTraps.si
    var members: [PlateMember] = []
    for j in 0..<count {
      for i in 0..<count {
        let thickness = crystal.thickness.si + height * random.normal()
        let factor = max(0, 1 + spread * random.normal())
        members.append(
          PlateMember(
            position: center + (SIMD2(Double(i), Double(j)) - 0.5 * Double(count - 1)) * dieEdge.si,
            area: Area(si: area), thickness: Length(si: max(0.05 * crystal.thickness.si, thickness)),
            halideVacancies: crystal.defects.halideVacancies,
            trapDensity: NumberDensity(si: crystal.traps.density.si + (factor - 1) * atBoundaries),
            boundaryTraps: NumberDensity(si: factor * atBoundaries)))
      }
    }
    return members
  }

  static func thinned(_ record: [GrowthRecord]) -> [GrowthRecord] {
    let stride = max(1, record.count / 300)
    return record.indices.filter { $0 % stride == 0 || $0 == record.count - 1 }.map { record[$0] }
  }

  /// Share of antisolvent by volume up to which a measured solid stands behind `solubilityFall`: first crystals of
  /// MAPbI3 at a saturation ratio of 2 to 5 with dichloromethane (RAPID2, see data/) are at 0.2 to 0.45.
  static let knownShare = 0.5

  /// Nuclei nearer to each other than so many lattice constants are hardly crystals.
  static let crowdedNuclei = 20.0

  func warnings(_ wet: WetFilm, nuclei: Double, columns: Double, of material: Compound) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    func warn(_ code: String, _ message: String) {
      found.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    if wet.dryTime == nil {
      warn("filmStillWet", "solvent is left in the film at the end; what it holds is not counted")
    }
    if let dry = wet.dryTime, dry > duration.si {
      warn("driedOffTheSpinner", "the film dried after the plate had stopped, in still air at the next temperature")
    }
    if cosolvent != nil {
      warn("evenEvaporation", "the solvents are taken to leave in the proportion in which they were mixed")
    }
    if let quenchTime, wet.firstBirth.map({ $0.time < quenchTime.si }) ?? false {
      warn("quenchTooLate", "crystals had appeared before the antisolvent came")
    }
    if antisolvent != nil, quenchFraction.si > Self.knownShare {
      warn(
        "antisolventBeyondData",
        String(
          format: "%.2g %% of antisolvent: solubilities are measured up to about %.2g %% and extrapolated beyond",
          100 * quenchFraction.si, 100 * Self.knownShare))
    }
    if concentration.si > 2000 {
      warn("concentratedSolution", "above 2 mol/L activities are no longer concentrations")
    }
    if nuclei < Self.crowdedNuclei * material.latticeConstant.si {
      warn(
        "crowdedNuclei",
        String(
          format:
            "nuclei stand %.2g nm apart, a few lattice constants: nucleation theory ends here; columns are %.2g nm "
            + "wide when the film is dry", nuclei * 1e9, columns * 1e9)
      )
    }
    if wet.state.coverage < 0.95 {
      warn("openFilm", String(format: "%.2g %% of the substrate is bare", 100 * (1 - wet.state.coverage)))
    }
    return found
  }
}
