import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The grains of a film on a map that stands for all of it.
struct FilmGrains {
  let map: GrainGrowthMap
  /// Edge of the map, m.
  let edge: Double
  /// √area of each grain, m.
  let sizes: [Double]

  init(map: GrainGrowthMap, edge: Double) {
    self.map = map
    self.edge = edge
    let cell = edge / Double(map.width)
    sizes = map.areas.filter { $0 > 0.5 }.map { cell * $0.squareRoot() }
  }

  /// Grains along an edge of the map at its end, and its cells.
  static let mapGrains = 8.0
  static let mapWidth = 128
  /// Grain size, cells, at which the map takes over from the mean law.
  static let smallestMapGrain = 9.0

  /// Grains that met at random points and grew by the curvature of their boundaries.
  /// - Parameters:
  ///   - initial: square root of the mean area at first, m; two draws per grain of the map.
  ///   - final: the same at the end, m.
  init(from initial: Double, to final: Double, random: inout RandomSource) {
    let edge = Self.mapGrains * final
    let cell = edge / Double(Self.mapWidth)
    // Smaller grains than the map resolves grow by the mean law until it does.
    let start = min(final, max(initial, Self.smallestMapGrain * cell))
    let count = max(4, Int((edge * edge / (start * start)).rounded()))
    let points = (0..<count).map { _ in SIMD2(random.uniform(), random.uniform()) }
    var map = GrainGrowthMap(width: Self.mapWidth, points: points)
    // The mean law says how far, the map what grains look like then.
    map.advance(toCount: max(4, Int((edge * edge / (final * final)).rounded())))
    self.init(map: map, edge: edge)
  }

  /// Square root of the mean area, m.
  var size: Double { edge / Double(sizes.count).squareRoot() }

  /// Standard deviation of ln √area.
  var logDeviation: Double {
    let logs = sizes.map { log($0) }
    let mean = logs.reduce(0, +) / Double(logs.count)
    return (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logs.count)).squareRoot()
  }

  /// Boundary per volume where columns stand upright, 1/m: their length per area.
  var boundaryDensity: Double { map.boundaryLength / Double(map.width) / edge }

  private func grid(center: SIMD2<Double>, thickness: Double) -> Grid {
    let spacing = edge / Double(map.width)
    let corner = center - 0.5 * edge
    return Grid(
      nx: map.width, ny: map.width, nz: 1, spacing: SIMD3(spacing, spacing, thickness),
      origin: SIMD3(corner.x, corner.y, 0))
  }

  /// Heights, m: each grain as high as its front came. The mean over the map is that of the film.
  func heights(mean: Double, deviation: Double, center: SIMD2<Double>, random: inout RandomSource) -> Field {
    let ofGrain = (0..<map.seedCount).map { _ in max(0.05 * mean, mean + deviation * random.normal()) }
    var heights = Field(grid(center: center, thickness: mean), values: map.labels.map { ofGrain[$0] })
    let factor = mean / heights.mean
    for i in heights.values.indices { heights.values[i] *= factor }
    return heights
  }

  func labels(center: SIMD2<Double>) -> Field {
    Field(grid(center: center, thickness: 1), values: map.labels.map { Double($0 + 1) })
  }
}

extension GrainBoundaries {
  /// k₀ exp(−Q/kT), m²/s.
  func growthConstant(at temperature: Temperature) -> Double {
    growthPrefactor.si * exp(-growthEnergy.si / (Constants.boltzmann * temperature.si))
  }

  /// Grain size after growth of ∫ k dt in a film, m.
  ///
  ///     d² = d₀² + ∫ k dt,  d ≤ h γ_s/γ_b
  ///
  /// Where a boundary meets the upper face it digs a groove, which holds it once it is less curved than the groove is
  /// deep: grains of a film stop at some thicknesses (Mullins, *Acta Metall.* 6 (1958) 414; three for γ_s/γ_b = 3 in
  /// simulations of Frost, Thompson & Walton, *Acta Metall. Mater.* 38 (1990) 1455; both from memory).
  func grainSize(from initial: Double, growth: Double, thickness: Double) -> Double {
    let free = (initial * initial + growth).squareRoot()
    return min(free, max(initial, thickness * surfaceEnergy.si / energy.si))
  }
}

extension GrownCrystal {
  /// Whether grains that keep this share of their boundaries have moved enough to let stress go: a percent.
  static func relaxes(kept: Double) -> Bool { kept < 0.99 }

  /// Lets the grains of a film grow by the mean law.
  ///
  ///     d² − d₀² = k₀ exp(−Q/kT) t,  boundaries per volume ∝ 1/d
  ///
  /// Physics (3.10), up to where grooves hold the boundaries. Nothing happens to a single crystal.
  mutating func coarsen(for time: TimeSpan, at temperature: Temperature, of compound: Compound) {
    guard let grains, let law = compound.grainBoundaries else { return }
    let size = law.grainSize(
      from: grains.size.si, growth: law.growthConstant(at: temperature) * time.si, thickness: thickness.si)
    let kept = grains.size.si / size
    if Self.relaxes(kept: kept) { supportTemperature = temperature }
    let gone = (1 - kept) * grains.boundaryDensity * grains.boundaryTraps.si
    self.grains?.boundaryDensity *= kept
    self.grains?.size = Length(si: size)
    // The traps of the boundaries that are gone.
    let share = boundaryTraps.si > 0 ? boundaryTraps.si / (boundaryTraps.si + gone) : 1
    traps.density.si -= gone
    for index in plate.indices {
      plate[index].trapDensity.si -= (1 - share) * plate[index].boundaryTraps.si
      plate[index].boundaryTraps.si *= share
    }
    if let known = roughness?.correlationLength.si { roughness?.correlationLength = Length(si: max(size, known)) }
  }
}
