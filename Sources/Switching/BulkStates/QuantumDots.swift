import Foundation
import Materials
import Quantities

/// The recipe's `device.quantumDots:` block: dots of another semiconductor that the crystal has grown around.
///
/// A dot binds vacancies to its strained surface and gathers the field:
///
///     n_s = 4π r² n_QD σ_X,   c = c_f + n_s K x_f/(1 + K x_f),   x_f = c_f/N_X,   K = exp(E_b/kT)
///     E_pole = f E,   f = 3 ε_QD/(ε_QD + 2 ε)
///
/// Bound vacancies are in balance with free ones (Langmuir), and while bound neither screen nor move: what is free of them also
/// slows the mean ion down. f is that at the pole of a dielectric sphere; physics 8.6 (D1). Dots that touch the contact are
/// places where a cluster may begin, with one vacancy there already.
public struct QuantumDots: Hashable, Sendable, Codable {
  public var density: NumberDensity
  public var radius: Length
  public var permittivity: Ratio
  /// E_b.
  public var bindingEnergy: Energy

  public init(
    density: NumberDensity, radius: Length, permittivity: Ratio = Ratio(si: 170),
    bindingEnergy: Energy = .electronvolts(0.3)
  ) {
    self.density = density
    self.radius = radius
    self.permittivity = permittivity
    self.bindingEnergy = bindingEnergy
  }

  public static let keys: [ParameterKey] = [
    .quantity("density", NumberDensityDimension.self, in: 0...1e26, "Dots per volume of the crystal."),
    .quantity("radius", LengthDimension.self, in: 5e-10...1e-7, default: "2 nm", "Of a dot."),
    .quantity(
      "permittivity", RatioDimension.self, in: 1...1000, default: "170", "Relative, of a dot: 170 of lead sulfide."),
    .quantity(
      "bindingEnergy", EnergyDimension.self, in: 0...2e-19, default: "0.3 eV",
      "Of a vacancy on a dot's strained surface."),
  ]

  /// Places for vacancies on dots per volume, 1/m³: halide sites of a shell one lattice constant thick.
  public func siteDensity(in compound: Compound) -> Double {
    let surface = 4 * Double.pi * radius.si * radius.si
    return density.si * surface * compound.latticeConstant.si * compound.halideSiteDensity
  }

  /// Share of its places that vacancies fill where a share x of the crystal's sites is vacant.
  public func occupancy(siteFraction x: Double, temperature: Double) -> Double {
    let bound = x * exp(bindingEnergy.si / (Constants.boltzmann * temperature))
    return bound / (1 + bound)
  }

  /// Vacancies that are not bound, over all.
  ///
  /// - Parameters:
  ///   - vacancies: all of them, 1/m³.
  ///   - temperature: K.
  public func freeShare(of vacancies: Double, in compound: Compound, at temperature: Double) -> Double {
    guard vacancies > 0 else { return 1 }
    let places = siteDensity(in: compound)
    // K/N_X: c_f k is what fills half of the places.
    let k = exp(bindingEnergy.si / (Constants.boltzmann * temperature)) / compound.halideSiteDensity
    // k c_f² + (1 + k (n_s − c)) c_f − c = 0, its root without cancellation.
    let b = 1 + k * (places - vacancies)
    let root = (b * b + 4 * k * vacancies).squareRoot()
    return b > 0 ? 2 / (b + root) : 0.5 * (root - b) / (k * vacancies)
  }

  /// f.
  public func fieldFactor(in compound: Compound) -> Double {
    3 * permittivity.si / (permittivity.si + 2 * compound.electronicStructure.staticPermittivity.si)
  }
}
