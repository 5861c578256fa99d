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
    /// c* where the crystal is; that of the solution without antisolvent, if nil.
    var saturation: Double?
    /// Solute that all crystals have left, over volume of solvent; the same as far from the face, if nil.
    var remaining: Double?

    /// Between this moment and the next, linear, where the crystal has an edge.
    func interpolated(to next: Moment, at edge: Double) -> Moment {
      let share = next.edge > self.edge ? max(0, (edge - self.edge) / (next.edge - self.edge)) : 0
      func mean(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
      func mean(_ a: Double?, _ b: Double?) -> Double? { a.flatMap { a in b.map { mean(a, $0) } } }
      return Moment(
        time: mean(time, next.time), temperature: mean(temperature, next.temperature),
        concentration: mean(concentration, next.concentration), edge: edge,
        saturation: mean(saturation, next.saturation), remaining: mean(remaining, next.remaining))
    }
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

  /// Mean lateral speed of a face; none of a seed that lost more than it gained.
  var meanSpeed: Velocity {
    guard let first = moments.first, let last = moments.last else { return Velocity(si: 0) }
    return Velocity(si: max(0, last.edge - first.edge) / (2 * max(last.time - first.time, 1)))
  }

  /// Densities of point defects at the end of growth, mean over the plan.
  var defects: DefectInventory { rings.inventory(freezeTemperature: growthTemperature) }

  /// Solvent included where the middle of a face starves against its corners.
  ///
  ///     δc = β_f min[R (ρ_c − c) L / D, 2 (c − c_i)],  inclusions where δc / (c − c*) > κ
  ///
  /// Physics (1.11): the first form is that of diffusion alone; where flow feeds the face through a layer thinner than half
  /// the face, the corner has no more to give than what the layer drops, c − c_i, which the face's speed tells. How much is
  /// included is not known: the volume fraction rises with the excess toward `largestInclusionFraction`.
  var inclusionFraction: Ratio {
    let law = compound.growthKinetics
    let growth = FaceGrowth(of: compound)
    var index = 0
    var fractions: [Double] = []
    for ring in rings.radii.indices {
      while index + 1 < moments.count, moments[index].time < rings.births[ring] { index += 1 }
      let ratio = Self.depletion(
        at: moments[index], edge: 2 * rings.radii[ring], speed: rings.speeds[ring], of: growth, from: liquor,
        cornerDepletion: law.cornerDepletion.si)
      fractions.append(law.largestInclusionFraction.si * max(0, 1 - law.inclusionThreshold.si / max(ratio, 1e-300)))
    }
    return Ratio(si: rings.planMean(fractions))
  }

  /// δc/(c − c*) of a face.
  static func depletion(
    at moment: Moment, edge: Double, speed: Double, of growth: FaceGrowth, from liquor: MotherLiquor,
    cornerDepletion: Double
  ) -> Double {
    let inSolution = { (c: Double) -> Double in c / (1 + c / growth.crystalDensity) }
    let saturation = moment.saturation ?? liquor.saturation(at: moment.temperature)
    let (free, least) = (inSolution(moment.concentration), inSolution(saturation))
    guard free > least, speed > 0 else { return 0 }
    // σ_i of the face, from the speed: the integration law rises with σ.
    var (low, high) = (0.0, log(moment.concentration / saturation))
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if growth.integrationSpeed(supersaturation: middle, temperature: moment.temperature) < speed {
        low = middle
      } else {
        high = middle
      }
    }
    let drop = free - inSolution(saturation * exp(high))
    let still = speed * (growth.crystalDensity - free) * edge / liquor.diffusivity(at: moment.temperature)
    return cornerDepletion * min(still, 2 * drop) / (free - least)
  }

  /// Notes the form that the crystal grew in, and where the laws of its growth, defects and traps did not hold.
  func judge(_ crystal: inout GrownCrystal) {
    crystal.form = form
    if form != .polyhedral {
      crystal.warnings.append(
        ValidityWarning(
          stage: "growth", code: "notPolyhedral",
          message: "the supersaturation makes the crystal \(form.rawValue); it is followed with flat faces"))
    }
    crystal.noteDefects(largestSiteFraction: rings.largestSiteFraction)
  }

  /// The form by the two transitional supersaturations, physics (1.11): the wildest that a tenth of the plan grew in.
  var form: CrystalForm {
    let law = compound.growthKinetics
    var index = 0
    var supersaturations: [Double] = []
    for birth in rings.births {
      while index + 1 < moments.count, moments[index].time < birth { index += 1 }
      let moment = moments[index]
      supersaturations.append(
        log(max(moment.concentration, 1e-300) / (moment.saturation ?? liquor.saturation(at: moment.temperature))))
    }
    func isCommon(_ limit: Ratio?) -> Bool {
      guard let limit else { return false }
      return rings.planMean(supersaturations.map { $0 > limit.si ? 1 : 0 }) > 0.1
    }
    if isCommon(law.dendriteSupersaturation) { return .dendritic }
    return isCommon(law.hopperSupersaturation) ? .hopper : .polyhedral
  }
}
