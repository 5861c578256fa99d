import Foundation
import Quantities

/// A salt in the crucible of an evaporator.
public struct VaporSource: Hashable, Sendable, Codable {
  public var name: String
  /// Of the formula unit that leaves as one molecule.
  public var molarMass: MolarMass
  /// Of the solid at 298 K.
  public var density: MassDensity
  /// Ions of the formula unit.
  public var ions: IonCounts
  /// What the ions are.
  public var species: IonNames
  /// Where the vapor pressure is known.
  public var referenceTemperature: Temperature
  /// Of the vapor over the salt at the reference temperature.
  public var pressure: Pressure
  /// ΔH of solid to vapor.
  public var sublimationEnthalpy: MolarEnergy
  /// Above it the enthalpy is that of the liquid; the salt stays solid, if absent.
  public var meltingPoint: Temperature?
  /// ΔH of liquid to vapor; as of the solid, if absent.
  public var vaporizationEnthalpy: MolarEnergy?
  /// α: share of the molecules that hit the salt and stay.
  public var evaporationCoefficient: Ratio
  /// Above it the salt falls apart before it evaporates, as far as data/ knows.
  public var decompositionTemperature: Temperature?

  /// Of one formula unit, kg.
  public var moleculeMass: Double { molarMass.si / Constants.avogadro }

  /// Of one formula unit in the solid salt, m³.
  public var moleculeVolume: Double { moleculeMass / density.si }

  /// p(T), Pa, by Clausius and Clapeyron, physics (3.1).
  ///
  ///     log₁₀ p = A − B/T,  B = ΔH/(R ln 10)
  ///
  /// One law for the solid and one for the liquid, equal at the melting point; A follows from the reference pressure.
  /// Heat capacities are left out: some 10 % of p per 100 K from the reference. The vapor counts as monomers.
  public func vaporPressure(at temperature: Temperature) -> Double {
    pressure.si * exp(exponent(at: referenceTemperature.si) - exponent(at: temperature.si))
  }

  /// ΔH/(RT) less its value at the melting point.
  private func exponent(at temperature: Double) -> Double {
    let melting = meltingPoint?.si ?? .infinity
    let enthalpy = temperature < melting ? sublimationEnthalpy : vaporizationEnthalpy ?? sublimationEnthalpy
    return enthalpy.si / Constants.gas * (1 / temperature - 1 / melting)
  }
}

/// The ions of a salt by name: Cs, Pb, Br; a molecular ion counts as one.
public struct IonNames: Hashable, Sendable, Codable {
  public var cation: String?
  public var metal: String?
  public var halide: String

  public init(cation: String? = nil, metal: String? = nil, halide: String) {
    self.cation = cation
    self.metal = metal
    self.halide = halide
  }
}

extension VaporSource {
  /// Ions of the formula unit by name.
  public var elements: [String: Int] {
    var counts = [species.halide: ions.halide]
    if let cation = species.cation, ions.cation > 0 { counts[cation, default: 0] += ions.cation }
    if let metal = species.metal, ions.metal > 0 { counts[metal, default: 0] += ions.metal }
    return counts
  }
}
