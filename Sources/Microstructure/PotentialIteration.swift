/// Conjugate gradients on a network of conductances, until the currents balance.
///
/// Source: Notay, *SIAM J. Sci. Comput.* 22 (2000) 1444 (directions made orthogonal afresh, which the inner
/// iteration of large electrodes needs). The sum of the residual is
/// current in less current out, so the balance is watched at no cost. Where the recursion says that the goal is reached
/// the residual is computed afresh, and if it has drifted the iteration starts again from there.
struct PotentialIteration {
  let network: ConductanceNetwork
  let x: UnsafeMutablePointer<Double>
  let preconditioner: PotentialSolver.Preconditioner
  let tolerance: PotentialTolerance
  /// Whether no electrode holds the potential.
  let isFloating: Bool
  private let f: UnsafeMutablePointer<Double>
  private let r: UnsafeMutablePointer<Double>
  private let z: UnsafeMutablePointer<Double>
  private let p: UnsafeMutablePointer<Double>
  private let q: UnsafeMutablePointer<Double>
  private let bottom: UnsafeMutablePointer<Double>
  private let top: UnsafeMutablePointer<Double>
  private let zeros: UnsafeMutablePointer<Double>
  private let rest: UnsafeMutablePointer<Double>

  init(
    network: ConductanceNetwork, x: UnsafeMutablePointer<Double>,
    room: PotentialWorkspace, work: UnsafeMutablePointer<Double>, preconditioner: PotentialSolver.Preconditioner,
    tolerance: PotentialTolerance, isFloating: Bool
  ) {
    self.network = network
    self.x = x
    self.preconditioner = preconditioner
    self.tolerance = tolerance
    self.isFloating = isFloating
    f = work
    r = work + room.vector
    z = work + 2 * room.vector
    p = work + 3 * room.vector
    q = work + 4 * room.vector
    bottom = work + 5 * room.vector
    top = bottom + room.face
    zeros = top + room.face
    rest = zeros + room.face
  }

  /// Writes the sources, the potentials of the faces, and the plane of zeros.
  func fill(_ boundary: PotentialBoundary, _ potentials: [Double], _ source: [Double]?, volume: Double) {
    for cell in 0..<network.count { f[cell] = volume * (source?[cell] ?? 0) }
    for cell in 0..<network.plane {
      bottom[cell] = boundary.bottomElectrode(cell).map { potentials[$0] } ?? 0
      top[cell] = boundary.topElectrode(cell).map { potentials[$0] } ?? 0
      zeros[cell] = 0
    }
  }

  /// Improves x until the tolerance is met.
  func run(
    _ boundary: PotentialBoundary, _ potentials: [Double]
  ) -> Result<(Int, Double, Double, [Double]), PotentialError> {
    let count = network.count
    let scale = rightSide()
    var sources = 0.0
    for cell in 0..<count { sources += abs(f[cell]) }
    var iterations = 0
    var (mismatch, residual) = (0.0, 0.0)
    // The last digits of the residual come and go with rounding; two fresh starts are enough.
    var fresh = 0
    while true {
      network.residual(x, source: f, bottom: bottom, top: top, into: r)
      if isFloating { center(r) }
      var (sum, square) = sums(r)
      mismatch = share(sum, of: turnover(sources))
      residual = share(square.squareRoot(), of: scale)
      if mismatch <= tolerance.currentMismatch, residual <= tolerance.residual { break }
      guard iterations < tolerance.iterationLimit, fresh < 20 else {
        return .failure(
          .notConverged(iterations: iterations, currentMismatch: mismatch, residual: residual))
      }
      fresh += 1
      var product = precondition()
      p.update(from: z, count: count)
      while true {
        let curvature = network.apply(p, into: q, zeros: zeros)
        iterations += 1
        guard curvature > 0, product > 0 else { break }
        let step = product / curvature
        (sum, square) = advance(by: step)
        if share(square.squareRoot(), of: scale) <= 0.5 * tolerance.residual,
          share(sum, of: turnover(sources)) <= 0.5 * tolerance.currentMismatch
        {
          break
        }
        guard iterations < tolerance.iterationLimit else { break }
        product = precondition()
        // Orthogonal to the last direction even where the preconditioner changes from step to step.
        let ratio = -dot(z, q) / curvature
        for cell in 0..<count { p[cell] = z[cell] + ratio * p[cell] }
      }
    }
    if isFloating { center(x) }
    return .success((iterations, mismatch, residual, currents(boundary, potentials)))
  }

  private func share(_ part: Double, of whole: Double) -> Double { part == 0 ? 0 : abs(part) / whole }

  /// Root of the sum of squares of the right side, potentials counted from their mean.
  private func rightSide() -> Double {
    let (plane, last) = (network.plane, network.count - network.plane)
    var (total, weighted) = (0.0, 0.0)
    let (low, high) = (network.gz, network.gz + network.nz * plane)
    for cell in 0..<plane {
      total += low[cell] + high[cell]
      weighted += low[cell] * bottom[cell] + high[cell] * top[cell]
    }
    let mean = total > 0 ? weighted / total : 0
    var square = 0.0
    for cell in 0..<network.count {
      var value = f[cell]
      if cell < plane { value += low[cell] * (bottom[cell] - mean) }
      if cell >= last { value += high[cell - last] * (top[cell - last] - mean) }
      square += value * value
    }
    return square.squareRoot()
  }

  /// Half the sum of what enters and leaves at electrodes and sources.
  private func turnover(_ sources: Double) -> Double {
    let (plane, last) = (network.plane, network.count - network.plane)
    let (low, high) = (network.gz, network.gz + network.nz * plane)
    var sum = sources
    for cell in 0..<plane {
      sum += abs(low[cell] * (bottom[cell] - x[cell])) + abs(high[cell] * (top[cell] - x[last + cell]))
    }
    return 0.5 * sum
  }

  private func sums(_ v: UnsafePointer<Double>) -> (sum: Double, square: Double) {
    var (sum, square) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    let whole = network.count & ~3
    var cell = 0
    while cell < whole {
      let value = UnsafeRawPointer(v + cell).loadUnaligned(as: SIMD4<Double>.self)
      sum += value
      square += value * value
      cell &+= 4
    }
    var (s, t) = (sum.sum(), square.sum())
    while cell < network.count {
      s += v[cell]
      t += v[cell] * v[cell]
      cell &+= 1
    }
    return (s, t)
  }

  /// x += s p, r −= s q.
  private func advance(by step: Double) -> (sum: Double, square: Double) {
    for cell in 0..<network.count {
      x[cell] += step * p[cell]
      r[cell] -= step * q[cell]
    }
    return sums(r)
  }

  private func center(_ v: UnsafeMutablePointer<Double>) {
    let mean = sums(v).sum / Double(network.count)
    for cell in 0..<network.count { v[cell] -= mean }
  }

  /// z = M⁻¹ r; gives r · z.
  private func precondition() -> Double {
    switch preconditioner {
    case .layered(let layered): layered.solve(r, into: z, work: rest)
    case .capacitance(let capacitance):
      capacitance.solve(r, into: z, work: rest)
    case .multigrid(let multigrid): multigrid.cycle(network, r, into: z, work: rest, zeros: zeros)
    }
    if isFloating { center(z) }
    return dot(r, z)
  }

  private func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>) -> Double {
    var lanes = SIMD4<Double>.zero
    let whole = network.count & ~3
    var cell = 0
    while cell < whole {
      lanes +=
        UnsafeRawPointer(a + cell).loadUnaligned(as: SIMD4<Double>.self)
        * UnsafeRawPointer(b + cell).loadUnaligned(as: SIMD4<Double>.self)
      cell &+= 4
    }
    var sum = lanes.sum()
    while cell < network.count {
      sum += a[cell] * b[cell]
      cell &+= 1
    }
    return sum
  }

  private func currents(_ boundary: PotentialBoundary, _ potentials: [Double]) -> [Double] {
    let (plane, last) = (network.plane, network.count - network.plane)
    var currents = [Double](repeating: 0, count: potentials.count)
    for cell in 0..<plane {
      if let electrode = boundary.bottomElectrode(cell) {
        currents[electrode] += network.gz[cell] * (potentials[electrode] - x[cell])
      }
      if let electrode = boundary.topElectrode(cell) {
        currents[electrode] += network.gz[network.nz * plane + cell] * (potentials[electrode] - x[last + cell])
      }
    }
    return currents
  }
}
