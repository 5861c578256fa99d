import Fields
import Foundation
import NumericalMethods

/// What the iterations leave besides the displacement.
struct PeriodicStrainOutcome {
  var meanStrain: SymmetricTensor
  var meanStress: SymmetricTensor
  /// Four times the mean strain in the kernels' units, shear twice the tensor's.
  var quadrupleStrain: [Double]
  var iterations: Int
  var residual: Double
}

/// Conjugate gradients for one load.
///
/// Unknowns are the nodes' displacements and, where the mean stress is prescribed, y = 4 ē: both in `PeriodicStrainUnits`.
struct PeriodicStrainIteration {
  private let solver: PeriodicStrainSolver
  private let system: PeriodicStrainSystem
  private let eigenstrain: Eigenstrain
  /// Which components of the mean strain are unknown.
  private let isFree: [Bool]
  /// 4 ē, of which the prescribed ones stay.
  private var mean: [Double]
  /// What the mean stress lacks, times voxels/4.
  private var lack = [Double](repeating: 0, count: 6)
  /// Stress of the eigenstrain summed over the elements, divided by 4.
  private var bound = [Double](repeating: 0, count: 6)
  /// The inverse of the mean medium's stiffness among the free components, by voxels/16; 36 numbers.
  private let inverse: [Double]
  /// What residuals are rounding beside.
  private let floor: Double
  private var iterations = 0
  private var first = 0.0
  private var norm = 0.0
  /// Of the mean strain: the preconditioner's answer, the direction, and the sums of the stress it calls forth.
  private var answer = [Double](repeating: 0, count: 6)
  private var direction = [Double](repeating: 0, count: 6)
  private var sums = [Double](repeating: 0, count: 6)
  private var step = 0.0
  /// r · z, of this iteration and the one before.
  private var alignment = 0.0
  private var previous = 0.0
  /// A step of the iteration that only a direction without any stiffness asks for.
  private static let endless = 1e12

  /// The floor's share of the norm of all elements' forces.
  private static let rounding = 1e-15

  init(
    _ solver: PeriodicStrainSolver, _ system: PeriodicStrainSystem, _ load: MeanLoad, _ eigenstrain: Eigenstrain
  ) throws {
    self.solver = solver
    self.system = system
    self.eigenstrain = eigenstrain
    let units = solver.units
    try Self.check(load, eigenstrain, solver)
    let components = load.components
    var strain = [Double](repeating: 0, count: 6)
    var stress = [Double](repeating: 0, count: 6)
    isFree = components.map { if case .stress = $0 { true } else { false } }
    for (n, component) in components.enumerated() {
      switch component {
      case .strain(let e): strain[n] = (n < 3 ? e : 2 * e) / units.products[n]
      case .stress(let s): stress[n] = units.scaled(stress: s, component: n)
      }
    }
    mean = strain.map { 4 * $0 }
    inverse = try Self.inverse(of: solver, isFree: isFree)

    // The stress of each phase under the prescribed strain and its eigenstrain, divided by 4.
    let voxels = Double(solver.grid.count)
    let tables = solver.stiffness.map { units.scaled($0).map { $0 / 16 } }
    func times(_ c: [Double], _ e: [Double]) -> [Double] {
      (0..<6).map { m in (0..<6).reduce(0.0) { $0 + c[6 * m + $1] * e[$1] } }
    }
    var phaseStress: [Double] = []
    var square = 0.0
    for (phase, c) in tables.enumerated() {
      let own =
        eigenstrain.phases.isEmpty
        ? [Double](repeating: 0, count: 6) : units.scaled(strain: eigenstrain.phases[phase]).map { 4 * $0 }
      let held = times(c, own)
      let s = zip(times(c, mean), held).map { $0 - $1 }
      for n in 0..<6 {
        bound[n] += voxels * solver.shares[phase] * held[n]
        lack[n] -= voxels * solver.shares[phase] * s[n]
        square += solver.shares[phase] * s[n] * s[n]
      }
      phaseStress += s
    }
    if let field = eigenstrain.field {
      // The fields hold xy, yz, xz after the diagonal.
      let places = [0, 1, 2, 4, 5, 3]
      let sources = places.map { field.components[$0].values }
      let factors = (0..<6).map { ($0 < 3 ? 4.0 : 8.0) / units.products[$0] }
      let constants = tables.flatMap { $0 }
      var e = [Double](repeating: 0, count: 6)
      let count = solver.grid.planeCount
      var total = [Double](repeating: 0, count: 6)
      var fieldSquare = 0.0
      var filled = 0
      system.load(phaseStress: phaseStress) { k, target in
        filled += 1
        for i in 0..<count {
          let voxel = k * count + i
          let start = 36 * solver.phases[voxel]
          for n in 0..<6 { e[n] = factors[n] * sources[n][voxel] }
          for m in 0..<6 {
            var s = 0.0
            for n in 0..<6 { s += constants[start + 6 * m + n] * e[n] }
            target[m * count + i] = -s
            // The last plane is filled twice.
            if filled > 1 {
              total[m] += s
              fieldSquare += s * s
            }
          }
        }
      }
      for n in 0..<6 {
        bound[n] += total[n]
        lack[n] += total[n]
      }
      square += fieldSquare / voxels
    } else {
      system.load(phaseStress: phaseStress, fieldStress: nil)
    }
    for n in 0..<6 {
      lack[n] = isFree[n] ? lack[n] + voxels * stress[n] / 4 : 0
      square += stress[n] * stress[n] / 16
    }
    floor = Self.rounding * (voxels * square).squareRoot()
  }

  private static func check(_ load: MeanLoad, _ eigenstrain: Eigenstrain, _ solver: PeriodicStrainSolver) throws {
    for (name, component) in zip(MeanLoad.names, load.components) {
      switch component {
      case .strain(let value):
        guard value.isFinite else { throw PeriodicStrainError.notFinite("the mean strain \(name)") }
      case .stress(let value):
        guard value.isFinite else { throw PeriodicStrainError.notFinite("the mean stress \(name)") }
      }
    }
    if !eigenstrain.phases.isEmpty {
      guard eigenstrain.phases.count == solver.stiffness.count else {
        throw PeriodicStrainError.wrongCount(
          "the list of the phases' eigenstrains", found: eigenstrain.phases.count, expected: solver.stiffness.count)
      }
      for (index, e) in eigenstrain.phases.enumerated() {
        guard [e.xx, e.yy, e.zz, e.yz, e.xz, e.xy].allSatisfy(\.isFinite) else {
          throw PeriodicStrainError.notFinite("the eigenstrain of phase \(index)")
        }
      }
    }
    if let field = eigenstrain.field {
      for (name, component) in zip(SymmetricTensorField.componentNames, field.components) {
        guard component.values.count == solver.grid.count else {
          throw PeriodicStrainError.wrongCount(
            "the eigenstrain \(name)", found: component.values.count, expected: solver.grid.count)
        }
        guard component.isFinite else { throw PeriodicStrainError.notFinite("the eigenstrain \(name)") }
      }
    }
  }

  /// The block of the preconditioner that belongs to the mean strain.
  private static func inverse(of solver: PeriodicStrainSolver, isFree: [Bool]) throws -> [Double] {
    var matrix = [Double](repeating: 0, count: 36)
    for (tensor, share) in zip(solver.stiffness, solver.shares) {
      let c = solver.units.scaled(tensor)
      for index in 0..<36 { matrix[index] += share * c[index] * Double(solver.grid.count) / 16 }
    }
    let scale = (0..<6).reduce(0.0) { max($0, matrix[7 * $1]) }
    for m in 0..<6 where !isFree[m] {
      for n in 0..<6 {
        matrix[6 * m + n] = 0
        matrix[6 * n + m] = 0
      }
      matrix[7 * m] = scale
    }
    var inverse = [Double](repeating: 0, count: 36)
    for n in 0..<6 { inverse[7 * n] = 1 }
    // Elimination without exchange, as the matrix is symmetric and positive.
    for p in 0..<6 {
      let pivot = matrix[7 * p]
      guard pivot > 1e-13 * scale else { throw PeriodicStrainError.nothingResists(component: MeanLoad.names[p]) }
      for n in 0..<6 {
        matrix[6 * p + n] /= pivot
        inverse[6 * p + n] /= pivot
      }
      for m in 0..<6 where m != p {
        let factor = matrix[6 * m + p]
        for n in 0..<6 {
          matrix[6 * m + n] -= factor * matrix[6 * p + n]
          inverse[6 * m + n] -= factor * inverse[6 * p + n]
        }
      }
    }
    for m in 0..<6 where !isFree[m] { inverse[7 * m] = 0 }
    return inverse
  }

  /// - Throws: `PeriodicStrainError.nothingResists` or `.notConverged`.
  mutating func run(tolerance: Double, limit: Int) throws -> PeriodicStrainOutcome {
    start()
    while norm > max(tolerance * first, floor) {
      guard iterations < limit, norm.isFinite else {
        throw PeriodicStrainError.notConverged(iterations: iterations, residual: norm / first)
      }
      try iterate()
    }
    system.finish(step: step)
    for n in 0..<6 { mean[n] += step * direction[n] }
    let voxels = Double(solver.grid.count)
    let stress = system.stressSums(mean: mean)
    return PeriodicStrainOutcome(
      meanStrain: solver.units.strain(mean.map { $0 / 4 }),
      meanStress: solver.units.stress((0..<6).map { 4 * (stress[$0] - bound[$0]) / voxels }), quadrupleStrain: mean,
      iterations: iterations, residual: first > 0 ? norm / first : 0)
  }

  /// The first residual is what the load's forces lack.
  mutating func start() {
    precondition(step: 1)
    first = norm
  }

  /// Takes the last step off the residual and finds the next direction's share of it.
  private mutating func precondition(step: Double) {
    for m in 0..<6 {
      answer[m] = 0
      for n in 0..<6 { answer[m] += inverse[6 * m + n] * lack[n] }
    }
    let (product, square) = system.precondition(step: step)
    alignment = product + Self.product(lack, answer)
    norm = (square + Self.product(lack, lack) / Double(solver.grid.count)).squareRoot()
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for n in 0..<6 { sum += a[n] * b[n] }
    return sum
  }

  mutating func iterate() throws {
    let share = iterations == 0 ? 0 : alignment / previous
    previous = alignment
    for n in 0..<6 {
      mean[n] += step * direction[n]
      direction[n] = answer[n] + share * direction[n]
    }
    let mixed = isFree.contains(true)
    var resistance = sums.withUnsafeMutableBufferPointer { sums in
      system.advanceDirection(step: step, share: share, mean: direction, stress: mixed ? sums.baseAddress! : nil)
    }
    for n in 0..<6 where isFree[n] { resistance += direction[n] * sums[n] }
    step = alignment / resistance
    guard resistance > 0, step < Self.endless else {
      // The direction costs nothing, so its mean strain is what nothing resists.
      let worst = (0..<6).max { abs(direction[$0]) < abs(direction[$1]) }!
      if direction[worst] != 0 { throw PeriodicStrainError.nothingResists(component: MeanLoad.names[worst]) }
      throw PeriodicStrainError.notConverged(iterations: iterations, residual: norm / first)
    }
    for n in 0..<6 where isFree[n] { lack[n] -= step * sums[n] }
    precondition(step: step)
    iterations += 1
  }
}

/// Iterations of one load without an end, for benchmarks.
package final class PeriodicStrainTrial {
  private var iteration: PeriodicStrainIteration

  package init(_ solver: PeriodicStrainSolver, _ load: MeanLoad) throws {
    iteration = try PeriodicStrainIteration(solver, solver.makeSystem(), load, .none)
    iteration.start()
  }

  package func iterate() throws { try iteration.iterate() }
}
