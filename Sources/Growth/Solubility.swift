import Foundation
import Materials
import Quantities

/// The saturation concentration of a compound in a solvent against temperature.
///
///     ln [c*(T)/c*(T₀)] = −(ΔH/R) (1/T − 1/T₀) + (ΔC/R) [ln(T/T₀) + T₀/T − 1]
///
/// Van 't Hoff's form with a dissolution enthalpy ΔH + ΔC (T − T₀): Apelblat's equation, physics (1.1). ΔH < 0 where solubility
/// falls on heating. Moles per volume of solvent.
/// Activities are taken as concentrations: doubtful above 2 mol/L in solvents that bind the lead halide.
public struct Solubility: Sendable {
  let reference: Double
  let referenceTemperature: Double
  let enthalpyOverGas: Double
  let heatCapacityOverGas: Double

  public init(of solution: Solution) {
    reference = solution.solubility.si
    referenceTemperature = solution.referenceTemperature.si
    enthalpyOverGas = solution.dissolutionEnthalpy.si / Constants.gas
    heatCapacityOverGas = (solution.dissolutionHeatCapacity?.si ?? 0) / Constants.gas
  }

  /// c*(T), mol/m³ of solvent.
  public func saturation(at temperature: Double) -> Double {
    var logarithm = -enthalpyOverGas * (1 / temperature - 1 / referenceTemperature)
    if heatCapacityOverGas != 0 {
      logarithm +=
        heatCapacityOverGas * (log(temperature / referenceTemperature) + referenceTemperature / temperature - 1)
    }
    return reference * exp(logarithm)
  }
}
