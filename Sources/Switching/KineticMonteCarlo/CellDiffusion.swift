import Foundation
import NumericalMethods

/// Numbers of ions in cubic cells and their hops between neighboring cells.
///
///     Γ_ij = (D/h²) B(ψ_j − ψ_i) (1 − N_j/N_max),  B(x) = x/(eˣ − 1)
///
/// The mean current is that of Scharfetter and Gummel, physics (8.5); the last factor keeps ions out of full cells and
/// makes (8.6) the equilibrium. It advances event by event or by leaps, physics (8.7).
public struct CellDiffusion: Sendable {
  /// One site per cell of edge h.
  public let lattice: HopLattice
  /// D, m²/s.
  public let diffusivity: Double
  /// N_max per cell; infinite for ions that do not crowd.
  public let capacity: Double
  /// s.
  public internal(set) var time = 0.0
  /// Ions per cell, x fastest.
  public internal(set) var counts: [Int]
  /// (D/h²) B of each cell's hops, zero into walls, 1/s.
  private(set) var rates: [Double]
  /// Their sum per cell.
  private(set) var leavingRates: [Double]
  /// The cell each hop leads to; the cell itself for a wall.
  let targets: [Int32]

  /// - Parameters:
  ///   - lattice: a simple cubic one; its sites are the cells.
  ///   - diffusivity: D, m²/s.
  ///   - energies: ψ = (z q φ + U)/kT of each cell; empty for zero everywhere.
  ///   - counts: ions per cell.
  ///   - capacity: N_max.
  public init(
    _ lattice: HopLattice, diffusivity: Double, energies: [Double] = [], counts: [Int], capacity: Double = .infinity
  ) {
    precondition(lattice.sitesPerCell == 1 && lattice.neighbors == 6, "cells form a simple cubic lattice")
    precondition(counts.count == lattice.siteCount && counts.allSatisfy { $0 >= 0 }, "one count per cell")
    self.lattice = lattice
    self.diffusivity = diffusivity
    self.counts = counts
    self.capacity = capacity
    targets = (0..<6 * counts.count).map { Int32(lattice.neighbor(of: $0 / 6, hop: $0 % 6) ?? $0 / 6) }
    rates = []
    leavingRates = []
    setEnergies(energies)
  }

  /// Takes new energies, in kT; the ions stay where they are.
  public mutating func setEnergies(_ energies: [Double]) {
    precondition(energies.isEmpty || energies.count == counts.count, "one energy per cell")
    let scale = diffusivity / (lattice.cellEdge * lattice.cellEdge)
    rates = targets.enumerated().map { hop, target in
      let cell = hop / 6
      if Int(target) == cell { return 0 }
      return scale * (energies.isEmpty ? 1 : Self.bernoulli(energies[Int(target)] - energies[cell]))
    }
    leavingRates = counts.indices.map { cell in rates[6 * cell..<6 * cell + 6].reduce(0, +) }
  }

  /// B(x) = x/(eˣ − 1).
  static func bernoulli(_ x: Double) -> Double { abs(x) < 1e-8 ? 1 - 0.5 * x : x / expm1(x) }

  /// Room left in a cell, from 0 to 1.
  @inline(__always)
  func room(_ cell: Int) -> Double { max(0, 1 - Double(counts[cell]) / capacity) }

  /// Hops one by one until the end of a time in s, exactly; what a leap is held against.
  /// - Returns: the hops made.
  @discardableResult
  public mutating func advanceExactly(for duration: Double, random: inout RandomSource) -> Int {
    let crowded = capacity < .infinity
    var tree = EventTree(count: counts.count)
    for cell in counts.indices { tree.set(cell, rate: total(cell, crowded)) }
    tree.rebuild()
    let end = time + duration
    var made = 0
    while tree.total > 0 {
      let next = time + random.exponential() / tree.total
      if next > end { break }
      time = next
      let (cell, left) = tree.event(at: random.uniform() * tree.total)
      var rest = left / Double(counts[cell])
      var chosen = -1
      for hop in 6 * cell..<6 * cell + 6 {
        let rate = crowded ? rates[hop] * room(Int(targets[hop])) : rates[hop]
        if rate <= 0 { continue }
        chosen = hop
        if rest < rate { break }
        rest -= rate
      }
      let target = Int(targets[chosen])
      counts[cell] -= 1
      counts[target] += 1
      made += 1
      tree.update(cell, rate: total(cell, crowded))
      tree.update(target, rate: total(target, crowded))
      if crowded {
        for changed in [cell, target] {
          for hop in 6 * changed..<6 * changed + 6 {
            tree.update(Int(targets[hop]), rate: total(Int(targets[hop]), true))
          }
        }
      }
    }
    time = end
    return made
  }

  private func total(_ cell: Int, _ crowded: Bool) -> Double {
    let count = Double(counts[cell])
    if !crowded { return count * leavingRates[cell] }
    var sum = 0.0
    for hop in 6 * cell..<6 * cell + 6 { sum += rates[hop] * room(Int(targets[hop])) }
    return count * sum
  }
}
