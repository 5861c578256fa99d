import Foundation
import Materials
import Quantities

/// The solution that a crystal grows from: one solvent or two, with an additive or without.
///
///     ln c*(T) = Σ f_i ln c*_i(T) + f₁ f₂ J/T − s [additive]
///
/// Log-linear mixing with the excess term of Jouyban and Acree (*J. Pharm. Pharm. Sci.* 11 (2008) 32), f the volume fractions
/// without solute; each c*_i by `Solubility`. The additive's s is `Modulator.solubilityFall`. Concentrations are moles per
/// volume of solvent.
public struct MotherLiquor: Sendable {
  /// One solvent's share.
  struct Part: Sendable {
    var solvent: Solvent
    var solubility: Solubility
    var diffusivity: Double
    var diffusivityTemperature: Double
    var fraction: Double
  }

  let parts: [Part]
  /// f₁ f₂ J, K.
  let excess: Double
  /// s [additive].
  let fall: Double
  /// What is left of the nucleation prefactors.
  let nucleationFactor: Double
  /// What is dissolved beside the compound itself.
  var composition = SolutionComposition()

  /// - Throws: `MaterialError.unknown`.
  public init(
    of compound: Compound, in solvent: String, cosolvent: String? = nil, cosolventFraction: Ratio? = nil,
    modulator: String? = nil, modulatorConcentration: Concentration? = nil, library: MaterialLibrary
  ) throws {
    let second = cosolvent == nil ? 0 : cosolventFraction?.si ?? 0
    var parts: [Part] = []
    var fall = 0.0
    var factor = 0.0
    for (name, fraction) in [(solvent, 1 - second)] + (cosolvent.map { [($0, second)] } ?? []) {
      let solution = try library.solution(of: compound, in: name)
      parts.append(
        Part(
          solvent: try library.solvent(name), solubility: Solubility(of: solution),
          diffusivity: solution.soluteDiffusivity.si, diffusivityTemperature: solution.referenceTemperature.si,
          fraction: fraction))
      factor += fraction * log(solution.nucleationFactor?.si ?? 1)
      if let modulator, let amount = modulatorConcentration, fraction > 0 {
        guard let law = solution.modulators?[modulator] else {
          throw MaterialError.unknown(
            what: "additive of \(compound.name) in \(name)", name: modulator,
            known: solution.modulators?.keys.sorted() ?? [])
        }
        fall += fraction * law.solubilityFall.si * amount.si
      }
    }
    self.parts = parts
    self.fall = fall
    nucleationFactor = exp(factor)
    let interaction =
      cosolvent.flatMap { library.compounds[compound.name]?.solutions[solvent]?.cosolvents?[$0]?.si } ?? 0
    excess = (1 - second) * second * interaction
  }

  /// c*(T), mol/m³ of solvent.
  public func saturation(at temperature: Double) -> Double {
    if parts.count == 1 { return parts[0].solubility.saturation(at: temperature) * exp(-fall) }
    var logarithm = excess / temperature - fall
    for part in parts where part.fraction > 0 {
      logarithm += part.fraction * log(part.solubility.saturation(at: temperature))
    }
    return exp(logarithm)
  }

  /// Viscosity of the solvent, Pa s: logarithmic mixing, Arrhenius in temperature.
  public func viscosity(at temperature: Double) -> Double {
    parts.reduce(0) { $0 + $1.fraction * log($1.solvent.viscosity(at: temperature)) }.exponential
  }

  /// Density of the solvent at 298 K, kg/m³.
  public var density: Double { parts.reduce(0) { $0 + $1.fraction * $1.solvent.density.si } }

  /// Diffusivity of the solute, m²/s; D ∝ T/η (Stokes and Einstein).
  public func diffusivity(at temperature: Double) -> Double {
    parts.reduce(0) { sum, part in
      let reference = part.diffusivityTemperature
      let warming =
        temperature * part.solvent.viscosity(at: reference) / (reference * part.solvent.viscosity(at: temperature))
      return sum + part.fraction * log(part.diffusivity * warming)
    }.exponential
  }

  /// As people say it: `DMF`, or `DMF with 50 % GBL`.
  var name: String {
    guard parts.count > 1, parts[1].fraction > 0 else { return parts[0].solvent.name }
    return "\(parts[0].solvent.name) with \(QuantityText.number(100 * parts[1].fraction, digits: 3)) % "
      + parts[1].solvent.name
  }

  /// The lowest boiling point of the solvents.
  public var boilingPoint: Temperature { parts.map(\.solvent.boilingPoint).min()! }
}

extension Double {
  fileprivate var exponential: Double { exp(self) }
}

extension Solvent {
  /// Flow energy of common solvents, J/mol; assumed where data/ has none.
  static let usualViscosityEnergy = 10e3
  static let referenceTemperature = 298.15

  /// η(T) = η(298 K) exp[(E/R)(1/T − 1/298 K)], Pa s.
  func viscosity(at temperature: Double) -> Double {
    let energy = viscosityEnergy?.si ?? Self.usualViscosityEnergy
    return viscosity.si * exp(energy / Constants.gas * (1 / temperature - 1 / Self.referenceTemperature))
  }
}
