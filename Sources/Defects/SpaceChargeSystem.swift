import Foundation
import Quantities

/// The equations of a device in numbers without units, and their solution by Newton's method.
///
/// Units: thickness L, kT/q, densities ε kT/(q² L²), times L²/D of the faster carrier. With them Poisson's equation has
/// no coefficient. All differential unknowns obey u = known + τ f(u): one equation for backward Euler and for both
/// stages of TR-BDF2, and the steady state at 1/τ = 0.
struct SpaceChargeSystem: Sendable {
  /// Particles that drift and diffuse.
  struct Species: Sendable {
    var charge: Double
    var diffusivity: Double
    /// Densities at equilibrium with the contacts.
    var bottom: Double
    var top: Double
    /// Speeds of exchange with the contacts; infinite where the density is kept, 0 where nothing passes.
    var bottomSpeed: Double
    var topSpeed: Double
  }

  /// A trap level: what it holds a node, and its rates.
  struct Level: Sendable {
    var amounts: [Double]
    /// Nodes that hold any.
    var nodes: Range<Int>
    var emptyCharge: Double
    var electronCapture: Double
    var electronEmission: Double
    var holeCapture: Double
    var holeEmission: Double
  }

  /// What the ions do in a solve.
  enum Ions { case frozen, equilibrated, moving }

  let spacings: [Double]
  let inverseSpacings: [Double]
  let boxes: [Double]
  var species: [Species]
  /// Index of electrons, holes and ions among the species.
  let electrons: Int?
  let holes: Int?
  let ions: Int?
  let levels: [Level]
  /// Background charge of a node.
  let background: [Double]
  /// Ions of the whole device.
  let ionCount: Double
  /// Exponent of Poole-Frenkel emission per root of the field.
  let pooleFrenkel: Double
  let builtIn: Double

  var count: Int { boxes.count }

  /// Largest accepted last step of Newton's method: of ln c, and of the potential in kT/q.
  static let tolerance = 1e-8
  /// Largest accepted step after the last one, which is not taken: steps shrink with their square.
  static let remainder = 1e-10
  static let maximumSteps = 40

  /// Solves for new unknowns from a guess in `state`.
  ///
  /// - Parameters:
  ///   - state: the guess, then the solution.
  ///   - known: the known part of u = known + τ f(u).
  ///   - inverseStep: 1/τ, 0 for the steady state.
  ///   - voltage: of the top against the bottom.
  /// - Returns: the number of steps, or nil where the iteration did not converge.
  func solve(
    _ state: inout SpaceChargeUnknowns, known: SpaceChargeUnknowns, inverseStep: Double, voltage: Double, motion: Ions
  ) -> Int? {
    let active = species.indices.filter { $0 != ions || motion == .moving }
    let size = active.count + 1
    let capacity = SpaceChargeMatrix.storage(nodes: count, size: size)
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
    defer { memory.deallocate() }
    let matrix = SpaceChargeMatrix(nodes: count, size: size, in: memory)
    let bordered = motion == .equilibrated && ions != nil
    impose(voltage, on: &state)
    if bordered { spread(&state) }
    var previous = Double.infinity
    for step in 1...Self.maximumSteps {
      matrix.clear()
      assemble(state, known: known, inverseStep: inverseStep, active: active, bordered: bordered, into: matrix)
      guard matrix.solve(bordered: bordered) else { return nil }
      let shift = bordered ? close(state, matrix: matrix) : 0
      let change = max(abs(shift), update(&state, by: matrix, active: active))
      if bordered { spread(&state) }
      guard change.isFinite else { return nil }
      let ratio = change / previous
      let isQuadratic = previous < 0.1 && ratio < 0.1 && ratio * ratio * change < Self.remainder
      // Rounding may stop the steps from shrinking before they are as small as asked.
      if isQuadratic || change < Self.tolerance || (change < 1e-5 && ratio > 0.5) {
        occupy(&state, known: known, inverseStep: inverseStep)
        return step
      }
      previous = change
    }
    return nil
  }

  /// Contact values of the potential and of kept densities.
  private func impose(_ voltage: Double, on state: inout SpaceChargeUnknowns) {
    let n = count
    state.potential[0] = 0
    state.potential[n - 1] = voltage + builtIn
    for (s, kind) in species.enumerated() {
      if kind.bottomSpeed == .infinity { state.densities[s * n] = kind.bottom }
      if kind.topSpeed == .infinity { state.densities[s * n + n - 1] = kind.top }
    }
  }

  /// Newton's step of the ions' common factor, which keeps their number.
  private func close(_ state: SpaceChargeUnknowns, matrix: SpaceChargeMatrix) -> Double {
    guard let ions else { return 0 }
    let n = count
    let m = matrix.size
    var total = 0.0
    var weighted = 0.0
    var response = 0.0
    for i in 0..<n {
      let held = boxes[i] * state.densities[ions * n + i]
      total += held
      weighted += held * matrix.right[i * m + m - 1]
      response += held * matrix.border[i * m + m - 1]
    }
    let factor = weighted / (total + response)
    for k in 0..<(n * m) { matrix.right[k] -= factor * matrix.border[k] }
    return factor
  }

  /// Ions at rest: P = N exp(−ψ)/∫ exp(−ψ) dx.
  func spread(_ state: inout SpaceChargeUnknowns) {
    guard let ions else { return }
    let n = count
    let lowest = state.potential.min() ?? 0
    var total = 0.0
    for i in 0..<n {
      let weight = exp(lowest - state.potential[i])
      state.densities[ions * n + i] = weight
      total += boxes[i] * weight
    }
    let factor = ionCount / total
    for i in 0..<n { state.densities[ions * n + i] = max(1e-250, factor * state.densities[ions * n + i]) }
  }

  /// Applies a step; densities stay positive.
  private func update(
    _ state: inout SpaceChargeUnknowns, by matrix: SpaceChargeMatrix, active: [Int]
  ) -> Double {
    let n = count
    let m = matrix.size
    let scale = 1 / (1 + 1e-3 * abs(state.potential[n - 1]))
    var largest = 0.0
    state.potential.withUnsafeMutableBufferPointer { potential in
      for i in 0..<n {
        let change = matrix.right[i * m + m - 1]
        potential[i] += change
        largest = max(largest, change.isFinite ? abs(change) * scale : .infinity)
      }
    }
    state.densities.withUnsafeMutableBufferPointer { densities in
      for slot in 0..<active.count {
        let c = densities.baseAddress! + active[slot] * n
        for i in 0..<n {
          let change = matrix.right[i * m + slot]
          largest = max(largest, change.isFinite ? abs(change) : .infinity)
          c[i] = max(1e-250, change >= 0 ? c[i] * (1 + change) : c[i] / (1 - change))
        }
      }
    }
    return largest
  }

  /// Occupancies that belong to the densities.
  func occupy(_ state: inout SpaceChargeUnknowns, known: SpaceChargeUnknowns, inverseStep: Double) {
    let n = count
    let (potential, densities) = (state.potential, state.densities)
    let isBoosted = pooleFrenkel > 0
    state.occupancies.withUnsafeMutableBufferPointer { occupancies in
      for (l, level) in levels.enumerated() {
        let (cn, cp) = (electrons == nil ? 0 : level.electronCapture, holes == nil ? 0 : level.holeCapture)
        let (firstElectron, firstHole) = ((electrons ?? 0) * n, (holes ?? 0) * n)
        for i in 0..<n {
          let boost = isBoosted && i > 0 && i < n - 1 ? emissionBoost(potential, i) : 1
          let filling = cn * densities[firstElectron + i] + level.holeEmission * boost
          let emptying = cp * densities[firstHole + i] + level.electronEmission * boost
          let sum = inverseStep + filling + emptying
          let before = inverseStep == 0 ? 0 : inverseStep * known.occupancies[l * n + i]
          occupancies[l * n + i] = (before + filling) / sum
        }
      }
    }
  }

  /// exp(β √|E|) at an inner node.
  private func emissionBoost(_ potential: [Double], _ i: Int) -> Double {
    let field = (potential[i + 1] - potential[i - 1]) / (spacings[i - 1] + spacings[i])
    return exp(pooleFrenkel * (field * field + 1).squareRoot().squareRoot())
  }
}
