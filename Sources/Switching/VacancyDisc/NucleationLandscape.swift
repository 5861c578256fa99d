import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Where on the electrode a vacancy cluster may bridge the contact layer, and how fast: the crystal's fields as rates.
///
///     k_site = ν₀ xᵐ exp[−(E_a + ΔG*)/kT] e^{u/V₀},   m = N_c + 1,   V₀ = 2 kT l / (q a (N_c + α))
///
/// Nucleation of N_c + 1 vacancies at a site with occupied fraction x, physics (8.9), (8.1); u/2 falls over the contact layer of
/// thickness l, a is the hop. Rates of all sites add (weakest link, physics (8.39)): those of the window as resolved, those of
/// the rest of the electrode as the mean of the log-normal short-range field over each cell of the step map,
/// E[xᵐ] = x̄ᵐ e^{m(m−1)s²/2}. So the window's size is a numerical choice.
///
/// Closure: x is the crystal's own density and u/2 the whole overpotential between crystal and electrode, so the pile-up of the
/// double layer is counted once, in the voltage. The double layer must keep up with the ramp; a warning says where it does not.
public struct NucleationLandscape: Sendable {
  /// A place where a cluster has formed.
  public struct Site: Hashable, Sendable {
    /// Work of the whole cluster over kT: ΔG*/kT − m ln x.
    public var work: Double
    /// ν₀ exp(−E_a/kT), 1/s.
    public var hopRate: Double
    /// Whether it is at a quantum dot.
    public var isAtDot = false

    /// Rate at zero voltage when a share of the cluster is still there, 1/s: that share of the work is done.
    public func rate(remaining share: Double) -> Double { hopRate * exp(-work * (1 - min(1, max(0, share)))) }
  }

  /// V₀, V.
  public private(set) var voltageScale: Double
  /// Rate of the whole electrode at zero voltage, 1/s.
  public private(set) var totalRate: Double
  /// Relative standard deviation that the unresolved short-range disorder leaves in the total; small where it averages out.
  public let unresolvedDeviation: Double

  /// w: work of the whole cluster at a site of mean density, over kT.
  public private(set) var work: Double

  private let exponent: Double
  private let logDeviation: Double
  private var nucleationWork: Double
  private let meanHopRate: Double
  private var windowRate: Double
  /// Running sums of the window's sites, and their fields.
  private var windowSums: [Double]
  private let windowFractions: [Double]
  private let windowBarriers: [Double]
  /// Running sums over the cells of the step map, and their site fractions.
  private var cellSums: [Double]
  private let cellFractions: [Double]
  private let attemptFrequency: Double
  private let thermal: Double
  /// A dot at the contact, all dots' rate at zero voltage, 1/s, and how much stronger the field is there; nil without dots.
  private var dots: (site: Site, totalRate: Double, fieldFactor: Double)?

  /// - Parameters:
  ///   - dots: grown into the crystal; those within a radius of the contact are places of their own.
  ///   - freeShare: vacancies that dots leave to the rest of the crystal, over all.
  public init(
    fields: CrystalFields, compound: Compound, contact: ContactSwitching, area: Area, dots: QuantumDots? = nil,
    freeShare: Double = 1
  ) {
    let q = Constants.elementaryCharge
    thermal = Constants.boltzmann * fields.temperature.si
    attemptFrequency = compound.defects.attemptFrequency.si
    exponent = contact.criticalClusterSize.si + 1
    logDeviation = fields.logDeviation.si
    nucleationWork = contact.nucleationEnergy.si / thermal
    voltageScale =
      2 * thermal * contact.layerThickness.si
      / (q * fields.hopDistance(in: compound) * (contact.criticalClusterSize.si + contact.transferCoefficient.si))
    let halideSites = compound.halideSiteDensity
    let discArea = contact.discArea

    let grid = fields.vacancyDensity.grid
    let top = grid.planeCount * (grid.nz - 1)
    let sitesPerVoxel = grid.spacing.x * grid.spacing.y / discArea
    var fractions = [Double](repeating: 0, count: grid.planeCount)
    var barriers = fractions
    var sums = fractions
    var total = 0.0
    var strainFactor = 0.0
    for i in 0..<grid.planeCount {
      fractions[i] = freeShare * fields.vacancyDensity.values[top + i] / halideSites
      barriers[i] = fields.migrationBarrier.values[top + i]
      total +=
        sitesPerVoxel * attemptFrequency * pow(fractions[i], exponent) * exp(-barriers[i] / thermal - nucleationWork)
      sums[i] = total
      strainFactor += exp(-(barriers[i] - fields.unstrainedBarrier.si) / thermal)
    }
    windowFractions = fractions
    windowBarriers = barriers
    windowSums = sums
    windowRate = total

    meanHopRate =
      attemptFrequency * exp(-fields.unstrainedBarrier.si / thermal) * strainFactor / Double(grid.planeCount)
    // What faces and boundaries add counts over the electrode as over the window.
    var excess = 1.0
    if let plane = fields.contactExcess {
      var sum = 0.0
      for factor in plane.values { sum += pow(factor, contact.criticalClusterSize.si + 1) }
      excess = pow(sum / Double(plane.values.count), 1 / (contact.criticalClusterSize.si + 1))
    }
    let moment = exp(0.5 * exponent * (exponent - 1) * logDeviation * logDeviation)
    let cellArea = area.si / Double(fields.stepMap.grid.count)
    let windowArea = min(area.si, Double(grid.planeCount) * grid.spacing.x * grid.spacing.y)
    // A window larger than a cell takes its area from the others, evenly.
    let spill = max(0, windowArea - cellArea)
    let left = cellArea - (area.si > cellArea ? spill * cellArea / (area.si - cellArea) : 0)
    let windowIndex = fields.stepMap.grid.index(fields.windowCell.x, fields.windowCell.y, 0)
    var cellTotals = [Double](repeating: 0, count: fields.stepMap.grid.count)
    var cells = cellTotals
    total = 0
    for i in cells.indices {
      cells[i] = freeShare * fields.meanVacancyDensity.si * excess * fields.stepMap.values[i] / halideSites
      let free = i == windowIndex ? max(0, cellArea - windowArea) : left
      total += free / discArea * meanHopRate * pow(cells[i], exponent) * moment * exp(-nucleationWork)
      cellTotals[i] = total
    }
    cellFractions = cells
    cellSums = cellTotals
    totalRate = windowRate + total
    if let dots, freeShare * fields.meanVacancyDensity.si > 0 {
      let fraction = freeShare * fields.meanVacancyDensity.si / halideSites
      // One vacancy of the cluster is on the dot already.
      let bound = dots.occupancy(siteFraction: fraction, temperature: fields.temperature.si)
      let site = Site(
        work: nucleationWork - (exponent - 1) * log(fraction) - log(bound), hopRate: meanHopRate, isAtDot: true)
      let count = dots.density.si * 2 * dots.radius.si * area.si
      self.dots = (site, count * site.rate(remaining: 0), dots.fieldFactor(in: compound))
    } else {
      self.dots = nil
    }
    let meanFraction = freeShare * fields.meanVacancyDensity.si / halideSites
    work = meanFraction > 0 ? nucleationWork - exponent * log(meanFraction) : 0
    let patch = 2 * Double.pi * fields.correlationLength.si * fields.correlationLength.si
    unresolvedDeviation = (expm1(exponent * exponent * logDeviation * logDeviation) * patch / area.si).squareRoot()
  }

  /// First passage of the pristine electrode.
  public var pristine: RampFirstPassage { RampFirstPassage(rate: totalRate, voltageScale: voltageScale) }

  /// What a cluster waits for on an electrode where an old place, if there is one, has its own rate at zero voltage, 1/s.
  func passages(old: Double, at place: Site?) -> CompetingPassages {
    var plain = pristine
    var enhanced = dots.map {
      RampFirstPassage(rate: $0.totalRate, voltageScale: voltageScale / $0.fieldFactor)
    }
    if place?.isAtDot == true { enhanced?.rate += old } else { plain.rate += old }
    return CompetingPassages(plain: plain, enhanced: enhanced)
  }

  /// The new place that went first at a voltage; nil if the old one did.
  func winner(old: Double, at place: Site?, voltage: Double, random: inout RandomSource) -> Site? {
    guard let dots else {
      return place == nil || random.uniform() * (totalRate + old) >= old ? site(random: &random) : nil
    }
    let help = exp((dots.fieldFactor - 1) * voltage / voltageScale)
    let oldRate = place?.isAtDot == true ? old * help : old
    let mark = random.uniform() * (oldRate + totalRate + dots.totalRate * help)
    if mark < oldRate { return nil }
    return mark < oldRate + totalRate ? site(random: &random) : dots.site
  }

  /// The same places with another rate and scale of the whole electrode: each place keeps its share.
  ///
  /// The rate's factor is taken as work of the cluster, so that it vanishes for one that is complete.
  func corrected(rate: Double, voltageScale scale: Double) -> NucleationLandscape {
    guard totalRate > 0, rate > 0 else { return self }
    let factor = rate / totalRate
    var landscape = self
    landscape.voltageScale = scale
    landscape.totalRate = rate
    landscape.nucleationWork -= log(factor)
    landscape.work -= log(factor)
    landscape.dots?.site.work -= log(factor)
    landscape.dots?.totalRate *= factor
    landscape.windowRate *= factor
    for i in landscape.windowSums.indices { landscape.windowSums[i] *= factor }
    for i in landscape.cellSums.indices { landscape.cellSums[i] *= factor }
    return landscape
  }

  /// The site that went first: each with its share of the total rate.
  public func site(random: inout RandomSource) -> Site {
    let mark = random.uniform() * totalRate
    if mark < windowRate {
      let i = Self.index(of: mark, in: windowSums)
      return Site(
        work: nucleationWork - exponent * log(windowFractions[i]),
        hopRate: attemptFrequency * exp(-windowBarriers[i] / thermal))
    }
    let i = Self.index(of: mark - windowRate, in: cellSums)
    // Sites win with xᵐ: their ln x is normal, shifted by m s² against the field's own.
    let s = logDeviation
    let logFraction = log(cellFractions[i]) + (exponent - 0.5) * s * s + s * random.normal()
    return Site(work: nucleationWork - exponent * logFraction, hopRate: meanHopRate)
  }

  private static func index(of mark: Double, in sums: [Double]) -> Int {
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > mark { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
