import NumericalMethods

/// One symmetric cycle of geometric multigrid on a network of conductances, to precondition conjugate gradients.
///
/// Each level joins two cells along the axes whose mean conductance is within a factor of 4 of the strongest. A coarse
/// face carries its fine columns in parallel, each column half of the joined cells' inner resistance, the face, and
/// half of the next inner one in series: exact for a uniform medium, and a blocked column stays blocked. Values are
/// carried down by sums and up unchanged, and Gauss-Seidel sweeps stand before and after in opposite orders, so that the
/// cycle is a symmetric positive operator. The coarsest level is factored.
/// Source: Trottenberg, Oosterlee & Schüller, *Multigrid* (2001), section 5.7 (cell-centered, jumping coefficients).
struct ConductanceMultigrid: Sendable {
  /// Cells down to which levels are made.
  private static let coarsest = 100

  let levels: [NetworkLayout]
  private let factors: [SIMD3<Int>]
  private let bottom: CholeskyFactor
  /// First doubles of a level's solution, right side and residual, in the workspace.
  private let offsets: [Int]
  /// Doubles to work in.
  let workCount: Int

  /// Builds the levels below the first, whose conductances stand in `storage`; coarse ones are appended.
  init(_ finest: NetworkLayout, in storage: inout [Double]) {
    var levels = [finest]
    var factors: [SIMD3<Int>] = []
    while let last = levels.last, last.count > Self.coarsest {
      let factor = storage.withUnsafeMutableBufferPointer { Self.joined(last.network(in: $0.baseAddress!)) }
      let next = NetworkLayout(
        nx: (last.nx + factor.x - 1) / factor.x, ny: (last.ny + factor.y - 1) / factor.y,
        nz: (last.nz + factor.z - 1) / factor.z, start: last.start + last.size)
      storage.append(contentsOf: repeatElement(0, count: next.size))
      storage.withUnsafeMutableBufferPointer {
        let (fine, coarse) = (last.network(in: $0.baseAddress!), next.network(in: $0.baseAddress!))
        Self.coarsen(fine, by: factor, into: coarse)
      }
      levels.append(next)
      factors.append(factor)
    }
    self.levels = levels
    self.factors = factors
    var offsets: [Int] = []
    var work = 0
    for level in levels {
      offsets.append(work)
      work += 3 * level.count
    }
    self.offsets = offsets
    workCount = work
    bottom = storage.withUnsafeMutableBufferPointer {
      Self.factored(levels[levels.count - 1].network(in: $0.baseAddress!))
    }
  }

  /// Along which axes cells are joined: 2 or 1.
  private static func joined(_ fine: ConductanceNetwork) -> SIMD3<Int> {
    var sums = SIMD3<Double>.zero
    for cell in 0..<fine.count {
      sums += SIMD3(fine.gx[cell], fine.gy[cell], cell < fine.plane ? 0 : fine.gz[cell])
    }
    let cells = SIMD3(fine.nx, fine.ny, fine.nz)
    let strongest = sums.max()
    var factor = SIMD3(1, 1, 1)
    for axis in 0..<3 where cells[axis] > 1 && sums[axis] >= 0.25 * strongest { factor[axis] = 2 }
    // A network without any coupling along an axis that is left.
    if factor == SIMD3(1, 1, 1) { for axis in 0..<3 where cells[axis] > 1 { factor[axis] = 2 } }
    return factor
  }

  private static func coarsen(_ fine: ConductanceNetwork, by factor: SIMD3<Int>, into coarse: ConductanceNetwork) {
    let n = SIMD3(fine.nx, fine.ny, fine.nz)
    let m = SIMD3(coarse.nx, coarse.ny, coarse.nz)
    let steps = SIMD3(1, fine.nx, fine.plane)
    for axis in 0..<3 {
      let g = [fine.gx, fine.gy, fine.gz][axis]
      let target = [coarse.gx, coarse.gy, coarse.gz][axis]
      let (length, step) = (n[axis], steps[axis])
      let isJoined = factor[axis] == 2
      let wraps = axis < 2
      var faces = m
      if !wraps { faces[axis] += 1 }
      for K in 0..<faces.z {
        for J in 0..<faces.y {
          for I in 0..<faces.x {
            let face = SIMD3(I, J, K)
            let f = min(factor[axis] * face[axis], length)
            // Inner faces of the cells joined on either side.
            var (left, right): (Int?, Int?)
            if isJoined {
              if f >= 2, f % 2 == 0 { left = f - 1 }
              if wraps, f == 0, length % 2 == 0 { left = length - 1 }
              if f + 1 < length { right = f + 1 }
            }
            var sum = 0.0
            if !wraps || m[axis] > 1 {
              let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
              for a in (factor[u] * face[u])..<min(factor[u] * (face[u] + 1), n[u]) {
                for b in (factor[v] * face[v])..<min(factor[v] * (face[v] + 1), n[v]) {
                  let base = a * steps[u] + b * steps[v]
                  let own = g[base + f * step]
                  guard own > 0 else { continue }
                  var resistance = 1 / own
                  if let left { resistance += 0.5 / g[base + left * step] }
                  if let right { resistance += 0.5 / g[base + right * step] }
                  sum += 1 / resistance
                }
              }
            }
            target[(K * m.y + J) * m.x + I] = sum
          }
        }
      }
    }
    coarse.fillSums()
  }

  /// The dense factor of a network's matrix.
  private static func factored(_ network: ConductanceNetwork) -> CholeskyFactor {
    let count = network.count
    var matrix = [Double](repeating: 0, count: count * count)
    var unit = [Double](repeating: 0, count: count)
    let zeros = [Double](repeating: 0, count: network.plane)
    matrix.withUnsafeMutableBufferPointer { matrix in
      for row in 0..<count {
        unit[row] = 1
        _ = network.apply(unit, into: matrix.baseAddress! + row * count, zeros: zeros)
        unit[row] = 0
      }
    }
    return CholeskyFactor(matrix, count: count, skippingNull: true)!
  }

  /// z ≈ A⁻¹ r.
  func cycle(
    _ r: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>, storage: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>, zeros: UnsafePointer<Double>
  ) {
    descend(0, r, z, storage, work, zeros)
  }

  private func descend(
    _ index: Int, _ f: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>,
    _ storage: UnsafeMutablePointer<Double>,
    _ work: UnsafeMutablePointer<Double>, _ zeros: UnsafePointer<Double>
  ) {
    let level = levels[index]
    if index == levels.count - 1 {
      x.update(from: f, count: level.count)
      bottom.solve(x)
      return
    }
    let network = level.network(in: storage)
    let next = levels[index + 1]
    let residual = work + offsets[index] + 2 * level.count
    let coarseX = work + offsets[index + 1]
    let coarseF = coarseX + next.count
    x.update(repeating: 0, count: level.count)
    network.smooth(x, f, zeros: zeros, backward: false)
    network.residual(x, source: f, bottom: zeros, top: zeros, into: residual)
    coarseF.update(repeating: 0, count: next.count)
    forEachPair(index) { fine, coarse in coarseF[coarse] += residual[fine] }
    descend(index + 1, coarseF, coarseX, storage, work, zeros)
    forEachPair(index) { fine, coarse in x[fine] += coarseX[coarse] }
    network.smooth(x, f, zeros: zeros, backward: true)
  }

  /// Calls `body` with each cell of a level and the coarse cell that it is joined into.
  @inline(__always)
  private func forEachPair(_ index: Int, _ body: (Int, Int) -> Void) {
    let (fine, coarse, factor) = (levels[index], levels[index + 1], factors[index])
    let (nx, ny, nz) = (fine.nx, fine.ny, fine.nz)
    let shift = factor.x &- 1
    for k in 0..<nz {
      for j in 0..<ny {
        let row = (k &* ny &+ j) &* nx
        let coarseRow = ((k / factor.z) &* coarse.ny &+ j / factor.y) &* coarse.nx
        for i in 0..<nx { body(row &+ i, coarseRow &+ (i &>> shift)) }
      }
    }
  }
}
