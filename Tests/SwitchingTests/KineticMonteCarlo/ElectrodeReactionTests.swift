import Foundation
import Quantities
import Switching
import Testing

@Suite struct ElectrodeReactionTests {
  let reaction = ElectrodeReaction(exchangeCurrentDensity: 3, transferCoefficient: 0.3, charge: 1, temperature: 320)
  let slope = Constants.elementaryCharge / (Constants.boltzmann * 320)

  @Test func noNetCurrentFlowsWithoutOverpotential() {
    #expect(reaction.net(0) == 0)
    #expect(abs(reaction.dissolution(0) / reaction.deposition(0) - 1) < 1e-12)
    // And near it, the charge-transfer resistance is kT/(z e j₀).
    #expect(abs(reaction.net(1e-9) / (3 * slope * 1e-9) - 1) < 1e-6)
  }

  @Test func farFromBalanceTheCurrentsFollowTafelsSlopes() {
    func decades(_ low: Double, _ high: Double) -> Double {
      log10(abs(reaction.net(high) / reaction.net(low))) / (high - low)
    }
    // At 0.3 V the other direction is e^{-11} smaller. V48: 1 %.
    #expect(abs(decades(0.3, 0.5) / (0.7 * slope / log(10)) - 1) < 0.01)
    #expect(abs(decades(-0.3, -0.5) / (-0.3 * slope / log(10)) - 1) < 0.01)
  }

  @Test func bothDirectionsDifferByTheBoltzmannFactorOfTheOverpotential() {
    for eta in [-0.4, -0.01, 0, 0.03, 0.6] {
      let ratio = reaction.dissolution(eta) / reaction.deposition(eta)
      #expect(abs(ratio / exp(slope * eta) - 1) < 1e-12)
      let difference = reaction.dissolution(eta) - reaction.deposition(eta)
      #expect(
        abs(reaction.net(eta) - difference) < 1e-12 * reaction.dissolution(eta) + 1e-12 * reaction.deposition(eta))
    }
  }
}
