import CFFTW
import Foundation

/// A planned cosine transform over the cells of a rectangle with mirrors at its edges.
///
///     forward:  F(p, q) = 4 Σ f(i, j) cos[π p (i + ½)/nx] cos[π q (j + ½)/ny]
///     backward: f(i, j) of those F, times `scale` = 4 nx ny
///
/// The cosines are the eigenfunctions of diffusion without flux through the edges, on the cells as in the continuum.
/// Values stand at cell centers, x fastest. With the cells in the order 0, 2, 4, …, 5, 3, 1 along either axis, V their
/// Fourier transform, a = e^{−iπp/2nx} and b = e^{−iπq/2ny},
///
///     A = a b V(p, q),  B = a b* V(p, −q)
///     F(p, q) = 2 Re(A + B),        F(nx − p, q)      = −2 Im(A + B)
///     F(p, ny − q) = −2 Im(A − B),  F(nx − p, ny − q) = −2 Re(A − B)
///
/// (Makhoul, *IEEE Trans. Acoust. Speech Signal Process.* 28 (1980) 27, along both axes at once), which takes a third of
/// the time of FFTW's own cosine transforms. Plans are estimated, never measured, so that equal input gives equal bytes;
/// the planner's lock is that of `RealTransform`. One plan may run on many threads at once, on distinct arrays.
/// Library: FFTW 3 (Frigo & Johnson, *Proc. IEEE* 93 (2005) 216).
public final class CosineTransform: @unchecked Sendable {
  public let nx: Int
  public let ny: Int
  /// Doubles that a transform needs to work in.
  public let workCount: Int
  private let plans: Plans
  /// Doubles of the spectrum V, which come first in the workspace.
  private let spectrumCount: Int
  /// cos and sin of π p/2nx for the stored p, and of π q/2ny up to ny/2.
  private let turnsAcross: [SIMD2<Double>]
  private let turnsAlong: [SIMD2<Double>]

  /// What backward after forward multiplies by.
  public var scale: Double { Double(4 * nx * ny) }

  /// - Throws: `TransformError`.
  public init(nx: Int, ny: Int) throws {
    precondition(nx > 0 && ny > 0, "a transform needs at least one point")
    self.nx = nx
    self.ny = ny
    let modes = (nx / 2 + 1) * ny
    spectrumCount = 2 * modes
    workCount = 2 * modes + nx * ny
    turnsAcross = Self.turns(nx)
    turnsAlong = Self.turns(ny)
    guard let values = fftw_alloc_real(nx * ny), let spectrum = fftw_alloc_complex(modes) else {
      throw TransformError.outOfMemory(points: nx * ny)
    }
    defer {
      fftw_free(values)
      fftw_free(spectrum)
    }
    let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_DESTROY_INPUT)
    let plans = RealTransform.planner.withLock { _ in
      Plans(
        forward: fftw_plan_dft_r2c_2d(Int32(ny), Int32(nx), values, spectrum, flags),
        backward: fftw_plan_dft_c2r_2d(Int32(ny), Int32(nx), spectrum, values, flags))
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

  private static func turns(_ n: Int) -> [SIMD2<Double>] {
    (0...n / 2).map {
      let angle = 0.5 * Double.pi * Double($0) / Double(n)
      return SIMD2(cos(angle), sin(angle))
    }
  }

  /// Writes the spectrum of nx · ny values; the values stay.
  /// - Parameter work: room for `workCount` numbers.
  public func forward(
    _ values: UnsafePointer<Double>, into spectrum: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>
  ) {
    checkAlignment(work)
    let (nx, ny) = (self.nx, self.ny)
    let folded = work + spectrumCount
    let half = (nx &+ 1) / 2
    for j in 0..<ny {
      let from = values + j &* nx
      let to = folded + Self.place(j, ny) &* nx
      for i in 0..<half { to[i] = from[2 &* i] }
      let end = to + (nx &- 1)
      for i in 0..<(nx &- half) { end[-i] = from[2 &* i &+ 1] }
    }
    work.withMemoryRebound(to: fftw_complex.self, capacity: spectrumCount / 2) {
      fftw_execute_dft_r2c(plans.forward, folded, $0)
    }
    let row = 2 &* (nx / 2 &+ 1)
    turnsAcross.withUnsafeBufferPointer { across in
      for q in 0...(ny / 2) {
        let b = turnsAlong[q]
        let mirror = q == 0 ? 0 : ny &- q
        let near = work + q &* row
        let far = work + mirror &* row
        let low = spectrum + q &* nx
        let high = spectrum + mirror &* nx
        func turn(_ p: Int, hasMirror: Bool) {
          let a = across[p]
          let (cc, ss, cs, sc) = (a.x * b.x, a.y * b.y, a.x * b.y, a.y * b.x)
          let (vr, vi) = (near[2 &* p], near[2 &* p &+ 1])
          let (ur, ui) = (far[2 &* p], far[2 &* p &+ 1])
          let (wr, wi) = (cc - ss, -(cs + sc))
          let (zr, zi) = (cc + ss, cs - sc)
          let (ar, ai) = (wr * vr - wi * vi, wr * vi + wi * vr)
          let (br, bi) = (zr * ur - zi * ui, zr * ui + zi * ur)
          // At q = 0 both rows are one: what belongs there is written last.
          high[p] = -2 * (ai - bi)
          low[p] = 2 * (ar + br)
          guard hasMirror else { return }
          high[nx &- p] = -2 * (ar - br)
          low[nx &- p] = -2 * (ai + bi)
        }
        turn(0, hasMirror: false)
        for p in 1..<max(1, nx / 2 &+ 1) { turn(p, hasMirror: true) }
      }
    }
  }

  /// Writes `scale` times the values of a spectrum; the spectrum stays.
  /// - Parameter work: room for `workCount` numbers.
  public func backward(
    _ spectrum: UnsafePointer<Double>, into values: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>
  ) {
    checkAlignment(work)
    let (nx, ny) = (self.nx, self.ny)
    let row = 2 &* (nx / 2 &+ 1)
    turnsAcross.withUnsafeBufferPointer { across in
      for q in 0...(ny / 2) {
        let b = turnsAlong[q]
        let mirror = q == 0 ? 0 : ny &- q
        let near = work + q &* row
        let far = work + mirror &* row
        let low = spectrum + q &* nx
        let high = spectrum + mirror &* nx
        // Beyond the last mode stands nothing.
        let share = q > 0 ? 1.0 : 0
        func turn(_ p: Int, hasMirror: Bool) {
          let a = across[p]
          let (cc, ss, cs, sc) = (a.x * b.x, a.y * b.y, a.x * b.y, a.y * b.x)
          let (wr, wi) = (cc - ss, cs + sc)
          let (zr, zi) = (cc + ss, sc - cs)
          let (first, second) = (low[p], hasMirror ? low[nx &- p] : 0)
          let (third, fourth) = (share * high[p], hasMirror ? share * high[nx &- p] : 0)
          let (ar, ai) = (first - fourth, -(second + third))
          let (br, bi) = (first + fourth, third - second)
          far[2 &* p] = zr * br - zi * bi
          far[2 &* p &+ 1] = zr * bi + zi * br
          near[2 &* p] = wr * ar - wi * ai
          near[2 &* p &+ 1] = wr * ai + wi * ar
        }
        turn(0, hasMirror: false)
        for p in 1..<max(1, nx / 2 &+ 1) { turn(p, hasMirror: true) }
      }
    }
    let folded = work + spectrumCount
    work.withMemoryRebound(to: fftw_complex.self, capacity: spectrumCount / 2) {
      fftw_execute_dft_c2r(plans.backward, $0, folded)
    }
    let half = (nx &+ 1) / 2
    for j in 0..<ny {
      let from = folded + Self.place(j, ny) &* nx
      let to = values + j &* nx
      for i in 0..<half { to[2 &* i] = from[i] }
      let end = from + (nx &- 1)
      for i in 0..<(nx &- half) { to[2 &* i &+ 1] = end[-i] }
    }
  }

  /// Where a cell stands in the order 0, 2, 4, …, 5, 3, 1.
  @inline(__always)
  private static func place(_ index: Int, _ count: Int) -> Int {
    index % 2 == 0 ? index / 2 : count &- 1 &- index / 2
  }

  /// The spectrum of nx · ny values.
  public func forward(_ values: [Double]) -> [Double] {
    precondition(values.count == nx * ny, "a transform of \(nx * ny) values got \(values.count)")
    return transformed(values) { forward($0, into: $1, work: $2) }
  }

  /// `scale` times the values of a spectrum.
  public func backward(_ spectrum: [Double]) -> [Double] {
    precondition(spectrum.count == nx * ny, "a transform of \(nx * ny) numbers got \(spectrum.count)")
    return transformed(spectrum) { backward($0, into: $1, work: $2) }
  }

  private func transformed(
    _ values: [Double],
    _ body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var work = [Double](repeating: 0, count: workCount)
    return [Double](unsafeUninitializedCapacity: nx * ny) { result, count in
      work.withUnsafeMutableBufferPointer { work in
        values.withUnsafeBufferPointer { body($0.baseAddress!, result.baseAddress!, work.baseAddress!) }
      }
      count = nx * ny
    }
  }

  /// A plan holds for arrays aligned like those it was made with, 16 bytes; Swift's arrays are.
  private func checkAlignment(_ work: UnsafeMutablePointer<Double>) {
    precondition(UInt(bitPattern: work) & 15 == 0, "a transform works in an array on a 16-byte boundary")
  }
}
