import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

@Suite struct ResolvedVacancyDeviceTests {
  static let small = ResolvedVacancyDevice.Resolution(lateral: SIMD2(8, 8), planes: 24)

  static func device(
    density: Double = 6e22, thickness: Length = .micrometers(20), temperature: Double = 300,
    resolution: ResolvedVacancyDevice.Resolution = small, countercharge: ResolvedVacancyDevice.Countercharge = .mobile,
    seriesResistance: Double = 50
  ) throws -> ResolvedVacancyDevice {
    let library = try Fixture.library()
    var fields = Fixture.fields(
      of: try library.material("MAPbBr3"), density: density, width: resolution.lateral.x, temperature: temperature)
    fields.thickness = thickness
    // A wave of disorder over the window, so that places differ.
    let grid = fields.vacancyDensity.grid
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          fields.vacancyDensity[i, j, k] *= 1 + 0.3 * sin(2 * Double.pi * Double(i + 2 * j) / Double(grid.nx))
        }
      }
    }
    var stack = Fixture.stack
    stack.seriesResistance = Resistance(si: seriesResistance)
    return try ResolvedVacancyDevice(
      stack, of: library, in: fields, resolution: resolution, countercharge: countercharge)
  }

  static func run(
    _ device: ResolvedVacancyDevice, _ protocols: [TestProtocol], seed: UInt64, curves: Set<Int> = []
  ) throws -> SwitchingTrace {
    var bench = TestBench(device.prepared(for: protocols))
    bench.voltageStep = 0.025
    bench.keptCycles = curves
    return try bench.run(protocols, seed: seed)
  }

  @Test func vacanciesSetTheDeviceWhenTheTopIsNegativeAndResetItWhenPositive() throws {
    let trace = try Self.run(
      Self.device(), [.forming(Fixture.ramp(-3)), .sweep(Fixture.ramp(-3), cycles: 4)], seed: 3)
    let forming = try #require(trace.forming)
    #expect(try #require(forming.voltage) < 0)
    #expect(forming.formedResistance < forming.pristineResistance / 10)
    #expect(trace.cycles.compactMap(\.setVoltage).allSatisfy { $0 < 0 })
    #expect(trace.cycles.allSatisfy { $0.vacanciesOn > $0.vacanciesOff })
    #expect(trace.cycles.filter { $0.highResistance > 2 * $0.lowResistance }.count >= 3)
  }

  @Test(arguments: [1e-2, 0.5, 1e4])
  func withoutMobileIonsThereIsNoHysteresisAtAnyRate(rate: Double) throws {
    let trace = try Self.run(
      Self.device(density: 0), [.sweep(Fixture.ramp(-3, rate: rate), cycles: 1)], seed: 1, curves: [1])
    let curve = try #require(trace.curves[1])
    let half = curve.count / 2
    for range in [0..<half, half..<curve.count] {
      let points = Array(curve[range])
      for (up, down) in zip(points, points.reversed()) {
        #expect(abs(up.voltage - down.voltage) < 1e-12)
        #expect(abs(up.current - down.current) <= 1e-9 * abs(up.current))
      }
    }
    #expect(trace.cycles.allSatisfy { $0.setVoltage == nil && $0.resetVoltage == nil && $0.vacanciesOn == 0 })
  }

  @Test func theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws {
    let device = try Self.device()
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-3)), .sweep(Fixture.ramp(-3), cycles: 1)]
    let first = try Self.run(device, protocols, seed: 9, curves: [0, 1])
    #expect(first == (try Self.run(device, protocols, seed: 9, curves: [0, 1])))
    #expect(first != (try Self.run(device, protocols, seed: 10, curves: [0, 1])))
  }

  @Test(arguments: [250.0, 400.0])
  func coldAndHotDevicesGiveFiniteAnswers(temperature: Double) throws {
    let trace = try Self.run(
      Self.device(temperature: temperature), [.sweep(Fixture.ramp(-2.5), cycles: 1)], seed: 2, curves: [1])
    #expect(try #require(trace.curves[1]).allSatisfy { $0.current.isFinite })
    #expect(trace.cycles.allSatisfy { $0.lowResistance.isFinite && $0.highResistance > 0 })
  }

  @Test func aComplianceOfZeroGivesNoCurrentAndNoSwitching() throws {
    var ramp = Fixture.ramp(-3)
    ramp.compliance = Current(si: 0)
    let trace = try Self.run(Self.device(), [.forming(ramp)], seed: 2, curves: [0])
    #expect(trace.forming?.voltage == nil)
    #expect(try #require(trace.curves[0]).allSatisfy { $0.current == 0 })
  }

  @Test func theWindowOfAnEvenCrystalAgreesWithItsColumn() throws {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"), density: 6e22, width: 8)
    let device = try ResolvedVacancyDevice(Fixture.stack, of: library, in: fields, resolution: Self.small)
    var state = device.pristine
    var random = RandomSource(seed: 1, stream: .switching)
    for step in 0..<40 {
      let voltage = -0.05 * Double(step)
      _ = try device.advance(
        &state, from: voltage, to: voltage - 0.05, during: 0.1, compliance: 1, random: &random)
      let contact = device.surface(of: state)
      for drop in contact.drops { #expect(abs(drop - contact.columnDrop) < 1e-4 * device.thermalVoltage) }
    }
  }

  @Test func aFixedCounterchargeLeavesLessToTheContactLayer() throws {
    // Its depletion layer takes the voltage: Q ≈ √(2 ε q c V).
    let drops = try [ResolvedVacancyDevice.Countercharge.mobile, .fixed].map { countercharge in
      let device = try Self.device(countercharge: countercharge)
      var state = device.pristine
      var random = RandomSource(seed: 1, stream: .switching)
      for step in 0..<40 {
        let voltage = -0.05 * Double(step)
        _ = try device.advance(
          &state, from: voltage, to: voltage - 0.05, during: 1, compliance: 1, random: &random)
      }
      return device.surface(of: state).columnDrop
    }
    #expect(drops[0] > 0.5 && drops[0] < 1)
    #expect(drops[1] > 0 && drops[1] < drops[0] / 4)
  }

  @Test func setVoltagesDoNotDependOnTheVoltageStep() throws {
    let device = try Self.device()
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-3))]
    var medians: [Double] = []
    for step in [0.02, 0.01] {
      var bench = TestBench(device.prepared(for: protocols))
      bench.voltageStep = step
      // Common random numbers: the median of their differences has no sampling error to speak of.
      medians.append(try #require(try bench.run(protocols, seed: 5).forming?.voltage))
    }
    #expect(abs(medians[0] / medians[1] - 1) < 0.01)
  }

  @Test func moreVacanciesFormAtALowerVoltage() throws {
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-4))]
    let voltages = try [2e22, 6e22, 2e23].map { density in
      try abs(#require(try Self.run(Self.device(density: density), protocols, seed: 5).forming?.voltage))
    }
    #expect(voltages[0] > voltages[1] && voltages[1] > voltages[2])
  }

  @Test func crossingsChooseTheSolver() throws {
    let thin = try Self.device(density: 1e24, thickness: .nanometers(200)).prepared(for: [.forming(Fixture.ramp(-2))])
    #expect(thin.ionSolver == .quasiEquilibrium && thin.crossings! > 1e3)
    let thick = try Self.device().prepared(for: [.forming(Fixture.ramp(-2))])
    #expect(thick.ionSolver == .finiteVolume)
    let fast = try Self.run(Self.device(), [.forming(Fixture.ramp(-2, rate: 1e3))], seed: 1)
    #expect(fast.warnings.contains { $0.code == "ionsNotCounted" })
  }

  @Test func slowRampsAgreeWithEquilibrium() throws {
    // Θ far above 10³ by either solver.
    let device = try Self.device(density: 1e24, thickness: .nanometers(200))
    let protocols: [TestProtocol] = [.forming(Fixture.ramp(-1, rate: 0.01))]
    let equilibrium = try Self.run(device, protocols, seed: 4, curves: [0])
    var bench = TestBench(device)
    bench.voltageStep = 0.025
    bench.keptCycles = [0]
    let inTime = try bench.run(protocols, seed: 4)
    let pairs = zip(try #require(equilibrium.curves[0]), try #require(inTime.curves[0])).dropFirst().dropLast()
    for (a, b) in pairs { #expect(abs(a.current / b.current - 1) < 0.01) }
  }

  @Test func metalIsNotResolvedAndSaysSo() throws {
    var stack = Fixture.stack
    stack.mechanism = .metal
    stack.level = .resolved
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"))
    #expect(throws: SwitchingError.self) { try TestedDevice(stack, of: library, in: fields) }
  }

  @Test func strongerPulsesSetSoonerAndPulsesTooShortForTheIonsNotAtAll() throws {
    func delay(_ amplitude: Double, width: Double) throws -> Double? {
      let device = try Self.device()
      var state = device.pristine
      var random = RandomSource(seed: 6, stream: .switching)
      device.begin(&state, random: &random)
      return try device.advance(
        &state, from: amplitude, to: amplitude, during: width, compliance: 1e-3, random: &random
      ).delay
    }
    let delays = try [-2.2, -2.6, -3.0].map { try #require(try delay($0, width: 100)) }
    #expect(delays[0] > delays[1] && delays[1] > delays[2])
    #expect(try delay(-3, width: 1e-6) == nil)
  }

  @Test func aRestLosesAnOpenClusterAndKeepsAClosedOne() throws {
    let device = try Self.device()
    var state = device.pristine
    var random = RandomSource(seed: 6, stream: .switching)
    device.begin(&state, random: &random)
    _ = try device.advance(&state, from: -3, to: -3, during: 100, compliance: 1e-3, random: &random)
    let closed = device.count(state)
    #expect(closed > 0)
    device.settle(&state)
    var kept = state
    _ = try device.rest(&kept, for: 1e4, at: 300, random: &random) { _ in false }
    #expect(2 * device.count(kept) > closed)
    // A voltage the other way opens it.
    _ = try device.advance(&state, from: 1, to: 1, during: 0.5, compliance: 1e-3, random: &random)
    device.settle(&state)
    _ = try device.rest(&state, for: 1e6, at: 300, random: &random) { _ in false }
    #expect(device.count(state) == 0)
  }
}
