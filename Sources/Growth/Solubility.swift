import Foundation
import Materials
import Quantities

/// The saturation concentration of a compound in a solvent against temperature.
///
///     c*(T) = c*(T₀) exp[−(ΔH/R) (1/T − 1/T₀)]
///
/// Two-point van 't Hoff form, physics (1.1); ΔH < 0 where solubility falls on heating. Moles per volume of solvent.
/// Activities are taken as concentrations: doubtful above 2 mol/L in solvents that bind the lead halide.
public struct Solubility: Sendable {
  let reference: Double
  let referenceTemperature: Double
  let enthalpyOverGas: Double

  public init(of solution: Solution) {
    reference = solution.solubility.si
    referenceTemperature = solution.referenceTemperature.si
    enthalpyOverGas = solution.dissolutionEnthalpy.si / Constants.gas
  }

  /// c*(T), mol/m³ of solvent.
  public func saturation(at temperature: Double) -> Double {
    reference * exp(-enthalpyOverGas * (1 / temperature - 1 / referenceTemperature))
  }
}
