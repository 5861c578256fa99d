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
    return try #require(curve.kinkVoltage) / voltage
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

/// Ions without carriers: double layers of one mobile ion against a fixed background.
@Suite struct IonicScreeningTests {
  static let ions = 1e23
  static let thickness = 1e-6
  static let thermal = Constants.boltzmann * 300 / Constants.elementaryCharge
  /// λ = √(ε kT/(q² N)).
  static let debye =
    (SpaceChargeSample.dielectricConstant * thermal / (Constants.elementaryCharge * ions)).squareRoot()

  private static func simulator(nodes: Int = 400) throws -> SpaceChargeSimulator {
    var device = SpaceChargeSample.layer(thickness: thickness, contact: .ohmic(NumberDensity(si: 1e8)))
    device.ions = NumberDensity(si: ions)
    device.ionMobility = Mobility(si: 1e-10)
    return try SpaceChargeSimulator(device, nodes: nodes)
  }

  /// Field between the nodes around a place, V/m.
  private static func field(_ state: SpaceChargeState, at place: Double) -> Double {
    let x = state.positions
    let i = x.indices.dropLast().last { x[$0] <= place }!
    return -(state.potential[i + 1] - state.potential[i]) / (x[i + 1] - x[i])
  }

  @Test func aSmallVoltageDecaysOverTheDebyeLength() throws {
    let simulator = try Self.simulator()
    let voltage = 0.02 * Self.thermal
    let state = try simulator.steady(at: .volts(voltage), from: simulator.equilibrium())
    // V = (V/2)(1 ∓ exp(−x/λ)) next to either contact: all of it drops there.
    for (x, potential) in zip(state.positions, state.potential) where x < 4 * Self.debye {
      #expect(abs(potential - 0.5 * voltage * (1 - exp(-x / Self.debye))) < 5e-3 * voltage)
    }
  }

  /// The depleted side carries nearly all of a large voltage: q N w²/(2ε), so its field grows as √V.
  @Test func aLargeVoltageDepletesOneSide() throws {
    let simulator = try Self.simulator()
    var state = try simulator.equilibrium()
    for reduced in [40.0, 100, 200] {
      let voltage = reduced * Self.thermal
      state = try simulator.steady(at: .volts(voltage), from: state)
      let charge = abs(Self.field(state, at: Self.thickness * (1 - 1e-9))) * SpaceChargeSample.dielectricConstant
      // The heap of ions on the other side: E² = (2kT N/ε)(e^u − 1 − u), and what is left depletes: E² = (2kT N/ε)(w −
      // 1 + e^−w).
      let reduced2 = pow(charge / SpaceChargeSample.dielectricConstant * Self.debye / Self.thermal, 2) / 2
      var (heap, depleted) = (log(reduced2 + 1), reduced2 + 1)
      for _ in 0..<200 {
        heap = log(reduced2 + 1 + heap)
        depleted = reduced2 + 1 - exp(-depleted)
      }
      #expect(abs((heap + depleted) / reduced - 1) < 0.01)
      #expect(abs(state.ionCount / (Self.ions * Self.thickness) - 1) < 1e-10)
    }
  }

  /// The field inside fades as exp(−t/τ), τ = λ L/(2 D): Bazant, Thornton & Ajdari 2004, one mobile ion.
  @Test func theInsideIsScreenedWithTheTimeOfTheDoubleLayers() throws {
    let simulator = try Self.simulator(nodes: 200)
    let diffusivity = 1e-10 * Self.thermal
    let time = Self.debye * Self.thickness / (2 * diffusivity)
    let voltage = Voltage(si: 0.02 * Self.thermal)
    var state = try simulator.ramped(simulator.equilibrium(), to: voltage, over: TimeSpan(si: 1e-3 * time))
    var fields = [Self.field(state, at: 0.5 * Self.thickness)]
    for _ in 0..<2 {
      state = try simulator.ramped(state, to: voltage, over: TimeSpan(si: time), tolerance: 1e-6)
      fields.append(Self.field(state, at: 0.5 * Self.thickness))
    }
    // Corrections are of the order of λ/L.
    let bound = 3 * Self.debye / Self.thickness
    #expect(abs(log(fields[0] / fields[1]) - 1) < bound)
    #expect(abs(log(fields[1] / fields[2]) - 1) < bound)
  }

  /// With carriers and traps beside the ions, finer grids change little and ever less.
  @Test func screenedCurrentsConvergeWithTheGrid() throws {
    let currents = try [100, 200, 400, 800].map { nodes in
      var device = SpaceChargeSample.layer(thickness: 4e-7, contact: .ohmic(NumberDensity(si: 4e23)))
      device.ions = NumberDensity(si: 1e23)
      device.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: 4e22)), depth: 0.6)]
      let simulator = try SpaceChargeSimulator(device, nodes: nodes)
      let state = try simulator.steady(at: .volts(3), from: simulator.equilibrium())
      let spread = state.currentProfile.max()! - state.currentProfile.min()!
      #expect(spread < 1e-7 * state.currentDensity)
      return state.currentDensity
    }
    #expect(abs(currents[1] / currents[3] - 1) < 0.03)
    let ratio = (currents[1] - currents[2]) / (currents[2] - currents[3])
    #expect(ratio > 1.7)
  }
}
