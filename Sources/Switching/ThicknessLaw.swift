import Foundation
import NumericalMethods

/// How V_SET runs with a crystal's thickness, by what decides it: the candidates between which measured voltages choose.
///
///     V = V₀ (t/t₀)ⁿ
///
/// Physics section 8.6, D7. The laws are limits, one mechanism alone deciding; the number of mobile ions per volume is taken not
/// to depend on the thickness, as growth between plates finds it.
public enum ThicknessLaw: Hashable, Sendable, CaseIterable {
  /// Contacts on one face: a critical current, or flux of ions, per width.
  case sheetCurrent
  /// Contacts on one face: a critical power in a crystal that conducts as its bulk.
  case power
  /// The weakest spot of the volume.
  case weakestLink
  /// Contacts on both faces: a critical field.
  case field

  /// n.
  /// - Parameter spread: standard deviation of V_SET over its mean at one thickness, above 0; the weakest link's n = −1/β comes
  ///   from it, for the Weibull distribution of shape β.
  /// - Throws: `Roots.Failure` for a spread that no shape between 0.2 and 200 gives.
  public func exponent(spread: Double) throws -> Double {
    switch self {
    case .sheetCurrent: -1
    case .power: -0.5
    case .field: 1
    case .weakestLink:
      // CV² = Γ(1 + 2/β)/Γ(1 + 1/β)² − 1
      -(try Roots.brent(1.0 / 200, 5, tolerance: 1e-12) { inverse in
        let moments = lgamma(1 + 2 * inverse) - 2 * lgamma(1 + inverse)
        return moments - log1p(spread * spread)
      })
    }
  }

  /// V_SET at a thickness, from that at another; thicknesses in one unit.
  /// - Throws: as `exponent`.
  public func voltage(at thickness: Double, from known: (thickness: Double, voltage: Double), spread: Double) throws
    -> Double
  {
    known.voltage * pow(thickness / known.thickness, try exponent(spread: spread))
  }

  /// Share of belief in each law that measured voltages leave, equal before them; in the order of `allCases`.
  ///
  ///     p(data) ∝ exp(−Σ (ln V_i − n ln t_i − mean)²/2s²)
  ///
  /// V₀ is integrated out with a flat prior in ln V₀, the same for all laws.
  /// - Parameters:
  ///   - points: thicknesses and mean voltages, two or more.
  ///   - uncertainty: s, of each ln V: how far a law may miss a mean.
  /// - Throws: as `exponent`.
  public static func belief(
    in points: [(thickness: Double, voltage: Double)], spread: Double, uncertainty: Double
  ) throws -> [Double] {
    let exponents = try allCases.map { try $0.misfit(of: points, spread: spread) / (-2 * uncertainty * uncertainty) }
    let best = exponents.max() ?? 0
    let weights = exponents.map { exp($0 - best) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  private func misfit(of points: [(thickness: Double, voltage: Double)], spread: Double) throws -> Double {
    let n = try exponent(spread: spread)
    let offsets = points.map { log($0.voltage) - n * log($0.thickness) }
    let mean = offsets.reduce(0, +) / Double(offsets.count)
    return offsets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
