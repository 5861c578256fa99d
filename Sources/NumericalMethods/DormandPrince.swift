import Foundation

/// The adaptive Runge-Kutta pair of order 5(4) of Dormand and Prince (*J. Comput. Appl. Math.* 6 (1980) 19).
///
/// It keeps linear invariants of the equations to rounding. Buffers live as long as the integrator.
public struct DormandPrince: Sendable {
  /// The derivative of a state of `count` numbers at a time: (time, state, derivative).
  public typealias Derivative = (
    Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>
  ) throws -> Void

  public enum Failure: Error, Hashable, CustomStringConvertible {
    case stepVanished(time: Double)
    case notFinite(time: Double)

    public var description: String {
      switch self {
      case .stepVanished(let t): "the time step fell below rounding at t = \(t) s; the equations are too stiff here"
      case .notFinite(let t): "the state is not finite after t = \(t) s"
      }
    }
  }

  public var relativeTolerance: Double
  /// Error per component that always counts as none.
  public var absoluteTolerance: [Double]
  /// The step to try next, s.
  public var nextStep: Double

  private var stages: [[Double]] = []
  private var trial: [Double] = []
  /// Whether the first stage is known: the last of the step before is the first of the next.
  private var hasFirstStage = false

  public init(relativeTolerance: Double, absoluteTolerance: [Double], firstStep: Double) {
    self.relativeTolerance = relativeTolerance
    self.absoluteTolerance = absoluteTolerance
    nextStep = firstStep
  }

  /// Forgets the last derivative; needed whenever the equations or the state change from outside.
  public mutating func restart() { hasFirstStage = false }

  /// Takes one accepted step, ending at `limit` at the latest, and returns the new time.
  ///
  /// - Throws: `Failure`, or what the derivative throws.
  public mutating func step(
    from time: Double, limit: Double, state: inout [Double], _ derivative: Derivative
  ) throws -> Double {
    let shortest = 1e-14 * max(abs(time), abs(limit))
    while true {
      let remaining = limit - time
      let h = min(nextStep, remaining)
      let error: Double
      do {
        error = try attempt(from: time, step: h, state: state, derivative)
      } catch where hasFirstStage && h * 0.1 >= shortest {
        // The equations hold where the step begins; a stage has left where they do.
        nextStep = h * 0.1
        continue
      }
      guard error.isFinite else {
        nextStep = h * 0.1
        if nextStep < shortest { throw Failure.notFinite(time: time) }
        continue
      }
      let factor = error == 0 ? 5 : min(5, max(0.2, 0.9 * pow(error, -0.2)))
      if error <= 1 {
        // A step cut short by the limit says nothing against a longer one.
        nextStep = h < nextStep ? max(nextStep, h * factor) : h * factor
        state = trial
        (stages[0], stages[6]) = (stages[6], stages[0])
        return h == remaining ? limit : time + h
      }
      nextStep = h * factor
      if nextStep < shortest { throw Failure.stepVanished(time: time) }
    }
  }

  /// The share of the last accepted step after which a component reaches a value that lies between its ends.
  ///
  /// Cubic Hermite interpolation from the values and slopes at both ends, as accurate as the step itself to third order.
  /// - Throws: `Roots.Failure` when the value is not between the ends.
  public func share(
    reaching value: Double, component i: Int, from start: Double, to end: Double, step h: Double
  ) throws -> Double {
    let (before, after) = (h * stages[6][i], h * stages[0][i])
    return try Roots.brent(0, 1, tolerance: 1e-10) { t in
      (1 + 2 * t) * (1 - t) * (1 - t) * start + t * (1 - t) * (1 - t) * before + t * t * (3 - 2 * t) * end
        + t * t * (t - 1) * after - value
    }
  }

  /// The state after a share of the last accepted step, by the same cubic.
  public func state(after t: Double, from start: [Double], to end: [Double], step h: Double) -> [Double] {
    let u = 1 - t
    return start.indices.map { i in
      (1 + 2 * t) * u * u * start[i] + t * t * (3 - 2 * t) * end[i] + h * t * u * (u * stages[6][i] - t * stages[0][i])
    }
  }

  /// One step of fixed length, without error control, that leaves the equations' state to the caller; `restart` follows.
  public mutating func plainStep(
    from time: Double, length: Double, state: [Double], _ derivative: Derivative
  ) throws -> [Double] {
    hasFirstStage = false
    _ = try attempt(from: time, step: length, state: state, derivative)
    return trial
  }

  /// Leaves the fifth-order result in `trial` and returns the scaled error, at most 1 if acceptable.
  private mutating func attempt(
    from t: Double, step h: Double, state y: [Double], _ derivative: Derivative
  ) throws -> Double {
    let n = y.count
    if trial.count != n {
      trial = [Double](repeating: 0, count: n)
      stages = [[Double]](repeating: trial, count: 7)
      hasFirstStage = false
    }
    // Sums run stage by stage over all components, so that a loop has no inner one.
    for s in (hasFirstStage ? 1 : 0)..<7 {
      let row = Self.coefficients[s]
      trial.withUnsafeMutableBufferPointer { trial in
        trial.update(repeating: 0)
        for j in 0..<s { Self.add(row[j], stages[j], to: trial) }
        for i in 0..<n { trial[i] = y[i] + h * trial[i] }
      }
      let time = t + Self.nodes[s] * h
      try trial.withUnsafeBufferPointer { state in
        try stages[s].withUnsafeMutableBufferPointer { try derivative(time, state.baseAddress!, $0.baseAddress!) }
      }
      hasFirstStage = true
    }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { differences in
      differences.initialize(repeating: 0)
      for s in 0..<7 { Self.add(Self.errorWeights[s], stages[s], to: differences) }
      var sum = 0.0
      for i in 0..<n {
        let tolerance = absoluteTolerance.count == n ? absoluteTolerance[i] : absoluteTolerance[0]
        let scale = tolerance + relativeTolerance * max(abs(y[i]), abs(trial[i]))
        let ratio = h * differences[i] / scale
        sum += ratio * ratio
      }
      return (sum / Double(n)).squareRoot()
    }
  }

  private static func add(_ factor: Double, _ values: [Double], to sums: UnsafeMutableBufferPointer<Double>) {
    values.withUnsafeBufferPointer { values in
      for i in sums.indices { sums[i] += factor * values[i] }
    }
  }

  private static let nodes: [Double] = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1]
  private static let coefficients: [[Double]] = [
    [],
    [1.0 / 5],
    [3.0 / 40, 9.0 / 40],
    [44.0 / 45, -56.0 / 15, 32.0 / 9],
    [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
    [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
  ]
  private static let errorWeights: [Double] = [
    71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
  ]
}
