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

  /// Ω of the disc at λ² = `square`; beyond the table its last entry, 1 to four digits.
  func disc(square: Double) -> Double {
    // Below the table the exact law costs little, and is hardly ever asked for.
    square > Self.smallest ? exp(interpolated(square, value: 0)) : FrankGrowth.discSupersaturation(square: square)
  }

  /// Ω of the sphere at λ² = `square`.
  func sphere(square: Double) -> Double {
    square > Self.smallest ? exp(interpolated(square, value: 2)) : FrankGrowth.sphereSupersaturation(square: square)
  }

  private static let smallest = 1.1e-16

  private func interpolated(_ square: Double, value: Int) -> Double {
    let position = min((log(square) - Self.low) / step, Double(Self.count) - 1.000001)
    let i = Int(position)
    let t = position - Double(i)
    let (a, b) = (nodes[i], nodes[i + 1])
    return (1 + 2 * t) * (1 - t) * (1 - t) * a[value] + t * (1 - t) * (1 - t) * a[value + 1]
      + t * t * (3 - 2 * t) * b[value] + t * t * (t - 1) * b[value + 1]
  }
}
