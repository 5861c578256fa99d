import Foundation
import NumericalMethods
import Quantities

/// A memory cell whose filament is metal: ions of the active electrode cross the crystal and plate out on the other
/// one.
///
/// Level L1 of physics (8.32)-(8.36): one filament with a gap g (counts of atoms at its tip) and, once it bridges, the
/// radius r of its neck (counts again). Voltages are those of the active electrode against the other, so a positive one
/// grows a filament. The current is electrons alone: a filament that tunnels or conducts, beside what the contacts let
/// through. The ions' own current, some pA, is left out.
public struct MetallizationCell: Sendable {
  public let parameters: MetallizationParameters
  /// Current of the cell without a filament at a voltage, A; grows with the voltage, zero at zero.
  public let background: @Sendable (_ voltage: Double) -> Double
  public let tunnelGap: TunnelGap
  public let filament: MetalFilament
  public let capillarity: GibbsThomson

  let thermal: Double
  let ionCharge: Double
  /// Atoms of the growing filament when it bridges.
  let fullCount: Double
  let tipArea: Double
  /// Atoms below which a neck is thinner than a chain of atoms, and broken.
  let chainCount: Double
  let siteCount: Double
  /// Atoms of the neck when a filament has just bridged.
  let neckStart: Double
  /// The path of ions to a tip of a cell that has lost none, at its temperature; its gap is set for each state.
  let path: IonPath
  /// Ions that hop to a site per second, before the field's sinh.
  let siteIons: Double
  /// Voltage that holds a tip in balance: its curvature's and the open circuit's, V.
  let tipBalance: Double
  /// Atoms per second that surface diffusion draws back from the tip.
  let retraction: Double

  /// Lorenz number, W Ω/K².
  static let lorenz = 2.44e-8

  /// - Precondition: lengths, areas, temperature, charge and barriers above zero, 0 ≤ α ≤ 1.
  public init(_ parameters: MetallizationParameters, background: @escaping @Sendable (Double) -> Double = { _ in 0 }) {
    let p = parameters
    self.parameters = p
    self.background = background
    tunnelGap = TunnelGap(barrier: p.tunnelBarrier, relativeMass: p.tunnelMass)
    filament = MetalFilament(resistivity: p.resistivity, meanFreePath: p.meanFreePath)
    capillarity = GibbsThomson(surfaceEnergy: p.surfaceEnergy, atomicVolume: p.atomicVolume, charge: p.charge)
    thermal = Constants.boltzmann * p.temperature
    ionCharge = p.charge * Constants.elementaryCharge
    tipArea = Double.pi * p.tipRadius * p.tipRadius
    fullCount = tipArea * p.length / p.atomicVolume
    chainCount = p.neckLength / cbrt(p.atomicVolume)
    neckStart = max(1.5 * chainCount, tipArea * p.neckLength / p.atomicVolume)
    siteCount = max(1, p.electrodeArea / p.siteArea)
    path = Self.path(p, tipArea: tipArea, at: p.temperature)
    siteIons = p.siteArea * path.hopDensity / ionCharge
    tipBalance = capillarity.tip(radius: p.tipRadius) + p.openCircuitVoltage
    retraction =
      tipArea * p.neckLength / p.atomicVolume
      / Self.lifetime(p, at: p.temperature).lifetime(radius: p.tipRadius)
  }

  /// The state of a cell between steps.
  public struct State: Hashable, Sendable {
    /// Atoms of the filament along its length; between 0 and those that bridge.
    public internal(set) var tipAtoms = 0.0
    /// Atoms of the neck of a filament that bridges.
    public internal(set) var neckAtoms = 0.0
    public internal(set) var isNucleated = false
    public internal(set) var isBridged = false
    /// +1 for a filament that grows when the active electrode is positive, −1 for one of the other electrode's metal.
    public internal(set) var orientation = 1.0
    /// Atoms lost for good.
    public internal(set) var lostAtoms = 0.0
    /// What the hazard of nucleation has yet to collect: Exp(1) at first, 1 in the deterministic limit.
    public var patience = 1.0

    public init() {}
  }

  /// A filament grown by hand up to a gap in m, above zero and below the cell's length.
  public func state(gap: Double) -> State {
    var state = State()
    state.isNucleated = true
    state.tipAtoms = fullCount * min(1, max(0, 1 - gap / parameters.length))
    return state
  }

  /// A filament that bridges with a neck of a radius in m.
  public func state(neckRadius: Double) -> State {
    var state = State()
    state.isNucleated = true
    state.isBridged = true
    state.tipAtoms = fullCount
    state.neckAtoms = Double.pi * neckRadius * neckRadius * parameters.neckLength / parameters.atomicVolume
    return state
  }

  // MARK: geometry

  /// g, m; the cell's length without a filament, 0 with one that bridges.
  public func gap(_ state: State) -> Double {
    state.isBridged ? 0 : max(0, parameters.length * (1 - state.tipAtoms / fullCount))
  }

  /// Of the neck or the tip, m.
  public func radius(_ state: State) -> Double {
    state.isBridged ? radius(neck: state.neckAtoms) : parameters.tipRadius
  }

  /// All atoms of the filament.
  public func atoms(_ state: State) -> Double {
    state.isBridged ? state.neckAtoms + max(0, fullCount - neckStart) : state.tipAtoms
  }

  func radius(neck atoms: Double) -> Double {
    (max(atoms, 0.5 * chainCount) * parameters.atomicVolume / (Double.pi * parameters.neckLength)).squareRoot()
  }

  // MARK: electrons

  /// Conductance of the filament with its gap, S; zero without one.
  public func conductance(_ state: State) -> Double {
    if state.isBridged { return 1 / resistance(neck: state.neckAtoms) }
    return state.isNucleated ? conductance(tip: state.tipAtoms) : 0
  }

  /// The gap in series with the rest of the filament.
  func conductance(tip atoms: Double) -> Double {
    let gap = max(0, parameters.length * (1 - atoms / fullCount))
    let open = tipArea * tunnelGap.conductance(gap: gap)
    guard open > 0 else { return 0 }
    return 1 / (1 / open + filament.resistance(radius: parameters.tipRadius, length: parameters.length - gap))
  }

  func resistance(neck atoms: Double) -> Double {
    filament.resistance(radius: radius(neck: atoms), length: parameters.length)
  }

  /// Ohm at a small voltage, without disturbing the state; infinite if nothing conducts.
  public func resistance(_ state: State, at voltage: Double) -> Double {
    let current = background(voltage) + conductance(state) * voltage
    return current == 0 ? .infinity : voltage / current
  }

  /// Whether the filament carries ten times what flows beside it.
  public func conducts(_ state: State, at voltage: Double) -> Bool {
    let current = conductance(state) * abs(voltage)
    return current > 0 && current >= 10 * abs(background(voltage))
  }

  /// V_app = I R_s + V, |I| ≤ I_cc (physics 8.31).
  /// - Throws: `Roots.Failure`, `SwitchingError.notFinite` where the background's current is not finite.
  public func operate(_ applied: Double, compliance: Double, state: State) throws -> OperatingPoint {
    try operate(applied, compliance: compliance, conductance: conductance(state))
  }

  func operate(_ applied: Double, compliance: Double, conductance: Double) throws -> OperatingPoint {
    var voltage = applied
    var side = background(applied)
    guard side.isFinite else { throw SwitchingError.notFinite(what: "the current", at: applied) }
    let leads = parameters.seriesResistance
    if leads * (abs(side) + conductance * abs(applied)) > 1e-9 * abs(applied) {
      (voltage, side) = try solve(conductance: 1 + leads * conductance, scale: leads, total: applied, below: applied)
    }
    let current = side + conductance * voltage
    guard abs(current) > compliance else { return OperatingPoint(current: current, voltage: voltage, isLimited: false) }
    let limit = applied > 0 ? compliance : -compliance
    guard compliance > 0 else { return OperatingPoint(current: 0, voltage: 0, isLimited: true) }
    (voltage, _) = try solve(conductance: conductance, scale: 1, total: limit, below: voltage)
    return OperatingPoint(current: limit, voltage: voltage, isLimited: true)
  }

  /// The voltage V between 0 and `limit` where conductance·V + scale·background(V) = total, and the background there.
  private func solve(
    conductance: Double, scale: Double, total: Double, below limit: Double
  ) throws -> (voltage: Double, background: Double) {
    // Where the filament carries most, putting the rest in again converges fast.
    var voltage = conductance * abs(limit) >= abs(total) ? total / conductance : limit
    for _ in 0..<6 where conductance > 0 {
      let side = background(voltage)
      let next = (total - scale * side) / conductance
      if abs(next - voltage) <= 1e-11 * abs(voltage) { return (next, side) }
      guard next / limit > 0, next / limit <= 1 else { break }
      voltage = next
    }
    voltage = try Roots.brent(min(0, limit), max(0, limit), tolerance: 1e-12 * abs(limit)) {
      conductance * $0 + scale * background($0) - total
    }
    return (voltage, background(voltage))
  }
}
