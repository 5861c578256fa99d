import Materials
import Quantities
import Specimens

/// What the crystal lets pass between its contacts, with the two slow states of its bulk.
///
///     I = (9/8) ε µ A θ V²/L³ (1 − γ s sign V)
///
/// Mott-Gurney's law with traps and screening; physics (6.2), (6.3), (8.26), (8.37). Without traps and ions the current has no
/// memory.
public struct BulkConduction: Hashable, Sendable {
  /// The slow states.
  public struct State: Hashable, Sendable {
    /// q_t: filled traps, over all.
    public var filled = 0.0
    /// s: ions that have crossed, with the sign of the voltage that drove them.
    public var screening = 0.0

    public init() {}
  }

  /// 9 ε µ A/(8 L³), A/V².
  public let coefficient: Double
  public let traps: TrapFilling?
  public let ions: IonScreening?

  public init(
    permittivity: Double, mobility: Double, area: Double, thickness: Double, traps: TrapFilling? = nil,
    ions: IonScreening? = nil
  ) {
    coefficient = 9 * permittivity * mobility * area / (8 * thickness * thickness * thickness)
    self.traps = traps
    self.ions = ions
  }

  /// The bulk of a crystal between two electrodes.
  /// - Parameters:
  ///   - ions: that move, 1/m³.
  ///   - ionMobility: m²/(V s).
  init(_ compound: Compound, ions density: Double, ionMobility: Double, in fields: CrystalFields, area: Area) {
    let structure = compound.electronicStructure
    let permittivity = structure.staticPermittivity.si * Constants.vacuumPermittivity
    let states = compound.bulkStates
    self.init(
      permittivity: permittivity, mobility: structure.electronMobility.si, area: area.si,
      thickness: fields.thickness.si,
      traps: states?.traps.map { traps in
        TrapFilling(
          density: fields.trapDensity.mean + traps.vacancyShare.si * fields.meanVacancyDensity.si,
          depth: traps.depth.si, crossSection: traps.captureCrossSection.si, release: traps.release.si,
          structure: structure, thickness: fields.thickness.si, temperature: fields.temperature.si)
      },
      ions: states?.screenedShare.map { share in
        IonScreening(
          share: share.si, ionDensity: density, mobility: ionMobility, thickness: fields.thickness.si,
          permittivity: permittivity, temperature: fields.temperature.si)
      })
  }

  /// Size of the current at a voltage for a frozen state, A.
  @inlinable
  public func current(voltage: Double, state: State) -> Double {
    var current = coefficient * voltage * voltage
    if let traps { current *= traps.freeShare(voltage: abs(voltage), filled: state.filled) }
    if let ions { current *= ions.factor(state.screening, voltage: voltage) }
    return current
  }

  /// Carries the state over a step at a mean voltage.
  public func relax(_ state: inout State, voltage: Double, during time: Double) {
    if let traps { state.filled = traps.filled(after: time, from: state.filled, voltage: abs(voltage)) }
    if let ions { state.screening = ions.screening(after: time, from: state.screening, voltage: voltage) }
  }
}
