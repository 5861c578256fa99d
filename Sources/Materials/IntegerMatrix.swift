/// An operation of a space group: x goes to W x + t.
struct SymmetryElement: Hashable, Sendable {
  /// W.
  let matrix: IntegerMatrix
  /// t, in 24ths of the axes.
  let shift: SIMD3<Int>
}

/// A 3 × 3 matrix of integers, by columns.
struct IntegerMatrix: Hashable, Sendable {
  let columns: [SIMD3<Int>]

  init(columns a: SIMD3<Int>, _ b: SIMD3<Int>, _ c: SIMD3<Int>) { columns = [a, b, c] }

  static let identity = IntegerMatrix(columns: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
  static let inversion = IntegerMatrix(columns: SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, -1))

  /// W v.
  func image(of v: SIMD3<Int>) -> SIMD3<Int> { columns[0] &* v.x &+ columns[1] &* v.y &+ columns[2] &* v.z }

  /// v W.
  func row(times v: SIMD3<Int>) -> SIMD3<Int> {
    SIMD3((columns[0] &* v).wrappedSum(), (columns[1] &* v).wrappedSum(), (columns[2] &* v).wrappedSum())
  }

  static func * (a: IntegerMatrix, b: IntegerMatrix) -> IntegerMatrix {
    IntegerMatrix(columns: a.image(of: b.columns[0]), a.image(of: b.columns[1]), a.image(of: b.columns[2]))
  }

  /// Of a matrix with determinant ±1: that times the adjugate.
  var inverse: IntegerMatrix {
    let cross = { (u: SIMD3<Int>, v: SIMD3<Int>) -> SIMD3<Int> in
      SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    }
    let (a, b, c) = (columns[0], columns[1], columns[2])
    let rows = [cross(b, c), cross(c, a), cross(a, b)]
    let sign = (a &* rows[0]).wrappedSum()
    return IntegerMatrix(
      columns: SIMD3(rows[0].x, rows[1].x, rows[2].x) &* sign, SIMD3(rows[0].y, rows[1].y, rows[2].y) &* sign,
      SIMD3(rows[0].z, rows[1].z, rows[2].z) &* sign)
  }
}

extension SIMD3<Int> {
  func cartesian(_ axes: [SIMD3<Double>]) -> SIMD3<Double> {
    Double(x) * axes[0] + Double(y) * axes[1] + Double(z) * axes[2]
  }
}
