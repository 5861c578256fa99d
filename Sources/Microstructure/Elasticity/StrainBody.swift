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
    var strain = emptyComponents()
    var plane = [Double](repeating: 0, count: 6 * count)
    // Fields hold xy, yz, xz after the diagonal; Voigt's order is yz, xz, xy.
    let places = [0, 1, 2, 4, 5, 3]
    for k in 0..<grid.nz {
      plane.withUnsafeMutableBufferPointer { plane in
        planes.strainPlane(k, mean: mean, into: plane.baseAddress!)
        for n in 0..<6 {
          let factor = 0.25 * units.products[n] * (n < 3 ? 1 : 0.5)
          let component = plane[(n * count)..<((n + 1) * count)]
          for i in component.indices { plane[i] *= factor }
          strain[places[n]].append(contentsOf: UnsafeBufferPointer(rebasing: plane[component.indices]))
        }
      }
    }
    return SymmetricTensorField(components: strain.map { Field(grid, values: $0) })
  }

  /// Room for six components, each to be written once from its first voxel on.
  private func emptyComponents() -> [[Double]] {
    (0..<6).map { _ in
      var values: [Double] = []
      values.reserveCapacity(grid.count)
      return values
    }
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
    let stress: [Field]
    switch phases {
    case .bytes(let numbers): stress = self.stress(of: strain, eigenstrain.field, numbers, tables: tables, own: own)
    case .words(let numbers): stress = self.stress(of: strain, eigenstrain.field, numbers, tables: tables, own: own)
    }
    return SymmetricTensorField(components: stress)
  }

  /// Six strains in, six stresses out.
  private func stress<Number: FixedWidthInteger & UnsignedInteger>(
    of strain: SymmetricTensorField, _ eigenstrain: SymmetricTensorField?, _ phases: [Number], tables: [Double],
    own: [Double]
  ) -> [Field] {
    let count = grid.planeCount
    var stress = emptyComponents()
    let isLoaded = own.contains { $0 != 0 }
    // Plane by plane, so that all six components stay near.
    let room = UnsafeMutablePointer<Double>.allocate(capacity: 6 * count)
    defer { room.deallocate() }
    phases.withUnsafeBufferPointer { phases in
      tables.withUnsafeBufferPointer { tables in
        own.withUnsafeBufferPointer { own in
          for start in stride(from: 0, to: grid.count, by: count) {
            for n in 0..<6 {
              let target = room + n * count
              strain.components[n].values.withUnsafeBufferPointer { e in
                if isLoaded {
                  for i in 0..<count { target[i] = e[start + i] - own[6 * Int(phases[start + i]) + n] }
                } else {
                  target.update(from: e.baseAddress! + start, count: count)
                }
              }
              eigenstrain?.components[n].values.withUnsafeBufferPointer { e in
                for i in 0..<count { target[i] -= e[start + i] }
              }
            }
            for i in 0..<count {
              let c = tables.baseAddress! + 36 * Int(phases[start + i])
              let p = room + i
              let (e0, e1, e2) = (p[0], p[count], p[2 * count])
              let (e3, e4, e5) = (p[3 * count], p[4 * count], p[5 * count])
              for m in 0..<6 {
                let row = c + 6 * m
                p[m * count] =
                  row[0] * e0 + row[1] * e1 + row[2] * e2 + row[3] * e3 + row[4] * e4 + row[5] * e5
              }
            }
            for m in 0..<6 {
              stress[m].append(contentsOf: UnsafeBufferPointer(start: room + m * count, count: count))
            }
          }
        }
      }
    }
    return stress.map { Field(grid, values: $0) }
  }
}
