import Defects
import Foundation
import Quantities
import Testing

/// Layers between contacts rich in carriers, for the laws of space charge.
enum SpaceChargeSample {
  static let mobility = 5e-3
  static let dielectricConstant = 25 * Constants.vacuumPermittivity

  /// Electrons alone, gap 2.3 eV, free-electron masses.
  static func layer(
    thickness: Double = 1e-6, contact: SpaceChargeContact, temperature: Double = 300,
    carriers: SpaceChargeDevice.Carriers = .electrons, gap: Double = 2.3, mobility: Double = mobility
  ) -> SpaceChargeDevice {
    SpaceChargeDevice(
      thickness: Length(si: thickness), temperature: .kelvin(temperature), permittivity: Ratio(si: 25),
      carriers: carriers, electronMobility: Mobility(si: mobility), holeMobility: Mobility(si: mobility),
      bandGap: .electronvolts(gap), bottom: contact, top: contact)
  }

  /// A level at a depth below the conduction band.
  static func trap(_ place: SpaceChargeTrap.Place, depth: Double, gap: Double = 2.3) -> SpaceChargeTrap {
    SpaceChargeTrap(
      place, energy: .electronvolts(gap - depth), electronCrossSection: Area(si: 1e-19),
      holeCrossSection: Area(si: 1e-19))
  }

  /// 2 ε / (q L²), 1/(m³ V).
  static func densityPerVolt(_ thickness: Double) -> Double {
    2 * dielectricConstant / (Constants.elementaryCharge * thickness * thickness)
  }

  /// J = (9/8) ε μ V²/L³.
  static func squareLaw(_ thickness: Double, _ voltage: Double) -> Double {
    9.0 / 8 * dielectricConstant * mobility * voltage * voltage / pow(thickness, 3)
  }
}

/// V24: the trap-free law.
@Suite struct SquareLawTests {
  private static func current(_ reduced: Double, nodes: Int = 400, factor: Double = 1) throws -> (Double, Double) {
    let thermal = Constants.boltzmann * 300 / Constants.elementaryCharge
    let voltage = reduced * thermal
    let contact = 2.5e3 * SpaceChargeSample.densityPerVolt(1e-6) * voltage
    let device = SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: contact)))
    let simulator = try SpaceChargeSimulator(device, nodes: nodes)
    let state = try simulator.steady(at: .volts(factor * voltage), from: simulator.equilibrium())
    return (state.currentDensity, SpaceChargeSample.squareLaw(1e-6, factor * voltage))
  }

  /// Far above kT/q diffusion is nothing and the field at the contact vanishes: nine eighths, and slope 2.
  @Test func withoutDiffusionTheCoefficientIsNineEighthsAndTheSlopeTwo() throws {
    let (current, law) = try Self.current(1e7)
    let (higher, _) = try Self.current(1e7, factor: 1.2)
    #expect(abs(current / law - 1) < 0.01)
    #expect(abs(log(higher / current) / log(1.2) - 2) < 0.01)
  }

  @Test(arguments: [(3.9e3, 1.036), (1.2e4, 1.017), (2.3e4, 1.011), (4.6e4, 1.007)])
  func diffusionRaisesTheCurrentByTheKnownFactor(reduced: Double, factor: Double) throws {
    let (current, law) = try Self.current(reduced)
    #expect(abs(current / law / factor - 1) < 0.01)
  }

  /// Upwind fluxes make the error fall with the spacing at first order.
  @Test func theCurrentConvergesAtFirstOrderInTheSpacing() throws {
    let currents = try [100, 200, 400, 800].map { try Self.current(2.3e4, nodes: $0).0 }
    for i in 0..<2 {
      let ratio = (currents[i] - currents[i + 1]) / (currents[i + 1] - currents[i + 2])
      #expect(ratio > 1.8 && ratio < 2.6)
    }
  }
}

/// V25: the kink of filled traps.
@Suite struct TrapFilledLimitTests {
  /// The curve of traps that fill at a voltage, in kT/q, and that voltage, V.
  private static func curve(
    _ reduced: Double, depth: Double, nodes: Int = 200, upTo top: Double = 10
  ) throws -> (curve: SpaceChargeCurve, voltage: Double) {
    let thermal = Constants.boltzmann * 300 / Constants.elementaryCharge
    let voltage = reduced * thermal
    let density = SpaceChargeSample.densityPerVolt(1e-6) * voltage
    var device = SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: 1e3 * density)))
    device.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: density)), depth: depth)]
    let curve = try SpaceChargeCurve(
      of: SpaceChargeSimulator(device, nodes: nodes), from: .volts(0.01 * voltage), to: .volts(top * voltage))
    return (curve, voltage)
  }

  static func kink(_ reduced: Double, depth: Double, nodes: Int = 200) throws -> (ratio: Double, slope: Double) {
    let (curve, voltage) = try Self.curve(reduced, depth: depth, nodes: nodes)
    return ((curve.kinkVoltage ?? .infinity) / voltage, curve.steepestSlope)
  }

  /// The tangent at the last voltage always meets the last currents: no reading.
  @Test(arguments: [0.3, 0.6, 0.8]) func aSweepThatEndsBeforeTheTrapsAreFullHasNoKink(top: Double) throws {
    let curve = try Self.curve(1e3, depth: 0.52, upTo: top).curve
    #expect(curve.steepestSlope > 2.3)
    #expect(curve.kinkVoltage == nil)
  }

  /// Traps deep enough to keep what they catch, yet with a current below the kink: θ from 1e-8 to 1e-6.
  @Test(arguments: [1e3, 1.4e3, 3e3, 1e4]) func theKinkLiesWhereTheTrapsAreFull(reduced: Double) throws {
    #expect(abs(try Self.kink(reduced, depth: 0.52).ratio - 1) < 0.05)
  }

  /// Traps at midgap let the current leak over the last barrier before they are full: a low reading that no finer grid
  /// mends.
  @Test func midgapTrapsReadLow() throws {
    let (coarse, fine) = try (Self.kink(1e3, depth: 1.15).ratio, Self.kink(1e3, depth: 1.15, nodes: 400).ratio)
    #expect(coarse > 0.8 && coarse < 0.92)
    #expect(abs(coarse / fine - 1) < 2e-3)
    #expect(try Self.kink(1e4, depth: 1.15).ratio > 0.93)
  }

  /// Close to kT/q diffusion fills traps before the voltage does: the reading is low, then gone.
  @Test func theReadingFallsBelowTheLimitNearTheThermalVoltage() throws {
    let blurred = try Self.kink(140, depth: 0.6)
    #expect(blurred.ratio > 0.7 && blurred.ratio < 0.9)
    let gone = try Self.kink(10, depth: 0.6)
    #expect(gone.slope < 2.3)
    #expect(try Self.kink(1e3, depth: 0.6).slope > 10)
  }
}

/// V26: emission in a field, and over a barrier.
@Suite struct FieldEmissionTests {
  /// J and V of the exact parametric form of (6.3) at the field E_L of the far contact.
  ///
  ///     J L = ε μ θ ∫₀^{E_L} E exp(b √E) dE,  V = (ε μ θ/J) ∫₀^{E_L} E² exp(b √E) dE
  private static func exact(_ field: Double, b: Double, theta: Double, thickness: Double) -> (Double, Double) {
    let steps = 20_000
    var (first, second) = (0.0, 0.0)
    for i in 0..<steps {
      // Midpoints in √E, where the integrand is smooth.
      let root = (Double(i) + 0.5) / Double(steps) * field.squareRoot()
      let weight = 2 * root * field.squareRoot() / Double(steps) * exp(b * root)
      first += root * root * weight
      second += root * root * root * root * weight
    }
    let factor = SpaceChargeSample.dielectricConstant * SpaceChargeSample.mobility * theta
    let current = factor * first / thickness
    return (current, factor * second / current)
  }

  @Test(arguments: [0.15, 0.7, 1.3, 4.0]) func shallowTrapsFollowTheExactPooleFrenkelLaw(exponent: Double) throws {
    let optical = 4.7
    let kT = Constants.boltzmann * 300
    let b =
      (pow(Constants.elementaryCharge, 3) / (Double.pi * optical * Constants.vacuumPermittivity)).squareRoot() / kT
    let field = pow(exponent / b, 2)
    // Thick enough that kT/q is nothing.
    let thickness = 500 / field
    let traps = 1e25
    let depth = 0.35
    var device = SpaceChargeSample.layer(thickness: thickness, contact: .ohmic(NumberDensity(si: 1)))
    let theta = device.conductionStates.si * exp(-Energy.electronvolts(depth).si / kT) / traps
    let (current, voltage) = Self.exact(1.4 * field, b: b, theta: theta, thickness: thickness)
    let supply = 2e3 * theta * SpaceChargeSample.densityPerVolt(thickness) * voltage
    (device.bottom, device.top) = (.ohmic(NumberDensity(si: supply)), .ohmic(NumberDensity(si: supply)))
    device.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: traps)), depth: depth)]
    device.pooleFrenkelPermittivity = Ratio(si: optical)
    let simulator = try SpaceChargeSimulator(device, nodes: 400)
    let state = try simulator.steady(at: .volts(voltage), from: simulator.equilibrium())
    #expect(abs(state.currentDensity / current - 1) < 0.03)
  }

  @Test(arguments: [0.3, 0.5]) func aRichardsonPlotReturnsTheBarrier(barrier: Double) throws {
    var points: [(temperature: Double, currentDensity: Double)] = []
    for temperature in stride(from: 260.0, through: 340, by: 20) {
      let device = SpaceChargeSample.layer(
        contact: .barrier(.electronvolts(barrier)), temperature: temperature, mobility: 1)
      let simulator = try SpaceChargeSimulator(device)
      let state = try simulator.steady(at: .volts(20), from: simulator.equilibrium())
      points.append((temperature, state.currentDensity))
      let law = ThermionicEmission(barrier: .electronvolts(barrier), mass: Ratio(si: 1))
      #expect(abs(state.currentDensity / law.currentDensity(at: .kelvin(temperature)) - 1) < 0.05)
    }
    let found = ThermionicEmission.richardsonBarrier(points).si / Constants.elementaryCharge
    #expect(abs(found - barrier) < 5e-3)
  }
}

/// V27: detailed balance and continuity.
@Suite struct DetailedBalanceTests {
  private static func device(_ gap: Double, _ bottom: Double, _ top: Double) -> SpaceChargeDevice {
    var device = SpaceChargeSample.layer(
      contact: .barrier(.electronvolts(bottom)), carriers: .both, gap: gap)
    device.top = .barrier(.electronvolts(top))
    device.traps = [
      SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 0.45 * gap, gap: gap),
      SpaceChargeSample.trap(.sheet(ArealDensity(si: 1e14), at: .nanometers(5)), depth: 0.3 * gap, gap: gap),
    ]
    return device
  }

  @Test(arguments: [(1.0, 0.3, 0.3), (1.0, 0.2, 0.8), (2.3, 0.2, 2.1)])
  func withoutVoltageCarriersAreInEquilibriumAndNoCurrentFlows(gap: Double, bottom: Double, top: Double) throws {
    let device = Self.device(gap, bottom, top)
    let state = try SpaceChargeSimulator(device).equilibrium()
    let kT = Constants.boltzmann * 300
    let product =
      device.conductionStates.si * device.valenceStates.si * exp(-Energy.electronvolts(gap).si / kT)
    for (n, p) in zip(state.electrons, state.holes) { #expect(abs(n * p / product - 1) < 1e-8) }
    // Against the diffusion current that the contact's carriers alone would carry over the layer.
    let scale =
      Constants.elementaryCharge * SpaceChargeSample.mobility * device.thermalVoltage * 1e6
      * max(state.electrons.max()!, state.holes.max()!)
    for current in state.currentProfile { #expect(abs(current) < 1e-8 * scale) }
  }

  @Test(arguments: [(1.0, 0.3, 0.3), (1.0, 0.2, 0.8)])
  func forwardCurrentsAreTheSameEverywhere(gap: Double, bottom: Double, top: Double) throws {
    let simulator = try SpaceChargeSimulator(Self.device(gap, bottom, top))
    for voltage in [0.5, 1, 3] {
      let state = try simulator.steady(at: .volts(voltage), from: simulator.equilibrium())
      let largest = abs(state.currentDensity)
      let spread = state.currentProfile.max()! - state.currentProfile.min()!
      #expect(spread < 1e-8 * largest)
    }
  }
}

/// Devices that cannot be.
@Suite struct SpaceChargeErrorTests {
  @Test func anImpossibleDeviceIsNamed() throws {
    var device = SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: 1e23)))
    device.thickness = Length(si: 0)
    #expect(throws: SpaceChargeError.invalid(quantity: "thickness", value: 0)) { try SpaceChargeSimulator(device) }
    device = SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: 0)))
    #expect(throws: SpaceChargeError.invalid(quantity: "contact density", value: 0)) {
      try SpaceChargeSimulator(device)
    }
    device = SpaceChargeSample.layer(contact: .barrier(.electronvolts(0.3)), carriers: .both)
    device.pooleFrenkelPermittivity = Ratio(si: 5)
    #expect(throws: SpaceChargeError.fieldEmissionWithBothCarriers) { try SpaceChargeSimulator(device) }
  }

  @Test func aVoltageThatIsNoNumberThrows() throws {
    let simulator = try SpaceChargeSimulator(SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: 1e23))))
    let rest = try simulator.equilibrium()
    #expect(throws: SpaceChargeError.self) { try simulator.steady(at: .volts(.nan), from: rest) }
    #expect(throws: SpaceChargeError.self) {
      try simulator.ramped(rest, to: .volts(1), over: TimeSpan(si: 0))
    }
  }
}

/// Symmetries, and recombination with both carriers.
@Suite struct SpaceChargeSymmetryTests {
  /// Holes with donor-like traps are electrons with acceptor-like ones, seen in a mirror.
  @Test(arguments: [0.3, 1, 5]) func holesMirrorElectrons(voltage: Double) throws {
    let contact = SpaceChargeContact.ohmic(NumberDensity(si: 1e23))
    var electrons = SpaceChargeSample.layer(contact: contact)
    electrons.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 0.5)]
    var holes = SpaceChargeSample.layer(contact: contact, carriers: .holes)
    var trap = SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 1.8)
    trap.emptyCharge = 1
    holes.traps = [trap]
    let a = try SpaceChargeSimulator(electrons)
    let b = try SpaceChargeSimulator(holes)
    let left = try a.steady(at: .volts(voltage), from: a.equilibrium())
    let right = try b.steady(at: .volts(voltage), from: b.equilibrium())
    #expect(abs(left.currentDensity / right.currentDensity - 1) < 1e-7)
    for (n, p) in zip(left.electrons, right.holes.reversed()) { #expect(abs(n / p - 1) < 1e-6) }
  }

  /// Equal contacts: the current changes sign with the voltage and nothing else.
  @Test func equalContactsGiveAnOddCurve() throws {
    var device = SpaceChargeSample.layer(contact: .ohmic(NumberDensity(si: 1e23)))
    device.traps = [SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 0.5)]
    device.ions = NumberDensity(si: 1e20)
    let simulator = try SpaceChargeSimulator(device)
    let rest = try simulator.equilibrium()
    for voltage in [0.1, 1, 4] {
      let forward = try simulator.steady(at: .volts(voltage), from: rest).currentDensity
      let backward = try simulator.steady(at: .volts(-voltage), from: rest).currentDensity
      #expect(forward > 0)
      #expect(abs(forward / backward + 1) < 1e-6)
    }
  }

  /// Levels count by their sum while all are deep.
  @Test func levelsShareTheKink() throws {
    func kink(_ depths: [Double]) throws -> Double {
      var device = SpaceChargeSample.layer(thickness: 1e-5, contact: .ohmic(NumberDensity(si: 1e23)))
      device.traps = depths.map {
        SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21 / Double(depths.count))), depth: $0)
      }
      let curve = try SpaceChargeCurve(of: SpaceChargeSimulator(device), from: .volts(0.3), to: .volts(400))
      return try #require(curve.kinkVoltage)
    }
    let one = try kink([0.6])
    #expect(abs(try kink([0.6, 0.6, 0.6]) / one - 1) < 1e-6)
    #expect(abs(try kink([0.55, 0.6, 0.7]) / one - 1) < 0.05)
    #expect(abs(one / (1e21 / SpaceChargeSample.densityPerVolt(1e-5)) - 1) < 0.08)
  }

  /// (6.1): in the steady state the occupancy balances both captures, and pairs that recombine are lost to both
  /// currents alike.
  @Test func trapsRecombineByShockleyReadHall() throws {
    let kT = Constants.boltzmann * 300
    var device = SpaceChargeSample.layer(contact: .barrier(.electronvolts(0.2)), carriers: .both, gap: 1)
    device.top = .barrier(.electronvolts(0.8))
    let trap = SpaceChargeSample.trap(.bulk(NumberDensity(si: 1e21)), depth: 0.4, gap: 1)
    device.traps = [trap]
    let simulator = try SpaceChargeSimulator(device)
    let state = try simulator.steady(at: .volts(0.5), from: simulator.equilibrium())
    let n1 = device.conductionStates.si * exp(-Energy.electronvolts(0.4).si / kT)
    let p1 = device.valenceStates.si * exp(-Energy.electronvolts(0.6).si / kT)
    let speed = device.electronSpeed.si * trap.electronCrossSection.si
    let (x, f) = (state.positions, state.occupancy(ofTrap: 0))
    var recombined = 0.0
    for i in 1..<(x.count - 1) {
      let (n, p) = (state.electrons[i], state.holes[i])
      #expect(abs(f[i] / ((n + p1) / (n + n1 + p + p1)) - 1) < 1e-8)
      let rate = 1e21 * speed * (n * p - n1 * p1) / (n + n1 + p + p1)
      recombined += rate * 0.5 * (x[i + 1] - x[i - 1])
    }
    // What the pairs carry is a part of the current into the top.
    #expect(recombined > 0)
    #expect(Constants.elementaryCharge * recombined < abs(state.currentDensity))
  }
}
