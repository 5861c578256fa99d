import Foundation

/// A slab that light heats through its front face and that both faces cool.
///
///     ρ c ∂T/∂t = κ ∂²T/∂z² + α I e^{−αz},   κ ∂T/∂z = h_f T at z = 0,   −κ ∂T/∂z = h_b T at z = L
///
/// T is the rise over the surroundings; physics (8.29). One dimension: the spot must be wider than the slab is thick. Finite
/// volumes of equal width, of second order; Alexander's two-stage diagonally implicit method in time, of second order and
/// L-stable, *SIAM J. Numer. Anal.* 14 (1977) 1006. What is absorbed, stored and lost balances to rounding, and the light of
/// a cell is exact however thin its absorbing layer.
public struct HeatedSlab: Sendable {
  /// L, m.
  public let thickness: Double
  /// K, from the front.
  public private(set) var rise: [Double]
  /// Heat that came in and went out so far, J/m².
  public private(set) var heatIn = 0.0
  public private(set) var heatOut = 0.0

  /// ρ c, J/(m³ K).
  private let heatCapacity: Double
  private var cells: CellChain
  private var early: [Double]
  private var late: [Double]
  private var stage: [Double]

  /// A slab without a rise.
  ///
  /// - Parameters:
  ///   - conductivity: κ, W/(m K).
  ///   - heatCapacity: ρ c, J/(m³ K).
  ///   - absorption: α, 1/m; 0 lets all light pass.
  ///   - front, back: heat transfer of the faces, W/(m² K); infinite holds a face at the surroundings.
  /// - Throws: `SwitchingError.invalid`.
  public init(
    thickness: Double, conductivity: Double, heatCapacity: Double, absorption: Double, front: Double, back: Double,
    cells count: Int = 64
  ) throws {
    for (what, value) in [
      ("the slab's thickness", thickness), ("its thermal conductivity", conductivity),
      ("its heat capacity", heatCapacity), ("its number of cells", Double(count)),
    ] where !(value > 0 && value.isFinite) {
      throw SwitchingError.invalid(what: what, value: value)
    }
    for (what, value) in [
      ("the absorption", absorption), ("the front's heat transfer", front), ("the back's heat transfer", back),
    ] where !(value >= 0) {
      throw SwitchingError.invalid(what: what, value: value)
    }
    self.thickness = thickness
    self.heatCapacity = heatCapacity
    let width = thickness / Double(count)
    // Half a cell lies between the face and the cell's middle.
    func loss(_ transfer: Double) -> Double {
      transfer == 0 ? 0 : 1 / (1 / transfer + 0.5 * width / conductivity)
    }
    cells = CellChain(
      capacity: heatCapacity * width, conductance: conductivity / width, frontLoss: loss(front), backLoss: loss(back),
      absorbed: (0..<count).map { -exp(-absorption * width * Double($0)) * expm1(-absorption * width) })
    rise = [Double](repeating: 0, count: count)
    early = rise
    late = rise
    stage = rise
  }

  /// Mean rise over the depth, K.
  public var meanRise: Double { rise.reduce(0, +) / Double(rise.count) }

  /// Heat in the slab over that of the surroundings, J/m².
  public var heat: Double { heatCapacity * thickness * meanRise }

  /// Goes on in equal steps under a steady intensity, W/m².
  public mutating func advance(by time: Double, steps: Int = 1, intensity: Double) {
    guard time > 0, steps > 0 else { return }
    let step = time / Double(steps)
    let part = 1 - 0.5.squareRoot()
    cells.prepare(part * step)
    for _ in 0..<steps {
      let earlyLoss = cells.slopes(&early, at: rise, intensity: intensity)
      for i in rise.indices { stage[i] = rise[i] + (1 - part) * step * early[i] }
      let lateLoss = cells.slopes(&late, at: stage, intensity: intensity)
      for i in rise.indices { rise[i] += step * ((1 - part) * early[i] + part * late[i]) }
      heatIn += cells.share * intensity * step
      heatOut += step * ((1 - part) * earlyLoss + part * lateLoss)
    }
  }
}
