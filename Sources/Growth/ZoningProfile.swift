import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What each ring of a crystal kept from the moment it grew, and what relaxation has left of it since.
///
/// Cation vacancies relax to sinks (physics (1.17)); lead vacancies and foreign ions stay where they grew; halides move freely,
/// so neutrality sets them; electrons are neither made nor lost unless halogen is exchanged.
struct ZoningProfile {
  /// Rings from the nucleus outward, equally wide.
  static let ringCount = 48

  let compound: Compound
  /// Foreign ion of the rings, if there is one.
  let impurity: String?
  /// Its charge on its site.
  private let impurityCharge: Double
  /// Half the edge at which the ring grew, m.
  var radii: [Double] = []
  var births: [Double] = []
  var temperatures: [Double] = []
  var speeds: [Double] = []
  /// Cation vacancies less cation interstitials now, 1/m³.
  var vacancies: [Double] = []
  var leadVacancies: [Double] = []
  /// Foreign ions, 1/m³.
  var impurities: [Double] = []
  /// 1/m³.
  var excessElectrons: [Double] = []
  /// All densities when the rings last settled.
  private(set) var settled: [SchottkyDisorder.Densities] = []
  /// Distance between the sinks of cation vacancies, m.
  var sinkDistance: Double
  /// ln of the activity of AX that the crystal's own stoichiometry keeps.
  private var logSaltActivity = 0.0

  /// Rings as an earlier step handed them over.
  init(of crystal: GrownCrystal, compound: Compound) throws {
    self.init(compound: compound, impurity: crystal.defects.impurities.keys.min())
    logSaltActivity = crystal.logSaltActivity
    // Boundaries and surfaces are sinks too.
    sinkDistance = min(
      compound.defects.sinkDistance.si, crystal.thickness.si, 0.5 * (crystal.grains?.size.si ?? .infinity))
    let disorder = try SchottkyDisorder(of: compound, at: crystal.temperature)
    for point in crystal.zoning.isEmpty ? [crystal.mean] : crystal.zoning {
      let cations = point.cationVacancies.si
      radii.append(point.radius.si)
      births.append(0)
      temperatures.append(point.temperature.si)
      speeds.append(point.growthRate.si)
      vacancies.append(cations - disorder.cationInterstitials(beside: cations))
      leadVacancies.append(point.leadVacancies.si)
      impurities.append(point.impurities.si)
      excessElectrons.append(point.excessElectrons)
    }
  }

  /// Rings without any yet.
  fileprivate init(compound: Compound, impurity: String?) {
    self.compound = compound
    self.impurity = impurity
    impurityCharge = Double(impurity.flatMap { compound.impurities?[$0]?.charge } ?? 0)
    sinkDistance = compound.defects.sinkDistance.si
  }

  /// Elementary charges per volume that the foreign ions of a ring bring.
  func dopantCharge(_ ring: Int) -> Double { impurityCharge * impurities[ring] }

  private func frozen(_ ring: Int) -> SchottkyDisorder.Frozen {
    .init(
      netCationVacancies: vacancies[ring], leadVacancies: leadVacancies[ring], dopantCharge: dopantCharge(ring))
  }

  /// The mean over the crystal's plan: rings count with their area.
  func planMean(_ values: [Double]) -> Double {
    var sum = 0.0
    var weight = 0.0
    for (radius, value) in zip(radii, values) {
      sum += radius * value
      weight += radius
    }
    return sum / weight
  }
}

// MARK: Growth

extension ZoningProfile {
  /// The rings of a crystal whose growth has ended.
  /// - Throws: `GrowthError.dissolved`, `DefectError`.
  init(_ moments: [FrontHistory.Moment], compound: Compound, liquor: MotherLiquor) throws {
    self.init(compound: compound, impurity: liquor.composition.impurity)
    // A seed's inside is not known: its rings begin at its faces.
    let firstEdge = moments.first?.edge ?? 0
    let finalEdge = moments.last?.edge ?? 0
    // Mean speed of each time step, at the edge halfway through it.
    var halfway: [(edge: Double, speed: Double)] = []
    for (a, b) in zip(moments, moments.dropFirst()) {
      let (from, to) = (a.edge, b.edge)
      guard to > from, b.time > a.time else { continue }
      halfway.append((0.5 * (from + to), (to - from) / (2 * (b.time - a.time))))
    }
    var step = 1
    var mark = 0
    for ring in 0..<Self.ringCount {
      let edge = firstEdge + (finalEdge - firstEdge) * (Double(ring) + 0.5) / Double(Self.ringCount)
      while step < moments.count, moments[step].edge < edge { step += 1 }
      guard step < moments.count, !halfway.isEmpty else { break }
      let (a, b) = (moments[step - 1], moments[step])
      while mark + 1 < halfway.count, halfway[mark + 1].edge < edge { mark += 1 }
      var speed = halfway[mark].speed
      if mark + 1 < halfway.count, edge > halfway[mark].edge {
        let (p, q) = (halfway[mark], halfway[mark + 1])
        speed += (q.speed - p.speed) * (edge - p.edge) / (q.edge - p.edge)
      }
      try grow(a.interpolated(to: b, at: edge), speed: speed, liquor: liquor)
    }
    guard !radii.isEmpty else { throw GrowthError.dissolved }
    try relax(alongside: moments, liquor: liquor)
    try settle(at: .kelvin(moments.last!.temperature))
  }

  /// Adds the ring that a front leaves at a moment.
  private mutating func grow(_ moment: FrontHistory.Moment, speed: Double, liquor: MotherLiquor) throws {
    radii.append(moment.edge / 2)
    births.append(moment.time)
    temperatures.append(moment.temperature)
    speeds.append(speed)
    impurities.append(foreignIons(at: moment, speed: speed, liquor: liquor))
    let disorder = try SchottkyDisorder(
      of: compound, at: .kelvin(moment.temperature), in: liquor.environment(at: moment, of: compound))
    let charge = dopantCharge(radii.count - 1)
    let found = try disorder.densities(frozen: .init(dopantCharge: charge))
    let equilibrium = found.cationVacancies - found.cationInterstitials
    // What a front keeps is a multiple of the vacancies that heat makes; it adds none to those that balance a dopant, and
    // removes none that equilibrium asks for.
    var thermal = equilibrium
    if charge != 0 {
      let pure = try disorder.densities(frozen: .init(dopantCharge: 0))
      thermal = pure.cationVacancies - pure.cationInterstitials
    }
    vacancies.append(
      max(
        equilibrium,
        FrontTrapping.vacancyDensity(equilibrium: thermal, speed: Velocity(si: speed), of: compound.defects)))
    leadVacancies.append(found.leadVacancies)
    excessElectrons.append(found.excessElectrons)
  }

  /// Foreign ions that a front takes in, 1/m³.
  ///
  ///     c = k_eff x N,  δ = min[L/2, D (c − c*)/((ρ_c − c) R)]
  ///
  /// k_eff by Burton, Prim and Slichter (physics (1.12)) from Aziz' coefficient (1.13) with V_D = D/a; x is what the
  /// solution holds per compound. The layer δ is the one whose gradient feeds the face if the whole supersaturation lies
  /// across it, at most the half edge: that of a crystal without flow. The foreign ion diffuses like the solute.
  private func foreignIons(at moment: FrontHistory.Moment, speed: Double, liquor: MotherLiquor) -> Double {
    guard let impurity, let law = compound.impurities?[impurity] else { return 0 }
    let diffusivity = liquor.diffusivity(at: moment.temperature)
    let saturation = moment.saturation ?? liquor.saturation(at: moment.temperature)
    let supersaturation = max(0, moment.concentration - saturation)
    let rejected = (compound.molarDensity - moment.concentration) * speed
    let layer = rejected > 0 ? min(moment.edge / 2, diffusivity * supersaturation / rejected) : 0
    let interface = FrontTrapping.coefficient(
      equilibrium: law.partition.si, speed: speed, diffusiveSpeed: diffusivity / compound.latticeConstant.si)
    let coefficient = FrontTrapping.boundaryLayerCoefficient(
      equilibrium: interface, speed: speed, layer: layer, diffusivity: diffusivity)
    let fraction = liquor.composition.impurityFraction(
      at: moment.remaining ?? moment.concentration, partition: law.partition.si)
    let sites =
      switch law.site {
      case .cation: Double(compound.ions.cation)
      case .metal: Double(compound.ions.metal)
      case .halide: Double(compound.ions.halide)
      }
    return min(sites, coefficient * fraction) * compound.formulaUnitDensity
  }

  private mutating func relax(alongside moments: [FrontHistory.Moment], liquor: MotherLiquor) throws {
    let law = FreezeOut(of: compound)
    for index in 1..<moments.count {
      let (a, b) = (moments[index - 1], moments[index])
      let temperature = 0.5 * (a.temperature + b.temperature)
      let disorder = try SchottkyDisorder(
        of: compound, at: .kelvin(temperature), in: liquor.environment(at: b, of: compound))
      let rate = 1 / law.relaxationTime(at: temperature)
      for ring in radii.indices where births[ring] < b.time {
        relax(ring, toward: disorder, by: rate * (b.time - max(a.time, births[ring])))
      }
    }
  }
}

extension MotherLiquor {
  /// What a crystal in the solution may exchange atoms with.
  func environment(at moment: FrontHistory.Moment, of compound: Compound) -> ChemicalEnvironment {
    let ratio = composition.precursorRatio(at: moment.remaining ?? moment.concentration)
    let environment = ChemicalEnvironment(
      precursorRatio: ratio, cations: compound.ions.cation, metals: compound.ions.metal)
    return environment.bounded(in: compound, at: .kelvin(moment.temperature))
  }
}

extension ChemicalEnvironment {
  /// What the compound stands of it, as far as its stability is known.
  func bounded(in compound: Compound, at temperature: Temperature) -> Self {
    guard let energy = compound.defects.stabilityEnergy else { return self }
    return bounded(by: energy, at: temperature, cations: compound.ions.cation, metals: compound.ions.metal)
  }
}

// MARK: Anneal and quench

extension ZoningProfile {
  /// Lets one ring relax for so many relaxation times.
  private mutating func relax(_ ring: Int, toward disorder: SchottkyDisorder, by times: Double) {
    let equilibrium = disorder.sinkEquilibrium(
      leadVacancies: leadVacancies[ring], dopantCharge: dopantCharge(ring), excessElectrons: excessElectrons[ring])
    vacancies[ring] = FreezeOut.relaxed(vacancies[ring], toward: equilibrium, after: times)
  }

  /// What the crystal's own stoichiometry puts it beside, as far as the compound stands it.
  func environment(at temperature: Temperature) -> ChemicalEnvironment {
    guard logSaltActivity != 0 else { return .reference }
    return ChemicalEnvironment(
      saltActivity: exp(logSaltActivity), cations: compound.ions.cation, metals: compound.ions.metal
    ).bounded(in: compound, at: temperature)
  }

  /// Lets every ring relax for a time at one temperature, without exchange of halogen.
  /// - Parameter environment: that of the crystal's own stoichiometry, if nil.
  mutating func relax(for time: Double, at temperature: Double, in environment: ChemicalEnvironment? = nil) throws {
    let disorder = try SchottkyDisorder(
      of: compound, at: .kelvin(temperature), in: environment ?? self.environment(at: .kelvin(temperature)))
    let times = time / FreezeOut(of: compound).relaxationTime(at: temperature, distance: sinkDistance)
    for ring in radii.indices { relax(ring, toward: disorder, by: times) }
  }

  /// Lets every ring relax for a time at one temperature while halogen passes through both surfaces.
  ///
  /// The excess electrons follow the halogen, whose vacancies diffuse through the thickness: τ = h²/(π² D_X).
  mutating func relax(
    for time: Double, at temperature: Double, in environment: ChemicalEnvironment, thickness: Double
  ) throws {
    let disorder = try SchottkyDisorder(of: compound, at: .kelvin(temperature), in: environment)
    let law = FreezeOut(of: compound)
    let activity = exp(environment.logHalide)
    let passages = time / law.relaxationTime(of: .halide, at: temperature, distance: thickness)
    let times = time / law.relaxationTime(at: temperature, distance: sinkDistance)
    for ring in radii.indices {
      var frozen = frozen(ring)
      frozen.netCationVacancies = nil
      let open = try disorder.densities(halideActivity: activity, frozen: frozen)
      let equilibrium = open.cationVacancies - open.cationInterstitials
      vacancies[ring] = FreezeOut.relaxed(vacancies[ring], toward: equilibrium, after: times)
      frozen.netCationVacancies = vacancies[ring]
      let settled = try disorder.densities(halideActivity: activity, frozen: frozen).excessElectrons
      excessElectrons[ring] = FreezeOut.relaxed(excessElectrons[ring], toward: settled, after: passages)
      if disorder.frenkelX == 0 {
        // Without interstitials the halide sites can at most be full.
        let ions = vacancies[ring] + 2 * leadVacancies[ring] - frozen.dopantCharge
        excessElectrons[ring] = max(excessElectrons[ring], -ions)
      }
    }
  }

  /// Changes the temperature at a steady rate, in steps over which the relaxation rate counts as constant.
  mutating func ramp(from start: Temperature, to end: Temperature, rate: HeatingRate) throws {
    let span = end.si - start.si
    guard span != 0 else { return }
    let steps = max(1, Int((abs(span) / Self.temperatureStep).rounded(.up)))
    for step in 0..<steps {
      try relax(
        for: abs(span) / rate.si / Double(steps), at: start.si + span * (Double(step) + 0.5) / Double(steps))
    }
  }

  /// K.
  static let temperatureStep = 0.5
}

extension SchottkyDisorder.Densities {
  /// The largest share of a sublattice's sites that stands empty.
  fileprivate func siteFraction(in compound: Compound) -> Double {
    let ions = compound.ions
    let sites = [
      (halideVacancies, ions.halide), (cationVacancies, ions.cation), (leadVacancies, ions.metal),
    ]
    return sites.map { $0 / (Double($1) * compound.formulaUnitDensity) }.max()!
  }
}

// MARK: Hand-over

extension ZoningProfile {
  /// Lets what moves freely follow what is frozen, at a temperature.
  /// - Throws: `DefectError`.
  mutating func settle(at temperature: Temperature) throws {
    let disorder = try SchottkyDisorder(of: compound, at: temperature)
    settled = try radii.indices.map { ring in
      let found = try disorder.closed(frozen(ring), excessElectrons: excessElectrons[ring])
      guard found.siteFraction(in: compound) <= 1 else { throw DefectError.overfullSites(species: "vacancies") }
      return found
    }
  }

  /// The largest share of a sublattice's sites that stands empty in any settled ring.
  var largestSiteFraction: Double { settled.map { $0.siteFraction(in: compound) }.max() ?? 0 }

  /// Above this share of empty sites mass action of dilute defects no longer holds.
  static let diluteLimit = 0.03

  /// The settled rings for the hand-over.
  /// - Parameter scale: of the plan over that of the cube whose front the rings followed.
  func points(scale: Double = 1) -> [ZoningPoint] {
    radii.indices.map { ring in
      ZoningPoint(
        radius: Length(si: scale * radii[ring]), temperature: .kelvin(temperatures[ring]),
        growthRate: Velocity(si: scale * speeds[ring]),
        cationVacancies: NumberDensity(si: settled[ring].cationVacancies),
        halideVacancies: NumberDensity(si: settled[ring].halideVacancies),
        leadVacancies: NumberDensity(si: leadVacancies[ring]), impurities: NumberDensity(si: impurities[ring]),
        excessElectrons: excessElectrons[ring])
    }
  }

  /// The means of the settled rings over the plan.
  func inventory(freezeTemperature: Temperature) -> DefectInventory {
    func mean(_ key: KeyPath<SchottkyDisorder.Densities, Double>) -> NumberDensity {
      NumberDensity(si: planMean(settled.map { $0[keyPath: key] }))
    }
    var foreign: [String: NumberDensity] = [:]
    if let impurity { foreign[impurity] = NumberDensity(si: planMean(impurities)) }
    return DefectInventory(
      halideVacancies: mean(\.halideVacancies), cationVacancies: mean(\.cationVacancies),
      leadVacancies: NumberDensity(si: planMean(leadVacancies)), halideInterstitials: mean(\.halideInterstitials),
      cationInterstitials: mean(\.cationInterstitials), impurities: foreign, electrons: mean(\.electrons),
      holes: mean(\.holes), excessElectrons: planMean(excessElectrons), freezeTemperature: freezeTemperature)
  }
}

extension GrownCrystal {
  /// The whole crystal as one ring, where growth left no rings.
  fileprivate var mean: ZoningPoint {
    ZoningPoint(
      radius: Length(si: lateralSize.si / 4), temperature: growthTemperature, growthRate: growthRate,
      cationVacancies: defects.cationVacancies, halideVacancies: defects.halideVacancies,
      leadVacancies: defects.leadVacancies,
      impurities: defects.impurities.keys.min().flatMap { defects.impurities[$0] } ?? NumberDensity(si: 0),
      excessElectrons: defects.excessElectrons)
  }

  /// Takes over what a heat treatment has left in the rings, at the temperature where it ended.
  mutating func adopt(
    _ rings: ZoningProfile, at temperature: Temperature, freezeTemperature: Temperature, of compound: Compound
  ) throws {
    var rings = rings
    try rings.settle(at: temperature)
    self.temperature = temperature
    zoning = rings.points()
    let (vacancies, density) = (defects.halideVacancies.si, traps.density.si - boundaryTraps.si)
    let grown = defects
    defects = rings.inventory(freezeTemperature: freezeTemperature).keepingAntisites(of: grown)
    traps = try TrapMeasurement.reading(
      of: defects, inclusions: inclusionFraction, thickness: thickness, in: compound, boundaryTraps: boundaryTraps)
    // What else the run gave goes the same way.
    for index in plate.indices {
      plate[index].halideVacancies.si *= vacancies > 0 ? defects.halideVacancies.si / vacancies : 1
      let kept = plate[index].boundaryTraps.si
      let bulk =
        (plate[index].trapDensity.si - kept) * (density > 0 ? (traps.density.si - boundaryTraps.si) / density : 1)
      plate[index].trapDensity.si = bulk + kept
    }
    noteDefects(largestSiteFraction: rings.largestSiteFraction)
  }

  /// Warns of defects too dense for mass action, and of a trap reading that was not simulated.
  mutating func noteDefects(largestSiteFraction: Double) {
    func warn(_ code: String, _ message: String) {
      guard !warnings.contains(where: { $0.code == code }) else { return }
      warnings.append(ValidityWarning(stage: "growth", code: code, message: message))
    }
    if largestSiteFraction > ZoningProfile.diluteLimit {
      warn(
        "denseDefects",
        String(
          format: "%.2g %% of a sublattice is empty; mass action of dilute defects holds below 3 %%",
          100 * largestSiteFraction))
    }
    if !traps.isSimulated {
      warn(
        "trapsNotSimulated",
        "the current through the crystal's traps was not found; the reading is that of the bare law V_TFL = q n L²/2ε")
    }
  }
}
