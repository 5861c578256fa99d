import Foundation
import Quantities

/// What a solution holds beside the compound in its own proportions: more of one salt, and a foreign ion.
struct SolutionComposition: Hashable, Sendable {
  /// Moles of compound per volume of solvent before anything grows; half of both salts together.
  var concentration = 0.0
  /// Moles of A halide over those of B halide before anything grows, relative to the compound's.
  var precursorRatio = 1.0
  var impurity: String?
  /// Moles of the foreign ion per mole of compound before anything grows.
  var impurityFraction = 0.0

  init() {}

  init(concentration: Concentration, precursorRatio: Ratio, impurity: String?, impurityFraction: Ratio?) {
    self.concentration = concentration.si
    self.precursorRatio = precursorRatio.si
    self.impurity = impurity
    self.impurityFraction = impurityFraction?.si ?? 0
  }

  /// Beyond these ratios another phase would crystallize, which is not modeled.
  static let ratios = 0.01...100.0

  /// Moles of A halide over those of B halide, relative to the compound's, when `remaining` is left of the concentration.
  ///
  ///     r = (A₀ − Δ)/(B₀ − Δ),  A₀/B₀ = r₀,  A₀ + B₀ = 2 c₀,  Δ = c₀ − c
  ///
  /// The crystals take both salts in the compound's ratio, so the solution moves away from it.
  func precursorRatio(at remaining: Double) -> Double {
    guard precursorRatio != 1, concentration > 0 else { return precursorRatio }
    let taken = max(0, concentration - remaining)
    let salt = 2 * concentration * precursorRatio / (1 + precursorRatio) - taken
    let metal = 2 * concentration / (1 + precursorRatio) - taken
    guard salt > 0 else { return Self.ratios.lowerBound }
    guard metal > 0 else { return Self.ratios.upperBound }
    return min(max(salt / metal, Self.ratios.lowerBound), Self.ratios.upperBound)
  }

  /// Moles of the foreign ion per mole of compound when `remaining` is left of the concentration.
  ///
  ///     x = x₀ (c/c₀)^(k₀ − 1)
  ///
  /// Scheil, *Z. Metallkd.* 34 (1942) 70: crystals that take k₀ x of it and let nothing out again.
  func impurityFraction(at remaining: Double, partition: Double) -> Double {
    guard impurityFraction > 0, concentration > 0, remaining > 0 else { return impurityFraction }
    return impurityFraction * pow(min(1, remaining / concentration), partition - 1)
  }
}
