import Fields
import Foundation
import NumericalMethods

/// A stationary Gaussian random field on a grid, drawn by circulant embedding.
///
///     Y(x) = F⁻¹[√S(k) w(k)],   S = F[s² C(|x/l|)]
///
/// S is the transform of the covariance WRAPPED on a torus: along an axis that is periodic the torus is the grid
/// itself, along the others it is at least twice as long, so that opposite ends of the grid do not see each other. w
/// is Hermitian white noise, drawn in Fourier space: one transform per field. Physics (7.1); Dietrich & Newsam,
/// *SIAM J. Sci. Comput.* 18 (1997) 1088. Where the wrapped covariance is not a covariance (correlation length above
/// a fifteenth of the torus), a longer torus is tried, then a covariance that is cut off beyond the grid; where no torus
/// serves, negative S are set to 0 and the rest is scaled back to the variance s², and `clippedFraction` says how much
/// that was. Memory: 8 B per mode kept, 17 B per torus point while a field is drawn.
public struct GaussianFieldModel: Sendable {
  /// The axes along which a field repeats with its grid's period.
  public enum Periodicity: Hashable, Sendable {
    case none
    /// x and y.
    case lateral
  }

  public let grid: Grid
  public let deviation: Double
  /// Along x, y and z.
  public let correlationLengths: SIMD3<Double>
  /// Sum of negative eigenvalues over the sum of all magnitudes.
  public let clippedFraction: Double
  /// Points of the torus along each axis.
  public let torus: SIMD3<Int>
  /// √(S/2N) per mode of the half spectrum.
  private let amplitudes: [Double]
  private let transform: RealTransform

  /// - Parameters:
  ///   - deviation: standard deviation s of the field.
  ///   - correlationLengths: along x, y and z, in the unit of the grid's spacing.
  ///   - periodicity: the axes along which the field repeats with the grid's own period.
  /// - Throws: `FieldError.notPositive`, `TransformError`.
  public init(
    _ grid: Grid, covariance: Covariance, deviation: Double, correlationLengths: SIMD3<Double>, periodicity: Periodicity
  ) throws {
    guard deviation >= 0, deviation.isFinite else { throw FieldError.notPositive("logDeviation", deviation) }
    for axis in 0..<3 where !(correlationLengths[axis] > 0 && correlationLengths[axis].isFinite) {
      throw FieldError.notPositive("correlationLength", correlationLengths[axis])
    }
    self.grid = grid
    self.deviation = deviation
    self.correlationLengths = correlationLengths
    let embedding = try CirculantEmbedding(
      grid, covariance: covariance, scale: grid.spacing / correlationLengths, periodicity: periodicity)
    (torus, transform, clippedFraction) = (embedding.torus, embedding.transform, embedding.clippedFraction)
    // Of 1 − 2c of the sum, clipping makes 1 − c; taken back, the variance is s² again.
    let scale = (1 - 2 * clippedFraction) / (1 - clippedFraction)
    let factor = deviation * deviation * scale / (2 * Double(transform.pointCount))
    amplitudes = embedding.spectrum.map { (max(0, $0) * factor).squareRoot() }
  }

  /// The covariance that drawn fields have between two voxels (i, j, k) apart on the torus.
  public func covariance(atLag i: Int, _ j: Int, _ k: Int) -> Double {
    let half = torus.x / 2 + 1
    var sum = 0.0
    for mode in amplitudes.indices {
      let (kx, rest) = (mode % half, mode / half)
      let (ky, kz) = (rest % torus.y, rest / torus.y)
      let share = kx == 0 || 2 * kx == torus.x ? 2.0 : 4.0
      let phase =
        Double(kx * i % torus.x) / Double(torus.x) + Double(ky * j % torus.y) / Double(torus.y)
        + Double(kz * k % torus.z) / Double(torus.z)
      sum += share * amplitudes[mode] * amplitudes[mode] * cos(2 * Double.pi * phase)
    }
    return sum
  }

  /// A field of the law, on the grid.
  ///
  /// Draws two normal numbers per mode of the half spectrum, in storage order, whatever the deviation.
  public func sample(random: inout RandomSource) -> Field {
    var spectrum = whiteNoise(random: &random)
    let values = [Double](unsafeUninitializedCapacity: transform.valueCount) { values, count in
      spectrum.withUnsafeMutableBufferPointer { source in
        transform.backward(source.baseAddress!, into: values.baseAddress!)
      }
      count = transform.valueCount
    }
    if grid.nx == torus.x && grid.ny == torus.y { return Field(grid, values: Array(values[..<grid.count])) }
    var field = Field(grid)
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx { field[i, j, k] = values[(k * torus.y + j) * torus.x + i] }
      }
    }
    return field
  }

  /// √S times Hermitian white noise.
  private func whiteNoise(random: inout RandomSource) -> [Double] {
    var stream = random
    defer { random = stream }
    let modes = amplitudes.count
    return [Double](unsafeUninitializedCapacity: 2 * modes) { spectrum, count in
      let target = spectrum.baseAddress!
      amplitudes.withUnsafeBufferPointer { amplitudes in
        for mode in 0..<modes {
          let amplitude = amplitudes[mode]
          target[2 * mode] = amplitude * stream.normal()
          target[2 * mode + 1] = amplitude * stream.normal()
        }
      }
      count = 2 * modes
      makeHermitian(target)
    }
  }

  /// The planes kx = 0 and kx = nx/2 hold each mode and its conjugate: the first of the two decides.
  private func makeHermitian(_ spectrum: UnsafeMutablePointer<Double>) {
    let half = torus.x / 2 + 1
    for column in torus.x % 2 == 0 && torus.x > 1 ? [0, torus.x / 2] : [0] {
      for k in 0..<torus.z {
        for j in 0..<torus.y {
          let mode = (k * torus.y + j) * half + column
          let partner = ((torus.z - k) % torus.z * torus.y + (torus.y - j) % torus.y) * half + column
          if partner > mode {
            spectrum[2 * partner] = spectrum[2 * mode]
            spectrum[2 * partner + 1] = -spectrum[2 * mode + 1]
          } else if partner == mode {
            spectrum[2 * mode] *= 2.0.squareRoot()
            spectrum[2 * mode + 1] = 0
          }
        }
      }
    }
  }
}
