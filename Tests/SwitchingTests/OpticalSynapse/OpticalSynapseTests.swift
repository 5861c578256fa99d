import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct OpticalSynapseTests {
  static func synapse(thickness: Length = .millimeters(1.15)) throws -> OpticalSynapse {
    try OpticalSynapse(try Fixture.library().material("CsPbBr3"), thickness: thickness)
  }

  static func train(
    _ widths: [Double], bias: Double = -.pi / 4, power: Double = 0.03, interval: Double = 5
  ) -> LightTrain {
    LightTrain(
      pulses: widths.map {
        .init(width: TimeSpan(si: $0), interval: TimeSpan(si: interval), power: Power(si: power))
      },
      bias: Angle(si: bias))
  }

  @Test func withoutLightTheWeightIsConstant() throws {
    let response = try Self.synapse().run(Self.train([8, 7, 6], power: 0))
    #expect(response.points.allSatisfy { $0.transmission == response.baseline })
    #expect(response.peakWeights == nil && response.facilitation == nil && response.isExcitatory == nil)
  }

  @Test func lightBelowTheGapWritesNothing() throws {
    var train = Self.train([8, 8])
    train.wavelength = .nanometers(800)
    let response = try Self.synapse().run(train)
    #expect(response.points.allSatisfy { $0.transmission == response.baseline })
  }

  @Test func aReadBeamThatTheCrystalAbsorbsIsRefused() throws {
    var train = Self.train([8])
    train.readWavelength = .nanometers(405)
    #expect(throws: SwitchingError.self) { try Self.synapse().run(train) }
  }

  @Test func aCompoundWithoutSuchAPhaseIsNamed() throws {
    #expect(throws: SwitchingError.noPhotoPhase(of: "MAPbBr3")) {
      try OpticalSynapse(try Fixture.library().material("MAPbBr3"), thickness: .millimeters(1))
    }
  }

  /// The bias phase alone makes a synapse excite or inhibit; near the middle of the slope the answers mirror each other.
  @Test func theBiasPhaseChoosesBetweenExcitationAndInhibition() throws {
    let synapse = try Self.synapse()
    let up = try synapse.run(Self.train([8, 8]))
    let down = try synapse.run(Self.train([8, 8], bias: .pi / 4))
    #expect(up.isExcitatory == true && down.isExcitatory == false)
    for (a, b) in zip(up.peaks + up.troughs, down.peaks + down.troughs) { #expect(abs(a + b) < 1e-12) }
    // The second answer of an inhibitory synapse is the lower one.
    #expect(down.peaks[1] < down.peaks[0])
  }

  @Test func theRecordDoesNotDependOnHowFinelyItIsTaken() throws {
    var coarse = try Self.synapse()
    coarse.sampling = 0.5
    coarse.steps = 10
    var fine = try Self.synapse()
    fine.sampling = 0.05
    fine.steps = 10
    fine.cells = 128
    let a = try coarse.run(Self.train([8, 7, 6]))
    let b = try fine.run(Self.train([8, 7, 6]))
    for (x, y) in zip(a.peaks + a.troughs, b.peaks + b.troughs) { #expect(abs(x - y) < 1e-3 * b.peaks[2]) }
  }

  // MARK: The published synapse

  /// What of the rehearsal fixed the numbers of data/ comes out again: 72.9, 93.2, 10.3 and 28.1.
  @Test func theCalibratedWeightsComeBack() throws {
    let response = try Self.synapse().run(Self.train([8, 7, 6]))
    let peaks = try #require(response.peakWeights)
    let troughs = try #require(response.troughWeights)
    for (weight, reported) in [(peaks[0], 0.729), (peaks[1], 0.932), (troughs[0], 0.103), (troughs[1], 0.281)] {
      #expect(abs(weight - reported) < 0.003)
    }
  }

  /// No number was fixed on these.
  @Test func theThirdTroughAndTheFastPartAreForetold() throws {
    let response = try Self.synapse().run(Self.train([8, 7, 6]))
    let peaks = try #require(response.peakWeights)
    let troughs = try #require(response.troughWeights)
    #expect(abs(troughs[2] - 0.352) < 0.03)
    for (peak, trough) in zip(peaks, troughs) { #expect(abs(peak - trough - 0.64) < 0.02) }
  }

  /// The rehearsal and the paired pulse of the publication contradict each other: a second pulse of 8 s facilitates more
  /// than one of 7 s, which the rehearsal puts at 93.2/72.9 − 1 = 28 %; 13.6 % is reported. The model keeps the miss.
  @Test func aPairOfLikePulsesFacilitatesMoreThanTheRehearsal() throws {
    let synapse = try Self.synapse()
    let pair = try #require(try synapse.run(Self.train([8, 8])).facilitation)
    let rehearsal = try #require(try synapse.run(Self.train([8, 7])).facilitation)
    #expect(pair > rehearsal)
    #expect(pair > 0.136 + 0.1)
  }

  /// The linear variant (k₁ = 0), its k₀ set so that the pair gives the reported 13.6 %, cannot reach the rehearsal.
  @Test func withoutCooperationTheRehearsalIsMissed() throws {
    var synapse = try Self.synapse()
    synapse.kinetics.growth = 0
    // Far from saturation, so that shares add.
    synapse.kinetics.saturation = 0.1
    func pair(_ nucleation: Double) throws -> Double {
      synapse.kinetics.nucleation = nucleation
      return try #require(try synapse.run(Self.train([8, 8])).facilitation)
    }
    let fitted = try Roots.brent(1e-12, 1e-6, tolerance: 1e-15) { try pair($0) - 0.136 }
    #expect(abs(try pair(fitted) - 0.136) < 1e-6)
    let seven = try #require(try synapse.run(Self.train([8, 7])).facilitation)
    #expect(seven < 0.136)
    #expect(seven < 0.932 / 0.729 - 1 - 0.1)
  }

  /// Light that acts alike on whatever is there: a shorter second pulse cannot facilitate more.
  @Test(arguments: [(8.0, 5.0), (8, 1), (2, 5), (20, 10)])
  func inTheLinearModelAShorterSecondPulseFacilitatesLess(width: Double, interval: Double) throws {
    var synapse = try Self.synapse()
    synapse.kinetics.growth = 0
    var last = -Double.infinity
    for part in [0.25, 0.5, 0.75, 1.0] {
      let response = try synapse.run(Self.train([width, part * width], interval: interval))
      let facilitation = try #require(response.facilitation)
      #expect(facilitation > last)
      last = facilitation
    }
  }
}
