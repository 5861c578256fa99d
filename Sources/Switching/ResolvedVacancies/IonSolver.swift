import Specimens

/// Which solver a device calls for.
///
///     Θ = t_sweep µ V/L²
///
/// Physics (8.3): ions that cross the crystal more than 10³ times are in equilibrium at every voltage; slower ones are followed
/// in time; fewer than one crossing, or fewer than 200 ions, are a matter of single ones.
extension IonSolver {
  static let equilibriumCrossings = 1e3
  static let slowCrossings = 1.0
  static let fewestIons = 200.0

  /// - Parameters:
  ///   - crossings: Θ.
  ///   - ions: in the volume where the device switches.
  public static func choice(crossings: Double, ions: Double) -> IonSolver {
    if ions > 0, ions < fewestIons || crossings < slowCrossings { return .counting }
    return crossings > equilibriumCrossings ? .quasiEquilibrium : .finiteVolume
  }

  /// Due where single ions are asked for, which this level does not follow.
  static func warning(crossings: Double, ions: Double) -> ValidityWarning {
    ValidityWarning(
      stage: "switching", code: "ionsNotCounted",
      message:
        "\(VacancyDevice.rounded(ions)) ions in the window cross the crystal \(VacancyDevice.rounded(crossings)) times during a sweep: "
        + "single ions were asked for (counting), mean densities were solved for (finiteVolume), so the scatter of the ions' "
        + "own number is left out")
  }
}
