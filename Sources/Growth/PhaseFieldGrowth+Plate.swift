import Foundation
import Materials
import Quantities

extension PhaseFieldGrowth {
  /// Crystals of a compound on a square plate at constant temperature, their faces in equilibrium with the solution.
  ///
  ///     Ω = (c − c*)/(ρ_c − c*),   c per volume of solution;   λ = 6/Ω,   W = plate/(0.9 points)
  ///
  /// The capillary length this λ makes, 0.15 Ω W, is not the compound's: a real one, of nanometers, has no bearing on a
  /// crystal of many W. Each crystal starts `age(of:)` after its nucleus would have formed, 5 W large, with the solution
  /// around it as it would then be. Integration at steps is left out, so it bounds the growth from above.
  /// - Parameters:
  ///   - concentration: moles per volume of solvent.
  ///   - points: along the plate's edge; even. 256 take some minutes to the end of growth.
  ///   - nuclei: from the plate's corner, m; at least 10 W apart.
  /// - Throws: `PhaseFieldError`, also where the solution is not supersaturated; `TransformError`, `Roots.Failure`.
  public init(
    of compound: Compound, in liquor: MotherLiquor, concentration: Concentration, at temperature: Temperature,
    plateEdge: Length, points: Int, nuclei: [SIMD2<Double>]
  ) throws {
    let density = compound.molarDensity
    let inSolution = { (c: Double) -> Double in c / (1 + c / density) }
    let saturation = inSolution(liquor.saturation(at: temperature.si))
    let omega = (inSolution(concentration.si) - saturation) / (density - saturation)
    guard omega > 0, omega < 1 else {
      throw PhaseFieldError.parameter("supersaturation", value: omega, range: "between 0 and 1")
    }
    // Seeds that hold more than a quarter of what will crystallize would decide how it grows.
    let fewest = (100 * Double.pi * Double(nuclei.count) / omega).squareRoot() / 0.9
    guard Double(points) >= fewest else {
      throw PhaseFieldError.parameter("points", value: Double(points), range: "at least \(Int(fewest) + 1)")
    }
    let box = try PhaseFieldBox(
      columns: points, rows: points, spacing: Length(si: plateEdge.si / Double(points)), edges: .walls)
    let width = box.spacing.si / 0.9
    let interface = try PhaseFieldInterface(
      diffusivity: Diffusivity(si: liquor.diffusivity(at: temperature.si)),
      capillaryLength: Length(si: PhaseFieldInterface.firstConstant * width * omega / 6), width: Length(si: width))
    try self.init(
      interface, supersaturation: Ratio(si: omega), in: box,
      seeds: nuclei.map { PhaseFieldSeed(center: $0, radius: Length(si: 5 * width)) })
  }

  /// How long ago a seed of this size would have been a point, had it grown alone: R²/4λ²D.
  public func age(of seed: PhaseFieldSeed) throws -> TimeSpan {
    let lambda = try PhaseFieldStart.growthCoefficient(of: seed.shape, supersaturation: supersaturation.si)
    let size = seed.radius.si / (2 * lambda)
    return TimeSpan(si: lambda > 0 ? size * size / interface.diffusivity.si : 0)
  }
}
