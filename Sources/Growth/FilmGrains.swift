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
}

extension GrownCrystal {
  /// Lets the grains of a film grow by the mean law.
  ///
  ///     d² − d₀² = k₀ exp(−Q/kT) t,  boundaries per volume ∝ 1/d
  ///
  /// Physics (3.10). Nothing happens to a single crystal.
  mutating func coarsen(for time: TimeSpan, at temperature: Temperature, of compound: Compound) {
    guard let grains, let law = compound.grainBoundaries else { return }
    let size = (grains.size.si * grains.size.si + law.growthConstant(at: temperature) * time.si).squareRoot()
    let kept = grains.size.si / size
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
