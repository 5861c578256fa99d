import Foundation
import Materials
import Quantities
import Specimens

/// How fast a vacancy cluster bridges the contact layer, place by place, with the ions as they stand at the contact.
///
///     k_site = ν₀ xᵐ exp[−(E_a + ΔG_s)/kT] e^{Δ/V₀},   m = N_c + 1,   V₀ = kT l/(q a (N_c + α))
///
/// x is the local share of occupied sites in the first plane, pile-up included, Δ the local drop over the contact layer; ΔG_s is
/// the work of forming the cluster out of vacancies that are already there. Physics (8.9), (8.1). The rest of the electrode
/// joins by the weakest link, physics (8.39): its short-range disorder has the window's own response d ln k/d ln c₀, found by
/// regression over the window; the step map shifts whole regions, whose response columns of other densities tell.
struct SurfaceNucleation: Sendable {
  /// m.
  let exponent: Double
  /// V₀, V.
  let dropScale: Double
  /// ΔG_s/kT.
  let work: Double
  /// ν₀ exp(−E_a/kT) of each column of cells, 1/s.
  let hopRates: [Double]
  /// Places in a column of cells.
  let sitesPerColumn: Double
  /// ln c₀ of the first plane less its mean.
  private let logRest: [Double]
  private let logVariance: Double
  /// Mean of ln c₀ over the electrode's like regions, less that of the window.
  private let restOffset: Double
  private let logDeviation: Double
  /// Places in each cell of the step map beyond the window, and ln(density over the window's region).
  private let restSites: [Double]
  private let restShifts: [Double]
  private let meanHopRate: Double

  init(
    fields: CrystalFields, compound: Compound, contact: ContactSwitching, area: Double, surface: [Double],
    barriers: [Double], edges: SIMD2<Double>
  ) {
    let q = Constants.elementaryCharge
    let thermal = Constants.boltzmann * fields.temperature.si
    let frequency = compound.defects.attemptFrequency.si
    exponent = contact.criticalClusterSize.si + 1
    dropScale =
      thermal * contact.layerThickness.si
      / (q * fields.hopDistance(in: compound) * (contact.criticalClusterSize.si + contact.transferCoefficient.si))
    work = (contact.surfaceNucleationEnergy ?? contact.nucleationEnergy).si / thermal
    hopRates = barriers.map { frequency * exp(-$0 / thermal) }
    meanHopRate = hopRates.reduce(0, +) / Double(hopRates.count)
    let windowArea = edges.x * edges.y * Double(surface.count)
    sitesPerColumn = edges.x * edges.y / contact.discArea * min(1, area / windowArea)

    let logs = surface.map { log(max($0, 1e-12)) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    logRest = logs.map { $0 - mean }
    logVariance = logRest.reduce(0) { $0 + $1 * $1 } / Double(logs.count)
    logDeviation = fields.logDeviation.si
    let regional = surface.reduce(0, +) / Double(surface.count)
    // ln of the log-normal's median at the window's own mean density.
    restOffset = regional > 0 ? log(regional) - 0.5 * logDeviation * logDeviation - mean : 0

    let map = fields.stepMap
    let window = map.grid.index(fields.windowCell.x, fields.windowCell.y, 0)
    let cellArea = area / Double(map.grid.count)
    let spill = max(0, min(area, windowArea) - cellArea)
    let left = cellArea - (area > cellArea ? spill * cellArea / (area - cellArea) : 0)
    restSites = map.values.indices.map {
      max(0, $0 == window ? cellArea - min(area, windowArea) : left) / contact.discArea
    }
    restShifts = map.values.map { log($0 / map.values[window]) }
  }

  /// What one column's surface gives: ln(xᵐ e^{Δ/V₀}).
  func logDrive(fraction: Double, drop: Double) -> Double {
    exponent * log(max(fraction, 1e-100)) + drop / dropScale
  }

  /// Rates of the window's columns, 1/s, as running sums, and the rate of the rest of the electrode.
  /// - Parameter response: first and second derivative of the drive by ln of a region's density.
  func rates(
    fractions: [Double], drops: [Double], response: (slope: Double, curvature: Double), sums: inout [Double]
  ) -> (window: Double, rest: Double) {
    let count = fractions.count
    var total = 0.0
    var (sumDrive, sumProduct) = (0.0, 0.0)
    var sumSquare = 0.0
    for i in 0..<count {
      let drive = logDrive(fraction: fractions[i], drop: drops[i])
      total += sitesPerColumn * hopRates[i] * exp(drive - work)
      sums[i] = total
      sumDrive += drive
      sumProduct += drive * logRest[i]
      sumSquare += drive * drive
    }
    let mean = sumDrive / Double(count)
    let slope = logVariance > 1e-12 ? sumProduct / Double(count) / logVariance : 0
    // What the regression leaves is taken for normal, too.
    let residual = max(0, sumSquare / Double(count) - mean * mean - slope * slope * logVariance)
    let level =
      mean + slope * restOffset + 0.5 * slope * slope * logDeviation * logDeviation + 0.5 * residual - work
    var rest = 0.0
    for (sites, shift) in zip(restSites, restShifts) where sites > 0 {
      rest += sites * meanHopRate * exp(level + shift * (response.slope + 0.5 * response.curvature * shift))
    }
    return (total, rest)
  }

  /// Rate at which a cluster of which a share is left closes again, 1/s: that share of the work is done.
  func rate(fraction: Double, drop: Double, hopRate: Double, remaining share: Double) -> Double {
    let left = 1 - min(1, max(0, share))
    return hopRate * exp((exponent * log(max(fraction, 1e-100)) - work) * left + drop / dropScale)
  }
}
