import Foundation
import Materials
import Quantities
import Specimens

extension MetallizationDevice {
  /// A device of a crystal and its electrodes, one of which at least is an active metal.
  ///
  /// The crystal sets the distance of the electrodes (its thickness, or the gap of two on one face), how its layers lie to
  /// the ions' way, and what flows without a filament: emission over the contact's barrier in series with the bulk's
  /// space-charge-limited current.
  /// - Throws: `SwitchingError`, `MaterialError`.
  public init(_ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields) throws {
    let compound = specification.scenario.exposed(try library.material(fields.compound))
    guard let law = compound.metallization else { throw SwitchingError.noMetallization(of: compound.name) }
    let electrodes = try specification.electrodes(in: library)
    guard let metal = electrodes.top.filament ?? electrodes.bottom.filament else { throw SwitchingError.noActiveMetal }
    let temperature = fields.temperature.si
    let length = specification.gap?.si ?? fields.thickness.si

    let isPlanar = specification.gap != nil
    let openness = Self.openness(law, in: fields, isPlanar: isPlanar, at: temperature)
    let surface = Self.openness(law, in: fields, isPlanar: isPlanar, at: MetallizationParameters.reference)
    var parameters = MetallizationParameters(
      length: length, electrodeArea: specification.area.si, temperature: temperature,
      exchangeDensity: law.exchangeDensity.si, nucleationRate: law.nucleationRate.si,
      nucleationEnergy: law.nucleationEnergy.si, ionDensity: law.ionDensity.si,
      hopBarrier: law.hopEnergy.si - Constants.boltzmann * temperature * log(openness.factor),
      surfaceDiffusivity: law.surfaceDiffusivity.si * surface.factor)
    parameters.seriesResistance = specification.seriesResistance.si
    parameters.bothElectrodesActive =
      specification.activeElectrodes == .both && electrodes.top.filament != nil && electrodes.bottom.filament != nil
    parameters.charge = Double(metal.charge)
    parameters.exchangeActivation = law.exchangeEnergy.si
    parameters.transferCoefficient = law.transferCoefficient.si
    parameters.criticalClusterSize = law.criticalClusterSize.si
    parameters.hopDistance = compound.hopDistance(
      stackingAlignment: Self.upright(fields, isPlanar: isPlanar))
    parameters.attemptFrequency = compound.defects.attemptFrequency.si
    parameters.surfaceEnergy = (law.interfaceEnergy ?? metal.surfaceEnergy).si
    parameters.atomicVolume = metal.atomicVolume.si
    parameters.surfaceActivation = law.surfaceDiffusionEnergy.si + surface.activation
    parameters.tunnelBarrier = law.tunnelBarrier.si
    parameters.resistivity = metal.resistivity.si
    parameters.meanFreePath = metal.meanFreePath.si
    parameters.meltingTemperature = metal.meltingTemperature.si
    parameters.tipRadius = law.tipRadius.si
    parameters.permittivity =
      compound.electronicStructure.staticPermittivity.si * Constants.vacuumPermittivity
    let activeIsTop = electrodes.top.filament != nil
    let background = try Self.background(
      activeIsTop ? electrodes : (top: electrodes.bottom, bottom: electrodes.top), of: compound, length: length,
      area: specification.area.si, temperature: fields.temperature,
      photoConductance: specification.scenario.photoConductance(
        of: compound, area: specification.area.si, length: length))
    self.init(
      MetallizationCell(parameters, background: background), activeIsTop: activeIsTop)
  }

  /// How freely metal moves along the way between the electrodes, against the layers' own plane.
  ///
  ///     f = 1 − c + c e^(−ΔE/kT),   c = cos² between the stacking axis and the way;   −d ln f/d(1/kT) = c ΔE e^(−ΔE/kT)/f
  ///
  /// Ions take the layers' open ways. So do the atoms on a filament's surface, which lies in the crystal's layers: one that
  /// crosses them keeps its shape longer than one that lies along them.
  private static func openness(
    _ law: Metallization, in fields: CrystalFields, isPlanar: Bool, at temperature: Double
  ) -> (factor: Double, activation: Double) {
    guard let extra = law.interlayerEnergy?.si else { return (1, 0) }
    let share = upright(fields, isPlanar: isPlanar)
    let across = share * exp(-extra / (Constants.boltzmann * temperature))
    let factor = 1 - share + across
    return (factor, extra * across / factor)
  }

  /// cos² between the stacking axis and the way between the electrodes.
  private static func upright(_ fields: CrystalFields, isPlanar: Bool) -> Double {
    let upright = min(1, max(0, fields.stackingAlignment.si))
    // Any direction in the plane is as likely as another.
    return isPlanar ? 0.5 * (1 - upright) : upright
  }

  /// Current without a filament, A: contacts and bulk in series; an ohmic contact leaves the bulk.
  private static func background(
    _ electrodes: (top: LayerMaterial, bottom: LayerMaterial), of compound: Compound, length: Double, area: Double,
    temperature: Temperature, photoConductance: Double
  ) throws -> @Sendable (Double) -> Double {
    let electronic = compound.electronicStructure
    let permittivity = electronic.staticPermittivity.si * Constants.vacuumPermittivity
    let bulk = 9 * permittivity * electronic.electronMobility.si * area / (8 * length * length * length)
    let twice = 2 * Constants.boltzmann * temperature.si / Constants.elementaryCharge
    // The electrode that emits at either sign of the cell's own voltage, which is that of the active electrode, given as the top.
    func barrier(_ electrode: LayerMaterial) throws -> ContactBarrier? {
      guard let workFunction = electrode.workFunction else {
        throw SwitchingError.noWorkFunction(layer: electrode.name)
      }
      do {
        return try ContactBarrier(metalWorkFunction: workFunction, to: compound, at: temperature)
      } catch SwitchingError.noBarrier {
        return nil
      }
    }
    let top = try barrier(electrodes.top)
    let bottom = electrodes.bottom.workFunction == nil ? top : try barrier(electrodes.bottom)
    return { voltage in
      let magnitude = abs(voltage)
      guard magnitude > 0 else { return 0 }
      let limit = bulk * magnitude * magnitude
      var current = limit
      if let contact = voltage > 0 ? bottom : top {
        let emitted =
          area * contact.thermionic(lowering: contact.imageLowering(field: magnitude / length))
          * tanh(magnitude / twice)
        current = emitted * limit / (emitted + limit)
      }
      current += photoConductance * magnitude
      return voltage > 0 ? current : -current
    }
  }
}
