import Foundation
import Quantities

/// Emission of carriers over a barrier.
///
///     J = A* T² exp(−φ/kT),  A* = 4π q m k²/h³
///
/// Sze & Ng, *Physics of Semiconductor Devices*, ch. 3. Needs φ ≫ kT and no image force.
public struct ThermionicEmission: Hashable, Sendable {
  public var barrier: Energy
  /// Over the free electron's.
  public var mass: Ratio

  public init(barrier: Energy, mass: Ratio) {
    self.barrier = barrier
    self.mass = mass
  }

  /// A/m².
  public func currentDensity(at temperature: Temperature) -> Double {
    Constants.richardson * mass.si * temperature.si * temperature.si
      * exp(-barrier.si / (Constants.boltzmann * temperature.si))
  }

  /// The barrier that a plot of ln(J/T²) against 1/T returns, by least squares over any number of points.
  /// - Parameter points: temperature, K, and current density, A/m².
  public static func richardsonBarrier(_ points: [(temperature: Double, currentDensity: Double)]) -> Energy {
    let x = points.map { 1 / (Constants.boltzmann * $0.temperature) }
    let y = points.map { log($0.currentDensity / ($0.temperature * $0.temperature)) }
    let count = Double(points.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let variance = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    return Energy(si: -covariance / variance)
  }
}
