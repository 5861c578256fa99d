import Foundation
import Quantities

/// A thin metal wire that atoms moving along its surface break into beads.
///
///     r_t = (1/r) ∂_z[B r/√(1 + r_z²) ∂_z κ],  κ = 1/(r √(1 + r_z²)) − r_zz/(1 + r_z²)^{3/2},  B = D_s γ ν_s Ω²/kT
///     σ(k) = (B/r⁴)(k r)²[1 − (k r)²] of a cylinder;  lifetime τ = C r⁴/B
///
/// Mullins, *J. Appl. Phys.* 28 (1957) 333; Nichols & Mullins, *Trans. AIME* 233 (1965) 1840; physics (8.23)-(8.25).
/// Axisymmetric and periodic along z, second-order finite volumes, explicit: volume is kept to rounding. The linear law
/// of Gibbs and Thomson holds for r ≫ γΩ/kT (5 nm for silver at 300 K); with that capillary length given, κ is replaced
/// by (e^{cκ} − 1)/c and thinner wires live shorter.
public struct VolatileFilament: Sendable {
  /// At equal distances along the axis, m.
  public private(set) var radii: [Double]
  /// Period along the axis, m.
  public let length: Double
  /// B, m⁴/s.
  public let coefficient: Double
  /// c = γΩ/kT, m; zero for the linear law.
  public let capillaryLength: Double
  /// s.
  public private(set) var time = 0.0

  private var potentials: [Double]
  private var flows: [Double]

  /// - Parameters:
  ///   - radii: at least eight, m; a tenth of the radius to its quarter apart.
  ///   - length: period, m.
  ///   - coefficient: B, m⁴/s.
  public init(radii: [Double], length: Double, coefficient: Double, capillaryLength: Double = 0) {
    precondition(radii.count >= 8 && radii.allSatisfy { $0 > 0 }, "a filament needs eight radii above zero")
    self.radii = radii
    self.length = length
    self.coefficient = coefficient
    self.capillaryLength = capillaryLength
    potentials = radii
    flows = radii
  }

  /// B = D_s γ ν_s Ω²/kT, m⁴/s.
  /// - Parameters:
  ///   - surfaceDiffusivity: D_s, m²/s.
  ///   - surfaceEnergy: γ, J/m².
  ///   - siteDensity: ν_s, 1/m².
  ///   - atomVolume: Ω, m³.
  ///   - temperature: K.
  public static func coefficient(
    surfaceDiffusivity: Double, surfaceEnergy: Double, siteDensity: Double, atomVolume: Double, temperature: Double
  ) -> Double {
    surfaceDiffusivity * surfaceEnergy * siteDensity * atomVolume * atomVolume / (Constants.boltzmann * temperature)
  }

  /// σ(k) of a small ripple on a cylinder, 1/s; negative for ripples shorter than its circumference.
  public static func growthRate(waveNumber k: Double, radius: Double, coefficient: Double) -> Double {
    let x = k * radius
    return coefficient / (radius * radius * radius * radius) * x * x * (1 - x * x)
  }

  /// The ripple that grows fastest: λ = 2π√2 r, m.
  public static func fastestWavelength(radius: Double) -> Double { 2 * Double.pi * 2.0.squareRoot() * radius }

  /// A cylinder with a ripple of the fastest wavelength, one period of it.
  /// - Parameter ripple: amplitude over the radius.
  public static func rippled(
    radius: Double, ripple: Double, coefficient: Double, capillaryLength: Double = 0, points: Int = 48
  ) -> VolatileFilament {
    VolatileFilament(
      radii: (0..<points).map { radius * (1 + ripple * cos(2 * Double.pi * Double($0) / Double(points))) },
      length: fastestWavelength(radius: radius), coefficient: coefficient, capillaryLength: capillaryLength)
  }

  /// m³.
  public var volume: Double {
    var sum = 0.0
    for radius in radii { sum += radius * radius }
    return Double.pi * sum * length / Double(radii.count)
  }

  /// Amplitude of a ripple, m.
  /// - Parameter waves: its periods along the length.
  public func amplitude(waves: Int) -> Double {
    var real = 0.0
    var imaginary = 0.0
    for (index, radius) in radii.enumerated() {
      let phase = 2 * Double.pi * Double(waves * index % radii.count) / Double(radii.count)
      real += radius * cos(phase)
      imaginary += radius * sin(phase)
    }
    return 2 / Double(radii.count) * (real * real + imaginary * imaginary).squareRoot()
  }

  /// Moves on until a time in s, or until the thinnest place is down to a radius in m.
  /// - Parameter end: s; infinite for a ripple that grows.
  /// - Returns: whether it got as thin as that.
  @discardableResult
  public mutating func advance(until end: Double, breakingAt radius: Double = 0) -> Bool {
    while time < end {
      let (thinnest, steepest) = measure()
      if thinnest <= radius { return true }
      // A straight cylinder and a row of equal beads rest for ever.
      if potentials.max()! - potentials.min()! <= 1e-13 * abs(potentials[0]) {
        time = end
        break
      }
      let spacing = length / Double(radii.count)
      let square = spacing * spacing
      // What explicit steps bear: 16 B/h⁴ of the fourth derivative and B/(r h)² of the second.
      let rate =
        coefficient * exp(max(0, capillaryLength * steepest))
        * (10 / (square * square) + 4 / (square * thinnest * thinnest))
      let step = min(1 / rate, end - time)
      move(step)
      time = step == end - time ? end : time + step
    }
    return radii.min()! <= radius
  }

  /// Time until a cylinder of that ripple has thinned to a share of its radius, s: the lifetime C r⁴/B of (8.25).
  ///
  /// C is 13.6 at a ripple of 1 %, 4 ln 10 more for a tenth of it; the share hardly matters below a half. The power is
  /// that of similar wires: of wires of one length a thin one has more places to break and lives shorter (45 to 90 nm,
  /// 1 to 5 nm: power 4.2).
  public static func lifetime(
    radius: Double, ripple: Double = 0.01, coefficient: Double, capillaryLength: Double = 0, share: Double = 0.1,
    points: Int = 48
  ) -> Double {
    var filament = rippled(
      radius: radius, ripple: ripple, coefficient: coefficient, capillaryLength: capillaryLength, points: points)
    filament.advance(until: .infinity, breakingAt: share * radius)
    return filament.time
  }

  /// Curvatures to `potentials`; the smallest radius and the largest curvature.
  private mutating func measure() -> (thinnest: Double, steepest: Double) {
    let n = radii.count
    let spacing = length / Double(n)
    var thinnest = Double.infinity
    var steepest = 0.0
    for index in 0..<n {
      let before = radii[index == 0 ? n - 1 : index - 1]
      let after = radii[index == n - 1 ? 0 : index + 1]
      let radius = radii[index]
      let slope = (after - before) / (2 * spacing)
      let bend = (after - 2 * radius + before) / (spacing * spacing)
      let stretch = 1 + slope * slope
      let root = stretch.squareRoot()
      let curvature = 1 / (radius * root) - bend / (stretch * root)
      potentials[index] = capillaryLength > 0 ? expm1(capillaryLength * curvature) / capillaryLength : curvature
      thinnest = min(thinnest, radius)
      steepest = max(steepest, curvature)
    }
    return (thinnest, steepest)
  }

  private mutating func move(_ step: Double) {
    let n = radii.count
    let spacing = length / Double(n)
    for index in 0..<n {
      let next = index == n - 1 ? 0 : index + 1
      let slope = (radii[next] - radii[index]) / spacing
      let middle = 0.5 * (radii[index] + radii[next])
      flows[index] =
        coefficient * middle / (1 + slope * slope).squareRoot() * (potentials[next] - potentials[index]) / spacing
    }
    for index in 0..<n {
      let change = 2 * step * (flows[index] - flows[index == 0 ? n - 1 : index - 1]) / spacing
      // A neck that would vanish within the step has broken.
      radii[index] = max(radii[index] * radii[index] + change, 1e-4 * radii[index] * radii[index]).squareRoot()
    }
  }
}
