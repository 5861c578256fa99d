/// Linear equations of three unknowns per cell, each cell tied to its two neighbors; solved by elimination from one end.
///
/// Block LU without pivoting between cells and with partial pivoting within (Golub & Van Loan, *Matrix Computations*,
/// section 4.5). Work: some 200 operations per cell.
struct BlockTridiagonal: Sendable {
  let count: Int
  /// Of cell i, row by row: nine numbers each for the cell before, the cell itself, the cell after; then the right side.
  var lower: [Double]
  var diagonal: [Double]
  var upper: [Double]
  var right: [Double]

  init(count: Int) {
    self.count = count
    lower = [Double](repeating: 0, count: 9 * count)
    diagonal = lower
    upper = lower
    right = [Double](repeating: 0, count: 3 * count)
  }

  /// Solves in place: `right` becomes the solution; false where a pivot is 0 or not a number.
  mutating func solve() -> Bool {
    let count = self.count
    return lower.withUnsafeMutableBufferPointer { l in
      diagonal.withUnsafeMutableBufferPointer { d in
        upper.withUnsafeMutableBufferPointer { u in
          right.withUnsafeMutableBufferPointer { r in
            Self.eliminate(l.baseAddress!, d.baseAddress!, u.baseAddress!, r.baseAddress!, count)
          }
        }
      }
    }
  }

  private static func eliminate(
    _ l: UnsafeMutablePointer<Double>, _ d: UnsafeMutablePointer<Double>, _ u: UnsafeMutablePointer<Double>,
    _ r: UnsafeMutablePointer<Double>, _ count: Int
  ) -> Bool {
    for i in 0..<count {
      let block = d + 9 &* i
      let own = r + 3 &* i
      if i > 0 {
        let (a, before, last) = (l + 9 &* i, u + 9 &* (i &- 1), r + 3 &* (i &- 1))
        for row in 0..<3 {
          let (a0, a1, a2) = (a[3 &* row], a[3 &* row &+ 1], a[3 &* row &+ 2])
          for column in 0..<3 {
            block[3 &* row &+ column] -= a0 * before[column] + a1 * before[3 &+ column] + a2 * before[6 &+ column]
          }
          own[row] -= a0 * last[0] + a1 * last[1] + a2 * last[2]
        }
      }
      // u and r of the cell are multiplied by the inverse of its block.
      if !divide(block, u + 9 &* i, own) { return false }
    }
    for i in (0..<max(0, count - 1)).reversed() {
      let (block, own, next) = (u + 9 &* i, r + 3 &* i, r + 3 &* (i &+ 1))
      for row in 0..<3 {
        own[row] -= block[3 &* row] * next[0] + block[3 &* row &+ 1] * next[1] + block[3 &* row &+ 2] * next[2]
      }
    }
    return true
  }

  /// Gauss-Jordan elimination of a block with the columns of another and a right side.
  private static func divide(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ r: UnsafeMutablePointer<Double>
  ) -> Bool {
    for column in 0..<3 {
      var best = column
      for row in column..<3 where abs(a[3 &* row &+ column]) > abs(a[3 &* best &+ column]) { best = row }
      let pivot = a[3 &* best &+ column]
      guard pivot != 0, pivot.isFinite else { return false }
      if best != column {
        for k in 0..<3 {
          swap(&a[3 &* best &+ k], &a[3 &* column &+ k])
          swap(&b[3 &* best &+ k], &b[3 &* column &+ k])
        }
        swap(&r[best], &r[column])
      }
      let inverse = 1 / pivot
      for k in 0..<3 {
        a[3 &* column &+ k] *= inverse
        b[3 &* column &+ k] *= inverse
      }
      r[column] *= inverse
      for row in 0..<3 where row != column {
        let factor = a[3 &* row &+ column]
        if factor == 0 { continue }
        for k in 0..<3 {
          a[3 &* row &+ k] -= factor * a[3 &* column &+ k]
          b[3 &* row &+ k] -= factor * b[3 &* column &+ k]
        }
        r[row] -= factor * r[column]
      }
    }
    return true
  }
}
