import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct PulseTests {
  @Test func theEnergyOfATrainAddsUp() throws {
    let outcome = try Bench.analog().outcome(of: [.pulses(Bench.train(0.6, width: 0.02))], seed: 1)
    let train = outcome.trace.pulseTrains[0]
    #expect(abs(train.energies.reduce(0, +) / outcome.energy - 1) < 1e-12)
    #expect(train.conductances.count == 10 && train.energies.allSatisfy { $0 > 0 })
  }

  /// Constant power: E = I V w, whatever the pulse is cut into.
  @Test func aPulseOnADeviceWithoutIonsSpendsItsPower() throws {
    let bench = try Bench.vacancies(density: 0)
    let point = try bench.device.operate(-2, compliance: 1e-3, state: bench.device.pristine)
    let train = try bench.run([.pulses(Bench.train(-2, width: 0.3))], seed: 1).pulseTrains[0]
    for energy in train.energies { #expect(abs(energy / (point.current * point.voltage * 0.3) - 1) < 1e-12) }
  }

  /// physics check M08.
  @Test(arguments: [0, 1]) func withoutIonsPulsesChangeNothing(kind: Int) throws {
    let protocols: [TestProtocol] = [
      .pulses(Bench.train(-1, width: 0.1)), .potentiation(Bench.potentiation(-1, width: 0.1)),
      .pairedPulse(Bench.pairs(-1, width: 0.1, [1e-3, 1])), .spikeTiming(Bench.spikes(-1, tail: 0.5, [-2e-3, 2e-3])),
    ]
    let trace =
      kind == 0
      ? try Bench.vacancies(density: 0).run(protocols, seed: 2)
      : try Bench.metal(isStochastic: true) { $0.ionDensity = 0 }.run(protocols, seed: 2)
    let train = trace.pulseTrains[0]
    #expect(train.conductances.allSatisfy { $0 == train.startConductance } && train.setTime == nil)
    #expect(trace.pairedPulses[0].pairs.allSatisfy { $0.first > 0 && $0.facilitation == 0 })
    let synapse = trace.potentiations[0]
    #expect((synapse.potentiated + synapse.depressed).allSatisfy { $0 == synapse.startConductance })
    #expect(synapse.nonlinearity.up == nil && synapse.asymmetry == nil)
    #expect(trace.spikeTimings[0].points.allSatisfy { $0.change == 0 })
  }

  /// A wait with one rate k₀ e^{V/V₀}: exponential, and pauses do not count.
  @Test func theDelayOfSetIsExponentialInTimeUnderPulses() throws {
    let bench = try Bench.vacancies()
    let law = bench.device.landscape.pristine
    let voltage = law.mode(rampRate: 0.5)
    let rate = law.rate * exp(voltage / law.voltageScale)
    let train = Bench.train(-voltage, width: 1 / rate, interval: 3 / rate, count: 25)
    let times = try (0..<1500).compactMap {
      try bench.run([.pulses(train)], seed: 6, device: $0).pulseTrains[0].setTime
    }
    // One in e²⁵ is missed.
    #expect(times.count == 1500)
    #expect(try KolmogorovSmirnovTest(times) { -expm1(-rate * $0) }.pValue > 0.01)
  }

  @Test func aLargerVoltageShortensTheDelayByItsExponential() throws {
    let bench = try Bench.vacancies()
    let law = bench.device.landscape.pristine
    let voltage = law.mode(rampRate: 0.5)
    func delay(_ voltage: Double) throws -> Double {
      let width = 30 / (law.rate * exp(voltage / law.voltageScale))
      return try #require(
        try bench.run([.pulses(Bench.train(-voltage, width: width, count: 1))], seed: 6).pulseTrains[0].setTime)
    }
    // The same random number, so the same hazard.
    let ratio = try delay(voltage) / delay(voltage + 3 * law.voltageScale)
    #expect(abs(log(ratio) / 3 - 1) < 0.01)
  }

  @Test func aDeviceThatIsOnHasNothingToWaitFor() throws {
    let trace = try Bench.metal().run(
      [.forming(Metallization.ramp(1.5)), .pulses(Bench.train(0.2, width: 1e-3))], seed: 1)
    #expect(trace.pulseTrains[0].isIdle && trace.pulseTrains[0].setTime == nil)
  }

  @Test func filamentsForgetBetweenPulsesAndFacilitationFallsWithTheInterval() throws {
    let pairs = try Bench.analog().run(
      [.pairedPulse(Bench.pairs(0.6, width: 0.1, [1e-4, 1e-3, 1e-2, 0.1, 1, 100]))], seed: 1
    ).pairedPulses[0].pairs
    let indices = try pairs.map { try #require($0.facilitation) }
    #expect(indices[0] > 0.05)
    #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 > $1 || $0 == 0 && $1 == 0 })
    #expect(abs(indices.last!) < 1e-9)
    #expect(Set(pairs.map(\.first)).count == 1)
  }

  @Test func pairsAndSpikesLeaveTheDeviceAsItWas() throws {
    let bench = Bench.analog(isStochastic: true)
    let write = TestProtocol.pulses(Bench.train(0.6, width: 0.02, interval: 0))
    let before = try bench.outcome(of: [write], seed: 3)
    let after = try bench.outcome(
      of: [
        write, .pairedPulse(Bench.pairs(0.6, width: 0.02, [1e-3, 1e-2])),
        .spikeTiming(Bench.spikes(0.3, tail: 0.3, [-1e-3, 1e-3])),
      ], seed: 3)
    #expect(before.state == after.state)
  }

  @Test func pulsesUpRaiseTheConductanceAndPulsesDownLowerIt() throws {
    let synapse = try Bench.analog().run(
      [.potentiation(Bench.potentiation(0.6, width: 0.02, reverse: -0.02))], seed: 1
    ).potentiations[0]
    let up = [synapse.startConductance] + synapse.potentiated
    #expect(zip(up, up.dropFirst()).allSatisfy { $0 < $1 })
    let down = [synapse.potentiated.last!] + synapse.depressed
    #expect(zip(down, down.dropFirst()).allSatisfy { $0 > $1 })
  }

  /// Of G = 1 − e^{−i/A}, the distance from the chord is largest where the slopes are equal.
  @Test func nonlinearityIsThatOfTheClosedForm() throws {
    typealias Synapse = SwitchingTrace.Potentiation
    let line = (0...20).map { 1e-6 + 2e-8 * Double($0) }
    #expect(try #require(Synapse.nonlinearity(of: line)) < 1e-12)
    let (count, scale) = (400, 80.0)
    let curve = (0...count).map { 1 - exp(-Double($0) / scale) }
    let slope = curve.last! / Double(count)
    let at = scale * log(1 / (scale * slope))
    let expected = (1 - exp(-at / scale) - slope * at) / curve.last!
    #expect(abs(try #require(Synapse.nonlinearity(of: curve)) / expected - 1) < 1e-4)
    // One that goes back the way it came is symmetric.
    let mirror = Synapse(
      startConductance: curve[0], potentiated: Array(curve.dropFirst()), depressed: curve.dropLast().reversed())
    #expect(mirror.asymmetry == 0)
    let abrupt = Synapse(startConductance: 0, potentiated: [1, 1, 1, 1], depressed: [0, 0, 0, 0])
    #expect(abs(try #require(abrupt.asymmetry) - 0.6) < 1e-12)
  }

  /// physics check M02.
  @Test func aSymmetricDeviceMirrorsPulsesOfTheOtherSign() throws {
    let bench = Bench.analog(isStochastic: true) { $0.bothElectrodesActive = true }
    func trace(_ sign: Double) throws -> SwitchingTrace {
      try bench.run(
        [
          .pulses(Bench.train(0.6 * sign, width: 0.02)),
          .potentiation(Bench.potentiation(0.6 * sign, width: 0.02, reverse: -0.05 * sign)),
          .pairedPulse(Bench.pairs(0.6 * sign, width: 0.02, [1e-3])),
        ], seed: 4)
    }
    let (forth, back) = (try trace(1), try trace(-1))
    #expect(forth.pulseTrains[0].conductances == back.pulseTrains[0].conductances)
    #expect(forth.pulseTrains[0].energies == back.pulseTrains[0].energies)
    #expect(forth.potentiations == back.potentiations && forth.pairedPulses == back.pairedPulses)
    // To swap the spikes is to swap the electrodes, but for the rounding of their times.
    let delays = [3e-3, -3e-3, 2e-2]
    let one = try bench.run([.spikeTiming(Bench.spikes(0.6, tail: 0.3, width: 2e-3, delays))], seed: 4)
    let other = try bench.run([.spikeTiming(Bench.spikes(-0.6, tail: 0.3, width: 2e-3, delays.map { -$0 }))], seed: 4)
    for (a, b) in zip(one.spikeTimings[0].points, other.spikeTimings[0].points) {
      #expect(abs(a.change - b.change) <= 1e-6 * max(1, abs(a.change)))
    }
  }

  @Test func theSpikeBehindTheDevicePotentiatesIfItComesLastAndDepressesIfItComesFirst() throws {
    let bench = Bench.analog { $0.exchangeDensity = 0.1 }
    let delays = [-8e-3, -4e-3, -2e-3, 2e-3, 4e-3, 8e-3]
    func changes(_ protocols: [TestProtocol]) throws -> [Double] {
      try bench.run(protocols, seed: 1).spikeTimings[0].points.map(\.change)
    }
    // A blank device: spikes that add write, the more the closer they are.
    let blank = try changes([.spikeTiming(Bench.spikes(0.8, tail: 0.3, delays))])
    #expect(blank[3] > blank[4] && blank[4] > 1e3 && blank[4] > blank[5])
    #expect(blank[0...2].allSatisfy { abs($0) < 1e-6 })
    // A written one: the other order erases, again the more the closer.
    let write = TestProtocol.pulses(Bench.train(0.6, width: 0.2, interval: 0))
    let written = try changes([write, .spikeTiming(Bench.spikes(0.3, tail: 0.15, delays))])
    #expect(written[0] > written[1] && written[1] > written[2])
    for i in 0..<3 { #expect(written[i] < written[5 - i]) }
  }
}
