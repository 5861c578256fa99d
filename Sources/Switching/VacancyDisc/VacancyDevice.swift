import Foundation
import Materials
import Quantities
import Specimens

/// A memory device: the crystal's fields between two electrodes, as the parameters of its compact model.
///
/// The switching contact is the top electrode, where halide vacancies pile up when it is negative. Level L1 of the model:
/// an area that emits over the contact's barrier, and one disc whose vacancies make it a tunneling path.
public struct VacancyDevice: Sendable {
  public let barrier: ContactBarrier
  public let contact: IonicContact
  public let landscape: NucleationLandscape
  public let warnings: [ValidityWarning]
  /// Whether the resolved level has corrected the first passage.
  public let isEmulated: Bool

  let area: Double
  public let seriesResistance: Double
  let thermalVoltage: Double
  let staticPermittivity: Double
  let layerThickness: Double
  let discArea: Double
  let discThickness: Double
  /// Vacancies of a full disc.
  public let discCapacity: Double

  /// Rate at which one vacancy leaves the disc at zero voltage, 1/s, and the voltage that multiplies it by e.
  let detachmentRate: Double
  let detachmentScale: Double
  /// K.
  public let temperature: Double
  /// ν₀, 1/s, and the barrier of leaving, J.
  let attemptFrequency: Double
  let detachmentEnergy: Double
  /// What the crystal lets pass between the contacts.
  public let bulk: BulkConduction
  /// Vacancies that one SET leaves behind as clusters, in the mean, and the rate at which these dissolve, 1/s.
  let residue: Double
  let recoveryRate: Double
  let ionMobility: Double
  /// Of carriers that light keeps up in the bulk, S.
  let photoConductance: Double
  let thickness: Double

  /// Longest field in the contact layer for which rates are trusted, V/m.
  static let fieldLimit = 0.5e9

  /// - Throws: `SwitchingError`, `MaterialError`.
  public init(_ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields) throws {
    let compound = specification.scenario.exposed(try library.material(fields.compound))
    let top = try specification.electrodes(in: library).top
    guard let workFunction = top.workFunction else { throw SwitchingError.noWorkFunction(layer: top.name) }

    let q = Constants.elementaryCharge
    let thermal = Constants.boltzmann * fields.temperature.si
    guard let switching = compound.contactSwitching else {
      throw SwitchingError.noSwitchingConstants(of: compound.name)
    }
    let electronic = compound.electronicStructure
    barrier = try ContactBarrier(metalWorkFunction: workFunction, to: compound, at: fields.temperature)
    let dots = specification.quantumDots.flatMap { $0.density.si > 0 ? $0 : nil }
    let freeShare =
      dots?.freeShare(of: fields.meanVacancyDensity.si, in: compound, at: fields.temperature.si) ?? 1
    var places = NucleationLandscape(
      fields: fields, compound: compound, contact: switching, area: specification.area, dots: dots,
      freeShare: freeShare)
    var found: [ValidityWarning] = []
    var isEmulated = false
    // The emulator knows no dots: their places take the correction of the others, so that crystals with and without compare.
    if let emulator = library.emulators[compound.name].flatMap(ContactEmulator.init), places.totalRate > 0 {
      let state = ContactEmulator.state(of: fields, hopFactor: specification.moisture.si)
      if abs(fields.temperature.si - ContactEmulator.temperature) <= ContactEmulator.temperatureReach,
        let passage = emulator.corrected(places.pristine, state: state)
      {
        isEmulated = true
        places = places.corrected(rate: passage.rate, voltageScale: passage.voltageScale)
      } else {
        found.append(ContactEmulator.outside(compound.name))
      }
    }
    landscape = places
    self.isEmulated = isEmulated
    area = specification.area.si
    seriesResistance = specification.seriesResistance.si
    thermalVoltage = thermal / q
    staticPermittivity = electronic.staticPermittivity.si * Constants.vacuumPermittivity
    layerThickness = switching.layerThickness.si
    discArea = switching.discArea
    discThickness = switching.discThickness.si
    discCapacity = switching.discVacancyDensity.si * discArea * discThickness
    temperature = fields.temperature.si
    attemptFrequency = compound.defects.attemptFrequency.si
    detachmentEnergy = switching.detachmentEnergy.si
    detachmentRate = compound.defects.attemptFrequency.si * exp(-switching.detachmentEnergy.si / thermal)
    detachmentScale =
      2 * thermal * layerThickness / (q * fields.hopDistance(in: compound) * (1 - switching.transferCoefficient.si))
    thickness = fields.thickness.si
    // An ion that is bound part of the time is slower by that part.
    let diffusivity =
      freeShare
      * IonHop.halide(of: compound, at: fields.temperature).diffusivity(barrier: fields.migrationBarrier.mean)
    ionMobility = q * diffusivity / thermal
    photoConductance = specification.scenario.photoConductance(of: compound, area: area, length: thickness)
    let freeDensity = freeShare * fields.meanVacancyDensity.si
    bulk = BulkConduction(
      compound, ions: freeDensity, ionMobility: ionMobility, in: fields, area: specification.area)
    residue = (switching.residualShare?.si ?? 0) * discCapacity
    recoveryRate = switching.recoveryTime.map { 1 / $0.si } ?? 0
    contact = IonicContact(
      layerCapacitance: switching.layerPermittivity.si * Constants.vacuumPermittivity / layerThickness,
      staticPermittivity: staticPermittivity, bulkDensity: freeDensity, diffusivity: diffusivity,
      thickness: thickness, temperature: fields.temperature.si)

    if landscape.unresolvedDeviation > 0.2 {
      found.append(
        ValidityWarning(
          stage: "switching", code: "weakestLinkNotAveraged",
          message:
            "short-range disorder leaves a relative spread of \(Self.rounded(landscape.unresolvedDeviation)) in the electrode's nucleation rate, which is left out; use a larger electrode or a window as large as it"
        ))
    }
    // The tunneling form takes the whole barrier to fall within the donors: W = √(2 ε φ/(q² N)) at half filling.
    let depletion = (4 * staticPermittivity * barrier.height / (q * q * switching.discVacancyDensity.si)).squareRoot()
    if depletion > discThickness {
      found.append(
        ValidityWarning(
          stage: "switching", code: "discTooThin",
          message:
            "the half-full disc's depletion layer of \(Self.rounded(depletion * 1e9)) nm is deeper than the disc, "
            + "\(Self.rounded(discThickness * 1e9)) nm; its current is overestimated"))
    }
    warnings = found
  }

  /// Θ = t µ V/L²: crossings of the crystal that an ion could make during a sweep; physics (8.3).
  public func crossings(duringSweep time: Double, voltage: Double) -> Double {
    time * ionMobility * abs(voltage) / (thickness * thickness)
  }

  /// Θ of the ramp in which an ion makes the fewest crossings, each there and back and again with the other sign; nil without a
  /// voltage.
  func crossings(during protocols: [TestProtocol]) -> Double? {
    protocols.flatMap(\.ramps).filter { $0.amplitude.si != 0 }.map { ramp in
      crossings(duringSweep: 4 * abs(ramp.amplitude.si) / ramp.rate.si, voltage: ramp.amplitude.si)
    }.min()
  }

  /// Rate at which one vacancy leaves the disc without a voltage, 1/s, at any temperature, K.
  func detachmentRate(at temperature: Double) -> Double {
    attemptFrequency * exp(-detachmentEnergy / (Constants.boltzmann * temperature))
  }

  /// Current at a voltage on the crystal for a frozen state, A.
  ///
  ///     I = [A J_TE + A_d (J_TFE − J_TE)] tanh(qV/2kT), in series with the bulk's
  ///
  /// Two like barriers back to back: the closure for the second electrode, which is not resolved at this level. Odd in V but for
  /// the image force, which acts where vacancies have piled up; its field Q/ε is that on the crystal's side of the contact layer,
  /// where the top of the barrier is taken to lie.
  public func current(
    voltage: Double, charge: Double, vacancies: Int, bulk state: BulkConduction.State = BulkConduction.State()
  ) -> Double {
    let lowering = barrier.imageLowering(field: charge / staticPermittivity)
    let emission = area * barrier.thermionic(lowering: lowering)
    return current(voltage: voltage, emission: emission, lowering: lowering, vacancies: vacancies, bulk: state)
  }

  /// The same of a known emission over the barrier.
  /// - Parameters:
  ///   - emission: saturation current of the whole electrode without the disc, A.
  ///   - lowering: of the barrier at the disc, J.
  func current(
    voltage: Double, emission: Double, lowering: Double, vacancies: Int,
    bulk state: BulkConduction.State = BulkConduction.State()
  ) -> Double {
    let magnitude = abs(voltage)
    guard magnitude > 0 else { return 0 }
    var injected = emission
    if vacancies > 0 {
      let donors = Double(vacancies) / (discArea * discThickness)
      injected +=
        discArea
        * (barrier.thermionicField(donors: donors, lowering: lowering) - barrier.thermionic(lowering: lowering))
    }
    injected *= tanh(magnitude / (2 * thermalVoltage))
    let bulk = bulk.current(voltage: voltage, state: state)
    let total = injected * bulk / (injected + bulk) + photoConductance * magnitude
    return voltage > 0 ? total : -total
  }

  static func rounded(_ x: Double) -> String { String(format: "%.2g", x) }
}
