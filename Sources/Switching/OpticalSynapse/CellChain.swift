/// The cells of a slab as one linear system, and its implicit step.
///
///     C dT_i/dt = G (T_{i−1} − T_i) + G (T_{i+1} − T_i) + a_i I − losses of the outermost cells
struct CellChain: Sendable {
  /// Of one cell, J/(m² K).
  let capacity: Double
  /// Between two cells, and through the faces, W/(m² K).
  let conductance: Double
  let frontLoss: Double
  let backLoss: Double
  /// Light that each cell takes, per intensity on the face, and all of them together.
  let absorbed: [Double]
  let share: Double

  /// The part of the step that is implicit, s, and the elimination of 1 − part·A.
  private var part = 0.0
  private var upper: [Double]
  private var pivots: [Double]

  init(capacity: Double, conductance: Double, frontLoss: Double, backLoss: Double, absorbed: [Double]) {
    self.capacity = capacity
    self.conductance = conductance
    self.frontLoss = frontLoss
    self.backLoss = backLoss
    self.absorbed = absorbed
    share = absorbed.reduce(0, +)
    upper = absorbed
    pivots = absorbed
  }

  /// Eliminates once for all steps of a length.
  mutating func prepare(_ part: Double) {
    guard part != self.part else { return }
    self.part = part
    let last = absorbed.count - 1
    let coupling = part * conductance / capacity
    for i in 0...last {
      var diagonal = 1 + coupling * Double((i > 0 ? 1 : 0) + (i < last ? 1 : 0))
      if i == 0 { diagonal += part * frontLoss / capacity }
      if i == last { diagonal += part * backLoss / capacity }
      if i > 0 { diagonal += coupling * upper[i - 1] }
      pivots[i] = diagonal
      upper[i] = i < last ? -coupling / diagonal : 0
    }
  }

  /// Solves (1 − part·A) k = A T + q for the rate of change k of each cell, K/s.
  ///
  /// Thomas's method; the matrix is diagonally dominant.
  /// - Returns: what the faces lose at T + part·k, W/m².
  func slopes(_ k: inout [Double], at start: [Double], intensity: Double) -> Double {
    let last = absorbed.count - 1
    let coupling = conductance / capacity
    let lower = -part * coupling
    for i in 0...last {
      var value = absorbed[i] * intensity / capacity
      if i > 0 { value += coupling * (start[i - 1] - start[i]) - lower * k[i - 1] }
      if i < last { value += coupling * (start[i + 1] - start[i]) }
      if i == 0 { value -= frontLoss / capacity * start[i] }
      if i == last { value -= backLoss / capacity * start[i] }
      k[i] = value / pivots[i]
    }
    for i in stride(from: last - 1, through: 0, by: -1) { k[i] -= upper[i] * k[i + 1] }
    return frontLoss * (start[0] + part * k[0]) + backLoss * (start[last] + part * k[last])
  }
}
