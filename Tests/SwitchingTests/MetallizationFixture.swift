import Foundation
import NumericalMethods
import Quantities
import Switching

/// A silver cell that tests of metallization vary.
enum Metallization {
  static let q = Constants.elementaryCharge
  static let kT = Constants.boltzmann * 300

  /// 100 nm of a bromide under (10 µm)² of silver.
  static func silver(_ adjust: (inout MetallizationParameters) -> Void = { _ in }) -> MetallizationParameters {
    var parameters = MetallizationParameters(
      length: 100e-9, electrodeArea: 1e-10, temperature: 300, exchangeDensity: 1, nucleationRate: 1e2,
      nucleationEnergy: 0.7 * q, ionDensity: 1e26, hopBarrier: 0.3 * q, surfaceDiffusivity: 1e-19)
    parameters.tipRadius = 2e-9
    parameters.seriesResistance = 0
    adjust(&parameters)
    return parameters
  }

  static func cell(_ adjust: (inout MetallizationParameters) -> Void = { _ in }) -> MetallizationCell {
    MetallizationCell(silver(adjust)) { 1e-12 * $0 }
  }

  /// - Parameter reset: compliance of the second half of a sweep, A; nil for that of the first.
  static func ramp(
    _ amplitude: Double, rate: Double = 0.5, compliance: Double = 1e-4, reset: Double? = nil
  ) -> TestProtocol.Ramp {
    TestProtocol.Ramp(
      amplitude: .volts(amplitude), rate: VoltageRate(si: rate), compliance: Current(si: compliance),
      reverseCompliance: reset.map { Current(si: $0) })
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }

  static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
