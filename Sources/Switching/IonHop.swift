import Foundation
import Materials
import Quantities
import Specimens

/// Thermally activated hops of an ion between neighboring sites.
///
///     Γ_ij = ν₀ exp{−[E_a + (U_j − U_i)/2 + z q (φ_j − φ_i)/2]/kT}
///     D = n a² Γ/6 (three dimensions),  v = 2 a ν₀ sinh(z q a E/2kT) exp(−E_a/kT) (along one axis)
///
/// Mott & Gurney; physics (8.1), (8.3), (8.10). The saddle lies midway, so the rates obey detailed balance for any energies.
/// Uncorrelated hops; valid while z q a E stays below 2 E_a.
public struct IonHop: Hashable, Sendable {
  /// ν₀, 1/s.
  public var attemptFrequency: Double
  /// Length of a hop, m.
  public var distance: Double
  /// Neighbors that an ion may hop to.
  public var neighbors: Int
  /// Charge number z.
  public var charge: Double
  /// K.
  public var temperature: Double

  public init(attemptFrequency: Double, distance: Double, neighbors: Int, charge: Double, temperature: Double) {
    self.attemptFrequency = attemptFrequency
    self.distance = distance
    self.neighbors = neighbors
    self.charge = charge
    self.temperature = temperature
  }

  /// The halide vacancy of a cubic perovskite: eight neighbors at a₀/√2.
  public static func halide(of compound: Compound, at temperature: Temperature) -> IonHop {
    IonHop(
      attemptFrequency: compound.defects.attemptFrequency.si, distance: compound.halideHopDistance,
      neighbors: 8, charge: 1, temperature: temperature.si)
  }

  private var thermal: Double { Constants.boltzmann * temperature }

  /// Hops per second from site i to site j.
  /// - Parameters:
  ///   - barrier: E_a, J.
  ///   - energyDifference: U_j − U_i, J.
  ///   - potentialDifference: φ_j − φ_i, V.
  public func rate(barrier: Double, energyDifference: Double = 0, potentialDifference: Double = 0) -> Double {
    let tilt = 0.5 * (energyDifference + charge * Constants.elementaryCharge * potentialDifference)
    return attemptFrequency * exp(-(barrier + tilt) / thermal)
  }

  /// Diffusivity in three dimensions, m²/s.
  public func diffusivity(barrier: Double) -> Double {
    Double(neighbors) * distance * distance * rate(barrier: barrier) / 6
  }

  /// Drift velocity on a chain along the field, m/s.
  public func driftVelocity(barrier: Double, field: Double) -> Double {
    2 * distance * attemptFrequency * exp(-barrier / thermal)
      * sinh(charge * Constants.elementaryCharge * distance * field / (2 * thermal))
  }
}

extension CrystalFields {
  /// How far a hop carries a halide vacancy between a bottom and a top electrode, m.
  func hopDistance(in compound: Compound) -> Double {
    compound.hopDistance(stackingAlignment: stackingAlignment.si)
  }
}
