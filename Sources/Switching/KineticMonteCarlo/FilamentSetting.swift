import Foundation
import NumericalMethods
import Quantities

/// A metal as coarse atoms on a simple cubic lattice.
public struct FilamentMetal: Hashable, Sendable {
  /// a_c, m: 0.4 to 1 nm.
  public var atomEdge: Double
  /// E_b of a bond between neighbors, J.
  public var bondEnergy: Double
  /// Charge transfer; its z e is that of one coarse atom.
  public var reaction: ButlerVolmer
  /// E_s of a hop along the surface, J; nil if atoms do not hop.
  public var surfaceBarrier: Double?
  /// ν₀ of these hops, 1/s.
  public var attemptFrequency: Double

  public init(
    atomEdge: Double, bondEnergy: Double, reaction: ButlerVolmer, surfaceBarrier: Double? = nil,
    attemptFrequency: Double = 2e12
  ) {
    self.atomEdge = atomEdge
    self.bondEnergy = bondEnergy
    self.reaction = reaction
    self.surfaceBarrier = surfaceBarrier
    self.attemptFrequency = attemptFrequency
  }

  /// n_k: the bonds of an atom in a kink, in balance with the ions at zero overpotential.
  static let kinkBonds = 3

  private var thermal: Double { Constants.boltzmann * reaction.temperature }

  /// Events per second of one site, per current density in A/m²: a_c²/(z e).
  private var eventsPerDensity: Double { atomEdge * atomEdge / (reaction.charge * Constants.elementaryCharge) }

  /// j₋ a_c²/(z e), 1/s per empty site.
  func attachRate(_ overpotential: Double) -> Double {
    reaction.deposition(overpotential: overpotential) * eventsPerDensity
  }

  /// j₊ a_c²/(z e), 1/s per atom in a kink.
  func detachRate(_ overpotential: Double) -> Double {
    reaction.dissolution(overpotential: overpotential) * eventsPerDensity
  }

  /// exp[−(n_b − n_k) E_b/kT] for 0 to 6 bonds.
  var bondFactors: [Double] { (0...6).map { exp(-Double($0 - Self.kinkBonds) * bondEnergy / thermal) } }

  /// ν₀ exp[−(E_s + n_b E_b)/kT] for 0 to 6 bonds: an atom without bonds does not hop.
  var hopRates: [Double] {
    guard let surfaceBarrier else { return [Double](repeating: 0, count: 7) }
    return (0...6).map { $0 == 0 ? 0 : attemptFrequency * exp(-(surfaceBarrier + Double($0) * bondEnergy) / thermal) }
  }
}

/// Where the atoms of a filament may come and go.
public enum FilamentFaces: Hashable, Sendable {
  /// At any face of the metal.
  case all
  /// At the tops of columns that stand on the lower electrode, without overhangs: the geometry of (8.33).
  case tops
}

/// The ions that feed a filament.
public enum IonSupply: Hashable, Sendable {
  case unlimited
  /// A number of ions; attachment goes with it over that for which the exchange current holds.
  case reservoir(ions: Int, reference: Int)

  /// What it makes of the rates of attachment.
  var factor: Double {
    switch self {
    case .unlimited: 1
    case .reservoir(let ions, let reference): Double(ions) / Double(reference)
    }
  }

  /// One ion less, or one more.
  mutating func add(_ count: Int) {
    if case .reservoir(let ions, let reference) = self { self = .reservoir(ions: ions + count, reference: reference) }
  }
}

/// How often each event of a filament has happened.
public struct FilamentEvents: Hashable, Sendable {
  public var attached = 0
  public var detached = 0
  public var hops = 0
  /// Hops that met an occupied or a bare site: they took their time and changed nothing.
  public var blockedHops = 0

  public var all: Int { attached + detached + hops + blockedHops }

  /// Infinite without reactions.
  public var hopsPerReaction: Double { Double(hops) / Double(attached + detached) }
}
