import Fields
import Foundation
import NumericalMethods

/// What the iterations leave besides the displacement.
struct StrainOutcome {
  var meanStrain: SymmetricTensor
  var meanStress: SymmetricTensor
  /// Four times the mean strain in the kernels' units, shear twice the tensor's.
  var quadrupleStrain: [Double]
  var iterations: Int
  var residual: Double
}

/// Conjugate gradients for one load.
///
/// Unknowns are the nodes' displacements and, where the mean stress is prescribed, y = 4 ē: both in `StrainUnits`.
struct StrainIteration {
  private let body: StrainBody
  private let system: any StrainSystem
  private let eigenstrain: Eigenstrain
  /// Which components of the mean strain are unknown.
  private let isFree: [Bool]
  /// 4 ē, of which the prescribed ones stay.
  private var mean: [Double]
  /// What the mean stress lacks, times voxels/4.
  private var lack = [Double](repeating: 0, count: 6)
  /// Stress of the eigenstrain summed over the elements, divided by 4.
  private var bound = [Double](repeating: 0, count: 6)
  /// The inverse of the preconditioner's stiffness of the mean strain among the free components; 36 numbers.
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
  /// Residual over the first beyond which nothing will come of it.
  private static let runaway = 1e4

  /// The floor's share of the norm of all elements' forces.
  private static let rounding = 1e-15

  init(
    _ body: StrainBody, _ system: any StrainSystem, _ load: MeanLoad, _ eigenstrain: Eigenstrain
  ) throws {
    self.body = body
    self.system = system
    self.eigenstrain = eigenstrain
    let units = body.units
    try Self.check(load, eigenstrain, body)
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
    inverse = try Self.inverse(of: system.meanStiffness, isFree: isFree)

    // The stress of each phase under the prescribed strain and its eigenstrain, divided by 4.
    let voxels = Double(body.grid.count)
    let tables = body.stiffness.map { units.scaled($0).map { $0 / 16 } }
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
        bound[n] += voxels * body.shares[phase] * held[n]
        lack[n] -= voxels * body.shares[phase] * s[n]
        square += body.shares[phase] * s[n] * s[n]
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
      let count = body.grid.planeCount
      var total = [Double](repeating: 0, count: 6)
      var fieldSquare = 0.0
      system.load(phaseStress: phaseStress) { k, isCounted, target in
        for i in 0..<count {
          let voxel = k * count + i
          let start = 36 * body.phases[voxel]
          for n in 0..<6 { e[n] = factors[n] * sources[n][voxel] }
          for m in 0..<6 {
            var s = 0.0
            for n in 0..<6 { s += constants[start + 6 * m + n] * e[n] }
            target[m * count + i] = -s
            if isCounted {
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

  private static func check(_ load: MeanLoad, _ eigenstrain: Eigenstrain, _ body: StrainBody) throws {
    for (name, component) in zip(MeanLoad.names, load.components) {
      switch component {
      case .strain(let value):
        guard value.isFinite else { throw StrainError.notFinite("the mean strain \(name)") }
      case .stress(let value):
        guard value.isFinite else { throw StrainError.notFinite("the mean stress \(name)") }
      }
    }
    if !eigenstrain.phases.isEmpty {
      guard eigenstrain.phases.count == body.stiffness.count else {
        throw StrainError.wrongCount(
          "the list of the phases' eigenstrains", found: eigenstrain.phases.count, expected: body.stiffness.count)
      }
      for (index, e) in eigenstrain.phases.enumerated() {
        guard [e.xx, e.yy, e.zz, e.yz, e.xz, e.xy].allSatisfy(\.isFinite) else {
          throw StrainError.notFinite("the eigenstrain of phase \(index)")
        }
      }
    }
    if let field = eigenstrain.field {
      for (name, component) in zip(SymmetricTensorField.componentNames, field.components) {
        guard component.values.count == body.grid.count else {
          throw StrainError.wrongCount(
            "the eigenstrain \(name)", found: component.values.count, expected: body.grid.count)
        }
        guard component.isFinite else { throw StrainError.notFinite("the eigenstrain \(name)") }
      }
    }
  }

  /// The block of the preconditioner that belongs to the mean strain.
  private static func inverse(of stiffness: [Double], isFree: [Bool]) throws -> [Double] {
    var matrix = stiffness
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
      guard pivot > 1e-13 * scale else { throw StrainError.nothingResists(component: MeanLoad.names[p]) }
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

  /// - Throws: `StrainError.nothingResists`, `.unconnected` or `.notConverged`.
  mutating func run(tolerance: Double, limit: Int) throws -> StrainOutcome {
    start()
    while norm > max(tolerance * first, floor) {
      guard iterations < limit, norm.isFinite else {
        throw StrainError.notConverged(iterations: iterations, residual: norm / first)
      }
      // Conjugate gradients of a solvable system never get so far off.
      if isFree.contains(true), norm > Self.runaway * first { throw StrainError.unconnected }
      try iterate()
    }
    system.planes.finish(step: step)
    for n in 0..<6 { mean[n] += step * direction[n] }
    let voxels = Double(body.grid.count)
    let stress = system.planes.stressSums(mean: mean)
    return StrainOutcome(
      meanStrain: body.units.strain(mean.map { $0 / 4 }),
      meanStress: body.units.stress((0..<6).map { 4 * (stress[$0] - bound[$0]) / voxels }), quadrupleStrain: mean,
      iterations: iterations, residual: first > 0 ? norm / first : 0)
  }

  /// The first residual is what the load's forces lack.
  mutating func start() {
    precondition(step: 1)
    first = norm
  }

  /// Takes the last step off the residual and finds the next direction's share of it.
  private mutating func precondition(step: Double) {
    var (product, square) = system.precondition(step: step)
    if isFree.contains(true) {
      let taken = system.preconditionedStress()
      for m in 0..<6 {
        answer[m] = 0
        for n in 0..<6 { answer[m] += inverse[6 * m + n] * (lack[n] - taken[n]) }
      }
      product += system.follow(mean: answer)
    }
    alignment = product + Self.product(lack, answer)
    norm = (square + Self.product(lack, lack) / Double(body.grid.count)).squareRoot()
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
      if direction[worst] != 0 { throw StrainError.nothingResists(component: MeanLoad.names[worst]) }
      throw StrainError.notConverged(iterations: iterations, residual: norm / first)
    }
    for n in 0..<6 where isFree[n] { lack[n] -= step * sums[n] }
    precondition(step: step)
    iterations += 1
  }
}
