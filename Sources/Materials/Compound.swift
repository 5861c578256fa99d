import Quantities

/// A halide perovskite ABX₃, cubic in its working range, and what is known of it.
public struct Compound: Hashable, Sendable, Codable {
  public var name: String
  public var latticeConstant: Length
  public var molarMass: MolarMass
  /// Above this temperature the compound decomposes.
  public var decompositionTemperature: Temperature
  public var elasticity: CubicElasticity
  public var thermalExpansion: ThermalExpansion
  public var electronicStructure: ElectronicStructure
  public var defects: DefectThermodynamics
  public var disorder: Disorder
  public var growthKinetics: GrowthKinetics
  /// Solutions of the compound, by the solvent's name.
  public var solutions: [String: Solution]
  public var contactSwitching: ContactSwitching

  /// Formula units per volume, 1/m³.
  public var formulaUnitDensity: Double {
    let a = latticeConstant.si
    return 1 / (a * a * a)
  }

  /// Length of a halide hop, a₀/√2, m.
  public var halideHopDistance: Double { latticeConstant.si / 2.0.squareRoot() }

  /// Moles of formula units per volume of crystal, mol/m³.
  public var molarDensity: Double { formulaUnitDensity / Constants.avogadro }
}

public struct CubicElasticity: Hashable, Sendable, Codable {
  public var c11: Pressure
  public var c12: Pressure
  public var c44: Pressure
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
  public var staticPermittivity: Ratio
  public var opticalPermittivity: Ratio
}

/// Point defects V_X⁺, V_A⁻ and V_B²⁻ of ABX₃: energies, motion, and how growth leaves them behind.
public struct DefectThermodynamics: Hashable, Sendable, Codable {
  /// Half the energy of the pair V_A⁻ + V_X⁺ (partial Schottky, AX).
  public var schottkyEnergyAX: Energy
  /// A third of the energy of V_B²⁻ + 2 V_X⁺ (partial Schottky, BX₂).
  public var schottkyEnergyBX2: Energy
  public var halideMigrationEnergy: Energy
  public var cationMigrationEnergy: Energy
  public var attemptFrequency: Frequency
  /// Relaxation volume of V_X⁺ over the volume of a formula unit: chemical eigenstrain is a third of it per site fraction.
  public var halideRelaxationVolume: Ratio
  /// Volume of activation of a halide hop over the volume of a formula unit.
  public var halideActivationVolume: Ratio
  /// Density of V_A⁻ that an infinitely fast front would leave.
  public var frontVacancyDensity: NumberDensity
  /// Front speed at which half of that is kept.
  public var trappingVelocity: Velocity
  /// Distance between sinks at which cation vacancies disappear.
  public var sinkDistance: Length
  /// Share of vacancies that act as deep electronic traps.
  public var deepTrapFraction: Ratio
  /// Deep traps per volume fraction of solvent inclusions.
  public var inclusionTrapDensity: NumberDensity
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
  /// Face speed prefactor k₀ of k_r = k₀ exp(−E_r/kT).
  public var integrationPrefactor: Velocity
  public var integrationEnergy: Energy
  /// σ₁ of the spiral law.
  public var spiralSupersaturation: Ratio
  /// Corner-to-center depletion coefficient β_f.
  public var cornerDepletion: Ratio
  /// Depletion over supersaturation at which solvent is included.
  public var inclusionThreshold: Ratio
}

/// The compound in one solvent.
public struct Solution: Hashable, Sendable, Codable {
  public var referenceTemperature: Temperature
  /// Moles per volume of solvent at saturation and the reference temperature.
  public var solubility: Concentration
  /// Negative: the solubility falls on heating.
  public var dissolutionEnthalpy: MolarEnergy
  public var soluteDiffusivity: Diffusivity
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
  /// Barrier of one vacancy leaving the cluster.
  public var detachmentEnergy: Energy
  /// Relative permittivity of the contact layer.
  public var layerPermittivity: Ratio

  /// m².
  public var discArea: Double { Double.pi * discRadius.si * discRadius.si }
}
