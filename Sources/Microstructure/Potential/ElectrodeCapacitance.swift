import Fields
import NumericalMethods

/// The potential in layered matter with electrodes that cover a part of a face, by the capacitance matrix.
///
/// With the bare face insulating everywhere, A₀ has a fast solution. Electrodes at potential 0 add currents q into the
/// cells E that they touch, through conductances g (to half a cell):
///
///     A₀ φ = f + E q,   q = −g Eᵀ φ   ⇒   (Eᵀ A₀⁻¹ E + 1/g) q = −Eᵀ A₀⁻¹ f
///
/// The matrix of the electrodes' cells is symmetric and positive: factored once where they are few, else the system is
/// solved by conjugate gradients, each step of which takes transforms of the two faces alone.
/// A₀ without any full electrode is singular; then its uniform wave is grounded, a free constant c joins the unknowns,
/// and what makes it definite is Σ q = −Σ f. Source: Buzbee, Dorr, George & Golub, *SIAM J. Numer. Anal.* 8 (1971) 722.
struct ElectrodeCapacitance: Sendable {
  /// Cells of electrodes up to which the matrix is factored.
  static let largestMatrix = 2000

  let base: LayeredPotential
  private let face: LateralModes
  private let responses: (bottom: [Double], across: [Double], top: [Double])
  /// Cells of a face that lie under electrodes: first those of the bottom, then those of the top.
  private let bottomCells: [Int]
  private let topCells: [Int]
  private let inverseConductances: [Double]
  private let lastPlane: Int
  private let isFloating: Bool
  private(set) var factor: CholeskyFactor?
  /// The currents that raise all cells of the electrodes by 1, where the potential floats.
  private var uniformCurrents: [Double] = []

  var cellCount: Int { bottomCells.count + topCells.count }
  /// Doubles of a face's values and spectrum, for both faces and their sum.
  private var faceCount: Int {
    let padded = (face.stride + 1) / 2 * 2
    return 5 * padded
  }
  /// Doubles to work in.
  var workCount: Int { base.workCount + faceCount + face.workCount + 4 * (cellCount + cellCount % 2) }

  /// - Parameters:
  ///   - gx: conductances along x per plane; `gy` likewise; `rises` along z, one more; `sinks` per plane.
  ///   - bottomConductance: to an electrode per cell, from the bottom plane; `topConductance` likewise.
  init(
    nx: Int, ny: Int, gx: [Double], gy: [Double], rises: [Double], sinks: [Double], bottomConductance: Double,
    topConductance: Double, _ boundary: PotentialBoundary, factors: Bool?
  ) throws {
    let plane = nx * ny
    var rises = rises
    let last = rises.count - 1
    rises[0] = boundary.bottom == .electrode ? bottomConductance : 0
    rises[last] = boundary.top == .electrode ? topConductance : 0
    isFloating = rises[0] == 0 && rises[last] == 0 && sinks.allSatisfy { $0 == 0 }
    let bottomCells = (0..<plane).filter { boundary.bottom.isPartial && boundary.bottomElectrode($0) != nil }
    let topCells = (0..<plane).filter { boundary.top.isPartial && boundary.topElectrode($0) != nil }
    inverseConductances = bottomCells.map { _ in 1 / bottomConductance } + topCells.map { _ in 1 / topConductance }
    self.bottomCells = bottomCells
    self.topCells = topCells
    lastPlane = (last - 1) * plane
    base = try LayeredPotential(
      nx: nx, ny: ny, gx: gx, gy: gy, rises: rises, sinks: sinks, grounding: isFloating, boundary.lateral)
    responses = base.faceResponses()
    face = try LateralModes(nx: nx, ny: ny, planes: 1, boundary.lateral)
    let count = cellCount
    if factors ?? (count <= Self.largestMatrix) {
      var matrix = [Double](repeating: 0, count: count * count)
      var work = [Double](repeating: 0, count: faceCount + face.workCount)
      var unit = [Double](repeating: 0, count: count)
      matrix.withUnsafeMutableBufferPointer { matrix in
        for row in 0..<count {
          unit[row] = 1
          unit.withUnsafeBufferPointer { unit in
            work.withUnsafeMutableBufferPointer {
              apply(unit.baseAddress!, into: matrix.baseAddress! + row * count, work: $0.baseAddress!)
            }
          }
          unit[row] = 0
        }
      }
      factor = CholeskyFactor(matrix, count: count)
    }
    if isFloating {
      var (ones, work) = ([Double](repeating: 1, count: count), [Double](repeating: 0, count: workCount))
      ones.withUnsafeMutableBufferPointer { ones in
        work.withUnsafeMutableBufferPointer { invert(ones.baseAddress!, work: $0.baseAddress!) }
      }
      uniformCurrents = ones
    }
  }

  /// y = (Eᵀ A₀⁻¹ E + 1/g) q.
  /// - Parameter work: two faces of values, two of spectra, and what a transform needs.
  private func apply(
    _ q: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>
  ) {
    let stride = (face.stride + 1) / 2 * 2
    let plane = face.nx * face.ny
    let values = work
    let (low, high, room) = (work + stride, work + 2 * stride, work + faceCount)
    let scale = 1 / face.scale
    let (hasBottom, hasTop) = (!bottomCells.isEmpty, !topCells.isEmpty)
    func transform(_ cells: [Int], _ currents: UnsafePointer<Double>, _ spectrum: UnsafeMutablePointer<Double>) {
      values.update(repeating: 0, count: plane)
      for (n, cell) in cells.enumerated() { values[cell] = currents[n] }
      face.forward(values, into: spectrum, work: room)
    }
    func raise(_ cells: [Int], _ spectrum: UnsafeMutablePointer<Double>, from first: Int) {
      face.backward(spectrum, into: values, work: room)
      for (n, cell) in cells.enumerated() {
        y[first + n] = values[cell] + inverseConductances[first + n] * q[first + n]
      }
    }
    if hasBottom { transform(bottomCells, q, low) }
    if hasTop { transform(topCells, q + bottomCells.count, high) }
    responses.across.withUnsafeBufferPointer { across in
      responses.bottom.withUnsafeBufferPointer { bottom in
        responses.top.withUnsafeBufferPointer { top in
          for slot in 0..<face.stride {
            let (a, b) = (hasBottom ? low[slot] : 0, hasTop ? high[slot] : 0)
            low[slot] = scale * (bottom[slot] * a + across[slot] * b)
            high[slot] = scale * (across[slot] * a + top[slot] * b)
          }
        }
      }
    }
    if hasBottom { raise(bottomCells, low, from: 0) }
    if hasTop { raise(topCells, high, from: bottomCells.count) }
  }

  /// Replaces rises of the electrodes' cells by the currents that make them.
  private func invert(_ values: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>) {
    if let factor { return factor.solve(values) }
    let count = cellCount
    let padded = count + count % 2
    let (p, y, q) = (work, work + padded, work + 2 * padded)
    let room = work + 3 * padded
    func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>) -> Double {
      var sum = 0.0
      for n in 0..<count { sum += a[n] * b[n] }
      return sum
    }
    for n in 0..<count {
      p[n] = values[n]
      q[n] = 0
    }
    var square = dot(values, values)
    let goal = 1e-26 * square
    for _ in 0..<1000 where square > goal {
      apply(p, into: y, work: room)
      let step = square / dot(p, y)
      for n in 0..<count {
        q[n] += step * p[n]
        values[n] -= step * y[n]
      }
      let next = dot(values, values)
      let ratio = next / square
      square = next
      for n in 0..<count { p[n] = values[n] + ratio * p[n] }
    }
    values.update(from: q, count: count)
  }

  /// φ of the currents f that enter each cell; f is the same after.
  func solve(
    _ f: UnsafeMutablePointer<Double>, into potential: UnsafeMutablePointer<Double>, work: UnsafeMutablePointer<Double>
  ) {
    let count = cellCount
    let q = work
    let room = work + (count + count % 2)
    let total = lastPlane + face.nx * face.ny
    base.solve(f, into: potential, work: room)
    for (n, cell) in bottomCells.enumerated() { q[n] = -potential[cell] }
    for (n, cell) in topCells.enumerated() { q[bottomCells.count + n] = -potential[lastPlane + cell] }
    invert(q, work: room)
    var constant = 0.0
    if isFloating {
      var (net, uniform) = (0.0, 0.0)
      for cell in 0..<total { net += f[cell] }
      for n in 0..<count {
        net += q[n]
        uniform += uniformCurrents[n]
      }
      constant = net / uniform
      for n in 0..<count { q[n] -= constant * uniformCurrents[n] }
    }
    for (n, cell) in bottomCells.enumerated() { f[cell] += q[n] }
    for (n, cell) in topCells.enumerated() { f[lastPlane + cell] += q[bottomCells.count + n] }
    base.solve(f, into: potential, work: room)
    for (n, cell) in bottomCells.enumerated() { f[cell] -= q[n] }
    for (n, cell) in topCells.enumerated() { f[lastPlane + cell] -= q[bottomCells.count + n] }
    if constant != 0 { for cell in 0..<total { potential[cell] += constant } }
  }
}
