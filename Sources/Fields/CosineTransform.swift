import CFFTW

/// A planned cosine transform over the cells of a rectangle with mirrors at its edges.
///
///     forward:  F(p, q) = 4 Σ f(i, j) cos[π p (i + ½)/nx] cos[π q (j + ½)/ny]
///     backward: f(i, j) of those F, times `scale` = 4 nx ny
///
/// The cosines are the eigenfunctions of diffusion without flux through the edges, on the cells as in the continuum.
/// Values stand at cell centers, x fastest. Plans are estimated, never measured, so that equal input gives equal
/// bytes; the planner's lock is that of `RealTransform`. One plan may run on many threads at once, on distinct arrays.
/// Library: FFTW 3 (Frigo & Johnson, *Proc. IEEE* 93 (2005) 216).
public final class CosineTransform: @unchecked Sendable {
  public let nx: Int
  public let ny: Int
  private let plans: Plans

  /// What backward after forward multiplies by.
  public var scale: Double { Double(4 * nx * ny) }

  /// - Throws: `TransformError`.
  public init(nx: Int, ny: Int) throws {
    precondition(nx > 0 && ny > 0, "a transform needs at least one point")
    self.nx = nx
    self.ny = ny
    guard let values = fftw_alloc_real(nx * ny), let spectrum = fftw_alloc_real(nx * ny) else {
      throw TransformError.outOfMemory(points: nx * ny)
    }
    defer {
      fftw_free(values)
      fftw_free(spectrum)
    }
    let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_PRESERVE_INPUT)
    let plans = RealTransform.planner.withLock { _ in
      Plans(
        forward: fftw_plan_r2r_2d(Int32(ny), Int32(nx), values, spectrum, FFTW_REDFT10, FFTW_REDFT10, flags),
        backward: fftw_plan_r2r_2d(Int32(ny), Int32(nx), spectrum, values, FFTW_REDFT01, FFTW_REDFT01, flags))
    }
    guard plans.forward != nil, plans.backward != nil else { throw TransformError.noPlan(nx: nx, ny: ny, nz: 1) }
    self.plans = plans
  }

  deinit {
    let plans = self.plans
    RealTransform.planner.withLock { _ in
      fftw_destroy_plan(plans.forward)
      fftw_destroy_plan(plans.backward)
    }
  }

  private struct Plans: @unchecked Sendable {
    let forward: fftw_plan?
    let backward: fftw_plan?
  }

  /// Writes the spectrum of nx · ny values; the values stay.
  public func forward(_ values: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>) {
    checkAlignment(values, spectrum)
    fftw_execute_r2r(plans.forward, values, spectrum)
  }

  /// Writes `scale` times the values of a spectrum; the spectrum stays.
  public func backward(_ spectrum: UnsafeMutablePointer<Double>, into values: UnsafeMutablePointer<Double>) {
    checkAlignment(values, spectrum)
    fftw_execute_r2r(plans.backward, spectrum, values)
  }

  /// The spectrum of nx · ny values.
  public func forward(_ values: [Double]) -> [Double] {
    precondition(values.count == nx * ny, "a transform of \(nx * ny) values got \(values.count)")
    var source = values
    return [Double](unsafeUninitializedCapacity: nx * ny) { spectrum, count in
      source.withUnsafeMutableBufferPointer { forward($0.baseAddress!, into: spectrum.baseAddress!) }
      count = nx * ny
    }
  }

  /// `scale` times the values of a spectrum.
  public func backward(_ spectrum: [Double]) -> [Double] {
    precondition(spectrum.count == nx * ny, "a transform of \(nx * ny) numbers got \(spectrum.count)")
    var source = spectrum
    return [Double](unsafeUninitializedCapacity: nx * ny) { values, count in
      source.withUnsafeMutableBufferPointer { backward($0.baseAddress!, into: values.baseAddress!) }
      count = nx * ny
    }
  }

  /// A plan holds for arrays aligned like those it was made with, 16 bytes; Swift's arrays are.
  private func checkAlignment(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>) {
    precondition(
      (UInt(bitPattern: a) | UInt(bitPattern: b)) & 15 == 0, "a transform needs arrays on 16-byte boundaries")
  }
}
