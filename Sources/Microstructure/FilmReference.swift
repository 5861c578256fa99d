import Fields
import NumericalMethods

/// The laterally uniform medium whose inverse preconditions a film: the mean stiffness of every plane of voxels, as far
/// as a mirror plane z = 0 allows it, in the kernels' units.
struct FilmReference {
  /// Per plane of voxels, bottom up.
  let layers: [Stiffness]

  /// Shear stiffness, as a share of the film's mean, below which a plane gets that much more: air, that the matrices
  /// stay regular.
  private static let floor = 1e-3

  init(_ body: StrainBody) {
    let count = body.grid.planeCount
    let tables = body.stiffness.map { body.units.scaled($0) }
    let shears = body.stiffness.map { $0.isotropicPart.shear / body.units.stiffness }
    layers = (0..<body.grid.nz).map { k in
      var mean = [Double](repeating: 0, count: 36)
      var shear = 0.0
      // Neighbors are often of one phase: its constants are added once.
      var voxel = k * count
      let end = voxel + count
      while voxel < end {
        let phase = body.phases[voxel]
        let start = voxel
        repeat { voxel += 1 } while voxel < end && body.phases[voxel] == phase
        let share = Double(voxel - start) / Double(count)
        shear += share * shears[phase]
        for n in 0..<36 { mean[n] += share * tables[phase][n] }
      }
      if shear < Self.floor * body.isotropicMean.shear {
        let (lame, mu) = body.isotropicMean
        for m in 0..<6 {
          for n in 0..<6 {
            let value = m < 3 && n < 3 ? lame + (m == n ? 2 * mu : 0) : m == n ? mu : 0
            mean[6 * m + n] += Self.floor * value * body.units.products[m] * body.units.products[n]
          }
        }
      }
      var tensor = ElasticTensor()
      for m in 0..<6 {
        for n in m..<6 { tensor[m + 1, n + 1] = mean[6 * m + n] }
      }
      return Stiffness(mirrorPartOf: tensor)
    }
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
