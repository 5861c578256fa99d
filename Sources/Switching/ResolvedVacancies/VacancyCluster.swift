import Foundation
import NumericalMethods

/// Vacancies that come to a cluster at the contact and leave it, one by one.
///
///     attach = (N_max − N) ν₀ x e^{−E_a/kT} e^{αΔ/V_a},   detach = N ν₀ e^{−E_d/kT} e^{−(1−α)Δ/V_a},   V_a = kT l/(q a)
///
/// In balance with the ions at the contact: attach/detach of a place is x e^{(E_d − E_a)/kT} e^{Δ/V_a}; physics (8.1), (8.33).
/// The places are alike and independent, so their number after a time is a sum of two binomial counts, exactly, and no
/// event has to be followed. A cluster that a voltage has pushed open only loses vacancies: it grows again by nucleation,
/// whose work its remaining share lowers.
struct VacancyCluster: Sendable {
  let attemptFrequency: Double
  /// E_a and E_d, J.
  let attachmentEnergy: Double
  let detachmentEnergy: Double
  /// α.
  let transferCoefficient: Double
  /// l/a.
  let hopsPerLayer: Double
  /// N_max.
  let capacity: Int

  /// Rates of one empty and of one full place, 1/s.
  /// - Parameters:
  ///   - fraction: x.
  ///   - drop: Δ, V.
  ///   - thermalVoltage: kT/q, V, and kT, J.
  func rates(
    fraction: Double, drop: Double, thermalVoltage: Double, thermal: Double
  ) -> (attach: Double, detach: Double) {
    let tilt = drop / (thermalVoltage * hopsPerLayer)
    return (
      attemptFrequency * fraction * exp(-attachmentEnergy / thermal + transferCoefficient * tilt),
      attemptFrequency * exp(-detachmentEnergy / thermal - (1 - transferCoefficient) * tilt)
    )
  }

  /// Vacancies after a time at constant rates.
  func count(
    after time: Double, from count: Int, attach: Double, detach: Double, random: inout RandomSource
  ) -> Int {
    let sum = attach + detach
    guard sum > 0 else { return count }
    let gone = -expm1(-sum * time)
    let stay = random.binomial(trials: count, probability: 1 - detach / sum * gone)
    return stay + random.binomial(trials: max(0, capacity - count), probability: attach / sum * gone)
  }
}
