import Foundation
import Quantities

/// Metal ions on their way through the crystal to a filament, on a mesh around its axis.
///
///     ∇·j = 0,   j = j_h sinh(a z e |E|/2kT) along E = −∇φ,   Butler & Volmer's law at every face of metal
///
/// φ, V, is the potential that drives ions. Physics (8.8), (8.10): as `IonPath`, but with the field's lines as they run to a tip,
/// not straight. Finite volumes; faces carry the law of hops along one axis each, which is exact where the field follows it or
/// is small. The bare electrode under the filament takes no ions, and far from the axis none cross. Newton's method.
public struct IonFlow: Sendable {
  /// Faces of the cells, m: from the axis out, and from the filament's electrode up.
  public let radialFaces: [Double]
  public let heightFaces: [Double]
  public let path: IonPath
  /// The metal's potential in each cell, V; nil where there is crystal. Radius fastest.
  public private(set) var metal: [Double?]
  /// φ of the crystal's cells, V.
  public private(set) var potential: [Double]

  public var radialCount: Int { radialFaces.count - 1 }
  public var heightCount: Int { heightFaces.count - 1 }

  private var matrix: BandedCholesky
  private var residual: [Double]

  /// - Parameter path: whose densities and hop distance hold; areas and gap are those of each face.
  public init(radialFaces: [Double], heightFaces: [Double], path: IonPath) {
    self.radialFaces = radialFaces
    self.heightFaces = heightFaces
    self.path = path
    let count = (radialFaces.count - 1) * (heightFaces.count - 1)
    metal = [Double?](repeating: nil, count: count)
    potential = [Double](repeating: 0, count: count)
    matrix = BandedCholesky(count: count, width: radialFaces.count - 1)
    residual = potential
  }

  func cell(_ radial: Int, _ height: Int) -> Int { height * radialCount + radial }

  /// Ways through a radial face from the cells inside and outside of it, m: those of a current from a line.
  private func ways(_ face: Int) -> (inside: Double, outside: Double) {
    let radius = radialFaces[face]
    return (
      radius * log(2 * radius / (radialFaces[face - 1] + radius)),
      face < radialCount ? radius * log((radius + radialFaces[face + 1]) / (2 * radius)) : 0
    )
  }

  private func height(_ index: Int) -> Double { 0.5 * (heightFaces[index] + heightFaces[index + 1]) }

  /// Of the ring between two radial faces, m².
  private func ring(_ radial: Int) -> Double {
    Double.pi * (radialFaces[radial + 1] * radialFaces[radial + 1] - radialFaces[radial] * radialFaces[radial])
  }

  /// Current of ions that hop through a face under a voltage, A, and its slope.
  private func hops(_ voltage: Double, area: Double, distance: Double) -> (current: Double, slope: Double) {
    let scale = 2 * distance / path.hopDistance * path.transfer.voltageScale
    let x = min(max(voltage / scale, -200), 200)
    return (area * path.hopDensity * sinh(x), area * path.hopDensity / scale * cosh(x))
  }

  /// Current of ions onto metal under the crystal's potential over the metal's, A, and its slope.
  private func deposition(_ voltage: Double, area: Double, distance: Double) -> (current: Double, slope: Double) {
    var path = path
    path.tipArea = area
    path.activeArea = .infinity
    path.gap = distance
    let nudge = 1e-4 * path.transfer.voltageScale
    let (more, less) = (path.current(driving: voltage + nudge), path.current(driving: voltage - nudge))
    return (0.5 * (more + less), (more - less) / (2 * nudge))
  }

  /// Without a voltage φ is zero everywhere.
  mutating func rest(metal: [Double?]) {
    self.metal = metal
    for index in potential.indices { potential[index] = 0 }
  }

  /// Solves for φ.
  /// - Parameters:
  ///   - metal: as the property.
  ///   - electrode: potential of the electrode that dissolves, V.
  ///   - guess: φ of each cell.
  /// - Throws: `SwitchingError.notConverged`.
  public mutating func solve(metal: [Double?], electrode: Double, guess: [Double]) throws {
    self.metal = metal
    potential = guess
    for (index, value) in metal.enumerated() { if let value { potential[index] = value } }
    if try newton(electrode: electrode) { return }
    // From small voltages, at which all laws are straight lines, up to the whole one.
    var share = 1.0
    while share * abs(electrode) > path.transfer.voltageScale { share *= 0.7 }
    potential = potential.map { _ in 0 }
    var last = share
    while true {
      self.metal = metal.map { $0.map { $0 * share } }
      for index in potential.indices { potential[index] = self.metal[index] ?? potential[index] * share / last }
      guard try newton(electrode: electrode * share) else {
        throw SwitchingError.notConverged(what: "the flow of ions to the filament", at: electrode)
      }
      if share == 1 { break }
      last = share
      share = min(1, share / 0.7)
    }
  }

  /// Currents grow with voltages, so φ is the minimum of a convex function, whose slope along a step tells how far to go.
  private mutating func newton(electrode: Double) throws -> Bool {
    let unit = path.transfer.voltageScale
    assemble(electrode: electrode)
    for _ in 0..<80 {
      var change = residual
      guard matrix.solve(&change) else { return false }
      let largest = change.reduce(0) { max($0, abs($1)) }
      guard largest.isFinite else { return false }
      let slope = zip(residual, change).reduce(0) { $0 + $1.0 * $1.1 }
      let former = potential
      var share = min(1, 40 * unit / max(largest, 1e-300))
      for _ in 0..<30 {
        for index in potential.indices where metal[index] == nil {
          potential[index] = former[index] + share * change[index]
        }
        assemble(electrode: electrode)
        let next = zip(residual, change).reduce(0) { $0 + $1.0 * $1.1 }
        if abs(next) <= 0.9 * slope || largest < 1e-7 * unit { break }
        share *= 0.5
      }
      if largest < 1e-6 * unit { return true }
    }
    return false
  }

  /// The matrix and the residual at the present potential.
  private mutating func assemble(electrode: Double) {
    matrix.clear()
    for index in residual.indices { residual[index] = 0 }
    var diagonal = [Double](repeating: 0, count: residual.count)
    func couple(_ a: Int, _ b: Int, area: Double, first: Double, second: Double) {
      switch (metal[a], metal[b]) {
      case (nil, nil):
        let (current, slope) = hops(potential[a] - potential[b], area: area, distance: first + second)
        residual[a] -= current
        residual[b] += current
        diagonal[a] += slope
        diagonal[b] += slope
        matrix.add(-slope, row: b, column: a)
      case (nil, let metal?): deposit(a, metal, area: area, distance: first)
      case (let metal?, nil): deposit(b, metal, area: area, distance: second)
      case (_?, _?): break
      }
    }
    func deposit(_ cell: Int, _ metal: Double, area: Double, distance: Double) {
      let (current, slope) = deposition(potential[cell] - metal, area: area, distance: distance)
      residual[cell] -= current
      diagonal[cell] += slope
    }
    for k in 0..<heightCount {
      let thickness = heightFaces[k + 1] - heightFaces[k]
      for i in 0..<radialCount {
        let index = cell(i, k)
        if i + 1 < radialCount {
          let (inside, outside) = ways(i + 1)
          couple(
            index, index + 1, area: 2 * Double.pi * radialFaces[i + 1] * thickness, first: inside, second: outside)
        }
        if k + 1 < heightCount {
          let face = heightFaces[k + 1]
          couple(index, index + radialCount, area: ring(i), first: face - height(k), second: height(k + 1) - face)
        } else if metal[index] == nil {
          deposit(index, electrode, area: ring(i), distance: 0.5 * thickness)
        }
      }
    }
    for index in residual.indices {
      // Of metal, and of crystal that metal encloses, nothing is asked.
      matrix.add(metal[index] != nil || diagonal[index] == 0 ? 1 : diagonal[index], row: index, column: index)
    }
  }

  /// Ions that the electrode gives, A; what the metal takes in equilibrium of the flow.
  public func supply(electrode: Double) -> Double {
    let k = heightCount - 1
    var sum = 0.0
    for i in 0..<radialCount where metal[cell(i, k)] == nil {
      sum -=
        deposition(
          potential[cell(i, k)] - electrode, area: ring(i), distance: 0.5 * (heightFaces[k + 1] - heightFaces[k])
        ).current
    }
    return sum
  }

  /// Ions that metal inside the mesh takes, A.
  public func uptake() -> Double {
    var sum = 0.0
    for k in 0..<heightCount {
      let thickness = heightFaces[k + 1] - heightFaces[k]
      for i in 0..<radialCount {
        guard let own = metal[cell(i, k)] else { continue }
        if i + 1 < radialCount, metal[cell(i + 1, k)] == nil {
          sum +=
            deposition(
              potential[cell(i + 1, k)] - own, area: 2 * Double.pi * radialFaces[i + 1] * thickness,
              distance: ways(i + 1).outside
            ).current
        }
        if i > 0, metal[cell(i - 1, k)] == nil {
          sum +=
            deposition(
              potential[cell(i - 1, k)] - own, area: 2 * Double.pi * radialFaces[i] * thickness,
              distance: ways(i).inside
            ).current
        }
        if k + 1 < heightCount, metal[cell(i, k + 1)] == nil {
          sum +=
            deposition(
              potential[cell(i, k + 1)] - own, area: ring(i), distance: height(k + 1) - heightFaces[k + 1]
            ).current
        }
        if k > 0, metal[cell(i, k - 1)] == nil {
          sum +=
            deposition(potential[cell(i, k - 1)] - own, area: ring(i), distance: heightFaces[k] - height(k - 1)).current
        }
      }
    }
    return sum
  }
}
