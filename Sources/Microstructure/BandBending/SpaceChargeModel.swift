import CKernels
import Fields
import Foundation
import Quantities

/// The charge of each cell as its potential sets it, how fast that falls, and the energy that both derive from.
///
///     Q(φ) = V [ρ + Σ z q c(φ) + q (p − n)] = −∂E/∂φ,
///     E = −Σ V ρ φ + kT Σ V [Σ c_max ln(1 + e^{(μ − U − zqφ)/kT}) + n + p] − Σ μ N
///
/// E is convex in φ and μ together. Of ions that are conserved μ is eliminated: ∂E/∂μ = 0 is their number, and what is
/// left is convex in φ, with the derivative −∂Q/∂φ = diag(s) − Σ a w wᵀ.
struct SpaceChargeModel {
  /// One kind of ions, energies over kT.
  struct Species {
    var charge: Double
    /// Sites of a cell.
    var sites: Double
    /// N, or nil where μ is given.
    var total: Double?
    /// Energy per cell, or nil.
    var energy: [Double]?
    /// What multiplies the sites of each cell, or nil.
    var places: [Double]?
  }

  let count: Int
  /// Fixed charge per cell in elementary charges.
  let fixed: [Double]
  let species: [Species]
  /// n_i V of a cell, or nil without carriers.
  let intrinsic: Double?
  /// Of E_F above the level where n = p, what does not come from φ, over kT, per cell or for all.
  let fermi: [Double]

  /// Elementary charges per cell, at the potential evaluated last.
  private(set) var charge: [Double]
  /// The same without signs, added up.
  private(set) var gross: [Double]
  /// s per cell, elementary charges per kT/q.
  private(set) var sinks: [Double]
  /// w per kind of ions.
  private(set) var weights: [[Double]]
  /// a per kind of ions; 0 where μ is given.
  private(set) var shares: [Double]
  /// μ/kT per kind of ions.
  var chemicalPotentials: [Double]
  /// E/kT; what depends on nothing is left out.
  private(set) var energy = 0.0

  init(
    count: Int, fixed: [Double], species: [Species], chemicalPotentials: [Double], intrinsic: Double?, fermi: [Double]
  ) {
    self.count = count
    self.fixed = fixed
    self.species = species
    self.chemicalPotentials = chemicalPotentials
    self.intrinsic = intrinsic
    self.fermi = fermi
    charge = [Double](repeating: 0, count: count)
    gross = charge
    sinks = charge
    weights = species.map { _ in [Double](repeating: 0, count: count) }
    shares = species.map { _ in 0 }
  }

  /// Evaluates all at a potential, in units of kT/q. False where a carrier's density is beyond all numbers.
  mutating func evaluate(_ phi: UnsafePointer<Double>) -> Bool {
    for cell in 0..<count {
      charge[cell] = fixed[cell]
      gross[cell] = abs(fixed[cell])
      sinks[cell] = 0
    }
    energy = -ck_dot(count, fixed, phi)
    for kind in species.indices { addIons(kind, phi) }
    if let intrinsic {
      energy +=
        fermi.count == 1
        ? ck_carriers(count, intrinsic, fermi[0], nil, phi, &charge, &gross, &sinks)
        : ck_carriers(count, intrinsic, 0, fermi, phi, &charge, &gross, &sinks)
    }
    return energy.isFinite
  }

  private mutating func addIons(_ kind: Int, _ phi: UnsafePointer<Double>) {
    let own = species[kind]
    if let total = own.total { chemicalPotentials[kind] = balance(kind, total, phi) }
    let level = chemicalPotentials[kind]
    var sums = [0.0, 0]
    Self.withOptional(own.energy) { energy in
      Self.withOptional(own.places) { places in
        ck_ions(
          count, level, own.charge, own.sites, places, phi, energy, &charge, &gross, &sinks, &weights[kind], &sums)
      }
    }
    shares[kind] = own.total != nil && sums[1] > 0 ? own.charge * own.charge / sums[1] : 0
    energy += sums[0] - level * (own.total ?? 0)
  }

  /// μ/kT at which all cells together hold `total` ions.
  ///
  /// Newton's method on the logarithm of their number, or that of the empty sites where most are full: a curve of one
  /// curvature, and a straight line where ions are rare.
  private func balance(_ kind: Int, _ total: Double, _ phi: UnsafePointer<Double>) -> Double {
    let own = species[kind]
    var level = chemicalPotentials[kind]
    Self.withOptional(own.energy) { energies in
      var sums = [0.0, 0, 0]
      for _ in 0..<100 {
        ck_ion_numbers(count, level, own.charge, phi, energies, &sums)
        let (ions, holes, mobile) = (sums[0], sums[1], sums[2])
        guard mobile > 0 else {
          // All levels lie far off, above or below.
          level += ions * own.sites < total ? 100 : -100
          continue
        }
        let wanted = total / own.sites
        let open = ions + holes
        let step =
          wanted < 0.5 * open
          ? log(wanted / ions) * (ions / mobile) : -log((open - wanted) / holes) * (holes / mobile)
        level += max(-300, min(300, step))
        if abs(step) <= 4e-16 * max(1, abs(level)) || abs(ions - wanted) <= 2e-16 * wanted { break }
      }
    }
    return level
  }

  private static func withOptional<Result>(
    _ values: [Double]?, _ body: (UnsafePointer<Double>?) -> Result
  ) -> Result {
    guard let values else { return body(nil) }
    return values.withUnsafeBufferPointer { body($0.baseAddress!) }
  }

  /// Ions per cell at the potential evaluated last.
  func ions(_ kind: Int, _ phi: [Double]) -> [Double] {
    let own = species[kind]
    return phi.indices.map { cell in
      let x = chemicalPotentials[kind] - own.charge * phi[cell] - (own.energy?[cell] ?? 0)
      let e = exp(-abs(x))
      return own.sites * (own.places?[cell] ?? 1) * (x > 0 ? 1 / (1 + e) : e / (1 + e))
    }
  }
}
