import Defects
import Foundation
import Quantities
import Testing

/// Ions and traps in time.
@Suite struct SpaceChargeTransientTests {
  /// 400 nm with slow ions and traps that catch in microseconds.
  static func device(ions: Double, traps: Double = 1e22, crossSection: Double = 1e-19) -> SpaceChargeDevice {
    var device = SpaceChargeSample.layer(thickness: 4e-7, contact: .ohmic(NumberDensity(si: 1e22)))
    device.ions = NumberDensity(si: ions)
    device.ionMobility = Mobility(si: 1e-10)
    if traps > 0 {
      var trap = SpaceChargeSample.trap(.bulk(NumberDensity(si: traps)), depth: 0.5)
      trap.electronCrossSection = Area(si: crossSection)
      device.traps = [trap]
    }
    return device
  }

  /// Largest difference of the current between two places, over the current.
  private static func unevenness(_ state: SpaceChargeState) -> Double {
    (state.currentProfile.max()! - state.currentProfile.min()!) / abs(state.currentDensity)
  }

  @Test(arguments: [1e-9, 1e-6, 1e-3, 1]) func ionsAreKeptAndTheCurrentIsTheSameEverywhere(duration: Double) throws {
    let simulator = try SpaceChargeSimulator(Self.device(ions: 1e23))
    let rest = try simulator.equilibrium()
    let state = try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: duration))
    #expect(abs(state.ionCount / (1e23 * 4e-7) - 1) < 1e-10)
    #expect(Self.unevenness(state) < 1e-8)
    #expect(state.time.si == duration)
  }

  @Test func aFastRampFindsTheIonsInPlaceAndASlowOneAtRest() throws {
    let simulator = try SpaceChargeSimulator(Self.device(ions: 1e23))
    let rest = try simulator.equilibrium()
    let frozen = try simulator.steady(at: .volts(1), from: rest, ions: .frozen).currentDensity
    let settled = try simulator.steady(at: .volts(1), from: rest).currentDensity
    #expect(abs(frozen / settled - 1) > 0.5)
    let fast = try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: 1e-6)).currentDensity
    let slow = try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: 100)).currentDensity
    #expect(abs(fast / frozen - 1) < 0.01)
    #expect(abs(slow / settled - 1) < 1e-3)
  }

  /// A pulse shorter than capture sees no traps; held, it comes to the steady state.
  @Test func trapsFillDuringAPulse() throws {
    let device = Self.device(ions: 0, traps: 4e22, crossSection: 1e-24)
    let simulator = try SpaceChargeSimulator(device)
    let rest = try simulator.equilibrium()
    let open = try SpaceChargeSimulator(Self.device(ions: 0, traps: 0))
    let pulse = try simulator.ramped(rest, to: .volts(1.2), over: TimeSpan(si: 1e-9))
    let steady = try simulator.steady(at: .volts(1.2), from: rest).currentDensity
    let free = try open.steady(at: .volts(1.2), from: open.equilibrium()).currentDensity
    #expect(pulse.currentDensity > 3 * steady)
    #expect(pulse.currentDensity < free)
    var held = pulse
    var last = pulse.currentDensity
    for _ in 0..<8 {
      held = try simulator.ramped(held, to: .volts(1.2), over: TimeSpan(si: 3e-5))
      #expect(held.currentDensity < last * (1 + 1e-6))
      last = held.currentDensity
    }
    held = try simulator.ramped(held, to: .volts(1.2), over: TimeSpan(si: 1e3))
    #expect(abs(held.currentDensity / steady - 1) < 1e-4)
  }

  /// Both carriers, capture and emission in time: held long enough, the device comes to its steady state.
  @Test func bothCarriersSettle() throws {
    var device = SpaceChargeSample.layer(contact: .barrier(.electronvolts(0.3)), carriers: .both, gap: 1)
    device.top = .barrier(.electronvolts(0.7))
    device.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 0.45, gap: 1)]
    let simulator = try SpaceChargeSimulator(device)
    let rest = try simulator.equilibrium()
    let steady = try simulator.steady(at: .volts(0.6), from: rest)
    var state = try simulator.ramped(rest, to: .volts(0.6), over: TimeSpan(si: 1e-9))
    #expect(Self.unevenness(state) < 1e-8)
    #expect(abs(state.currentDensity / steady.currentDensity - 1) > 0.01)
    state = try simulator.ramped(state, to: .volts(0.6), over: TimeSpan(si: 1))
    #expect(Self.unevenness(state) < 1e-8)
    #expect(abs(state.currentDensity / steady.currentDensity - 1) < 1e-4)
  }

  /// TR-BDF2: halving the step divides the error by four.
  @Test func theTimeStepConvergesAtSecondOrder() throws {
    let simulator = try SpaceChargeSimulator(Self.device(ions: 1e23))
    let rest = try simulator.equilibrium()
    let currents = try [20, 40, 80, 160].map {
      try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: 1e-6), steps: $0).currentDensity
    }
    for i in 0..<2 {
      let order = log2((currents[i] - currents[i + 1]) / (currents[i + 1] - currents[i + 2]))
      #expect(abs(order - 2) < 0.15)
    }
  }

  @Test func aTighterToleranceBringsASmallerError() throws {
    let simulator = try SpaceChargeSimulator(Self.device(ions: 1e23))
    let rest = try simulator.equilibrium()
    func current(_ tolerance: Double) throws -> Double {
      try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: 0.01), tolerance: tolerance).currentDensity
    }
    let exact = try current(1e-7)
    let errors = try [1e-3, 1e-4, 1e-5].map { abs(try current($0) / exact - 1) }
    #expect(errors[0] < 1e-2)
    #expect(errors[2] < errors[0])
    #expect(errors[2] < 1e-4)
  }

  @Test func aSweepOfFiniteRateLiesBetweenItsLimits() throws {
    let simulator = try SpaceChargeSimulator(Self.device(ions: 1e23), nodes: 120)
    func curve(_ rate: Double) throws -> SpaceChargeCurve {
      try SpaceChargeCurve(
        of: simulator, from: .volts(0.05), to: .volts(2), points: 8, rate: VoltageRate(si: rate))
    }
    let sweep = [0.05, 2].map { Voltage(si: $0) }
    let rest = try simulator.equilibrium()
    let frozen = try simulator.steady(at: sweep, from: rest, ions: .frozen)[1].currentDensity
    let settled = try simulator.steady(at: sweep, from: rest)[1].currentDensity
    let (fast, slow) = (try curve(1e6).currents[7], try curve(1e-3).currents[7])
    #expect(abs(fast / frozen - 1) < 0.02)
    #expect(abs(slow / settled - 1) < 0.01)
  }
}

/// Sheets of traps.
@Suite struct TrapSheetTests {
  private static func kink(at share: Double, voltage: Double) throws -> Double {
    let thickness = 1e-6
    // q N (L − x)/ε of a sheet that is full: its field lines end on the far contact.
    let sheet =
      voltage * SpaceChargeSample.dielectricConstant
      / (Constants.elementaryCharge * thickness * (1 - share))
    var device = SpaceChargeSample.layer(
      thickness: thickness, contact: .ohmic(NumberDensity(si: 1e3 * sheet / thickness)))
    device.traps = [
      SpaceChargeSample.trap(.sheet(ArealDensity(si: sheet), at: Length(si: share * thickness)), depth: 0.55)
    ]
    let curve = try SpaceChargeCurve(
      of: SpaceChargeSimulator(device), from: .volts(0.01 * voltage), to: .volts(10 * voltage))
    return curve.kinkVoltage / voltage
  }

  @Test(arguments: [0.3, 0.5, 0.8]) func aSheetFillsAtTheVoltageOfItsFieldLines(share: Double) throws {
    let thermal = Constants.boltzmann * 300 / Constants.elementaryCharge
    let ratio = try Self.kink(at: share, voltage: 1e4 * thermal)
    #expect(abs(ratio - 1) < 0.1)
  }

  /// Next to an ohmic contact the electrode mirrors the charge, and the current does not notice.
  @Test func aSheetAtAnOhmicContactDoesNotShow() throws {
    var device = SpaceChargeSample.layer(thickness: 1e-5, contact: .ohmic(NumberDensity(si: 1e23)))
    let bare = try SpaceChargeSimulator(device)
    for place in [1e-9, 1e-5 - 1e-9] {
      device.traps.append(
        SpaceChargeSample.trap(.sheet(ArealDensity(si: 1e12), at: Length(si: place)), depth: 1))
    }
    let covered = try SpaceChargeSimulator(device)
    let a = try bare.steady(at: .volts(2), from: bare.equilibrium()).currentDensity
    let b = try covered.steady(at: .volts(2), from: covered.equilibrium()).currentDensity
    #expect(abs(a / b - 1) < 0.01)
  }
}
