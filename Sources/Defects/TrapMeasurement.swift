import Foundation
import Materials
import Quantities
import Specimens

/// Deep traps of a crystal and the space-charge-limited-current reading that a laboratory would report.
public enum TrapMeasurement {
  /// How the current is measured; what matters is how far the ions get meanwhile.
  public enum Scheme: String, Hashable, Sendable, CaseIterable {
    /// Pulses on a crystal whose ions have not answered the contacts yet: they stay spread as growth left them.
    case fresh
    /// Pulses too short for ions, on a crystal that rests between its contacts.
    case pulsed
    /// A sweep so slow that ions come to rest at every voltage.
    case swept
  }

  /// Largest voltage of a laboratory's source, V.
  static let largestVoltage = 200.0
  /// First voltage of the curve, V.
  static let firstVoltage = 0.01
  /// Steepest d ln J / d ln V that still counts as a kink; 2 without traps.
  static let kinkSlope = 2.3
  /// Slopes at the upper end that pass for the square law.
  static let squareLawSlopes = 1.8...2.3
  /// Barrier of the contacts, eV; up to 0.1 eV counts as ohmic, physics (6.4).
  static let contactBarrier = 0.05
  /// Trap-filled limit over kT/q below which diffusion blurs the kink away.
  static let visibleKink = 30.0
  /// Charge that a contact must be able to supply, over ε V/(q L²) at the kink.
  static let contactSupply = 10.0
  static let nodes = 160
  static let points = 28

  /// Deep traps that defects, foreign ions and inclusions make, 1/m³.
  ///
  ///     n_t = η Σ c_d + Σ k_imp c_imp + n_inc f_inc
  ///
  /// Physics (1.18), with one share η for all vacancies and interstitials.
  public static func density(of defects: DefectInventory, inclusions: Ratio, in compound: Compound) -> NumberDensity {
    let law = compound.defects
    let native =
      defects.halideVacancies.si + defects.cationVacancies.si + defects.leadVacancies.si
      + defects.halideInterstitials.si + defects.cationInterstitials.si
    // In the order of the names, so that the sum does not depend on hashing.
    let foreign = defects.impurities.keys.sorted().reduce(0) { sum, name in
      sum + (compound.impurities?[name]?.deepTrapFraction?.si ?? 0) * defects.impurities[name]!.si
    }
    return NumberDensity(
      si: law.deepTrapFraction.si * native + foreign + law.inclusionTrapDensity.si * inclusions.si)
  }

  /// What the measurement across the thickness reads.
  ///
  /// The current is simulated between ohmic contacts for one carrier, the one that most traps catch, and read as a
  /// laboratory reads it: V_TFL where the steepest tangent meets the square law of the upper end (`SpaceChargeCurve`).
  ///
  ///     n = 2 ε V_TFL / (q L²),   floor: V_TFL = `smallestVoltage`, 30 kT/q if not given
  ///
  /// Lampert & Mark; physics (6.2), (6.4)-(6.6). The reading is valid where a kink shows, the contacts can supply the
  /// charge, and, unless the ions are where growth left them, all mobile ions gathered on one side would weigh less than
  /// the trapped charge: q N_ion L²/(2 ε) < V_TFL, which at 400 nm and a few volts is N_ion < 1e17 cm⁻³, the validity
  /// window of measurements of perovskite films. Where no kink shows above the floor, or the traps do not fill up to
  /// the last voltage, 200 V at most, nothing is read: neither V_TFL nor an apparent density. Where the simulation does not
  /// converge, `isSimulated` is false and the law alone gives the numbers.
  /// - Throws: `SpaceChargeError.invalid` for a density, a thickness or a temperature that is none.
  public static func reading(
    of defects: DefectInventory, inclusions: Ratio, thickness: Length, in compound: Compound,
    boundaryTraps: NumberDensity = NumberDensity(si: 0), by scheme: Scheme = .fresh, at temperature: Temperature = .kelvin(298.15),
    smallestVoltage: Voltage? = nil
  ) throws -> TrapReading {
    var density = density(of: defects, inclusions: inclusions, in: compound)
    density.si += boundaryTraps.si
    let device = device(
      traps: density, ions: scheme == .fresh ? NumberDensity(si: 0) : defects.halideVacancies, thickness: thickness,
      temperature: temperature, compound: compound)
    let densityPerVolt = 2 * device.dielectricConstant / (Constants.elementaryCharge * thickness.si * thickness.si)
    let smallest = smallestVoltage?.si ?? visibleKink * device.thermalVoltage
    let floor = densityPerVolt * smallest
    let law = density.si / densityPerVolt
    let surface = compound.defects.surfaceTrapDensity ?? ArealDensity(si: 0)
    let curve: SpaceChargeCurve
    do {
      curve = try Self.curve(device, expected: law, ions: scheme == .pulsed ? .frozen : .equilibrated)
    } catch SpaceChargeError.notConverged {
      return TrapReading(
        density: density, surfaceDensity: surface, apparentDensity: law > smallest ? density : nil,
        trapFilledLimitVoltage: law > smallest ? Voltage(si: law) : nil, geometricFloor: NumberDensity(si: floor),
        isResolved: false,
        isSimulated: false)
    }
    let kink = curve.steepestSlope > kinkSlope ? curve.kinkVoltage : nil
    let isResolved = kink.map { $0 > smallest && $0 < curve.highestVoltage } ?? false
    let outOfReach = !isResolved && (curve.upperSlope > kinkSlope || law > largestVoltage)
    let voltage = isResolved ? kink : nil
    let isValid =
      voltage.map { kink in
        let areIonsHarmless = scheme == .fresh || defects.halideVacancies.si < densityPerVolt * kink
        return areIonsHarmless && device.bottomSupply > contactSupply * densityPerVolt * kink
      } ?? false
    return TrapReading(
      density: density, surfaceDensity: surface,
      apparentDensity: voltage.map { NumberDensity(si: $0 * densityPerVolt) },
      trapFilledLimitVoltage: voltage.map { Voltage(si: $0) }, geometricFloor: NumberDensity(si: floor),
      // A square law below the traps' filling is theirs, not the mobility's.
      apparentMobility: !outOfReach && law <= largestVoltage && squareLawSlopes.contains(curve.upperSlope)
        ? Mobility(si: curve.apparentMobility) : nil,
      isResolved: isResolved, isValid: isValid, isSimulated: true)
  }

  /// What a profile by capacitance reads next to a surface, 1/m³: traps of the surface spread over the Debye length of
  /// the ions.
  ///
  ///     N = N_it / λ,  λ = √(ε kT / (q² N_ion))
  ///
  /// Physics (6.6); Ni 2020, Science 367, 1352. The surface density is an input. Close to an ohmic contact such traps barely change the
  /// current: the electrode mirrors their charge.
  public static func interfaceDensity(
    of surface: ArealDensity, ions: NumberDensity, in compound: Compound, at temperature: Temperature = .kelvin(298.15)
  ) -> NumberDensity {
    let epsilon = compound.electronicStructure.staticPermittivity.si * Constants.vacuumPermittivity
    let length =
      (epsilon * Constants.boltzmann * temperature.si / ions.si).squareRoot() / Constants.elementaryCharge
    return NumberDensity(si: surface.si / length)
  }

  /// Time in which mobile ions charge the two contacts and screen the layer, s: pulses must be shorter, slow sweeps
  /// longer.
  ///
  ///     t = λ L / (2 D),  D = (4/3) d² ν₀ exp(−E_m/kT)
  ///
  /// Bazant, Thornton & Ajdari, *Phys. Rev. E* 70 (2004) 021506, with λ the Debye length of the ions; eight neighbors
  /// at the distance d. Small voltages; larger ones take longer.
  public static func ionResponseTime(
    of defects: DefectInventory, thickness: Length, in compound: Compound,
    at temperature: Temperature = .kelvin(298.15)
  ) -> TimeSpan {
    let kT = Constants.boltzmann * temperature.si
    // Within the layers, where there are any.
    let diffusivity = HalideDiffusion.tensor(in: compound, at: temperature).xx
    let epsilon = compound.electronicStructure.staticPermittivity.si * Constants.vacuumPermittivity
    let length = (epsilon * kT / defects.halideVacancies.si).squareRoot() / Constants.elementaryCharge
    return TimeSpan(si: length * thickness.si / (2 * diffusivity))
  }

  /// The curve from 10 mV to where the square law is back, ten times the kink of full traps, as far as the source goes.
  private static func curve(
    _ device: SpaceChargeDevice, expected: Double, ions: SpaceChargeSimulator.IonMotion
  ) throws -> SpaceChargeCurve {
    let simulator = try SpaceChargeSimulator(device, nodes: nodes)
    return try SpaceChargeCurve(
      of: simulator, from: .volts(firstVoltage), to: .volts(min(largestVoltage, max(10, 10 * expected))),
      points: points, ions: ions)
  }

  /// The crystal between ohmic contacts for the carrier that most of its traps catch.
  ///
  /// Levels above midgap catch electrons, those below holes; without known levels, all traps lie at midgap.
  static func device(
    traps: NumberDensity, ions: NumberDensity, thickness: Length, temperature: Temperature, compound: Compound
  ) -> SpaceChargeDevice {
    let electronic = compound.electronicStructure
    let middle = 0.5 * electronic.bandGap.si
    let known = (compound.traps ?? [:]).sorted { $0.key < $1.key }.map(\.value).filter { $0.share.si > 0 }
    let shares = known.reduce(0) { $0 + $1.share.si }
    let upper = known.reduce(0) { $0 + ($1.energy.si >= middle ? $1.share.si : 0) }
    let carriers: SpaceChargeDevice.Carriers = 2 * upper >= shares ? .electrons : .holes
    let states = SpaceChargeDevice.states(
      mass: carriers == .electrons ? electronic.electronMass : electronic.holeMass, at: temperature)
    let contact = exp(-Energy.electronvolts(contactBarrier).si / (Constants.boltzmann * temperature.si))
    var device = SpaceChargeDevice(
      of: compound, thickness: thickness, temperature: temperature, carriers: carriers,
      contact: .ohmic(NumberDensity(si: states.si * contact)))
    device.ions = ions
    func add(_ place: (Double) -> SpaceChargeTrap.Place) {
      // Without known levels, all at midgap; the cross section then matters to no steady current.
      if known.isEmpty {
        device.traps.append(
          SpaceChargeTrap(
            place(1), energy: Energy(si: middle), electronCrossSection: Area(si: 1e-19),
            holeCrossSection: Area(si: 1e-19)))
      }
      for level in known {
        device.traps.append(
          SpaceChargeTrap(
            place(level.share.si / shares), energy: level.energy, electronCrossSection: level.electronCrossSection,
            holeCrossSection: level.holeCrossSection, emptyCharge: level.energy.si >= middle ? 0 : 1))
      }
    }
    if traps.si > 0 { add { .bulk(NumberDensity(si: traps.si * $0)) } }
    if let surface = compound.defects.surfaceTrapDensity?.si, surface > 0 {
      let depth = compound.latticeConstant
      add { .sheet(ArealDensity(si: surface * $0), at: depth) }
      add { .sheet(ArealDensity(si: surface * $0), at: Length(si: thickness.si - depth.si)) }
    }
    return device
  }
}
