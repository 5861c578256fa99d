import Foundation
import Materials
import Quantities
import Switching
import Testing

@Suite struct BulkConductionTests {
  static let permittivity = 25.5 * Constants.vacuumPermittivity

  static func traps(
    density: Double = 1e20, depth: Double = 0.45, crossSection: Double = 1e-20, release: Double = 1e-3,
    thickness: Double = 2e-6
  ) throws -> TrapFilling {
    let compound = try Fixture.library().material("(PEA)2PbI4")
    return TrapFilling(
      density: density, depth: depth * Constants.elementaryCharge, crossSection: crossSection, release: release,
      structure: compound.electronicStructure, thickness: thickness, temperature: 300)
  }

  static func ions(
    share: Double = 0.999, density: Double = 5e24, mobility: Double = 1e-10, thickness: Double = 1e-3
  ) -> IonScreening {
    IonScreening(
      share: share, ionDensity: density, mobility: mobility, thickness: thickness, permittivity: permittivity,
      temperature: 300)
  }

  static func bulk(traps: TrapFilling? = nil, ions: IonScreening? = nil, thickness: Double = 1e-3) -> BulkConduction {
    BulkConduction(
      permittivity: permittivity, mobility: 5e-3, area: 1e-8, thickness: thickness, traps: traps, ions: ions)
  }

  /// Voltage of the largest current on a ramp from rest, V; nil where it is largest at the end.
  static func peak(_ bulk: BulkConduction, rate: Double, to end: Double, steps: Int = 4000) -> Double? {
    var state = BulkConduction.State()
    var best = (current: 0.0, voltage: 0.0)
    for i in 1...steps {
      let voltage = end * Double(i) / Double(steps)
      bulk.relax(&state, voltage: voltage - 0.5 * end / Double(steps), during: end / Double(steps) / rate)
      let current = bulk.current(voltage: voltage, state: state)
      if current > best.current { best = (current, voltage) }
    }
    return best.voltage < end * (1 - 0.5 / Double(steps)) ? best.voltage : nil
  }

  // MARK: Traps

  @Test func theTrapFilledLimitIsThatOfLampertAndMark() throws {
    let traps = try Self.traps()
    let permittivity = 5 * Constants.vacuumPermittivity
    let exact = Constants.elementaryCharge * 1e20 * 2e-6 * 2e-6 / (2 * permittivity)
    #expect(abs(traps.limitVoltage / exact - 1) < 1e-12)
    // Far below it the free share is n₁/(n₁ + n_t), with the field's help; far above, one.
    let low = traps.freeShare(voltage: 1e-9 * exact, filled: 0)
    #expect(abs(low / (traps.exchangeDensity / (traps.exchangeDensity + 1e20)) - 1) < 0.01)
    #expect(traps.freeShare(voltage: 1e4 * exact, filled: 0) > 0.999)
    // It jumps there where the level is deep.
    let deep = try Self.traps(depth: 0.6)
    #expect(deep.freeShare(voltage: 1.05 * exact, filled: 0) > 10 * deep.freeShare(voltage: 0.95 * exact, filled: 0))
  }

  /// Far below the limit, J = (9/8) ε µ θ V²/L³ exp(0.891 β √(V/L)/kT).
  @Test func trappedCurrentFollowsTheFieldAsMurgatroydFound() throws {
    let traps = try Self.traps(density: 1e24)
    let optical = 3.5 * Constants.vacuumPermittivity
    let q = Constants.elementaryCharge
    let beta = (q * q * q / (Double.pi * optical)).squareRoot()
    for voltage in [0.5, 2, 8.0] {
      let expected = exp(0.891 * beta * (voltage / 2e-6).squareRoot() / (Constants.boltzmann * 300))
      let found = traps.freeShare(voltage: voltage, filled: 0) * 1e24 / traps.exchangeDensity
      #expect(abs(found / expected - 1) < 0.01)
    }
  }

  @Test func filledTrapsAndNoTrapsLeaveMottAndGurney() throws {
    let full = try Self.traps()
    let none = try Self.traps(density: 0)
    for voltage in [1e-3, 0.1, 3.0] {
      #expect(abs(full.freeShare(voltage: voltage, filled: 1) - 1) < 1e-12)
      #expect(none.freeShare(voltage: voltage, filled: 0) == 1)
    }
    let bulk = Self.bulk()
    let exact = 9.0 / 8 * Self.permittivity * 5e-3 * 1e-8 * 4 / 1e-9
    #expect(abs(bulk.current(voltage: 2, state: .init()) / exact - 1) < 1e-12)
  }

  @Test func trapsFillByTheirCaptureAndEmptyByTheirRelease() throws {
    let traps = try Self.traps()
    #expect(abs(traps.filled(after: 100, from: 0.6, voltage: 0) - 0.6 * exp(-0.1)) < 1e-12)
    // At rest between filling and release: c n (1 − q_t) = e q_t.
    var filled = 0.0
    for _ in 0..<20000 { filled = traps.filled(after: 10, from: filled, voltage: 0.05) }
    let free = traps.freeShare(voltage: 0.05, filled: filled) * traps.chargePerVolt * 0.05
    #expect(abs(traps.capture * free * (1 - filled) - traps.release * filled) < 1e-9 * traps.release)
    #expect(filled > 0 && filled < 1)
  }

  @Test func theCurrentGrowsWithTheVoltageForAnyFrozenState() throws {
    let bulk = Self.bulk(traps: try Self.traps(), ions: Self.ions())
    var state = BulkConduction.State()
    for filled in [0, 0.3, 0.999, 1] {
      for screening in [0, 0.5, 1] {
        state.filled = filled
        state.screening = screening
        var last = 0.0
        for i in 1...400 {
          let current = bulk.current(voltage: pow(10, -4 + 0.015 * Double(i)), state: state)
          #expect(current.isFinite && current > last)
          last = current
        }
      }
    }
  }

  /// Frozen traps and no ions: nothing remembers, at any rate.
  @Test(arguments: [1e-6, 1, 1e6])
  func withoutIonsAndWithFrozenTrapsThereIsNoHysteresis(rate: Double) throws {
    let bulk = Self.bulk(traps: try Self.traps(crossSection: 0, release: 0), ions: Self.ions(density: 0))
    var state = BulkConduction.State()
    for i in 0..<400 {
      bulk.relax(&state, voltage: 3 * sin(0.1 * Double(i)), during: 0.1 / rate)
      #expect(state == BulkConduction.State())
    }
  }

  // MARK: Screening

  @Test func theCurrentPeaksWhereAnIonHasJustCrossed() throws {
    for rate in [1.0, 100] {
      let ions = Self.ions()
      let expected = 1e-3 * (2 * rate / 1e-10).squareRoot()
      #expect(abs(ions.peakVoltage(rampRate: rate) / expected - 1) < 1e-12)
      let peak = try #require(Self.peak(Self.bulk(ions: ions), rate: rate, to: 3 * expected))
      #expect(abs(peak / expected - 1) < 0.02)
    }
  }

  /// V_p ~ √rate over three decades, slope 0.50 ± 0.02, and V_p ~ L.
  @Test func thePeakGrowsWithTheRootOfTheRateAndWithTheThickness() throws {
    let rates = [0.1, 1, 10, 100]
    let peaks = try rates.map { rate in
      try #require(Self.peak(Self.bulk(ions: Self.ions()), rate: rate, to: 3 * Self.ions().peakVoltage(rampRate: rate)))
    }
    for (a, b) in zip(peaks, peaks.dropFirst()) { #expect(abs(log10(b / a) - 0.5) < 0.02) }
    let thicknesses = [1e-3, 3e-3]
    let twice = try thicknesses.map { thickness in
      let ions = Self.ions(thickness: thickness)
      return try #require(
        Self.peak(Self.bulk(ions: ions, thickness: thickness), rate: 1, to: 3 * ions.peakVoltage(rampRate: 1)))
    }
    #expect(abs(twice[1] / twice[0] - 3) < 0.05)
  }

  @Test func withoutIonsOrWithBoundOnesThereIsNoPeak() {
    let reach = 3 * Self.ions().peakVoltage(rampRate: 1)
    #expect(Self.peak(Self.bulk(ions: Self.ions(density: 0)), rate: 1, to: reach) == nil)
    // Bound most of the time, an ion has not crossed when the ramp ends.
    #expect(Self.peak(Self.bulk(ions: Self.ions(mobility: 1e-12)), rate: 1, to: reach) == nil)
    // Too little screening bends the curve, but does not turn it.
    #expect(Self.peak(Self.bulk(ions: Self.ions(share: 0.8)), rate: 1, to: reach) == nil)
  }

  /// Physics M01: all ionic times and the ramp scaled together leave the curve.
  @Test func scalingIonsAndRampTogetherLeavesTheCurve() throws {
    let slow = try #require(Self.peak(Self.bulk(ions: Self.ions(mobility: 1e-10)), rate: 1, to: 400))
    let fast = try #require(Self.peak(Self.bulk(ions: Self.ions(mobility: 1e-8)), rate: 100, to: 400))
    #expect(abs(slow - fast) < 1e-9)
  }
}
