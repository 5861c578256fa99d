import Foundation
import NumericalMethods

/// How far the solution at a crystal's rim falls for each mole per second that the crystal takes.
///
///     Z(t₁, t₂) = ∫ e^{−x} I₀(x) / (4π D h τ) dτ = [F(a²/2Dt₂) − F(a²/2Dt₁)] / (4π D h),   x = a²/2Dτ
///     F(x) = ∫_x^∞ e^{−y} I₀(y) dy/y
///
/// The fall on a ring of radius a in a gap h, taken by the ring itself between t₁ and t₂ ago (heat kernel of the plane,
/// averaged around the ring; Carslaw & Jaeger, *Conduction of Heat in Solids*, 10.3). s mol⁻¹ m⁻³ … in SI mol m⁻³ per
/// mol s⁻¹. With a constant rate since t₂ = age it is Frank's disc to first order in λ².
struct ConfinedImpedance: Sendable {
  static let shared = ConfinedImpedance()

  /// What a grid does to a sink that is spread over, and read from, its four nearest cells: D times the time that the
  /// spreading is worth, over the squared cell.
  ///
  /// From the lattice's Green function at long times, averaged over positions: 4Dτ₀ = 0.0698 e^{1.84} Δ² at a point
  /// (0.198 Δ is Peaceman's radius, *SPE J.* 18 (1978) 183), π Δ²/9 on a line; 0.10 lies between.
  static let gridDelay = 0.1
  /// A point on a wall of a gap h falls like a disc of this many gaps: 4 e^{−γ}.
  private static let wallRadius = 2.2458

  private static let low = -60.0
  private static let high = 12.0
  private static let count = 1537
  private let step: Double
  /// F and dF/d ln x at each node.
  private let nodes: [SIMD2<Double>]

  private init() {
    let step = (Self.high - Self.low) / Double(Self.count - 1)
    self.step = step
    var nodes = [SIMD2<Double>](repeating: .zero, count: Self.count)
    var value = Self.tail(exp(Self.high))
    // Simpson's rule over ln x, downward from the asymptotic end.
    for i in stride(from: Self.count - 1, through: 0, by: -1) {
      let x = Self.low + Double(i) * step
      if i < Self.count - 1 {
        value +=
          step / 6
          * (Self.scaledBessel(exp(x)) + 4 * Self.scaledBessel(exp(x + 0.5 * step)) + Self.scaledBessel(exp(x + step)))
      }
      nodes[i] = SIMD2(value, -Self.scaledBessel(exp(x)) * step)
    }
    self.nodes = nodes
  }

  /// e^{−x} I₀(x).
  static func scaledBessel(_ x: Double) -> Double {
    if x > 18 {
      let r = 1 / (8 * x)
      return (1 + r * (1 + r * (4.5 + r * (37.5 + r * 459.375)))) / (2 * .pi * x).squareRoot()
    }
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > 1e-17 * sum {
      term *= 0.25 * x * x / (k * k)
      sum += term
      k += 1
    }
    return sum * exp(-x)
  }

  /// F far out.
  private static func tail(_ x: Double) -> Double { (2 + 1 / (12 * x)) / (2 * .pi * x).squareRoot() }

  /// F(x); 0 at infinity.
  func integral(_ x: Double) -> Double {
    guard x < 1e5 else { return x.isFinite ? Self.tail(x) : 0 }
    let position = max(0, (log(x) - Self.low) / step)
    let i = min(Self.count - 2, Int(position))
    let t = position - Double(i)
    let (a, b) = (nodes[i], nodes[i + 1])
    return (1 + 2 * t) * (1 - t) * (1 - t) * a.x + t * (1 - t) * (1 - t) * a.y + t * t * (3 - 2 * t) * b.x
      + t * t * (t - 1) * b.y
  }

  /// Z(t₁, t₂).
  func ring(radius: Double, gap: Double, diffusivity: Double, from start: Double, to end: Double) -> Double {
    let square = 0.5 * radius * radius / diffusivity
    return (integral(square / end) - (start > 0 ? integral(square / start) : 0)) / (4 * .pi * diffusivity * gap)
  }

  /// What a grid does not show of the fall at the rim of a crystal that has grown for a time.
  ///
  /// On the grid every sink looks as if it had begun τ₀ earlier and been read τ₀ later: missing is Z(0, τ₀), less the
  /// end that the grid shows too early, Z(age, age + τ₀).
  func unresolved(radius: Double, gap: Double, diffusivity: Double, spacing: Double, age: Double) -> Double {
    let delay = Self.gridDelay * spacing * spacing / diffusivity
    return ring(radius: radius, gap: gap, diffusivity: diffusivity, from: 0, to: delay)
      - ring(radius: radius, gap: gap, diffusivity: diffusivity, from: age, to: age + delay)
  }

  /// What the last step's sinks do on the grid.
  func resolved(radius: Double, gap: Double, diffusivity: Double, spacing: Double, step: Double) -> Double {
    let delay = Self.gridDelay * spacing * spacing / diffusivity
    return ring(radius: radius, gap: gap, diffusivity: diffusivity, from: delay, to: delay + step)
  }

  /// The further fall at a crystal on one plate that does not reach the other.
  ///
  ///     Z = [1/a − ln(2.246 h/a)/h] / (2πD)
  ///
  /// A hemisphere of radius a instead of a disc through the gap (images in both plates); fades as the height nears h.
  static func constriction(edge: Double, height: Double, gap: Double, diffusivity: Double) -> Double {
    guard height < gap else { return 0 }
    let radius = cbrt(3 / (4 * Double.pi)) * edge
    let bare = 1 / radius - log(wallRadius * gap / radius) / gap
    return max(0, bare) * (1 - height / gap) / (2 * .pi * diffusivity)
  }
}
