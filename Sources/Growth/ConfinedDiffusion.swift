import Fields
import Foundation

/// Solute that diffuses in a thin gap between plates, with sources and sinks.
///
///     ∂m/∂t = ∇·[D h ∇(m/h)] + s,   m = h c
///
/// m is moles per area of plate, c moles per volume of solution, h the gap; physics (2.2), averaged over the gap.
/// Nothing crosses the edges but what s brings. Five-point finite volumes in space. In time the part D ∇²m is followed
/// exactly, mode by mode,
///
///     m̂(t + τ) = e^{−λτ} m̂(t) + τ φ(λτ) ŝ,   φ(z) = (1 − e^{−z})/z
///
/// with s constant over the step and λ the eigenvalues of the five-point Laplacian, so any step is stable, and without
/// sources no value leaves the range of the values before. What a gap that varies adds, −∇·(D c̄ ∇h) over cell faces,
/// goes with s; a uniform c stays uniform to rounding. Mode 0 keeps the account: it changes by what s brings and by
/// nothing else.
public struct ConfinedDiffusion {
  /// Cells along either edge of the plate.
  public let width: Int
  /// Edge of a cell, m.
  public let spacing: Double
  /// Gap at each cell, m; x fastest.
  public let heights: [Double]
  /// c of each cell as last written by `predict`, mol/m³.
  public private(set) var concentrations: [Double]

  private let transform: CosineTransform
  private let isUniform: Bool
  /// Whether no step has left its sources yet.
  private var isFresh = true
  private let eigenvalues: [Double]
  /// cos(πm/2n).
  private let quarterWave: [Double]
  private var state: [Double]
  private var source: [Double]
  private var decay: [Double]
  private var work: [Double]
  /// Moles per area and time of each cell in the step to come.
  private var rates: [Double]
  /// What makes c of a backward transform: 1/h over the transform's scale.
  private let dilution: [Double]
  /// What crosses cell faces: along one row, and before and behind it.
  private var crossings: [Double]
  /// For the transform to work in.
  private var room: [Double]

  /// - Parameters:
  ///   - edge: of the square plate, m.
  ///   - height: gap at a point given from the plate's corner, m.
  ///   - concentration: uniform at first, mol/m³.
  /// - Throws: `TransformError`.
  public init(
    width: Int, edge: Double, concentration: Double, height: (_ x: Double, _ y: Double) -> Double
  ) throws {
    self.width = width
    let spacing = edge / Double(width)
    self.spacing = spacing
    transform = try CosineTransform(nx: width, ny: width)
    let heights = (0..<width * width).map {
      height((Double($0 % width) + 0.5) * spacing, (Double($0 / width) + 0.5) * spacing)
    }
    self.heights = heights
    isUniform = heights.allSatisfy { $0 == heights[0] }
    eigenvalues = (0..<width).map { 4 * pow(sin(.pi * Double($0) / Double(2 * width)) / spacing, 2) }
    quarterWave = (0..<4 * width).map { cos(.pi * Double($0) / Double(2 * width)) }
    concentrations = [Double](repeating: concentration, count: width * width)
    state = transform.forward(heights.map { $0 * concentration })
    source = [Double](repeating: 0, count: width * width)
    work = source
    rates = source
    decay = [Double](repeating: 0, count: width)
    let scale = transform.scale
    dilution = heights.map { 1 / (scale * $0) }
    crossings = [Double](repeating: 0, count: isUniform ? 0 : 3 * width + 1)
    room = [Double](repeating: 0, count: transform.workCount)
  }

  /// Moles in the gap.
  public var content: Double { state[0] / 4 * spacing * spacing }

  /// The largest of `concentrations`.
  var largest: Double {
    concentrations.withUnsafeBufferPointer { c in
      // Four at a time, for one comparison would have to wait for the one before it.
      var largest = SIMD4<Double>(repeating: c[0])
      for i in 0..<c.count / 4 {
        for lane in 0..<4 { largest[lane] = c[4 &* i &+ lane] > largest[lane] ? c[4 &* i &+ lane] : largest[lane] }
      }
      for i in (c.count / 4 * 4)..<c.count { largest[0] = max(largest[0], c[i]) }
      return largest.max()
    }
  }

  /// What a flux of 1 mol m⁻² s⁻¹ through both ends of a row adds to its cells in one step, s/m: the sum of
  /// 2 τ φ(λτ) cos(πk/2n) cos(πk(i+½)/n) over the even modes, over half a row's length.
  public func edgeResponse(step: Double, diffusivity: Double) -> [Double] {
    let n = width
    var strengths: [Double] = []
    for k in stride(from: 2, to: n, by: 2) {
      let z = diffusivity * step * eigenvalues[k]
      strengths.append(2 * step * -expm1(-z) / z * quarterWave[k])
    }
    return (0..<n).map { i in
      var sum = step
      for (order, strength) in strengths.enumerated() {
        sum += strength * quarterWave[2 * (order + 1) * (2 * i + 1) % (4 * n)]
      }
      return 2 * sum / (Double(n) * spacing)
    }
  }

  /// Replaces the field, for tests and restarts.
  public mutating func set(concentrations values: [Double]) {
    precondition(values.count == width * width, "one value per cell")
    concentrations = values
    state = transform.forward(zip(values, heights).map { $0 * $1 })
    isFresh = true
  }

  /// Writes into `concentrations` what the field would be after a step with the sources of the step before.
  public mutating func predict(step: Double, diffusivity: Double) {
    if isFresh && !isUniform {
      rates.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      addDrift(diffusivity)
      transformRates()
    }
    isFresh = false
    combine(step: step, diffusivity: diffusivity)
    read(work)
  }

  /// Writes into `concentrations` the field as it is.
  public mutating func refresh() { read(state) }

  /// Takes one step with given moles per cell and time; `fill` adds to an array of width² rates, mol/s.
  public mutating func advance(
    step: Double, diffusivity: Double, _ fill: (UnsafeMutablePointer<Double>) throws -> Void
  ) rethrows {
    let inverseArea = 1 / (spacing * spacing)
    try rates.withUnsafeMutableBufferPointer { rates in
      rates.update(repeating: 0)
      try fill(rates.baseAddress!)
      for i in rates.indices { rates[i] *= inverseArea }
    }
    if !isUniform { addDrift(diffusivity) }
    transformRates()
    isFresh = false
    combine(step: step, diffusivity: diffusivity)
    swap(&state, &work)
  }

  private mutating func transformRates() {
    let transform = self.transform
    rates.withUnsafeBufferPointer { rates in
      source.withUnsafeMutableBufferPointer { source in
        room.withUnsafeMutableBufferPointer {
          transform.forward(rates.baseAddress!, into: source.baseAddress!, work: $0.baseAddress!)
        }
      }
    }
  }

  private mutating func read(_ spectrum: [Double]) {
    let transform = self.transform
    spectrum.withUnsafeBufferPointer { from in
      concentrations.withUnsafeMutableBufferPointer { c in
        room.withUnsafeMutableBufferPointer {
          transform.backward(from.baseAddress!, into: c.baseAddress!, work: $0.baseAddress!)
        }
        dilution.withUnsafeBufferPointer { d in
          for i in c.indices { c[i] *= d[i] }
        }
      }
    }
  }

  /// Writes e^{−λτ} m̂ + τ φ(λτ) ŝ into `work`.
  private mutating func combine(step: Double, diffusivity: Double) {
    let n = width
    let reach = diffusivity * step
    for i in 0..<n { decay[i] = exp(-reach * eigenvalues[i]) }
    // Below 1e-4 the share loses digits; but for very short steps that is mode 0 alone, and the loop below needs no
    // branch.
    let areFewSmall = reach * eigenvalues[min(1, n - 1)] > 1e-4
    decay.withUnsafeBufferPointer { e in
      eigenvalues.withUnsafeBufferPointer { eigen in
        state.withUnsafeBufferPointer { m in
          source.withUnsafeBufferPointer { s in
            work.withUnsafeMutableBufferPointer { out in
              for j in 0..<n {
                let (ej, eigenj) = (e[j], eigen[j])
                let row = j &* n
                if areFewSmall {
                  for i in 0..<n {
                    let remains = e[i] * ej
                    let rate = diffusivity * (eigen[i] + eigenj)
                    out[row &+ i] = remains * m[row &+ i] + (1 - remains) / rate * s[row &+ i]
                  }
                } else {
                  for i in 0..<n {
                    let z = reach * (eigen[i] + eigenj)
                    let remains = e[i] * ej
                    let share = z > 1e-4 ? (1 - remains) / z : 1 - z * (0.5 - z * (1.0 / 6 - z / 24))
                    out[row &+ i] = remains * m[row &+ i] + step * share * s[row &+ i]
                  }
                }
              }
              out[0] = m[0] + step * s[0]
            }
          }
        }
      }
    }
  }

  /// −∇·(D c̄ ∇h): with D ∇²m it is the balance of D h̄ Δc over the cell's faces.
  private mutating func addDrift(_ diffusivity: Double) {
    let n = width
    let factor = 0.5 * diffusivity / (spacing * spacing)
    heights.withUnsafeBufferPointer { h in
      concentrations.withUnsafeBufferPointer { c in
        rates.withUnsafeMutableBufferPointer { rates in
          crossings.withUnsafeMutableBufferPointer { crossings in
            let across = crossings.baseAddress!
            var before = across + (n &+ 1)
            var behind = before + n
            // Nothing crosses the plate's edge.
            across[0] = 0
            across[n] = 0
            before.update(repeating: 0, count: n)
            for j in 0..<n {
              let row = j &* n
              for i in 1..<n {
                across[i] = factor * (c[row &+ i &- 1] + c[row &+ i]) * (h[row &+ i] - h[row &+ i &- 1])
              }
              if j < n - 1 {
                for i in row..<(row &+ n) {
                  behind[i &- row] = factor * (c[i] + c[i &+ n]) * (h[i &+ n] - h[i])
                }
              } else {
                behind.update(repeating: 0, count: n)
              }
              for i in 0..<n {
                rates[row &+ i] += (across[i] - across[i &+ 1]) + (before[i] - behind[i])
              }
              swap(&before, &behind)
            }
          }
        }
      }
    }
  }
}
