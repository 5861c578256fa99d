import Fields
import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The upper face of a growing film, as heights over a periodic square.
///
///     ∂h/∂t = ν ∇²h − K ∇⁴h + (λ/2) |∇h|² + F + η,   ⟨η η′⟩ = F Ω δ(x − x′) δ(t − t′)
///
/// Barabási & Stanley, *Fractal Concepts in Surface Growth* (1995): Edwards and Wilkinson with ν, Mullins and Herring
/// with K, Kardar, Parisi and Zhang with λ; physics (3.9). Modes of the linear part and its noise are advanced exactly
/// (Ornstein-Uhlenbeck), whatever the step; the gradient term by exponential time differencing of second order (Cox &
/// Matthews, *J. Comput. Phys.* 176 (2002) 430) on the modes below two thirds of the largest. Its step must stay below
/// some half of 1/(λ k |∇h|) at the largest k. Heights that shade their neighbors (F grows with height) are a negative
/// ν here, which K must hold.
public struct SurfaceGrowth {
  /// Constants of the equation, SI.
  public struct Law: Hashable, Sendable {
    /// ν, m²/s: evaporation and condensation, or desorption; negative where high places shade low ones.
    public var tension: Double
    /// K, m⁴/s: diffusion along the surface.
    public var diffusion: Double
    /// λ, m/s: growth along the local normal.
    public var tilt: Double
    /// F, m/s.
    public var speed: Double
    /// Ω, m³: what arrives at once.
    public var unitVolume: Double

    public init(tension: Double = 0, diffusion: Double = 0, tilt: Double = 0, speed: Double, unitVolume: Double) {
      self.tension = tension
      self.diffusion = diffusion
      self.tilt = tilt
      self.speed = speed
      self.unitVolume = unitVolume
    }
  }

  public let law: Law
  /// Points along an edge.
  public let width: Int
  /// Edge of the square, m.
  public let edge: Double
  /// s.
  public private(set) var time = 0.0
  /// Mean height, m.
  public private(set) var meanHeight: Double
  /// Modes of the height over its mean, unscaled: h = Σ ĥ e^{ikx}/width².
  private var spectrum: [Double]
  private let transform: RealTransform
  private var decay: [Double] = []
  private var gain: [Double] = []
  private var change: [Double] = []
  private var kick: [Double] = []
  /// Gradient term of the step before, where it was as long.
  private var previous: [Double] = []
  private var hasPrevious = false
  private var step = 0.0
  /// Wave number along an axis of the mode that stands at an index, 1/m.
  private let waves: [Double]
  private var work: [Double]
  private var slopeX: [Double]
  private var slopeY: [Double]

  /// A flat surface.
  /// - Parameter height: at the beginning, m.
  /// - Throws: `TransformError`.
  public init(_ law: Law, width: Int = 128, edge: Double, height: Double = 0) throws {
    precondition(width >= 8 && width % 2 == 0, "a surface has an even number of points, 8 at least")
    self.law = law
    self.width = width
    self.edge = edge
    meanHeight = height
    waves = (0..<width).map { 2 * Double.pi / edge * Double($0 <= width / 2 ? $0 : $0 - width) }
    transform = try RealTransform.planes(nx: width, ny: width, batch: 1)
    spectrum = [Double](repeating: 0, count: transform.spectrumCount)
    work = spectrum
    slopeX = [Double](repeating: 0, count: law.tilt == 0 ? 0 : width * width)
    slopeY = slopeX
  }

  /// A surface of given heights, m, x fastest: a point of it each.
  /// - Throws: `TransformError`.
  public init(_ law: Law, width: Int, edge: Double, heights: [Double]) throws {
    precondition(heights.count == width * width, "one height per point")
    let mean = heights.reduce(0, +) / Double(heights.count)
    try self.init(law, width: width, edge: edge, height: mean)
    spectrum = transform.forward(heights.map { $0 - mean })
    spectrum[0] = 0
    spectrum[1] = 0
  }

  /// Steps, a whole number, in which the gradient term of the surface as it is stays tame for a time: one, where there is
  /// none; infinite, where slopes are.
  public func stableSteps(for time: Double) -> Double {
    let slope = power { $0 }.squareRoot()
    let steepest = 2.0 / 3 * Double.pi * Double(width) / edge
    let wanted = 2 * abs(law.tilt) * steepest * slope * time
    return wanted.isFinite ? max(1, wanted.rounded(.up)) : .infinity
  }

  /// Factors of one step: of the mode itself, of the gradient term and of a standard normal pair.
  private mutating func plan(_ step: Double) {
    guard step != self.step else { return }
    self.step = step
    let n = width
    let half = n / 2 + 1
    decay = [Double](repeating: 1, count: half * n)
    gain = decay
    change = decay
    kick = decay
    hasPrevious = false
    // Noise of a cell: variance F Ω t/a² of its height; of a mode, n² times that, half in each of its two parts.
    let cells = Double(n * n)
    let strength = law.speed * law.unitVolume * cells * cells / (edge * edge)
    for q in 0..<n {
      for p in 0..<half {
        let square = waves[p] * waves[p] + waves[q] * waves[q]
        let rate = square * (law.tension + law.diffusion * square)
        let x = rate * step
        let index = q * half + p
        decay[index] = exp(-x)
        gain[index] = abs(x) < 1e-12 ? step : -expm1(-x) / rate
        change[index] = abs(x) < 1e-3 ? step * (0.5 - x / 6) : (expm1(-x) + x) / (rate * x)
        let grown = abs(x) < 1e-12 ? step : -expm1(-2 * x) / (2 * rate)
        let isCut = 3 * max(p, min(q, n - q)) >= n
        if isCut {
          gain[index] = 0
          change[index] = 0
        }
        // Beside a gradient term, the modes that it does not reach would be rough for themselves.
        kick[index] = isCut && law.tilt != 0 ? 0 : (0.5 * strength * max(0, grown)).squareRoot()
      }
    }
    // A mode that is its own mirror is real: its whole noise is in the one part.
    for index in realModes { kick[index] *= 2.0.squareRoot() }
  }

  /// The modes of alternating heights.
  private var realModes: [Int] {
    let middle = width / 2 * (width / 2 + 1)
    return [width / 2, middle, middle + width / 2]
  }

  /// Carries the surface on by a number of steps.
  /// - Parameter random: one draw per number of the half spectrum that has noise, and step.
  public mutating func advance(by step: Double, steps: Int = 1, random: inout RandomSource) {
    plan(step)
    for _ in 0..<steps {
      let lift = law.tilt == 0 ? 0 : gradientTerm()
      meanHeight += step * (law.speed + lift)
      if law.tilt != 0, !hasPrevious {
        previous = work
        hasPrevious = true
      }
      let isTilted = law.tilt != 0
      spectrum.withUnsafeMutableBufferPointer { spectrum in
        for index in decay.indices {
          var (re, im) = (spectrum[2 * index] * decay[index], spectrum[2 * index + 1] * decay[index])
          if isTilted {
            let (a, b) = (work[2 * index], work[2 * index + 1])
            re += gain[index] * a + change[index] * (a - previous[2 * index])
            im += gain[index] * b + change[index] * (b - previous[2 * index + 1])
          }
          let kick = kick[index]
          if kick > 0 {
            re += kick * random.normal()
            im += kick * random.normal()
          }
          spectrum[2 * index] = re
          spectrum[2 * index + 1] = im
        }
      }
      settleMirrors()
      if law.tilt != 0 { swap(&previous, &work) }
      time += step
    }
  }

  /// Leaves the modes of (λ/2)|∇h|² in `work`; returns its mean, m/s.
  private mutating func gradientTerm() -> Double {
    let n = width
    let half = n / 2 + 1
    let scale = 1 / Double(n * n)
    for axis in 0..<2 {
      work.withUnsafeMutableBufferPointer { work in
        spectrum.withUnsafeBufferPointer { spectrum in
          for q in 0..<n {
            let isCut = 3 * min(q, n - q) >= n
            let along = waves[q] * scale
            for p in 0..<half {
              let index = q * half + p
              let k = isCut || 3 * p >= n ? 0 : axis == 0 ? waves[p] * scale : along
              work[2 * index] = -k * spectrum[2 * index + 1]
              work[2 * index + 1] = k * spectrum[2 * index]
            }
          }
        }
      }
      work.withUnsafeMutableBufferPointer { from in
        if axis == 0 {
          slopeX.withUnsafeMutableBufferPointer { transform.backward(from.baseAddress!, into: $0.baseAddress!) }
        } else {
          slopeY.withUnsafeMutableBufferPointer { transform.backward(from.baseAddress!, into: $0.baseAddress!) }
        }
      }
    }
    let factor = 0.5 * law.tilt
    for i in slopeX.indices { slopeX[i] = factor * (slopeX[i] * slopeX[i] + slopeY[i] * slopeY[i]) }
    slopeX.withUnsafeMutableBufferPointer { from in
      work.withUnsafeMutableBufferPointer { transform.forward(from.baseAddress!, into: $0.baseAddress!) }
    }
    return work[0] * scale
  }

  /// Modes whose mirror stands in the half spectrum too are made conjugate; the mean is kept apart.
  private mutating func settleMirrors() {
    let n = width
    let half = n / 2 + 1
    for p in [0, n / 2] {
      for q in 1..<(n / 2) {
        let (a, b) = (2 * (q * half + p), 2 * ((n - q) * half + p))
        spectrum[b] = spectrum[a]
        spectrum[b + 1] = -spectrum[a + 1]
      }
    }
    spectrum[0] = 0
    spectrum[1] = 0
    for index in realModes { spectrum[2 * index + 1] = 0 }
  }

  /// Lays one cosine wave on the surface: `amplitude` cos[2π (p x + q y)/edge].
  public mutating func addWave(p: Int, q: Int, amplitude: Double) {
    let n = width
    var heights = self.heights.map { $0 - meanHeight }
    for j in 0..<n {
      for i in 0..<n {
        heights[j * n + i] += amplitude * cos(2 * Double.pi * Double(p * i + q * j) / Double(n))
      }
    }
    spectrum = transform.forward(heights)
    spectrum[0] = 0
  }

  /// Heights, m, x fastest.
  public var heights: [Double] {
    let scale = 1 / Double(width * width)
    return transform.backward(spectrum).map { meanHeight + scale * $0 }
  }

  /// Σ |ĥ|² over all modes with a weight of the squared wave number, as the mean square of heights, m².
  private func power(_ weight: (Double) -> Double = { _ in 1 }) -> Double {
    let n = width
    let half = n / 2 + 1
    var sum = 0.0
    for q in 0..<n {
      for p in 0..<half {
        let index = q * half + p
        let multiplicity = p == 0 || p == n / 2 ? 1.0 : 2.0
        let square = spectrum[2 * index] * spectrum[2 * index] + spectrum[2 * index + 1] * spectrum[2 * index + 1]
        if square > 0 { sum += multiplicity * square * weight(waves[p] * waves[p] + waves[q] * waves[q]) }
      }
    }
    let cells = Double(n * n)
    return sum / (cells * cells)
  }

  /// W, the standard deviation of the heights, m.
  public var deviation: Double { power().squareRoot() }

  /// Distance at which heights no longer know of each other, m: ⟨1/k⟩ weighted by the power of the modes.
  public var correlationLength: Double {
    let whole = power()
    return whole > 0 ? power { 1 / $0.squareRoot() } / whole : 0
  }

  /// Share of the substrate that the film leaves bare: where the height is not above 0.
  public var pinholeShare: Double { Double(heights.count { $0 <= 0 }) / Double(width * width) }

  public var roughness: SurfaceRoughness {
    SurfaceRoughness(
      deviation: Length(si: deviation), correlationLength: Length(si: correlationLength),
      pinholeShare: Ratio(si: pinholeShare))
  }
}
