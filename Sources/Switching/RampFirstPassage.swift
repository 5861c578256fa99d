import Foundation

/// Waiting for an event whose rate grows exponentially with voltage.
///
///     k(V) = k₀ e^{V/V₀};  survival under a ramp r: exp[−(k₀ V₀/r)(e^{V/V₀} − 1)]
///     mode V* = V₀ ln(r/(k₀ V₀)),  standard deviation (π/√6) V₀,  shift V₀ ln 10 per decade of r
///
/// Gumbel law of first passage under a ramp (Bell-Evans form); physics (8.38). k₀ adds over the sites of a contact: the
/// weakest link, physics (8.39).
public struct RampFirstPassage: Hashable, Sendable {
  /// Rate at zero voltage, 1/s.
  public var rate: Double
  /// V₀, V.
  public var voltageScale: Double

  public init(rate: Double, voltageScale: Double) {
    self.rate = rate
    self.voltageScale = voltageScale
  }

  /// Expected events while the voltage runs linearly from one value to another in a time, at most a few V₀ apart or more.
  @inlinable
  public func hazard(from start: Double, to end: Double, during time: Double) -> Double {
    let x = (end - start) / voltageScale
    // (eˣ − 1)/x, smooth through x = 0.
    let mean = abs(x) < 1e-5 ? 1 + 0.5 * x : expm1(x) / x
    return rate * time * exp(start / voltageScale) * mean
  }

  /// The share of the interval after which the hazard has reached a value.
  @inlinable
  public func share(reaching hazard: Double, from start: Double, to end: Double, during time: Double) -> Double {
    let x = (end - start) / voltageScale
    let target = hazard / (rate * time * exp(start / voltageScale))
    return abs(x) < 1e-5 ? min(1, target) : min(1, log1p(target * x) / x)
  }

  /// The passage that has a voltage scale and, under a ramp r, a hazard of 1 at a voltage V₁ above 0: k₀ V₀ (e^{V₁/V₀} − 1) = r.
  public init(hazardOneAt voltage: Double, rampRate: Double, voltageScale: Double) {
    self.init(rate: rampRate / (voltageScale * expm1(voltage / voltageScale)), voltageScale: voltageScale)
  }

  /// Where the hazard under a ramp reaches 1, V.
  public func voltageOfHazardOne(rampRate: Double) -> Double { voltageScale * log1p(rampRate / (rate * voltageScale)) }

  /// Share of devices that have gone by a voltage under a ramp.
  public func share(by voltage: Double, rampRate: Double) -> Double {
    -expm1(-rate * voltageScale / rampRate * expm1(voltage / voltageScale))
  }

  /// The most likely voltage under a ramp, V.
  public func mode(rampRate: Double) -> Double { voltageScale * log(rampRate / (rate * voltageScale)) }

  /// Standard deviation of the voltage, V, where the mode lies far above V₀.
  public var standardDeviation: Double { Double.pi / 6.0.squareRoot() * voltageScale }
}
