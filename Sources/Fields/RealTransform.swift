import CFFTW
import Synchronization

/// A planned Fourier transform between real values and their half spectrum, along one, two or three axes.
///
///     forward:  F(k) = Σ f(x) e^(−2πi k·x/n),     backward:  f(x) = Σ F(k) e^(+2πi k·x/n)
///
/// Neither direction is scaled: backward after forward multiplies by `pointCount`. Values run x fastest, then y,
/// then z. The spectrum holds interleaved real and imaginary parts, x frequency fastest and only from 0 to nx/2; the
/// other frequencies of each axis stand in the usual order 0, 1, …, −1.
/// Plans are estimated, never measured, so that equal input gives equal bytes. One lock guards the planner; one plan
/// may run on many threads at once, on distinct arrays. Library: FFTW 3 (Frigo & Johnson, *Proc. IEEE* 93 (2005) 216).
public final class RealTransform: @unchecked Sendable {
  /// The version of the FFT library in use: `fftw-3.3.10-sse2-avx`.
  public static var libraryVersion: String { String(cString: boule_fftw_version()) }

  /// One lock guards the planner for every kind of transform.
  static let planner = Mutex(())

  /// Points of one transform along x, y, z.
  public let shape: SIMD3<Int>
  /// Transforms done in one go.
  public let batch: Int
  /// Doubles between the spectra of two transforms of a batch.
  public let spectrumStride: Int
  private let plans: Plans

  /// Points of one transform: the factor that forward and backward together multiply by.
  public var pointCount: Int { shape.x * shape.y * shape.z }
  /// Doubles that all values of a batch take.
  public var valueCount: Int { pointCount * batch }
  /// Doubles that all spectra of a batch take.
  public var spectrumCount: Int { spectrumStride * batch }

  /// Transforms of lines of `count` points, one after the other.
  public static func lines(of count: Int, batch: Int = 1) throws -> RealTransform {
    try RealTransform(shape: SIMD3(count, 1, 1), batch: batch, spectrumStride: 2 * (count / 2 + 1))
  }

  /// Transforms over x and y of each of `batch` planes.
  /// - Parameter spectrumAlignment: the complex numbers of each plane's spectrum are padded to a multiple of this.
  public static func planes(nx: Int, ny: Int, batch: Int, spectrumAlignment: Int = 1) throws -> RealTransform {
    let modes = (nx / 2 + 1) * ny
    let padded = (modes + spectrumAlignment - 1) / spectrumAlignment * spectrumAlignment
    return try RealTransform(shape: SIMD3(nx, ny, 1), batch: batch, spectrumStride: 2 * padded)
  }

  /// The transform over all three axes of one volume.
  public static func volume(nx: Int, ny: Int, nz: Int) throws -> RealTransform {
    try RealTransform(shape: SIMD3(nx, ny, nz), batch: 1, spectrumStride: 2 * (nx / 2 + 1) * ny * nz)
  }

  private init(shape: SIMD3<Int>, batch: Int, spectrumStride: Int) throws {
    precondition(shape.min() > 0 && batch > 0, "a transform needs at least one point and one line")
    self.shape = shape
    self.batch = batch
    self.spectrumStride = spectrumStride
    let sizes = [shape.z, shape.y, shape.x].map(Int32.init)
    let points = shape.x * shape.y * shape.z
    guard
      let values = fftw_alloc_real(points * batch),
      let spectrum = fftw_alloc_complex(spectrumStride / 2 * batch)
    else { throw TransformError.outOfMemory(points: points * batch) }
    defer {
      fftw_free(values)
      fftw_free(spectrum)
    }
    // Axes of one point are left out: the rank decides the algorithm, and FFTW wants none of them.
    let axes = shape.z > 1 ? sizes[...] : shape.y > 1 ? sizes[1...] : sizes[2...]
    let flags = UInt32(FFTW_ESTIMATE)
    let plans = Self.planner.withLock { _ in
      Array(axes).withUnsafeBufferPointer { n in
        Plans(
          forward: fftw_plan_many_dft_r2c(
            Int32(n.count), n.baseAddress, Int32(batch), values, nil, 1, Int32(points), spectrum, nil, 1,
            Int32(spectrumStride / 2), flags | UInt32(FFTW_PRESERVE_INPUT)),
          backward: fftw_plan_many_dft_c2r(
            Int32(n.count), n.baseAddress, Int32(batch), spectrum, nil, 1, Int32(spectrumStride / 2), values, nil, 1,
            Int32(points), flags))
      }
    }
    guard plans.forward != nil, plans.backward != nil else {
      throw TransformError.noPlan(nx: shape.x, ny: shape.y, nz: shape.z)
    }
    self.plans = plans
  }

  deinit {
    let plans = self.plans
    Self.planner.withLock { _ in
      fftw_destroy_plan(plans.forward)
      fftw_destroy_plan(plans.backward)
    }
  }

  private struct Plans: @unchecked Sendable {
    let forward: fftw_plan?
    let backward: fftw_plan?
  }

  /// Writes the spectra of `valueCount` values; the values stay.
  public func forward(_ values: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>) {
    checkAlignment(values, spectrum)
    fftw_execute_dft_r2c(plans.forward, values, UnsafeMutablePointer(OpaquePointer(spectrum)))
  }

  /// Writes the values of `spectrumCount` doubles of spectra, which are overwritten.
  public func backward(_ spectrum: UnsafeMutablePointer<Double>, into values: UnsafeMutablePointer<Double>) {
    checkAlignment(values, spectrum)
    fftw_execute_dft_c2r(plans.backward, UnsafeMutablePointer(OpaquePointer(spectrum)), values)
  }

  /// The spectra of `valueCount` values.
  public func forward(_ values: [Double]) -> [Double] {
    precondition(values.count == valueCount, "a transform of \(valueCount) values got \(values.count)")
    var spectrum = [Double](repeating: 0, count: spectrumCount)
    var copy = values
    copy.withUnsafeMutableBufferPointer { source in
      spectrum.withUnsafeMutableBufferPointer { target in
        forward(source.baseAddress!, into: target.baseAddress!)
      }
    }
    return spectrum
  }

  /// The values of spectra, not divided by `pointCount`.
  public func backward(_ spectrum: [Double]) -> [Double] {
    precondition(spectrum.count == spectrumCount, "a transform of \(spectrumCount) numbers got \(spectrum.count)")
    var copy = spectrum
    return [Double](unsafeUninitializedCapacity: valueCount) { values, count in
      copy.withUnsafeMutableBufferPointer { source in
        backward(source.baseAddress!, into: values.baseAddress!)
      }
      count = valueCount
    }
  }

  /// A plan holds for arrays aligned like those it was made with, 16 bytes; Swift's arrays are.
  private func checkAlignment(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>) {
    precondition(
      (UInt(bitPattern: a) | UInt(bitPattern: b)) & 15 == 0, "a transform needs arrays on 16-byte boundaries")
  }
}

/// Why a transform could not be planned.
public enum TransformError: Error, Hashable, CustomStringConvertible {
  case outOfMemory(points: Int)
  case noPlan(nx: Int, ny: Int, nz: Int)

  public var description: String {
    switch self {
    case .outOfMemory(let points): "no memory for a Fourier transform of \(points) points; use a smaller grid"
    case .noPlan(let nx, let ny, let nz): "FFTW has no plan for \(nx) x \(ny) x \(nz) points; use a smaller grid"
    }
  }
}
