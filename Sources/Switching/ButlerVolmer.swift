import Foundation
import Quantities

/// Transfer of metal ions between an electrode and the crystal, both ways.
///
///     j₊ = j₀ exp[(1 − α) z e η/kT]  (dissolution),   j₋ = j₀ exp[−α z e η/kT]  (deposition)
///     j = j₊ − j₋,   j₊/j₋ = exp(z e η/kT)
///
/// Butler & Volmer, physics (8.8). η is the metal's potential over equilibrium, so a positive one dissolves. One
/// rate-limiting step; no depletion of ions at the surface.
public struct ButlerVolmer: Hashable, Sendable {
  /// j₀, A/m².
  public var exchangeDensity: Double
  /// α of deposition, between 0 and 1.
  public var transferCoefficient: Double
  /// Charge number z of the ion.
  public var charge: Double
  /// K.
  public var temperature: Double

  public init(exchangeDensity: Double, transferCoefficient: Double, charge: Double, temperature: Double) {
    self.exchangeDensity = exchangeDensity
    self.transferCoefficient = transferCoefficient
    self.charge = charge
    self.temperature = temperature
  }

  /// kT/(z e), V.
  @inlinable
  public var voltageScale: Double { Constants.boltzmann * temperature / (charge * Constants.elementaryCharge) }

  /// j₊, A/m².
  public func dissolution(overpotential η: Double) -> Double {
    exchangeDensity * exp((1 - transferCoefficient) * η / voltageScale)
  }

  /// j₋, A/m².
  public func deposition(overpotential η: Double) -> Double {
    exchangeDensity * exp(-transferCoefficient * η / voltageScale)
  }

  /// j₊ − j₋, A/m²; zero exactly at η = 0.
  public func netDensity(overpotential η: Double) -> Double {
    exchangeDensity * Self.net(η / voltageScale, forward: 1 - transferCoefficient)
  }

  /// The overpotential that drives a net current density, V.
  public func overpotential(netDensity j: Double) -> Double {
    guard j != 0 else { return 0 }
    let x =
      j > 0
      ? Self.inverse(j / exchangeDensity, forward: 1 - transferCoefficient)
      : -Self.inverse(-j / exchangeDensity, forward: transferCoefficient)
    return x * voltageScale
  }

  /// e^{f x} − e^{−(1 − f) x}; keeps its digits at small x.
  @inlinable
  static func net(_ x: Double, forward f: Double) -> Double { expm1(f * x) - expm1(-(1 - f) * x) }

  /// `net` and its derivative.
  @inlinable
  static func netAndSlope(_ x: Double, forward f: Double) -> (value: Double, slope: Double) {
    let (forth, back) = (expm1(f * x), expm1(-(1 - f) * x))
    return (forth - back, f * (forth + 1) + (1 - f) * (back + 1))
  }

  /// x ≥ 0 where `net` is i ≥ 0.
  ///
  /// Newton's method on ln(1 + net), which is close to a straight line at both ends.
  @inlinable
  static func inverse(_ i: Double, forward f: Double) -> Double {
    // net = x + (2f − 1) x²/2 + …; the next order is below 1e-10 of it.
    guard i > 1e-5 else { return max(0, i - (f - 0.5) * i * i) }
    let target = log1p(i)
    // Either end's own law; without α only the other branch is left, which saturates.
    var x = i < 0.5 ? i - (f - 0.5) * i * i : f > 0 ? min(target / f, 2 * i) : min(2 * i, 600)
    for _ in 0..<40 {
      let (value, slope) = netAndSlope(x, forward: f)
      let next = max(0, x - (log1p(value) - target) * (1 + value) / slope)
      // Quadratic: what is left after this step is far smaller than the step.
      if abs(next - x) <= 1e-8 * x { return next }
      x = next
    }
    return x
  }
}
