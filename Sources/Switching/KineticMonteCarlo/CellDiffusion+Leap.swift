import Foundation
import NumericalMethods

/// How far a leap may go.
public struct LeapTolerance: Hashable, Sendable {
  /// Expected change of a cell's count, and its standard deviation, relative to the count (of one ion at least).
  public var relativeChange: Double
  /// Hops that an ion makes on average in one leap: a leap moves each ion once at most.
  public var hopsPerIon: Double

  public init(relativeChange: Double = 0.03, hopsPerIon: Double = 0.05) {
    self.relativeChange = relativeChange
    self.hopsPerIon = hopsPerIon
  }
}

extension CellDiffusion {
  /// Leaps until the end of a time in s.
  ///
  /// In a leap τ the ions that leave cell i are Binomial(N_i, 1 − exp(−τ Σ_j Γ_ij)), split over its neighbors by a
  /// multinomial draw, so that no cell gives more than it has; physics (8.7). τ follows Cao, Gillespie & Petzold,
  /// *J. Chem. Phys.* 124 (2006) 044109, whose bound on chance changes shortens it where counts are small: leaps pay
  /// from some hundred ions per cell on, single hops below.
  /// - Returns: the leaps made.
  @discardableResult
  public mutating func leap(
    for duration: Double, tolerance: LeapTolerance = LeapTolerance(), random: inout RandomSource
  ) -> Int {
    let end = time + duration
    var leaps = 0
    var rates = [Double](repeating: 0, count: targets.count)
    var arrivals = [Int](repeating: 0, count: counts.count)
    while time < end {
      let longest = prepare(&rates, tolerance)
      // The rest is split evenly, so that the last leap is not a sliver.
      let left = end - time
      let pieces = max(1, (left / longest).rounded(.up))
      let step = pieces == 1 ? left : left / pieces
      move(rates, step, &arrivals, &random)
      time = pieces == 1 ? end : time + step
      leaps += 1
    }
    return leaps
  }

  /// Rates in the present state, and the longest leap that the tolerance allows, s.
  private func prepare(_ rates: inout [Double], _ tolerance: LeapTolerance) -> Double {
    let crowded = capacity < .infinity
    var mean = [Double](repeating: 0, count: counts.count)
    var variance = mean
    var fastest = 0.0
    for cell in counts.indices {
      let count = Double(counts[cell])
      var sum = 0.0
      for hop in 6 * cell..<6 * cell + 6 {
        let target = Int(targets[hop])
        let rate = crowded ? self.rates[hop] * room(target) : self.rates[hop]
        rates[hop] = rate
        sum += rate
        mean[target] += count * rate
        variance[target] += count * rate
      }
      mean[cell] -= count * sum
      variance[cell] += count * sum
      if counts[cell] > 0 { fastest = max(fastest, sum) }
    }
    guard fastest > 0 else { return .infinity }
    var longest = tolerance.hopsPerIon / fastest
    // One ion is the least by which a count changes: no leap could keep an empty cell's change below that.
    var byCount = Double.infinity
    for cell in counts.indices {
      let allowed = max(1, tolerance.relativeChange * Double(counts[cell]))
      if mean[cell] != 0 { byCount = min(byCount, allowed / abs(mean[cell])) }
      if variance[cell] > 0 { byCount = min(byCount, allowed * allowed / variance[cell]) }
    }
    longest = min(longest, byCount)
    return longest
  }

  private mutating func move(
    _ rates: [Double], _ step: Double, _ arrivals: inout [Int], _ random: inout RandomSource
  ) {
    for cell in arrivals.indices { arrivals[cell] = 0 }
    for cell in counts.indices where counts[cell] > 0 {
      var sum = 0.0
      for hop in 6 * cell..<6 * cell + 6 { sum += rates[hop] }
      if sum <= 0 { continue }
      var leavers = random.binomial(trials: counts[cell], probability: -expm1(-step * sum))
      counts[cell] -= leavers
      if leavers <= 12 {
        // A few go one by one: a draw each.
        while leavers > 0 {
          arrivals[Int(targets[choose(rates, cell, random.uniform() * sum)])] += 1
          leavers -= 1
        }
        continue
      }
      // Conditional binomials one after the other: a multinomial draw.
      for hop in 6 * cell..<6 * cell + 6 where leavers > 0 && rates[hop] > 0 {
        let share = rates[hop] >= sum * (1 - 1e-12) ? 1 : rates[hop] / sum
        let taken = random.binomial(trials: leavers, probability: share)
        arrivals[Int(targets[hop])] += taken
        leavers -= taken
        sum -= rates[hop]
      }
      arrivals[cell] += leavers
    }
    for cell in counts.indices { counts[cell] += arrivals[cell] }
  }

  /// The hop at a mark between 0 and the sum of a cell's rates; never one of rate zero.
  private func choose(_ rates: [Double], _ cell: Int, _ mark: Double) -> Int {
    var rest = mark
    var chosen = 6 * cell
    for hop in 6 * cell..<6 * cell + 6 where rates[hop] > 0 {
      chosen = hop
      if rest < rates[hop] { break }
      rest -= rates[hop]
    }
    return chosen
  }
}
