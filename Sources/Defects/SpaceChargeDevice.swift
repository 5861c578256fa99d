import Foundation
import Materials
import Quantities

/// A layer between two contacts in which carriers, traps and ions make space charge.
///
/// One dimension, bottom contact at 0, top at `thickness`; voltages are those of the top against the bottom, currents
/// into the top are positive. Boltzmann carriers; valid while their densities stay below the bands' effective ones.
public struct SpaceChargeDevice: Hashable, Sendable {
  /// Which carriers the contacts let in.
  public enum Carriers: Hashable, Sendable { case electrons, holes, both }

  public var thickness: Length
  public var temperature: Temperature
  public var permittivity: Ratio
  public var carriers: Carriers
  public var electronMobility: Mobility
  public var holeMobility: Mobility
  public var bandGap: Energy
  /// Effective densities of states of the two bands.
  public var conductionStates: NumberDensity
  public var valenceStates: NumberDensity
  /// Thermal speeds at which traps catch carriers, m/s.
  public var electronSpeed: Velocity
  public var holeSpeed: Velocity
  public var traps: [SpaceChargeTrap] = []
  /// Positive ions that move; as many negative ones stay in place.
  public var ions = NumberDensity(si: 0)
  public var ionMobility = Mobility(si: 0)
  public var bottom: SpaceChargeContact
  public var top: SpaceChargeContact
  /// ε∞ of the Poole-Frenkel law of emission; without it, emission does not depend on the field. One carrier only.
  public var pooleFrenkelPermittivity: Ratio?

  public init(
    thickness: Length, temperature: Temperature, permittivity: Ratio, carriers: Carriers, electronMobility: Mobility,
    holeMobility: Mobility, bandGap: Energy, electronMass: Ratio = Ratio(si: 1), holeMass: Ratio = Ratio(si: 1),
    bottom: SpaceChargeContact, top: SpaceChargeContact
  ) {
    self.thickness = thickness
    self.temperature = temperature
    self.permittivity = permittivity
    self.carriers = carriers
    self.electronMobility = electronMobility
    self.holeMobility = holeMobility
    self.bandGap = bandGap
    conductionStates = Self.states(mass: electronMass, at: temperature)
    valenceStates = Self.states(mass: holeMass, at: temperature)
    electronSpeed = Self.thermalSpeed(mass: electronMass, at: temperature)
    holeSpeed = Self.thermalSpeed(mass: holeMass, at: temperature)
    self.bottom = bottom
    self.top = top
  }

  /// Electrons or holes of a compound between two equal contacts, without traps or ions.
  public init(
    of compound: Compound, thickness: Length, temperature: Temperature, carriers: Carriers,
    contact: SpaceChargeContact
  ) {
    let electronic = compound.electronicStructure
    self.init(
      thickness: thickness, temperature: temperature, permittivity: electronic.staticPermittivity, carriers: carriers,
      electronMobility: electronic.electronMobility,
      holeMobility: electronic.holeMobility ?? electronic.electronMobility, bandGap: electronic.bandGap,
      electronMass: electronic.electronMass, holeMass: electronic.holeMass, bottom: contact, top: contact)
  }

  /// N = 2 (2π m kT/h²)^{3/2}, parabolic bands.
  static func states(mass: Ratio, at temperature: Temperature) -> NumberDensity {
    let kT = Constants.boltzmann * temperature.si
    return NumberDensity(
      si: 2
        * pow(2 * Double.pi * mass.si * Constants.electronMass * kT / (Constants.planck * Constants.planck), 1.5))
  }

  /// v = √(3kT/m).
  static func thermalSpeed(mass: Ratio, at temperature: Temperature) -> Velocity {
    Velocity(si: (3 * Constants.boltzmann * temperature.si / (mass.si * Constants.electronMass)).squareRoot())
  }

  /// kT/q, V.
  public var thermalVoltage: Double { Constants.boltzmann * temperature.si / Constants.elementaryCharge }

  /// Density that the bottom contact keeps or aims at, 1/m³.
  var bottomSupply: Double {
    switch bottom {
    case .ohmic(let density): density.si
    case .barrier(let height):
      (carriers == .holes ? valenceStates.si : conductionStates.si)
        * exp(-height.si / (Constants.boltzmann * temperature.si))
    }
  }

  /// F/m.
  var dielectricConstant: Double { permittivity.si * Constants.vacuumPermittivity }

  /// Product n p at equilibrium, m⁻⁶.
  var massAction: Double {
    conductionStates.si * valenceStates.si * exp(-bandGap.si / (Constants.boltzmann * temperature.si))
  }
}
