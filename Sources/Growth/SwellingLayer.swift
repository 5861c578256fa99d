import Foundation

/// A still layer of solution that takes up a second liquid at its surface, and swells.
///
///     ∂u/∂t = ∂/∂m (D ∂φ/∂m),   φ = u/(1 + u)
///
/// u: volume taken up per volume of solvent; m: height counted in solvent alone, which the swelling leaves as it is. Fick's law
/// in the frame of the solvent, J = −D (1 − φ)² ∂u/∂m, with J = −D ∂φ/∂z in the frame of the volume (Crank, *The Mathematics
/// of Diffusion*, ch. 10). Needs volumes that add up, one D, and no convection. No flux at the bottom. Finite volumes, second
/// order in the cell; what enters is what is found, to rounding.
public struct SwellingLayer: Sendable {
  /// What stands above the layer.
  public enum Surface: Hashable, Sendable {
    /// Nothing passes.
    case closed
    /// The surface keeps one volume fraction.
    case fraction(Double)
    /// Vapor from a pure pool comes through still air.
    case vapor(VaporPath)
  }

  /// Vapor that diffuses through still air from the pure liquid to the solution.
  ///
  ///     q = K ln[(P − x p)/(P − p)],   K = V_m D_g P/(R T ℓ),   x = φ/(φ + r (1 − φ))
  ///
  /// Stefan's diffusion through a stagnant gas; Raoult's law over the solution, r the ratio of molar volumes of the liquid and
  /// the solvent. Needs a vapor pressure p below P.
  public struct VaporPath: Hashable, Sendable {
    /// K: volume of liquid per area and time, m/s.
    public var conductance: Double
    /// p/P.
    public var pressureRatio: Double
    public var molarVolumeRatio: Double

    public init(conductance: Double, pressureRatio: Double, molarVolumeRatio: Double) {
      self.conductance = conductance
      self.pressureRatio = pressureRatio
      self.molarVolumeRatio = molarVolumeRatio
    }

    /// Volume per area and time through a surface of a volume fraction, and its derivative.
    func flux(_ fraction: Double) -> (value: Double, slope: Double) {
      let mixed = fraction + molarVolumeRatio * (1 - fraction)
      let x = fraction / mixed
      let slope = molarVolumeRatio / (mixed * mixed)
      let free = 1 - x * pressureRatio
      return (conductance * log(free / (1 - pressureRatio)), -conductance * pressureRatio * slope / free)
    }
  }

  /// Thickness of a cell without what was taken up, m.
  public let cell: Double
  public let diffusivity: Double
  /// u of each cell, from the bottom.
  public private(set) var loading: [Double]
  /// Volume per area taken up so far, m.
  public private(set) var uptake = 0.0
  private var rest: [Double]
  private var upper: [Double]
  /// What passed the faces of the cells at the beginning of the step, from the bottom to the surface, m/s.
  private var old: [Double]
  private var fluxes: [Double]
  private var trial: [Double]
  /// 1/(1 + u) of the trial state.
  private var thinness: [Double]
  private var stepsTaken = 0

  /// The first steps are Euler's, which forgets the jump at the surface; the others are Crank and Nicolson's.
  static let dampedSteps = 4

  /// - Parameter thickness: of the layer before it swells, without solute, m.
  public init(cells: Int, thickness: Double, diffusivity: Double) {
    cell = thickness / Double(cells)
    self.diffusivity = diffusivity
    loading = [Double](repeating: 0, count: cells)
    rest = loading
    upper = loading
    trial = loading
    thinness = loading
    fluxes = [Double](repeating: 0, count: cells + 1)
    old = fluxes
  }

  /// Volume fraction φ of a cell.
  public func fraction(_ index: Int) -> Double { loading[index] / (1 + loading[index]) }

  /// Carries the layer through a time; returns what was taken up meanwhile, m.
  /// - Throws: `GrowthError.integration`.
  @discardableResult
  public mutating func advance(by time: Double, surface: Surface) throws -> Double {
    let n = loading.count
    let weight = stepsTaken < Self.dampedSteps ? 1 : 0.5
    let ratio = time / cell
    let conductance = diffusivity / cell
    swap(&old, &fluxes)
    for i in 0..<n { trial[i] = loading[i] }
    var converged = false
    for _ in 0..<60 where !converged {
      let change = newtonStep(ratio: ratio, weight: weight, conductance: conductance, surface: surface)
      guard change.isFinite else { break }
      // What is left goes with the square of the change.
      converged = change < 1e-8
    }
    guard converged else {
      throw GrowthError.integration(reason: "the uptake of antisolvent found no solution within a step of \(time) s")
    }
    setFluxes(conductance: conductance, surface: surface)
    for i in 0...n { fluxes[i] = weight * fluxes[i] + (1 - weight) * old[i] }
    for i in 0..<n {
      loading[i] += ratio * (fluxes[i + 1] - fluxes[i])
      trial[i] = loading[i]
    }
    let gained = time * fluxes[n]
    setFluxes(conductance: conductance, surface: surface)
    uptake += gained
    stepsTaken += 1
    return gained
  }

  /// Lets the next steps damp a jump at the surface again.
  public mutating func restart() { stepsTaken = 0 }

  /// Fluxes upward-in through the faces, from the bottom to the surface, m/s, of the trial state.
  ///
  /// - Returns: what the flux through the surface gains by the last cell's volume fraction.
  @discardableResult
  private mutating func setFluxes(conductance: Double, surface: Surface) -> Double {
    let n = trial.count
    trial.withUnsafeBufferPointer { trial in
      thinness.withUnsafeMutableBufferPointer { thinness in
        fluxes.withUnsafeMutableBufferPointer { fluxes in
          for i in 0..<n { thinness[i] = 1 / (1 + trial[i]) }
          fluxes[0] = 0
          for i in 1..<n { fluxes[i] = conductance * (trial[i] - trial[i - 1]) * thinness[i] * thinness[i - 1] }
        }
      }
    }
    let top = Self.flux(below: trial[n - 1] * thinness[n - 1], 2 * conductance, surface)
    fluxes[n] = top.value
    return top.slope
  }

  /// One step of Newton's method; returns the largest relative change.
  private mutating func newtonStep(ratio: Double, weight: Double, conductance: Double, surface: Surface) -> Double {
    let topSlope = setFluxes(conductance: conductance, surface: surface)
    let n = trial.count
    let inner = ratio * weight * conductance
    let outer = ratio * weight * topSlope
    let (now, then) = (ratio * weight, ratio * (1 - weight))
    var change = 0.0
    loading.withUnsafeBufferPointer { before in
      old.withUnsafeBufferPointer { old in
        fluxes.withUnsafeBufferPointer { fluxes in
          thinness.withUnsafeBufferPointer { thinness in
            trial.withUnsafeMutableBufferPointer { trial in
              rest.withUnsafeMutableBufferPointer { rest in
                upper.withUnsafeMutableBufferPointer { upper in
                  // Thomas's elimination of the tridiagonal system, from the bottom; dφ/du = 1/(1 + u)².
                  var slope = thinness[0] * thinness[0]
                  var lower = 0.0
                  var last = 0.0
                  var lastRest = 0.0
                  for i in 0..<n {
                    let next = i < n - 1 ? thinness[i + 1] * thinness[i + 1] : 0
                    let residual =
                      trial[i] - before[i] - now * (fluxes[i + 1] - fluxes[i]) - then * (old[i + 1] - old[i])
                    let links = (i > 0 ? inner : 0) + (i < n - 1 ? inner : -outer)
                    let inversePivot = 1 / (1 + links * slope - lower * last)
                    lastRest = (-residual - lower * lastRest) * inversePivot
                    last = -inner * next * inversePivot
                    upper[i] = last
                    rest[i] = lastRest
                    lower = -inner * slope
                    slope = next
                  }
                  var step = 0.0
                  for i in stride(from: n - 1, through: 0, by: -1) {
                    step = rest[i] - upper[i] * step
                    // A cell gives at most half of its volume in one step of the iteration, so that φ stays below 1.
                    let bounded = max(step, -0.5 * (1 + trial[i]))
                    trial[i] += bounded
                    change = max(change, abs(bounded) * thinness[i])
                  }
                }
              }
            }
          }
        }
      }
    }
    return change
  }

  /// Flux into the last cell, and its derivative by the cell's volume fraction.
  private static func flux(
    below fraction: Double, _ conductance: Double, _ surface: Surface
  ) -> (value: Double, slope: Double) {
    switch surface {
    case .closed: return (0, 0)
    case .fraction(let fixed): return (conductance * (fixed - fraction), -conductance)
    case .vapor(let path):
      // The surface's own fraction: what arrives as vapor leaves by diffusion. The mismatch rises with it.
      var (low, high) = (fraction, 1.0)
      var guess = fraction
      var flux = path.flux(guess)
      for _ in 0..<60 {
        let mismatch = conductance * (guess - fraction) - flux.value
        if mismatch > 0 { high = guess } else { low = guess }
        var next = guess - mismatch / (conductance - flux.slope)
        if next < low || next > high { next = 0.5 * (low + high) }
        let change = abs(next - guess)
        guess = next
        flux = path.flux(guess)
        if change < 1e-15 { break }
      }
      return (flux.value, flux.slope * conductance / (conductance - flux.slope))
    }
  }
}
