import Foundation
import Quantities

extension IonColumn {
  /// Largest change of φ or µ in one iteration, kT.
  static let longestStep = 3.0
  static let mostIterations = 200

  /// Carries the ions over a time while the voltage on the column runs to a value: backward Euler.
  ///
  /// Unconditionally stable; at a fixed voltage the free energy cannot rise, since each flux runs down its own µ.
  /// - Parameters:
  ///   - voltage: of the contact at depth 0 against the other one, V.
  ///   - time: s, above 0.
  /// - Throws: `SwitchingError.notConverged`.
  public mutating func advance(to voltage: Double, during time: Double) throws {
    guard hasIons else { return charge(to: voltage) }
    let target = voltage / composition.thermalVoltage
    // A jump of many kT/q, as at a compliance, goes in pieces.
    let pieces = max(1, Int((abs(target - contactPotential) / 20).rounded(.up)))
    let start = contactPotential
    for piece in 1...pieces {
      contactPotential = start + (target - start) * Double(piece) / Double(pieces)
      try step(during: time / Double(pieces), voltage: voltage)
    }
  }

  /// The potential of a column without ions: one charge on every face.
  mutating func charge(to voltage: Double) {
    contactPotential = voltage / composition.thermalVoltage
    let density = contactPotential / couplings.reduce(0) { $0 + 1 / $1 }
    var level = contactPotential
    for i in 0..<mesh.count {
      level -= density / couplings[i]
      potential[i] = level
    }
  }

  private mutating func step(during time: Double, voltage: Double) throws {
    let (oldFirst, oldSecond) = (ionDensity, counterDensity)
    for _ in 0..<Self.mostIterations {
      assemble(oldFirst, oldSecond, 1 / time)
      guard work.solve() else { break }
      var largest = 0.0
      for value in work.right { largest = max(largest, abs(value)) }
      guard largest.isFinite else { break }
      let factor = largest > Self.longestStep ? Self.longestStep / largest : 1
      for i in 0..<mesh.count {
        potential[i] += factor * work.right[3 * i]
        first[i] += factor * work.right[3 * i + 1]
        second[i] += factor * work.right[3 * i + 2]
      }
      if largest < 1e-9 { return }
    }
    throw SwitchingError.notConverged(what: "the ions' column", at: voltage)
  }

  /// The equations of a step, linearized, each row scaled to its largest coefficient.
  private mutating func assemble(_ oldFirst: [Double], _ oldSecond: [Double], _ rate: Double) {
    let count = mesh.count
    let charge = Constants.elementaryCharge / composition.thermalVoltage
    let (ions, counter) = (composition.ions, composition.countercharge)
    for i in 0..<9 * count {
      work.lower[i] = 0
      work.diagonal[i] = 0
      work.upper[i] = 0
    }
    for i in 0..<3 * count { work.right[i] = 0 }
    for i in 0..<count {
      let height = mesh.heights[i]
      let (y, w) = logits(i)
      let (x, v) = (LatticeIons.share(y), LatticeIons.share(w))
      let (c, n) = (ions.siteDensity * x, counter.siteDensity * v)
      let (cSlope, nSlope) = (c * (1 - x), n * (1 - v))
      // Poisson.
      let above = i == 0 ? contactPotential : potential[i - 1]
      let below = i == count - 1 ? 0 : potential[i + 1]
      let sources =
        charge * height * (ions.charge * c + counter.charge * n - (ions.charge + counter.charge) * restDensity[i])
      work.right[3 * i] =
        couplings[i] * (above - potential[i]) + couplings[i + 1] * (below - potential[i]) + sources
      let block = 9 * i
      work.diagonal[block] =
        couplings[i] + couplings[i + 1]
        + charge * height * (ions.charge * ions.charge * cSlope + counter.charge * counter.charge * nSlope)
      work.diagonal[block + 1] = -charge * height * ions.charge * cSlope
      work.diagonal[block + 2] = -charge * height * counter.charge * nSlope
      if i > 0 { work.lower[block] = -couplings[i] }
      if i < count - 1 { work.upper[block] = -couplings[i + 1] }
      // What has gathered.
      work.right[3 * i + 1] -= height * (c - oldFirst[i]) * rate
      work.diagonal[block + 3] -= height * cSlope * ions.charge * rate
      work.diagonal[block + 4] += height * cSlope * rate
      work.right[3 * i + 2] -= height * (n - oldSecond[i]) * rate
      work.diagonal[block + 6] -= height * nSlope * counter.charge * rate
      work.diagonal[block + 8] += height * nSlope * rate
    }
    for i in 0..<count - 1 {
      flow(of: ions, row: 1, i, logits(i).0, logits(i + 1).0, firstRest[i] - firstRest[i + 1])
      flow(of: counter, row: 2, i, logits(i).1, logits(i + 1).1, secondRest[i] - secondRest[i + 1])
    }
    for i in 0..<count {
      for row in 0..<3 {
        let start = 9 * i + 3 * row
        var largest = 0.0
        for k in start..<start + 3 {
          largest = max(largest, abs(work.lower[k]), abs(work.diagonal[k]), abs(work.upper[k]))
        }
        guard largest > 0 else { continue }
        let scale = 1 / largest
        for k in start..<start + 3 {
          work.lower[k] *= scale
          work.diagonal[k] *= scale
          work.upper[k] *= scale
        }
        work.right[3 * i + row] *= scale
      }
    }
  }

  /// The flux from cell i to the next in both cells' balances; `row` is 1 for the ions, 2 for the countercharge.
  @inline(__always)
  private mutating func flow(
    of ions: LatticeIons, row: Int, _ i: Int, _ yi: Double, _ yj: Double, _ energyStep: Double
  ) {
    guard ions.diffusivity > 0 else { return }
    let flux = ions.flux(yi, yj, potentials: potential[i], potential[i + 1], energyStep: energyStep)
    let scale = ions.diffusivity * steps[i]
    let z = ions.charge
    let value = scale * flux.value
    let (byMui, byMuj) = (scale * flux.byLogit.0, scale * flux.byLogit.1)
    let byPhii = -z * byMui - scale * flux.byPotential
    let byPhij = -z * byMuj + scale * flux.byPotential
    let (own, next) = (9 * i + 3 * row, 9 * (i + 1) + 3 * row)
    work.right[3 * i + row] -= value
    work.right[3 * (i + 1) + row] += value
    work.diagonal[own] += byPhii
    work.diagonal[own + row] += byMui
    work.upper[own] += byPhij
    work.upper[own + row] += byMuj
    work.lower[next] -= byPhii
    work.lower[next + row] -= byMui
    work.diagonal[next] -= byPhij
    work.diagonal[next + row] -= byMuj
  }
}
