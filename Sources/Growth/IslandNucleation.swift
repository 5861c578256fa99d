import Foundation

/// Islands on a substrate under a steady flux, from the first adatom until they meet.
///
///     dn₁/dt = F(1−Z) − n₁/τ_a − (i+1) (1−Z) σ_i D n₁ n_i − σ_x D n₁ n_x
///     dn_x/dt = (1−Z) σ_i D n₁ n_i − 2 n_x dZ/dt
///     n_i/N₀ = (n₁/N₀)^i exp(E_i/kT),  D = ν/(4N₀) exp(−E_d/kT)
///
/// Venables, Spiller & Hanbücken, *Rep. Prog. Phys.* 47 (1984) 399; physics (3.6). Capture numbers are constants;
/// islands do not move, and a growing one takes in those that it meets: the last term. C_i is 1. Clusters below the
/// critical one fall apart again, so only births take adatoms away: 2 σ₁ D n₁² at i = 1.
public struct IslandNucleation: Hashable, Sendable {
  /// How an island of given volume covers the substrate.
  public enum Shape: Hashable, Sendable {
    /// One layer of formula units.
    case layers
    /// Half spheres.
    case domes
  }

  /// F: formula units per area and time.
  public var flux: Double
  /// N₀, 1/m².
  public var sites: Double
  /// D of a formula unit on the substrate, m²/s.
  public var diffusivity: Double
  /// τ_a, s.
  public var residenceTime: Double
  /// i.
  public var criticalSize: Double
  /// E_i/kT.
  public var clusterEnergy: Double
  /// Of a formula unit, m³.
  public var unitVolume: Double
  public var shape: Shape

  public init(
    flux: Double, sites: Double, diffusivity: Double, residenceTime: Double = .infinity, criticalSize: Double,
    clusterEnergy: Double = 0, unitVolume: Double, shape: Shape = .domes
  ) {
    self.flux = flux
    self.sites = sites
    self.diffusivity = diffusivity
    self.residenceTime = residenceTime
    self.criticalSize = criticalSize
    self.clusterEnergy = clusterEnergy
    self.unitVolume = unitVolume
    self.shape = shape
  }

  /// σ_i of critical clusters, σ_x of islands.
  static let captureNumbers = (small: 3.0, island: 7.0)

  /// How the islands came about.
  public struct Outcome: Hashable, Sendable {
    /// The largest n_x, 1/m²; that at the end, where growth ended before islands met.
    public var density: Double
    /// When one island stands on the area asked for, s; nil if none did.
    public var firstIsland: Double?
    /// When n_x was largest, s; nil if the run ended before.
    public var saturation: Double?
    /// Z at the end.
    public var coverage: Double
    /// Formula units per area: adatoms, those in islands, those desorbed.
    public var adatoms: Double
    public var inIslands: Double
    public var desorbed: Double
    /// At the end of the integration, s.
    public var end: Double
    public var steps: Int
  }

  /// Integrates the rate equations until islands coalesce or the time is over.
  ///
  /// Adatoms by backward Euler, which their stiff balance needs (one equation a step), the rest explicitly, in
  /// steps of a share of the time passed that a change of n_x shortens: first order, some 1 % at the default.
  /// - Parameters:
  ///   - area: on which the first island counts, m².
  ///   - step: share of the time passed.
  public func run(until end: Double, area: Double, step: Double = 0.01) -> Outcome {
    let (small, island) = Self.captureNumbers
    let boltzmann = exp(clusterEnergy)
    var adatoms = 0.0
    var islands = 0.0
    var inIslands = 0.0
    var desorbed = 0.0
    var coverage = 0.0
    var time = 0.0
    var outcome = Outcome(
      density: 0, coverage: 0, adatoms: 0, inIslands: 0, desorbed: 0, end: 0, steps: 0)
    guard flux > 0 else { return outcome }
    let first = 1e-7 * sites / flux
    while time < end, coverage < 0.9, outcome.steps < 200_000 {
      var h = min(max(first, step * time), end - time)
      let rate = (1 - coverage) * small * diffusivity * boltzmann * pow(sites, 1 - criticalSize)
      let birth = rate * pow(adatoms, criticalSize + 1)
      if islands > 0, birth * h > 4 * step * islands { h = max(4 * step * islands / birth, 1e-3 * h) }
      // b n + k n^(i+1) = c, convex: Newton's method from above.
      let b = 1 + h / residenceTime + island * diffusivity * islands * h
      let k = (criticalSize + 1) * rate * h
      let c = adatoms + flux * (1 - coverage) * h
      var n = min(c / b, pow(c / max(k, 1e-300), 1 / (criticalSize + 1)))
      for _ in 0..<50 {
        let power = k * pow(n, criticalSize)
        let change = ((b + power) * n - c) / (b + (criticalSize + 1) * power)
        n -= change
        if change <= 1e-14 * n { break }
      }
      adatoms = n
      let births = rate * pow(n, criticalSize + 1) * h
      let leaving = n * h / residenceTime
      desorbed += leaving
      // What is left of c: all that did not leave or stay is in islands.
      inIslands += c - n - leaving + flux * coverage * h
      islands += births
      let grown = share(of: inIslands, in: islands)
      if grown > coverage {
        islands *= exp(-2 * (grown - coverage))
        coverage = grown
      }
      time += h
      outcome.steps += 1
      if outcome.firstIsland == nil, islands * area >= 1 { outcome.firstIsland = time }
      if islands > outcome.density {
        outcome.density = islands
        outcome.saturation = time
      }
    }
    if outcome.saturation == time { outcome.saturation = nil }
    outcome.coverage = coverage
    outcome.adatoms = adatoms
    outcome.inIslands = inIslands
    outcome.desorbed = desorbed
    outcome.end = time
    return outcome
  }

  /// Z of islands that do not meet.
  private func share(of units: Double, in islands: Double) -> Double {
    guard islands > 0 else { return 0 }
    switch shape {
    case .layers: return min(1, units / sites)
    case .domes:
      let radius = cbrt(3 * units * unitVolume / (2 * Double.pi * islands))
      return min(1, Double.pi * islands * radius * radius)
    }
  }

  /// n_x ≈ N₀ (F/(N₀² D))^p exp[E_i/((i+q)kT)], p = i/(i+q), q = 2 for layers, 2.5 for domes; physics (3.7).
  ///
  /// Complete condensation, and a factor of order one left out.
  public var scalingDensity: Double {
    let q = shape == .layers ? 2 : 2.5
    return sites * pow(flux / (sites * sites * diffusivity), criticalSize / (criticalSize + q))
      * exp(clusterEnergy / (criticalSize + q))
  }
}
