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
    energy = 0
    var sum = 0.0
    fixed.withUnsafeBufferPointer { fixed in
      charge.withUnsafeMutableBufferPointer { charge in
        gross.withUnsafeMutableBufferPointer { gross in
          sinks.withUnsafeMutableBufferPointer { sinks in
            for cell in 0..<count {
              let own = fixed[cell]
              charge[cell] = own
              gross[cell] = abs(own)
              sinks[cell] = 0
              sum -= own * phi[cell]
            }
          }
        }
      }
    }
    energy = sum
    for kind in species.indices { addIons(kind, phi) }
    if let intrinsic { addCarriers(intrinsic, phi) }
    return energy.isFinite
  }

  private mutating func addCarriers(_ intrinsic: Double, _ phi: UnsafePointer<Double>) {
    var sum = 0.0
    let isUniform = fermi.count == 1
    fermi.withUnsafeBufferPointer { fermi in
      charge.withUnsafeMutableBufferPointer { charge in
        gross.withUnsafeMutableBufferPointer { gross in
          sinks.withUnsafeMutableBufferPointer { sinks in
            for cell in 0..<count {
              let level = phi[cell] + fermi[isUniform ? 0 : cell]
              let electrons = intrinsic * exp(level)
              let holes = intrinsic * exp(-level)
              charge[cell] += holes - electrons
              gross[cell] += holes + electrons
              sinks[cell] += holes + electrons
              sum += holes + electrons
            }
          }
        }
      }
    }
    energy += sum
  }

  private mutating func addIons(_ kind: Int, _ phi: UnsafePointer<Double>) {
    let own = species[kind]
    let z = own.charge
    if let total = own.total { chemicalPotentials[kind] = balance(kind, total, phi) }
    let level = chemicalPotentials[kind]
    var (sum, mobile) = (0.0, 0.0)
    weights[kind].withUnsafeMutableBufferPointer { weights in
      charge.withUnsafeMutableBufferPointer { charge in
        gross.withUnsafeMutableBufferPointer { gross in
          sinks.withUnsafeMutableBufferPointer { sinks in
            Self.withOptional(own.energy) { energies in
              for cell in 0..<count {
                let x = level - z * phi[cell] - (energies?[cell] ?? 0)
                let e = exp(-abs(x))
                let share = 1 / (1 + e)
                let ions = own.sites * (x > 0 ? share : e * share)
                let slope = own.sites * (e * share * share)
                charge[cell] += z * ions
                gross[cell] += abs(z) * ions
                sinks[cell] += z * z * slope
                weights[cell] = slope
                mobile += slope
                sum += own.sites * (max(x, 0) + log1p(e))
              }
            }
          }
        }
      }
    }
    shares[kind] = own.total != nil && mobile > 0 ? z * z / mobile : 0
    energy += sum - level * (own.total ?? 0)
  }

  /// μ/kT at which all cells together hold `total` ions.
  ///
  /// Newton's method on the logarithm of their number, or that of the empty sites where most are full: a curve of one
  /// curvature, and a straight line where ions are rare.
  private func balance(_ kind: Int, _ total: Double, _ phi: UnsafePointer<Double>) -> Double {
    let own = species[kind]
    let z = own.charge
    var level = chemicalPotentials[kind]
    Self.withOptional(own.energy) { energies in
      for _ in 0..<100 {
        var (ions, holes, mobile) = (0.0, 0.0, 0.0)
        for cell in 0..<count {
          let u = energies?[cell] ?? 0
          guard u < .infinity else { continue }
          let x = level - z * phi[cell] - u
          let e = exp(-abs(x))
          let share = 1 / (1 + e)
          ions += x > 0 ? share : e * share
          holes += x > 0 ? e * share : share
          mobile += e * share * share
        }
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
      return own.sites * (x > 0 ? 1 / (1 + e) : e / (1 + e))
    }
  }
}
