import Foundation
import Quantities

/// A metal halide of the perovskite family, and what is known of it.
public struct Compound: Hashable, Sendable, Codable {
  public var name: String
  public var lattice: Lattice
  /// Ions of a formula unit.
  public var ions: IonCounts
  /// Of a formula unit.
  public var molarMass: MolarMass
  /// Above this temperature the compound decomposes.
  public var decompositionTemperature: Temperature
  public var elasticity: Elasticity
  public var thermalExpansion: ThermalExpansion
  public var electronicStructure: ElectronicStructure
  public var defects: DefectThermodynamics
  /// Deep electronic levels, by name.
  public var traps: [String: TrapLevel]?
  /// Foreign ions that the lattice takes up from solution, by name.
  public var impurities: [String: Impurity]?
  /// Energies of crystal faces by Miller indices: `100`, `1-10`.
  public var faces: [String: FaceEnergy]?
  public var disorder: Disorder
  public var growthKinetics: GrowthKinetics
  /// Solutions of the compound, by the solvent's name.
  public var solutions: [String: Solution]
  /// Of films; a compound without them is grown as single crystals alone.
  public var grainBoundaries: GrainBoundaries?
  /// Of layered compounds; a compound without it cannot be exfoliated.
  public var exfoliability: Exfoliability?
  /// Growth from the vapors of its salts; a compound without it grows from solution alone.
  public var sublimation: Sublimation?
  /// Constants of the switching contact; a compound without them cannot become a device yet.
  public var contactSwitching: ContactSwitching?
  /// Slow states of its bulk; a compound without them conducts without memory between its contacts.
  public var bulkStates: BulkStates?
  /// Of filaments of an active metal; a compound without it has none.
  public var metallization: Metallization?
  /// Of a phase that light makes; a compound without it is no optical synapse.
  public var photoPhase: PhotoPhase?

  /// Formula units per volume, 1/m³.
  public var formulaUnitDensity: Double { Double(lattice.formulaUnits) / lattice.cellVolume }

  /// Halide sites per volume, 1/m³.
  public var halideSiteDensity: Double { Double(ions.halide) * formulaUnitDensity }

  /// Edge of the cube that holds one formula unit: the lattice constant of a cubic ABX₃.
  public var latticeConstant: Length { Length(si: cbrt(1 / formulaUnitDensity)) }

  /// Length of a halide hop, m: as data/ gives it, else a₀/√2 of a cubic ABX₃.
  public var halideHopDistance: Double { defects.halideHopDistance?.si ?? latticeConstant.si / 2.0.squareRoot() }

  /// How far a hop carries a halide along a way, m: root mean square of hops in the layers and from one to the next.
  ///
  ///     a² = (1 − c) a∥² + c d²,   c = cos² between the way and the stacking axis
  ///
  /// d is the spacing of a layered compound's layers; a compound without layers hops alike in every direction.
  public func hopDistance(stackingAlignment share: Double) -> Double {
    guard let spacing = exfoliability?.layerSpacing.si else { return halideHopDistance }
    let c = min(1, max(0, share))
    return ((1 - c) * halideHopDistance * halideHopDistance + c * spacing * spacing).squareRoot()
  }

  /// Mass per volume of crystal, kg/m³.
  public var massDensity: Double { molarDensity * molarMass.si }

  /// Moles of formula units per volume of crystal, mol/m³.
  public var molarDensity: Double { formulaUnitDensity / Constants.avogadro }
}

/// Ions of a formula unit; the molecular cations of layered compounds count as cations.
public struct IonCounts: Hashable, Sendable, Codable {
  /// A: Cs⁺, methylammonium, ...
  public var cation: Int
  /// B: Pb²⁺, or Ag⁺ and Bi³⁺ together.
  public var metal: Int
  /// X.
  public var halide: Int
}

/// Elastic constants in Voigt's numbering; a cubic crystal has the first three alone, a tetragonal one (c along z) all six.
public struct Elasticity: Hashable, Sendable, Codable {
  public var c11: Pressure
  public var c12: Pressure
  public var c44: Pressure
  public var c13: Pressure?
  public var c33: Pressure?
  public var c66: Pressure?
}

public struct ElectronicStructure: Hashable, Sendable, Codable {
  public var bandGap: Energy
  public var electronAffinity: Energy
  /// Charge neutrality level above the valence band edge.
  public var chargeNeutralityLevel: Energy
  /// S = dφ_b/dΦ_M of a metal contact.
  public var interfaceParameter: Ratio
  /// Effective masses over the free electron's.
  public var electronMass: Ratio
  public var holeMass: Ratio
  public var electronMobility: Mobility
  /// As the electrons', if absent.
  public var holeMobility: Mobility?
  public var staticPermittivity: Ratio
  public var opticalPermittivity: Ratio

  /// From a metal's Fermi level up to the conduction band's edge: φ_b = S (Φ_M − χ) + (1 − S) (E_g − φ_CNL).
  ///
  /// Cowley & Sze, *J. Appl. Phys.* 36 (1965) 3212; physics (8.15).
  public func contactBarrier(workFunction: Energy) -> Energy {
    let s = interfaceParameter.si
    return Energy(
      si: s * (workFunction.si - electronAffinity.si) + (1 - s) * (bandGap.si - chargeNeutralityLevel.si))
  }
}

/// Point defects V_X⁺, V_A⁻ and V_B²⁻ of ABX₃: energies, motion, and how growth leaves them behind.
public struct DefectThermodynamics: Hashable, Sendable, Codable {
  /// Half the energy of the pair V_A⁻ + V_X⁺ (partial Schottky, AX).
  public var schottkyEnergyAX: Energy
  /// A third of the energy of V_B²⁻ + 2 V_X⁺ (partial Schottky, BX₂).
  public var schottkyEnergyBX2: Energy
  /// Half the energy of the pair V_X⁺ + X_i⁻ (Frenkel); no interstitials, if absent.
  public var halideFrenkelEnergy: Energy?
  /// Half the energy of the pair V_A⁻ + A_i⁺ (Frenkel); no interstitials, if absent.
  public var cationFrenkelEnergy: Energy?
  /// Half of what it costs to exchange a cation and a metal ion; no antisites are told, if absent.
  public var antisiteEnergy: Energy?
  public var halideMigrationEnergy: Energy
  /// How much higher a halide's barrier is across the layers of a layered compound.
  public var interlayerBarrier: Energy?
  /// Length of a halide hop, where a₀/√2 does not serve.
  public var halideHopDistance: Length?
  public var cationMigrationEnergy: Energy
  public var attemptFrequency: Frequency
  /// Relaxation volume of V_X⁺ over the volume of a formula unit: chemical eigenstrain is a third of it per site fraction.
  public var halideRelaxationVolume: Ratio
  /// Volume of activation of a halide hop over the volume of a formula unit.
  public var halideActivationVolume: Ratio
  /// What stretch along a halide's hop lowers its barrier by, per unit of strain beyond the mean of all axes; 0 if absent.
  public var halideSaddleAnisotropy: Energy?
  /// c_s/c_eq: V_A⁻ that an infinitely fast front would leave, over those of equilibrium at its temperature.
  public var frontVacancyRatio: Ratio
  /// Front speed at which half of that is kept.
  public var trappingVelocity: Velocity
  /// Distance between sinks at which cation vacancies disappear.
  public var sinkDistance: Length
  /// Share of vacancies that act as deep electronic traps.
  public var deepTrapFraction: Ratio
  /// Deep traps per volume fraction of solvent inclusions.
  public var inclusionTrapDensity: NumberDensity
  /// Deep traps on a free surface or at a wall.
  public var surfaceTrapDensity: ArealDensity?
  /// Energy by which a formula unit is more stable than its salts AX and BX₂; it bounds their activities, if given.
  public var stabilityEnergy: Energy?
  /// Second charge states of the defects; one state each, if absent.
  public var transitionLevels: TransitionLevels?
}

/// Fermi levels above the valence band edge at which a defect takes another electron.
public struct TransitionLevels: Hashable, Sendable, Codable {
  /// ε(+/0) of V_X.
  public var halideVacancy: Energy?
  /// ε(0/−) of V_A.
  public var cationVacancy: Energy?
  /// ε(−/2−) of V_B.
  public var leadVacancy: Energy?
  /// ε(0/−) of X_i.
  public var halideInterstitial: Energy?

  public init(
    halideVacancy: Energy? = nil, cationVacancy: Energy? = nil, leadVacancy: Energy? = nil,
    halideInterstitial: Energy? = nil
  ) {
    self.halideVacancy = halideVacancy
    self.cationVacancy = cationVacancy
    self.leadVacancy = leadVacancy
    self.halideInterstitial = halideInterstitial
  }
}

/// A deep level of the gap that catches carriers.
public struct TrapLevel: Hashable, Sendable, Codable {
  /// Above the valence band edge.
  public var energy: Energy
  public var electronCrossSection: Area
  public var holeCrossSection: Area
  /// Its share of the deep traps.
  public var share: Ratio
}

/// A foreign ion on a lattice site.
public struct Impurity: Hashable, Sendable, Codable {
  /// The ion that it replaces.
  public enum Site: String, Hashable, Sendable, Codable, CaseIterable { case cation, metal, halide }

  public var site: Site
  /// Charge of the defect, in elementary charges: +1 for Bi³⁺ on Pb²⁺, 0 for Cs⁺ on methylammonium.
  public var charge: Int
  /// k₀: mole ratio in the crystal over that in the solution, at equilibrium.
  public var partition: Ratio
  /// Share of the ions that act as deep electronic traps; none, if absent.
  public var deepTrapFraction: Ratio?

  public init(site: Site, charge: Int, partition: Ratio, deepTrapFraction: Ratio? = nil) {
    self.site = site
    self.charge = charge
    self.partition = partition
    self.deepTrapFraction = deepTrapFraction
  }
}

/// The energy of a face, and of a slice that attaches to it.
public struct FaceEnergy: Hashable, Sendable, Codable {
  /// γ against the solution or vacuum, J/m²; the equilibrium shape.
  public var surface: SurfaceEnergy?
  /// Γ, formula units of BX₂ beyond the bulk's that the face carries: dγ/dμ = −Γ. Of either sign; none, if absent.
  public var metalHalideExcess: ArealDensity?
  /// |E_att| per formula unit; the growth shape.
  public var attachment: Energy?

  public init(surface: SurfaceEnergy? = nil, metalHalideExcess: ArealDensity? = nil, attachment: Energy? = nil) {
    self.surface = surface
    self.metalHalideExcess = metalHalideExcess
    self.attachment = attachment
  }
}

/// How the vacancy density scatters within a crystal.
public struct Disorder: Hashable, Sendable, Codable {
  /// Short range: point-defect clustering and dislocations, resolved in the field window.
  public var correlationLength: Length
  /// Standard deviation of ln(density), short range.
  public var logDeviation: Ratio
  /// Long range: growth steps and sectors, resolved over the electrode.
  public var stepCorrelationLength: Length
  public var stepLogDeviation: Ratio
  /// Full width at half maximum of the rocking curve.
  public var mosaicWidth: Angle
}

/// Nucleation and growth constants that belong to the compound.
public struct GrowthKinetics: Hashable, Sendable, Codable {
  /// Kinetically independent ions per formula unit in the driving force.
  public var independentIons: Ratio
  /// Prefactor of homogeneous nucleation.
  public var nucleationPrefactor: VolumetricRate
  /// Prefactor of nucleation on a wall.
  public var wallNucleationPrefactor: ArealRate
  /// Of a nucleus that no foreign place helps, against the solution; films nucleate so, and cannot be grown without it.
  public var interfacialEnergy: SurfaceEnergy?
  /// Face speed prefactor k₀ of k_r = k₀ exp(−E_r/kT).
  public var integrationPrefactor: Velocity
  public var integrationEnergy: Energy
  /// σ₁ of the spiral law.
  public var spiralSupersaturation: Ratio
  /// B of growth by two-dimensional nuclei, g(σ) = σ^{5/6} exp(−B/σ); spirals, if absent.
  public var layerNucleationBarrier: Ratio?
  /// ln(c/c*) above which faces starve in the middle and hollow out: hoppers; never, if absent.
  public var hopperSupersaturation: Ratio?
  /// ln(c/c*) above which corners run ahead: dendrites; never, if absent.
  public var dendriteSupersaturation: Ratio?
  /// Corner-to-center depletion coefficient β_f.
  public var cornerDepletion: Ratio
  /// Depletion over supersaturation at which solvent is included.
  public var inclusionThreshold: Ratio
  /// Volume fraction of solvent in a crystal that starves without bounds.
  public var largestInclusionFraction: Ratio
}

/// The compound in one solvent.
public struct Solution: Hashable, Sendable, Codable {
  public var referenceTemperature: Temperature
  /// Moles per volume of solvent at saturation and the reference temperature.
  public var solubility: Concentration
  /// Negative: the solubility falls on heating.
  public var dissolutionEnthalpy: MolarEnergy
  /// Change of the dissolution enthalpy with temperature: the term C ln T of Apelblat's equation; 0 if absent.
  public var dissolutionHeatCapacity: MolarHeatCapacity?
  /// At the reference temperature.
  public var soluteDiffusivity: Diffusivity
  /// What is left of the nucleation prefactors in this solvent: 1 if absent.
  public var nucleationFactor: Ratio?
  /// What additives do, by the additive's name in data/.
  public var modulators: [String: Modulator]?
  /// What a second solvent does beyond the mean of ln c*, by its name: J of Jouyban and Acree, K.
  public var cosolvents: [String: TemperatureDifference]?
  /// What an antisolvent does, by its name in data/.
  public var antisolvents: [String: Antisolvent]?
}

/// An additive in small amounts, such as formic acid, that frees or binds solute.
public struct Modulator: Hashable, Sendable, Codable {
  /// −d ln c*/d[additive]: how fast the solubility falls per concentration of the additive.
  public var solubilityFall: MolarVolume
}

/// A liquid that mixes with the solvent and drives the solute out.
public struct Antisolvent: Hashable, Sendable, Codable {
  /// −d ln c*/d[antisolvent].
  public var solubilityFall: MolarVolume
  /// Mutual diffusivity in the solvent.
  public var diffusivity: Diffusivity
}

/// Constants of the contact where vacancies pile up and switch the device.
public struct ContactSwitching: Hashable, Sendable, Codable {
  /// Thickness of the contact layer that carries the voltage.
  public var layerThickness: Length
  /// Radius of the disc that a vacancy cluster fills.
  public var discRadius: Length
  /// How far the disc reaches into the crystal; the depletion layer of a half-full disc must fit in.
  public var discThickness: Length
  /// Density of ionized vacancies in a full disc.
  public var discVacancyDensity: NumberDensity
  /// Vacancies of the critical cluster.
  public var criticalClusterSize: Ratio
  /// Symmetry factor α of the attachment step.
  public var transferCoefficient: Ratio
  /// Work of forming the critical cluster, beyond one hop.
  public var nucleationEnergy: Energy
  /// The same out of vacancies that have gathered at the contact, as the resolved level counts them; `nucleationEnergy`, which
  /// starts from the crystal's own, if absent.
  public var surfaceNucleationEnergy: Energy?
  /// Barrier of one vacancy leaving the cluster.
  public var detachmentEnergy: Energy
  /// Relative permittivity of the contact layer.
  public var layerPermittivity: Ratio
  /// Of a full disc, what stays behind as clusters after each SET; none, if absent.
  public var residualShare: Ratio?
  /// Time in which such clusters dissolve; they stay, if absent.
  public var recoveryTime: TimeSpan?

  /// m².
  public var discArea: Double { Double.pi * discRadius.si * discRadius.si }
}
