import Foundation
import Materials
import NumericalMethods
import Quantities

/// What the run left.
extension WetFilm {
  /// Crystals per area, 1/m².
  var density: Double { state.cohorts.reduce(0) { $0 + $1.density } }

  /// Relative error of the balance of the solute or of the solvent, the larger.
  var balanceError: Double {
    let solute = (state.solute + state.spunOff + state.crystal * setting.molarDensity) / initialSolute
    let solvent = (state.solvent + state.solventSpunOff + state.solventVapor + state.washedOff) / initialSolvent
    return max(abs(solute - 1), abs(solvent - 1))
  }

  /// Standard deviation over the crystals of how high their fronts came, m.
  var heightDeviation: Double {
    let mean = state.cohorts.reduce(0) { $0 + $1.density * $1.edge } / density
    let square = state.cohorts.reduce(0) { $0 + $1.density * ($1.edge - mean) * ($1.edge - mean) } / density
    return 0.5 * square.squareRoot()
  }

  /// Share of the crystals that were born on the substrate.
  var substrateShare: Double {
    state.cohorts.reduce(0) { $0 + $1.density * $1.substrateShare } / density
  }

  /// Mean width on the substrate of the critical nuclei that became crystals, 2 r* sin θ, m.
  func contactWidth(at contactAngle: Angle) -> Double {
    let edge = state.cohorts.reduce(0) { $0 + $1.density * $1.nucleusEdge } / density
    return 2 * edge / Self.nucleusRatio * sin(contactAngle.si)
  }

  /// The front of the median crystal, in some hundred moments.
  var medianFront: [FrontHistory.Moment] {
    var below = 0.0
    let chosen = state.cohorts.first { cohort in
      below += cohort.density
      return below >= 0.5 * density
    }
    guard let chosen else { return [] }
    let all = fronts[chosen.identity]
    let stride = max(1, all.count / 150)
    return all.indices.filter { $0 % stride == 0 || $0 == all.count - 1 }.map { all[$0] }
  }
}
