import Foundation

/// Frank's disc and sphere laws, tabulated for use inside the time integration.
///
/// Cubic Hermite interpolation of ln Ω over ln λ² between 1e-16 and 1e4; relative error below 1e-8 (a test measures it).
struct FrankTable: Sendable {
  static let shared = FrankTable()

  private static let low = -36.8
  private static let high = 9.2
  private static let count = 2048
  private let step: Double
  /// For each node: ln Ω and its slope per node, disc then sphere.
  private let nodes: [SIMD4<Double>]

  private init() {
    step = (Self.high - Self.low) / Double(Self.count - 1)
    let step = self.step
    func logarithms(_ index: Double) -> SIMD2<Double> {
      let square = exp(Self.low + index * step)
      return SIMD2(
        log(FrankGrowth.discSupersaturation(square: square)), log(FrankGrowth.sphereSupersaturation(square: square)))
    }
    nodes = (0..<Self.count).map { i in
      let x = Double(i)
      let value = logarithms(x)
      // Fourth-order central difference: its error is far below that of the interpolation.
      let d = 0.25
      let slope =
        (8 * (logarithms(x + d) - logarithms(x - d)) - (logarithms(x + 2 * d) - logarithms(x - 2 * d))) / (12 * d)
      return SIMD4(value.x, slope.x, value.y, slope.y)
    }
  }

  /// Ω of the disc and of the sphere at λ² = `square`; beyond the table its last entry, 1 to four digits.
  func supersaturations(square: Double) -> (disc: Double, sphere: Double) {
    // Below the table both laws are powers of λ² to the precision of a double's logarithm: take the exact ones.
    guard square > 1.1e-16 else {
      return (
        FrankGrowth.discSupersaturation(square: square), FrankGrowth.sphereSupersaturation(square: square)
      )
    }
    let position = min((log(square) - Self.low) / step, Double(Self.count) - 1.000001)
    let i = Int(position)
    let t = position - Double(i)
    let (a, b) = (nodes[i], nodes[i + 1])
    let h00 = (1 + 2 * t) * (1 - t) * (1 - t)
    let h10 = t * (1 - t) * (1 - t)
    let h01 = t * t * (3 - 2 * t)
    let h11 = t * t * (t - 1)
    let disc = h00 * a.x + h10 * a.y + h01 * b.x + h11 * b.y
    let sphere = h00 * a.z + h10 * a.w + h01 * b.z + h11 * b.w
    return (exp(disc), exp(sphere))
  }
}
