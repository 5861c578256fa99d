import Fields
import Foundation

/// One step in time of a temperature.
public struct HeatStep: Hashable, Sendable {
  /// At the step's end, K.
  public var temperature: Field
  /// From each electrode into the medium over the step, J.
  public var heats: [Double]
  /// What the sources gave, J.
  public var supplied: Double
  /// By how much the heat of the medium grew, J.
  public var stored: Double
  /// Applications of the preconditioner.
  public var iterations: Int

  /// |stored − supplied − Σ heats| over half the sum of their magnitudes.
  public var mismatch: Double {
    let whole = 0.5 * (abs(stored) + abs(supplied) + heats.reduce(0) { $0 + abs($1) })
    return whole > 0 ? abs(stored - supplied - heats.reduce(0, +)) / whole : 0
  }
}

/// Heat that spreads in time.
///
///     ρc ∂T/∂t = div(κ grad T) + q
///
/// Physics (7.14), on the cells and faces of `PotentialSolver`: a face is an electrode at a given temperature, or leads
/// to one through the boundary's transfer h, W/(m² K), as to air. Two implicit stages per step (Alexander, *SIAM J.
/// Numer. Anal.* 14 (1977) 1006), each of which solves the same system,
///
///     ρc (Y₁ − T)/γΔt = K Y₁ + q,    ρc (Y₂ − T − (1 − γ)(Y₁ − T)/γ)/γΔt = K Y₂ + q,    γ = 1 − 1/√2
///
/// second order in Δt and in balance: what is stored came in. However long the step, what changes faster dies out
/// (L-stable); a part that relaxes in some tenths of a step overshoots by up to a fifth on its way.
public struct TransientHeat: Sendable {
  /// s.
  public let step: Double
  private static let gamma = 1 - 0.5.squareRoot()
  private var solver: PotentialSolver
  private let capacity: Field

  public var grid: Grid { solver.grid }

  /// Prepares steps of one length.
  /// - Parameters:
  ///   - conductivity: κ, W/(m K).
  ///   - capacity: ρc per voxel, J/(m³ K).
  ///   - step: Δt, s.
  ///   - tolerance: the mismatch of currents is that of the heats at each stage.
  /// - Throws: `PotentialError`; `TransformError`.
  public init(
    _ grid: Grid, boundary: PotentialBoundary = PotentialBoundary(), conductivity: Conductivity, capacity: Field,
    step: Double, tolerance: PotentialTolerance = PotentialTolerance(currentMismatch: 1e-9, residual: 1e-9)
  ) throws {
    precondition(step > 0 && step < .infinity, "a step takes time")
    self.step = step
    self.capacity = capacity
    let sink = Field(capacity.grid, values: capacity.values.map { $0 / (Self.gamma * step) })
    solver = try PotentialSolver(
      grid, boundary: boundary, conductivity: conductivity, sink: sink, tolerance: tolerance)
  }

  /// The temperature a step later.
  /// - Parameters:
  ///   - temperature: at the step's start, K.
  ///   - electrodes: their temperatures during the step, K, those of the bottom first.
  ///   - source: q during the step, W/m³; none counts as 0.
  /// - Throws: `PotentialError`.
  public mutating func advance(
    _ temperature: Field, electrodes: [Double], source: Field? = nil
  ) throws -> HeatStep {
    let grid = self.grid
    guard temperature.values.count == grid.count else {
      throw PotentialError.shapeMismatch(
        of: "the temperature", found: temperature.values.count, expected: grid.count)
    }
    if let source, source.values.count != grid.count {
      throw PotentialError.shapeMismatch(of: "the source", found: source.values.count, expected: grid.count)
    }
    let gamma = Self.gamma
    let start = temperature.values
    // From a temperature nearby: what rises above it keeps its digits.
    let base = electrodes.isEmpty ? temperature.mean : electrodes.reduce(0, +) / Double(electrodes.count)
    let held = electrodes.map { $0 - base }
    let rate = 1 / (gamma * step)
    func stage(_ from: (Int) -> Double, guess: [Double]) throws -> PotentialSolution {
      let load = (0..<grid.count).map { rate * capacity.values[$0] * from($0) + (source?.values[$0] ?? 0) }
      return try solver.solve(potentials: held, source: Field(grid, values: load), from: Field(grid, values: guess))
    }
    let initial = start.map { $0 - base }
    let first = try stage({ initial[$0] }, guess: initial)
    let middle = first.potential.values
    let share = (1 - gamma) / gamma
    let second = try stage(
      { initial[$0] + share * (middle[$0] - initial[$0]) },
      guess: (0..<grid.count).map { initial[$0] + (middle[$0] - initial[$0]) / gamma })
    let end = second.potential.values
    let volume = grid.voxelVolume
    var stored = 0.0
    for cell in 0..<grid.count { stored += capacity.values[cell] * (end[cell] - initial[cell]) }
    return HeatStep(
      temperature: Field(grid, values: end.map { $0 + base }),
      heats: zip(first.currents, second.currents).map { step * ((1 - gamma) * $0 + gamma * $1) },
      supplied: step * volume * (source?.values.reduce(0, +) ?? 0), stored: volume * stored,
      iterations: first.iterations + second.iterations)
  }
}
