import Growth
import Quantities
import Specimens
import Switching

/// What became of one device: its crystal, its fields, its test, or the step at which it failed.
public struct DeviceOutcome: Sendable {
  /// Why there is no device.
  public struct Failure: Hashable, Sendable {
    /// `growth`, `fields` or `switching`.
    public var stage: String
    /// The error in words.
    public var reason: String
    /// Whether a solver gave up, rather than the physics.
    public var isNonConvergence: Bool
  }

  /// The device's number in the ensemble.
  public var number: Int
  /// How the growth run ended; nil where its equations could not be solved.
  public var run: RunOutcome?
  /// The crystal of the device's own growth run; nil if none grew.
  public var crystal: GrownCrystal?
  /// Of what the run gave on its plate, the share within the recipe's bounds; nil where it sets none.
  public var plateYield: Ratio?
  /// Figures of the fields; nil without a device in the recipe or when the fields failed.
  public var fields: FieldFigures?
  /// The fields themselves, where they were asked for.
  public var storedFields: CrystalFields?
  /// How the bands bend at its contacts; nil where the fields are not stored or no contact has a work function.
  public var storedBands: BandFields?
  /// What the test gave; nil when the device did not come to it.
  public var trace: SwitchingTrace?
  /// Why there is no tested device; nil where nothing failed.
  public var failure: Failure?

  /// The limits that all stages of this device passed.
  public var warnings: [ValidityWarning] {
    (crystal?.warnings ?? []) + (fields?.warnings ?? []) + (storedBands?.warnings ?? []) + (trace?.warnings ?? [])
  }
}

/// The few numbers of a device's fields that outlive them.
public struct FieldFigures: Hashable, Sendable {
  /// Mean mobile vacancies of the crystal under the electrode, and in the contact's plane, where faces and grain boundaries
  /// may hold more.
  public var vacancyDensity: NumberDensity
  public var contactVacancies: NumberDensity
  /// In-plane elastic strain and stress from misfit.
  public var strain: Ratio
  /// In-plane stress from misfit, tensile above 0.
  public var stress: Pressure
  /// Mean barrier of a halide hop along z.
  public var migrationBarrier: Energy
  /// Thickness of the crystal under the electrode.
  public var thickness: Length
  /// The limits that the field stage passed.
  public var warnings: [ValidityWarning]

  init(_ fields: CrystalFields) {
    let mean = fields.meanVacancyDensity.si * fields.stepMap.mean
    vacancyDensity = NumberDensity(si: mean)
    contactVacancies = NumberDensity(si: mean * (fields.contactExcess?.mean ?? 1))
    strain = fields.residualStrain
    stress = fields.residualStress
    migrationBarrier = Energy(si: fields.migrationBarrier.mean)
    thickness = fields.thickness
    warnings = fields.warnings
  }
}
