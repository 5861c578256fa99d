import Fields
import NumericalMethods

/// Voxels with a stiffness: what the strain solvers take, checked.
struct StrainBody: Sendable {
  let grid: Grid
  let phases: PhaseMap
  /// Of the phases, Pa.
  let stiffness: [ElasticTensor]
  let units: StrainUnits
  /// Share of each phase's voxels.
  let shares: [Double]
  /// λ and μ of the mean medium, in units of the largest constant.
  let isotropicMean: (lame: Double, shear: Double)

  /// - Throws: `StrainError`.
  init(_ grid: Grid, phases: PhaseMap, stiffness: [ElasticTensor]) throws {
    for (name, edge) in zip(["x", "y", "z"], [grid.spacing.x, grid.spacing.y, grid.spacing.z]) {
      guard edge > 0, edge.isFinite else {
        throw StrainError.notPositive("the voxels' edge along \(name)", edge)
      }
    }
    guard phases.count == grid.count else {
      throw StrainError.wrongCount("the phase map", found: phases.count, expected: grid.count)
    }
    let counts = phases.counts
    guard counts.count <= stiffness.count else {
      throw StrainError.unknownPhase(counts.count - 1, count: stiffness.count)
    }
    for (index, tensor) in stiffness.enumerated() {
      guard tensor.voigt.allSatisfy(\.isFinite) else {
        throw StrainError.notFinite("the stiffness of phase \(index)")
      }
      guard tensor.isSemidefinite else { throw StrainError.unstablePhase(index) }
    }
    self.grid = grid
    self.phases = phases
    self.stiffness = stiffness
    shares = stiffness.indices.map { $0 < counts.count ? Double(counts[$0]) / Double(grid.count) : 0 }
    let present = zip(stiffness, shares).filter { $0.1 > 0 }
    units = StrainUnits(grid, stiffness: present.map(\.0))
    guard units.stiffness > 0 else { throw StrainError.noStiffness }
    var (lame, shear) = (0.0, 0.0)
    for (tensor, share) in present {
      let part = tensor.isotropicPart
      lame += share * part.lame / units.stiffness
      shear += share * part.shear / units.stiffness
    }
    guard shear > 0 else { throw StrainError.noShearStiffness }
    isotropicMean = (lame, shear)
  }

  /// The mean medium's stiffness by voxels/16, 36 numbers.
  var meanStiffness: [Double] {
    var matrix = [Double](repeating: 0, count: 36)
    for (tensor, share) in zip(stiffness, shares) {
      let c = units.scaled(tensor)
      for index in 0..<36 { matrix[index] += share * c[index] * Double(grid.count) / 16 }
    }
    return matrix
  }

  /// Each voxel's strain in a displacement.
  /// - Parameter mean: four times the mean strain in the kernels' units.
  func strain(_ planes: ElementPlanes, mean: [Double]) -> SymmetricTensorField {
    let count = grid.planeCount
    var strain = (0..<6).map { _ in Field(grid) }
    var plane = [Double](repeating: 0, count: 6 * count)
    // Fields hold xy, yz, xz after the diagonal; Voigt's order is yz, xz, xy.
    let places = [0, 1, 2, 4, 5, 3]
    for k in 0..<grid.nz {
      plane.withUnsafeMutableBufferPointer { planes.strainPlane(k, mean: mean, into: $0.baseAddress!) }
      for n in 0..<6 {
        let factor = 0.25 * units.products[n] * (n < 3 ? 1 : 0.5)
        strain[places[n]].values.withUnsafeMutableBufferPointer { values in
          plane.withUnsafeBufferPointer { plane in
            for i in 0..<count { values[k * count + i] = factor * plane[n * count + i] }
          }
        }
      }
    }
    return SymmetricTensorField(components: strain)
  }

  /// σ = C : (ε − ε*) per voxel, Pa.
  func stress(of strain: SymmetricTensorField, _ eigenstrain: Eigenstrain) -> SymmetricTensorField {
    // In the fields' order of components, each shear counted twice.
    let voigt = [0, 1, 2, 5, 3, 4]
    var tables: [Double] = []
    var own: [Double] = []
    for (phase, tensor) in stiffness.enumerated() {
      for m in 0..<6 {
        for n in 0..<6 {
          let constant = tensor.voigt[6 * voigt[m] + voigt[n]]
          tables.append(n < 3 ? constant : 2 * constant)
        }
      }
      let e = eigenstrain.phases.isEmpty ? SymmetricTensor(isotropic: 0) : eigenstrain.phases[phase]
      own += [e.xx, e.yy, e.zz, e.xy, e.yz, e.xz]
    }
    var stress = (0..<6).map { _ in Field(grid) }
    for m in 0..<6 {
      stress[m].values.withUnsafeMutableBufferPointer { values in
        for n in 0..<6 {
          strain.components[n].values.withUnsafeBufferPointer { e in
            for voxel in 0..<grid.count {
              let phase = phases[voxel]
              let free = own[6 * phase + n] + (eigenstrain.field?.components[n].values[voxel] ?? 0)
              values[voxel] += tables[36 * phase + 6 * m + n] * (e[voxel] - free)
            }
          }
        }
      }
    }
    return SymmetricTensorField(components: stress)
  }
}
