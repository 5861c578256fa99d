import Foundation
import NumericalMethods
import Quantities

/// Columns of a film that compete for the room above them.
///
///     d = d₀ (h/h₀)^p,  p = 2/5        κ = h/d,  f(θ) ∝ exp(κ cos θ)
///
/// Van der Drift, *Philips Res. Rep.* 22 (1967) 267; p = 2/5 in three dimensions, 1/2 in two (Thijssen, *Phys. Rev. B*
/// 51 (1995) 1985, from memory); physics (3.11). Free crystals keep their shape while they grow, so the top of one
/// whose fastest corner is tilted by θ rises with cos θ of that corner's speed and lags by h (1 − cos θ) at a height h;
/// a column is overgrown where that exceeds about its own width. Equal weight of the lag over the width, e^{−lag/d}, is
/// the simplest such law and makes the directions a von Mises-Fisher fibre. Its width is right to a factor, not to a
/// digit.
public enum ColumnarTexture {
  /// p.
  public static let exponent = 0.4

  /// d, m, at a height above the one where columns of d₀ first touched.
  public static func size(initial: Double, closure: Double, height: Double) -> Double {
    initial * pow(max(1, height / closure), exponent)
  }

  /// A moment of a film that grows out of a solution.
  public struct Ascent: Hashable, Sendable {
    /// s.
    public var time: Double
    /// m.
    public var height: Double
    /// ln(c/c*).
    public var supersaturation: Double
    /// K.
    public var temperature: Double

    public init(time: Double, height: Double, supersaturation: Double, temperature: Double) {
      self.time = time
      self.height = height
      self.supersaturation = supersaturation
      self.temperature = temperature
    }
  }

  /// m₂ = ⟨w²⟩/⟨w⟩² of sizes that ripen in a plane and look like themselves.
  ///
  /// Of Hillert's distribution, *Acta Metall.* 13 (1965) 227: f ∝ u (2 − u)^{−4} e^{−4/(2 − u)}.
  public static let sizeMoment = 1.1094

  /// d, m, where a solution wets the tops, so that columns also ripen through it.
  ///
  ///     d(d²) = 2p d² dh/h + 2 m₂ R′ ℓ dt,   R′ = dR/dσ,  σ the larger of |ln(c/c*)| and 2ℓ/d
  ///
  /// Tops as wide as w are in balance with c* e^{2ℓ/w} (Gibbs & Thomson), so the front of a narrow one stands back and
  /// its neighbors take its room, whether all grow or the small dissolve:
  /// dw/dt = 4 R′ ℓ (1/⟨w⟩ − 1/w), the room Σ w² kept. That is ripening limited by integration (Wagner, *Z. Elektrochem.*
  /// 65 (1961) 581) in a plane, d⟨w⟩²/dt = 2 R′ ℓ once the sizes look like themselves; transport through a film is
  /// faster by powers of ten.
  /// - Parameters:
  ///   - exchange: R′ ℓ at a σ and a temperature, m²/s.
  ///   - capillaryLength: ℓ at a temperature, m.
  public static func size(
    initial: Double, closure: Double, ascent: [Ascent], height: Double, capillaryLength: (Double) -> Double,
    exchange: (_ sigma: Double, _ temperature: Double) -> Double
  ) -> Double {
    var square = initial * initial
    var top = closure
    for (a, b) in zip(ascent, ascent.dropFirst()) where b.height > closure {
      // Of an interval in which the film closes, the part afterward.
      let share = a.height < closure ? (b.height - closure) / (b.height - a.height) : 1
      square *= pow(max(1, b.height / top), 2 * exponent)
      top = max(top, b.height)
      let sigma = max(abs(b.supersaturation), 2 * capillaryLength(b.temperature) / square.squareRoot())
      square += 2 * sizeMoment * exchange(sigma, b.temperature) * share * max(0, b.time - a.time)
    }
    return (square * pow(max(1, height / top), 2 * exponent)).squareRoot()
  }

  /// The fibre of the fastest corner about the normal, z, at a height.
  /// - Parameters:
  ///   - corner: the direction of the crystal that grows fastest.
  ///   - size: d at that height, m.
  public static func fibre(of corner: SIMD3<Double>, height: Double, size: Double) -> FibreDistribution {
    FibreDistribution(of: corner, about: SIMD3(0, 0, 1), concentration: max(0, height / size))
  }

  /// Texture of a face in such a fibre as March and Dollase's law of the same ⟨cos² α⟩.
  ///
  ///     ⟨P₂(cos α)⟩ = P₂(cos β) ⟨P₂(cos θ)⟩
  ///
  /// β is the angle between the face's normal and the corner, about which crystals turn freely. One member of the form
  /// is looked at: of cubes the corner ⟨111⟩ leaves ⟨cos² α⟩ of each {100} at 1/3, and r at 1.
  public static func texture(of face: SIMD3<Double>, in fibre: FibreDistribution) throws(SampleError) -> MarchDollase {
    let cosine = (face * fibre.crystalAxis).sum() / (face * face).sum().squareRoot()
    let order = (1.5 * cosine * cosine - 0.5) * (1.5 * fibre.meanSquareCosine - 0.5)
    return try MarchDollase(meanSquareCosine: (1 + 2 * order) / 3)
  }
}
