import Foundation
import NumericalMethods
import Quantities
import Switching
import Testing

@Suite struct IonHopTests {
  let hop = IonHop(attemptFrequency: 2e12, distance: 4.2e-10, neighbors: 6, charge: 1, temperature: 300)
  let barrier = 0.3 * Constants.elementaryCharge

  /// Kinetic Monte Carlo of one ion on a simple cubic lattice with the field along x.
  func walk(field: Double, hops: Int, seed: UInt64) -> (square: Double, displacement: Double, time: Double) {
    var random = RandomSource(seed: seed, stream: .switching)
    let step = hop.distance * field
    let forward = hop.rate(barrier: barrier, potentialDifference: -step)
    let backward = hop.rate(barrier: barrier, potentialDifference: step)
    let side = hop.rate(barrier: barrier)
    let total = forward + backward + 4 * side
    var time = 0.0
    var square = 0.0
    var displacement = 0.0
    var place = SIMD3<Double>.zero
    let length = 100
    for index in 1...hops {
      time += random.exponential() / total
      let mark = random.uniform() * total
      if mark < forward {
        place.x += 1
      } else if mark < forward + backward {
        place.x -= 1
      } else {
        switch Int((mark - forward - backward) / side) {
        case 0: place.y += 1
        case 1: place.y -= 1
        case 2: place.z += 1
        default: place.z -= 1
        }
      }
      if index % length == 0 {
        square += (place * place).sum()
        displacement += place.x
        place = .zero
      }
    }
    return (square * hop.distance * hop.distance, displacement * hop.distance, time)
  }

  @Test func aWalkingIonDiffusesWithTheClosedForm() {
    // Walks of 100 hops: the relative error of <r²> is 0.8 over the root of their number, 0.25 % here.
    let (square, _, time) = walk(field: 0, hops: 10_000_000, seed: 1)
    let expected = hop.diffusivity(barrier: barrier)
    #expect(abs(square / (6 * time) / expected - 1) < 0.01)
  }

  @Test func aDriftingIonMovesWithTheClosedForm() {
    let field = 1e8
    let (_, displacement, time) = walk(field: field, hops: 4_000_000, seed: 2)
    #expect(abs(displacement / time / hop.driftVelocity(barrier: barrier, field: field) - 1) < 0.01)
  }

  @Test func ratesObeyDetailedBalance() {
    let u = 0.07 * Constants.elementaryCharge
    let there = hop.rate(barrier: barrier, energyDifference: u, potentialDifference: 0.02)
    let back = hop.rate(barrier: barrier, energyDifference: -u, potentialDifference: -0.02)
    let kT = Constants.boltzmann * 300
    #expect(abs(there / back / exp(-(u + 0.02 * Constants.elementaryCharge) / kT) - 1) < 1e-12)
  }

  @Test func driftAndDiffusionObeyEinsteinsRelationInWeakFields() {
    let field = 1e3
    let chain = 2 * hop.distance * hop.distance * hop.rate(barrier: barrier) / 2
    let mobility = hop.driftVelocity(barrier: barrier, field: field) / field
    #expect(abs(mobility / (Constants.elementaryCharge * chain / (Constants.boltzmann * 300)) - 1) < 1e-6)
  }

  @Test func aHopAcrossLayersIsTheirSpacingAndOneAlongThemIsNot() throws {
    let library = try Fixture.library()
    let layered = try library.material("(PEA)2PbI4")
    let spacing = try #require(layered.exfoliability).layerSpacing.si
    #expect(abs(layered.hopDistance(stackingAlignment: 1) / spacing - 1) < 1e-12)
    #expect(layered.hopDistance(stackingAlignment: 0) == layered.halideHopDistance)
    let cubic = try library.material("MAPbBr3")
    #expect(cubic.hopDistance(stackingAlignment: 1) == cubic.halideHopDistance)

    // The longer the hop, the less voltage multiplies its rate by e.
    var fields = Fixture.fields(of: layered)
    let scales = [1.0, 0].map { share in
      fields.stackingAlignment = Ratio(si: share)
      return NucleationLandscape(
        fields: fields, compound: layered, contact: layered.contactSwitching!, area: Fixture.stack.area
      ).voltageScale
    }
    #expect(abs(scales[1] / scales[0] * layered.halideHopDistance / spacing - 1) < 1e-12)
  }
}
