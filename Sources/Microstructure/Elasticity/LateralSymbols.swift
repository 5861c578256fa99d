import Foundation

/// What lateral derivatives multiply waves by, four wave vectors side by side.
///
/// A product of two derivatives along the same axis is K, of the values M, and of a derivative and a value i G. Waves
/// themselves have K = k², M = 1, G = k; linear finite elements have their integrals over shape functions.
struct LateralSymbols {
  /// K_x M_y, G_x G_y and M_x K_y.
  var xx, xy, yy: Lanes
  /// G_x M_y and M_x G_y.
  var x, y: Lanes
  /// M_x M_y.
  var one: Lanes

  /// Waves, derived exactly.
  init(kx: Lanes, ky: Lanes) {
    (xx, xy, yy) = (kx * kx, kx * ky, ky * ky)
    (x, y) = (kx, ky)
    one = Lanes(repeating: 1)
  }

  /// Waves on the nodes of linear elements, of edge 1.
  /// - Parameters:
  ///   - modes: the waves' frequencies along x and y.
  init(modes: [SIMD2<Int>], of counts: SIMD2<Int>) {
    (xx, xy, yy, x, y, one) = (.zero, .zero, .zero, .zero, .zero, .zero)
    for (lane, mode) in modes.enumerated() {
      let (a, b) = (Self.element(mode.x, of: counts.x), Self.element(mode.y, of: counts.y))
      xx[lane] = a.stiffness * b.mass
      xy[lane] = a.slope * b.slope
      yy[lane] = a.mass * b.stiffness
      x[lane] = a.slope * b.mass
      y[lane] = a.mass * b.slope
      one[lane] = a.mass * b.mass
    }
  }

  /// With θ = 2π m/n: K = 4 sin²(θ/2), M = 1 − (2/3) sin²(θ/2) and G = sin θ, the symbols of ∫N′N′, ∫NN and ∫NN′.
  static func element(_ m: Int, of n: Int) -> (stiffness: Double, mass: Double, slope: Double) {
    // From reduced arguments, so that mirrored frequencies have the same digits.
    let signed = 2 * m > n ? m - n : m
    let half = Double.pi * Double(abs(signed)) / Double(n)
    let (s, c) = (sin(half), 2 * abs(signed) == n ? 0 : cos(half))
    return (4 * s * s, 1 - 2 * s * s / 3, signed < 0 ? -2 * s * c : 2 * s * c)
  }
}
