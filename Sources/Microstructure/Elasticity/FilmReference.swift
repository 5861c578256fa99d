import Fields
import Foundation
import NumericalMethods

/// The laterally uniform medium whose inverse preconditions a film: a mean stiffness of every plane of voxels, as far
/// as a mirror plane z = 0 allows it, in the kernels' units.
///
/// With t = C_ijij, C₀ = exp⟨ln t⟩ ⟨C / t⟩: the mean of the tensors' shapes times the geometric mean of their sizes, of
/// the middle half by size only, so that few stiff or soft voxels do not set one plane apart from the next. Voids do
/// not count; a plane of nothing else, as in the air above a film, is like the nearest one with matter, but soft.
struct FilmReference {
  /// Per plane of voxels, bottom up.
  let layers: [Stiffness]

  /// Stiffness of air, as a share of the film's, and least constant as a share of the size.
  private static let floor = 1e-3

  init(_ body: StrainBody) {
    let count = body.grid.planeCount
    let tables = body.stiffness.map { body.units.scaled($0) }
    let sizes = body.stiffness.map { $0.invariants.shear / body.units.stiffness }
    let means = (0..<body.grid.nz).map { k -> [Double]? in
      var shape = [Double](repeating: 0, count: 36)
      var solid = 0.0
      var voxels: [(size: Double, count: Double)] = []
      // Neighbors are often of one phase: its constants are added once.
      var voxel = k * count
      let end = voxel + count
      while voxel < end {
        let phase = body.phases[voxel]
        let start = voxel
        repeat { voxel += 1 } while voxel < end && body.phases[voxel] == phase
        guard sizes[phase] > 0 else { continue }
        let share = Double(voxel - start)
        solid += share
        voxels.append((sizes[phase], share))
        for n in 0..<36 { shape[n] += share / sizes[phase] * tables[phase][n] }
      }
      guard solid > 0 else { return nil }
      // Liquids get some shear.
      for n in 0..<6 {
        let product = body.units.products[n]
        shape[7 * n] = max(shape[7 * n], Self.floor * solid * product * product)
      }
      let factor = exp(Self.middle(voxels, of: solid)) / solid
      return shape.map { factor * $0 }
    }
    let solid = means.indices.filter { means[$0] != nil }
    layers = means.indices.map { k in
      let nearest = solid.min { abs($0 - k) < abs($1 - k) }!
      let factor = means[k] == nil ? Self.floor : 1
      var tensor = ElasticTensor()
      for m in 0..<6 {
        for n in m..<6 { tensor[m + 1, n + 1] = factor * means[nearest]![6 * m + n] }
      }
      return Stiffness(mirrorPartOf: tensor)
    }
  }

  /// Mean logarithm of the middle half of sizes.
  private static func middle(_ voxels: [(size: Double, count: Double)], of total: Double) -> Double {
    var (sum, before) = (0.0, 0.0)
    for (size, count) in voxels.sorted(by: { $0.size < $1.size }) {
      let inside = min(before + count, 0.75 * total) - max(before, 0.25 * total)
      if inside > 0 { sum += inside * log(size) }
      before += count
    }
    return sum / (0.5 * total)
  }

  /// The constants of all planes, times a factor, as `ck_layers` takes them.
  func constants(times factor: Double) -> [Double] {
    layers.flatMap { c in
      [
        c.c11, c.c12, c.c13, c.c16, c.c22, c.c23, c.c26, c.c33, c.c36, c.c44, c.c45, c.c55, c.c66,
      ].map { $0 * factor }
    }
  }

  /// Stiffness of the film's mean strain xx, yy, xy where each plane is free along z, times a factor; 36 numbers.
  func meanStiffness(times factor: Double) -> [Double] {
    var matrix = [Double](repeating: 0, count: 36)
    let places = [0, 1, 5]
    for c in layers {
      let own = [[c.c11, c.c12, c.c16], [c.c12, c.c22, c.c26], [c.c16, c.c26, c.c66]]
      let normal = Self.normal(c)
      for m in 0..<3 {
        for n in 0..<3 {
          matrix[6 * places[m] + places[n]] += factor * (own[m][n] - normal[m] * normal[n] / c.c33)
        }
      }
    }
    for n in 2..<5 { matrix[7 * n] = matrix[0] }
    return matrix
  }

  /// The stress zz of unit strains xx, yy and xy (twice the tensor's).
  static func normal(_ c: Stiffness) -> [Double] { [c.c13, c.c23, c.c36] }
}
