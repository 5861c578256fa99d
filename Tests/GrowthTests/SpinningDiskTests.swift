import Foundation
import Growth
import Testing

/// Mass transfer from a disc, against the exact flow over it.
@Suite("Spinning disk")
struct SpinningDiskTests {
  private static let step = 0.002
  private static let reach = 18.0

  /// −H at every step of ζ = z √(ω/ν), from F′ and G′ at the disc, and F and G at an end.
  ///
  /// Kármán, *Z. angew. Math. Mech.* 1 (1921) 233: F″ = F² − G² + H F′, G″ = 2 F G + H G′, H′ = −2F.
  private static func flow(_ slopes: SIMD2<Double>, to end: Double) -> (inflow: [Double], rest: SIMD2<Double>) {
    typealias Point = SIMD8<Double>
    func change(_ y: Point) -> Point {
      let (f, df, g, dg, h) = (y[0], y[1], y[2], y[3], y[4])
      return Point(df, f * f - g * g + h * df, dg, 2 * f * g + h * dg, -2 * f, 0, 0, 0)
    }
    var y = Point(0, slopes.x, 1, slopes.y, 0, 0, 0, 0)
    var inflow = [0.0]
    for _ in 0..<Int((end / step).rounded()) {
      let k1 = change(y)
      let k2 = change(y + 0.5 * step * k1)
      let k3 = change(y + 0.5 * step * k2)
      let k4 = change(y + step * k3)
      y += step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
      inflow.append(-y[4])
    }
    return (inflow, SIMD2(y[0], y[2]))
  }

  /// By Newton's method on the slopes, further and further out.
  private static let inflow: [Double] = {
    var slopes = SIMD2(0.51, -0.62)
    for end in stride(from: 3.0, through: reach, by: 1.5) {
      for _ in 0..<20 {
        let rest = flow(slopes, to: end).rest
        let columns = [SIMD2(1e-7, 0), SIMD2(0, 1e-7)].map { (flow(slopes + $0, to: end).rest - rest) / 1e-7 }
        let determinant = columns[0].x * columns[1].y - columns[1].x * columns[0].y
        let correction = SIMD2(
          rest.x * columns[1].y - columns[1].x * rest.y, columns[0].x * rest.y - rest.x * columns[0].y)
        slopes -= correction / determinant
        if (rest * rest).sum() < 1e-24 { break }
      }
    }
    return flow(slopes, to: reach).inflow
  }()

  /// θ″ = Sc H θ′ from 1 at the disc to 0 far away: −θ′(0) = 1/∫ exp(Sc ∫ H dζ) dζ.
  private static func exact(_ schmidt: Double) -> Double {
    var (sum, exponent, last) = (0.0, 0.0, 1.0)
    for (a, b) in zip(inflow, inflow.dropFirst()) {
      exponent -= 0.5 * step * (a + b)
      let value = exp(schmidt * exponent)
      sum += 0.5 * step * (last + value)
      last = value
    }
    return 1 / (sum + last / (schmidt * inflow.last!))
  }

  @Test func theFlowIsKarmans() {
    #expect(abs(Self.inflow.last! - 0.88447) < 5e-5)
    // Sparrow & Gregg 1959.
    for (schmidt, known) in [(1.0, 0.396), (10, 1.134), (100, 2.687)] {
      #expect(abs(Self.exact(schmidt) / known - 1) < 2e-3)
    }
  }

  @Test func theFormulaFollowsTheExactFlow() {
    var worst = 0.0
    for schmidt in stride(from: 0.7, through: 3, by: 0.1) {
      worst = max(worst, abs(SpinningDisk.sherwood(schmidt: schmidt) / Self.exact(schmidt) - 1))
    }
    print("disc: largest error for Sc from 0.7 to 3: \(100 * worst) %")
    #expect(worst < 0.003)
    for schmidt in [10.0, 100, 1000] {
      #expect(abs(SpinningDisk.sherwood(schmidt: schmidt) / Self.exact(schmidt) - 1) < 0.003)
    }
  }
}
