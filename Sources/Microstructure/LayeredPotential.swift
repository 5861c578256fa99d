import Fields

/// The potential in a medium whose conductances differ between planes only, without iteration.
///
///     Σ g (φ_cell − φ_neighbor) = f  ⇒  per lateral wave, bottom up:
///     s_k = g_x μ_x + g_y μ_y + s_{k−1} g_{k−½} / (s_{k−1} + g_{k−½}),   d_k = s_k + g_{k+½}
///     y_k = f_k + g_{k−½} y_{k−1} / d_{k−1},   φ_k = (y_k + g_{k+½} φ_{k+1}) / d_k
///
/// Two lateral transforms and one tridiagonal system per wave (Hockney, *J. ACM* 12 (1965) 95). The conductance s_k of
/// all below plane k is a sum of positive numbers, so layers of any contrast lose no digits. Electrodes at potential 0.
/// Where neither face has one the uniform part of the top plane is set to 0.
struct LayeredPotential: Sendable {
  let modes: LateralModes
  let planes: Int
  /// g_{k−½}, k from 0 to `planes`: the first and the last lead to the electrodes.
  private let rises: [Double]
  private let ground: Double
  private let gx: [Double]
  private let gy: [Double]
  /// 1 / d_k per plane and wave.
  private let inversePivots: [Double]

  /// Doubles to work in.
  var workCount: Int { spectrumCount + modes.workCount }
  /// Doubles of all spectra, even, so that what follows is aligned.
  private var spectrumCount: Int { (modes.stride * planes + 1) / 2 * 2 }

  /// - Parameters:
  ///   - gx: conductance along x per plane; `gy` likewise.
  ///   - rises: along z, one more than planes.
  ///   - grounding: the uniform part of the top plane has a way to potential 0, that it is not left singular.
  init(
    nx: Int, ny: Int, gx: [Double], gy: [Double], rises: [Double], grounding: Bool = false,
    _ boundary: LateralBoundary
  ) throws {
    planes = gx.count
    self.gx = gx
    self.gy = gy
    self.rises = rises
    modes = try LateralModes(nx: nx, ny: ny, planes: planes, boundary)
    ground = grounding ? max(rises[planes - 1], gx[planes - 1], gy[planes - 1]) : 0
    inversePivots = Self.inversePivots(gx, gy, rises, modes, groundAbove: ground)
  }

  private static func inversePivots(
    _ gx: [Double], _ gy: [Double], _ rises: [Double], _ modes: LateralModes, groundAbove: Double = 0,
    groundBelow: Double = 0
  ) -> [Double] {
    let stride = modes.stride
    let (mx, my) = modes.eigenvalues()
    var inverse = [Double](repeating: 0, count: stride * gx.count)
    var below = [Double](repeating: rises[0], count: stride)
    let uniform = (0..<stride).filter { mx[$0] == 0 && my[$0] == 0 }
    for slot in uniform { below[slot] += groundBelow }
    for k in gx.indices {
      for slot in 0..<stride {
        let own = gx[k] * mx[slot] + gy[k] * my[slot] + below[slot]
        var pivot = own + rises[k + 1]
        if k + 1 == gx.count, mx[slot] == 0, my[slot] == 0 { pivot += groundAbove }
        inverse[k * stride + slot] = pivot > 0 ? 1 / pivot : 0
        below[slot] = pivot > 0 ? rises[k + 1] * (own / pivot) : 0
      }
    }
    return inverse
  }

  /// φ of the currents f that enter each cell.
  func solve(
    _ f: UnsafeMutablePointer<Double>, into potential: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>
  ) {
    let stride = modes.stride
    let room = work + spectrumCount
    modes.forward(f, into: work, work: room)
    let scale = 1 / modes.scale
    inversePivots.withUnsafeBufferPointer { inverse in
      let inverse = inverse.baseAddress!
      for slot in 0..<stride { work[slot] *= scale }
      for k in 1..<max(planes, 1) {
        let (own, below, pivot) = (work + k &* stride, work + (k &- 1) &* stride, inverse + (k &- 1) &* stride)
        let g = rises[k]
        for slot in 0..<stride { own[slot] = scale * own[slot] + g * (pivot[slot] * below[slot]) }
      }
      let last = planes &- 1
      for slot in 0..<stride { work[last &* stride &+ slot] *= inverse[last &* stride &+ slot] }
      for k in (0..<last).reversed() {
        let (own, above, pivot) = (work + k &* stride, work + (k &+ 1) &* stride, inverse + k &* stride)
        let g = rises[k &+ 1]
        for slot in 0..<stride { own[slot] = pivot[slot] * (own[slot] + g * above[slot]) }
      }
    }
    modes.backward(work, into: potential, work: room)
  }

  /// What unit currents into the bottom and top planes raise there, per wave: bottom at bottom, across, top at top.
  func faceResponses() -> (bottom: [Double], across: [Double], top: [Double]) {
    let stride = modes.stride
    let last = (planes - 1) * stride
    var across = [Double](repeating: 1, count: stride)
    for k in 0..<planes {
      for slot in 0..<stride {
        across[slot] *= inversePivots[k * stride + slot] * (k + 1 < planes ? rises[k + 1] : 1)
      }
    }
    let upsideDown = Self.inversePivots(gx.reversed(), gy.reversed(), rises.reversed(), modes, groundBelow: ground)
    return (Array(upsideDown[last...]), across, Array(inversePivots[last...]))
  }
}
