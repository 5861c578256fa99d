/// A symmetric positive definite matrix with few diagonals below the main one, and its Cholesky factor in the same place.
///
/// Row i holds the entries of the columns i − width ... i. Golub & Van Loan, *Matrix Computations*, section 4.3.
struct BandedCholesky: Sendable {
  let count: Int
  /// Diagonals below the main one.
  let width: Int
  private var rows: [Double]

  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    rows = [Double](repeating: 0, count: count * (width + 1))
  }

  mutating func clear() { for index in rows.indices { rows[index] = 0 } }

  /// Adds to an entry of the lower half, row ≥ column.
  mutating func add(_ value: Double, row: Int, column: Int) {
    rows[row * (width + 1) + column - row + width] += value
  }

  /// Puts the factor in the matrix's place and the solution in that of the right-hand side; false if it is not positive
  /// definite.
  mutating func solve(_ values: inout [Double]) -> Bool {
    let (count, width, stride) = (count, width, width + 1)
    return rows.withUnsafeMutableBufferPointer { rows in
      values.withUnsafeMutableBufferPointer { values in
        let base = rows.baseAddress!
        for i in 0..<count {
          let first = max(0, i - width)
          // Of row i from column 0 on, so that columns are indices.
          let own = base + i * stride + width - i
          var value = values[i]
          var diagonal = own[i]
          for j in first..<i {
            let other = base + j * stride + width - j
            // In four sums, which do not wait for each other.
            var sums = SIMD4<Double>.zero
            var k = first
            while k + 4 <= j {
              let a = UnsafeRawPointer(own + k).loadUnaligned(as: SIMD4<Double>.self)
              let b = UnsafeRawPointer(other + k).loadUnaligned(as: SIMD4<Double>.self)
              sums += a * b
              k += 4
            }
            var sum = own[j] - sums.sum()
            while k < j {
              sum -= own[k] * other[k]
              k += 1
            }
            sum /= other[j]
            own[j] = sum
            diagonal -= sum * sum
            value -= sum * values[j]
          }
          guard diagonal > 0 else { return false }
          let root = diagonal.squareRoot()
          own[i] = root
          values[i] = value / root
        }
        for i in Swift.stride(from: count - 1, through: 0, by: -1) {
          let own = base + i * stride + width - i
          values[i] /= own[i]
          let value = values[i]
          for j in max(0, i - width)..<i { values[j] -= own[j] * value }
        }
        return true
      }
    }
  }
}
