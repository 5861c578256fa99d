import Foundation
import Materials
import Quantities

/// Devices of one compound that vacancies switch: the recipe that makes them, and the box of states that their crystals reach.
struct Family {
  let compound: String
  let recipe: String
  /// Of the crystals in their devices.
  let temperature: Temperature
  /// Of the inputs of `ContactEmulator`: ln(1/m³), deviation, eV, ln(m).
  let low: [Double]
  let high: [Double]

  init(
    _ compound: String, recipe: String, temperature: Temperature = .celsius(25), density: ClosedRange<Double>,
    deviation: ClosedRange<Double>, barrier: ClosedRange<Double>, thickness: ClosedRange<Double>
  ) {
    self.compound = compound
    self.recipe = recipe
    self.temperature = temperature
    low = [log(density.lowerBound), deviation.lowerBound, barrier.lowerBound, log(thickness.lowerBound)]
    high = [log(density.upperBound), deviation.upperBound, barrier.upperBound, log(thickness.upperBound)]
  }

  /// Boxes hold the ensemble of the recipe and the 90 % intervals over its uncertain parameters, as `boule evaluate --draws 24`
  /// tells them (vacancies under the electrode, barrier of a hop, thickness), and two uncertainties of the compound's deviation.
  static let all = [
    Family(
      "MAPbBr3", recipe: "recipes/mapbbr3-confined-itc.yaml", density: 2e22...5e23, deviation: 0.2...0.6,
      barrier: 0.28...0.36, thickness: 8e-6...50e-6),
    // Ensemble: 5.0e21 to 7.0e21 1/m³, 0.30 eV, 296 to 364 nm; draws: 1.7e19 to 5.7e24 1/m³, 0.01 to 0.59 eV, 318 to 475 nm.
    Family(
      "Cs2AgEuBr6", recipe: "recipes/cs2ageubr6-memory.yaml", density: 1e19...6e24, deviation: 0.1...0.8,
      barrier: 0...0.6, thickness: 280e-9...500e-9),
    // Ensemble: 4e20 to 7e20 1/m³, 0.77 eV, 1.8 to 2.2 µm; draws: 3e19 to 2.4e24 1/m³, 0.49 to 0.88 eV.
    Family(
      "(PEA)2PbI4", recipe: "recipes/pea2pbi4-memory.yaml", density: 2e19...3e24, deviation: 0.2...0.6,
      barrier: 0.48...0.9, thickness: 1.7e-6...2.3e-6),
    // Ensemble: 1e21 to 4e21 1/m³, 0.75 eV, 54 to 118 nm; draws: 1.7e20 to 7.4e23 1/m³, 0.56 to 0.97 eV, 33 to 74 nm.
    Family(
      "(PEA)2PbBr4", recipe: "recipes/pea2pbbr4-memory.yaml", temperature: .celsius(22), density: 1e20...1e24,
      deviation: 0.2...0.6, barrier: 0.54...1, thickness: 30e-9...130e-9),
  ]
}
