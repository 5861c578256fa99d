import CKernels
import Fields

/// Conjugate gradients on a network of conductances, until the currents balance.
///
/// Source: Notay, *SIAM J. Sci. Comput.* 22 (2000) 1444 (directions made orthogonal afresh, which the inner
/// iteration of large electrodes needs). The sum of the residual is current in less current out, so the balance is
/// watched at no cost. Where the recursion says that the goal is reached the residual is computed afresh, and if it has
/// drifted the iteration starts again from there.
struct PotentialIteration {
  /// Cells about a change of the medium that take part in it at once, and how often.
  private static let surroundings = 6
  private static let sweeps = 60

  let network: ConductanceNetwork
  let x: UnsafeMutablePointer<Double>
  let preconditioner: PotentialSolver.Preconditioner
  let tolerance: PotentialTolerance
  /// Whether no electrode holds the potential.
  let isFloating: Bool
  /// What is taken off the network's operator: Σ share · w wᵀ, less than its sinks.
  var couplings: [(weights: UnsafePointer<Double>, share: Double)] = []
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
  /// - Parameter reference: what potentials count from, which sinks take something up at.
  func fill(
    _ boundary: PotentialBoundary, _ potentials: [Double], _ source: [Double]?, volume: Double, reference: Double = 0
  ) {
    for cell in 0..<network.count { f[cell] = volume * (source?[cell] ?? 0) }
    if let sinks = network.sinks, reference != 0 {
      for cell in 0..<network.count { f[cell] -= sinks[cell] * reference }
    }
    for cell in 0..<network.plane {
      bottom[cell] = boundary.bottomElectrode(cell).map { potentials[$0] } ?? 0
      top[cell] = boundary.topElectrode(cell).map { potentials[$0] } ?? 0
      zeros[cell] = 0
    }
  }

  /// Brings x into balance in and near some cells, the rest being held: a change of the conductance there leaves far
  /// larger currents than the potential's own, and costs as many iterations as a start from nothing.
  func relax(about cells: [Int], _ grid: Grid) {
    guard var low = cells.first.map(grid.cell) else { return }
    var high = low
    for cell in cells {
      let at = grid.cell(cell)
      low = pointwiseMin(low, at)
      high = pointwiseMax(high, at)
    }
    let size = SIMD3(network.nx, network.ny, network.nz)
    low = pointwiseMax(low &- Self.surroundings, .zero)
    high = pointwiseMin(high &+ Self.surroundings, size &- 1)
    let extent = high &- low &+ 1
    guard 8 * extent.x * extent.y * extent.z <= network.count else { return }
    for _ in 0..<Self.sweeps {
      for k in low.z...high.z {
        for j in low.y...high.y {
          for i in low.x...high.x { balance(i, j, k) }
        }
      }
    }
  }

  private func balance(_ i: Int, _ j: Int, _ k: Int) {
    let plane = network.plane
    let at = network.neighbors(i, j, k)
    let own = at.own
    let below = k > 0 ? x[own &- plane] : bottom[own]
    let above = k &+ 1 < network.nz ? x[own &+ plane] : top[own &- k &* plane]
    let across = network.gx[own] * x[at.west] + network.gx[at.east] * x[at.east]
    let along = network.gy[own] * x[at.south] + network.gy[at.north] * x[at.north]
    let up = network.gz[own] * below + network.gz[own &+ plane] * above
    if network.inverseSum[own] > 0 { x[own] = network.inverseSum[own] * (f[own] + across + along + up) }
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
      var (sum, square) = network.residual(x, source: f, bottom: bottom, top: top, into: r)
      if isFloating || !couplings.isEmpty {
        _ = couple(x, r, sign: 1)
        if isFloating { center(r) }
        (sum, square) = sums(r)
      }
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
      // x lags one step behind: it moves when p is at hand anyway.
      var step = 0.0
      while true {
        let curvature = network.apply(p, into: q, zeros: zeros) + couple(p, q, sign: -1)
        iterations += 1
        guard curvature > 0, product > 0 else { break }
        step = product / curvature
        (sum, square) = recede(by: step)
        if share(square.squareRoot(), of: scale) <= 0.5 * tolerance.residual {
          ck_advance(count, step, p, x)
          step = 0
          if share(sum, of: turnover(sources)) <= 0.5 * tolerance.currentMismatch { break }
        }
        guard iterations < tolerance.iterationLimit else { break }
        product = precondition()
        // Orthogonal to the last direction even where the preconditioner changes from step to step.
        ck_direction(count, step, -ck_dot(count, z, q) / curvature, z, p, x)
        step = 0
      }
      ck_advance(count, step, p, x)
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
    var sums = (sum: 0.0, square: 0.0)
    withUnsafeMutablePointer(to: &sums) {
      $0.withMemoryRebound(to: Double.self, capacity: 2) { ck_sums(network.count, v, $0) }
    }
    return sums
  }

  /// r −= s q.
  private func recede(by step: Double) -> (sum: Double, square: Double) {
    var sums = (sum: 0.0, square: 0.0)
    withUnsafeMutablePointer(to: &sums) {
      $0.withMemoryRebound(to: Double.self, capacity: 2) { ck_recede(network.count, step, q, r, $0) }
    }
    return sums
  }

  /// y += sign Σ share · w (w · v); gives v · that.
  private func couple(_ v: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, sign: Double) -> Double {
    var product = 0.0
    for (weights, share) in couplings {
      let overlap = ck_dot(network.count, weights, v)
      ck_advance(network.count, sign * share * overlap, weights, y)
      product += sign * share * overlap * overlap
    }
    return product
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
    case .none: z.update(from: r, count: network.count)
    case .multigrid(let multigrid): multigrid.cycle(network, r, into: z, work: rest, zeros: zeros)
    }
    if isFloating { center(z) }
    return ck_dot(network.count, r, z)
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
