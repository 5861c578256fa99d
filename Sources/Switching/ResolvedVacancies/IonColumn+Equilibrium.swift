import Foundation
import Quantities

extension IonColumn {
  /// Puts the ions into equilibrium with a voltage, none gained or lost: the limit of a slow ramp, physics (8.6).
  ///
  /// Newton's method on Poisson's equation with one µ for the ions and one for mobile countercharge, which conservation
  /// fixes: a tridiagonal system bordered by two rows. It keeps the whole column's numbers as they stand.
  /// - Parameter voltage: of the contact at depth 0 against the other one, V.
  /// - Throws: `SwitchingError.notConverged`.
  public mutating func equilibrate(at voltage: Double) throws {
    guard hasIons else { return charge(to: voltage) }
    let total = ionsPerArea
    let counterTotal = zip(counterDensity, mesh.heights).reduce(0) { $0 + $1.0 * $1.1 }
    let target = voltage / composition.thermalVoltage
    let pieces = max(1, Int((abs(target - contactPotential) / 2).rounded(.up)))
    let start = contactPotential
    let mean = { (values: [Double]) -> Double in values.reduce(0, +) / Double(values.count) }
    let level = (mean(first), mean(second))
    for i in 0..<mesh.count { first[i] = level.0 }
    if composition.countercharge.diffusivity > 0 {
      for i in 0..<mesh.count { second[i] = level.1 }
    }
    for piece in 1...pieces {
      contactPotential = start + (target - start) * Double(piece) / Double(pieces)
      try settle(total: total, counterTotal: counterTotal, voltage: voltage)
    }
  }

  private mutating func settle(total: Double, counterTotal: Double, voltage: Double) throws {
    let count = mesh.count
    let charge = Constants.elementaryCharge / composition.thermalVoltage
    let (ions, counter) = (composition.ions, composition.countercharge)
    let counterMoves = counter.diffusivity > 0
    let still = counterDensity
    var diagonal = [Double](repeating: 0, count: count)
    var right = diagonal
    var (alongFirst, alongSecond) = (diagonal, diagonal)
    var (densitySlopes, counterSlopes) = (diagonal, diagonal)
    for _ in 0..<Self.mostIterations {
      var (ionSum, counterSum, ionSlope, counterSlope) = (0.0, 0.0, 0.0, 0.0)
      for i in 0..<count {
        let height = mesh.heights[i]
        let (y, w) = logits(i)
        let (x, v) = (LatticeIons.share(y), LatticeIons.share(w))
        let c = ions.siteDensity * x
        let n = counterMoves ? counter.siteDensity * v : still[i]
        densitySlopes[i] = height * c * (1 - x)
        counterSlopes[i] = counterMoves ? height * n * (1 - v) : 0
        ionSum += height * c
        counterSum += height * n
        ionSlope += densitySlopes[i]
        counterSlope += counterSlopes[i]
        let above = i == 0 ? contactPotential : potential[i - 1]
        let below = i == count - 1 ? 0 : potential[i + 1]
        right[i] =
          couplings[i] * (above - potential[i]) + couplings[i + 1] * (below - potential[i])
          + charge * height
          * (ions.charge * c + counter.charge * n - (ions.charge + counter.charge) * restDensity[i])
        diagonal[i] =
          couplings[i] + couplings[i + 1]
          + charge * (ions.charge * ions.charge * densitySlopes[i] + counter.charge * counter.charge * counterSlopes[i])
        alongFirst[i] = charge * ions.charge * densitySlopes[i]
        alongSecond[i] = charge * counter.charge * counterSlopes[i]
      }
      solve(diagonal, &right, &alongFirst, &alongSecond)
      // δφ = right + alongFirst δµ + alongSecond δν; the two balances fix δµ and δν.
      var (a11, a12, a21, a22) = (ionSlope, 0.0, 0.0, counterMoves ? counterSlope : 1)
      var (b1, b2) = (total - ionSum, counterMoves ? counterTotal - counterSum : 0)
      for i in 0..<count {
        let (s, t) = (ions.charge * densitySlopes[i], counter.charge * counterSlopes[i])
        b1 += s * right[i]
        a11 -= s * alongFirst[i]
        a12 -= s * alongSecond[i]
        if counterMoves {
          b2 += t * right[i]
          a21 -= t * alongFirst[i]
          a22 -= t * alongSecond[i]
        }
      }
      let determinant = a11 * a22 - a12 * a21
      guard determinant != 0, determinant.isFinite else { break }
      let shift = (b1 * a22 - b2 * a12) / determinant
      let counterShift = counterMoves ? (a11 * b2 - a21 * b1) / determinant : 0
      var largest = max(abs(shift), abs(counterShift))
      for i in 0..<count {
        right[i] += alongFirst[i] * shift + alongSecond[i] * counterShift
        largest = max(largest, abs(right[i]))
      }
      guard largest.isFinite else { break }
      let factor = largest > Self.longestStep ? Self.longestStep / largest : 1
      for i in 0..<count {
        potential[i] += factor * right[i]
        first[i] += factor * shift
        if counterMoves {
          second[i] += factor * counterShift
        } else {
          // What is fixed at its places keeps its density, so its µ follows φ.
          second[i] += factor * counter.charge * right[i]
        }
      }
      if largest < 1e-10 { return }
    }
    throw SwitchingError.notConverged(what: "the ions' equilibrium", at: voltage)
  }

  /// Solves the tridiagonal system of Poisson's equation for three right sides in place.
  private func solve(
    _ diagonal: [Double], _ a: inout [Double], _ b: inout [Double], _ c: inout [Double]
  ) {
    let count = diagonal.count
    var upper = [Double](repeating: 0, count: count)
    var pivot = diagonal[0]
    for i in 0..<count {
      if i > 0 {
        let coupling = couplings[i]
        pivot = diagonal[i] - coupling * upper[i - 1]
        a[i] += coupling * a[i - 1]
        b[i] += coupling * b[i - 1]
        c[i] += coupling * c[i - 1]
      }
      let inverse = 1 / pivot
      a[i] *= inverse
      b[i] *= inverse
      c[i] *= inverse
      upper[i] = couplings[i + 1] * inverse
    }
    for i in (0..<count - 1).reversed() {
      a[i] += upper[i] * a[i + 1]
      b[i] += upper[i] * b[i + 1]
      c[i] += upper[i] * c[i + 1]
    }
  }
}
