import CFFTW

/// The Fourier transform of a vector field over a volume, in two stages that callers may run piece by piece.
///
///     F(k) = Σ f(x) e^(−2πi k·x/n)
///
/// The first stage is over x and y of one plane, the second over z of a block of columns, which are copied together.
/// Work on a plane or a block between the stages finds it in the processor's caches. Neither direction is scaled:
/// backward after forward multiplies by `pointCount`.
/// A plane holds three components, `valueStride` doubles apart, x fastest without gaps; its spectrum holds them
/// `spectrumStride` doubles apart, interleaved real and imaginary parts, x frequency fastest from 0 to nx/2.
/// Plans are estimated, never measured, so that equal input gives equal bytes; the planner's lock is that of
/// `RealTransform`. One plan may run on many threads at once, on distinct arrays.
/// Library: FFTW 3 (Frigo & Johnson, *Proc. IEEE* 93 (2005) 216).
public final class StagedTransform: @unchecked Sendable {
  /// Columns of one frequency along y that are transformed together.
  public struct Block: Hashable, Sendable {
    /// The first frequency along x.
    public let start: Int
    public let width: Int
  }

  public let nx: Int
  public let ny: Int
  public let nz: Int
  /// Doubles between two components of a plane.
  public let valueStride: Int
  /// Doubles between two components of a plane's spectrum.
  public let spectrumStride: Int
  /// The frequencies along x in pieces whose columns take at most `blockBytes`.
  public let blocks: [Block]
  private let plans: Plans

  /// Frequencies along x.
  public var halfWidth: Int { nx / 2 + 1 }
  public var pointCount: Int { nx * ny * nz }
  /// Doubles that the columns of the widest block take.
  public var columnCount: Int { 6 * nz * (blocks.map(\.width).max() ?? 0) }

  /// Bytes of a block's columns: they stay in a core's second cache.
  private static let blockBytes = 200_000

  private struct Plans: @unchecked Sendable {
    var forwardPlane: fftw_plan?
    var backwardPlane: fftw_plan?
    /// By width: the narrow blocks and the wide ones.
    var forwardColumns: [fftw_plan?] = []
    var backwardColumns: [fftw_plan?] = []
  }

  /// - Throws: `TransformError`.
  public init(nx: Int, ny: Int, nz: Int) throws {
    precondition(nx > 0 && ny > 0 && nz > 0, "a transform needs at least one point")
    self.nx = nx
    self.ny = ny
    self.nz = nz
    let half = nx / 2 + 1
    valueStride = (nx * ny + 7) / 8 * 8
    // An odd number of cache lines: columns then spread over all sets of the caches.
    spectrumStride = 8 * ((2 * half * ny + 7) / 8 | 1)
    let pieces = min(half, max(1, (48 * half * nz + Self.blockBytes - 1) / Self.blockBytes))
    blocks = (0..<pieces).map {
      Block(start: $0 * half / pieces, width: ($0 + 1) * half / pieces - $0 * half / pieces)
    }
    // Estimating does not touch the arrays; only their alignment counts.
    guard let values = fftw_alloc_real(16), let spectrum = fftw_alloc_complex(16) else {
      throw TransformError.outOfMemory(points: 16)
    }
    defer {
      fftw_free(values)
      fftw_free(spectrum)
    }
    let (valueGap, spectrumGap) = (Int32(valueStride), Int32(spectrumStride / 2))
    let flags = UInt32(FFTW_ESTIMATE)
    let narrow = half / pieces
    let widths = half % pieces == 0 ? [narrow] : [narrow, narrow + 1]
    let axes: [Int32] = ny > 1 ? [Int32(ny), Int32(nx)] : [Int32(nx)]
    let plans = RealTransform.planner.withLock { _ in
      var plans = Plans()
      plans.forwardPlane = fftw_plan_many_dft_r2c(
        Int32(axes.count), axes, 3, values, nil, 1, valueGap, spectrum, nil, 1, spectrumGap,
        flags | UInt32(FFTW_PRESERVE_INPUT))
      plans.backwardPlane = fftw_plan_many_dft_c2r(
        Int32(axes.count), axes, 3, spectrum, nil, 1, spectrumGap, values, nil, 1, valueGap, flags)
      let columns = UnsafeMutablePointer<fftw_complex>(OpaquePointer(values))
      for width in widths {
        let row = Int32(width)
        var out = fftw_iodim(n: Int32(nz), is: 3 * spectrumGap, os: 3 * row)
        var back = fftw_iodim(n: Int32(nz), is: 3 * row, os: 3 * spectrumGap)
        let outMany = [fftw_iodim(n: 3, is: spectrumGap, os: row), fftw_iodim(n: row, is: 1, os: 1)]
        let backMany = [fftw_iodim(n: 3, is: row, os: spectrumGap), fftw_iodim(n: row, is: 1, os: 1)]
        plans.forwardColumns.append(
          fftw_plan_guru_dft(1, &out, 2, outMany, spectrum, columns, FFTW_FORWARD, flags | UInt32(FFTW_PRESERVE_INPUT)))
        plans.backwardColumns.append(
          fftw_plan_guru_dft(1, &back, 2, backMany, columns, spectrum, FFTW_BACKWARD, flags))
      }
      return plans
    }
    self.plans = plans
    guard
      ([plans.forwardPlane, plans.backwardPlane] + plans.forwardColumns + plans.backwardColumns)
        .allSatisfy({ $0 != nil })
    else { throw TransformError.noPlan(nx: nx, ny: ny, nz: nz) }
  }

  deinit {
    let plans = self.plans
    RealTransform.planner.withLock { _ in
      for plan in [plans.forwardPlane, plans.backwardPlane] + plans.forwardColumns + plans.backwardColumns {
        if let plan { fftw_destroy_plan(plan) }
      }
    }
  }

  /// Writes the spectrum of a plane over x and y; the values stay.
  public func forwardPlane(_ values: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>) {
    fftw_execute_dft_r2c(plans.forwardPlane, values, UnsafeMutablePointer(OpaquePointer(spectrum)))
  }

  /// Writes the values of a plane's spectrum over x and y, which is overwritten.
  public func backwardPlane(_ spectrum: UnsafeMutablePointer<Double>, into values: UnsafeMutablePointer<Double>) {
    fftw_execute_dft_c2r(plans.backwardPlane, UnsafeMutablePointer(OpaquePointer(spectrum)), values)
  }

  /// Copies the columns of a block out of the planes' spectra, transformed along z: [nz][component][width].
  /// - Parameters:
  ///   - spectrum: the first plane's; planes follow each other at 3 `spectrumStride`.
  ///   - row: the frequency along y, 0 ..< ny.
  public func forwardColumns(
    _ block: Int, row: Int, of spectrum: UnsafeMutablePointer<Double>, into columns: UnsafeMutablePointer<Double>
  ) {
    let start = UnsafeMutablePointer<fftw_complex>(
      OpaquePointer(spectrum + 2 &* (row &* halfWidth &+ blocks[block].start)))
    let plan = plans.forwardColumns[blocks[block].width == blocks[0].width ? 0 : 1]
    fftw_execute_dft(plan, start, UnsafeMutablePointer(OpaquePointer(columns)))
  }

  /// Puts the columns of a block back into the planes' spectra, transformed along z; the columns are overwritten.
  public func backwardColumns(
    _ block: Int, row: Int, of spectrum: UnsafeMutablePointer<Double>, from columns: UnsafeMutablePointer<Double>
  ) {
    let start = UnsafeMutablePointer<fftw_complex>(
      OpaquePointer(spectrum + 2 &* (row &* halfWidth &+ blocks[block].start)))
    let plan = plans.backwardColumns[blocks[block].width == blocks[0].width ? 0 : 1]
    fftw_execute_dft(plan, UnsafeMutablePointer(OpaquePointer(columns)), start)
  }
}
