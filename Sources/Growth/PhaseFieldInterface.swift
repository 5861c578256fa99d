import Foundation
import Quantities

/// How the face of a crystal attaches solute, and the diffuse interface that stands for it in a phase field.
///
/// With u = (c_l − c*)/(ρ_c − c*), the sharp interface obeys
///
///     u_i = d(n) κ + β(n) V,     V = D ∂u/∂n on the liquid's side
///
/// and the phase field of width W gives the same to second order in W if
///
///     d = a₁ (W + W″)/λ,     β = a₁ [τ/(λ W) − a₂ W/D],     a₁ = 5√2/8, a₂ = 0.6267
///
/// Karma, *Phys. Rev. Lett.* 87 (2001) 115701; Echebarria et al., *Phys. Rev. E* 70 (2004) 061604: one-sided diffusion
/// with the anti-trapping current. Valid for W κ ≪ 1, W V/D ≪ 1 and λ u_i ≪ 1: a face with λ u_i = 1 attaches a tenth
/// slower than β says. The capillary length may be taken larger than a real one, as long as d κ stays far below the
/// supersaturation.
public struct PhaseFieldInterface: Hashable, Sendable {
  static let firstConstant = 0.625 * 2.0.squareRoot()
  static let secondConstant = 0.6267
  /// Above it a smooth face would fold: a + a″ changes sign.
  static let largestSurfaceAnisotropy = 1.0 / 15

  /// Of the solute in the liquid; in the crystal it is 0.
  public let diffusivity: Diffusivity
  /// d, the mean over all normals.
  public let capillaryLength: Length
  /// 1/β: the speed of a flat face per unit of u at the face, mean of β over all normals; nil: local equilibrium.
  public let attachmentSpeed: Velocity?
  /// W; the phase field goes from −0.9 to 0.9 over 4.2 W.
  public let width: Length
  /// ε of W(n) = W (1 + ε cos 4θ), below 1/15: the surface energy is highest along x and y.
  public let surfaceAnisotropy: Double
  /// δ of β(n) = β (1 + δ cos 4θ), below 1: the faces along x and y are the slowest, and the crystal grows square.
  public let kineticAnisotropy: Double

  /// - Throws: `PhaseFieldError.parameter` where a value is out of its range.
  public init(
    diffusivity: Diffusivity, capillaryLength: Length, attachmentSpeed: Velocity? = nil, width: Length,
    surfaceAnisotropy: Double = 0, kineticAnisotropy: Double = 0
  ) throws {
    func demand(_ name: String, _ value: Double, _ isGood: Bool, _ range: String) throws {
      guard value.isFinite, isGood else { throw PhaseFieldError.parameter(name, value: value, range: range) }
    }
    let positive = "above 0"
    try demand("diffusivity", diffusivity.si, diffusivity.si > 0, positive)
    try demand("capillaryLength", capillaryLength.si, capillaryLength.si > 0, positive)
    try demand("width", width.si, width.si > 0, positive)
    if let speed = attachmentSpeed { try demand("attachmentSpeed", speed.si, speed.si > 0, positive) }
    try demand(
      "surfaceAnisotropy", surfaceAnisotropy, abs(surfaceAnisotropy) < Self.largestSurfaceAnisotropy,
      "between -1/15 and 1/15")
    try demand(
      "kineticAnisotropy", kineticAnisotropy,
      kineticAnisotropy == 0 || (attachmentSpeed != nil && abs(kineticAnisotropy) < 1),
      "between -1 and 1, and 0 without an attachment speed")
    self.diffusivity = diffusivity
    self.capillaryLength = capillaryLength
    self.attachmentSpeed = attachmentSpeed
    self.width = width
    self.surfaceAnisotropy = surfaceAnisotropy
    self.kineticAnisotropy = kineticAnisotropy
  }

  /// λ = a₁ W/d.
  public var coupling: Double { Self.firstConstant * width.si / capillaryLength.si }

  public var isIsotropic: Bool { surfaceAnisotropy == 0 && kineticAnisotropy == 0 }

  /// a₂ λ W²/D, s: what a phase field relaxes in whose face is in local equilibrium.
  var equilibriumRelaxation: Double { Self.secondConstant * coupling * width.si * width.si / diffusivity.si }

  /// λ β W/a₁, s: what the mean kinetic coefficient adds.
  var kineticRelaxation: Double {
    attachmentSpeed.map { coupling * width.si / (Self.firstConstant * $0.si) } ?? 0
  }

  /// τ of faces along a normal whose cos 4θ is given, s.
  ///
  ///     τ(n) = λ W(n) [β(n)/a₁ + a₂ W(n)/D]
  func relaxation(cosine: Double) -> Double {
    let a = 1 + surfaceAnisotropy * cosine
    return a * (a * equilibriumRelaxation + (1 + kineticAnisotropy * cosine) * kineticRelaxation)
  }

  /// The shortest τ over all normals, s.
  var shortestRelaxation: Double { Self.cosines.map(relaxation).min()! }

  /// The largest coefficient of ∇²φ over all normals, m²/s, along the normal or across it.
  var largestStiffness: Double {
    let square = width.si * width.si
    return Self.cosines.map { cosine in
      let a = 1 + surfaceAnisotropy * cosine
      let slope = 16 * surfaceAnisotropy * surfaceAnisotropy * (1 - cosine * cosine)
      let across = a * a + slope - 16 * a * surfaceAnisotropy * cosine
      return square * max(a * a, across) / relaxation(cosine: cosine)
    }.max()!
  }

  private static let cosines = (0...64).map { cos(Double.pi * Double($0) / 64) }
}

/// Why a phase field cannot be set up or went wrong.
public enum PhaseFieldError: Error, Hashable, CustomStringConvertible {
  case parameter(String, value: Double, range: String)
  case coarse(spacing: Double, width: Double)
  case smallSeed(radius: Double, width: Double)
  case noSeed
  case diverged(time: Double, timeStep: Double)

  public var description: String {
    switch self {
    case .parameter(let name, let value, let range): "the phase field's \(name) is \(value); it must be \(range)"
    case .coarse(let spacing, let width):
      "the phase field's points lie \(spacing) m apart; an interface of \(width) m needs them within that distance"
    case .smallSeed(let radius, let width):
      "a seed of \(radius) m is too small for an interface of \(width) m; it takes three widths"
    case .noSeed: "the phase field has no seed, so nothing grows"
    case .diverged(let time, let timeStep):
      "the phase field left the finite numbers at \(time) s; take a time step below \(timeStep) s"
    }
  }
}
