import Foundation
import Quantities

/// Electrons tunneling across the gap that a filament leaves open.
///
///     G/A = (q²/h²) (√(2mφ)/g) [1 − 1/(κg)] e^{−2κg},   κ = √(2mφ)/ħ   (V → 0, exact for Simmons' barrier)
///     J(V) = q/(2πh g²) {(φ − qV/2) e^{−2κ₋ g} − (φ + qV/2) e^{−2κ₊ g}},   κ± = √(2m(φ ± qV/2))/ħ
///
/// Simmons, *J. Appl. Phys.* 34 (1963) 1793; physics (8.19). Both hold for κg > 2; nearer, the conductance goes on as
/// e^{−2κg}, which meets it in value and slope at κg = 2 and stays finite at contact. Rectangular barrier, no image
/// force.
public struct TunnelGap: Hashable, Sendable {
  /// φ, J.
  public let barrier: Double
  /// κ, 1/m.
  public let decay: Double
  private let prefactor: Double
  private let mass: Double

  /// - Parameters:
  ///   - barrier: φ above the Fermi level, J; above zero.
  ///   - relativeMass: of the electron in the barrier, over the free one.
  public init(barrier: Double, relativeMass: Double = 1) {
    self.barrier = barrier
    mass = relativeMass * Constants.electronMass
    let momentum = (2 * mass * barrier).squareRoot()
    decay = momentum / Constants.reducedPlanck
    let quotient = Constants.elementaryCharge / Constants.planck
    prefactor = quotient * quotient * momentum
  }

  /// 2q²/h, S: one open mode with both spins.
  public static let conductanceQuantum =
    2 * Constants.elementaryCharge * Constants.elementaryCharge / Constants.planck

  /// Conductance per area at small voltage, S/m².
  public func conductance(gap: Double) -> Double {
    let x = decay * gap
    guard x < 2 else { return prefactor * decay * (1 - 1 / x) / x * exp(-2 * x) }
    return 0.25 * prefactor * decay * exp(-2 * x)
  }

  /// Current density, A/m², odd in the voltage.
  /// - Precondition: κg > 2 and |qV| < φ; beyond, Simmons' intermediate form fails.
  public func currentDensity(voltage: Double, gap: Double) -> Double {
    let half = 0.5 * Constants.elementaryCharge * voltage
    let scale = Constants.elementaryCharge / (2 * Double.pi * Constants.planck * gap * gap)
    let flux = { (energy: Double) -> Double in
      energy * exp(-2 * gap * (2 * mass * max(0, energy)).squareRoot() / Constants.reducedPlanck)
    }
    return scale * (flux(barrier - half) - flux(barrier + half))
  }
}
