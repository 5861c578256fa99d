import Foundation
import Materials
import NumericalMethods
import Quantities

/// The disorder of a halide at one temperature: V_X⁺, V_A⁻, V_B²⁻, interstitials, electrons and holes, tied by mass action.
///
///     [V_A'][V_X•] = K_AX / a_AX,     K_AX  = N_A N_X  exp(−2 E_AX / kT)
///     [V_B''][V_X•]² = K_BX2 / a_BX₂, K_BX2 = N_B N_X² exp(−3 E_BX2 / kT)
///     [V_X•][X_i'] = K_F,X,           K_F,X = N_X² exp(−2 E_F,X / kT)
///     [V_A'][A_i•] = K_F,A,           K_F,A = N_A² exp(−2 E_F,A / kT)
///     n p = n_i²
///     [V_X•] + [A_i•] + p + D = [V_A'] + 2 [V_B''] + [X_i'] + n
///
/// Kröger-Vink notation; physics (1.15), (1.16); D is the charge of dopants. Interstitial sites are counted as many as sites of
/// the ion. Dilute defects: valid while fewer than a few percent of the sites are empty. Every balance is one
/// `DefectEquilibrium`.
public struct SchottkyDisorder: Sendable {
  /// Densities in 1/m³ at one halide activity.
  public struct Densities: Hashable, Sendable {
    public var halideVacancies: Double
    public var cationVacancies: Double
    public var leadVacancies: Double
    public var halideInterstitials = 0.0
    public var cationInterstitials = 0.0
    public var electrons: Double
    public var holes: Double
    /// Fermi level above the intrinsic one, J.
    public var fermiLevel: Double
    /// Net charge over the sum of all charges.
    public var neutralityResidual: Double
    /// Electrons beyond those of V_X⁺, V_A⁻, V_B²⁻ and X_i⁻; conserved while no halogen is exchanged.
    public var excessElectrons = 0.0
  }

  /// What a crystal holds that does not follow equilibrium, 1/m³.
  public struct Frozen: Hashable, Sendable {
    /// Cation vacancies less cation interstitials; free if nil.
    public var netCationVacancies: Double?
    /// Free if nil.
    public var leadVacancies: Double?
    /// D, elementary charges per volume.
    public var dopantCharge: Double

    public init(netCationVacancies: Double? = nil, leadVacancies: Double? = nil, dopantCharge: Double = 0) {
      self.netCationVacancies = netCationVacancies
      self.leadVacancies = leadVacancies
      self.dopantCharge = dopantCharge
    }
  }

  public let temperature: Double
  /// [V_A'][V_X•], m⁻⁶.
  public let productAX: Double
  /// [V_B''][V_X•]², m⁻⁹.
  public let productBX2: Double
  /// [V_X•][X_i'], m⁻⁶.
  public let frenkelX: Double
  /// [V_A'][A_i•], m⁻⁶.
  public let frenkelA: Double
  /// Intrinsic carrier density, 1/m³.
  public let intrinsicCarriers: Double
  /// [V_X•] of the stoichiometric crystal, 1/m³.
  public let stoichiometricHalideVacancies: Double
  /// Second charge states, by their levels above the intrinsic Fermi level.
  let levels: TransitionLevels?

  /// - Parameters:
  ///   - temperature: above 0.
  ///   - environment: what the salts' activities are; its halide activity is an argument of `densities`.
  /// - Throws: `DefectError`.
  public init(of compound: Compound, at temperature: Temperature, in environment: ChemicalEnvironment = .reference)
    throws
  {
    let kT = Constants.boltzmann * temperature.si
    let units = compound.formulaUnitDensity
    let cations = Double(compound.ions.cation) * units
    let metals = Double(compound.ions.metal) * units
    let halides = compound.halideSiteDensity
    let defects = compound.defects
    let bands = CarrierBands(of: compound.electronicStructure)
    let pairs = { (sites: Double, energy: Energy?) -> Double in
      energy.map { sites * sites * exp(-2 * $0.si / kT) } ?? 0
    }
    var levels = defects.transitionLevels
    levels?.shift(by: -bands.intrinsicLevel(at: temperature.si))
    try self.init(
      temperature: temperature.si,
      productAX: cations * halides * exp(-2 * defects.schottkyEnergyAX.si / kT - environment.logSalt),
      productBX2: metals * halides * halides
        * exp(-3 * defects.schottkyEnergyBX2.si / kT - environment.logMetalHalide),
      frenkelX: pairs(halides, defects.halideFrenkelEnergy), frenkelA: pairs(cations, defects.cationFrenkelEnergy),
      intrinsicCarriers: bands.intrinsicDensity(at: temperature.si), levels: levels)
  }

  /// The disorder with given mass-action constants.
  /// - Throws: `DefectError`.
  public init(
    temperature: Double, productAX: Double, productBX2: Double, frenkelX: Double = 0, frenkelA: Double = 0,
    intrinsicCarriers: Double, levels: TransitionLevels? = nil
  ) throws {
    self.temperature = temperature
    self.productAX = productAX
    self.productBX2 = productBX2
    self.frenkelX = frenkelX
    self.frenkelA = productAX > 0 ? frenkelA : 0
    self.intrinsicCarriers = intrinsicCarriers
    self.levels = levels
    let scale = max(productAX.squareRoot(), cbrt(2 * productBX2), frenkelX.squareRoot())
    guard scale > 0, scale.isFinite else {
      stoichiometricHalideVacancies = 0
      return
    }
    // Without carriers the level stands for the halide activity that neutralizes the ions.
    let ions = Self.species(
      halideVacancies: scale, productAX: productAX, productBX2: productBX2, frenkelX: frenkelX,
      frenkelA: self.frenkelA, levels: nil)
    var balance = try DefectEquilibrium(ions, bands: nil)
    _ = try balance.solve(at: .kelvin(temperature))
    stoichiometricHalideVacancies = balance.density(of: Self.halideVacancy)
  }

  /// The densities where the halide activity is `activity` times that of the stoichiometric crystal.
  ///
  /// - Throws: `DefectError`.
  public func densities(halideActivity activity: Double = 1, frozen: Frozen = Frozen()) throws -> Densities {
    guard stoichiometricHalideVacancies > 0 else { return withoutDisorder }
    var species = species(halideVacancies: stoichiometricHalideVacancies / activity)
    if let lead = frozen.leadVacancies { species[Self.leadVacancy].amount = .frozen(NumberDensity(si: lead)) }
    species.append(dopant(frozen.dopantCharge))
    var closed: [ClosedSublattice] = []
    if let cations = frozen.netCationVacancies {
      closed.append(
        ClosedSublattice(
          vacancy: Self.cationVacancy, interstitial: frenkelA > 0 ? Self.cationInterstitial : nil,
          difference: cations))
    }
    return try densities(of: DefectEquilibrium(species, bands: bands, closed: closed))
  }

  /// The densities of a crystal that exchanges nothing with its surroundings: halides move and pair up with their
  /// interstitials until charges balance, cations recombine within their sublattice, and carriers share the electrons that
  /// are there.
  ///
  /// - Parameter frozen: cation and lead vacancies must be given.
  /// - Throws: `DefectError`, where dopants ask for fewer than no halide vacancies and there are no interstitials.
  public func closed(_ frozen: Frozen, excessElectrons: Double) throws -> Densities {
    let cations = frozen.netCationVacancies ?? 0
    let lead = frozen.leadVacancies ?? 0
    guard stoichiometricHalideVacancies > 0 else { return withoutDisorder }
    var species = species(halideVacancies: stoichiometricHalideVacancies)
    species[Self.leadVacancy].amount = .frozen(NumberDensity(si: lead))
    species.append(dopant(frozen.dopantCharge))
    var halides = cations + 2 * lead - frozen.dopantCharge + excessElectrons
    let charges = abs(cations) + 2 * lead + abs(frozen.dopantCharge) + abs(excessElectrons)
    // A full sublattice may miss zero by the rounding of the totals that it balances.
    if frenkelX == 0, halides < 0, halides > -1e-9 * charges { halides = 0 }
    let closed = [
      ClosedSublattice(
        vacancy: Self.halideVacancy, interstitial: frenkelX > 0 ? Self.halideInterstitial : nil,
        difference: halides),
      ClosedSublattice(
        vacancy: Self.cationVacancy, interstitial: frenkelA > 0 ? Self.cationInterstitial : nil, difference: cations),
    ]
    return try densities(
      of: DefectEquilibrium(species, bands: bands, closed: closed, excessElectrons: excessElectrons))
  }

  /// Cation vacancies less interstitials that a closed crystal reaches when pairs V_A⁻ + V_X⁺ may leave through sinks.
  ///
  ///     [V_X•](1 + K_F,A/K_AX) + D = (K_AX + K_F,X)/[V_X•] + 2 [V_B''] + δ
  ///
  /// δ: excess electrons. The positive root of a quadratic equation, without cancellation.
  public func sinkEquilibrium(leadVacancies: Double, dopantCharge: Double, excessElectrons: Double) -> Double {
    guard productAX > 0 else { return 0 }
    let share = 1 + frenkelA / productAX
    let (y, z) = ChargeBalance.split(
      difference: 2 * leadVacancies + excessElectrons - dopantCharge, product: share * (productAX + frenkelX))
    // V_A = z K_AX/(K_AX + K_F), A_i = y (share − 1)/share.
    return z * productAX / (productAX + frenkelX) - y * (share - 1) / share
  }

  /// Cation interstitials beside so many cation vacancies.
  public func cationInterstitials(beside vacancies: Double) -> Double { vacancies > 0 ? frenkelA / vacancies : 0 }

  // MARK: Species

  static let halideVacancy = 0
  static let cationVacancy = 1
  static let leadVacancy = 2
  static let halideInterstitial = 3
  static let cationInterstitial = 4

  private var bands: CarrierBands { CarrierBands(intrinsicCarriers: intrinsicCarriers) }

  private var withoutDisorder: Densities {
    Densities(
      halideVacancies: 0, cationVacancies: 0, leadVacancies: 0, electrons: intrinsicCarriers,
      holes: intrinsicCarriers, fermiLevel: 0, neutralityResidual: 0)
  }

  private func species(halideVacancies x: Double) -> [DefectSpecies] {
    Self.species(
      halideVacancies: x, productAX: productAX, productBX2: productBX2, frenkelX: frenkelX, frenkelA: frenkelA,
      levels: levels)
  }

  private func dopant(_ charge: Double) -> DefectSpecies {
    DefectSpecies("dopants", charge: charge < 0 ? -1 : 1, total: NumberDensity(si: abs(charge)))
  }

  /// Species by their densities at the intrinsic level, where `halideVacancies` sets the halide activity.
  private static func species(
    halideVacancies x: Double, productAX: Double, productBX2: Double, frenkelX: Double, frenkelA: Double,
    levels: TransitionLevels?
  ) -> [DefectSpecies] {
    /// An unpaired electron or hole of a second state has two spins.
    func species(_ name: String, _ charge: Int, _ density: Double, other: Int, level: Energy?) -> DefectSpecies {
      var states = [DefectSpecies.State(charge: charge, energy: Energy(si: 0))]
      if let level {
        // ε(q/q−1) is where both states cost the same.
        let energy = other < charge ? level.si : -level.si
        states.append(.init(charge: other, energy: Energy(si: energy), degeneracy: 2))
      }
      return DefectSpecies(name, siteDensity: NumberDensity(si: density), states: states)
    }
    return [
      species("halide vacancies", 1, x, other: 0, level: levels?.halideVacancy),
      species("cation vacancies", -1, productAX / x, other: 0, level: levels?.cationVacancy),
      species("lead vacancies", -2, productBX2 / (x * x), other: -1, level: levels?.leadVacancy),
      species("halide interstitials", -1, frenkelX / x, other: 0, level: levels?.halideInterstitial),
      species("cation interstitials", 1, frenkelA > 0 ? frenkelA * x / productAX : 0, other: 0, level: nil),
    ]
  }

  private func densities(of equilibrium: DefectEquilibrium) throws -> Densities {
    var equilibrium = equilibrium
    let found = try equilibrium.solve(at: .kelvin(temperature))
    return Densities(
      halideVacancies: equilibrium.density(of: Self.halideVacancy),
      cationVacancies: equilibrium.density(of: Self.cationVacancy),
      leadVacancies: equilibrium.density(of: Self.leadVacancy),
      halideInterstitials: equilibrium.density(of: Self.halideInterstitial),
      cationInterstitials: equilibrium.density(of: Self.cationInterstitial), electrons: found.electrons,
      holes: found.holes, fermiLevel: found.fermiLevel, neutralityResidual: found.neutralityResidual,
      excessElectrons: found.excessElectrons)
  }
}

extension TransitionLevels {
  fileprivate mutating func shift(by energy: Double) {
    for key in [\TransitionLevels.halideVacancy, \.cationVacancy, \.leadVacancy, \.halideInterstitial] {
      if let level = self[keyPath: key] { self[keyPath: key] = Energy(si: level.si + energy) }
    }
  }
}
