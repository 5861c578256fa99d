import Fields

/// The potential in a medium whose conductances differ between planes only, without iteration.
///
///     Σ g (φ_cell − φ_neighbor) = f  ⇒  per lateral wave, bottom up:
///     s_k = g_x μ_x + g_y μ_y + c_k + s_{k−1} g_{k−½} / (s_{k−1} + g_{k−½}),   d_k = s_k + g_{k+½}
///     y_k = f_k + g_{k−½} y_{k−1} / d_{k−1},   φ_k = (y_k + g_{k+½} φ_{k+1}) / d_k
///
/// Two lateral transforms and one tridiagonal system per wave (Hockney, *J. ACM* 12 (1965) 95). The conductance s_k of
/// all below plane k is a sum of positive numbers, so layers of any contrast lose no digits. c_k is what each cell of a
/// plane takes up per unit of its potential. Electrodes at potential 0.
/// Where neither face has one the uniform part of the top plane is set to 0.
struct LayeredPotential: Sendable {
  let modes: LateralModes
  let planes: Int
  /// g_{k−½}, k from 0 to `planes`: the first and the last lead to the electrodes.
  private let rises: [Double]
  private let ground: Double
  private let gx: [Double]
  private let gy: [Double]
  private var sinks: [Double]
  private let eigenvalues: (x: [Double], y: [Double])
  /// 1 / d_k per plane and wave.
  private var inversePivots: [Double]

  /// Doubles to work in.
  var workCount: Int { spectrumCount + modes.workCount }
  /// Doubles of all spectra, even, so that what follows is aligned.
  private var spectrumCount: Int { (modes.stride * planes + 1) / 2 * 2 }

  /// - Parameters:
  ///   - gx: conductance along x per plane; `gy` likewise.
  ///   - rises: along z, one more than planes.
  ///   - sinks: what a cell takes up per unit of its potential, per plane.
  ///   - grounding: the uniform part of the top plane has a way to potential 0, that it is not left singular.
  init(
    nx: Int, ny: Int, gx: [Double], gy: [Double], rises: [Double], sinks: [Double]? = nil, grounding: Bool = false,
    _ boundary: LateralBoundary
  ) throws {
    planes = gx.count
    self.sinks = sinks ?? [Double](repeating: 0, count: gx.count)
    self.gx = gx
    self.gy = gy
    self.rises = rises
    modes = try LateralModes(nx: nx, ny: ny, planes: planes, boundary)
    ground = grounding ? max(rises[planes - 1], gx[planes - 1], gy[planes - 1]) : 0
    eigenvalues = modes.eigenvalues()
    inversePivots = [Double](repeating: 0, count: modes.stride * gx.count)
    Self.invertPivots(gx, gy, rises, self.sinks, modes, eigenvalues, groundAbove: ground, into: &inversePivots)
  }

  /// Replaces the sinks of all planes.
  mutating func setSinks(_ sinks: [Double]) {
    self.sinks = sinks
    Self.invertPivots(gx, gy, rises, sinks, modes, eigenvalues, groundAbove: ground, into: &inversePivots)
  }

  private static func invertPivots(
    _ gx: [Double], _ gy: [Double], _ rises: [Double], _ sinks: [Double], _ modes: LateralModes,
    _ eigenvalues: (x: [Double], y: [Double]), groundAbove: Double = 0, groundBelow: Double = 0,
    into inverse: inout [Double]
  ) {
    let stride = modes.stride
    let (mx, my) = eigenvalues
    let planes = gx.count
    var below = [Double](repeating: rises[0], count: stride)
    for slot in 0..<stride where mx[slot] == 0 && my[slot] == 0 { below[slot] += groundBelow }
    inverse.withUnsafeMutableBufferPointer { inverse in
      below.withUnsafeMutableBufferPointer { below in
        for k in 0..<planes {
          let (a, b, c, rise) = (gx[k], gy[k], sinks[k], rises[k + 1])
          let row = inverse.baseAddress! + k * stride
          for slot in 0..<stride {
            let own = a * mx[slot] + b * my[slot] + c + below[slot]
            var pivot = own + rise
            if k &+ 1 == planes, mx[slot] == 0, my[slot] == 0 { pivot += groundAbove }
            row[slot] = pivot > 0 ? 1 / pivot : 0
            below[slot] = pivot > 0 ? rise * (own / pivot) : 0
          }
        }
      }
    }
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
    var upsideDown = [Double](repeating: 0, count: inversePivots.count)
    Self.invertPivots(
      gx.reversed(), gy.reversed(), rises.reversed(), sinks.reversed(), modes, eigenvalues, groundBelow: ground,
      into: &upsideDown)
    return (Array(upsideDown[last...]), across, Array(inversePivots[last...]))
  }
}
