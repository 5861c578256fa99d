/// The small-signal impedance of a device with one slow state.
///
///     Z = (1/R_b + iωC + 1/(R_a + iωL_a))⁻¹,   L_a = R_a τ_k
///
/// Bisquert & Guerrero, *JACS* 144 (2022) 5996; physics (8.27). Of a state s with ds/dt = (s∞(V) − s)/τ_k and a current I(V, s):
/// 1/R_b = ∂I/∂V, 1/R_a = (∂I/∂s) ds∞/dV. R_a below zero lets the branch act as a capacitor.
public struct ChemicalInductor: Hashable, Sendable {
  public var bulkResistance: Double
  public var capacitance: Double
  /// Infinite where nothing slow follows the voltage.
  public var branchResistance: Double
  public var kineticTime: Double

  public init(bulkResistance: Double, capacitance: Double, branchResistance: Double, kineticTime: Double) {
    self.bulkResistance = bulkResistance
    self.capacitance = capacitance
    self.branchResistance = branchResistance
    self.kineticTime = kineticTime
  }

  public var inductance: Double { branchResistance * kineticTime }

  /// Real and imaginary part at an angular frequency, ohm.
  public func impedance(angularFrequency w: Double) -> (real: Double, imaginary: Double) {
    var g = 1 / bulkResistance
    var b = w * capacitance
    if branchResistance.isFinite, kineticTime.isFinite {
      let x = w * kineticTime
      let branch = branchResistance * (1 + x * x)
      g += 1 / branch
      b -= x / branch
    }
    let norm = g * g + b * b
    return (g / norm, -b / norm)
  }
}
