import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The upper face of a film from vapor, from the moment when islands meet.
///
///     ∂h/∂t = ν ∇²h − K ∇⁴h + (λ/2) |∇h|² + v + η
///     λ = v (1 − p),  p = ∂ln v/∂ln F      ν = −(γΩ/kT) ∂v/∂ln k₋      K = (D N₀ γ Ω²/kT)/Σ ν_i²/θ_i
///
/// Physics (3.9) with its constants from the balance of salts (`SurfaceBalance`). Molecules fly straight, so a slope
/// gets as much per plan as a level place: where all of it stays, p = 1 and nothing grows along the normal. Where
/// growth answers otherwise to what arrives, the area of a slope counts, λ. A crest lets the compound go more easily
/// than a trough (Gibbs & Thomson: the rate k₋ of falling apart takes a factor exp(γ Ω κ/kT)), ν. Formula units that
/// wander along the face even it out, K (Mullins, *J. Appl. Phys.* 28 (1957) 333): each salt carries its ν, so that the
/// scarce one holds the others up. Hops on the film are taken for those on the substrate. No shadows: sources are far
/// and few. Constants are means over the run by what grows. The face begins as the half spheres that
/// met; boundaries dig grooves into it as they cross it (`grooves`).
struct FilmFace {
  let law: SurfaceGrowth.Law
  let domes: ImpingingDomes
  /// Film's mean height, m.
  let thickness: Double
  /// tan ψ of the groove's slope: sin ψ = γ_b/(2 γ_s).
  let grooveSlope: Double

  /// Share of the substrate that is bare when the film counts as closed.
  static let closedShare = 1e-3
  /// Points along an edge of the map, and half spheres on it.
  static let mapWidth = 64
  static let mapIslands = 36
  /// Steps with a gradient term, at most; so many are taken before the slopes are looked at again.
  static let mostSteps = 400
  private static let stepsAtOnce = 20

  /// - Parameters:
  ///   - landing: molecules per area that land in parts of the run, and how long each takes, s.
  init(
    of compound: Compound, boundaries: GrainBoundaries, law: Sublimation, laws: FilmColumn.Laws,
    landing: [(salts: SurfaceBalance.Salts, time: Double)], temperature: Temperature, domes: ImpingingDomes,
    thickness: Double
  ) {
    let kT = Constants.boltzmann * temperature.si
    let unitVolume = 1 / compound.formulaUnitDensity
    let balance = laws.balance
    func speed(_ fluxes: SurfaceBalance.Salts, _ balance: SurfaceBalance) -> Double {
      laws.phases.volume(fluxes - balance.rates(fluxes).desorbed)
    }
    let step = 1e-3
    var (more, less) = (balance, balance)
    more.dissociation *= 1 + step
    less.dissociation *= 1 - step
    let capillary = boundaries.surfaceEnergy.si * unitVolume / kT
    // D N₀ of hops with the attempt frequency: no site density is left in it.
    let hopping = 0.25 * law.attemptFrequency.si * exp(-law.diffusionEnergy.si / kT)
    var (grown, time, tension, diffusion, tilt) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for part in landing where part.time > 0 {
      let fluxes = part.salts / part.time
      let v = speed(fluxes, balance)
      guard v > 0 else { continue }
      let response = (speed((1 + step) * fluxes, balance) - speed((1 - step) * fluxes, balance)) / (2 * step)
      let loss = (speed(fluxes, less) - speed(fluxes, more)) / (2 * step)
      let coverage = balance.rates(fluxes).coverage
      let resistance = (0..<law.salts.count).reduce(0.0) {
        $0 + balance.counts[$1] * balance.counts[$1] / max(coverage[$1], 1e-300)
      }
      let weight = v * part.time
      grown += weight
      time += part.time
      tension += weight * max(0, capillary * loss)
      diffusion += weight * hopping * capillary * unitVolume / resistance
      tilt += weight * (v - response)
    }
    let scale = grown > 0 ? 1 / grown : 0
    self.law = SurfaceGrowth.Law(
      tension: scale * tension, diffusion: scale * diffusion, tilt: scale * tilt, speed: time > 0 ? grown / time : 0,
      unitVolume: unitVolume)
    self.domes = domes
    self.thickness = thickness
    let sine = min(0.99, boundaries.energy.si / (2 * boundaries.surfaceEnergy.si))
    grooveSlope = sine / (1 - sine * sine).squareRoot()
  }

  /// When the film closed: mean height, m; nil if it did not.
  var closedHeight: Double? {
    let reach = (-log(Self.closedShare)).squareRoot()
    let height = (reach - ImpingingDomes.dawson(reach)) / (Double.pi * domes.density).squareRoot()
    return height < thickness ? height : nil
  }

  /// - Parameter grainSize: at the end, m.
  /// - Returns: also whether growth along the normal was left out at the end, since the slopes asked for too many steps.
  /// - Throws: `TransformError`.
  func roughness(
    grainSize: Double, random: inout RandomSource
  ) throws -> (roughness: SurfaceRoughness, isCutShort: Bool) {
    guard let closed = closedHeight, law.speed > 0 else {
      let bare = SurfaceRoughness(
        deviation: Length(si: domes.roughness), correlationLength: Length(si: 1 / domes.density.squareRoot()),
        pinholeShare: Ratio(si: domes.bareShare))
      return (bare, false)
    }
    let edge = (Double(Self.mapIslands) / domes.density).squareRoot()
    var surface = try SurfaceGrowth(
      law, width: Self.mapWidth, edge: edge,
      heights: ImpingingDomes(density: domes.density, thickness: closed).heights(
        width: Self.mapWidth, edge: edge, count: Self.mapIslands, random: &random))
    let time = (thickness - closed) / law.speed
    var (left, taken) = (time, 0)
    while left > 0, taken < Self.mostSteps {
      let wanted = surface.stableSteps(for: left)
      guard wanted < Double(Self.stepsAtOnce * Self.mostSteps) else { break }
      let count = min(Int(wanted), Self.stepsAtOnce)
      surface.advance(by: left / wanted, steps: count, random: &random)
      taken += count
      left = Double(count) < wanted ? left * (1 - Double(count) / wanted) : 0
    }
    if left > 0 {
      var rest = law
      rest.tilt = 0
      surface = try SurfaceGrowth(rest, width: Self.mapWidth, edge: edge, heights: surface.heights)
      surface.advance(by: left, random: &random)
    }
    let grooves = Self.grooves(
      slope: grooveSlope, width: pow(law.diffusion * time, 0.25), grainSize: grainSize)
    let found = surface.roughness
    let whole = SurfaceRoughness(
      deviation: Length(si: (found.deviation.si * found.deviation.si + grooves * grooves).squareRoot()),
      correlationLength: Length(
        si: grooves > found.deviation.si ? grainSize : max(found.correlationLength.si, edge / Double(Self.mapWidth))),
      pinholeShare: found.pinholeShare)
    return (whole, left > 0)
  }

  /// Standard deviation of the height that grooves along the boundaries make, m.
  ///
  ///     W = m d/(2√(12π))  where they meet,  W ∝ w^(3/2) before,  w = (K t)^(1/4)
  ///
  /// Grooves are some 4.6 w wide and of one shape (Mullins, *J. Appl. Phys.* 28 (1957) 333, from memory); grains whose
  /// grooves meet are caps of slope m at their rims. Right to a factor.
  static func grooves(slope: Double, width: Double, grainSize: Double) -> Double {
    let share = min(1, 4.6 * width / grainSize)
    return slope * grainSize / (2 * (12 * Double.pi).squareRoot()) * share * share.squareRoot()
  }
}
