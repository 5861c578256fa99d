import Fields
import Quantities

/// What the crystal looks like inside the device: the field stage's result, the switching stage's input.
///
/// The window stands at the switching contact (top plane of the grid); the step map spreads over the electrode.
public struct CrystalFields: Hashable, Sendable {
  public var compound: String
  /// Mobile halide vacancies, 1/m³.
  public var vacancyDensity: Field
  /// Vacancies counted in each voxel (Cox process).
  public var vacancyCount: Field
  /// Deep traps, those of faces, grain boundaries and torn edges in their places, 1/m³.
  public var trapDensity: Field
  /// Elastic strain.
  public var strain: SymmetricTensorField
  /// Barrier of a halide hop along z, J.
  public var migrationBarrier: Field
  /// Energy of a vacancy under the local strain, beyond that in the unstrained crystal, J: the shift of its formation energy.
  public var vacancyEnergy: Field
  /// Of a film: the number of the grain in each column of the window, from 1; one plane.
  public var grains: Field?
  /// Relative vacancy density over the electrode, 1 in the mean of many devices: a grid of one plane, coarse against the window.
  public var stepMap: Field
  /// The cell of the step map in which the window stands.
  public var windowCell: SIMD2<Int>
  /// Mean vacancy density of the device, 1/m³.
  public var meanVacancyDensity: NumberDensity
  /// Vacancies at the switching contact over those of the bulk, as faces and boundaries add to them: one plane; nil if they
  /// add nothing.
  public var contactExcess: Field?
  /// Standard deviation of ln(density) within the window, and its correlation length, as the model set them.
  public var logDeviation: Ratio
  public var correlationLength: Length
  /// In-plane elastic strain from misfit and from outside, and the window's mean in-plane stress.
  public var residualStrain: Ratio
  public var residualStress: Pressure
  /// Thickness of the crystal under the electrode.
  public var thickness: Length
  /// Mean barrier of a hop along z before strain acts.
  public var unstrainedBarrier: Energy
  public var temperature: Temperature
  /// cos² of the angle between the stacking axis of a layered compound, or c, and z; the mean over grains.
  public var stackingAlignment = Ratio(si: 1)
  public var warnings: [ValidityWarning]

  public init(
    compound: String, vacancyDensity: Field, vacancyCount: Field, trapDensity: Field, strain: SymmetricTensorField,
    migrationBarrier: Field, vacancyEnergy: Field, grains: Field? = nil, stepMap: Field, windowCell: SIMD2<Int>,
    meanVacancyDensity: NumberDensity, contactExcess: Field? = nil, logDeviation: Ratio,
    correlationLength: Length,
    residualStrain: Ratio, residualStress: Pressure, thickness: Length, unstrainedBarrier: Energy,
    temperature: Temperature, warnings: [ValidityWarning]
  ) {
    self.compound = compound
    self.vacancyDensity = vacancyDensity
    self.vacancyCount = vacancyCount
    self.trapDensity = trapDensity
    self.strain = strain
    self.migrationBarrier = migrationBarrier
    self.vacancyEnergy = vacancyEnergy
    self.grains = grains
    self.stepMap = stepMap
    self.windowCell = windowCell
    self.meanVacancyDensity = meanVacancyDensity
    self.contactExcess = contactExcess
    self.logDeviation = logDeviation
    self.correlationLength = correlationLength
    self.residualStrain = residualStrain
    self.residualStress = residualStress
    self.thickness = thickness
    self.unstrainedBarrier = unstrainedBarrier
    self.temperature = temperature
    self.warnings = warnings
  }
}
