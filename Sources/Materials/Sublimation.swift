import Quantities

/// What happens on the surface of a compound that grows from the vapors of its salts.
public struct Sublimation: Hashable, Sendable, Codable {
  /// The salts of the compound, by the name of their source in data/.
  public var salts: [String: SaltCount]
  /// Of an adatom's hops, ν.
  public var attemptFrequency: Frequency
  /// Formula units that form per site and time where every salt covers the whole surface; closure of the reaction.
  public var reactionFrequency: Frequency
  /// E_d of a formula unit on the substrate.
  public var diffusionEnergy: Energy
  /// i: formula units of the critical nucleus.
  public var criticalSize: Ratio
  /// E_i: binding energy of the critical nucleus.
  public var clusterEnergy: Energy
  /// Salts in the film exchange places with D = D₀ exp(−E/kT): the prefactor.
  public var interdiffusionPrefactor: Diffusivity
  public var interdiffusionEnergy: Energy
  /// Energy that a formula unit gains when it forms from its solid salts.
  public var formationEnergy: Energy
  /// Other compounds of the same salts, by name; each salt alone is one, too.
  public var competingPhases: [String: CompetingPhase]?
}

/// A compound of the same salts in another ratio.
public struct CompetingPhase: Hashable, Sendable, Codable {
  /// By the name of their source.
  public var salts: [String: SaltCount]
  /// Of its formula unit.
  public var molarVolume: MolarVolume
  /// Above it the phase is gone; stands any heat that the film does, if absent.
  public var highestTemperature: Temperature?
}

public struct SaltCount: Hashable, Sendable, Codable {
  /// Of the salt in a formula unit.
  public var formulaUnits: Int
}
