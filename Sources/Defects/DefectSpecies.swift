import Quantities

/// A point defect or dopant, with its charge states.
public struct DefectSpecies: Hashable, Sendable {
  /// One charge state.
  public struct State: Hashable, Sendable {
    /// In elementary charges.
    public var charge: Int
    /// Energy of formation where the Fermi level stands at the valence band edge and every activity is 1.
    public var energy: Energy
    /// Ways in which one site can hold it.
    public var degeneracy: Double

    public init(charge: Int, energy: Energy, degeneracy: Double = 1) {
      self.charge = charge
      self.energy = energy
      self.degeneracy = degeneracy
    }
  }

  /// How many there are.
  public enum Amount: Hashable, Sendable {
    /// As many as equilibrium asks for.
    case free
    /// A fixed total, which only its charge states share out.
    case frozen(NumberDensity)
  }

  public var name: String
  /// Sites that it may take.
  public var siteDensity: NumberDensity
  /// The first is the usual one, in which `excessElectrons` counts nothing.
  public var states: [State]
  public var amount: Amount
  public var atoms: AtomExchange
  /// Species of one sublattice compete for its sites; without one the species counts as dilute.
  public var sublattice: Int?

  public init(
    _ name: String, siteDensity: NumberDensity, states: [State], amount: Amount = .free,
    atoms: AtomExchange = AtomExchange(), sublattice: Int? = nil
  ) {
    self.name = name
    self.siteDensity = siteDensity
    self.states = states
    self.amount = amount
    self.atoms = atoms
    self.sublattice = sublattice
  }

  /// A dopant of one charge whose total growth has fixed.
  public init(_ name: String, charge: Int, total: NumberDensity) {
    self.init(
      name, siteDensity: total, states: [State(charge: charge, energy: Energy(si: 0))], amount: .frozen(total))
  }

  /// A species given by its neutral state and its transition levels above the valence band edge.
  ///
  ///     E(+1) = E(0) − ε(+/0),  E(−1) = E(0) + ε(0/−), and so on outward
  ///
  /// - Parameters:
  ///   - donorLevels: ε(+/0), ε(2+/+), ...
  ///   - acceptorLevels: ε(0/−), ε(−/2−), ...
  public init(
    _ name: String, siteDensity: NumberDensity, neutralEnergy: Energy, donorLevels: [Energy] = [],
    acceptorLevels: [Energy] = [], amount: Amount = .free, atoms: AtomExchange = AtomExchange(),
    sublattice: Int? = nil
  ) {
    var states = [State(charge: 0, energy: neutralEnergy)]
    var energy = neutralEnergy.si
    for (index, level) in donorLevels.enumerated() {
      energy -= level.si
      states.append(State(charge: index + 1, energy: Energy(si: energy)))
    }
    energy = neutralEnergy.si
    for (index, level) in acceptorLevels.enumerated() {
      energy += level.si
      states.append(State(charge: -index - 1, energy: Energy(si: energy)))
    }
    self.init(
      name, siteDensity: siteDensity, states: states, amount: amount, atoms: atoms, sublattice: sublattice)
  }
}

/// A sublattice that exchanges nothing with the outside: its vacancies less its interstitials stay what they are.
public struct ClosedSublattice: Hashable, Sendable {
  /// Index of the vacancy among the species.
  public var vacancy: Int
  /// Index of the interstitial, if there is one.
  public var interstitial: Int?
  /// Vacancies less interstitials, 1/m³.
  public var difference: Double

  public init(vacancy: Int, interstitial: Int?, difference: Double) {
    self.vacancy = vacancy
    self.interstitial = interstitial
    self.difference = difference
  }
}
