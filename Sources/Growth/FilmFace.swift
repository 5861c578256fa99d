import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The upper face of a film from vapor, from the moment when islands meet.
///
///     ∂h/∂t = ν ∇²h − K ∇⁴h + (λ/2) |∇h|² + v + η
///     λ = v (1 − p),  p = ∂ln v/∂ln F      ν = −(γΩ/kT) ∂v/∂ln k₋      K = D N₀ θ γ Ω²/kT
///
/// Physics (3.9) with its constants from the balance of salts (`SurfaceBalance`). Molecules fly straight, so a slope
/// gets as much per plan as a level place: where all of it stays, p = 1 and nothing grows along the normal. Where
/// growth answers otherwise to what arrives, the area of a slope counts, λ. A crest lets the compound go more easily
/// than a trough (Gibbs & Thomson: the rate k₋ of falling apart takes a factor exp(γ Ω κ/kT)), ν. Formula units that
/// wander along the face even it out, K (Mullins, *J. Appl. Phys.* 28 (1957) 333), as many as the scarcest salt
/// has on it. No shadows, as the slopes are small beside the sources' distance. The face begins as the half spheres that
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
  /// Steps with a gradient term, at most.
  static let mostSteps = 400

  /// - Parameters:
  ///   - fluxes: what lands, molecules per area and time.
  init(
    of compound: Compound, boundaries: GrainBoundaries, law: Sublimation, laws: FilmColumn.Laws,
    fluxes: SurfaceBalance.Salts, temperature: Temperature, domes: ImpingingDomes, thickness: Double
  ) {
    let kT = Constants.boltzmann * temperature.si
    let unitVolume = 1 / compound.formulaUnitDensity
    let balance = laws.balance
    func speed(_ fluxes: SurfaceBalance.Salts, _ balance: SurfaceBalance) -> Double {
      laws.phases.volume(fluxes - balance.rates(fluxes).desorbed)
    }
    let v = speed(fluxes, balance)
    let step = 1e-3
    let response = (speed((1 + step) * fluxes, balance) - speed((1 - step) * fluxes, balance)) / (2 * step)
    var (more, less) = (balance, balance)
    more.dissociation *= 1 + step
    less.dissociation *= 1 - step
    let loss = (speed(fluxes, less) - speed(fluxes, more)) / (2 * step)
    let capillary = boundaries.surfaceEnergy.si * unitVolume / kT
    let coverage = balance.rates(fluxes).coverage
    let scarcest = law.salts.keys.sorted().indices.map { coverage[$0] }.min() ?? 0
    // D N₀ of hops with the attempt frequency: no site density is left in it.
    let wandering = 0.25 * law.attemptFrequency.si * exp(-law.diffusionEnergy.si / kT)
    self.law = SurfaceGrowth.Law(
      tension: max(0, capillary * loss), diffusion: wandering * scarcest * capillary * unitVolume, tilt: v - response,
      speed: v, unitVolume: unitVolume)
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
  /// - Throws: `TransformError`.
  func roughness(grainSize: Double, random: inout RandomSource) throws -> SurfaceRoughness {
    guard let closed = closedHeight, law.speed > 0 else {
      return SurfaceRoughness(
        deviation: Length(si: domes.roughness), correlationLength: Length(si: 1 / domes.density.squareRoot()),
        pinholeShare: Ratio(si: domes.bareShare))
    }
    let edge = (Double(Self.mapIslands) / domes.density).squareRoot()
    var surface = try SurfaceGrowth(
      law, width: Self.mapWidth, edge: edge,
      heights: ImpingingDomes(density: domes.density, thickness: closed).heights(
        width: Self.mapWidth, edge: edge, count: Self.mapIslands, random: &random))
    let time = (thickness - closed) / law.speed
    let steps = surface.stableSteps(for: time, atMost: Self.mostSteps)
    surface.advance(by: time / Double(steps), steps: steps, random: &random)
    let grooves = Self.grooves(
      slope: grooveSlope, width: pow(law.diffusion * time, 0.25), grainSize: grainSize)
    let found = surface.roughness
    return SurfaceRoughness(
      deviation: Length(si: (found.deviation.si * found.deviation.si + grooves * grooves).squareRoot()),
      correlationLength: Length(
        si: grooves > found.deviation.si ? grainSize : max(found.correlationLength.si, edge / Double(Self.mapWidth))),
      pinholeShare: found.pinholeShare)
  }

  /// Standard deviation of the height that grooves along the boundaries make, m.
  ///
  ///     W = m d/(π√12)  where they meet,  W ∝ w^(3/2) before,  w = (K t)^(1/4)
  ///
  /// Grooves are some 4.6 w wide and of one shape (Mullins, *J. Appl. Phys.* 28 (1957) 333, from memory); grains whose
  /// grooves meet are caps of slope m at their rims. Right to a factor.
  static func grooves(slope: Double, width: Double, grainSize: Double) -> Double {
    let share = min(1, 4.6 * width / grainSize)
    return slope * grainSize / (Double.pi * 12.0.squareRoot()) * share * share.squareRoot()
  }
}
