import Foundation
import Quantities
import Specimens
import Switching
import Testing

/// Endurance, levels, and stays at several temperatures.
@Suite struct CyclingTests {
  static let ramp = Metallization.ramp(1.2, reset: 0.1)

  @Test func withoutLossEnduranceIsCensoredAtTheEnd() throws {
    let outcome = try Bench.metal().outcome(of: [.endurance(Self.ramp, TestProtocol.Endurance(cycles: 60))], seed: 1)
    let endurance = outcome.trace.endurances[0]
    #expect(endurance.cycles == 60 && endurance.isCensored)
    #expect(endurance.windows.allSatisfy { $0.ratio >= 2 })
    #expect(endurance.windows.first?.cycle == 1 && endurance.windows.last?.cycle == 60)
  }

  @Test func withLossItEndsWhenTheReservoirIsGone() throws {
    func run(_ reservoir: Double) throws -> TestBench<MetallizationDevice>.Outcome {
      try Bench.metal {
        $0.lossPerCharge = 1e7
        $0.reservoir = reservoir
      }.outcome(of: [.endurance(Self.ramp, TestProtocol.Endurance(cycles: 3000))], seed: 1)
    }
    let (one, four) = (try run(4e4), try run(16e4))
    for outcome in [one, four] {
      let endurance = outcome.trace.endurances[0]
      #expect(!endurance.isCensored)
      #expect(try #require(endurance.windows.last).ratio < 2)
      #expect(endurance.windows.last?.cycle == endurance.cycles + 1)
    }
    #expect(one.state.lostAtoms > 0.9 * 4e4 && one.state.lostAtoms <= 4e4)
    let ratio = Double(four.trace.endurances[0].cycles) / Double(one.trace.endurances[0].cycles)
    #expect(abs(ratio / 4 - 1) < 0.1)
  }

  @Test func pulsesInPlaceOfRampsCycleToo() throws {
    let test = TestProtocol.Endurance(width: TimeSpan(si: 1), cycles: 30)
    let endurance = try Bench.metal(isStochastic: true).run(
      [.endurance(Metallization.ramp(0.9, reset: 0.1), test)], seed: 1
    ).endurances[0]
    #expect(endurance.isCensored && endurance.windows.allSatisfy { $0.ratio > 100 })
  }

  @Test func aDeviceThatNeverSetsSurvivesNoCycle() throws {
    let endurance = try Bench.metal { $0.ionDensity = 0 }.run(
      [.endurance(Self.ramp, TestProtocol.Endurance(cycles: 10))], seed: 1
    ).endurances[0]
    #expect(endurance.cycles == 0 && !endurance.isCensored && endurance.windows.count == 1)
  }

  @Test func theConductanceOfALevelGrowsWithTheCompliance() throws {
    let test = TestProtocol.Multilevel(
      compliances: [1e-6, 1e-5, 1e-4, 1e-3].map { Current(si: $0) }, repeats: 5)
    let levels = try Bench.metal(isStochastic: true).run([.multilevel(Self.ramp, test)], seed: 1).multilevels[0]
    #expect(levels.control == .compliance && levels.levels.allSatisfy { $0.resistances.count == 5 })
    let resistances = levels.levels.map(\.resistance)
    #expect(zip(resistances, resistances.dropFirst()).allSatisfy { $0 > $1 })
    #expect(levels.range == resistances[0] / resistances[3])
  }

  @Test func theHighResistanceGrowsWithTheStopVoltage() throws {
    let bench = Bench.metal {
      $0.length = 20e-9
      $0.neckLength = 0.6e-9
      $0.surfaceDiffusivity = 1e-17
      $0.exchangeDensity = 1e-2
      $0.nucleationEnergy = 0.4 * Metallization.q
    }
    let test = TestProtocol.Multilevel(stopVoltages: [-0.05, -0.1, -0.15, -0.2].map { .volts($0) })
    let ramp = Metallization.ramp(2, compliance: 1e-5, reset: 0.1)
    let levels = try bench.run([.multilevel(ramp, test)], seed: 1).multilevels[0]
    #expect(levels.control == .stopVoltage)
    let resistances = levels.levels.map(\.resistance)
    #expect(zip(resistances, resistances.dropFirst()).allSatisfy { $0 < $1 })
    #expect(levels.range > 10)
  }

  /// A list of temperatures is as many stays, the warmer the shorter.
  @Test func staysAtSeveralTemperaturesFollowOneAnother() throws {
    let rest = TestProtocol.Rest(
      duration: TimeSpan(si: 1e12), temperatures: [300, 330, 360].map { Temperature.kelvin($0) })
    let bench = try Bench.vacancies()
    let stays = try bench.run([.retention(Fixture.ramp(-5), rest)], seed: 3).retentions
    #expect(stays.map(\.temperature) == [300, 330, 360])
    let times = try stays.map { try #require($0.time) }
    #expect(times[0] > times[1] && times[1] > times[2])
    let one = TestProtocol.Rest(duration: rest.duration, temperature: .kelvin(300))
    #expect(try bench.run([.retention(Fixture.ramp(-5), one)], seed: 3).retentions[0] == stays[0])
  }

  /// The bench's random numbers are those of the cycle: what came before does not shift them.
  @Test func theSameSeedGivesTheSameTraceOfEveryProtocol() throws {
    let protocols: [TestProtocol] = [
      .pulses(Bench.train(0.6, width: 0.02)), .endurance(Self.ramp, TestProtocol.Endurance(cycles: 3)),
      .potentiation(Bench.potentiation(0.6, width: 0.02)), .pairedPulse(Bench.pairs(0.6, width: 0.02, [1e-3])),
      .impedance(.init(bias: .volts(0.1), lowest: Frequency(si: 1), highest: Frequency(si: 1e3))),
    ]
    let bench = Bench.analog(isStochastic: true)
    let first = try bench.run(protocols, seed: 9, device: 4)
    #expect(first == (try bench.run(protocols, seed: 9, device: 4)))
    #expect(first != (try bench.run(protocols, seed: 9, device: 5)))
  }
}
