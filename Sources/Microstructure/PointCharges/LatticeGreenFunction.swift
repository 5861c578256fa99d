import Foundation

/// The potential of a unit charge in one cell of an endless uniform grid, as differences of neighbors make it.
///
///     G(n) = 1/(ε V) ∫₀^∞ Π_a e^{−x_a} I_{n_a}(x_a) dt,   x_a = 2t/h_a²
///
/// the sum over all waves of 1/Σ (2 − 2 cos θ_a)/h_a² as an integral of Bessel functions (Economou, *Green's Functions
/// in Quantum Physics*, chapter 5). Far away it is 1/4πεr. By Simpson's rule in ln t, and the tail by its first two
/// terms: good to 1e-7 of G(0).
struct LatticeGreenFunction: Sendable {
  /// Largest distance in cells along each axis.
  let reach: SIMD3<Int>
  /// Times ε: from distances 0, x fastest.
  private let values: [Double]

  init(spacing h: SIMD3<Double>, reach: SIMD3<Int>) {
    self.reach = reach
    let unit = h.min() * h.min()
    let end = 2e4 * h.max() * h.max()
    let start = 1e-10 * unit
    let panels = 2 * Int((log(end / start) / 0.08).rounded(.up))
    let step = log(end / start) / Double(panels)
    var sums = [Double](repeating: 0, count: (reach.x + 1) * (reach.y + 1) * (reach.z + 1))
    for panel in 0...panels {
      let t = start * exp(step * Double(panel))
      let weight = step / 3 * t * (panel == 0 || panel == panels ? 1 : panel % 2 == 1 ? 4 : 2)
      let x = Self.bessel(2 * t / (h.x * h.x), upTo: reach.x)
      let y = Self.bessel(2 * t / (h.y * h.y), upTo: reach.y)
      let z = Self.bessel(2 * t / (h.z * h.z), upTo: reach.z)
      for k in 0...reach.z {
        for j in 0...reach.y {
          for i in 0...reach.x {
            sums[(k * (reach.y + 1) + j) * (reach.x + 1) + i] += weight * x[i] * y[j] * z[k]
          }
        }
      }
    }
    let volume = h.x * h.y * h.z
    let scale = volume / pow(4 * Double.pi, 1.5)
    for k in 0...reach.z {
      for j in 0...reach.y {
        for i in 0...reach.x {
          let n = SIMD3(Double(i), Double(j), Double(k))
          let first = -((4 * n * n - 1) * h * h).sum() / 16
          let tail = scale * (2 / end.squareRoot() + first * 2 / (3 * end * end.squareRoot()))
          let place = (k * (reach.y + 1) + j) * (reach.x + 1) + i
          // Below the start the integrand is 1 in the charge's cell and 0 in all others.
          sums[place] = (sums[place] + tail + (place == 0 ? start : 0)) / volume
        }
      }
    }
    values = sums
  }

  /// ε G at a distance in cells of either sign.
  @inline(__always)
  subscript(_ i: Int, _ j: Int, _ k: Int) -> Double {
    values[(abs(k) &* (reach.y &+ 1) &+ abs(j)) &* (reach.x &+ 1) &+ abs(i)]
  }

  /// e^{−x} I_n(x) for n from 0: Miller's recurrence downward, scaled by e^x = I₀ + 2 Σ I_n.
  static func bessel(_ x: Double, upTo last: Int) -> [Double] {
    var result = [Double](repeating: 0, count: last + 1)
    if x < 1e-4 {
      var term = exp(-x)
      for n in 0...last {
        result[n] = term * (1 + x * x / (4 * Double(n + 1)))
        term *= x / (2 * Double(n + 1))
      }
      return result
    }
    var (above, own, sum) = (0.0, 1e-280, 0.0)
    for n in stride(from: last + 20 + Int(10 * x.squareRoot()), through: 0, by: -1) {
      if n <= last { result[n] = own }
      sum += (n == 0 ? 1 : 2) * own
      (above, own) = (own, above + 2 * Double(n) / x * own)
      if own > 1e200 {
        own *= 1e-200
        above *= 1e-200
        sum *= 1e-200
        for m in 0...last { result[m] *= 1e-200 }
      }
    }
    return result.map { $0 / sum }
  }
}
