import Foundation

/// Charges that share the sites of a lattice, at most one to a site.
///
///     c = c_max/[1 + (c_max/c₀ − 1) e^{zφ − µ}]
///     J = (D/h) [B(d) c_i − B(−d) c_j],   d = z(φ_j − φ_i) + U_j − U_i + ln(γ_j/γ_i),   γ = 1/(1 − c/c_max)
///
/// φ in kT/q, µ in kT; c₀ is the density at rest, which stands for the site energies U = −ln[c₀/(c_max − c₀)]. Bikerman's
/// density, Kilic, Bazant & Ajdari, *Phys. Rev. E* 75 (2007) 021502, and Scharfetter & Gummel's flux with the excess chemical
/// potential; physics (8.4)-(8.6). The factor F(E) of (8.4) is left out: it is below 1.3 up to 0.15 V/nm.
public struct LatticeIons: Hashable, Sendable {
  /// z, +1 or −1.
  public var charge: Double
  /// c_max, 1/m³.
  public var siteDensity: Double
  /// D, m²/s; 0 for charges that stay where they are.
  public var diffusivity: Double

  public init(charge: Double, siteDensity: Double, diffusivity: Double) {
    self.charge = charge
    self.siteDensity = siteDensity
    self.diffusivity = diffusivity
  }

  /// ln[c/(c_max − c)].
  public func logit(_ density: Double) -> Double { log(density / (siteDensity - density)) }

  /// c at the logit y = µ − zφ − U.
  public func density(logit y: Double) -> Double { siteDensity * Self.share(y) }

  /// 1/(1 + e^{−y}).
  @inline(__always)
  static func share(_ y: Double) -> Double {
    if y >= 0 { return 1 / (1 + exp(-y)) }
    let e = exp(y)
    return e / (1 + e)
  }

  /// −ln(1 − c/c_max) = ln(1 + e^y).
  @inline(__always)
  static func logActivity(_ y: Double) -> Double { y > 30 ? y : log1p(exp(y)) }

  /// B(x) = x/(eˣ − 1) and its derivative.
  @inline(__always)
  static func bernoulli(_ x: Double) -> (value: Double, slope: Double) {
    if abs(x) < 1e-3 {
      let square = x * x
      return (1 - 0.5 * x + square / 12, -0.5 + x / 6 - x * square / 180)
    }
    let e = expm1(x)
    guard e < 1e300 else { return (0, 0) }
    let value = x / e
    return (value, (1 - value * (e + 1)) / e)
  }

  /// J of what flows between two cells over D/h, 1/m³, its derivatives by both logits, and that by the second φ, which is the
  /// negative of that by the first.
  /// - Parameters:
  ///   - yi: logit of the cell that it leaves, yj that of the next.
  ///   - energyStep: U_j − U_i, kT.
  @inline(__always)
  public func flux(
    _ yi: Double, _ yj: Double, potentials φi: Double, _ φj: Double, energyStep: Double
  ) -> (value: Double, byLogit: (Double, Double), byPotential: Double) {
    let (xi, xj) = (Self.share(yi), Self.share(yj))
    let d = charge * (φj - φi) + energyStep + Self.logActivity(yj) - Self.logActivity(yi)
    let forth = Self.bernoulli(d)
    let back = Self.bernoulli(-d)
    let (ci, cj) = (siteDensity * xi, siteDensity * xj)
    let slope = forth.slope * ci + back.slope * cj
    return (
      forth.value * ci - back.value * cj,
      (forth.value * ci * (1 - xi) - slope * xi, -back.value * cj * (1 - xj) + slope * xj), charge * slope
    )
  }
}
