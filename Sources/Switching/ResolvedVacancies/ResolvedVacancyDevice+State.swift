import Foundation
import NumericalMethods
import Quantities

extension ResolvedVacancyDevice {
  /// What changes from one voltage step to the next.
  public struct State: Hashable, Sendable {
    /// Ions across the crystal, and in regions poorer and richer than the window's.
    var column: IonColumn
    var regions: [IonColumn]
    var window: ContactPotential
    /// Of each column of cells: share of occupied sites in the first plane, and the drop that pulls vacancies there, V.
    var fractions: [Double]
    var drops: [Double]
    /// Nucleation rates as running sums over the window, and of the rest of the electrode, 1/s.
    var rateSums: [Double]
    var restRate = 0.0
    /// What the electrode emits over its barrier, A.
    var emission = 0.0
    /// Columns under the cluster; none without one.
    var footprint: [Int] = []
    var vacancies = 0
    /// Whether the cluster bridges the layer and grows.
    var isClosed = false
    /// Exp(1) draw that the hazard has to reach, less what it has collected.
    var patience = Double.infinity
    /// Applied at the end of the last step, V, and what of it lay on the crystal.
    var applied = 0.0
    var across = 0.0

    init(column: IonColumn, regions: [IonColumn], window: ContactPotential, columns: Int) {
      self.column = column
      self.regions = regions
      self.window = window
      fractions = [Double](repeating: 0, count: columns)
      drops = fractions
      rateSums = fractions
    }

    /// Rate of a new cluster anywhere on the electrode, 1/s.
    var totalRate: Double { (rateSums.last ?? 0) + restRate }

    public static func == (a: State, b: State) -> Bool {
      a.column == b.column && a.drops == b.drops && a.footprint == b.footprint && a.vacancies == b.vacancies
        && a.isClosed == b.isClosed && a.patience == b.patience && a.applied == b.applied && a.across == b.across
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(vacancies)
      hasher.combine(patience)
      hasher.combine(applied)
    }
  }

  /// Carries ions and potential to a voltage on the crystal, and reads off what the contact sees.
  func carry(_ state: inout State, to voltage: Double, during time: Double) throws {
    let former = state.column.potential
    if ionSolver == .quasiEquilibrium {
      try state.column.equilibrate(at: voltage)
      for i in state.regions.indices { try state.regions[i].equilibrate(at: voltage) }
    } else {
      try state.column.advance(to: voltage, during: time)
      for i in state.regions.indices { try state.regions[i].advance(to: voltage, during: time) }
    }
    try state.window.follow(state.column, former: former)
    refresh(&state)
  }

  /// Rates and emission of the state's potential.
  func refresh(_ state: inout State) {
    state.window.surface(state.column, fractions: &state.fractions, drops: &state.drops)
    let drive = { (column: IonColumn) -> Double in
      nucleation.logDrive(fraction: column.surfaceFraction, drop: column.layerDrop)
    }
    let (poorer, own, richer) = (drive(state.regions[0]), drive(state.column), drive(state.regions[1]))
    let shift = Self.regionShift
    (_, state.restRate) = nucleation.rates(
      fractions: state.fractions, drops: state.drops,
      response: (0.5 * (richer - poorer) / shift, (richer - 2 * own + poorer) / (shift * shift)), sums: &state.rateSums)
    var emission = 0.0
    for drop in state.drops {
      emission += compact.barrier.thermionic(lowering: compact.barrier.imageLowering(field: fieldPerDrop * drop))
    }
    state.emission = compact.area * emission / Double(state.drops.count)
  }

  /// What a cluster's place sees: share of occupied sites, drop, V, and ν₀ e^{−E_a/kT}, 1/s.
  func surroundings(_ state: State) -> (fraction: Double, drop: Double, hopRate: Double) {
    let count = Double(state.footprint.count)
    var sum = (0.0, 0.0, 0.0)
    for i in state.footprint {
      sum.0 += state.fractions[i]
      sum.1 += state.drops[i]
      sum.2 += nucleation.hopRates[i]
    }
    return (sum.0 / count, sum.1 / count, sum.2 / count)
  }

  /// Rate at which what is left of the last cluster closes again, 1/s.
  func closingRate(_ state: State) -> Double {
    guard !state.footprint.isEmpty else { return 0 }
    let place = surroundings(state)
    // What pushes vacancies away closes nothing.
    guard place.drop > 0 else { return 0 }
    return nucleation.rate(
      fraction: place.fraction, drop: place.drop, hopRate: place.hopRate,
      remaining: Double(state.vacancies) / Double(cluster.capacity))
  }

  /// Columns of cells within the disc's radius of one, that one at least.
  func footprint(around center: Int) -> [Int] {
    let (x, y) = (center % columns.x, center / columns.x)
    let reach = SIMD2(Int(discRadius / edges.x), Int(discRadius / edges.y))
    var found: [Int] = []
    for j in -reach.y...reach.y {
      for i in -reach.x...reach.x {
        let offset = SIMD2(Double(i), Double(j)) * edges
        guard (offset * offset).sum() <= discRadius * discRadius else { continue }
        let (column, row) = ((x + i + columns.x) % columns.x, (y + j + columns.y) % columns.y)
        found.append(row * columns.x + column)
      }
    }
    return found
  }

  /// The place that goes first. One elsewhere on the electrode looks like one of the window's, each with its share.
  func place(_ state: State, random: inout RandomSource) -> Int {
    let mark = random.uniform() * (state.rateSums.last ?? 0)
    var (low, high) = (0, state.rateSums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if state.rateSums[middle] > mark { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// kT/q, V.
  public var thermalVoltage: Double { pristine.column.composition.thermalVoltage }

  /// What the contact sees: of each column of the window, and of the column of the crystal's mean, the drop that pulls
  /// vacancies to it, V, and the share of halide sites that they hold there; and the rate of new clusters, 1/s.
  public func surface(
    of state: State
  ) -> (drops: [Double], fractions: [Double], columnDrop: Double, columnFraction: Double, rate: Double) {
    (state.drops, state.fractions, state.column.layerDrop, state.column.surfaceFraction, state.totalRate)
  }
}
