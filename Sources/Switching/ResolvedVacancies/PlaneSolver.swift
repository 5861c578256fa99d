import Fields
import Foundation

/// Poisson's equation with coefficients that depend on the depth alone, solved directly.
///
///     [g₊ + g₋ + ε h k²(p, q) + s] F_i − g₋ F_{i−1} − g₊ F_{i+1} = R_i for each mode (p, q)
///
/// A Fourier transform in the plane leaves a tridiagonal system along the depth for each mode; physics (7.11). k² is that of
/// the five-point stencil, so the solution is exact for the cells.
final class PlaneSolver: Sendable {
  private let transform: RealTransform
  private let planes: Int
  /// Complex modes of a plane.
  private let modes: Int
  /// ε k², F/m³, of each mode.
  private let symbols: [Double]
  private let heights: [Double]

  var spectrumCount: Int { transform.spectrumCount }

  /// - Throws: `TransformError`.
  init(nx: Int, ny: Int, planes: Int, edges: SIMD2<Double>, heights: [Double], permittivity: Double) throws {
    transform = try .planes(nx: nx, ny: ny, batch: planes)
    self.planes = planes
    self.heights = heights
    modes = transform.spectrumStride / 2
    let half = nx / 2 + 1
    symbols = (0..<half * ny).map { mode in
      let (p, q) = (mode % half, mode / half)
      let (sx, sy) = (
        2 * sin(Double.pi * Double(p) / Double(nx)) / edges.x, 2 * sin(Double.pi * Double(q) / Double(ny)) / edges.y
      )
      return permittivity * (sx * sx + sy * sy)
    }
  }

  /// Factors the systems: of each plane and mode the inverse pivot, and what the next plane's share is.
  /// - Parameters:
  ///   - means: s of each plane, F/m².
  ///   - couplings: g above and below the planes, F/m².
  ///   - elimination: room for `spectrumCount` numbers.
  func prepare(means: [Double], couplings: [Double], _ elimination: inout [Double]) {
    let modes = self.modes
    elimination.withUnsafeMutableBufferPointer { factors in
      symbols.withUnsafeBufferPointer { symbols in
        for k in 0..<planes {
          let base = 2 &* k &* modes
          let own = couplings[k] + couplings[k + 1] + means[k]
          let height = heights[k]
          let (before, after) = (couplings[k], couplings[k + 1])
          for m in 0..<symbols.count {
            var pivot = own + height * symbols[m]
            if k > 0 { pivot -= before * factors[base &- 2 &* modes &+ 2 &* m &+ 1] }
            let inverse = 1 / pivot
            factors[base &+ 2 &* m] = inverse
            factors[base &+ 2 &* m &+ 1] = after * inverse
          }
        }
      }
    }
  }

  /// The solution of a right side, with what `prepare` has made of the same couplings.
  /// - Parameter spectrum: room for `spectrumCount` numbers.
  func solve(
    _ right: inout [Double], into solution: inout [Double], couplings: [Double], _ spectrum: inout [Double],
    _ elimination: [Double]
  ) {
    let modes = self.modes
    let count = symbols.count
    let planes = self.planes
    let norm = 1 / Double(transform.pointCount)
    right.withUnsafeMutableBufferPointer { right in
      solution.withUnsafeMutableBufferPointer { solution in
        spectrum.withUnsafeMutableBufferPointer { spectrum in
          elimination.withUnsafeBufferPointer { factors in
            transform.forward(right.baseAddress!, into: spectrum.baseAddress!)
            for k in 0..<planes {
              let own = spectrum.baseAddress! + 2 &* k &* modes
              let before = own - (k > 0 ? 2 &* modes : 0)
              let share = k > 0 ? couplings[k] : 0
              let factor = factors.baseAddress! + 2 &* k &* modes
              for m in 0..<count {
                let inverse = factor[2 &* m]
                own[2 &* m] = (own[2 &* m] + share * before[2 &* m]) * inverse
                own[2 &* m &+ 1] = (own[2 &* m &+ 1] + share * before[2 &* m &+ 1]) * inverse
              }
            }
            for k in (0..<planes - 1).reversed() {
              let own = spectrum.baseAddress! + 2 &* k &* modes
              let next = own + 2 &* modes
              let factor = factors.baseAddress! + 2 &* k &* modes
              for m in 0..<count {
                let share = factor[2 &* m &+ 1]
                own[2 &* m] += share * next[2 &* m]
                own[2 &* m &+ 1] += share * next[2 &* m &+ 1]
              }
            }
            transform.backward(spectrum.baseAddress!, into: solution.baseAddress!)
            for i in 0..<solution.count { solution[i] *= norm }
          }
        }
      }
    }
  }
}
