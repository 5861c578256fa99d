import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What the resolved level makes of the compact level's first passage, as a function of the crystal.
///
///     V₁ → V₁ + ΔV(state),   V₀ → V₀ e^{δ(state)}
///
/// V₁ is the voltage of hazard 1 under the design's ramp, V₀ the scale of the rate's growth. Two Gaussian processes over the
/// state: density of the mobile vacancies and thickness (how many ions there are to move, how far), barrier of a hop (how fast),
/// disorder (how unlike the places are). The compact level knows these states, too; only its distance is emulated, which is
/// small and smooth. Physics (9.6). The table of one compound: data/emulators, made by `make emulator`.
public struct ContactEmulator: Sendable {
  /// The inputs' names in the table, in order.
  public static let inputs = ["logDensity", "logDeviation", "barrier", "logThickness"]
  public static let outputs = ["voltageShift", "logScaleRatio"]
  /// Temperature of the design's crystals, K, and how far from it the table is trusted: V₀ grows with it.
  static let temperature = 298.15
  static let temperatureReach = 5.0
  /// Speed of the design's ramps, V/s.
  public static let rampRate = 0.5

  public let voltageShift: GaussianProcess
  public let logScaleRatio: GaussianProcess
  private let lows: [Double]
  private let highs: [Double]

  /// Nil where the table has no design for this, or no shapes.
  public init?(_ table: EmulatorTable) {
    let columns = Self.inputs.map { table.column($0, role: "design") }
    guard columns.allSatisfy({ $0.count > 2 }) else { return nil }
    let lows = columns.map { $0.min() ?? 0 }
    let highs = columns.map { $0.max() ?? 1 }
    let points = (0..<columns[0].count).map { row in
      columns.indices.map { (columns[$0][row] - lows[$0]) / (highs[$0] - lows[$0]) }
    }
    var processes: [GaussianProcess] = []
    for output in Self.outputs {
      guard let numbers = table.shapes[output], numbers.count == columns.count + 1,
        let process = GaussianProcess(
          inputs: points, outputs: table.column(output, role: "design"),
          shape: .init(lengths: Array(numbers.dropLast()), noise: numbers[columns.count]))
      else { return nil }
      processes.append(process)
    }
    (voltageShift, logScaleRatio) = (processes[0], processes[1])
    (self.lows, self.highs) = (lows, highs)
  }

  /// The inputs of a device's crystal: ln of 1/m³ in the window's region, the deviation, eV, ln of m.
  ///
  /// Hops that are faster by a factor are those over a barrier lower by kT times its logarithm.
  public static func state(of fields: CrystalFields, hopFactor: Double = 1) -> [Double] {
    let thermal = Constants.boltzmann * fields.temperature.si
    let cell = fields.stepMap.grid.index(fields.windowCell.x, fields.windowCell.y, 0)
    return [
      log(max(fields.meanVacancyDensity.si * fields.stepMap.values[cell], 1)), fields.logDeviation.si,
      (fields.migrationBarrier.mean - thermal * log(hopFactor)) / Constants.elementaryCharge, log(fields.thickness.si),
    ]
  }

  /// The inputs from 0 to 1 over the design's box; nil outside it.
  func place(_ state: [Double]) -> [Double]? {
    let place = state.indices.map { (state[$0] - lows[$0]) / (highs[$0] - lows[$0]) }
    // The outermost points of a design lie a little within its box.
    return place.allSatisfy { $0 >= -0.02 && $0 <= 1.02 } ? place : nil
  }

  /// The resolved level's passage in place of the compact one; nil outside the design's box.
  public func corrected(_ passage: RampFirstPassage, state: [Double]) -> RampFirstPassage? {
    guard let place = place(state) else { return nil }
    let voltage =
      passage.voltageOfHazardOne(rampRate: Self.rampRate) + voltageShift.prediction(at: place).mean
    guard voltage > 0 else { return nil }
    return RampFirstPassage(
      hazardOneAt: voltage, rampRate: Self.rampRate,
      voltageScale: passage.voltageScale * exp(logScaleRatio.prediction(at: place).mean))
  }

  static func outside(_ compound: String) -> ValidityWarning {
    ValidityWarning(
      stage: "switching", code: "outsideEmulator",
      message:
        "the crystal lies outside the states at which \(compound) was resolved; the compact level runs uncorrected")
  }
}
