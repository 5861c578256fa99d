import Foundation
import Quantities

/// How fast a cell's filament nucleates, grows and thins.
extension MetallizationCell {
  /// Atoms that come and go at one state and voltage, 1/s, with what flows meanwhile.
  struct Flow {
    var gain: Double
    var loss: Double
    var point: OperatingPoint
    /// Whether the filament takes so much current that source or leads lower the cell's voltage.
    var isFedBack: Bool
    var net: Double { gain - loss }
    var turnover: Double { gain + loss }
  }

  /// Share of the mobile ions that endurance has left.
  func ionShare(_ state: State) -> Double { max(0, 1 - state.lostAtoms / parameters.reservoir) }

  /// Nuclei per second on the whole electrode, at a voltage on the cell.
  ///
  ///     1/k = 1/k_nuc + (N_c + 1)/k_ions,   k_nuc = k_n0 exp(−ΔG*/kT) exp[(N_c + α) z e η/kT]
  ///
  /// Physics (8.9): before there is a nucleus no ions flow, so η is the whole voltage, less that of the open circuit.
  /// Closures: a nucleus needs N_c + 1 ions, which arrive at a site as they hop (8.10), so without ions there are none;
  /// and it counts if it lives, which takes a voltage above that of the tip that it becomes: with odds of e^u between
  /// gain and loss the chance is 1 − e^{−(N_c + 1)u} (gambler's ruin), u = z e (η − V_GT)/kT.
  public func nucleationRate(voltage: Double, state: State = State()) -> Double {
    let p = parameters
    let size = p.bothElectrodesActive ? abs(voltage) : voltage
    let η = size - p.openCircuitVoltage
    let ions = siteIons * ionShare(state)
    let drive = size - tipBalance
    guard η > 0, drive > 0, ions > 0, p.nucleationRate > 0 else { return 0 }
    let unit = ionCharge / thermal
    let nuclei =
      p.nucleationRate
      * exp(
        min(600, (p.criticalClusterSize + p.transferCoefficient) * unit * η - p.nucleationEnergy / thermal))
    let arrivals = ions * sinh(min(600, p.hopDistance * unit * η / (2 * p.length)))
    let survival = -expm1(-(p.criticalClusterSize + 1) * unit * drive)
    return siteCount * survival / (1 / nuclei + (p.criticalClusterSize + 1) / arrivals)
  }

  /// Atoms of a nucleus that lives: so many that its chance of ruin is below 1 in 1000, where 28 are enough for that.
  func nucleusSize(voltage: Double) -> Double {
    let u = ionCharge / thermal * (abs(voltage) - tipBalance)
    return min(fullCount, max(parameters.criticalClusterSize + 1, 7 / max(u, 0.25)))
  }

  /// First passage of nucleation where ions are plenty and nuclei live: physics (8.38).
  public var nucleation: RampFirstPassage {
    let p = parameters
    let scale = thermal / (ionCharge * (p.criticalClusterSize + p.transferCoefficient))
    return RampFirstPassage(
      rate: siteCount * p.nucleationRate * exp(-p.nucleationEnergy / thermal - p.openCircuitVoltage / scale),
      voltageScale: scale)
  }

  /// Mean time to SET at a constant voltage without electrons' help, s: waiting for a nucleus, then growth by expected
  /// counts.
  ///
  /// Infinite where it never sets.
  public func setTime(voltage: Double) -> (nucleation: Double, growth: Double) {
    let steps = 400
    let drive = voltage - tipBalance
    var path = path
    var growth = 0.0
    for i in 0..<steps {
      path.gap = parameters.length * (Double(i) + 0.5) / Double(steps)
      let net = path.rates(driving: drive).net - retraction
      growth += net > 0 ? fullCount / Double(steps) / net : .infinity
    }
    return (1 / nucleationRate(voltage: voltage), growth)
  }

  // MARK: atoms

  /// The path of ions to a tip at a temperature in K, over the whole length.
  static func path(_ p: MetallizationParameters, tipArea: Double, at temperature: Double) -> IonPath {
    let hopping = IonHopping(
      density: p.ionDensity, distance: p.hopDistance, attemptFrequency: p.attemptFrequency, barrier: p.hopBarrier,
      charge: p.charge, temperature: temperature)
    let transfer = ButlerVolmer(
      exchangeDensity: p.exchangeDensity * MetallizationParameters.warming(p.exchangeActivation, to: temperature),
      transferCoefficient: p.transferCoefficient, charge: p.charge, temperature: temperature)
    return IonPath(
      transfer: transfer, hopDensity: hopping.exchangeDensity, hopDistance: p.hopDistance, tipArea: tipArea,
      activeArea: p.electrodeArea, gap: p.length)
  }

  /// Atoms at the tip of a filament that leaves a gap: physics (8.33).
  ///
  /// Closure: surface diffusion draws the tip back by one neck's length per lifetime of its radius (8.25).
  func tipFlow(
    atoms: Double, orientation: Double, applied: Double, compliance: Double, share: Double
  ) throws -> Flow {
    let conductance = conductance(tip: atoms)
    let point = try operate(applied, compliance: compliance, conductance: conductance)
    let isFedBack =
      conductance * abs(point.voltage) > 1e-3 * abs(point.current)
      && (point.isLimited || parameters.seriesResistance * conductance > 1e-3)
    var path = path
    path.hopDensity *= share
    path.gap = max(0, parameters.length * (1 - atoms / fullCount))
    let rates = path.rates(driving: orientation * point.voltage - tipBalance)
    return Flow(gain: rates.deposition, loss: rates.dissolution + retraction, point: point, isFedBack: isFedBack)
  }

  /// Atoms of the neck of a filament that bridges: physics (8.35), (8.36).
  ///
  /// They plate out on its wall, which is taken to see the whole voltage across one neck's length of crystal, dissolve
  /// from it the more the thinner it is, and leave by surface diffusion. All of it at the temperature of the filament.
  func neckFlow(
    atoms: Double, orientation: Double, applied: Double, compliance: Double, share: Double
  ) throws -> Flow {
    let p = parameters
    let radius = radius(neck: atoms)
    let resistance = filament.resistance(radius: radius, length: p.length)
    let point = try operate(applied, compliance: compliance, conductance: 1 / resistance)
    let temperature = temperature(power: point.voltage * point.voltage / resistance, resistance, radius: radius)
    var path = temperature - p.temperature < 0.01 ? path : Self.path(p, tipArea: tipArea, at: temperature)
    path.hopDensity *= share
    path.gap = p.neckLength
    path.tipArea = 2 * Double.pi * radius * p.neckLength
    let rates = path.rates(
      driving: orientation * point.voltage - capillarity.wall(radius: radius) - p.openCircuitVoltage)
    let thinning = lifetime(at: temperature).thinning(radius: radius)
    return Flow(
      gain: rates.deposition, loss: rates.dissolution + path.tipArea * thinning / p.atomicVolume, point: point,
      isFedBack: true)
  }

  /// Surface diffusion at a temperature in K; see `FilamentLifetime`.
  public func lifetime(at temperature: Double) -> FilamentLifetime { Self.lifetime(parameters, at: temperature) }

  static func lifetime(_ p: MetallizationParameters, at temperature: Double) -> FilamentLifetime {
    FilamentLifetime(
      surfaceDiffusivity: p.surfaceDiffusivity * MetallizationParameters.warming(p.surfaceActivation, to: temperature),
      surfaceEnergy: p.surfaceEnergy,
      surfaceDensity: p.surfaceDensity, atomicVolume: p.atomicVolume, prefactor: p.lifetimePrefactor,
      temperature: temperature)
  }

  /// T = T₀ + R_th P, K; physics (8.36), saturating at the melting point.
  ///
  ///     1/R_th = 8 L T₀/R + 2πκ l/ln(1 + l/r)
  ///
  /// Along the metal to its ends, by the law of Wiedemann and Franz (Kohlrausch's contact at small rise), and through
  /// the crystal.
  func temperature(power: Double, _ resistance: Double, radius: Double) -> Double {
    let p = parameters
    let along = 8 * Self.lorenz * p.temperature / resistance
    let beside = 2 * Double.pi * p.thermalConductivity * p.length / log1p(p.length / radius)
    let rise = power / (along + beside)
    return p.temperature + rise / (1 + rise / max(1, p.meltingTemperature - p.temperature))
  }
}
