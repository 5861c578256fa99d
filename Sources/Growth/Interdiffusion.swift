import Foundation
import Materials
import Quantities
import Specimens

/// Salts that wander between the layers of a film.
///
///     ∂c_i/∂t = ∂/∂z (D ∂c_i/∂z),  D = D₀ exp(−E/kT),  no flux at both faces
///
/// One D for all salts; layers react to the phases of their mean as soon as salts arrive. Finite volumes and backward
/// Euler, whose layers stay positive and keep every molecule; each step takes the layers as thick as their phases make
/// them.
struct Interdiffusion {
  typealias Salts = SurfaceBalance.Salts

  let phases: PhaseShares
  let diffusivity: Double

  init(phases: PhaseShares, law: Sublimation, temperature: Temperature) {
    self.phases = phases
    diffusivity = law.interdiffusivity(at: temperature)
  }

  /// Layers thinner than this share of the film join the next.
  private static let thinnestShare = 1.0 / 256
  /// Exchange over the thickness of a layer above which more changes nothing but digits.
  private static let fullExchange = 1e5

  private func merge(_ layers: inout [Salts]) {
    let least = Self.thinnestShare * layers.reduce(0) { $0 + phases.volume($1) }
    var (merged, rest) = ([Salts](), Salts.zero)
    for layer in layers {
      rest += layer
      if phases.volume(rest) >= least {
        merged.append(rest)
        rest = .zero
      }
    }
    if merged.isEmpty { merged = [rest] } else { merged[merged.count - 1] += rest }
    layers = merged
  }

  /// - Parameters:
  ///   - layers: from the substrate up, molecules per area.
  ///   - time: s.
  func mix(_ layers: inout [Salts], for time: Double, steps: Int = 32) {
    merge(&layers)
    guard layers.count > 1, time > 0 else { return }
    let n = layers.count
    var (upper, lower) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var diagonal = [Double](repeating: 1, count: n)
    for _ in 0..<steps {
      let heights = layers.map { phases.volume($0) }
      for i in 0..<n { diagonal[i] = 1 }
      // Molecules that cross per step: κ (n_i/h_i − n_{i+1}/h_{i+1}).
      for i in 0..<(n - 1) {
        let exchange = min(
          diffusivity * time / Double(steps) / (0.5 * (heights[i] + heights[i + 1])),
          Self.fullExchange * min(heights[i], heights[i + 1]))
        upper[i] = exchange / heights[i + 1]
        lower[i + 1] = exchange / heights[i]
        diagonal[i] += exchange / heights[i]
        diagonal[i + 1] += exchange / heights[i + 1]
      }
      // Thomas's elimination; the matrix is one of columns that sum to 1.
      for i in 1..<n {
        let factor = lower[i] / diagonal[i - 1]
        diagonal[i] -= factor * upper[i - 1]
        layers[i] += factor * layers[i - 1]
      }
      layers[n - 1] /= diagonal[n - 1]
      for i in (0..<(n - 1)).reversed() { layers[i] = (layers[i] + upper[i] * layers[i + 1]) / diagonal[i] }
    }
  }
}

extension GrownCrystal {
  /// Lets the salts of a film from vapor wander; nothing happens to other crystals.
  /// - Throws: `MaterialError.unknown`.
  mutating func mixSalts(
    for time: TimeSpan, at temperature: Temperature, of compound: Compound, in library: MaterialLibrary
  ) throws {
    guard let own = saltLayers, let law = compound.sublimation else { return }
    let salts = try own.salts.map { try library.source($0) }
    let phases = PhaseShares(of: compound, salts: salts, law: law, temperature: temperature)
    // What the heat takes away may come back in the cold.
    let cold = PhaseShares(of: compound, salts: salts, law: law, temperature: self.temperature)
    var layers = own.layers.map { amounts in
      amounts.indices.reduce(into: SurfaceBalance.Salts.zero) { $0[$1] = amounts[$1] }
    }
    let before = layers.reduce(0) { $0 + cold.volume($1) }
    Interdiffusion(phases: phases, law: law, temperature: temperature).mix(&layers, for: time.si)
    let growth = layers.reduce(0) { $0 + cold.volume($1) } / before
    saltLayers?.layers = layers.map { salts in own.salts.indices.map { salts[$0] } }
    thickness.si *= growth
    for index in thicknessMap.values.indices { thicknessMap.values[index] *= growth }
    for index in plate.indices { plate[index].thickness.si *= growth }
    adoptPhases(cold.shares(of: layers))
  }
}

extension Sublimation {
  /// D of salts in the film, m²/s.
  func interdiffusivity(at temperature: Temperature) -> Double {
    interdiffusionPrefactor.si * exp(-interdiffusionEnergy.si / (Constants.boltzmann * temperature.si))
  }
}
