import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// A filament atom by atom against its laws and against the compact cell's.
@Suite struct ResolvedMetallizationTests {
  /// 20 nm of crystal; what limits growth is charge transfer unless changed.
  static func compact(
    activeIsTop: Bool = true, _ adjust: (inout MetallizationParameters) -> Void = { _ in }
  ) -> MetallizationDevice {
    MetallizationDevice(
      Metallization.cell {
        $0.length = 20e-9
        $0.seriesResistance = 50
        adjust(&$0)
      }, activeIsTop: activeIsTop)
  }

  static func bench(
    activeIsTop: Bool = true, edge: Double? = nil, _ adjust: (inout MetallizationParameters) -> Void = { _ in }
  ) throws -> TestBench<ResolvedMetallizationDevice> {
    TestBench(try ResolvedMetallizationDevice(compact(activeIsTop: activeIsTop, adjust), atomEdge: edge))
  }

  static func formingVoltages(_ bench: TestBench<some SwitchingDevice>, _ count: Int, to top: Double = 2) throws
    -> [Double]
  {
    try (0..<count).compactMap {
      try bench.run([.forming(Metallization.ramp(top))], seed: 11, device: $0).forming?.voltage
    }
  }

  /// Where charge transfer limits, the field's shape hardly matters.
  private static func transferLimited(_ p: inout MetallizationParameters) {
    p.exchangeDensity = 0.1
    p.hopBarrier = 0.15 * Metallization.q
  }

  @Test func bothLevelsFormAlikeWhereTransferLimits() throws {
    let resolved = try Self.formingVoltages(try Self.bench(Self.transferLimited), 12, to: 1.3)
    let compact = try Self.formingVoltages(TestBench(Self.compact(Self.transferLimited)), 60, to: 1.3)
    #expect(resolved.count == 12 && compact.count == 60)
    let ratio = Metallization.median(resolved) / Metallization.median(compact)
    #expect(abs(ratio - 1) < 0.1, "\(ratio): \(resolved), \(Metallization.median(compact))")
  }

  /// Check M04, with the nuclei's draws in common.
  @Test func theLatticeHardlyMattersForForming() throws {
    let coarse = try Self.formingVoltages(try Self.bench(edge: 0.7e-9, Self.transferLimited), 8, to: 1.3)
    let fine = try Self.formingVoltages(try Self.bench(edge: 0.5e-9, Self.transferLimited), 8, to: 1.3)
    #expect(coarse.count == 8 && fine.count == 8)
    #expect(abs(Metallization.median(fine) / Metallization.median(coarse) - 1) < 0.03)
  }

  @Test func aCycleSetsAndResetsWithTheSignsOfTheCompactLevel() throws {
    for activeIsTop in [true, false] {
      let sign: Double = activeIsTop ? 1 : -1
      let trace = try Self.bench(activeIsTop: activeIsTop).run(
        [.forming(Metallization.ramp(1.5 * sign)), .sweep(Metallization.ramp(1.2 * sign, reset: 0.1), cycles: 2)],
        seed: 3)
      #expect(sign * (try #require(trace.forming?.voltage)) > 0)
      let resets = trace.cycles.compactMap(\.resetVoltage)
      #expect(!resets.isEmpty && resets.allSatisfy { sign * $0 < 0 })
      #expect(trace.cycles.allSatisfy { $0.highResistance > 100 * $0.lowResistance })
    }
  }

  @Test func theMirroredDeviceGivesTheMirroredCurve() throws {
    func curve(_ top: Bool) throws -> [SwitchingTrace.Point] {
      var bench = try Self.bench(activeIsTop: top)
      bench.keptCycles = [1]
      return try #require(
        try bench.run([.sweep(Metallization.ramp(top ? 1.2 : -1.2, reset: 0.1), cycles: 1)], seed: 8).curves[1])
    }
    for (a, b) in zip(try curve(true), try curve(false)) { #expect(a.voltage == -b.voltage && a.current == -b.current) }
  }

  @Test func theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws {
    let bench = try Self.bench()
    let forming: [TestProtocol] = [.forming(Metallization.ramp(1.5))]
    let first = try bench.outcome(of: forming, seed: 9, device: 4)
    #expect(first == (try bench.outcome(of: forming, seed: 9, device: 4)))
    #expect(first != (try bench.outcome(of: forming, seed: 9, device: 5)))
  }

  /// Check M08: the sweep leaves no trace.
  @Test func withoutMobileIonsThereIsNoFilamentAndNoHysteresis() throws {
    var bench = try Self.bench { $0.ionDensity = 0 }
    bench.keptCycles = [1]
    let trace = try bench.run([.sweep(Metallization.ramp(3), cycles: 1)], seed: 5)
    #expect(trace.cycles[0].setVoltage == nil && trace.cycles[0].loopShare == 0)
  }

  @Test func theThresholdDeviceForgetsWithoutAVoltage() throws {
    let trace = try Self.bench {
      $0.surfaceDiffusivity = 1e-14
      $0.bothElectrodesActive = true
    }.run([.sweep(Metallization.ramp(1.5, compliance: 1e-6), cycles: 1)], seed: 5)
    let cycle = trace.cycles[0]
    #expect(cycle.setVoltage != nil && cycle.isVolatile)
    #expect((try #require(cycle.reverseSetVoltage)) < 0)
  }

  @Test func aWayTooLongToResolveIsRefused() {
    #expect(throws: SwitchingError.self) { try ResolvedMetallizationDevice(Self.compact { $0.length = 3e-6 }) }
  }
}
