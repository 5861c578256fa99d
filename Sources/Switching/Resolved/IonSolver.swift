import Specimens

/// How the fast ions of a device are solved for, by what they can do during a sweep.
///
///     Θ = t_sweep µ V/L²
///
/// Physics (8.3): ions that cross the crystal more than 10³ times are in equilibrium at every voltage; slower ones are followed
/// in time; fewer than one crossing, or fewer than 200 ions, are a matter of single ones.
public enum IonSolver: String, Hashable, Sendable, Codable {
  /// Bikerman's equilibrium at each voltage, conserved numbers.
  case quasiEquilibrium
  /// Implicit finite volumes across the crystal, equilibrium across the window.
  case finiteVolume
  /// Single ions, event by event or by leaps.
  case counting

  static let equilibriumCrossings = 1e3
  static let slowCrossings = 1.0
  static let fewestIons = 200.0

  /// The solver that a device calls for.
  /// - Parameters:
  ///   - crossings: Θ.
  ///   - ions: in the volume where the device switches.
  public static func choice(crossings: Double, ions: Double) -> IonSolver {
    if ions > 0, ions < fewestIons || crossings < slowCrossings { return .counting }
    return crossings > equilibriumCrossings ? .quasiEquilibrium : .finiteVolume
  }

  /// The solver that runs: single ions are not followed at this level, so finite volumes stand in, and a warning says so.
  var running: IonSolver { self == .counting ? .finiteVolume : self }

  static func warning(crossings: Double, ions: Double) -> ValidityWarning {
    ValidityWarning(
      stage: "switching", code: "ionsNotCounted",
      message: "\(Device.rounded(ions)) ions cross \(Device.rounded(crossings)) of the crystal during a sweep: single ions "
        + "were asked for (counting), means over volumes were solved (finiteVolume); scatter of the ions' own number is left out"
    )
  }
}
