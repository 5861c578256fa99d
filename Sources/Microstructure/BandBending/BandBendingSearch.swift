import CKernels
import Fields

/// Newton's method down the free energy of a potential and the charges that follow it.
///
/// Potentials in kT/q, charges in elementary charges, energies in kT.
struct BandBendingSearch {
  /// Of the sum of charges without signs, what counts as charge beside the net one: digits that cancel are lost.
  private static let lostShare = 1e-5
  /// Applications of the preconditioner per step.
  private static let innerLimit = 500

  let layout: NetworkLayout
  let boundary: PotentialBoundary
  let tolerance: PotentialTolerance
  private(set) var model: SpaceChargeModel
  let potentials: [Double]
  private(set) var phi: [Double]
  private(set) var steps: [NewtonStep] = []
  private(set) var mismatch = 0.0
  private(set) var residual = 0.0
  private(set) var electrodeCharges: [Double]
  /// Potentials of the cells' electrodes, and zeros.
  private var bottom: [Double]
  private var top: [Double]
  private let zeros: [Double]
  /// Charge less flux.
  private var excess: [Double]
  /// The step, and the flux that it adds.
  private var step: [Double]
  private var flux: [Double]

  init(
    layout: NetworkLayout, boundary: PotentialBoundary, tolerance: PotentialTolerance, model: SpaceChargeModel,
    potentials: [Double], start: [Double]?
  ) {
    self.layout = layout
    self.boundary = boundary
    self.tolerance = tolerance
    self.model = model
    self.potentials = potentials
    zeros = [Double](repeating: 0, count: layout.plane)
    bottom = (0..<layout.plane).map { boundary.bottomElectrode($0).map { potentials[$0] } ?? 0 }
    top = (0..<layout.plane).map { boundary.topElectrode($0).map { potentials[$0] } ?? 0 }
    phi = start ?? [Double](repeating: 0, count: layout.count)
    electrodeCharges = potentials.map { _ in 0 }
    excess = [Double](repeating: 0, count: layout.count)
    step = excess
    flux = excess
  }

  /// Improves φ until charge and flux agree.
  mutating func run(
    storage: UnsafeMutablePointer<Double>, room: PotentialWorkspace, work: UnsafeMutablePointer<Double>,
    layered: inout LayeredPotential
  ) throws {
    var plain = layout
    plain.hasSinks = false
    let network = plain.network(in: storage)
    let screened = layout.network(in: storage)
    guard model.evaluate(phi) else { throw failure() }
    var forcing = 0.1
    while true {
      let last = residual
      measure(network)
      if mismatch <= tolerance.currentMismatch, residual <= tolerance.residual { return }
      guard steps.count < tolerance.iterationLimit else { throw failure() }
      if !steps.isEmpty {
        let ratio = residual / last
        forcing = min(0.1, max(0.5 * ratio * ratio, 0.1 * tolerance.residual / residual, 1e-10))
      }
      let iterations = newton(screened, forcing, room, work, &layered)
      _ = network.apply(step, into: &flux, zeros: zeros)
      guard let (length, decrease) = descend() else { throw failure() }
      steps.append(NewtonStep(residual: residual, length: length, decrease: decrease, iterations: iterations))
    }
  }

  private func failure() -> BandBendingError {
    .notConverged(steps: steps.count, chargeMismatch: mismatch, residual: residual)
  }

  /// Charge less flux per cell, and what shares that is.
  private mutating func measure(_ network: ConductanceNetwork) {
    let (sum, square) = network.residual(phi, source: model.charge, bottom: bottom, top: top, into: &excess)
    let (plane, last) = (layout.plane, layout.count - layout.plane)
    let (low, high) = (network.gz, network.gz + layout.nz * layout.plane)
    electrodeCharges = potentials.map { _ in 0 }
    var (turnover, drive, gross, own) = (0.0, 0.0, 0.0, 0.0)
    for cell in 0..<plane {
      if let electrode = boundary.bottomElectrode(cell) {
        let flux = low[cell] * (bottom[cell] - phi[cell])
        electrodeCharges[electrode] += flux
        turnover += abs(flux)
        drive += (low[cell] * bottom[cell]) * (low[cell] * bottom[cell])
      }
      if let electrode = boundary.topElectrode(cell) {
        let flux = high[cell] * (top[cell] - phi[last + cell])
        electrodeCharges[electrode] += flux
        turnover += abs(flux)
        drive += (high[cell] * top[cell]) * (high[cell] * top[cell])
      }
    }
    for cell in 0..<layout.count {
      let (net, all) = (model.charge[cell], model.gross[cell])
      turnover += abs(net) + Self.lostShare * all
      own += net * net
      gross += all * all
    }
    let scale = (own + drive).squareRoot() + Self.lostShare * gross.squareRoot()
    mismatch = sum == 0 ? 0 : abs(sum) / (0.5 * turnover)
    residual = square == 0 ? 0 : square.squareRoot() / scale
  }

  /// The step to where the charge's linear part fits; gives the applications of the preconditioner.
  private mutating func newton(
    _ network: ConductanceNetwork, _ forcing: Double, _ room: PotentialWorkspace,
    _ work: UnsafeMutablePointer<Double>, _ layered: inout LayeredPotential
  ) -> Int {
    let plane = layout.plane
    var means = [Double](repeating: 0, count: layout.nz)
    for k in 0..<layout.nz {
      for cell in (k * plane)..<((k + 1) * plane) {
        network.sinks?[cell] = model.sinks[cell]
        means[k] += model.sinks[cell] / Double(plane)
      }
    }
    layered.setSinks(means)
    step.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    // A step that is not exact leads down all the same.
    let inner = PotentialTolerance(currentMismatch: .infinity, residual: forcing, iterationLimit: Self.innerLimit)
    var iterations = Self.innerLimit
    step.withUnsafeMutableBufferPointer { x in
      var iteration = PotentialIteration(
        network: network, x: x.baseAddress!, room: room, work: work, preconditioner: .layered(layered),
        tolerance: inner, isFloating: false)
      let zero = potentials.map { _ in 0.0 }
      iteration.fill(boundary, zero, excess, volume: 1)
      // The arrays stay where they are as long as the search holds them.
      let coupled = model.shares.indices.filter { model.shares[$0] > 0 }
      Self.withPointers(coupled.map { model.weights[$0] }) { weights in
        iteration.couplings = zip(weights, coupled).map { ($0, model.shares[$1]) }
        if case .success(let outcome) = iteration.run(boundary, zero) { iterations = outcome.0 }
      }
    }
    return iterations
  }

  private static func withPointers(
    _ arrays: [[Double]], _ pointers: [UnsafePointer<Double>] = [], _ body: ([UnsafePointer<Double>]) -> Void
  ) {
    guard pointers.count < arrays.count else { return body(pointers) }
    arrays[pointers.count].withUnsafeBufferPointer { withPointers(arrays, pointers + [$0.baseAddress!], body) }
  }

  /// Goes along the step as far as the energy falls well, and evaluates the model there; none where it does not fall.
  ///
  /// The energy is convex: where its slope is still negative it has fallen all the way.
  private mutating func descend() -> (length: Double, decrease: Double)? {
    let count = layout.count
    let slope = -ck_dot(count, excess, step)
    guard slope < 0 else { return nil }
    let curvature = ck_dot(count, step, flux)
    let linear = ck_dot(count, model.charge, step) + slope
    let before = model.energy
    let start = phi
    var length = 1.0
    for _ in 0..<60 {
      for cell in 0..<count { phi[cell] = start[cell] + length * step[cell] }
      guard model.evaluate(phi) else {
        length *= 0.1
        continue
      }
      // Flux at the start along the step is `linear`; the charge gives the rest.
      let end = linear + length * curvature - ck_dot(count, model.charge, step)
      let change = length * linear + 0.5 * length * length * curvature + (model.energy - before)
      // Where the energy's last digits hide the change the slopes at both ends tell it.
      let isHidden = abs(length * slope) < 1e-8 * abs(model.energy)
      let falls = end <= 0 || (isHidden ? end <= -0.5 * slope : change <= 0.1 * length * slope)
      if falls { return (length, isHidden ? -0.5 * length * (slope + end) : -change) }
      length *= max(0.1, min(0.5, -slope / (end - slope)))
    }
    phi = start
    _ = model.evaluate(phi)
    return nil
  }
}
