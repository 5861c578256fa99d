import Foundation

/// The triangular factor of a dense symmetric positive matrix, A = L Lᵀ, and solutions with it.
///
/// Work: n³/3 once, 2 n² per solution; memory n² doubles.
/// Source: Golub & Van Loan, *Matrix Computations*, 4th ed., section 4.2.
public struct CholeskyFactor: Sendable {
  /// Rows of the matrix.
  public let count: Int
  /// L row by row; what stands right of the diagonal is not read. The diagonal holds the inverse pivots.
  private var rows: [Double]

  /// Factors a matrix given row by row, of which the lower triangle is read; none where it is not positive.
  ///
  /// - Parameter floor: pivots at or below this share of their diagonal element count as 0.
  /// - Parameter skippingNull: rows whose pivot counts as 0 are left out, and their unknowns stay 0, instead of failing.
  public init?(_ matrix: [Double], count: Int, floor: Double = 1e-14, skippingNull: Bool = false) {
    precondition(matrix.count == count * count, "a matrix of \(count) rows has \(count * count) elements")
    self.count = count
    rows = matrix
    let isPositive = rows.withUnsafeMutableBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return true }
      for block in stride(from: 0, to: count, by: 4) {
        // Four rows share what they read of the rows above them.
        if block + 4 <= count {
          let (r0, r1) = (a + block &* count, a + (block &+ 1) &* count)
          let (r2, r3) = (a + (block &+ 2) &* count, a + (block &+ 3) &* count)
          for j in 0..<block {
            let other = a + j &* count
            let sums = Self.dots(r0, r1, r2, r3, other, j)
            let pivot = other[j]
            r0[j] = (r0[j] - sums[0]) * pivot
            r1[j] = (r1[j] - sums[1]) * pivot
            r2[j] = (r2[j] - sums[2]) * pivot
            r3[j] = (r3[j] - sums[3]) * pivot
          }
        }
        for i in block..<min(block + 4, count) {
          let row = a + i &* count
          let own = row[i]
          for j in (block + 4 <= count ? block : 0)..<i {
            let other = a + j &* count
            row[j] = (row[j] - Self.dot(row, other, j)) * other[j]
          }
          let pivot = own - Self.dot(row, row, i)
          if pivot > floor * own {
            row[i] = 1 / pivot.squareRoot()
          } else {
            guard skippingNull else { return false }
            for j in 0...i { row[j] = 0 }
          }
        }
      }
      return true
    }
    guard isPositive else { return nil }
  }

  /// ln det A; −∞ where a row was left out.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<count { sum -= 2 * log(rows[i * count + i]) }
    return rows.isEmpty || (0..<count).allSatisfy { rows[$0 * count + $0] > 0 } ? sum : -.infinity
  }

  /// Solves A x = b in place; `values` holds b, then x.
  public func solve(_ values: UnsafeMutablePointer<Double>) {
    rows.withUnsafeBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return }
      for i in 0..<count {
        let row = a + i &* count
        values[i] = (values[i] - Self.dot(row, values, i)) * row[i]
      }
      for i in (0..<count).reversed() {
        let row = a + i &* count
        let x = values[i] * row[i]
        values[i] = x
        for j in 0..<i { values[j] -= row[j] * x }
      }
    }
  }

  /// The solution of A x = b.
  public func solution(of values: [Double]) -> [Double] {
    precondition(values.count == count, "a right side of \(count) numbers got \(values.count)")
    var x = values
    x.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { solve(base) } }
    return x
  }

  /// A scalar product in eight lanes, summed in fixed order.
  @inline(__always)
  private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    let whole = count & ~7
    var i = 0
    while i < whole {
      lanes +=
        UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Double>.self)
        * UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Double>.self)
      i &+= 8
    }
    var sum = lanes.sum()
    while i < count {
      sum += a[i] * b[i]
      i &+= 1
    }
    return sum
  }

  /// Four scalar products with one vector.
  @inline(__always)
  private static func dots(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>, _ d: UnsafePointer<Double>,
    _ other: UnsafePointer<Double>, _ count: Int
  ) -> SIMD4<Double> {
    var (p, q, r, s) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
    let whole = count & ~7
    var i = 0
    while i < whole {
      let shared = UnsafeRawPointer(other + i).loadUnaligned(as: SIMD8<Double>.self)
      p += UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Double>.self) * shared
      q += UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Double>.self) * shared
      r += UnsafeRawPointer(c + i).loadUnaligned(as: SIMD8<Double>.self) * shared
      s += UnsafeRawPointer(d + i).loadUnaligned(as: SIMD8<Double>.self) * shared
      i &+= 8
    }
    var sums = SIMD4(p.sum(), q.sum(), r.sum(), s.sum())
    while i < count {
      sums += other[i] * SIMD4(a[i], b[i], c[i], d[i])
      i &+= 1
    }
    return sums
  }
}
