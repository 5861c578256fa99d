import Foundation

/// First passage of two kinds of place under one ramp: those that see the field, and those where it is stronger.
struct CompetingPassages: Hashable, Sendable {
  var plain: RampFirstPassage
  /// Nil where there are none.
  var enhanced: RampFirstPassage?

  /// Expected events while the voltage runs linearly: both kinds add.
  func hazard(from start: Double, to end: Double, during time: Double) -> Double {
    let first = plain.rate > 0 ? plain.hazard(from: start, to: end, during: time) : 0
    guard let enhanced else { return first }
    return first + enhanced.hazard(from: start, to: end, during: time)
  }

  /// The share of the interval after which the hazard has reached a value that it does reach.
  func share(reaching hazard: Double, from start: Double, to end: Double, during time: Double) -> Double {
    guard enhanced != nil else { return plain.share(reaching: hazard, from: start, to: end, during: time) }
    // The hazard grows with the share; halving ends at rounding.
    var low = 0.0
    var high = 1.0
    for _ in 0..<52 {
      let middle = 0.5 * (low + high)
      let there = self.hazard(from: start, to: start + middle * (end - start), during: middle * time)
      if there < hazard { low = middle } else { high = middle }
    }
    return high
  }
}
