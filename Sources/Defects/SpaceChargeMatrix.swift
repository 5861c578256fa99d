import Foundation

/// A block tridiagonal system of drift-diffusion form, and its direct solution.
///
/// A node holds `size` unknowns: species first, the potential last. Between neighbors a species couples to itself and
/// to the potential, the potential to the potential alone; within a node everything couples. The memory is the
/// caller's.
struct SpaceChargeMatrix {
  /// Doubles that a system takes.
  static func storage(nodes: Int, size: Int) -> Int { nodes * (2 * size * size + 6 * size) + size * size }

  let nodes: Int
  let size: Int
  /// size × size a node, rows first: the block on the diagonal, and (block)⁻¹ × upper block after elimination.
  let diagonal: UnsafeMutablePointer<Double>
  private let reduced: UnsafeMutablePointer<Double>
  private let inverse: UnsafeMutablePointer<Double>
  /// size a node: coupling of a row to its own unknown and to the potential, at the node before and after.
  let lowerOwn: UnsafeMutablePointer<Double>
  let lowerPotential: UnsafeMutablePointer<Double>
  let upperOwn: UnsafeMutablePointer<Double>
  let upperPotential: UnsafeMutablePointer<Double>
  /// Right-hand side, then solution.
  let right: UnsafeMutablePointer<Double>
  /// A second right-hand side, then its solution.
  let border: UnsafeMutablePointer<Double>

  init(nodes: Int, size: Int, in memory: UnsafeMutablePointer<Double>) {
    self.nodes = nodes
    self.size = size
    diagonal = memory
    reduced = diagonal + nodes * size * size
    lowerOwn = reduced + nodes * size * size
    lowerPotential = lowerOwn + nodes * size
    upperOwn = lowerPotential + nodes * size
    upperPotential = upperOwn + nodes * size
    right = upperPotential + nodes * size
    border = right + nodes * size
    inverse = border + nodes * size
  }

  func clear() {
    diagonal.update(repeating: 0, count: nodes * size * size)
    lowerOwn.update(repeating: 0, count: 6 * nodes * size)
  }

  /// Block elimination with row exchanges inside a block.
  /// - Returns: false where a block is singular.
  func solve(bordered: Bool) -> Bool {
    // A constant size lets the compiler unroll every inner loop.
    switch size {
    case 1: eliminate(1, bordered: bordered)
    case 2: eliminatePairs(bordered: bordered)
    case 3: eliminate(3, bordered: bordered)
    default: eliminate(4, bordered: bordered)
    }
  }

  /// The elimination for one species and the potential, all of a block in registers.
  ///
  /// The two products of the determinant add up, since more charge lowers what attracts it: no rows need to change
  /// places.
  private func eliminatePairs(bordered: Bool) -> Bool {
    // Reduced upper block and solutions of the node before.
    var (x00, x01, x10, x11) = (0.0, 0.0, 0.0, 0.0)
    var (y0, y1, z0, z1) = (0.0, 0.0, 0.0, 0.0)
    for i in 0..<nodes {
      let k = 2 * i
      let d = diagonal + 2 * k
      let (own, potential, lower) = (lowerOwn[k], lowerPotential[k], lowerOwn[k + 1])
      let a = d[0] - own * x00 - potential * x10
      let b = d[1] - own * x01 - potential * x11
      let c = d[2] - lower * x10
      let e = d[3] - lower * x11
      let determinant = a * e - b * c
      guard abs(determinant) > 0, determinant.isFinite else { return false }
      let scale = 1 / determinant
      let r0 = right[k] - own * y0 - potential * y1
      let r1 = right[k + 1] - lower * y1
      (y0, y1) = ((e * r0 - b * r1) * scale, (a * r1 - c * r0) * scale)
      (right[k], right[k + 1]) = (y0, y1)
      if bordered {
        let b0 = border[k] - own * z0 - potential * z1
        let b1 = border[k + 1] - lower * z1
        (z0, z1) = ((e * b0 - b * b1) * scale, (a * b1 - c * b0) * scale)
        (border[k], border[k + 1]) = (z0, z1)
      }
      let (upper, upperP, upperLast) = (upperOwn[k] * scale, upperPotential[k] * scale, upperOwn[k + 1] * scale)
      (x00, x01) = (e * upper, e * upperP - b * upperLast)
      (x10, x11) = (-c * upper, a * upperLast - c * upperP)
      let x = reduced + 2 * k
      (x[0], x[1], x[2], x[3]) = (x00, x01, x10, x11)
    }
    for i in stride(from: nodes - 2, through: 0, by: -1) {
      let k = 2 * i
      let x = reduced + 2 * k
      (y0, y1) = (right[k] - x[0] * y0 - x[1] * y1, right[k + 1] - x[2] * y0 - x[3] * y1)
      (right[k], right[k + 1]) = (y0, y1)
      if bordered {
        (z0, z1) = (border[k] - x[0] * z0 - x[1] * z1, border[k + 1] - x[2] * z0 - x[3] * z1)
        (border[k], border[k + 1]) = (z0, z1)
      }
    }
    return true
  }

  @inline(__always)
  private func eliminate(_ m: Int, bordered: Bool) -> Bool {
    let last = m - 1
    for i in 0..<nodes {
      let d = diagonal + i * m * m
      let r = right + i * m
      let b = border + i * m
      if i > 0 {
        let x = reduced + (i - 1) * m * m
        let y = right + (i - 1) * m
        let z = border + (i - 1) * m
        for s in 0..<m {
          let own = lowerOwn[i * m + s]
          let potential = lowerPotential[i * m + s]
          for k in 0..<m { d[s * m + k] -= own * x[s * m + k] + potential * x[last * m + k] }
          r[s] -= own * y[s] + potential * y[last]
          if bordered { b[s] -= own * z[s] + potential * z[last] }
        }
      }
      guard invert(d, m) else { return false }
      let upper = upperOwn + i * m
      let upperP = upperPotential + i * m
      let x = reduced + i * m * m
      for s in 0..<m {
        var sum = inverse[s * m + last] * upper[last]
        for k in 0..<last {
          x[s * m + k] = inverse[s * m + k] * upper[k]
          sum += inverse[s * m + k] * upperP[k]
        }
        x[s * m + last] = sum
      }
      multiply(r, m)
      if bordered { multiply(b, m) }
    }
    for i in stride(from: nodes - 2, through: 0, by: -1) {
      let x = reduced + i * m * m
      for s in 0..<m {
        var sum = 0.0
        var sumB = 0.0
        for k in 0..<m {
          sum += x[s * m + k] * right[(i + 1) * m + k]
          if bordered { sumB += x[s * m + k] * border[(i + 1) * m + k] }
        }
        right[i * m + s] -= sum
        border[i * m + s] -= sumB
      }
    }
    return true
  }

  /// v := inverse × v.
  @inline(__always)
  private func multiply(_ v: UnsafeMutablePointer<Double>, _ m: Int) {
    var result = SIMD4<Double>()
    for s in 0..<m {
      var sum = 0.0
      for k in 0..<m { sum += inverse[s * m + k] * v[k] }
      result[s] = sum
    }
    for s in 0..<m { v[s] = result[s] }
  }

  /// Gauss-Jordan elimination of one block into `inverse`.
  @inline(__always)
  private func invert(_ d: UnsafeMutablePointer<Double>, _ m: Int) -> Bool {
    for k in 0..<(m * m) { inverse[k] = 0 }
    for k in 0..<m { inverse[k * m + k] = 1 }
    for column in 0..<m {
      var pivot = column
      for row in (column + 1)..<max(m, column + 1) where abs(d[row * m + column]) > abs(d[pivot * m + column]) {
        pivot = row
      }
      let value = d[pivot * m + column]
      guard abs(value) > 0, value.isFinite else { return false }
      if pivot != column {
        for k in 0..<m {
          (d[column * m + k], d[pivot * m + k]) = (d[pivot * m + k], d[column * m + k])
          (inverse[column * m + k], inverse[pivot * m + k]) = (inverse[pivot * m + k], inverse[column * m + k])
        }
      }
      let scale = 1 / value
      for k in 0..<m {
        d[column * m + k] *= scale
        inverse[column * m + k] *= scale
      }
      for row in 0..<m where row != column {
        let factor = d[row * m + column]
        if factor == 0 { continue }
        for k in 0..<m {
          d[row * m + k] -= factor * d[column * m + k]
          inverse[row * m + k] -= factor * inverse[column * m + k]
        }
      }
    }
    return true
  }
}
