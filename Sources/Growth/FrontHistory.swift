import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What the moving faces of one crystal saw, and what that left in it.
struct FrontHistory {
  /// The front at the end of a time step.
  struct Moment {
    var time: Double
    var temperature: Double
    /// Solute far from the face, moles per volume of solvent.
    var concentration: Double
    /// Edge of the crystal, m.
    var edge: Double
  }

  let compound: Compound
  let liquor: MotherLiquor
  /// From the crystal's birth to its harvest.
  let moments: [Moment]
  let rings: ZoningProfile
  /// Mean over the plan.
  let growthTemperature: Temperature

  /// - Throws: `GrowthError.dissolved` where nothing was left to harvest, `GrowthError.defects`.
  init(_ moments: [Moment], of compound: Compound, from liquor: MotherLiquor) throws {
    self.moments = moments
    self.compound = compound
    self.liquor = liquor
    rings = try GrowthError.naming { try ZoningProfile(moments, compound: compound, liquor: liquor) }
    growthTemperature = .kelvin(rings.planMean(rings.temperatures))
  }

  /// Mean lateral speed of a face.
  var meanSpeed: Velocity {
    guard let first = moments.first, let last = moments.last else { return Velocity(si: 0) }
    return Velocity(si: last.edge / (2 * max(last.time - first.time, 1)))
  }

  /// Densities of point defects at the end of growth, mean over the plan.
  func defects() throws -> DefectInventory { rings.inventory(freezeTemperature: growthTemperature) }

  /// Solvent included where the middle of a face starves against its corners.
  ///
  ///     δc = β_f R ρ_c L / D_m,  inclusions where δc / (c − c*) > κ
  ///
  /// Physics (1.11). How much is included is not known: the volume fraction rises with the excess toward
  /// `largestInclusionFraction`.
  var inclusionFraction: Ratio {
    let law = compound.growthKinetics
    var index = 0
    var fractions: [Double] = []
    for ring in rings.radii.indices {
      while index + 1 < moments.count, moments[index].time < rings.births[ring] { index += 1 }
      let moment = moments[index]
      let excess = moment.concentration - liquor.saturation(at: moment.temperature)
      let depletion =
        law.cornerDepletion.si * rings.speeds[ring] * compound.molarDensity * 2 * rings.radii[ring]
        / liquor.diffusivity(at: moment.temperature)
      let ratio = excess > 0 ? depletion / excess : 0
      fractions.append(law.largestInclusionFraction.si * max(0, 1 - law.inclusionThreshold.si / max(ratio, 1e-300)))
    }
    return Ratio(si: rings.planMean(fractions))
  }

  /// The form by the two transitional supersaturations, physics (1.11): the wildest that a tenth of the plan grew in.
  var form: CrystalForm {
    let law = compound.growthKinetics
    var index = 0
    var supersaturations: [Double] = []
    for birth in rings.births {
      while index + 1 < moments.count, moments[index].time < birth { index += 1 }
      let moment = moments[index]
      supersaturations.append(log(max(moment.concentration, 1e-300) / liquor.saturation(at: moment.temperature)))
    }
    func isCommon(_ limit: Ratio?) -> Bool {
      guard let limit else { return false }
      return rings.planMean(supersaturations.map { $0 > limit.si ? 1 : 0 }) > 0.1
    }
    if isCommon(law.dendriteSupersaturation) { return .dendritic }
    return isCommon(law.hopperSupersaturation) ? .hopper : .polyhedral
  }
}
