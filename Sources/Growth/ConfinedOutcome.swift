import Fields
import Foundation
import Quantities
import Specimens

/// What a run between plates left, however its solution was followed.
struct ConfinedOutcome {
  /// Edges of the squares of the same plan, m, and the crystals that each stands for.
  var edges: [Double]
  var counts: [Double]
  /// Number of the largest crystal.
  var largest: Int
  /// Its plan: middle and edges, m.
  var center: SIMD2<Double>
  var extent: SIMD2<Double>
  /// The height that it reached, the gap aside, m.
  var height: Double
  var firstBirth: Double
  /// Of the largest crystal.
  var front: [FrontHistory.Moment]
  /// Middle, plan and height of all crystals, in order of birth; `edges` and `counts` go with them.
  var plans: [(center: SIMD2<Double>, area: Double, height: Double)]
  /// The front of one of them.
  var frontOfCrystal: (Int) -> [FrontHistory.Moment]
  var record: [GrowthRecord]
  var yield: Double
  var balanceError: Double
  var coverage: Double?
  /// 1 + number of the crystal on each cell of the plate.
  var grains: Field?
  /// Whether another crystal stands at a point.
  var isTaken: (SIMD2<Double>) -> Bool = { _ in false }
  /// Most that the solution held beyond c*, moles per volume of solvent.
  var largestExcess: Double
  var meetsOther: Bool
  var meetsEdge: Bool
  var isMixed: Bool
  /// Whether crystals fill the gap.
  var isFull: Bool
}

extension ConfinedOutcome {
  /// - Returns: nil where no nucleus appeared.
  init?(_ map: ConfinedMap, liquor: MotherLiquor) {
    guard !map.crystals.isEmpty else { return nil }
    let perSolvent = { (c: Double) -> Double in c / (1 - c / map.laws.crystalDensity) }
    edges = map.crystals.map(\.edge)
    counts = [Double](repeating: 1, count: edges.count)
    let largest = edges.indices.max { map.crystals[$0].edge < map.crystals[$1].edge }!
    self.largest = largest
    let crystal = map.crystals[largest]
    center = crystal.center
    extent = crystal.extent
    height = crystal.height
    firstBirth = map.crystals.map(\.birth).min()!
    plans = map.crystals.map { ($0.center, $0.extent.x * $0.extent.y, $0.height) }
    frontOfCrystal = { Self.front($0, of: map) }
    front = Self.front(largest, of: map)
    largestExcess =
      map.history.map { perSolvent($0.concentration) - liquor.saturation(at: $0.temperature) }.max() ?? 0
    record = map.history.map { moment in
      let c = perSolvent(moment.concentration)
      return GrowthRecord(
        time: TimeSpan(si: moment.time), temperature: .kelvin(moment.temperature), concentration: Concentration(si: c),
        saturation: Ratio(si: c / liquor.saturation(at: moment.temperature)),
        largestSize: Length(si: moment.edges.max() ?? 0), crystalCount: moment.edges.count)
    }
    yield = map.crystallized / (map.crystallized + map.dissolved)
    balanceError = map.balanceError
    coverage = map.coverage.share
    let n = map.coverage.width
    let spacing = map.coverage.spacing
    grains = Field(
      Grid(nx: n, ny: n, nz: 1, spacing: SIMD3(spacing, spacing, spacing)), values: map.coverage.owners.map(Double.init)
    )
    let others = map.crystals.indices.filter { $0 != largest }.map { map.crystals[$0] }
    // Where two overlap, the older one stood first.
    isTaken = { point in others.contains { $0.birth < crystal.birth && $0.contains(point) } }
    meetsOther = others.contains {
      let distance = $0.center - crystal.center
      let reach = 0.5 * ($0.extent + crystal.extent)
      return abs(distance.x) < reach.x && abs(distance.y) < reach.y
    }
    let half = 0.5 * crystal.extent
    let low = (crystal.center - half).min()
    let high = (crystal.center + half).max()
    meetsEdge = low < 1e-6 * map.geometry.edge || high > (1 - 1e-6) * map.geometry.edge
    isMixed = false
    isFull = map.isFull
  }

  /// What the front of one crystal of a map saw, from its birth on.
  private static func front(_ index: Int, of map: ConfinedMap) -> [FrontHistory.Moment] {
    let crystal = map.crystals[index]
    let perSolvent = { (c: Double) -> Double in c / (1 - c / map.laws.crystalDensity) }
    var front = map.history.filter { $0.edges.count > index && $0.time >= crystal.birth }.map {
      FrontHistory.Moment(
        time: $0.time, temperature: $0.temperature, concentration: perSolvent($0.concentration),
        edge: $0.edges[index])
    }
    if let first = front.first, first.time > crystal.birth {
      front.insert(
        FrontHistory.Moment(
          time: crystal.birth, temperature: map.program.temperature(at: crystal.birth),
          concentration: first.concentration, edge: PopulationBalance.nucleusEdge), at: 0)
    }
    // The account's last step moves facets by some 1e-5.
    if let last = front.indices.last { front[last].edge = max(crystal.edge, front[max(0, last - 1)].edge) }
    return front
  }

  /// - Returns: nil where no nucleus appeared.
  init?(_ batch: PopulationBalance, liquor: MotherLiquor, geometry: GapGeometry) {
    guard let first = batch.cohorts.first else { return nil }
    edges = batch.cohorts.indices.map { max(0, batch.edge($0)) }
    counts = batch.cohorts.map(\.count)
    let largest = edges.indices.max { batch.edge($0) < batch.edge($1) }!
    self.largest = largest
    let edge = batch.edge(largest)
    let middle = batch.cohorts[largest].center
    center = middle
    extent = SIMD2(edge, edge)
    height = edge
    firstBirth = first.birth
    plans = batch.cohorts.indices.map { [edges] in (batch.cohorts[$0].center, edges[$0] * edges[$0], edges[$0]) }
    frontOfCrystal = { batch.front($0) }
    front = batch.front(largest)
    largestExcess = batch.history.map { $0.concentration - liquor.saturation(at: $0.temperature) }.max() ?? 0
    record = batch.record(liquor)
    yield = batch.yield.si
    balanceError = batch.balanceError
    let plate = geometry.edge * geometry.edge
    coverage = min(1, batch.cohorts.indices.reduce(0) { $0 + batch.cohorts[$1].count * pow(batch.edge($1), 2) } / plate)
    meetsOther = batch.cohorts.indices.contains { index in
      let distance = batch.cohorts[index].center - middle
      return index != largest && max(abs(distance.x), abs(distance.y)) < 0.5 * (edge + batch.edge(index))
    }
    meetsEdge =
      min(middle.x, middle.y, geometry.edge - middle.x, geometry.edge - middle.y) < 0.5 * edge
    isMixed = true
    isFull = false
  }
}
