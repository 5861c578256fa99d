import Foundation
import Materials
import NumericalMethods
import Quantities

/// Speed of a crystal face fed by transport through the solution and limited by integration at steps.
///
///     (ρ_c − c_i) R = transport(c − c_i),   R = k₀ exp(−E_r/kT) g(ln(c_i/c*)),   g(σ) = (σ²/σ₁) tanh(σ₁/σ)
///
/// Two-step growth with the spiral law of Burton, Cabrera and Frank, or with g(σ) = σ^{5/6} exp(−B/σ) where a compound grows by
/// two-dimensional nuclei (its edges dissolve by the spiral law all the same); physics (1.7), (1.8). Concentrations in mol/m³ of
/// solution. Below saturation the same laws, with their signs turned, dissolve.
public struct FaceGrowth: Sendable {
  /// How solute reaches the face.
  public enum Transport: Hashable, Sendable {
    /// A mass-transfer coefficient k_d = Sh D/L, m/s.
    case coefficient(Double)
    /// A crystal in open solution: k_d = Sh D/L with the larger of Sh = 2 + 0.589 Ra^{1/4}, Ra = `buoyancy` |c − c_i| L³,
    /// and the Sh that stirring forces.
    case open(diffusivity: Double, edge: Double, buoyancy: Double, forced: Double)
    /// An isolated square crystal of an edge in a gap: Frank's sphere of the same volume while small against the gap,
    /// Frank's disc of the same area when large, with the weights h/(h + r) and r/(h + r), r the disc's radius.
    case confined(diffusivity: Double, edge: Double, gap: Double)
  }

  /// (3/4π)^{2/3}: squared radius of the sphere that holds a unit cube's volume.
  private static let sphereArea = pow(3 / (4 * Double.pi), 2.0 / 3)

  let integrationPrefactor: Double
  let integrationEnergy: Double
  let spiralSupersaturation: Double
  /// B of two-dimensional nucleation, where the compound grows so.
  let layerBarrier: Double?
  /// Moles per volume of crystal.
  public let crystalDensity: Double

  public init(of compound: Compound) {
    integrationPrefactor = compound.growthKinetics.integrationPrefactor.si
    integrationEnergy = compound.growthKinetics.integrationEnergy.si
    spiralSupersaturation = compound.growthKinetics.spiralSupersaturation.si
    layerBarrier = compound.growthKinetics.layerNucleationBarrier?.si
    crystalDensity = compound.molarDensity
  }

  /// Sh of a still solution around a crystal: 2 + 0.589 Ra^{1/4} (Churchill, Sc ≫ 1).
  public static func stillSherwood(rayleigh: Double) -> Double {
    2 + 0.589 * max(0, rayleigh).squareRoot().squareRoot()
  }

  /// Sh in a stirred solution: 2 + 0.6 Re^{1/2} Sc^{1/3}.
  public static func stirredSherwood(reynolds: Double, schmidt: Double) -> Double {
    2 + 0.6 * reynolds.squareRoot() * cbrt(schmidt)
  }

  /// Face speed that integration alone allows at a relative supersaturation σ = ln(c/c*), m/s.
  public func integrationSpeed(supersaturation sigma: Double, temperature: Double) -> Double {
    integrationSpeed(sigma, rate: integrationPrefactor * exp(-integrationEnergy / (Constants.boltzmann * temperature)))
  }

  /// dR/dσ of the same law at a magnitude of σ, m/s.
  public func integrationSlope(supersaturation sigma: Double, temperature: Double) -> Double {
    guard sigma != 0 else { return 0 }
    let (value, slope) = logIntegration(abs(sigma), grows: sigma > 0)
    return exp(logIntegrationRate(temperature: temperature) + value) * slope
  }

  private func integrationSpeed(_ sigma: Double, rate: Double) -> Double {
    guard sigma != 0 else { return 0 }
    let magnitude = abs(sigma)
    let speed =
      if let layerBarrier, sigma > 0 {
        rate * pow(magnitude, 5.0 / 6) * exp(max(-500, -layerBarrier / magnitude))
      } else {
        rate * magnitude * magnitude / spiralSupersaturation * tanh(spiralSupersaturation / magnitude)
      }
    return sigma > 0 ? speed : -speed
  }

  /// ln(k₀ exp(−E_r/kT)).
  func logIntegrationRate(temperature: Double) -> Double {
    log(integrationPrefactor) - integrationEnergy / (Constants.boltzmann * temperature)
  }

  /// ln g(σ) and its derivative for a magnitude σ > 0.
  func logIntegration(_ sigma: Double, grows: Bool) -> (value: Double, slope: Double) {
    if let layerBarrier, grows {
      return (5.0 / 6 * log(sigma) - layerBarrier / sigma, (5.0 / 6 + layerBarrier / sigma) / sigma)
    }
    // With y = σ₁/σ and m = 1 − e^{−2y}: tanh y = m/(2 − m).
    let inverse = 1 / sigma
    let y = spiralSupersaturation * inverse
    let m = -expm1(-2 * y)
    let share = 1 / (m * (2 - m))
    return (
      log(sigma * sigma / spiralSupersaturation * (m * m * share)), (2 - 4 * y * (1 - m) * share) * inverse
    )
  }

  /// Face speed, m/s; negative where the solution is undersaturated.
  ///
  /// - Parameters:
  ///   - concentration: far from the crystal, mol/m³ of solution.
  ///   - saturation: mol/m³ of solution.
  /// - Throws: `Roots.Failure`.
  public func speed(
    concentration c: Double, saturation: Double, temperature: Double, transport: Transport
  ) throws -> Double {
    let rate = integrationPrefactor * exp(-integrationEnergy / (Constants.boltzmann * temperature))
    // Pure solvent has no logarithm: c stays above zero.
    let excess = max(c - saturation, -saturation * (1 - 1e-12))
    let free = integrationSpeed(supersaturation(excess: excess, saturation: saturation), rate: rate)
    guard free.isFinite else { throw Roots.Failure.notFinite(at: c) }
    guard free != 0 else { return 0 }
    // A plate that dissolves in its gap ends a run, it does not shape the crystal: Frank's laws are those of growth.
    if case .confined = transport, free < 0 { return free }
    if case .coefficient(let kd) = transport,
      let found = speed(excess: excess, saturation: saturation, rate: rate, coefficient: kd)
    {
      return found
    }
    // Unknown: w = ln[(c_i − c*)/(c − c_i)]. Both the speed that the face takes and the depletion that it costs are nearly
    // powers of e^w at either end, so the mismatch is nearly a straight line of slope 1/2 to 3.
    func atFace(_ w: Double) -> Double {
      // c_i stays above zero where c is zero.
      max(excess / (1 + exp(-w)), -saturation * (1 - 1e-12))
    }
    func mismatch(_ w: Double) -> Double {
      let left = atFace(w)
      let speed = integrationSpeed(supersaturation(excess: left, saturation: saturation), rate: rate)
      let lost = excess / (1 + exp(w))
      return log(excessLoss(at: saturation + left, speed: speed, loss: lost, transport: transport) / lost)
    }
    let start = mismatch(0)
    var (low, high) = start > 0 ? (-start / 0.45, -start / 3.5) : (-start / 3.5, -start / 0.45)
    if start == 0 { (low, high) = (-1, 1) }
    if abs(start) > 90 || mismatch(low) > 0 || mismatch(high) < 0 { (low, high) = (-200, 200) }
    // A face this slow starves nobody.
    if mismatch(high) < 0 { return free }
    let w = try Roots.brent(low, high, tolerance: 1e-6, mismatch)
    return integrationSpeed(supersaturation(excess: atFace(w), saturation: saturation), rate: rate)
  }

  /// The speed behind a mass-transfer coefficient by Newton's method, for the same unknown; nil where that does not settle.
  private func speed(excess: Double, saturation: Double, rate: Double, coefficient: Double) -> Double? {
    let sign = excess > 0 ? 1.0 : -1.0
    var w = 0.0
    for _ in 0..<40 {
      let odds = exp(w)
      let rest = 1 / (1 + odds)
      let lost = abs(excess) * rest
      let left = max(excess * (odds * rest), -saturation * (1 - 1e-12))
      let atFace = saturation + left
      let drive = logIntegration(abs(supersaturation(excess: left, saturation: saturation)), grows: excess > 0)
      let f = log((crystalDensity - atFace) * rate / (coefficient * lost)) + drive.value
      // What w adds to ln σ's argument and takes from ρ_c − c_i.
      let change = lost * (odds * rest) / (atFace * (crystalDensity - atFace))
      let speedSlope = drive.slope * change * crystalDensity
      let correction = f / (speedSlope + odds * rest - sign * change * atFace)
      w -= correction
      guard abs(w) < 200 else { return nil }
      if abs(correction) < 1e-6 { return sign * rate * exp(drive.value - speedSlope * correction) }
    }
    return nil
  }

  /// σ = ln(a/a*) with the moles per volume of solvent as activity: c/(1 − c/ρ_c) for c per volume of solution.
  ///
  /// From the excess c − c*, which may be far below the last digit of c.
  func supersaturation(excess: Double, saturation: Double) -> Double {
    // ln[(1 + e/c*)/(1 − e/(ρ − c*))] as one logarithm.
    let room = crystalDensity - saturation
    return log1p(excess * crystalDensity / (saturation * (room - excess)))
  }

  /// c − c_i that a face with concentration c_i needs to move with a speed, mol/m³ of solution.
  ///
  /// - Parameter loss: c − c_i itself, on which buoyancy depends.
  private func excessLoss(at atFace: Double, speed r: Double, loss: Double, transport: Transport) -> Double {
    switch transport {
    case .coefficient(let kd):
      return (crystalDensity - atFace) * r / kd
    case .open(let diffusivity, let edge, let buoyancy, let forced):
      let sherwood = max(Self.stillSherwood(rayleigh: buoyancy * abs(loss) * edge * edge * edge), forced)
      return (crystalDensity - atFace) * r * edge / (sherwood * diffusivity)
    case .confined(let diffusivity, let edge, let gap):
      guard r > 0, edge.isFinite else { return r == 0 ? 0 : .nan }
      // λ² = radius · d(radius)/dt / 2D with dL/dt = 2R: L²/π and (3/4π)^{2/3} L² are the squared radii.
      let frank = FrankTable.shared
      let disc = frank.disc(square: r * edge / (Double.pi * diffusivity))
      let sphere = frank.sphere(square: Self.sphereArea * r * edge / diffusivity)
      let weight = gap / (gap + edge / Double.pi.squareRoot())
      return (crystalDensity - atFace) * (weight * sphere + (1 - weight) * disc)
    }
  }
}
